//! The lists of `deny.toml`, which tidy and cargo-deny share.

use serde::Deserialize;

use super::violation::Found;
use super::workspace::Workspace;

pub(super) const PATH: &str = "deny.toml";

/// The parts of `deny.toml` that tidy enforces.
#[derive(Deserialize)]
pub(super) struct DenyList {
    pub(super) licenses: Licences,
    pub(super) bans: Bans,
}

#[derive(Deserialize)]
pub(super) struct Licences {
    pub(super) allow: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Bans {
    pub(super) deny: Vec<Banned>,
}

#[derive(Deserialize)]
pub(super) struct Banned {
    #[serde(rename = "crate")]
    pub(super) name: String,
    pub(super) reason: String,
}

/// Reads the lists, or says why they cannot be read.
pub(super) fn read(workspace: &Workspace) -> Result<DenyList, Found> {
    let file = workspace.file(PATH).and_then(|file| file.text());
    let text = file.ok_or_else(|| Found::at(PATH, "the file is missing"))?;
    toml::from_str(text).map_err(|error| Found::at(PATH, error.message()))
}
