//! Bounden with a memory: a prerequisite and a sum over a sliding window.
//! The peers decide each call by itself and have nothing to be compared with.

use std::time::Duration;

use anyhow::{Result, ensure};
use bounden_base::{Json, SignedDuration, Timestamp};
use bounden_policy::{Arguments, Engine, Event, Verdict};
use serde_json::json;

use crate::subject::Figures;
use crate::subject::bounden::{policy, result, submission};
use crate::timing::Stopwatch;
use crate::workload::{Call, arguments, schema};

/// Decisions that are timed for each length of history.
const DECISIONS: usize = 1_000;
/// Fewest decisions from one fork. Otherwise a tenth of the history, so that it
/// hardly grows under the clock, and the copying is soon out of the caches.
const FROM_ONE_FORK: usize = 20;
/// Each of them was verified once before.
const CUSTOMERS: usize = 100;
/// No customer gets more within an hour; calls are a second apart.
const CAP: i64 = 1_000_000;
/// One call in so many exceeds the cap.
const VIOLATING: usize = 20;

/// An engine that remembers `history` refunds of 100 verified customers.
struct Remembering {
    engine: Engine,
    history: usize,
}

/// Checks every verdict, then times decisions after so many earlier refunds.
///
/// # Errors
/// Names the first call that is decided otherwise than it has to be.
pub fn measure(history: usize, clock: Duration) -> Result<Figures> {
    let start = std::time::Instant::now();
    let engine = Engine::new(policy(&bundle())?);
    let build = start.elapsed();
    let remembering = Remembering::new(engine, history)?;
    remembering.check()?;
    let (mut parsed, mut raw) = (Stopwatch::default(), Stopwatch::default());
    remembering.each(|engine, call, at| {
        let event = timed(submission(call, Json::parse(call.args.as_bytes())?), at);
        Ok(parsed.time(|| engine.decide(&event).decision.verdict))
    })?;
    remembering.each(|engine, call, at| {
        raw.time(|| Ok(engine.decide(&timed(text(call), at)).decision.verdict))
    })?;
    Ok(Figures { parsed: parsed.latency(clock), raw: raw.latency(clock), build })
}

impl Remembering {
    fn new(mut engine: Engine, history: usize) -> Result<Self> {
        for number in 0..CUSTOMERS {
            let call = call("shop.verify", number, 0);
            engine.decide(&timed(text(&call), 0));
            engine.decide(&timed(result(&call), 0));
        }
        for number in 0..history {
            let call = refund(number);
            engine.decide(&timed(text(&call), number));
            engine.decide(&timed(result(&call), number));
        }
        Ok(Self { engine, history })
    }

    /// Lets `decide` decide each call, on engines whose history is hardly longer than it was.
    fn each(
        &self,
        mut decide: impl FnMut(&mut Engine, &Call, usize) -> Result<Verdict>,
    ) -> Result<()> {
        let from_one_fork = FROM_ONE_FORK.max(self.history / 10);
        for start in (0..DECISIONS).step_by(from_one_fork) {
            let mut engine = self.engine.fork();
            for number in self.history..self.history + from_one_fork {
                let call = refund(number + start);
                decide(&mut engine, &call, number)?;
                engine.decide(&timed(result(&call), number));
            }
        }
        Ok(())
    }

    fn check(&self) -> Result<()> {
        self.each(|engine, call, at| {
            let verdict = engine.decide(&timed(text(call), at)).decision.verdict;
            ensure!((verdict == Verdict::Block) == call.violates, "{verdict:?}, but {call:?}");
            Ok(verdict)
        })
    }
}

fn refund(number: usize) -> Call {
    let violates = number % VIOLATING == VIOLATING / 2;
    call("shop.refund", number, if violates { CAP + 1 } else { 5 })
}

fn call(tool: &str, number: usize, amount: i64) -> Call {
    Call {
        id: format!("{tool}-{number}"),
        tool: tool.to_owned(),
        args: arguments(number, number % CUSTOMERS, amount, "USD"),
        violates: amount > CAP,
    }
}

fn text(call: &Call) -> Event {
    submission(call, Arguments::from_text(call.args.as_str()))
}

fn timed(event: Event, second: usize) -> Event {
    let since = SignedDuration::from_secs(i64::try_from(second).unwrap_or_default());
    Event { at: Timestamp::UNIX_EPOCH.checked_add(since).ok(), ..event }
}

fn bundle() -> serde_json::Value {
    let tool =
        |effect: &str| json!({"effects": [effect], "timeout_seconds": 30, "input": schema()});
    let rule = |when: String| {
        json!({
            "says": "a rule over history", "by": "policy_engine", "when": when,
            "trigger": {"event": "call", "tools": ["shop.refund"]}, "do": {"action": "block"},
        })
    };
    let verified = r#"!calls("shop.verify").by(args.customer_id).succeeded().exists()"#;
    let total = r#"calls("shop.refund").by(args.customer_id).across("agent").within("1h").sum(args.amount)"#;
    json!({
        "semantics": 1, "agent": "acme/shop",
        "tools": {"shop.refund": tool("spend"), "shop.verify": tool("observe")},
        "rules": {
            "verified": rule(verified.to_owned()),
            "capped": rule(format!("{total} + args.amount > {CAP}")),
        },
    })
}
