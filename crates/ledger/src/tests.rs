//! Whatever reads bytes refuses or gives back exactly what it read, and never panics.

use crate::dsse::Envelope;
use crate::lock::Lock;
use crate::statement::{Approval, Header, Promotion, Statement};
use crate::{
    Base64, Checkpoint, Entry, Note, NoteSigner, NoteVerifier, PublicKey, SigningKey, TrustRoot,
};
use proptest::prelude::*;

fn signer() -> NoteSigner {
    NoteSigner::from_seed("log.example", [7; 32]).unwrap()
}

/// A good text with a few bytes overwritten, removed or doubled.
fn damaged(good: String) -> impl Strategy<Value = Vec<u8>> {
    let edits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 0..4);
    edits.prop_map(move |edits| {
        let mut bytes = good.clone().into_bytes();
        for (place, byte, kind) in edits {
            let at = place.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, byte),
            }
        }
        bytes
    })
}

fn note() -> String {
    Checkpoint::empty("log.example").sign(&signer()).unwrap().to_string()
}

proptest! {
    #[test]
    fn a_note_that_is_read_is_written_the_same(bytes in damaged(note())) {
        let Ok(text) = String::from_utf8(bytes) else { return Ok(()) };
        if let Ok(read) = text.parse::<Note>() {
            prop_assert_eq!(read.to_string(), text.clone());
            let verified = Checkpoint::open(&read, &signer().verifier());
            prop_assert_eq!(verified.is_ok(), text == note());
        }
    }

    #[test]
    fn a_checkpoint_that_is_read_is_written_the_same(
        bytes in damaged(Checkpoint::empty("log.example").to_string())
    ) {
        let Ok(text) = String::from_utf8(bytes) else { return Ok(()) };
        if let Ok(read) = text.parse::<Checkpoint>() {
            // Extension lines are signed, but not kept.
            prop_assert!(text.starts_with(&read.to_string()), "{text:?}");
        }
    }

    #[test]
    fn a_note_key_has_one_spelling(bytes in damaged(signer().verifier().to_string())) {
        let Ok(text) = String::from_utf8(bytes) else { return Ok(()) };
        if let Ok(read) = text.parse::<NoteVerifier>() {
            prop_assert_eq!(read.to_string(), text);
        }
    }

    #[test]
    fn base64_has_one_spelling(bytes in any::<Vec<u8>>(), text in "[A-Za-z0-9+/=]{0,12}") {
        prop_assert_eq!(Base64::decode(&Base64::encode(&bytes)), Ok(bytes));
        if let Ok(read) = Base64::decode(&text) {
            prop_assert_eq!(Base64::encode(&read), text);
        }
    }

    #[test]
    fn a_public_key_has_one_encoding(
        place in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()
    ) {
        let key = SigningKey::from_entropy([1; 32]).unwrap();
        let mut der = key.public().to_spki_der().to_vec();
        let at = place.index(der.len());
        der[at] = byte;
        for der in [der.as_slice(), &der[..cut.index(der.len())]] {
            if let Ok(read) = PublicKey::from_spki_der(der) {
                prop_assert_eq!(read.to_spki_der(), der);
            }
        }
    }

    #[test]
    fn nothing_panics(bytes in any::<Vec<u8>>(), text in any::<String>()) {
        let _ = Lock::read(&bytes);
        let _ = TrustRoot::read(&bytes);
        let _ = Header::of(&bytes);
        let _ = Statement::<Approval>::read(&bytes);
        let _ = Statement::<Promotion>::read(&bytes);
        let _ = Entry::restore(bytes.clone(), bytes.clone());
        let _ = bounden_base::json::from_slice::<Envelope>(&bytes);
        let _ = SigningKey::from_pkcs8_pem(&text);
        let _ = PublicKey::from_spki_pem(&text);
        let _ = text.parse::<NoteSigner>();
    }
}
