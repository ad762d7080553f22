//! Checks that take too long for every test run: the tests themselves, with more rounds.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

/// What takes long, by name.
struct Long {
    name: &'static str,
    about: &'static str,
    work: Work,
}

enum Work {
    /// A test that takes its number of rounds from an environment variable.
    Test {
        package: &'static str,
        test: &'static str,
        filter: &'static str,
        profile: &'static str,
        rounds: (&'static str, u32),
    },
    /// Every target of `fuzz/`, so many seconds each; `cargo install cargo-fuzz` brings the tool.
    Fuzz { seconds: u32 },
}

const ALL: &[Long] = &[
    Long {
        name: "kill-promoter",
        about: "a promoter killed at a hundred moments leaves no half of anything",
        work: Work::Test {
            package: "bounden",
            test: "promotion",
            filter: "killed::a_promoter_killed_anywhere_leaves_no_half_of_anything",
            profile: "dev",
            rounds: ("BOUNDEN_ROUNDS", 100),
        },
    },
    Long {
        name: "kill-guard",
        about: "a guard killed a hundred times loses no receipt of what it let pass",
        work: Work::Test {
            package: "bounden",
            test: "guard",
            filter: "a_guard_killed_again_and_again_loses_no_receipt",
            profile: "dev",
            rounds: ("BOUNDEN_ROUNDS", 100),
        },
    },
    Long {
        name: "flip-lock",
        about: "every byte of a lock counts",
        work: Work::Test {
            package: "bounden",
            test: "promotion",
            filter: "tampered::every_byte_of_the_lock_counts",
            profile: "dev",
            rounds: ("BOUNDEN_ROUNDS", 1),
        },
    },
    Long {
        name: "oracle",
        about: "the engine and the reference interpreter agree on ten million random decisions",
        work: Work::Test {
            package: "bounden-policy",
            test: "random",
            filter: "oracle::the_engine_decides_as_the_reference_does",
            profile: "release",
            // Thirty decisions a case on average.
            rounds: ("BOUNDEN_ORACLE_CASES", 340_000),
        },
    },
    Long {
        name: "widening",
        about: "an SMT solver agrees on which of two thousand random pairs of policies are wider",
        work: Work::Test {
            package: "bounden-policy",
            test: "widening",
            filter: "an_smt_solver_says_the_same",
            profile: "release",
            rounds: ("BOUNDEN_Z3_CASES", 2_000),
        },
    },
    Long {
        name: "defects",
        about: "every defect that can be seeded into the shipped intents is looked at",
        work: Work::Test {
            package: "bounden",
            test: "defects",
            filter: "seeded_defects_are_caught_by_the_finding_meant_for_them",
            profile: "dev",
            rounds: ("BOUNDEN_DEFECTS", 1_000_000),
        },
    },
    Long {
        name: "fuzz",
        about: "an hour of fuzzing finds nothing in intents, imports, compiling, deciding, detectors and snapshots",
        work: Work::Fuzz { seconds: 600 },
    },
];

/// The targets of `fuzz/`.
const TARGETS: [&str; 6] = ["compile", "decide", "detect", "import", "intent", "snapshot"];
/// An input that takes longer is a finding: whatever reads it has to be linear.
const SLOWEST_SECONDS: u32 = 10;

/// What there is to run.
pub fn list() {
    for long in ALL {
        println!("{:14} {}", long.name, long.about);
    }
}

/// Runs one of them in the workspace at `root`.
///
/// # Errors
/// A name that is none of theirs, or a cargo that cannot be started.
pub fn run(root: &Path, name: &str) -> Result<ExitCode> {
    let long = ALL.iter().find(|long| long.name == name);
    let long =
        long.with_context(|| format!("there is no `{name}`; `cargo xtask long` lists them"))?;
    match &long.work {
        Work::Test { package, test, filter, profile, rounds: (variable, rounds) } => {
            let mut cargo = Command::new("cargo");
            // Whoever asks for a long run wants its oracle, too: without one it fails.
            cargo.current_dir(root).env(variable, rounds.to_string()).env("CI", "1");
            cargo.args(["test", "--profile", profile, "-p", package, "--test", test]);
            cargo.args(["--", "--exact", "--nocapture", filter]);
            ran(&mut cargo)
        }
        Work::Fuzz { seconds } => fuzz(root, *seconds),
    }
}

/// Fuzzes one target after the other, and stops at the first finding.
fn fuzz(root: &Path, seconds: u32) -> Result<ExitCode> {
    for target in TARGETS {
        let mut cargo = Command::new("cargo");
        // The instrumentation is unstable as compiler options go; the compiler is the same.
        cargo.current_dir(root.join("fuzz")).env("RUSTC_BOOTSTRAP", "1");
        cargo.args(["fuzz", "run", "--fuzz-dir", ".", target, "--"]);
        let limits = [format!("-max_total_time={seconds}"), format!("-timeout={SLOWEST_SECONDS}")];
        cargo.args(limits).arg("-max_len=2048");
        let code = ran(&mut cargo)?;
        if code != ExitCode::SUCCESS {
            return Ok(code);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn ran(command: &mut Command) -> Result<ExitCode> {
    let status = command.status().context("cargo cannot be started")?;
    Ok(ExitCode::from(u8::from(!status.success())))
}
