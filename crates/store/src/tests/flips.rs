//! Whichever byte of whichever row is changed, the audit names the row.

use bounden_base::Digest;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::world::{remark, signer, small_log, store_of};
use crate::{Finding, FindingReason, SqliteStore, StoreError};

/// A small log that its guards do not protect.
fn unguarded() -> SqliteStore {
    let store = small_log();
    assert_eq!(store.audit().unwrap().findings, []);
    let guards: Vec<String> =
        column(&store.connection, "SELECT name FROM sqlite_schema WHERE type = 'trigger'");
    for guard in guards {
        store.connection.execute_batch(&format!("DROP TRIGGER {guard}")).unwrap();
    }
    store
}

fn column(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// All values near `value`: numbers beside it, texts and blobs with one changed byte.
fn neighbours(value: &Value) -> Vec<Value> {
    let flip = |bytes: &[u8], mask: u8| -> Vec<Vec<u8>> {
        (0..bytes.len())
            .map(|at| {
                let mut changed = bytes.to_vec();
                changed[at] ^= mask;
                changed
            })
            .collect()
    };
    match value {
        Value::Integer(number) => [-1, 1, 1 << 40].map(|by| Value::Integer(number + by)).into(),
        Value::Text(text) => flip(text.as_bytes(), 1)
            .into_iter()
            .map(|bytes| Value::Text(String::from_utf8(bytes).unwrap_or_default()))
            .collect(),
        Value::Blob(bytes) => flip(bytes, 0x10).into_iter().map(Value::Blob).collect(),
        Value::Null => vec![Value::Text(String::new())],
        Value::Real(_) => unreachable!("no table has such a column"),
    }
}

#[test]
fn every_changed_byte_of_every_row_is_found() {
    let store = unguarded();
    let tables = column(&store.connection, "SELECT name FROM sqlite_schema WHERE type = 'table'");
    assert_eq!(tables.len(), 12, "{tables:?}");
    let mut changes = 0;
    for table in tables {
        let found = change_every_value(&store, &table);
        assert!(found > 0, "{table} has no rows");
        changes += found;
    }
    assert_eq!(store.audit().unwrap().findings, [], "everything was put back");
    assert!(changes > 3000, "{changes}");
}

/// Changes each value of a table in turn; how many changes there were.
fn change_every_value(store: &SqliteStore, table: &str) -> usize {
    let connection = &store.connection;
    let columns = column(connection, &format!("SELECT name FROM pragma_table_info('{table}')"));
    let keys = column(
        connection,
        &format!(
            "SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 AND name <> 'one' ORDER BY pk"
        ),
    );
    let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let rows = statement.query_map([], |row| (0..columns.len()).map(|at| row.get(at)).collect());
    let rows: Vec<Vec<Value>> = rows.unwrap().collect::<Result<_, _>>().unwrap();
    let mut changes = 0;
    for row in &rows {
        for (at, name) in columns.iter().enumerate().filter(|(_, name)| *name != "one") {
            // After the change the row is found by its changed key again.
            let condition = |skip: &str| {
                let terms: Vec<_> = keys
                    .iter()
                    .filter(|key| *key != skip)
                    .map(|key| {
                        let index = columns.iter().position(|column| column == key).unwrap();
                        (format!("{key} IS ?"), row[index].clone())
                    })
                    .collect();
                terms
            };
            for value in neighbours(&row[at]) {
                let set = |from: &Value, to: &Value| {
                    let mut terms = condition(name);
                    terms.push((format!("{name} IS ?"), from.clone()));
                    let text: Vec<_> = terms.iter().map(|(text, _)| text.as_str()).collect();
                    let sql = format!("UPDATE {table} SET {name} = ? WHERE {}", text.join(" AND "));
                    let values = std::iter::once(to.clone())
                        .chain(terms.iter().map(|(_, value)| value.clone()));
                    connection.prepare_cached(&sql).unwrap().execute(params_from_iter(values))
                };
                // What the schema itself refuses need not be found.
                if set(&row[at], &value).is_err() {
                    continue;
                }
                changes += 1;
                let findings = store.audit().unwrap().findings;
                assert!(!findings.is_empty(), "{table}.{name}: {:?} to {value:?}", row[at]);
                set(&value, &row[at]).unwrap();
            }
        }
    }
    changes
}

#[test]
fn a_finding_names_the_row_and_the_reason() {
    let finding = |sql: &str| {
        let store = unguarded();
        store.connection.execute_batch(sql).unwrap();
        store.audit().unwrap().findings.into_iter().next().unwrap()
    };
    let expect = |sql: &str, table, row, reason| {
        assert_eq!(finding(sql), Finding { table, row, reason }, "{sql}");
    };
    use FindingReason as Reason;
    expect(
        "UPDATE entries SET leaf = CAST(leaf || ' ' AS BLOB) WHERE number = 1",
        "entries",
        1,
        Reason::Leaf,
    );
    expect("UPDATE entries SET agent = 'x' WHERE number = 2", "entries", 2, Reason::Header);
    expect(
        "UPDATE payloads SET payload = x'7b7d' WHERE number = 0",
        "payloads",
        0,
        Reason::Payload,
    );
    expect("DELETE FROM payloads WHERE number = 1", "payloads", 1, Reason::Payload);
    expect("DELETE FROM entries WHERE number = 1", "entries", 1, Reason::Missing);
    expect("DELETE FROM entries WHERE number = 2", "head", 3, Reason::Missing);
    expect("UPDATE nodes SET digest = zeroblob(32) WHERE position = 2", "nodes", 2, Reason::Node);
    expect("UPDATE head SET root = zeroblob(32)", "head", 3, Reason::Root);
    expect("UPDATE anchors SET root = zeroblob(32)", "anchors", 3, Reason::Root);
    expect("UPDATE checkpoints SET note = note || 'x'", "checkpoints", 1, Reason::Signature);
    let cosigned = "UPDATE checkpoints SET note = note || '\u{2014} other AAAAAAA=\n'";
    expect(cosigned, "checkpoints", 1, Reason::Signature);
    expect("UPDATE deployments SET held = 0", "deployments", 0, Reason::Derived);
    expect("DELETE FROM entries_by_agent WHERE number = 1", "entries_by_agent", 1, Reason::Missing);
    expect("INSERT INTO payloads VALUES (9, x'00')", "payloads", 3, Reason::Surplus);
    expect("INSERT INTO nodes VALUES (9, zeroblob(32))", "nodes", 4, Reason::Surplus);
    expect("UPDATE blobs SET bytes = x'00'", "blobs", 1, Reason::Blob);
}

#[test]
fn damage_stops_whoever_meets_it() {
    let damaged = |sql: &str, meets: fn(&mut SqliteStore) -> Result<(), StoreError>| {
        let mut store = unguarded();
        store.connection.execute_batch(sql).unwrap();
        meets(&mut store).unwrap_err()
    };
    let publish = |store: &mut SqliteStore| store.publish(&signer()).map(drop);
    let rolled_back =
        "UPDATE head SET size = 1, root = (SELECT digest FROM nodes WHERE position = 0);
         DELETE FROM anchors";
    assert!(matches!(damaged(rolled_back, publish), StoreError::BehindAnchor { size: 3 }));
    let unsigned =
        "UPDATE head SET root = zeroblob(32); DELETE FROM checkpoints; DELETE FROM anchors";
    assert!(matches!(damaged(unsigned, publish), StoreError::BehindAnchor { size: 3 }));
    let record = |store: &mut SqliteStore| store.record(&store.head()?, &[remark(1)]);
    let expected = |error| matches!(error, StoreError::Damaged { table: "head", row: 1 });
    assert!(expected(damaged(unsigned, record)));
    let blob = |store: &mut SqliteStore| store.blob(&Digest::of("evidence")).map(drop);
    let expected = |error| matches!(error, StoreError::Damaged { table: "blobs", row: 1 });
    assert!(expected(damaged("UPDATE blobs SET bytes = x'00'", blob)));
    let signed = |store: &mut SqliteStore| store.signed().map(drop);
    let expected = |error| matches!(error, StoreError::Damaged { table: "checkpoints", row: 9 });
    assert!(expected(damaged("UPDATE checkpoints SET size = 9 WHERE size = 3", signed)));
}

#[test]
fn a_log_that_was_rewritten_as_a_whole_is_found_by_its_checkpoints() {
    let good = store_of(&[remark(0), remark(1)]);
    let (_, note) = good.signed().unwrap().unwrap();
    let mut rewritten = super::world::store();
    rewritten.record(&rewritten.head().unwrap(), &[remark(0), remark(9)]).unwrap();
    let sql = "INSERT INTO checkpoints (size, note) VALUES (2, ?1)";
    rewritten.connection.execute(sql, [note.to_string()]).unwrap();
    let findings = rewritten.audit().unwrap().findings;
    assert_eq!(findings, [Finding { table: "checkpoints", row: 2, reason: FindingReason::Root }]);
    assert!(rewritten.publish(&signer()).is_err(), "and is not signed");
}
