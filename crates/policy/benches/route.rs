//! What the scope router takes: one answer, and training. `cargo bench -p
//! bounden-policy --bench route`.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(clippy::expect_used, reason = "what does not train cannot be timed")]

use std::time::{Duration, Instant};

use bounden_policy::{Exclusion, Router, ScopeRouter, Topic};

const TIMES: usize = 10_000;

/// 300 bytes, as a person writes them.
const REQUEST: &str = "Hello, I ordered a pair of hiking boots three weeks ago and the parcel has \
    still not arrived. The courier says that it was delivered on Monday, but nobody was at home and \
    there is nothing at the door. Could you please check where it is, and when will it be here? \
    I need it by Friday. Thank you very much";

fn main() {
    println!("{:<44}{:>10}{:>10}", "", "p50 µs", "p99 µs");
    for topics in [6, 20, 60] {
        let mut from = scope(topics);
        let router = ScopeRouter::train(&mut from).expect("the topics can be told apart");
        let accented = REQUEST.replace('o', "ö");
        for (name, text) in [("plain", REQUEST), ("accented", accented.as_str())] {
            let times = timed(TIMES, || std::hint::black_box(router.route(text)).margin);
            let what = format!("{topics} topics, {} bytes, {name}", text.len());
            report(&what, times);
        }
        let texts = 12 * topics;
        let times = timed(20, || {
            let mut from = from.clone();
            ScopeRouter::train(&mut from).map_or(0, |router| i64::from(router.features() > 0))
        });
        report(&format!("training {topics} topics, {texts} examples"), times);
    }
}

/// Topics of twelve examples each, half of them excluded, over a vocabulary of
/// its own each beside words that all share.
fn scope(topics: usize) -> Router {
    let shared = REQUEST.split(' ').collect::<Vec<_>>();
    let examples = |topic: usize| -> Vec<String> {
        let example = |number: usize| {
            let word = |at: usize| shared.get((topic * 7 + number * 5 + at) % shared.len());
            let common: Vec<&str> = (0..4).filter_map(word).copied().collect();
            let own = ["alpha", "beta", "gamma"].map(|word| format!("{word}{}", letters(topic)));
            let own = own.get(number % 3).cloned().unwrap_or_default();
            format!("{} {own} {number}", common.join(" "))
        };
        (0..12).map(example).collect()
    };
    let mut router = Router::default();
    for topic in 0..topics {
        let (name, examples) = (format!("topic-{topic}").into(), examples(topic));
        if topic % 2 == 0 {
            router.inside.insert(name, Topic { examples, ..Topic::default() });
        } else {
            router.outside.insert(name, Exclusion { examples, ..Exclusion::default() });
        }
    }
    router
}

/// A number in letters, since all digits are one to the router.
fn letters(number: usize) -> String {
    number.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect()
}

fn timed(times: usize, mut run: impl FnMut() -> i64) -> Vec<Duration> {
    let time = |_| {
        let start = Instant::now();
        std::hint::black_box(run());
        start.elapsed()
    };
    (0..times).map(time).collect()
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
    let [half, most] = [50, 99].map(|percent| at(percent).as_secs_f64() * 1e6);
    println!("{what:<44}{half:>10.2}{most:>10.2}");
}
