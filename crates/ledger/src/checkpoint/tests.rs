//! A published log: its checkpoints, signed by somebody else's software, over somebody else's tiles.

use std::path::Path;

use bounden_testkit::{read, read_text, vectors};

use super::*;
use crate::merkle::{Tree, leaf_digest, verify_consistency};

/// The public key of the log in the published test data.
const PUBLISHED: &str =
    "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";

fn signer() -> NoteSigner {
    NoteSigner::from_seed("log.example", [7; 32]).unwrap()
}

#[test]
fn a_published_log_verifies_down_to_its_entries() {
    let Some(folder) = vectors().map(|folder| folder.join("tessera-log")) else { return };
    let log = PUBLISHED.parse().unwrap();
    let mut previous = None;
    for size in 0..=15 {
        let note: Note = read_text(folder.join(format!("checkpoint.{size}"))).parse().unwrap();
        let checkpoint = Checkpoint::open(&note, &log).unwrap();
        let tree = tree_of(&folder, size);
        assert_eq!((checkpoint.size, checkpoint.root), (size, tree.root()));
        if let Some(Checkpoint { size: old, root, .. }) = previous.filter(|_| size > 1) {
            let proof = tree.consistency_proof(old).unwrap();
            verify_consistency(old, size, root, tree.root(), &proof).unwrap();
        }
        previous = Some(checkpoint);
    }
}

/// The tree over the entry bundle of the log at `size`, whose leaf tile must agree.
fn tree_of(folder: &Path, size: u64) -> Tree {
    if size == 0 {
        return Tree::default();
    }
    let bundle = read(folder.join(format!("tile/entries/000.p/{size}")));
    let mut rest = bundle.as_slice();
    let mut leaves = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk() {
        let (entry, after) = after.split_at(usize::from(u16::from_be_bytes(*length)));
        leaves.push(leaf_digest(entry));
        rest = after;
    }
    let tile: Vec<u8> = leaves.iter().flat_map(Digest::as_bytes).copied().collect();
    assert_eq!(tile, read(folder.join(format!("tile/0/000.p/{size}"))));
    leaves.into_iter().collect()
}

#[test]
fn what_is_signed_is_read_back_and_every_changed_byte_is_found() {
    let checkpoint = Checkpoint { size: 3, ..Checkpoint::empty("log.example") };
    let note = checkpoint.sign(&signer()).unwrap().to_string();
    let log = signer().verifier();
    let open = |note: &str| Checkpoint::open(&note.parse()?, &log);
    assert_eq!(open(&note), Ok(checkpoint));
    for at in 0..note.len() {
        for mask in [0x01, 0x20] {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= mask;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            assert!(open(&changed).is_err(), "byte {at} changed to {changed:?}");
        }
    }
}

#[test]
fn a_log_speaks_only_for_itself() {
    let other = Checkpoint::empty("other.example");
    assert_eq!(other.sign(&signer()), Err(CheckpointError::Origin));
    let note = signer().sign(&other.to_string()).unwrap();
    assert_eq!(Checkpoint::open(&note, &signer().verifier()), Err(CheckpointError::Origin));
    let stranger = NoteSigner::from_seed("log.example", [8; 32]).unwrap().verifier();
    let note = Checkpoint::empty("log.example").sign(&signer()).unwrap();
    assert_eq!(Checkpoint::open(&note, &stranger), Err(NoteError::Unsigned.into()));
}

#[test]
fn a_note_has_few_signatures_and_one_of_each_key() {
    let note = Checkpoint::empty("log.example").sign(&signer()).unwrap().to_string();
    let line = note.lines().last().unwrap();
    let signed =
        |lines: usize| format!("{note}{}", format!("{line}\n").repeat(lines)).parse::<Note>();
    let twice = signed(1).unwrap();
    assert_eq!(twice.signature_count(), 2);
    assert_eq!(twice.verify(&signer().verifier()), Err(NoteError::Malformed));
    assert!(signed(99).is_ok());
    assert_eq!(signed(100), Err(NoteError::Malformed));
}

#[test]
fn keys_survive_their_text_and_nothing_else_is_a_key() {
    let text = signer().verifier().to_string();
    assert_eq!(text.parse(), Ok(signer().verifier()));
    let secret: NoteSigner = signer().to_secret_text().parse().unwrap();
    assert_eq!(secret.verifier(), signer().verifier());
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1;
        let changed = String::from_utf8(bytes).unwrap();
        assert_eq!(changed.parse::<NoteVerifier>(), Err(NoteError::Key), "{changed}");
    }
    assert!(!format!("{:?}", signer()).contains(&Base64::encode(&[7; 32])));
}

#[test]
fn other_texts_are_no_checkpoints() {
    let good = Checkpoint::empty("log.example").to_string();
    assert_eq!(format!("{good}extension\n").parse(), Ok(Checkpoint::empty("log.example")));
    for bad in [
        good.trim_end().to_owned(),
        format!("{good}\n"),
        good.replacen("\n0\n", "\n00\n", 1),
        good.replacen("\n0\n", "\n+0\n", 1),
        good.replacen("log.example", "", 1),
        good.replace("47DE", "47D"),
    ] {
        assert_eq!(bad.parse::<Checkpoint>(), Err(CheckpointError::Malformed), "{bad:?}");
    }
}
