//! The record of executed calls, by which a test sees what reached the desk.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use bounden_base::Json;

pub(super) struct Journal(Option<File>);

impl Journal {
    /// Opens the file for appending; without one, nothing is recorded.
    pub(super) fn open(path: Option<&Path>) -> io::Result<Self> {
        let open = |path| OpenOptions::new().create(true).append(true).open(path);
        path.map(open).transpose().map(Self)
    }

    /// Records one executed call.
    pub(super) fn append(&mut self, tool: &str, arguments: Json, ok: bool) -> io::Result<()> {
        let Some(file) = &mut self.0 else { return Ok(()) };
        let entry = Json::object([
            ("tool", Json::from(tool)),
            ("arguments", arguments),
            ("ok", Json::from(ok)),
        ]);
        file.write_all(format!("{}\n", entry.canonical()).as_bytes())
    }
}
