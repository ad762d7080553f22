//! New files beside each other: all of them or none, and nothing is replaced
//! unless somebody says so.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::durable::{self, Readers};
use crate::exit::Failure;

/// Fails where one of these is there already.
pub(super) fn refuse_if_there(folder: &Path, names: &[impl AsRef<Path>]) -> Result<(), Failure> {
    let mut paths = names.iter().map(|name| folder.join(name));
    match paths.find(|path| path.symlink_metadata().is_ok()) {
        Some(path) => Err(is_there(&path)),
        None => Ok(()),
    }
}

/// Writes the files into the folder, which is made where it is missing. Where
/// one cannot be written, those that were new are gone again.
pub(super) fn write(
    folder: &Path,
    files: &[(PathBuf, Vec<u8>)],
    force: bool,
) -> Result<(), Failure> {
    if !force {
        let names: Vec<_> = files.iter().map(|(name, _)| name).collect();
        refuse_if_there(folder, &names)?;
    }
    let mut new = Vec::new();
    for (name, bytes) in files {
        let path = folder.join(name);
        let was_there = path.exists();
        if let Err(failure) = write_one(&path, bytes, force) {
            new.iter().for_each(|path| drop(fs::remove_file(path)));
            return Err(failure);
        }
        if !was_there {
            new.push(path);
        }
    }
    Ok(())
}

fn write_one(path: &Path, bytes: &[u8], force: bool) -> Result<(), Failure> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::AlreadyExists if !force => is_there(path),
        _ => Failure::unavailable(format!("{} cannot be written: {error}", path.display())),
    };
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    let written = match force {
        true => durable::replace(path, bytes, Readers::All),
        false => durable::create(path, bytes),
    };
    written.map_err(failed)
}

fn is_there(path: &Path) -> Failure {
    let message = "is there already; `--force` replaces it, `--dry-run` only prints";
    Failure::usage(format!("{} {message}", path.display()))
}
