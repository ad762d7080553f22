//! What holds where an intent says nothing: the narrowest there is.

use crate::intent::Intent;

/// A value that nobody wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// The place that is empty, such as `constraints.memory`.
    pub place: String,
    /// What holds there.
    pub value: &'static str,
}

/// Every default that is in force, in the order of the reference.
#[must_use]
pub fn defaults(intent: &Intent) -> Vec<InForce> {
    let mut found = Vec::new();
    let mut absent = |is_absent: bool, place: &str, value: &'static str| {
        if is_absent {
            found.push(InForce { place: place.to_owned(), value });
        }
    };
    absent(intent.agent.tier.is_none(), "agent.tier", "high");
    for item in &intent.tools {
        let (name, tool) = (&item.key, &item.value);
        let label = tool.labels.as_ref().and_then(|labels| labels.result.as_ref());
        absent(
            tool.version.is_none(),
            &format!("tools.{name}.version"),
            "* (any release; the lock binds one)",
        );
        absent(label.is_none(), &format!("tools.{name}.labels.result"), "untrusted");
        absent(tool.timeout.is_none(), &format!("tools.{name}.timeout"), "60s");
    }
    let models = intent.models.as_ref();
    absent(models.is_some_and(|models| models.routing.is_none()), "models.routing", "single");
    let constraints = intent.constraints.as_ref();
    absent(constraints.is_none_or(|all| all.memory.is_none()), "constraints.memory", "none");
    absent(
        constraints.is_none_or(|all| all.autonomy.is_none()),
        "constraints.autonomy",
        "each-approved",
    );
    let limits = constraints.and_then(|all| all.limits.as_ref());
    let unlimited = "none (unlimited)";
    absent(limits.is_none_or(|all| all.steps.is_none()), "constraints.limits.steps", unlimited);
    absent(
        limits.is_none_or(|all| all.tool_calls.is_none()),
        "constraints.limits.tool_calls",
        unlimited,
    );
    absent(limits.is_none_or(|all| all.usd.is_none()), "constraints.limits.usd", unlimited);
    absent(limits.is_none_or(|all| all.seconds.is_none()), "constraints.limits.seconds", unlimited);
    absent(
        limits.is_none_or(|all| all.denied_calls.is_none()),
        "constraints.limits.denied_calls",
        unlimited,
    );
    for item in &intent.invariants {
        let mode = item.value.enforce.as_ref().map(|enforce| enforce.enforce.is_none());
        absent(mode == Some(true), &format!("invariants.{}.enforce.enforce", item.key), "act");
    }
    let lost = intent.ladder.as_ref().and_then(|ladder| ladder.on_lost_lease);
    absent(lost.is_none(), "ladder.on_lost_lease", "nothing");
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::parse;

    #[test]
    fn what_is_written_is_no_default() {
        let text = "schema: behavior.intent/v1\nagent: {id: a, version: v, tier: low}\npurpose: x\nscope: {}\ntools: {a.b: {effects: [observe], timeout: 5s}}\nconstraints: {memory: shared, limits: {steps: 3}}\n";
        let found = defaults(&parse(text.as_bytes()).0.unwrap());
        let value = |place: &str| found.iter().find(|one| one.place == place).map(|one| one.value);
        assert_eq!(value("tools.a.b.labels.result"), Some("untrusted"));
        assert_eq!(value("constraints.autonomy"), Some("each-approved"));
        assert_eq!(value("constraints.limits.usd"), Some("none (unlimited)"));
        for written in
            ["agent.tier", "tools.a.b.timeout", "constraints.memory", "constraints.limits.steps"]
        {
            assert_eq!(value(written), None, "{written}");
        }
    }
}
