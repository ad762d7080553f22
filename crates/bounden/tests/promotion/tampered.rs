//! Whatever is changed afterwards is found, with a reason.

use bounden_ledger::lock::verify_lock;
use rusqlite::Connection;

use crate::agent::Agent;

#[test]
fn every_byte_of_the_lock_counts() {
    let agent = Agent::in_staging();
    let (good, trust) = (agent.read("behavior.lock"), agent.trust());
    let now = "2999-01-01T00:00:00Z".parse().unwrap();
    assert!(verify_lock(&good, &trust, &[], now).is_ok());
    // All of them in `cargo xtask long flip-lock`.
    let step = if std::env::var_os("BOUNDEN_ROUNDS").is_some() { 1 } else { 11 };
    for at in (0..good.len()).step_by(step) {
        let mut changed = good.clone();
        changed[at] ^= 1;
        assert!(verify_lock(&changed, &trust, &[], now).is_err(), "byte {at}");
    }
}

#[test]
fn a_changed_lock_ends_verification_with_a_reason() {
    let agent = Agent::in_production();
    let good = agent.read("behavior.lock");
    for at in (0..good.len()).step_by(good.len() / 23) {
        let mut changed = good.clone();
        changed[at] ^= 1;
        agent.write("behavior.lock", &changed);
        let (exit, codes) = agent.verify().findings();
        assert!((12..=13).contains(&exit) && codes.len() == 1, "byte {at}: {exit} {codes:?}");
    }
    agent.write("behavior.lock", &good[..good.len() / 2]);
    assert_eq!(agent.verify().findings(), (12, vec!["lock-unreadable".to_owned()]));
    agent.write("behavior.lock", &good);
    agent.run(&["verify"]).succeeds();
}

#[test]
fn another_intent_is_not_the_one_that_was_locked() {
    let agent = Agent::in_production();
    let good = agent.read("behavior.intent");
    for at in (0..good.len()).step_by(good.len() / 11) {
        let mut changed = good.clone();
        changed[at] ^= 1;
        agent.write("behavior.intent", &changed);
        let (exit, codes) = agent.verify().findings();
        assert_eq!(exit, 11, "byte {at}: {codes:?}");
        assert!(["intent-changed", "intent-unusable"].contains(&codes[0].as_str()), "{codes:?}");
    }
    agent.write("behavior.intent", &good);
    let contracts = String::from_utf8(agent.read("behavior.contracts.json")).unwrap();
    agent.write("behavior.contracts.json", contracts.replacen("Look up an order", "Look", 1));
    assert_eq!(agent.verify().findings(), (11, vec!["contracts-changed".to_owned()]));
}

#[test]
fn bundles_and_evidence_are_what_is_cited() {
    for (folder, changed, missing) in [
        ("bundles", ("bundle-changed", 12), ("", 0)),
        ("evidence", ("evidence-not-bound", 12), ("", 0)),
    ] {
        let agent = Agent::in_staging();
        let folder = agent.path(".bounden").join(folder);
        let file = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
        let good = bounden_testkit::read(&file);
        std::fs::write(&file, [good.as_slice(), b" "].concat()).unwrap();
        let (exit, codes) = agent.verify().findings();
        assert_eq!((codes[0].as_str(), exit), changed);
        // A copy of both is in the ledger.
        std::fs::remove_file(&file).unwrap();
        let (exit, codes) = agent.verify().findings();
        assert_eq!((codes.join(" ").as_str(), exit), missing);
    }
}

#[test]
fn every_table_of_the_ledger_is_read_again() {
    let agent = Agent::in_production();
    let path = agent.path(".bounden/ledger.sqlite");
    let whole = |connection: &Connection| {
        connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    };
    whole(&Connection::open(&path).unwrap());
    let good = bounden_testkit::read(&path);
    for change in [
        "UPDATE payloads SET payload = CAST(replace(payload, 'approve', 'reject') AS BLOB) WHERE number = 0",
        "UPDATE payloads SET payload = CAST(payload || x'20' AS BLOB) WHERE number = 3",
        "DROP TRIGGER entries_stay; UPDATE entries SET leaf = CAST(leaf || x'20' AS BLOB) WHERE number = 1",
        "DROP TRIGGER entries_stay; UPDATE entries SET environment = 'production' WHERE number = 1",
        "DROP TRIGGER entries_are_kept; DELETE FROM entries WHERE number = 2",
        "DROP TRIGGER nodes_stay; UPDATE nodes SET digest = zeroblob(32) WHERE position = 2",
        "UPDATE head SET root = zeroblob(32)",
        "UPDATE head SET size = size - 1",
        "DROP TRIGGER checkpoints_stay; UPDATE checkpoints SET note = replace(note, '6', '7')",
        "UPDATE deployments SET body = zeroblob(32) WHERE environment = 'production'",
        "UPDATE deployments SET held = 1",
        "UPDATE blobs SET bytes = CAST(bytes || x'20' AS BLOB) WHERE rowid = 1",
    ] {
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch(change).unwrap();
        whole(&connection);
        drop(connection);
        let (exit, codes) = agent.verify().findings();
        assert_eq!(exit, 12, "{change}: {codes:?}");
        assert_eq!(codes[0], "ledger-row-changed", "{change}");
        agent.run(&["ledger", "audit"]).ends_with(1);
        std::fs::write(&path, &good).unwrap();
    }
    agent.run(&["verify"]).succeeds();
}

#[test]
fn a_ledger_from_the_past_is_behind_the_lock() {
    let agent = Agent::in_staging();
    let path = agent.path(".bounden/ledger.sqlite");
    let checkpoint = || {
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    };
    checkpoint();
    let past = bounden_testkit::read(&path);
    agent.approve_production();
    agent.promote("production").succeeds();
    checkpoint();
    std::fs::write(&path, past).unwrap();
    let (exit, codes) = agent.verify().findings();
    assert_eq!(exit, 12, "{codes:?}");
    assert!(codes.contains(&"ledger-behind".to_owned()), "{codes:?}");
}

#[test]
fn without_the_ledger_the_lock_still_proves_itself() {
    let agent = Agent::in_production();
    for name in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"] {
        // The two beside the database are there only while somebody has it open.
        let _ = std::fs::remove_file(agent.path(".bounden").join(name));
    }
    let report = agent.verify().json();
    assert_eq!(report.get("ok"), Some(&true.into()), "{}", report.canonical());
    assert_eq!(report.get("ledger_entries"), Some(&bounden_base::Json::Null));
}

#[test]
fn somebody_elses_trust_root_trusts_somebody_else() {
    let (agent, other) = (Agent::in_staging(), Agent::untouched());
    other.run(&["key", "new"]).succeeds();
    agent.write(".bounden/trust.json", other.read(".bounden/trust.json"));
    for name in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"] {
        let _ = std::fs::remove_file(agent.path(".bounden").join(name));
    }
    assert_eq!(agent.verify().findings(), (13, vec!["gate-key-unknown".to_owned()]));
}
