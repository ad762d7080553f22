//! What holds where an intent says nothing: the narrowest there is.

use crate::compile::MODES;
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
    beyond_calls(intent, &mut absent);
    let lost = intent.ladder.as_ref().and_then(|ladder| ladder.on_lost_lease);
    absent(lost.is_none(), "ladder.on_lost_lease", "nothing");
    found
}

/// Defaults of what stands around the calls: servers, cases and promotion.
fn beyond_calls(intent: &Intent, absent: &mut impl FnMut(bool, &str, &'static str)) {
    for item in &intent.servers {
        let place = format!("servers.{}.pass_env", item.key);
        absent(item.value.pass_env.is_empty(), &place, "the whole environment");
    }
    let data = intent.constraints.as_ref().and_then(|all| all.data.as_ref());
    let classification = data.and_then(|data| data.classification.as_ref());
    absent(classification.is_none(), "constraints.data.classification", "not public");
    for (mode, name) in MODES {
        let response = intent.failure_modes.as_ref().and_then(|modes| modes.response(mode));
        let Some(response) = response else { continue };
        let asks = response.r#do.value == "clarify";
        absent(asks && response.max.is_none(), &format!("failure_modes.{name}.max"), "1");
        let inform = format!("failure_modes.{name}.inform");
        absent(!asks && response.inform.is_none(), &inform, "false");
    }
    for item in &intent.commitments {
        let place = format!("commitments.{}.half_life", item.key);
        absent(item.value.half_life.is_none(), &place, "none (evidence counts for ever)");
    }
    for item in &intent.promotion {
        let (place, promotion) = (format!("promotion.{}", item.key), &item.value);
        absent(promotion.approvals.is_empty(), &format!("{place}.approvals"), "nobody");
        absent(promotion.on_expansion.is_empty(), &format!("{place}.on_expansion"), "nobody more");
        absent(promotion.reviewer.is_none(), &format!("{place}.reviewer"), "nobody");
        let evidence = promotion.evidence.as_ref();
        absent(evidence.is_none(), &format!("{place}.evidence"), "what the tier asks for");
        let Some(evidence) = evidence else { continue };
        let place = format!("{place}.evidence");
        absent(evidence.min_trials.is_none(), &format!("{place}.min_trials"), "1, or more by tier");
        absent(evidence.max_age.is_none(), &format!("{place}.max_age"), "any age");
        let adversarial = format!("{place}.adversarial");
        absent(evidence.adversarial.is_none(), &adversarial, "optional, or required by tier");
    }
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

    #[test]
    fn what_stands_around_the_calls_has_defaults_as_well() {
        let text = "schema: behavior.intent/v1\nagent: {id: a, version: v}\npurpose: x\nscope: {}\nservers: {a: {command: [x]}, b: {command: [x], pass_env: [Y]}}\nfailure_modes: {ambiguous_request: {do: clarify}, tool_failure: {do: halt}}\npromotion: {staging: {evidence: {min_trials: 5}}, production: {approvals: {admin: 1}}}\n";
        let found = defaults(&parse(text.as_bytes()).0.unwrap());
        let value = |place: &str| found.iter().find(|one| one.place == place).map(|one| one.value);
        for (place, expected) in [
            ("servers.a.pass_env", Some("the whole environment")),
            ("servers.b.pass_env", None),
            ("constraints.data.classification", Some("not public")),
            ("failure_modes.ambiguous_request.max", Some("1")),
            ("failure_modes.ambiguous_request.inform", None),
            ("failure_modes.tool_failure.inform", Some("false")),
            ("promotion.staging.approvals", Some("nobody")),
            ("promotion.staging.evidence.min_trials", None),
            ("promotion.staging.evidence.max_age", Some("any age")),
            ("promotion.production.approvals", None),
            ("promotion.production.evidence", Some("what the tier asks for")),
        ] {
            assert_eq!(value(place), expected, "{place}");
        }
    }
}
