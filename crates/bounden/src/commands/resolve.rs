//! `bounden resolve`: asks the intent's servers for their tools and pins them.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use bounden_connect::{Source, Timeouts};
use bounden_policy::{Contracts, ToolName};
use bounden_spec::intent::Intent;

use crate::commands::guard::runtime;
use crate::durable::{self, Readers};
use crate::exit::Failure;
use crate::folder::Folder;
use crate::state::inside;
use crate::terminal::{dim, green, yellow};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of the agent
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

/// The first word of a command that means this very program.
const OWN_NAME: &str = "bounden";

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let folder = Folder::open(&args.dir)?;
    let found = ask(&folder)?;
    let before = pinned(&folder)?;
    if before.as_ref() == Some(&found) {
        anstream::println!("{} {} tools, as pinned", green("resolved"), found.tools().count());
        return Ok(ExitCode::SUCCESS);
    }
    pin(&folder, &found)?;
    let (count, path) = (found.tools().count(), folder.contracts_path());
    anstream::println!("{} {count} tools into {}", green("resolved"), path.display());
    for change in changes(before.as_ref(), &found) {
        anstream::println!("  {}", yellow(change));
    }
    anstream::println!("{}", dim("commit it with the intent, then run `bounden plan`"));
    Ok(ExitCode::SUCCESS)
}

/// Starts or reaches every server and asks what it offers. Tools that are part
/// of the agent itself stay as they are pinned: nobody else could tell.
pub(crate) fn ask(folder: &Folder) -> Result<Contracts, Failure> {
    let intent = folder.intent()?;
    let servers = sources(&intent, folder)?;
    let asking = bounden_connect::contracts(&servers, Timeouts::default());
    let mut found = runtime()?.block_on(asking).map_err(inside)?;
    let mut pinned = pinned(folder)?.unwrap_or_default();
    for name in intent.servers.names().filter(|name| !servers.contains_key(*name)) {
        let kept = pinned.servers.remove(name).ok_or_else(|| {
            let message = "has neither a command nor a url, and nothing is pinned of it";
            Failure::usage(format!("the server `{name}` {message}; `bounden init` pins its tools"))
        })?;
        found.servers.insert(name.to_owned(), kept);
    }
    Ok(found)
}

/// What is pinned, if anything is.
pub(crate) fn pinned(folder: &Folder) -> Result<Option<Contracts>, Failure> {
    let path = folder.contracts_path();
    if !path.exists() {
        return Ok(None);
    }
    let failed =
        |error: &dyn std::fmt::Display| Failure::usage(format!("{}: {error}", path.display()));
    let bytes = fs::read(&path).map_err(|error| failed(&error))?;
    Contracts::parse(&bytes).map(Some).map_err(|error| failed(&error))
}

/// Pins what the servers offer; equal offers give equal files.
pub(crate) fn pin(folder: &Folder, contracts: &Contracts) -> Result<(), Failure> {
    let text = contracts.to_json().map_err(inside)?.pretty();
    let path = folder.contracts_path();
    durable::replace(&path, text.as_bytes(), Readers::All)
        .map_err(|error| Failure::unavailable(format!("{}: {error}", path.display())))
}

/// What differs, tool by tool, and servers whose own account of themselves does.
pub(crate) fn changes(before: Option<&Contracts>, after: &Contracts) -> Vec<String> {
    let Some(before) = before else { return Vec::new() };
    let digests = |contracts: &Contracts| -> BTreeMap<ToolName, _> {
        contracts.tools().map(|(name, tool)| (name, tool.digest())).collect()
    };
    let (old, new) = (digests(before), digests(after));
    let mut found = Vec::new();
    for (name, digest) in &new {
        match old.get(name) {
            None => found.push(format!("{name} is new")),
            Some(pinned) if pinned != digest => {
                found.push(format!("{name} is defined differently"))
            }
            Some(_) => {}
        }
    }
    found.extend(
        old.keys().filter(|name| !new.contains_key(*name)).map(|name| format!("{name} is gone")),
    );
    for (name, server) in &after.servers {
        let pinned = before.servers.get(name);
        if pinned.is_some_and(|pinned| pinned.server_info != server.server_info) {
            found.push(format!(
                "{name} is now {} {}",
                server.server_info.name, server.server_info.version
            ));
        }
    }
    found
}

/// How each server of the intent is reached from here, those that are.
pub(crate) fn sources(
    intent: &Intent,
    folder: &Folder,
) -> Result<BTreeMap<String, Source>, Failure> {
    let mut sources = BTreeMap::new();
    for item in &intent.servers {
        let name = item.key.name.clone();
        let source = match (&item.value.command, &item.value.url) {
            (Some(words), None) => {
                let words: Vec<_> = words.iter().map(|word| word.value.clone()).collect();
                let directory = Some(folder.root().to_owned());
                Source::Command {
                    command: command(words)?,
                    directory,
                    environment: BTreeMap::new(),
                }
            }
            (None, Some(url)) => Source::Url(url.value.clone()),
            (None, None) => continue,
            (Some(_), Some(_)) => {
                let message = format!("the server `{name}` has a command and a url; keep one");
                return Err(Failure::usage(message));
            }
        };
        sources.insert(name, source);
    }
    Ok(sources)
}

/// The words of a command as they are run.
pub(crate) fn command(mut words: Vec<String>) -> Result<Vec<String>, Failure> {
    if let Some(first) = words.first_mut().filter(|first| *first == OWN_NAME) {
        let own = std::env::current_exe().map_err(inside)?;
        *first = own.display().to_string();
    }
    Ok(words)
}
