//! Variables that decide which programs run, and built-in commands that set or
//! evaluate variables.

use super::word::Word;
use super::{Line, Reads, Unread, chars};

/// Variables that decide which programs a shell finds, or what it runs besides.
const DECIDING: [&str; 20] = [
    "BASH_ALIASES",
    "BASH_CMDS",
    "BASH_ENV",
    "BASHOPTS",
    "ENV",
    "EXECIGNORE",
    "FPATH",
    "HOME",
    "NULLCMD",
    "PATH",
    "PROMPT_COMMAND",
    "PS0",
    "PS1",
    "PS2",
    "PS4",
    "READNULLCMD",
    "SHELLOPTS",
    "ZDOTDIR",
    "fpath",
    "path",
];

/// Notes that a line sets a variable.
pub(super) fn set(line: &mut Line, name: &str) -> Reads<()> {
    check(name)?;
    line.env.push(name.to_owned());
    Ok(())
}

/// Refuses variables that decide which programs run.
pub(super) fn check(name: &str) -> Reads<()> {
    let decides = DECIDING.contains(&name)
        || ["LD_", "DYLD_", "BASH_FUNC_"].iter().any(|prefix| name.starts_with(prefix));
    if decides {
        return Unread::because("it sets a variable that decides which programs run");
    }
    Ok(())
}

/// What a built-in command does to variables. The index of a list in the name
/// of a variable is evaluated, and that can run programs: `read 'a[$(rm x)]'`.
pub(super) fn built_in(line: &mut Line, name: &str, args: &[Word]) -> Reads<()> {
    let are = |wanted: &dyn Fn(&Word) -> bool| args.iter().all(wanted);
    let is_plain = match name {
        "declare" | "typeset" | "local" | "readonly" | "export" => {
            are(&|arg| declares(arg) || option_of(arg, "xrgpf"))
        }
        "unset" => are(&|arg| names(arg) || option_of(arg, "vf")),
        "read" => are(&|arg| names(arg) || option_of(arg, "rs") || digits(arg)),
        "mapfile" | "readarray" => are(&|arg| names(arg) || option_of(arg, "t")),
        "getopts" => are(&|arg| arg.known().is_some_and(|text| !text.contains('['))),
        "printf" => args.first().is_none_or(|arg| !starts(arg, "-v")),
        "wait" => are(&|arg| !starts(arg, "-p")),
        "test" | "[" => !asks_for_variable(args),
        _ => return Ok(()),
    };
    if !is_plain {
        return Unread::because("a built-in command may evaluate the name of a variable");
    }
    if matches!(name, "printf" | "wait" | "test" | "[") {
        return Ok(());
    }
    for arg in args {
        let name = arg.beginning().split('=').next().unwrap_or_default();
        if chars::is_name(name.strip_suffix('+').unwrap_or(name)) {
            set(line, name.strip_suffix('+').unwrap_or(name))?;
        }
    }
    Ok(())
}

/// A plain name, or one with a value that stays in its word.
fn declares(arg: &Word) -> bool {
    match arg.beginning().split_once('=') {
        Some((name, _)) => arg.is_one() && chars::is_name(name.strip_suffix('+').unwrap_or(name)),
        None => names(arg),
    }
}

fn names(arg: &Word) -> bool {
    arg.known().is_some_and(chars::is_name)
}

fn digits(arg: &Word) -> bool {
    arg.known().is_some_and(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
}

/// Options of these letters only.
fn option_of(arg: &Word, letters: &str) -> bool {
    let option = arg.known().and_then(|text| text.strip_prefix('-'));
    option.is_some_and(|given| !given.is_empty() && given.chars().all(|c| letters.contains(c)))
}

fn starts(arg: &Word, option: &str) -> bool {
    arg.beginning().starts_with(option) || (arg.known().is_none() && arg.may_be_flag())
}

/// Whether `test` may be asked if a variable is set, by a name with an index.
fn asks_for_variable(args: &[Word]) -> bool {
    args.windows(2).any(|pair| match pair {
        [operator, name] => {
            let asks = match operator.known() {
                Some(text) => matches!(text, "-v" | "-R"),
                None => operator.may_be_flag(),
            };
            asks && (name.known().is_none() || name.beginning().contains('['))
        }
        _ => false,
    })
}
