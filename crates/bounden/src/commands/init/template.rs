//! The templates: the folders of `examples/starters`, which the program carries.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bounden_base::nearest;
use bounden_spec::intent::{self, Tier};

use super::{Args, files};
use crate::exit::Failure;
use crate::folder::INTENT;
use crate::terminal::{bold, dim, green, table};

/// Files by their paths in the folder.
type Files = &'static [(&'static str, &'static [u8])];

/// By name.
const TEMPLATES: &[(&str, Files)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// Names the templates with their tiers and purposes.
pub(super) fn list() -> Result<ExitCode, Failure> {
    let rows: Vec<_> = TEMPLATES.iter().map(|(name, files)| row(name, files)).collect();
    table(&rows).iter().for_each(|line| anstream::println!("{line}"));
    anstream::eprintln!("{}", dim("bounden init DIR --template NAME"));
    Ok(ExitCode::SUCCESS)
}

fn row(name: &str, files: Files) -> [String; 3] {
    let (intent, _) = intent::parse(intent_of(files));
    let tier = intent.as_ref().and_then(|intent| intent.agent.tier.as_ref());
    let tier = match tier.map(|tier| tier.value) {
        Some(Tier::Low) => "low",
        Some(Tier::Medium) => "medium",
        Some(Tier::High) => "high",
        None => "",
    };
    let purpose = intent.map(|intent| intent.purpose.value).unwrap_or_default();
    [name.to_owned(), tier.to_owned(), purpose]
}

/// Writes a template into the folder.
pub(super) fn write(name: &str, args: &Args) -> Result<ExitCode, Failure> {
    let names = TEMPLATES.iter().map(|(name, _)| *name);
    let Some((_, files)) = TEMPLATES.iter().find(|(known, _)| *known == name) else {
        let help = match nearest::name(name, names.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", names.collect::<Vec<_>>().join(", ")),
        };
        return Err(Failure::usage(format!("there is no template `{name}`; {help}")));
    };
    if args.dry_run {
        print!("{}", String::from_utf8_lossy(intent_of(files)));
        return Ok(ExitCode::SUCCESS);
    }
    let owned: Vec<_> =
        files.iter().map(|(path, bytes)| (PathBuf::from(path), bytes.to_vec())).collect();
    files::write(&args.dir, &owned, args.force)?;
    anstream::println!("{} {name} into {}", green("wrote"), args.dir.display());
    for path in
        files.iter().map(|(path, _)| Path::new(path)).filter(|path| path.components().count() == 1)
    {
        anstream::println!("  {}", path.display());
    }
    anstream::println!();
    anstream::println!("{}", bold("Next"));
    anstream::println!("  bounden up {} --drive   {}", args.dir.display(), dim("see it guarded"));
    anstream::println!(
        "  {}",
        dim("then name your own servers in behavior.intent and run `bounden resolve`")
    );
    Ok(ExitCode::SUCCESS)
}

fn intent_of(files: Files) -> &'static [u8] {
    files.iter().find(|(path, _)| *path == INTENT).map_or(&[], |(_, bytes)| bytes)
}
