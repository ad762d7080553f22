//! What rules do, and which events it can be done on.

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::Span;

use super::CompiledAction;
use super::build::Builder;
use crate::bundle::{Action, Escalation, EventName, Rule};
use crate::detect::{Kind, Kinds};
use crate::nearest;
use crate::problem::Place;
use crate::typing::{self, Site};
use crate::{Role, RuleId};

impl Builder {
    pub(super) fn action(
        &mut self,
        id: &RuleId,
        rule: &mut Rule,
        site: &Site,
        paths: &BTreeMap<String, Escalation>,
        roles: &BTreeSet<Role>,
    ) -> Option<CompiledAction> {
        if !is_possible(site.event, &rule.action) {
            let message = format!("`{}` cannot be done on `{:?}` events", rule.action, site.event)
                .to_lowercase();
            self.problem(
                "B256",
                Place::RuleAction(id.clone()),
                Span::default(),
                message,
                Some(possible(site.event)),
            );
            return None;
        }
        match &mut rule.action {
            Action::Block => Some(CompiledAction::Block),
            Action::Halt => Some(CompiledAction::Halt),
            Action::Warn => Some(CompiledAction::Warn),
            Action::Escalate { path } if paths.contains_key(path) => {
                Some(CompiledAction::Escalate(path.clone()))
            }
            Action::Escalate { path } => {
                let help = nearest::name(path, paths.keys().map(String::as_str))
                    .map(|near| format!("did you mean `{near}`?"));
                let message = format!("the escalation path `{path}` is not declared");
                self.problem("B256", Place::RuleAction(id.clone()), Span::default(), message, help);
                None
            }
            Action::RequireApproval(approval) => {
                let unknown = approval.roles.iter().find(|role| !roles.contains(*role));
                if let Some(role) = unknown {
                    let message = format!("nobody is declared to approve as `{role}`");
                    let help = Some("name the role under `ownership.approvers`".to_owned());
                    self.problem(
                        "B256",
                        Place::RuleAction(id.clone()),
                        Span::default(),
                        message,
                        help,
                    );
                    return None;
                }
                Some(CompiledAction::RequireApproval(approval.clone()))
            }
            Action::Set { path, value } => self.set(id, path, value, site),
            Action::Redact { kinds } => self.redact(id, kinds),
        }
    }

    /// The argument has to exist, and the value to be of its type.
    fn set(
        &mut self,
        id: &RuleId,
        path: &str,
        value: &mut String,
        site: &Site,
    ) -> Option<CompiledAction> {
        let shape = match typing::argument(path, &self.surroundings, site) {
            Ok(shape) => shape,
            Err(problem) => {
                let place = Place::RuleAction(id.clone());
                self.problem(problem.code, place, Span::default(), problem.message, problem.help);
                return None;
            }
        };
        let members: Option<Vec<String>> =
            path.strip_prefix("args.").map(|rest| rest.split('.').map(str::to_owned).collect());
        let Some(members) = members else {
            let message = "`set` changes an argument: `set args.x = …`".to_owned();
            self.problem("B256", Place::RuleAction(id.clone()), Span::default(), message, None);
            return None;
        };
        let (core, normal) = self.expression(value, &shape, site, || Place::RuleSet(id.clone()))?;
        *value = normal;
        Some(CompiledAction::Set { path: members, value: core })
    }

    /// The normal form names every kind: what a group holds may grow with a
    /// later version, and what was approved does not.
    fn redact(&mut self, id: &RuleId, names: &mut Vec<String>) -> Option<CompiledAction> {
        let mut kinds: Vec<Kind> = Vec::new();
        for name in names.iter() {
            match Kinds::named(name) {
                Ok(named) => kinds.extend(named.iter()),
                Err(unknown) => {
                    let (message, help) = (unknown.to_string(), Some(unknown.help()));
                    let place = Place::RuleAction(id.clone());
                    self.problem("B256", place, Span::default(), message, help);
                    return None;
                }
            }
        }
        let mut seen = Kinds::NONE;
        kinds.retain(|kind| {
            let is_new = !seen.contains(*kind);
            seen = seen | (*kind).into();
            is_new
        });
        *names = kinds.iter().map(|kind| kind.name().to_owned()).collect();
        Some(CompiledAction::Redact(kinds))
    }
}

/// The table of actions that each kind of event can take.
fn is_possible(event: EventName, action: &Action) -> bool {
    match action {
        Action::Warn => !matches!(event, EventName::Log),
        Action::Redact { .. } => {
            matches!(
                event,
                EventName::Result | EventName::Output | EventName::Request | EventName::Log
            )
        }
        Action::RequireApproval(_) | Action::Set { .. } => event == EventName::Call,
        Action::Block => event != EventName::End,
        Action::Escalate { .. } => !matches!(event, EventName::Log | EventName::Start),
        Action::Halt => {
            matches!(
                event,
                EventName::Call | EventName::Result | EventName::Output | EventName::Request
            )
        }
    }
}

fn possible(event: EventName) -> String {
    let actions = match event {
        EventName::Call => "block, halt, escalate, require approval, set and warn",
        EventName::Result | EventName::Output | EventName::Request => {
            "block, halt, escalate, redact and warn"
        }
        EventName::Log => "redact and block",
        EventName::Start => "block and warn",
        EventName::End => "escalate and warn",
    };
    format!("there are {actions}")
}
