//! One picture of the workspace that every rule looks at: its files and its packages.

mod files;
mod packages;

#[cfg(test)]
pub(super) mod fabricated;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

/// The files of the checkout and the packages that are linked on this platform.
#[derive(Debug, Default)]
pub struct Workspace {
    /// Every file that git does not ignore, in order of path.
    pub files: Vec<File>,
    /// Members and all that they depend on, by the id that cargo gives them.
    pub packages: BTreeMap<String, Package>,
}

/// A file of the checkout.
#[derive(Debug)]
pub struct File {
    /// From the root, with `/` between folders.
    pub path: String,
    /// What is in it.
    pub content: Content,
}

/// What is in a file.
#[derive(Debug)]
pub enum Content {
    /// UTF-8.
    Text(String),
    /// Anything else.
    Bytes,
    /// A symbolic link and where it points to.
    Link(String),
}

/// A package as cargo resolved it.
#[derive(Debug)]
pub struct Package {
    /// The name in its manifest.
    pub name: String,
    /// The folder from the root; only members of the workspace have one.
    pub folder: Option<String>,
    /// The SPDX expression in its manifest.
    pub licence: Option<String>,
    /// Whether it comes from crates.io or from this workspace, and not from elsewhere.
    pub from_known_source: bool,
    /// What the manifest asks for, optional and platform-specific ones included.
    pub dependencies: Vec<Dependency>,
    /// The ids of the packages that its library links.
    pub links: Vec<String>,
}

/// A line under `[dependencies]` and its like.
#[derive(Debug)]
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// For what it is needed.
    pub kind: Kind,
}

/// For what a dependency is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The library itself, or its build script.
    Normal,
    /// Its tests and benches.
    Dev,
}

impl Workspace {
    /// Reads the workspace at `root`.
    ///
    /// # Errors
    /// Where a file cannot be read, or cargo cannot describe the workspace.
    pub fn load(root: &Path) -> Result<Self> {
        Ok(Self { files: files::load(root)?, packages: packages::load(root)? })
    }

    /// The packages that live in this workspace.
    pub(super) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.values().filter(|package| package.folder.is_some())
    }

    pub(super) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Path and text of every file whose name ends in `extension`.
    pub(super) fn texts<'a>(
        &'a self,
        extension: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files
            .iter()
            .filter(move |file| file.path.ends_with(extension))
            .filter_map(|file| Some((file.path.as_str(), file.text()?)))
    }
}

impl File {
    pub(super) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            Content::Bytes | Content::Link(_) => None,
        }
    }

    pub(super) fn link(&self) -> Option<&str> {
        match &self.content {
            Content::Link(target) => Some(target),
            Content::Bytes | Content::Text(_) => None,
        }
    }
}
