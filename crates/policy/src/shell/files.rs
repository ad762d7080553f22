//! The files that redirections read and write.

use super::word::Word;

/// Files by the direction; nothing where one of them is not known.
#[derive(Clone, Debug)]
pub(super) struct Files {
    pub(super) reads: Option<Vec<String>>,
    pub(super) writes: Option<Vec<String>>,
}

impl Default for Files {
    fn default() -> Self {
        Self { reads: Some(Vec::new()), writes: Some(Vec::new()) }
    }
}

impl Files {
    pub(super) fn read(&mut self, target: &Word) {
        add(&mut self.reads, target);
    }

    pub(super) fn write(&mut self, target: &Word) {
        add(&mut self.writes, target);
    }

    /// Takes up the files of a part.
    pub(super) fn add(&mut self, part: &Self) {
        for (own, other) in [(&mut self.reads, &part.reads), (&mut self.writes, &part.writes)] {
            *own = own.take().zip(other.as_ref()).map(|(mut own, other)| {
                own.extend(other.iter().cloned());
                own
            });
        }
    }

    /// Forgets the names of files in a folder that is not known.
    pub(super) fn lose_relative(&mut self) {
        for files in [&mut self.reads, &mut self.writes] {
            let is_known = |files: &Vec<String>| files.iter().all(|file| file.starts_with('/'));
            *files = files.take().filter(is_known);
        }
    }
}

fn add(files: &mut Option<Vec<String>>, target: &Word) {
    match target.known() {
        // Nothing is read from there, and nothing stays there.
        Some("/dev/null") => {}
        // `>! file` writes to `file` in one shell and to `!` in another.
        Some(path) if !path.starts_with('!') && !path.is_empty() => {
            files.iter_mut().for_each(|files| files.push(path.to_owned()));
        }
        _ => *files = None,
    }
}
