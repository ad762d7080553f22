//! How often comparing effects agrees with the reward that the benchmark gave.

use std::borrow::Cow;

use bounden_base::Json;
use bounden_testkit::{corpus, read_gz};
use bounden_trace::effects::{Match, compare, effects, expected_effects, told};
use bounden_trace::{Run, import};

/// Tools that change what the benchmark compares, in the order of its source.
const AIRLINE: [&str; 6] = [
    "book_reservation",
    "cancel_reservation",
    "send_certificate",
    "update_reservation_baggages",
    "update_reservation_flights",
    "update_reservation_passengers",
];
const RETAIL: [&str; 7] = [
    "cancel_pending_order",
    "exchange_delivered_order_items",
    "modify_pending_order_address",
    "modify_pending_order_items",
    "modify_pending_order_payment",
    "modify_user_address",
    "return_delivered_order_items",
];

struct Agreement {
    runs: usize,
    effects: usize,
    with_outputs: usize,
}

fn agreement(runs: &[Run<'_>], tools: &[&str], by: Match) -> Agreement {
    let is_effect = |tool: &str| tools.contains(&tool);
    let mut agreement = Agreement { runs: 0, effects: 0, with_outputs: 0 };
    for run in runs {
        let (Some(expected), Some(done)) = (&run.expected, effects(run, is_effect)) else {
            continue;
        };
        let wanted = expected_effects(expected, is_effect);
        let same = compare(&wanted, &done, by).is_empty();
        let words: &[Cow<'_, str>] = &expected.outputs;
        let told = told(run, words).into_iter().all(|told| told);
        let reward = run.labels.get("reward").and_then(Json::as_decimal);
        let passed = reward.is_some_and(|reward| reward.to_f64() > 0.99);
        agreement.runs += 1;
        agreement.effects += usize::from(same == passed);
        agreement.with_outputs += usize::from((same && told) == passed);
    }
    agreement
}

#[test]
fn effects_agree_with_the_reward() {
    let Some(corpus) = corpus() else { return };
    let mut total = Agreement { runs: 0, effects: 0, with_outputs: 0 };
    for (name, tools) in [
        ("tau_bench/gpt-4o-airline.json.gz", &AIRLINE[..]),
        ("tau2/airline-gpt-4.1.json.gz", &AIRLINE),
        ("tau2/retail-gpt-4.1.json.gz", &RETAIL),
    ] {
        let bytes = read_gz(corpus.join(name));
        let found = agreement(&import(&bytes, None).runs, tools, Match::Set);
        println!(
            "{name}: {} runs, effects {:.3}, with output slots {:.3}",
            found.runs,
            found.effects as f64 / found.runs as f64,
            found.with_outputs as f64 / found.runs as f64,
        );
        total.runs += found.runs;
        total.effects += found.effects;
        total.with_outputs += found.with_outputs;
    }
    assert_eq!(total.runs, 260);
    assert!(total.effects * 1000 >= total.runs * 970, "{} of {}", total.effects, total.runs);
    assert!(total.with_outputs >= total.effects);
}
