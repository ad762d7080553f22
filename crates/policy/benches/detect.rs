//! How much text is looked through for personal data and secrets, in megabytes
//! a second: `cargo bench -p bounden-policy --bench detect`.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(clippy::expect_used, reason = "what is not known cannot be looked for")]

use std::time::Instant;

use bounden_policy::detect::{Kind, Kinds, find, mask};

/// How much is looked through in one round.
const BYTES: usize = 64 << 10;
const ROUNDS: usize = 300;

fn main() {
    let named = |name| Kinds::named(name).expect("a kind or a group");
    let sets = [
        ("email, phone, card", named("email") | named("phone") | named("card")),
        ("pii", named("pii")),
        ("secrets", named("secrets")),
        ("pii, secrets", named("pii") | named("secrets")),
    ];
    let texts = [
        ("prose", text(&[PROSE])),
        ("JSON log", text(&[LOG])),
        ("numbers", text(&[NUMBERS])),
        ("1 % dirty", text(&dirty(99))),
        ("half dirty", text(&dirty(1))),
    ];
    let columns: String = sets.iter().map(|(name, _)| format!("{name:>20}")).collect();
    println!("MB/s, fastest of {ROUNDS} rounds");
    println!("{:<12}{:>10}{columns}", "", "copying");
    for (name, text) in &texts {
        let copying = rate(|| std::hint::black_box(text.clone()).len());
        let rates = sets.map(|(_, kinds)| rate(|| find(text, kinds).count()));
        let rates: String = rates.iter().map(|rate| format!("{rate:>20.0}")).collect();
        println!("{name:<12}{copying:>10.0}{rates}");
    }
    let (_, dirty) = &texts[4];
    println!("masking, half dirty: {:.0}", rate(|| mask(dirty, Kinds::grouped()).len()));
}

/// Megabytes a second, in the fastest round.
fn rate(mut run: impl FnMut() -> usize) -> f64 {
    let times = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        std::hint::black_box(run());
        start.elapsed().as_secs_f64()
    });
    BYTES as f64 / 1e6 / times.fold(f64::INFINITY, f64::min)
}

/// The lines in turn, up to the size that is looked through.
fn text<L: AsRef<str>>(lines: &[L]) -> String {
    let mut text = String::with_capacity(BYTES);
    for line in lines.iter().cycle() {
        if text.len() + line.as_ref().len() + 1 > BYTES {
            break;
        }
        text.push_str(line.as_ref());
        text.push('\n');
    }
    let missing = BYTES - text.len();
    text + &".".repeat(missing)
}

/// So many lines of a log for each line with a finding.
fn dirty(clean: usize) -> Vec<String> {
    let specimens = Kind::all().filter(|kind| !kind.group().is_empty()).map(Kind::specimen);
    let lines = specimens.map(|specimen| {
        let mut lines = vec![LOG.to_owned(); clean];
        lines.push(specimen);
        lines
    });
    lines.flatten().collect()
}

const PROSE: &str = "The parcel arrived open and two of the items were missing; the customer \
    sent photographs on Monday and asks for the money back on the original card. We have \
    written to the carrier, who has promised an answer before the end of the week.";

const LOG: &str = r#"{"time":"2026-11-20T10:15:42.123Z","level":"info","target":"shop.orders","message":"order accepted","order_id":"ord_00012345","lines":4,"amount":499.0,"took_ms":12,"ok":true}"#;

const NUMBERS: &str = "17 2034 99 1200450 3.14159 2026-11-20 10:15:42 77001 8812 404 500 1 22 333 \
    4444 55555 666666 7777777 88888888";
