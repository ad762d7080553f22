//! Which rules and which terms an event concerns, found once when a policy is built.

use std::collections::{BTreeMap, BTreeSet};

use super::CompiledRule;
use crate::ToolName;
use crate::bundle::EventName;
use crate::core::{Core, Root, Term, TermId};

/// Looked up instead of asking every rule and every term.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    /// Rules about calls, and about results, of each tool.
    pub(super) calls: BTreeMap<ToolName, Vec<usize>>,
    pub(super) results: BTreeMap<ToolName, Vec<usize>>,
    /// Rules about events without a tool.
    pub(super) others: BTreeMap<EventName, Vec<usize>>,
    /// Terms that count calls of a tool.
    pub(super) counting: BTreeMap<ToolName, Vec<TermId>>,
    /// Terms that begin anew with a permit of a tool.
    pub(super) restarting: BTreeMap<ToolName, Vec<TermId>>,
    /// Terms that count only after a success of a tool.
    pub(super) preparing: BTreeMap<ToolName, Vec<TermId>>,
    /// Terms that read nothing but the counted call's own arguments.
    pub(super) fixed: BTreeSet<TermId>,
}

impl Routes {
    pub(super) fn new(rules: &[CompiledRule], terms: &[Term]) -> Self {
        let mut routes = Self::default();
        for (index, rule) in rules.iter().enumerate() {
            let by_tool = match rule.event {
                EventName::Call => &mut routes.calls,
                EventName::Result => &mut routes.results,
                other => {
                    routes.others.entry(other).or_default().push(index);
                    continue;
                }
            };
            for tool in &rule.tools {
                by_tool.entry(tool.clone()).or_default().push(index);
            }
        }
        for (id, term) in terms.iter().enumerate() {
            let enter = |routes: &mut BTreeMap<ToolName, Vec<TermId>>,
                         tools: &BTreeSet<ToolName>| {
                for tool in tools {
                    routes.entry(tool.clone()).or_default().push(id);
                }
            };
            enter(&mut routes.counting, &term.tools);
            enter(&mut routes.restarting, term.since.as_ref().unwrap_or(&BTreeSet::new()));
            enter(&mut routes.preparing, term.after.as_ref().unwrap_or(&BTreeSet::new()));
            if [&term.by, &term.filter, &term.sum].into_iter().flatten().all(reads_only_args) {
                routes.fixed.insert(id);
            }
        }
        routes
    }
}

/// Whether the value depends on nothing but the arguments of one call.
fn reads_only_args(core: &Core) -> bool {
    match core {
        Core::Bool(_) | Core::Number(_) | Core::Text(_) | Core::List(_) => true,
        Core::Path(path) | Core::Has(path) => {
            matches!(path.root, Root::Args | Root::Variable(_) | Root::Agent)
        }
        Core::Not(of)
        | Core::Size(of)
        | Core::Canonical(_, of)
        | Core::Matches(of, _, _)
        | Core::Detects(of, _, _) => reads_only_args(of),
        Core::And(a, b) | Core::Or(a, b) | Core::Arithmetic(_, a, b) | Core::Quantify(_, a, b) => {
            reads_only_args(a) && reads_only_args(b)
        }
        Core::Compare(_, pair) | Core::In(pair) | Core::Text2(_, pair) => {
            reads_only_args(&pair.left) && reads_only_args(&pair.right)
        }
        Core::Choose(a, b, c) => [a, b, c].into_iter().all(|part| reads_only_args(part)),
        Core::History(..) | Core::Label(_) | Core::Approved | Core::WindowOpen(_) => false,
    }
}
