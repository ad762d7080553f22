//! Files of recorded runs: found, read, decompressed.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use bounden_trace::import::Tally;
use bounden_trace::{Format, SkipReason};

use crate::exit::Failure;

/// The bytes of a recording.
pub(crate) struct Recording {
    /// The path as reports name it.
    pub(crate) name: String,
    /// The content, decompressed.
    pub(crate) bytes: Vec<u8>,
}

/// How a recording is read.
#[derive(clap::Args)]
pub(crate) struct From {
    /// The format of the recordings; without it their content tells
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    pub(crate) from: Option<Format>,
}

/// What of a file could not be read, a line each; a file of no known format is one line.
pub(crate) fn damages(name: &str, tally: &Tally) -> Vec<String> {
    if tally.format.is_none() && !tally.skipped.is_empty() {
        return vec![format!("{name}: this is no recording of a format that can be read")];
    }
    let harmless = |reason| matches!(reason, SkipReason::Duplicate | SkipReason::Unrelated);
    let skips = tally.skipped.iter().chain(&tally.parts).filter(|skip| !harmless(skip.reason));
    skips
        .map(|skip| {
            let reason = skip.reason.name();
            format!("{name}: byte {}: {reason}: {}", skip.offset, skip.message)
        })
        .collect()
}

/// Tells of damages on stderr, as many as a person reads.
pub(crate) fn tell(damages: &[String]) {
    const MOST: usize = 20;
    damages.iter().take(MOST).for_each(|line| eprintln!("{line}"));
    if damages.len() > MOST {
        eprintln!("and {} more", damages.len() - MOST);
    }
}

/// All files that these paths mean; a folder means the files in it, by name.
pub(crate) fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, &mut files)?;
    }
    Ok(files)
}

/// Reads a file, decompressing gzip; `-` is the standard input.
pub(crate) fn read(path: &Path) -> Result<Recording, Failure> {
    let name = path.display().to_string();
    let unreadable = |error: std::io::Error| Failure::usage(format!("{name}: {error}"));
    let mut bytes = Vec::new();
    if name == "-" {
        std::io::stdin().read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        bytes = std::fs::read(path).map_err(unreadable)?;
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        let mut decoder = flate2::read::MultiGzDecoder::new(bytes.as_slice());
        decoder.read_to_end(&mut plain).map_err(unreadable)?;
        bytes = plain;
    }
    Ok(Recording { name, bytes })
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let unreadable = |error| Failure::usage(format!("{}: {error}", path.display()));
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let entries = std::fs::read_dir(path).map_err(unreadable)?;
    let mut inside = Vec::new();
    for entry in entries {
        inside.push(entry.map_err(unreadable)?.path());
    }
    inside.sort();
    inside.iter().try_for_each(|path| collect(path, files))
}

fn format(name: &str) -> Result<Format, String> {
    Format::from_name(name).ok_or_else(|| {
        let names: Vec<_> = Format::ALL.iter().map(|format| format.name()).collect();
        format!("the formats are {}", names.join(", "))
    })
}
