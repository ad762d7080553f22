//! A process that is killed at any moment loses nothing that it acknowledged.

use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use bounden_ledger::Checkpoint;

use super::world::{remark, signer};
use crate::SqliteStore;

const FILE: &str = "BOUNDEN_TEST_CRASH_FILE";

/// What the killed process runs: this test by its name, in another process.
#[test]
fn append_until_killed() {
    let Some(path) = env::var_os(FILE) else { return };
    let mut store = SqliteStore::open(Path::new(&path), &signer().verifier()).unwrap();
    let mut out = std::io::stdout();
    for number in 0.. {
        let head = store.head().unwrap();
        let batch = [remark(number), remark(number)];
        let appended = store.append(&head, &batch[..1 + (number % 2) as usize], &signer()).unwrap();
        let signed = Checkpoint::open(&appended.checkpoint, store.verifier()).unwrap();
        writeln!(out, "acknowledged {} {}", signed.size, signed.root).unwrap();
    }
}

#[test]
fn a_killed_process_loses_nothing_that_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut largest = 0;
    for lines in [1, 2, 5, 9, 20] {
        let known = kill_after(lines, &path);
        let mut store = SqliteStore::open(&path, &signer().verifier()).unwrap();
        assert!(known.size > largest, "the process went on where the last one died");
        largest = known.size;
        assert_eq!(store.root_at(known.size).unwrap(), known.root);
        store.publish(&signer()).unwrap();
        let audit = store.audit().unwrap();
        assert_eq!(audit.findings, []);
        assert_eq!(audit.signed, audit.entries);
    }
}

/// Lets another process append until it has acknowledged `lines` times; the last
/// state that it acknowledged.
fn kill_after(lines: usize, path: &Path) -> Checkpoint {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "tests::crash::append_until_killed", "--nocapture"])
        .env(FILE, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let acknowledged = out.lines().map_while(Result::ok).filter_map(|line| {
        let (size, root) = line.split_once("acknowledged ")?.1.split_once(' ')?;
        let origin = signer().verifier().name().to_owned();
        Some(Checkpoint { origin, size: size.parse().ok()?, root: root.parse().ok()? })
    });
    let last = acknowledged.take(lines).last();
    child.kill().unwrap();
    child.wait().unwrap();
    last.unwrap()
}
