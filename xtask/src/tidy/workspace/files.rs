//! Reads every file that git would track, without needing git.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use ignore::WalkBuilder;

use super::{Content, File};

pub(super) fn load(root: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    // Only the checkout's own .gitignore counts, so that every machine sees the same files.
    let walk = WalkBuilder::new(root)
        .hidden(false)
        .parents(false)
        .ignore(false)
        .git_global(false)
        .git_exclude(false)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    for entry in walk {
        let entry = entry?;
        if entry.file_type().is_some_and(|kind| kind.is_dir()) {
            continue;
        }
        let from_root = entry.path().strip_prefix(root)?;
        let path = from_root.to_str().context("a path is not UTF-8")?.replace('\\', "/");
        files.push(File { path, content: read(entry.path(), entry.path_is_symlink())? });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn read(path: &Path, is_link: bool) -> Result<Content> {
    let named = || path.display().to_string();
    if is_link {
        let target = fs::read_link(path).with_context(named)?;
        return Ok(Content::Link(target.to_string_lossy().into_owned()));
    }
    let bytes = fs::read(path).with_context(named)?;
    Ok(String::from_utf8(bytes).map_or(Content::Bytes, Content::Text))
}
