//! Findings about what an intent means. One file each: its opening comment is
//! the page that `bounden explain` prints, and both examples in it are tested.

mod edits;

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use bounden_base::{Diagnostic, Edit};
use bounden_policy::analysis::{Weakness, weaknesses};
use bounden_policy::{Bundle, Contracts, Policy, Reading, RuleId};

use crate::intent::{Intent, Invariant};
use crate::pages::Page;
use crate::read::Item;

/// What a lint looks at.
pub(crate) struct Subject<'a> {
    /// The text of the document, for repairs.
    pub(crate) source: &'a str,
    pub(crate) intent: &'a Intent,
    pub(crate) contracts: Option<&'a Contracts>,
    /// What it compiles to, where it does.
    pub(crate) policy: Option<&'a Arc<Policy>>,
    /// What in the policy can do nothing, once a lint has asked.
    weaknesses: OnceCell<Vec<Weakness>>,
    /// What each expression of the policy reads, by its text, once a lint has asked.
    readings: OnceCell<BTreeMap<&'a str, Reading>>,
}

struct Lint {
    page: Page,
    run: fn(&Subject<'_>, &mut Vec<Diagnostic>),
}

macro_rules! lints {
    ($($name:ident,)+) => {
        $(mod $name;)+

        const LINTS: &[Lint] = &[$(Lint {
            page: Page {
                code: $name::CODE,
                text: include_str!(concat!("lint/", stringify!($name), ".rs")),
            },
            run: $name::lint,
        }),+];
    };
}

lints! {
    exclusion_without_path,
    mechanism_missing,
    failure_mode_missing,
    discretionary_action,
    criterion_checks_nothing,
    criterion_output_only,
    tool_never_used,
    threshold_without_accumulation,
    preference_like_invariant,
    money_without_currency,
    unanchored_pattern,
    exact_version,
    model_alias,
    drift_review_unscheduled,
    limit_absent,
    rules_duplicate,
    scope_against_effects,
    toxic_combination,
    reviewer_in_team,
    rule_in_shadow,
    privilege_without_rule,
    path_never_used,
    binding_never_used,
    origin_observed,
    environment_unknown,
    control_unproven,
    invariant_like_preference,
    spending_without_money,
    exclusions_absent,
    criteria_absent,
    effects_against_annotations,
    promise_beyond_trials,
    promise_out_of_range,
    criterion_unknown,
    examples_too_few,
    examples_overlap,
    example_misrouted,
    rule_never_fires,
    event_unseen,
    rule_outranked,
    failure_mode_unreachable,
    rules_conflict,
    tool_barred,
    owner_unnamed,
    model_retiring,
    target_beyond_baseline,
    approvals_absent,
    limit_zero,
    environment_empty,
    effects_repeated,
    escalation_blocked,
    promise_beyond_traffic,
    promise_without_half_life,
    approver_never_asked,
    approval_promised,
    server_never_used,
    window_never_used,
    section_unknown,
    rung_unowned,
    preference_unmeasured,
    consequence_unknown,
    tool_denied,
    topics_absent,
    label_never_set,
    target_out_of_range,
}

/// The findings of all lints.
pub(crate) fn lint(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for lint in LINTS {
        (lint.run)(subject, &mut found);
    }
    found
}

/// The pages of all lints.
pub(crate) fn pages() -> impl Iterator<Item = &'static Page> {
    LINTS.iter().map(|lint| &lint.page)
}

impl<'a> Subject<'a> {
    pub(crate) fn new(
        source: &'a str,
        intent: &'a Intent,
        contracts: Option<&'a Contracts>,
        policy: Option<&'a Arc<Policy>>,
    ) -> Self {
        Self {
            source,
            intent,
            contracts,
            policy,
            weaknesses: OnceCell::new(),
            readings: OnceCell::new(),
        }
    }

    /// What in the policy can do nothing; none where the intent does not compile.
    fn weaknesses(&self) -> &[Weakness] {
        let found = || self.policy.map(|policy| weaknesses(policy)).unwrap_or_default();
        self.weaknesses.get_or_init(found)
    }

    /// What every expression of rules and criteria reads.
    fn readings(&self) -> &BTreeMap<&'a str, Reading> {
        self.readings.get_or_init(|| {
            let bundle = self.policy.map(|policy| policy.bundle());
            let texts = bundle.into_iter().flat_map(|bundle| {
                let rules = bundle.rules.values().filter_map(|rule| rule.when.as_ref());
                let criteria = bundle.criteria.values().flat_map(|criterion| {
                    let expected = criterion.expect.iter().map(|clause| &clause.expr);
                    criterion.given.iter().chain(expected)
                });
                rules.chain(criteria)
            });
            texts.filter_map(|text| Some((text.as_str(), Reading::of(text)?))).collect()
        })
    }

    /// What one of these expressions reads.
    fn reading(&self, text: &str) -> Option<&Reading> {
        self.readings().get(text)
    }

    /// The invariant that a rule was compiled from.
    fn invariant(&self, id: &RuleId) -> Option<&'a Item<Invariant>> {
        self.intent.invariants.iter().find(|item| item.key.name == id.as_str())
    }

    /// The compiled bundle, where the intent compiles.
    fn bundle(&self) -> Option<&'a Bundle> {
        self.policy.map(|policy| policy.bundle())
    }

    /// The only escalation path, if there is just one.
    fn only_path(&self) -> Option<&str> {
        let mut names = self.intent.escalations.names();
        names.next().filter(|_| names.next().is_none())
    }
}

/// The finding with a repair that needs a person's eye, if there is one.
fn with_fix(problem: Diagnostic, edits: Option<Vec<Edit>>) -> Diagnostic {
    match edits {
        Some(edits) => problem.fix(edits, false),
        None => problem,
    }
}

/// The finding with a repair that lets the agent do nothing more, if there is one.
fn with_safe_fix(problem: Diagnostic, edits: Option<Vec<Edit>>) -> Diagnostic {
    match edits {
        Some(edits) => problem.fix(edits, true),
        None => problem,
    }
}

/// The repair that adds an invariant after the last one.
fn new_invariant(subject: &Subject<'_>, lines: &[String]) -> Option<Vec<Edit>> {
    let last = subject.intent.invariants.iter().last()?;
    edits::lines_after(subject.source, last.key.span, last.value.span, lines)
}

/// Names in a sentence: `a`, `b` and `c`, each as code.
fn listed<T: std::fmt::Display>(names: &[T]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => names.concat(),
    }
}

/// Whether a text has one of the words, whatever the case.
fn says(text: &str, words: &[&str]) -> bool {
    let text = text.to_lowercase();
    let mut parts = text.split(|c: char| !c.is_alphanumeric());
    let padded = parts.by_ref().fold(String::from(" "), |all, part| all + part + " ");
    words.iter().any(|word| padded.contains(&format!(" {word} ")))
}

#[cfg(test)]
mod tests;
