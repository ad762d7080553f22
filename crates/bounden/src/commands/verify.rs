//! `bounden verify`: is the lock what was approved, and does it still fit? Offline.

use std::path::PathBuf;
use std::process::ExitCode;

use bounden_ledger::EnvironmentId;

use super::{Dir, Format, print_json};
use crate::exit::Failure;
use crate::folder::Folder;
use crate::state::Clock;
use crate::terminal::{bold, class, dim, green, red, table};
use crate::verification::{Against, Report, Target, verify};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// A lock, or the folder of an agent
    #[arg(value_name = "PATH", conflicts_with = "env")]
    path: Option<PathBuf>,
    #[command(flatten)]
    dir: Dir,
    /// Verify what runs in this environment
    #[arg(long, value_name = "ENV")]
    env: Option<EnvironmentId>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    clock: Clock,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let report = verify(&target(args)?, args.clock.now())?;
    match args.format {
        Format::Json => print_json(&report.to_json()),
        Format::Text => print(&report),
    }
    Ok(ExitCode::from(report.exit_code()))
}

fn target(args: &Args) -> Result<Target, Failure> {
    let environment = args.env.clone();
    let Some(path) = &args.path else {
        return Ok(Target {
            folder: args.dir.open()?,
            lock: None,
            environment,
            against: Against::Folder,
        });
    };
    if path.is_dir() {
        return Ok(Target {
            folder: Folder::open(path)?,
            lock: None,
            environment,
            against: Against::Folder,
        });
    }
    let beside = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = Folder::open(beside.unwrap_or(std::path::Path::new(".")))?;
    Ok(Target { folder, lock: Some(path.clone()), environment, against: Against::Folder })
}

/// The lock with its bindings, then what is wrong.
pub(crate) fn print(report: &Report) {
    if let Some(lock) = &report.lock {
        anstream::println!("{} {}", bold(lock.agent()), lock.body().version);
        anstream::println!("{}", dim(lock.body_digest()));
        let rows: Vec<_> = lock
            .bindings()
            .iter()
            .map(|binding| {
                let promotion = binding.promotion();
                let people = binding.approvals().iter().map(|vote| vote.approval());
                let people: Vec<_> =
                    people.map(|vote| format!("{} ({})", vote.person, vote.role)).collect();
                [
                    format!("  {}", promotion.environment),
                    format!("epoch {}", promotion.epoch),
                    class(promotion.diff.class).plain().to_owned(),
                    people.join(", "),
                ]
            })
            .collect();
        for line in table(&rows) {
            anstream::println!("{line}");
        }
    }
    if report.findings.is_empty() {
        let entries = report
            .entries
            .map_or(String::new(), |count| format!("; {count} entries of the ledger read again"));
        anstream::println!("{} offline{entries}", green("verified"));
    }
    for finding in &report.findings {
        anstream::println!("{} {finding}", red("✗"));
    }
}
