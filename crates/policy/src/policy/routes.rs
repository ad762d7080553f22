//! Which rules and which terms an event concerns, and how a tool's calls are
//! handled, found once when a policy is built.

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::SignedDuration;

use super::CompiledRule;
use crate::ToolName;
use crate::bundle::EventName;
use crate::clearance::Clearance;
use crate::core::{Core, Root, Term, TermId};
use crate::table::Table;

/// Looked up instead of asking every rule and every term.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    tools: Table<ToolName, ToolRoutes>,
    /// Rules about events without a tool.
    others: BTreeMap<EventName, Vec<usize>>,
    /// Terms whose filter reads nothing but the counted call's own arguments.
    pub(super) fixed: BTreeSet<TermId>,
}

/// What concerns the calls of one tool: all that it takes to clear one.
#[derive(Debug, Default)]
pub(crate) struct ToolRoutes {
    /// Rules about its calls, and about its results.
    pub(crate) calls: Vec<usize>,
    pub(crate) results: Vec<usize>,
    /// Terms that count its calls.
    pub(crate) counting: Vec<TermId>,
    /// Terms that begin anew with a permit of it.
    pub(crate) restarting: Vec<TermId>,
    /// Terms that count only after a success of it.
    pub(crate) preparing: Vec<TermId>,
    /// After so long without a result a call is lost.
    pub(crate) timeout: SignedDuration,
    /// What clears a call at once; `None` where nothing does.
    pub(crate) clearance: Option<Clearance>,
}

impl Routes {
    pub(super) fn new(rules: &[CompiledRule], terms: &[Term]) -> Self {
        let mut routes = Self::default();
        for (index, rule) in rules.iter().enumerate() {
            match rule.event {
                EventName::Call => routes.of(&rule.tools, |tool| tool.calls.push(index)),
                EventName::Result => routes.of(&rule.tools, |tool| tool.results.push(index)),
                other => routes.others.entry(other).or_default().push(index),
            }
        }
        for (id, term) in terms.iter().enumerate() {
            routes.of(&term.tools, |tool| tool.counting.push(id));
            routes.of(term.since.iter().flatten(), |tool| tool.restarting.push(id));
            routes.of(term.after.iter().flatten(), |tool| tool.preparing.push(id));
            if term.filter.as_ref().is_none_or(reads_only_args) {
                routes.fixed.insert(id);
            }
        }
        routes
    }

    fn of<'t>(
        &mut self,
        tools: impl IntoIterator<Item = &'t ToolName>,
        mut enter: impl FnMut(&mut ToolRoutes),
    ) {
        for tool in tools {
            enter(self.tools.find_or_new(tool));
        }
    }

    /// How calls of a declared tool are handled.
    pub(super) fn handle(
        &mut self,
        tool: &ToolName,
        timeout: SignedDuration,
        clearance: Option<Clearance>,
    ) {
        let routes = self.tools.find_or_new(tool);
        (routes.timeout, routes.clearance) = (timeout, clearance);
    }

    /// What concerns a tool; nothing where nobody declared it.
    pub(super) fn to(&self, tool: &ToolName) -> &ToolRoutes {
        const NOWHERE: &ToolRoutes = &ToolRoutes {
            calls: Vec::new(),
            results: Vec::new(),
            counting: Vec::new(),
            restarting: Vec::new(),
            preparing: Vec::new(),
            timeout: SignedDuration::ZERO,
            clearance: None,
        };
        self.tools.find(tool).unwrap_or(NOWHERE)
    }

    /// The rules about an event without a tool.
    pub(super) fn at(&self, event: EventName) -> &[usize] {
        self.others.get(&event).map_or(&[], Vec::as_slice)
    }
}

/// Whether the value depends on nothing but the arguments of one call.
fn reads_only_args(core: &Core) -> bool {
    !core.has_part(&|part| match part {
        Core::Path(path) | Core::Has(path) => {
            !matches!(path.root, Root::Args | Root::Variable(_) | Root::Agent)
        }
        Core::History(..)
        | Core::Label(_)
        | Core::Origin(..)
        | Core::Approved
        | Core::WindowOpen(_) => true,
        _ => false,
    })
}
