//! What a comparison rests on where nothing became wider, and the check of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use bounden_base::{Digest, Json, JsonError};
use serde::{Deserialize, Serialize};

use super::budget::Budget;
use super::comparison::{Bar, Calls, Comparison};
use super::rules::Answers;
use super::trial::Trial;
use super::widening::{Answer, Argument, Cell, elsewhere, tools_of};
use crate::decision::Verdict;
use crate::{Policy, RuleId, SEMANTICS, ToolName};

/// The version of the method by which proofs are made and checked.
pub const METHOD: u32 = 1;

/// The reasons why no call became possible, one for each verdict of each rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// [`METHOD`] by which it was made.
    pub method: u32,
    /// The decision semantics that it speaks of.
    pub semantics: u32,
    /// The policy that runs.
    pub before: Digest,
    /// The policy that is to run.
    pub after: Digest,
    /// What is compared: calls, in the same state and with the same past.
    pub fragment: String,
    /// For each tool why each verdict against its calls still stands.
    tools: BTreeMap<ToolName, Vec<Reason>>,
}

/// Why one verdict still stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    /// The rule that gave the verdict; without one, the tool refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rule: Option<RuleId>,
    verdict: Verdict,
    /// About calls whose arguments are no longer taken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    refused: bool,
    /// A rule that asks the same and is as strict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    same: Option<RuleId>,
    /// Rules that together stand against every such call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    covered: Option<Vec<RuleId>>,
}

/// A certificate does not show what it says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// Made by another method, or for other semantics.
    #[error("the certificate was made by method {0}; this is method {METHOD}")]
    Method(u32),
    /// About other policies.
    #[error("the certificate is about other policies")]
    Policies,
    /// A verdict has no reason, or one that does not hold.
    #[error("of `{tool}`, {verdict} by {rule} is not shown to stand", verdict = .verdict.name())]
    Unfounded {
        /// The tool that is called.
        tool: ToolName,
        /// The rule, or the tool itself.
        rule: String,
        /// The verdict that calls may escape.
        verdict: Verdict,
    },
    /// Budgets, or rules about other events than calls, are wider or not compared.
    #[error("{0}")]
    Elsewhere(String),
}

impl Certificate {
    pub(super) fn new(
        before: &Policy,
        after: &Policy,
        cells: BTreeMap<ToolName, Vec<Cell>>,
    ) -> Self {
        let tools = cells
            .into_iter()
            .map(|(tool, cells)| (tool, cells.into_iter().map(Reason::of).collect()));
        Self {
            method: METHOD,
            semantics: SEMANTICS,
            before: before.digest(),
            after: after.digest(),
            fragment: "calls, in the same state and with the same past".to_owned(),
            tools: tools.collect(),
        }
    }

    /// How many verdicts of rules are shown to stand.
    #[must_use]
    pub fn verdicts(&self) -> usize {
        self.tools.values().map(Vec::len).sum()
    }

    /// How many tools these verdicts are about.
    #[must_use]
    pub fn tools(&self) -> usize {
        self.tools.values().filter(|reasons| !reasons.is_empty()).count()
    }

    /// The certificate as JSON.
    ///
    /// # Errors
    /// None in practice.
    pub fn to_json(&self) -> Result<Json, JsonError> {
        Json::from_serialize(self)
    }

    /// The digest of the certificate, for what binds it.
    ///
    /// # Errors
    /// None in practice.
    pub fn digest(&self) -> Result<Digest, JsonError> {
        Ok(self.to_json()?.digest())
    }
}

impl Reason {
    fn of(cell: Cell) -> Self {
        let Cell { calls, rule, verdict, argument } = cell;
        let (same, covered) = match argument {
            Argument::Same(same) => (Some(same), None),
            Argument::Covered(by) => (None, Some(by)),
        };
        Self { rule, verdict, refused: calls == Calls::Refused, same, covered }
    }

    fn is_about(&self, comparison: &Comparison<'_>, (rule, verdict): Bar<'_, '_>) -> bool {
        self.rule.as_ref() == rule.map(|rule| &rule.rule.id)
            && self.verdict == verdict
            && self.refused == (comparison.calls == Calls::Refused)
    }

    /// Whether the reason holds; only the rules that it names are looked at.
    fn holds<'a>(&self, comparison: &Comparison<'a>, bar: Bar<'_, 'a>) -> bool {
        let named = |id: &RuleId| comparison.after.iter().find(|other| other.rule.id == *id);
        match (&self.same, &self.covered, bar.0) {
            (Some(same), None, Some(rule)) => {
                comparison.same_as(rule).is_some_and(|other| other.rule.id == *same)
            }
            (None, Some(by), _) => {
                let by: Option<Vec<&Answers<'a>>> = by.iter().map(named).collect();
                comparison.caveat().is_none()
                    && by.is_some_and(|by| comparison.is_covered(bar, &by))
            }
            _ => false,
        }
    }
}

/// Checks that `after` permits nothing that `before` does not, by the reasons
/// in the certificate: no call is searched for, and of each verdict only the
/// rules are looked at that the certificate names.
///
/// # Errors
/// Says which reason does not hold.
pub fn check(
    certificate: &Certificate,
    before: &Arc<Policy>,
    after: &Arc<Policy>,
) -> Result<(), CertificateError> {
    if certificate.method != METHOD || certificate.semantics != SEMANTICS {
        return Err(CertificateError::Method(certificate.method));
    }
    if certificate.before != before.digest() || certificate.after != after.digest() {
        return Err(CertificateError::Policies);
    }
    // What sufficed to find the reasons is enough to check them.
    let budget = Budget::new();
    let trial = Trial { before, after, budget: &budget };
    for (part, answer) in elsewhere(trial) {
        if let Answer::NotProven(because) = answer {
            return Err(CertificateError::Elsewhere(format!("{part}: {because}")));
        }
        if let Answer::Wider(witness) = answer {
            return Err(CertificateError::Elsewhere(format!("{part}: {}", witness.sentence)));
        }
    }
    for tool in tools_of(trial) {
        let reasons = certificate.tools.get(tool).map_or(&[][..], Vec::as_slice);
        for comparison in Comparison::all(trial.sides(), tool, &budget) {
            for bar in comparison.bars() {
                budget.ask();
                let mut own = reasons.iter().filter(|reason| reason.is_about(&comparison, bar));
                if !own.any(|reason| reason.holds(&comparison, bar)) {
                    return Err(unfounded(tool, bar));
                }
            }
        }
    }
    Ok(())
}

fn unfounded(tool: &ToolName, (rule, verdict): Bar<'_, '_>) -> CertificateError {
    let rule = rule.map_or("its arguments".to_owned(), |rule| format!("`{}`", rule.rule.id));
    CertificateError::Unfounded { tool: tool.clone(), rule, verdict }
}
