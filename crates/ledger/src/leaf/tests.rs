//! Leaves equal those of Rekor v2 but for the kind of verifier, and verify like them.

use bounden_base::Json;
use bounden_testkit::{read, vectors};

use super::*;
use crate::dsse::Envelope;
use crate::{Checkpoint, Note, SigningKey};

fn bundle() -> Option<Json> {
    let folder = vectors()?.join("sigstore-bundle-verify/bundle-verify/rekor2-dsse-happy-path");
    Some(Json::parse(&read(folder.join("bundle.sigstore.json"))).unwrap())
}

fn text(value: &Json, path: &str) -> String {
    value.at(path.split('/')).and_then(Json::as_str).unwrap().to_owned()
}

fn number(value: &Json, path: &str) -> u64 {
    text(value, path).parse().unwrap()
}

fn bytes(value: &Json, path: &str) -> Vec<u8> {
    Base64::decode(&text(value, path)).unwrap()
}

#[test]
fn the_published_leaf_is_over_the_envelope_as_ours_would_be() {
    let Some(bundle) = bundle() else { return };
    let entry = &bundle.at(["verificationMaterial", "tlogEntries"]).unwrap().as_array().unwrap()[0];
    let published = Json::parse(&bytes(entry, "canonicalizedBody")).unwrap();
    let payload = bytes(&bundle, "dsseEnvelope/payload");
    assert_eq!(text(&bundle, "dsseEnvelope/payloadType"), PAYLOAD_TYPE);
    let signature = &bundle.at(["dsseEnvelope", "signatures"]).unwrap().as_array().unwrap()[0];

    // The published one is verified by a certificate, ours by a pinned key.
    let key = SigningKey::from_entropy([1; 32]).unwrap();
    let ours = leaf(signed(&payload), &bytes(signature, "sig"), key.public()).unwrap();
    let raw_bytes = Json::from(Base64::encode(key.public().to_spki_der()));
    let expected = published.canonical().replace(
        &published
            .at("spec/hashedRekordV002/signature/verifier/x509Certificate".split('/'))
            .unwrap()
            .canonical(),
        "CERTIFICATE",
    );
    let certificate = "\"keyDetails\":\"PKIX_ECDSA_P256_SHA_256\",\"x509Certificate\":CERTIFICATE";
    let pinned = format!(
        "\"keyDetails\":\"PKIX_ECDSA_P256_SHA_256\",\"publicKey\":{{\"rawBytes\":{}}}",
        raw_bytes.canonical()
    );
    assert_eq!(String::from_utf8(ours).unwrap(), expected.replace(certificate, &pinned));
}

#[test]
fn the_published_inclusion_proof_holds() {
    let Some(bundle) = bundle() else { return };
    let entry = &bundle.at(["verificationMaterial", "tlogEntries"]).unwrap().as_array().unwrap()[0];
    let digest = |text: &Json| {
        let bytes = Base64::decode(text.as_str().unwrap()).unwrap();
        Digest::from_bytes(bytes.try_into().unwrap())
    };
    let proof = entry.get("inclusionProof").unwrap();
    let hashes = proof.get("hashes").unwrap().as_array().unwrap();
    let note: Note = text(proof, "checkpoint/envelope").parse().unwrap();
    let checkpoint: Checkpoint = note.text().parse().unwrap();
    assert_eq!(checkpoint.size, number(proof, "treeSize"));
    let verify = |leaf: &[u8]| {
        merkle::verify_inclusion(
            number(proof, "logIndex"),
            checkpoint.size,
            merkle::leaf_digest(leaf),
            &hashes.iter().map(digest).collect::<Vec<_>>(),
            checkpoint.root,
        )
    };
    let leaf = bytes(entry, "canonicalizedBody");
    assert_eq!(verify(&leaf), Ok(()));
    assert_eq!(verify(&leaf[1..]), Err(merkle::ProofError::Root));
}

fn signed(payload: &[u8]) -> Digest {
    Digest::of(pre_authentication_encoding(PAYLOAD_TYPE, payload))
}

/// An entry of `signer` over a statement about `agent`.
fn entry(agent: &str, signer: &SigningKey) -> Entry {
    let payload = format!(
        "{{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicate\":{{}},\
         \"predicateType\":\"https://example.com/note\",\"subject\":[{{\"digest\":\
         {{\"sha256\":\"{}\"}},\"name\":\"{agent}\"}}]}}",
        Digest::of("body").hex()
    );
    Entry::of(&Envelope::sign(PAYLOAD_TYPE, payload.into_bytes(), signer)).unwrap()
}

#[test]
fn an_entry_is_restored_only_with_its_own_payload() {
    let key = SigningKey::from_entropy([1; 32]).unwrap();
    let (one, two) = (entry("one", &key), entry("two", &key));
    let restored = Entry::restore(one.leaf().to_vec(), one.payload().to_vec()).unwrap();
    assert_eq!(restored.header(), one.header());
    assert!(restored.verify_signature().is_ok());
    let swapped = Entry::restore(one.leaf().to_vec(), two.payload().to_vec());
    assert_eq!(swapped.map(drop), Err(LeafError::Payload));
    let spaced = Entry::restore([b" ", one.leaf()].concat(), one.payload().to_vec());
    assert_eq!(spaced.map(drop), Err(LeafError::Payload));
    let cut = Entry::restore(one.leaf()[..200].to_vec(), one.payload().to_vec()).unwrap();
    assert_eq!(cut.verify_signature().map(drop), Err(LeafError::Malformed));
    assert!(Entry::of(&Envelope::sign(PAYLOAD_TYPE, b"{}".to_vec(), &key)).is_err());
}

#[test]
fn a_leaf_under_the_name_of_another_key_is_found() {
    let key = SigningKey::from_entropy([1; 32]).unwrap();
    let other = SigningKey::from_entropy([2; 32]).unwrap();
    let entry = entry("one", &key);
    let signature = key.sign(&pre_authentication_encoding(PAYLOAD_TYPE, entry.payload()));
    let forged = leaf(signed(entry.payload()), &signature, other.public()).unwrap();
    let forged = Entry::restore(forged, entry.payload().to_vec()).unwrap();
    assert_eq!(forged.verify_signature().map(drop), Err(KeyError::Signature.into()));
}
