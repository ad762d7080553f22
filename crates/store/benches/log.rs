//! How fast the log appends, proves and is audited: `cargo bench -p bounden-store -- ENTRIES`.

use std::time::{Duration, Instant};

use bounden_base::Digest;
use bounden_ledger::merkle::verify_inclusion;
use bounden_ledger::statement::{Predicate, Statement};
use bounden_ledger::{AgentId, Entry, NoteSigner, SigningKey};
use bounden_store::SqliteStore;
use serde::{Deserialize, Serialize};

/// A statement as small as that of a batch of receipts.
#[derive(Serialize, Deserialize)]
struct Batch {
    root: Digest,
}

impl Predicate for Batch {
    const TYPE: &'static str = "https://example.com/batch/v1";
}

const BATCH: usize = 1000;
const SINGLES: u32 = 200;
const PROOFS: u64 = 10_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let wanted: u64 = std::env::args().find_map(|text| text.parse().ok()).unwrap_or(100_000);
    let folder = tempfile::tempdir()?;
    let signer = NoteSigner::from_seed("log.example", [7; 32])?;
    let mut store = SqliteStore::open(&folder.path().join("ledger.db"), &signer.verifier())?;
    let batch = (0..BATCH).map(entry).collect::<Result<Vec<_>, _>>()?;

    let start = Instant::now();
    while store.head()?.size < wanted {
        store.append(&store.head()?, &batch, &signer)?;
    }
    let size = store.head()?.size;
    report("append, batches of 1,000: entries/s", size as f64 / start.elapsed().as_secs_f64());

    let mut singles = Vec::new();
    for entry in batch.iter().cycle().take(SINGLES as usize) {
        let start = Instant::now();
        store.append(&store.head()?, std::slice::from_ref(entry), &signer)?;
        singles.push(start.elapsed());
    }
    report("append one, p50: ms", 1e3 * median(singles));

    let (root, mut proofs) = (store.root_at(size)?, Vec::new());
    for step in 0..PROOFS {
        let number = step.wrapping_mul(0x9e37_79b9_7f4a_7c15) % size;
        let start = Instant::now();
        let proof = store.inclusion_proof(number, size)?;
        proofs.push(start.elapsed());
        let leaf = batch.get(usize::try_from(number)? % BATCH).map(Entry::leaf_digest);
        verify_inclusion(number, size, leaf.ok_or("no such entry")?, &proof, root)?;
    }
    report("inclusion proof, p50: ms", 1e3 * median(proofs));

    let start = Instant::now();
    let audit = store.audit()?;
    assert!(audit.findings.is_empty(), "{:?}", audit.findings);
    report("audit, one million: s", start.elapsed().as_secs_f64() * 1e6 / audit.entries as f64);
    Ok(())
}

fn entry(number: usize) -> Result<Entry, Box<dyn std::error::Error>> {
    let predicate = Batch { root: Digest::of(number.to_string()) };
    let agent = AgentId::new("acme/support");
    let statement = Statement { agent, body: Digest::of("body"), predicate };
    Ok(Entry::of(statement.sign(&SigningKey::from_entropy([1; 32])?)?.envelope())?)
}

/// In seconds.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(f64::NAN, Duration::as_secs_f64)
}

fn report(what: &str, value: f64) {
    println!("{what:<40} {value:>12.3}");
}
