//! What survives a crash, and what does not pass for a journal.

use std::fs;

use bounden_base::{Json, Timestamp};
use bounden_policy::{Decision, Event, Reason, Verdict};
use proptest::prelude::*;

use super::*;
use crate::receipt::Circumstances;

fn entry(id: &str) -> Entry {
    let event =
        format!(r#"{{"event":"call","id":"{id}","session":"s","tool":"a.b","args":{{"n":1.5}}}}"#);
    let event = Event::from_json(&Json::parse(event.as_bytes()).unwrap()).unwrap();
    let decision = Decision {
        id: event.id.clone(),
        verdict: Verdict::Allow,
        rules: Vec::new(),
        reason: Reason::Allowed,
        detail: None,
        retryable: false,
        nearest: None,
        escalate: None,
        args: None,
        obligations: Vec::new(),
    };
    let of = Circumstances {
        point: "test",
        lock: Digest::of("lock"),
        policy: Digest::of("policy"),
        epoch: 3,
        at: Timestamp::UNIX_EPOCH,
        micros: 7,
    };
    Entry::new(&event, &decision, of, [5; 16])
}

fn ids(folder: &Path) -> Result<(Vec<String>, Recovery), JournalError> {
    let mut ids = Vec::new();
    let (_, recovery) =
        Journal::open(folder, |entry| ids.push(entry.receipt.id.as_str().to_owned()))?;
    Ok((ids, recovery))
}

/// A journal with the receipts `e0`, `e1`, `e2`, and its only segment.
fn three(folder: &Path) -> PathBuf {
    let (mut journal, _) = Journal::open(folder, |_| ()).unwrap();
    for id in ["e0", "e1", "e2"] {
        journal.append(entry(id));
        journal.commit(true).unwrap();
    }
    folder.join("0000000000000000.jsonl")
}

#[test]
fn what_was_committed_is_there_again_and_the_chain_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    three(folder.path());
    let (mut journal, recovery) = Journal::open(folder.path(), |_| ()).unwrap();
    assert_eq!(recovery, Recovery { entries: 3, dropped: 0 });
    journal.append(entry("e3"));
    journal.commit(false).unwrap();
    assert_eq!(ids(folder.path()).unwrap().0, ["e0", "e1", "e2", "e3"]);
}

#[test]
fn an_entry_reads_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(three(folder.path())).unwrap();
    let line = text.lines().next().unwrap();
    let read: Entry = bounden_base::json::from_slice(line.as_bytes()).unwrap();
    assert_eq!(read, entry("e0"));
    assert_eq!(read.to_line(), line);
    assert_eq!(read.event().unwrap().unwrap().id.as_str(), "e0");
}

#[test]
fn the_arguments_stand_in_the_input_only() {
    let mut erased = entry("e0");
    let chained = erased.receipt.digest();
    erased.input = None;
    assert!(erased.is_intact());
    assert_eq!(erased.receipt.digest(), chained);
    assert!(!erased.to_line().contains("1.5"));
    assert_ne!(erased.receipt.arguments, Some(Digest::of(r#"{"n":1.5}"#)));
}

#[test]
fn a_changed_removed_or_swapped_line_breaks_the_chain() {
    let folder = tempfile::tempdir().unwrap();
    let path = three(folder.path());
    let good = fs::read_to_string(&path).unwrap();
    let lines: Vec<_> = good.lines().collect();
    let changed = [
        good.replacen("\"verdict\":\"allow\"", "\"verdict\":\"block\"", 1),
        good.replacen("\"n\":1.5", "\"n\":2.5", 1),
        good.replacen("\"micros\":7", "\"micros\":7,\"x\":1", 1),
        format!("{}\n{}\n", lines[0], lines[2]),
        format!("{}\n{}\n{}\n", lines[1], lines[0], lines[2]),
        format!("{}\n{}\n", lines[1], lines[2]),
        format!("{}\nx\n{}\n{}\n", lines[0], lines[1], lines[2]),
    ];
    for text in changed {
        fs::write(&path, &text).unwrap();
        assert!(matches!(ids(folder.path()), Err(JournalError::Damaged { .. })), "{text}");
    }
    fs::write(&path, good).unwrap();
    assert!(ids(folder.path()).is_ok());
}

#[test]
fn a_torn_line_within_the_journal_is_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = three(folder.path());
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<_> = text.lines().collect();
    fs::write(&path, lines[0]).unwrap();
    fs::write(folder.path().join("0000000000000001.jsonl"), format!("{}\n", lines[1])).unwrap();
    assert!(matches!(ids(folder.path()), Err(JournalError::Damaged { .. })));
}

#[test]
fn segments_are_read_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = three(folder.path());
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<_> = text.lines().collect();
    fs::write(&path, format!("{}\n", lines[0])).unwrap();
    let second = folder.path().join("0000000000000001.jsonl");
    fs::write(second, format!("{}\n{}\n", lines[1], lines[2])).unwrap();
    assert_eq!(ids(folder.path()).unwrap().0, ["e0", "e1", "e2"]);
}

#[test]
fn after_a_failed_write_nothing_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, _) = Journal::open(folder.path(), |_| ()).unwrap();
    journal.fail_from_now_on();
    journal.append(entry("e0"));
    assert!(matches!(journal.commit(false), Err(JournalError::Io(..))));
    assert!(matches!(journal.commit(false), Err(JournalError::Broken)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// `kill -9` in the middle of a write leaves some prefix of the segment.
    #[test]
    fn every_prefix_recovers_to_its_whole_lines(cut in any::<prop::sample::Index>()) {
        let folder = tempfile::tempdir().unwrap();
        let path = three(folder.path());
        let bytes = fs::read(&path).unwrap();
        let cut = cut.index(bytes.len() + 1);
        let kept = &bytes[..cut];
        fs::write(&path, kept).unwrap();
        let whole = kept.iter().filter(|byte| **byte == b'\n').count();
        let (found, recovery) = ids(folder.path()).unwrap();
        prop_assert_eq!(found.len(), whole);
        let line_ends = kept.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        prop_assert_eq!(recovery.dropped, (cut - line_ends) as u64);
        prop_assert_eq!(ids(folder.path()).unwrap().1.dropped, 0);
    }
}
