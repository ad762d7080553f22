//! Programs that run another program, and how their own options end.

/// How to find the program that a program runs.
#[derive(Debug)]
pub(super) struct Wrapper {
    pub(super) name: &'static str,
    /// Options of one letter without a value.
    pub(super) letters: &'static str,
    /// Options of one letter with a value.
    pub(super) valued: &'static str,
    /// Long options without a value, or with one after `=`.
    pub(super) long: &'static [&'static str],
    /// Long options with a value after `=` or in the next word.
    pub(super) long_valued: &'static [&'static str],
    /// Operands before the program.
    pub(super) operands: usize,
    /// Whether `NAME=value` may stand before the program.
    pub(super) assigns: bool,
    /// Whether it adds arguments of its own.
    pub(super) adds: bool,
    /// Options of one letter with which it runs nothing.
    pub(super) looks: &'static str,
}

const PLAIN: Wrapper = Wrapper {
    name: "",
    letters: "",
    valued: "",
    long: &[],
    long_valued: &[],
    operands: 0,
    assigns: false,
    adds: false,
    looks: "",
};

const WRAPPERS: [Wrapper; 22] = [
    Wrapper { name: "builtin", ..PLAIN },
    Wrapper { name: "busybox", ..PLAIN },
    Wrapper { name: "caffeinate", letters: "dimsu", valued: "tw", ..PLAIN },
    Wrapper { name: "chroot", long: &["skip-chdir", "userspec", "groups"], operands: 1, ..PLAIN },
    Wrapper { name: "command", letters: "p", looks: "vV", ..PLAIN },
    Wrapper { name: "doas", letters: "Lns", valued: "aCu", ..PLAIN },
    Wrapper {
        name: "env",
        letters: "i0v",
        valued: "uC",
        long: &["ignore-environment", "null", "debug"],
        long_valued: &["unset", "chdir"],
        assigns: true,
        ..PLAIN
    },
    Wrapper { name: "exec", letters: "cl", valued: "a", ..PLAIN },
    Wrapper { name: "ionice", letters: "t", valued: "cn", ..PLAIN },
    Wrapper {
        name: "nice",
        letters: "0123456789",
        valued: "n",
        long_valued: &["adjustment"],
        ..PLAIN
    },
    Wrapper { name: "nocorrect", ..PLAIN },
    Wrapper { name: "noglob", ..PLAIN },
    Wrapper { name: "nohup", ..PLAIN },
    Wrapper { name: "setsid", letters: "cfw", long: &["ctty", "fork", "wait"], ..PLAIN },
    Wrapper { name: "stdbuf", valued: "ioe", long_valued: &["input", "output", "error"], ..PLAIN },
    Wrapper {
        name: "sudo",
        letters: "ABbEHKklNnPSVv",
        valued: "CDghpRrTtUu",
        long: &[
            "askpass",
            "background",
            "non-interactive",
            "preserve-env",
            "preserve-groups",
            "reset-timestamp",
            "set-home",
            "stdin",
        ],
        long_valued: &[
            "chdir",
            "chroot",
            "close-from",
            "command-timeout",
            "group",
            "host",
            "prompt",
            "role",
            "type",
            "user",
        ],
        assigns: true,
        ..PLAIN
    },
    Wrapper { name: "taskset", letters: "ac", operands: 1, ..PLAIN },
    Wrapper {
        name: "time",
        letters: "apqvlh",
        valued: "fo",
        long: &["append", "portability", "quiet", "verbose"],
        long_valued: &["format", "output"],
        ..PLAIN
    },
    Wrapper {
        name: "timeout",
        letters: "fpv",
        valued: "ks",
        long: &["foreground", "preserve-status", "verbose"],
        long_valued: &["kill-after", "signal"],
        operands: 1,
        ..PLAIN
    },
    Wrapper { name: "toybox", ..PLAIN },
    Wrapper { name: "unbuffer", letters: "p", ..PLAIN },
    Wrapper {
        name: "xargs",
        letters: "0oprtx",
        valued: "adEILnPs",
        long: &["exit", "interactive", "no-run-if-empty", "null", "open-tty", "verbose"],
        long_valued: &["arg-file", "delimiter", "max-args", "max-chars", "max-procs"],
        adds: true,
        ..PLAIN
    },
];

/// How to read a program that runs another one.
pub(super) fn named(name: &str) -> Option<&'static Wrapper> {
    WRAPPERS.iter().find(|wrapper| wrapper.name == name)
}
