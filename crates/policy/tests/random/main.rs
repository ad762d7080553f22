//! What holds for every policy and every order of events, tried at random.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod arguments;
mod bounds;
mod leases;
mod ledger;
mod oracle;
mod properties;
mod schemas;
mod snapshot;
mod spelling;
mod widening;
mod world;

use proptest::prelude::ProptestConfig;

/// A few hundred in the suite; as many as `BOUNDEN_ORACLE_CASES` says in a long run.
#[expect(clippy::disallowed_methods, reason = "a long run is asked for from outside")]
fn config(cases: u32) -> ProptestConfig {
    let asked = std::env::var("BOUNDEN_ORACLE_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: asked.unwrap_or(cases),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}
