//! Tools of which no call is ever let through, whatever it is and whatever came before.

use super::super::comparison::{Comparison, ids};
use super::super::rules::Answers;
use super::{Weakness, needed};
use crate::decision::Verdict;

/// The tool, with the rules that together stop every call of it. One rule
/// without a condition is no mistake.
pub(super) fn barred(tool: &Comparison<'_>) -> Option<Weakness> {
    if tool.caveat().is_some() {
        return None;
    }
    tool.space.budget.ask();
    let all: Vec<&Answers<'_>> = tool.after.iter().collect();
    let by =
        needed(all, |by| tool.is_never(by.iter().map(|rule| rule.milder_than(Verdict::Escalate))))?;
    let is_meant = by.iter().all(|rule| by.len() == 1 && rule.rule.when.is_none());
    (!is_meant).then(|| Weakness::Barred { tool: tool.tool.clone(), by: ids(&by) })
}
