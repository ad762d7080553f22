//! The folder in which one agent's guard keeps its state on this machine.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use bounden_base::json;

use crate::link::Starter;

/// A state folder, open to its owner only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    folder: PathBuf,
}

/// Held by the one process that owns the state; given back when it ends, however it ends.
#[derive(Debug)]
pub struct Ownership {
    _lock: File,
}

/// Longest path of a Unix socket that every system takes, in bytes.
const SOCKET_PATH_LIMIT: usize = 100;

impl Home {
    /// Opens a state folder; creates it where it is missing.
    ///
    /// # Errors
    /// The folder cannot be made, or its path leaves no room for a socket's.
    pub fn open(folder: &Path) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let folder = folder.canonicalize()?;
        let home = Self { folder };
        if home.socket().as_os_str().len() > SOCKET_PATH_LIMIT {
            let message = format!(
                "{} is too long for a socket's path; choose a state folder nearer to the root",
                home.folder.display()
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        Ok(home)
    }

    /// The folder itself.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the owner of the state listens.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.folder.join("owner.sock")
    }

    /// Where the owner of the state says what went wrong.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.folder.join("owner.log")
    }

    /// Where receipts are kept.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.folder.join("journal")
    }

    /// Where it is kept what canaries have shown.
    #[must_use]
    pub fn proofs(&self) -> PathBuf {
        self.folder.join("canaries.json")
    }

    /// The file whose presence means that the agent is stopped.
    #[must_use]
    pub fn stop_file(&self) -> PathBuf {
        self.folder.join("stopped")
    }

    /// Becomes the owner of the state; `None` where another process is.
    ///
    /// # Errors
    /// The lock file cannot be opened or locked.
    pub fn own(&self) -> io::Result<Option<Ownership>> {
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(self.folder.join("owner.lock"))?;
        match file.try_lock() {
            Ok(()) => {
                // For people who look for the process.
                file.set_len(0)?;
                writeln!(file, "{}", std::process::id())?;
                Ok(Some(Ownership { _lock: file }))
            }
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// The secret that session handles are bound with; made at first use.
    ///
    /// # Errors
    /// The file cannot be read or written, or holds something else.
    pub fn secret(&self) -> io::Result<[u8; 64]> {
        let path = self.folder.join("session.key");
        let mut secret = [0; 64];
        match OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path) {
            Ok(mut file) => {
                getrandom::fill(&mut secret).map_err(io::Error::other)?;
                file.write_all(&secret)?;
                file.sync_all()?;
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                File::open(&path)?.read_exact(&mut secret)?;
            }
            Err(error) => return Err(error),
        }
        Ok(secret)
    }

    /// Remembers how the owner was started, for commands that are only told
    /// where its state is.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn remember_starter(&self, starter: &Starter) -> io::Result<()> {
        let text = json::to_canonical(starter).map_err(io::Error::other)?;
        let draft = self.folder.join("owner.start.new");
        fs::write(&draft, text)?;
        fs::rename(draft, self.folder.join("owner.start"))
    }

    /// How the owner was started last; `None` where none ever was.
    #[must_use]
    pub fn starter(&self) -> Option<Starter> {
        json::from_slice(&fs::read(self.folder.join("owner.start")).ok()?).ok()
    }

    /// The end of the owner's log, for an error message.
    #[must_use]
    pub fn last_words(&self) -> String {
        let log = fs::read(self.log()).unwrap_or_default();
        let tail = log.get(log.len().saturating_sub(1000)..).unwrap_or_default();
        String::from_utf8_lossy(tail).trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn one_process_owns_the_state() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(&folder.path().join("state")).unwrap();
        let first = home.own().unwrap();
        assert!(first.is_some());
        assert!(home.own().unwrap().is_none());
        drop(first);
        assert!(home.own().unwrap().is_some());
    }

    #[test]
    fn nobody_else_may_look_inside() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(&folder.path().join("state")).unwrap();
        let secret = home.secret().unwrap();
        assert_eq!(home.secret().unwrap(), secret);
        assert_ne!(secret, [0; 64]);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(home.folder()), 0o700);
        assert_eq!(mode(&home.folder().join("session.key")), 0o600);
    }

    #[test]
    fn a_path_too_long_for_a_socket_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let error = Home::open(&folder.path().join("x".repeat(100))).unwrap_err();
        assert!(error.to_string().contains("too long"), "{error}");
    }
}
