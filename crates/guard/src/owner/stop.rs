//! The stop switch: a file, so that it holds whoever runs, and even when
//! nobody does.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::PathBuf;

use bounden_base::Timestamp;

use crate::home::Home;

pub(super) struct StopSwitch {
    path: PathBuf,
}

/// Stops the agent of this state folder, also while no owner runs.
///
/// # Errors
/// The switch cannot be written.
pub fn stop(home: &Home, reason: &str) -> io::Result<()> {
    StopSwitch::new(home.stop_file()).pull(reason, Timestamp::now())
}

/// Lets the agent of this state folder go on.
///
/// # Errors
/// The agent is not stopped, or the switch cannot be written.
pub fn lift(home: &Home, reason: &str) -> io::Result<()> {
    StopSwitch::new(home.stop_file()).lift(reason, Timestamp::now())
}

impl StopSwitch {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Why everything is refused, if it is. A switch that cannot be read is on.
    pub(super) fn reason(&self) -> Option<String> {
        match fs::read_to_string(&self.path) {
            Ok(text) => Some(text.trim().to_owned()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => Some(format!("the stop switch cannot be read: {error}")),
        }
    }

    pub(super) fn pull(&self, reason: &str, at: Timestamp) -> io::Result<()> {
        let mut file = OpenOptions::new().create(true).append(true).open(&self.path)?;
        writeln!(file, "stopped at {at}: {reason}")?;
        file.sync_all()?;
        self.sync_folder()
    }

    /// Takes the switch back; the file stays, under a name that says when.
    pub(super) fn lift(&self, reason: &str, at: Timestamp) -> io::Result<()> {
        let mut file = OpenOptions::new().append(true).open(&self.path).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                io::Error::other("the agent is not stopped")
            } else {
                error
            }
        })?;
        writeln!(file, "lifted at {at}: {reason}")?;
        file.sync_all()?;
        fs::rename(&self.path, self.path.with_file_name(format!("stopped-until-{at}")))?;
        self.sync_folder()
    }

    fn sync_folder(&self) -> io::Result<()> {
        match self.path.parent() {
            Some(folder) => File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stopped_stays_so_until_it_is_lifted() {
        let folder = tempfile::tempdir().unwrap();
        let switch = || StopSwitch::new(folder.path().join("stopped"));
        let at = Timestamp::UNIX_EPOCH;
        assert_eq!(switch().reason(), None);
        assert!(switch().lift("why not", at).is_err());
        switch().pull("refunds to nobody", at).unwrap();
        assert_eq!(
            switch().reason().as_deref(),
            Some("stopped at 1970-01-01T00:00:00Z: refunds to nobody")
        );
        switch().lift("fixed", at).unwrap();
        assert_eq!(switch().reason(), None);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "the record is kept");
    }

    #[test]
    fn a_switch_that_cannot_be_read_is_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stopped");
        fs::create_dir(&path).unwrap();
        assert!(StopSwitch::new(path).reason().is_some());
    }
}
