//! Checks that take too long for every test run: the tests themselves, with more rounds.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

/// A test that takes its number of rounds from `BOUNDEN_ROUNDS`.
struct Long {
    name: &'static str,
    about: &'static str,
    package: &'static str,
    test: &'static str,
    filter: &'static str,
    rounds: u32,
}

const ALL: &[Long] = &[
    Long {
        name: "kill-promoter",
        about: "a promoter killed at a hundred moments leaves no half of anything",
        package: "bounden",
        test: "promotion",
        filter: "killed::a_promoter_killed_anywhere_leaves_no_half_of_anything",
        rounds: 100,
    },
    Long {
        name: "kill-guard",
        about: "a guard killed a hundred times loses no receipt of what it let pass",
        package: "bounden",
        test: "guard",
        filter: "a_guard_killed_again_and_again_loses_no_receipt",
        rounds: 100,
    },
    Long {
        name: "flip-lock",
        about: "every byte of a lock counts",
        package: "bounden",
        test: "promotion",
        filter: "tampered::every_byte_of_the_lock_counts",
        rounds: 1,
    },
];

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
    let status = Command::new("cargo")
        .current_dir(root)
        .args(["test", "-p", long.package, "--test", long.test, "--", "--exact", long.filter])
        .env("BOUNDEN_ROUNDS", long.rounds.to_string())
        .status()
        .context("cargo cannot be started")?;
    Ok(ExitCode::from(u8::from(!status.success())))
}
