//! Bounden: a bundle compiled into a policy, one engine, one session of calls.

use std::sync::Arc;

use anyhow::{Result, anyhow};
use bounden_base::Json;
use bounden_policy::{Arguments, Bundle, Engine, Event, EventBody, Policy, Verdict};
use serde_json::json;

use super::Subject;
use crate::workload::{CURRENCY, Call, LIMIT, schema, tool};

/// The engine with its session.
#[derive(Debug)]
pub struct Bounden(Engine);

impl Subject for Bounden {
    const NAME: &'static str = "Bounden";
    type Input = Event;

    fn new(tools: usize) -> Result<Self> {
        let when = format!("args.amount > {LIMIT} && args.currency == \"{CURRENCY}\"");
        let declared: serde_json::Map<_, _> = (0..tools)
            .map(|number| {
                let declared =
                    json!({"effects": ["spend"], "timeout_seconds": 30, "input": schema()});
                (tool(number), declared)
            })
            .collect();
        let rules: serde_json::Map<_, _> = (0..tools)
            .map(|number| {
                let rule = json!({
                    "says": "no large amount", "by": "policy_engine", "when": when,
                    "trigger": {"event": "call", "tools": [tool(number)]},
                    "do": {"action": "block"},
                });
                (format!("rule_{number:04}"), rule)
            })
            .collect();
        let bundle =
            json!({"semantics": 1, "agent": "acme/shop", "tools": declared, "rules": rules});
        Ok(Self(Engine::new(policy(&bundle)?)))
    }

    fn parsed(&self, call: &Call) -> Result<Event> {
        Ok(submission(call, Json::parse(call.args.as_bytes())?))
    }

    fn read(&self, call: &Call) -> Result<Event> {
        Ok(submission(call, Arguments::from_text(call.args.as_str())))
    }

    fn denies(&mut self, event: &Event) -> Result<bool> {
        Ok(self.0.decide(event).decision.verdict != Verdict::Allow)
    }

    fn settle(&mut self, call: &Call) {
        self.0.decide(&result(call));
    }
}

/// Compiles a bundle.
pub(crate) fn policy(bundle: &serde_json::Value) -> Result<Arc<Policy>> {
    let bundle: Bundle = bounden_base::json::from_slice(bundle.to_string().as_bytes())?;
    let policy = Policy::compile(bundle).map_err(|problems| anyhow!("{problems:?}"))?;
    Ok(Arc::new(policy))
}

/// The event of a call.
pub(crate) fn submission(call: &Call, args: impl Into<Arguments>) -> Event {
    let tool = call.tool.as_str().into();
    let body = EventBody::Call { tool, args: args.into(), retry_of: None, cost: None };
    Event {
        id: call.id.as_str().into(),
        session: "session".into(),
        principal: None,
        at: None,
        body,
    }
}

/// The event of its success.
pub(crate) fn result(call: &Call) -> Event {
    let body = EventBody::Result {
        call: call.id.as_str().into(),
        ok: true,
        result: Json::Null,
        labels: Vec::new(),
    };
    Event {
        id: format!("{}.result", call.id).into(),
        session: "session".into(),
        principal: None,
        at: None,
        body,
    }
}
