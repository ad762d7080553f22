//! The words of a draft: YAML that a person reads from top to bottom.

mod tools;

use std::collections::BTreeSet;

use bounden_policy::Effect;

use super::{Draft, DraftServer, Observed, Reach};
use crate::intent::Tier;
use crate::yaml::{scalar_text, visible};
use tools::DraftTool;

/// Who agrees to grave calls, until a person names the role.
const SUPERVISOR: &str = "supervisor";
/// Effects that a person agrees to, call by call, until somebody decides otherwise.
const GRAVE: [Effect; 6] =
    [Effect::Delete, Effect::Execute, Effect::Send, Effect::Spend, Effect::Grant, Effect::Persist];
/// How wide a comment may be.
const WIDTH: usize = 100;
/// Calls of one task where no run tells how many it takes.
const USUAL_CALLS: u64 = 20;

pub(super) fn write(draft: &Draft) -> String {
    let tools = tools::of(draft);
    let mut text = opening(draft, tier(draft, &tools));
    text += &servers(draft);
    text += &tools::section(draft, &tools);
    text += &constraints(draft.observed.as_ref());
    text += &invariants(draft, &tools);
    text += &criteria(draft, &tools);
    text + CLOSING
}

fn opening(draft: &Draft, tier: &'static str) -> String {
    format!(
        "\
# A draft by `bounden init`: what this agent may do, put together from what was found.
#
# `origin` says where a line was taken from. Where it says `assumed` or `observed`, nobody has
# decided yet: read the line, make it true, and remove the mark. Until then the gate refuses.
#
#   bounden check         what is left to do
#   bounden explain CODE  why, with an example
schema: behavior.intent/v1
agent:
  id: {id}
  version: 0.1.0
  owner: {{team: {SUPERVISOR}s}}  # the team that answers for the agent
  tier: {tier}
  origin: assumed
purpose: What this agent is for, in one sentence.

# What the agent handles, and what it hands over instead. With twelve `examples` of requests each,
# `bounden route` tells them apart before the agent sees them.
scope:
  in:
    its-purpose: {{says: Whatever the purpose says, origin: assumed}}
  out:
    all-else: {{says: Whatever the purpose does not say, escalate: people, origin: assumed}}

# Where people take over: a webhook, or a tool such as {{call: desk.hand_over}}. This one reaches nobody.
escalations:
  people: {{webhook: \"https://people.invalid/hand-over\", origin: assumed}}
",
        id = scalar_text(&visible(&draft.agent), true),
    )
}

/// The tier that a person named, else that of the gravest tool.
fn tier(draft: &Draft, tools: &[DraftTool]) -> &'static str {
    let all: BTreeSet<Effect> = tools.iter().flat_map(|tool| tool.guess.effects.clone()).collect();
    match draft.tier {
        Some(Tier::Low) => "low",
        Some(Tier::Medium) => "medium",
        Some(Tier::High) => "high",
        None if all.iter().any(|effect| GRAVE.contains(effect)) => "high",
        None if all.iter().any(|effect| *effect != Effect::Observe) => "medium",
        None => "low",
    }
}

fn servers(draft: &Draft) -> String {
    let mut names: Vec<_> =
        draft.servers.iter().map(|(name, server)| entry(name, server)).collect();
    let unknown = tools::unknown_servers(draft);
    names.extend(unknown.iter().map(|name| format!("  {name}: {{origin: observed}}\n")));
    if names.is_empty() { String::new() } else { format!("\nservers:\n{}", names.concat()) }
}

fn entry(name: &str, server: &DraftServer) -> String {
    let quoted = |words: &[String]| {
        words.iter().map(|word| scalar_text(word, true)).collect::<Vec<_>>().join(", ")
    };
    let mut members = match &server.reach {
        Some(Reach::Command(words)) => vec![format!("command: [{}]", quoted(words))],
        Some(Reach::Url(url)) => vec![format!("url: {}", scalar_text(url, true))],
        None => Vec::new(),
    };
    if !server.pass_env.is_empty() {
        let names: Vec<_> = server.pass_env.iter().cloned().collect();
        members.push(format!("pass_env: [{}]", quoted(&names)));
    }
    members.push(format!("origin: {}", scalar_text(&visible(&server.origin), true)));
    let note = match server.reach {
        None => "  # No server: these tools are part of the agent's own program.\n",
        Some(_) => "",
    };
    format!("{note}  {name}: {{{}}}\n", members.join(", "))
}

fn constraints(observed: Option<&Observed>) -> String {
    let (says, limits) = match observed {
        None => (
            "Budgets of one session, as most conversations keep them.".to_owned(),
            format!(
                "{{steps: 40, tool_calls: {USUAL_CALLS}, usd: 0.5, seconds: 900, denied_calls: 5}}"
            ),
        ),
        Some(seen) => {
            let usd = seen.usd.map_or("0.5".to_owned(), |usd| whole_cents(usd.to_f64()));
            let (steps, calls) = (seen.steps.max(1), seen.tool_calls.max(1));
            let seconds = seen.seconds.filter(|seconds| *seconds > 0).unwrap_or(900);
            (
                format!("Budgets of one session: the most that {} used.", runs(seen.runs)),
                format!(
                    "{{steps: {steps}, tool_calls: {calls}, usd: {usd}, seconds: {seconds}, denied_calls: 5, origin: observed}}"
                ),
            )
        }
    };
    format!(
        "
constraints:
  memory: session
  logging: {{retain_days: 90}}
  # {says}
  limits: {limits}
  autonomy: on-the-loop
"
    )
}

fn invariants(draft: &Draft, tools: &[DraftTool]) -> String {
    let mut text = "
# Rules that hold whatever the model reasons, each with what enforces it outside the model.
invariants:
  no-personal-data-in-logs:
    rule: Log lines hold no personal data, and no keys or passwords
    enforce: {by: output_filter, trigger: log, do: \"redact pii, secrets\"}
"
    .to_owned();
    let has = |effect: &Effect| tools.iter().any(|tool| tool.guess.effects.contains(effect));
    let grave: Vec<_> = GRAVE.iter().filter(|effect| has(effect)).collect();
    if !grave.is_empty() {
        let effects: Vec<_> = grave.iter().map(|effect| format!("@{}", effect.name())).collect();
        text += &format!(
            "  a-person-agrees:
    rule: A person agrees to each call that cannot be taken back
    enforce:
      by: policy_engine
      trigger: call {}
      do: require approval from {SUPERVISOR}
",
            effects.join(", ")
        );
    }
    if !draft.rules.is_empty() {
        text += "
  # Nothing enforces these yet: they were told to the model, which may follow them or not. Add
  # `enforce` to each, move it to `preferences`, or remove it.
";
    }
    let mut taken =
        BTreeSet::from(["no-personal-data-in-logs".to_owned(), "a-person-agrees".to_owned()]);
    for rule in &draft.rules {
        let (says, origin) = (visible(&rule.says), visible(&rule.origin));
        text += &format!(
            "  {}:\n    rule: {}\n    origin: {}\n",
            id_for(&says, &mut taken),
            scalar_text(&says, true),
            scalar_text(&origin, true),
        );
    }
    if !grave.is_empty() {
        text += &format!("\nownership:\n  approvers: {{{SUPERVISOR}: {{team: {SUPERVISOR}s}}}}\n");
    }
    text
}

/// An id of the first words of a rule that no other rule has.
fn id_for(says: &str, taken: &mut BTreeSet<String>) -> String {
    let id = super::id_of(says);
    let words: Vec<_> = id.split('-').take(6).collect();
    let short = if id.is_empty() { "rule".to_owned() } else { words.join("-") };
    let numbered = (2..).map(|number| format!("{short}-{number}"));
    let mut free = std::iter::once(short.clone()).chain(numbered).filter(|id| !taken.contains(id));
    let id = free.next().unwrap_or(short);
    taken.insert(id.clone());
    id
}

fn criteria(draft: &Draft, tools: &[DraftTool]) -> String {
    if tools.is_empty() {
        return String::new();
    }
    let most = draft.observed.as_ref().map_or(USUAL_CALLS, |seen| seen.tool_calls.max(1));
    let servers: BTreeSet<_> = tools.iter().map(|tool| tool.server()).collect();
    let every: Vec<_> = servers.iter().map(|server| format!("{server}.*")).collect();
    format!(
        "
# What success is, checkable without a model: which calls have to happen, in which order, how often.
success_criteria:
  within-reason:
    says: A task takes no more than {most} calls
    effects: [{{called: {}, at_most: {most}}}]
    origin: assumed
",
        scalar_text(&every.join(", "), true)
    )
}

/// Dollars rounded up to the cent: what was seen stays within the budget.
fn whole_cents(dollars: f64) -> String {
    format!("{:.2}", (dollars * 100.0).ceil().max(1.0) / 100.0)
}

fn runs(count: u64) -> String {
    if count == 1 { "one recorded run".to_owned() } else { format!("{count} recorded runs") }
}

/// A comment of one line, shortened where it is too long.
fn comment(text: &str, indentation: &str) -> String {
    let text = visible(text);
    let room = WIDTH - indentation.len() - 2;
    if text.chars().count() <= room {
        return format!("{indentation}# {text}\n");
    }
    let cut: String = text.chars().take(room - 2).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{indentation}# {whole} …\n")
}

const CLOSING: &str = "
# What happens where the design ends: five cases, one safe action each.
failure_modes:
  ambiguous_request: {do: clarify, max: 1, then: escalate people}
  out_of_scope: {do: escalate people}
  tool_failure: {do: halt, inform: true, then: escalate people}
  pii_detected: {do: continue, flag: audit, echo: never}
  budget_exceeded: {do: halt, then: escalate people}

measurement:
  evaluate: every_deployment
  drift_review: weekly

# 29 runs without a failure show 0.90 with 95 % confidence, 59 show 0.95.
promotion:
  staging:
    approvals: {environment-admin: 1}
    evidence: {min_trials: 29, max_age: 30d}
  production:
    from: staging
    approvals: {environment-admin: 1, security: 1}
    evidence: {min_trials: 59, max_age: 14d, adversarial: required}
";
