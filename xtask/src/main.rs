//! `cargo xtask`: what the project does to itself.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};

const USAGE: &str = "usage: cargo xtask tidy | long [NAME] | performance [PART OF A COMMAND]";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match *words {
        ["tidy"] => ended("tidy", tidy()),
        ["long"] => {
            xtask::long::list();
            ExitCode::SUCCESS
        }
        ["long", name] => ended("long", root().and_then(|root| xtask::long::run(&root, name))),
        ["performance"] => ended("performance", performance("")),
        ["performance", filter] => ended("performance", performance(filter)),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(3)
        }
    }
}

fn ended(task: &str, outcome: Result<ExitCode>) -> ExitCode {
    outcome.unwrap_or_else(|error| {
        eprintln!("{task} could not run: {error:#}");
        ExitCode::from(4)
    })
}

/// The checkout, as cargo says it now, not when this was compiled: checkouts
/// may share a target folder.
fn root() -> Result<PathBuf> {
    let own = std::env::var_os("CARGO_MANIFEST_DIR").context("run it as `cargo xtask`")?;
    Ok(Path::new(&own).parent().context("xtask has no parent")?.to_owned())
}

fn performance(filter: &str) -> Result<ExitCode> {
    xtask::performance::run(&root()?, filter)?;
    Ok(ExitCode::SUCCESS)
}

fn tidy() -> Result<ExitCode> {
    let report = xtask::tidy::run(&root()?)?;
    for note in &report.notes {
        println!("{note}");
    }
    for violation in &report.violations {
        println!("{violation}");
    }
    println!("{} rules, {} violations", xtask::tidy::RULES.len(), report.violations.len());
    Ok(ExitCode::from(u8::from(!report.violations.is_empty())))
}
