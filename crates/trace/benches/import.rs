//! Bytes per second of each importer on recorded runs, repeated to 64 MB so
//! that start-up does not count: `cargo bench -p bounden-trace --bench import`,
//! with a part of a file's name for that file alone.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::time::Instant;

use bounden_trace::import::import_each;

const FILES: [&str; 5] = [
    "tau_bench/gpt-4o-airline.json.gz",
    "tau2/retail-gpt-4.1.json.gz",
    "agentdojo/gpt-4o-mini-2024-07-18.jsonl.gz",
    "agentdojo/claude-3-5-sonnet-20240620.jsonl.gz",
    "otlp/tau2_retail_gpt-4.1.otlp.jsonl.gz",
];

fn main() {
    let Some(corpus) = bounden_testkit::corpus() else { return };
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    for name in FILES {
        if wanted.as_ref().is_some_and(|wanted| !name.contains(wanted.as_str())) {
            continue;
        }
        let bytes = bounden_testkit::read_gz(corpus.join(name));
        let rounds = (64 << 20) / bytes.len() + 1;
        let (mut runs, mut events) = (0, 0);
        let start = Instant::now();
        for _ in 0..rounds {
            runs += import_each(&bytes, None, &mut |run| events += run.events.len()).runs;
        }
        let seconds = start.elapsed().as_secs_f64();
        let megabytes = (rounds * bytes.len()) as f64 / 1e6;
        println!(
            "{name}: {:.0} MB/s, {:.0} runs/s ({runs} runs, {events} events, {seconds:.2} s)",
            megabytes / seconds,
            runs as f64 / seconds,
        );
    }
}
