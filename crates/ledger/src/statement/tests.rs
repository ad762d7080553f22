//! What is signed is read back; whatever else stands in an envelope is not a statement.

use super::*;
use crate::{Checkpoint, PersonId, RoleId};

fn approval() -> Approval {
    Approval {
        environment: EnvironmentId::new("production"),
        action: Action::Promote,
        decision: Decision::Approve,
        intent: Digest::of("intent"),
        base: None,
        diff: Digest::of("diff"),
        evidence: vec![],
        person: PersonId::new("ana"),
        role: RoleId::new("security"),
        nonce: Nonce([1; 16]),
        issued: "2026-01-01T00:00:00Z".parse().unwrap(),
        expires: "2026-01-08T00:00:00Z".parse().unwrap(),
    }
}

fn promotion() -> Promotion {
    Promotion {
        environment: EnvironmentId::new("production"),
        action: Action::Promote,
        epoch: u64::MAX,
        previous: None,
        carried_from: None,
        approvals: vec![],
        evidence: vec![],
        diff: Diff { base: None, class: DiffClass::Expansion, digest: Digest::of("diff") },
        read_checkpoint: Checkpoint::empty("log.example"),
        gate: "bounden 0.1.0".to_owned(),
        time: "2026-01-02T00:00:00Z".parse().unwrap(),
    }
}

fn about<P>(predicate: P) -> Statement<P> {
    Statement { agent: AgentId::new("acme/support"), body: Digest::of("body"), predicate }
}

fn key() -> SigningKey {
    SigningKey::from_entropy([1; 32]).unwrap()
}

/// Verifies a payload that `key()` did sign, whatever it says.
fn verify<P: Predicate + Clone>(payload: &str) -> Result<Statement<P>, StatementError> {
    let signed = Envelope::sign(PAYLOAD_TYPE, payload.as_bytes().to_vec(), &key());
    let verified = VerifiedStatement::verify(signed.envelope().clone(), key().public())?;
    Ok(verified.statement().clone())
}

#[test]
fn both_kinds_are_read_back() {
    let signed = about(approval()).sign(&key()).unwrap();
    let read = VerifiedStatement::verify(signed.envelope().envelope().clone(), key().public());
    assert_eq!(read.unwrap().statement(), &about(approval()));
    let payload = about(promotion()).to_payload().unwrap();
    assert_eq!(verify(&payload), Ok(about(promotion())));
    let header = Header::of(payload.as_bytes()).unwrap();
    assert_eq!(header.agent, AgentId::new("acme/support"));
    assert_eq!(header.environment, Some(EnvironmentId::new("production")));
    assert_eq!(header.predicate_type, Promotion::TYPE);
}

#[test]
fn a_header_is_that_of_a_statement() {
    let payload = about(approval()).to_payload().unwrap();
    assert!(Header::of(payload.as_bytes()).is_ok());
    for (from, to) in [
        ("Statement/v1", "Statement/v0.1"),
        ("\"environment\":\"production\"", "\"environment\":1"),
        ("\"sha256\":\"", "\"sha256\":\"00"),
        ("{\"_type\"", "{ \"_type\""),
    ] {
        let changed = payload.replacen(from, to, 1);
        assert_ne!(changed, payload, "{from} is not there");
        assert!(Header::of(changed.as_bytes()).is_err(), "{changed}");
    }
}

#[test]
fn one_kind_is_not_taken_for_another() {
    let payload = about(approval()).to_payload().unwrap();
    assert!(matches!(verify::<Promotion>(&payload), Err(StatementError::Shape(_))));
    let relabelled = payload.replace(Approval::TYPE, Promotion::TYPE);
    assert!(matches!(verify::<Promotion>(&relabelled), Err(StatementError::Shape(_))));
    assert!(matches!(verify::<Approval>(&relabelled), Err(StatementError::Shape(_))));
    let signed = Envelope::sign("text/plain", payload.into_bytes(), &key());
    let read = VerifiedStatement::<Approval>::verify(signed.envelope().clone(), key().public());
    assert_eq!(read.map(drop), Err(EnvelopeError::PayloadType.into()));
}

#[test]
fn other_spellings_and_unknown_fields_are_refused() {
    let payload = about(approval()).to_payload().unwrap();
    assert_eq!(verify(&payload), Ok(about(approval())));
    for (from, to) in [
        ("{\"_type\"", "{ \"_type\""),
        ("\"base\":null,", ""),
        ("2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00"),
        ("\"role\":", "\"quorum\":0,\"role\":"),
        ("Statement/v1", "Statement/v0.1"),
        ("\"sha256\":\"", "\"sha256\":\"00"),
        ("\"subject\":[", "\"subject\":[],\"subject\":["),
        ("\"approve\"", "\"abstain\""),
        ("AQEBAQEBAQEBAQEBAQEBAQ==", "AQEB"),
    ] {
        let changed = payload.replacen(from, to, 1);
        assert_ne!(changed, payload, "{from} is not there");
        assert!(verify::<Approval>(&changed).is_err(), "{changed}");
    }
    let second = r#""subject":[{"digest":{"sha256":"00"},"name":"x"},"#;
    let two = payload.replace("\"subject\":[", second);
    assert!(verify::<Approval>(&two).is_err(), "two subjects");
}
