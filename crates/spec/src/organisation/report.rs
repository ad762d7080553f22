//! What a policy says of an intent, as findings in the text of the intent.

use bounden_base::{Diagnostic, Json, Span, Timestamp};

use super::judge::{Finding, Standing, is_one_of};
use super::{Item, OrganisationPolicy, Waiver, view};
use crate::intent::Intent;
use crate::yaml::{self, Node};

const DAY: i64 = 86_400;

impl OrganisationPolicy {
    /// What the policy in the file `file` says of the intent in `source`, at `now`.
    /// Every waiver that lets this agent off something is among it.
    #[must_use]
    pub fn diagnose(
        &self,
        intent: &Intent,
        source: &[u8],
        file: &str,
        environment: Option<&str>,
        now: Timestamp,
    ) -> Vec<Diagnostic> {
        let (document, _) = yaml::read(source);
        let places = Places {
            data: view::data(intent),
            root: document.map(|document| document.root),
            otherwise: intent.agent.id.span,
        };
        let found = self.findings(intent, environment, now);
        let mut problems: Vec<_> =
            found.iter().filter_map(|found| self.problem(found, &places, file, now)).collect();
        problems.extend(self.expired(intent, &found, file, now));
        problems
    }

    fn problem(
        &self,
        found: &Finding<'_>,
        places: &Places,
        file: &str,
        now: Timestamp,
    ) -> Option<Diagnostic> {
        let (id, rule) = (&found.rule.key, &found.rule.value);
        let mut spans = found.against.iter().map(|place| places.span(place));
        let span = spans.next().unwrap_or(places.otherwise);
        let says = format!("{}: {} (`{id}`)", self.document.organisation, rule.says);
        let mut problem = match &found.standing {
            Standing::Met => return None,
            Standing::Waived { waiver, .. } => {
                let waiver = self.document.waivers.iter().find(|item| item.key.name == *waiver)?;
                return Some(waived(waiver, &says, span, file, now));
            }
            Standing::Warned => Diagnostic::warning("B501", span, says),
            Standing::Broken => Diagnostic::error("B501", span, says),
            Standing::Undecided => {
                let message = format!("it cannot be told whether this holds: {says}");
                Diagnostic::error("B502", span, message)
            }
        };
        for other in spans.filter(|other| *other != span) {
            problem = problem.related(other, "and this");
        }
        let help = rule
            .help
            .as_ref()
            .map_or_else(|| format!("what is required is `{}`", rule.require), ToString::to_string);
        Some(problem.related_in(file, rule.require.span, "required here").help(help))
    }

    /// Waivers that let this agent off a rule that it breaks, and no longer do.
    fn expired(
        &self,
        intent: &Intent,
        found: &[Finding<'_>],
        file: &str,
        now: Timestamp,
    ) -> Vec<Diagnostic> {
        let counts = |item: &&Item<Waiver>| {
            let waiver = &item.value;
            waiver.expires.value <= now
                && is_one_of(&waiver.agents, &intent.agent.id)
                && found.iter().any(|found| {
                    found.rule.key.name == waiver.rule.value
                        && matches!(
                            found.standing,
                            Standing::Broken | Standing::Undecided | Standing::Warned
                        )
                })
        };
        let expired = self.document.waivers.iter().filter(counts);
        let problem = |item: &Item<Waiver>| {
            let Waiver { rule, owner, expires, .. } = &item.value;
            let message = format!(
                "the waiver `{}` of `{rule}` has expired on {expires}, and counts as none",
                item.key
            );
            Diagnostic::warning("B504", intent.agent.id.span, message)
                .related_in(file, expires.span, "expired")
                .help(format!("meet the rule, or ask {owner} for another waiver"))
        };
        expired.map(problem).collect()
    }
}

fn waived(item: &Item<Waiver>, says: &str, span: Span, file: &str, now: Timestamp) -> Diagnostic {
    let Waiver { owner, reason, expires, .. } = &item.value;
    let seconds = expires.value.as_second().saturating_sub(now.as_second());
    let days = seconds.saturating_add(DAY - 1) / DAY;
    let left = if days == 1 { "1 day is left".to_owned() } else { format!("{days} days are left") };
    Diagnostic::note("B503", span, format!("waived, {left}: {says}"))
        .related_in(file, item.key.span, "waived here")
        .help(format!("{owner} answers for it: {reason}"))
}

/// Where the parts of the data stand in the text.
struct Places {
    data: Json,
    root: Option<Node>,
    /// For parts that do not stand anywhere.
    otherwise: Span,
}

impl Places {
    /// The place of a part, or of the innermost part around it that is written.
    fn span(&self, place: &[String]) -> Span {
        let (mut data, mut span) = (&self.data, self.otherwise);
        let Some(mut node) = self.root.as_ref() else { return span };
        for step in place {
            let index = step.parse::<usize>().ok().filter(|_| data.as_array().is_some());
            let next = match index {
                Some(index) => data.as_array().and_then(|items| items.get(index)),
                None => data.get(step),
            };
            let Some(next) = next else { return span };
            data = next;
            if step == "value" && node.entries().is_none() {
                continue;
            }
            // A mapping by ids is a list in the data.
            let name = match (index, next.get("name").and_then(Json::as_str)) {
                (Some(_), Some(name)) => name,
                _ => step.as_str(),
            };
            let entry = node.entries().and_then(|all| all.iter().find(|own| own.key.name == name));
            let item = index.and_then(|index| node.items()?.get(index));
            match (entry, item) {
                (Some(entry), _) => {
                    let is_plain = entry.value.entries().is_none() && entry.value.items().is_none();
                    span = if is_plain { entry.value.span } else { entry.key.span };
                    node = &entry.value;
                }
                (None, Some(item)) => (span, node) = (item.span, item),
                (None, None) => return span,
            }
        }
        span
    }
}
