//! `cargo xtask`: what the project does to itself.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

const USAGE: &str = "usage: cargo xtask tidy";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match *words {
        ["tidy"] => tidy().unwrap_or_else(|error| {
            eprintln!("tidy could not run: {error:#}");
            ExitCode::from(4)
        }),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(3)
        }
    }
}

fn tidy() -> Result<ExitCode> {
    // As cargo says it now, not when this was compiled: checkouts may share a target folder.
    let own = std::env::var_os("CARGO_MANIFEST_DIR").context("run it as `cargo xtask tidy`")?;
    let report = xtask::tidy::run(Path::new(&own).parent().context("xtask has no parent")?)?;
    for note in &report.notes {
        println!("{note}");
    }
    for violation in &report.violations {
        println!("{violation}");
    }
    println!("{} rules, {} violations", xtask::tidy::RULES.len(), report.violations.len());
    Ok(ExitCode::from(u8::from(!report.violations.is_empty())))
}
