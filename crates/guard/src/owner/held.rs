//! The calls that wait for a person.

use std::collections::BTreeMap;

use bounden_base::{Json, Timestamp};
use bounden_policy::{Decision, Event, EventBody, EventId, SessionId, ToolName, Verdict};

use super::protocol::HeldCall;

/// More than anybody works off; the oldest go first.
const LIMIT: usize = 1000;

#[derive(Default)]
pub(super) struct Held {
    /// By the number in the call's id, so that the first is the oldest.
    calls: BTreeMap<u64, HeldCall>,
}

impl Held {
    /// Learns from a decision: a call is held, a grant arrives, a grant is used.
    pub(super) fn observe(&mut self, event: &Event, decision: &Decision, at: Timestamp) {
        match &event.body {
            EventBody::Call { tool, args, .. } => {
                let arguments = decision.args.as_ref().unwrap_or_else(|| args.value_or_null());
                if decision.verdict == Verdict::RequireApproval {
                    let demands = decision.rules.iter().map(|rule| rule.action.clone());
                    self.hold(HeldCall {
                        call: event.id.clone(),
                        session: event.session.clone(),
                        principal: event.principal.clone(),
                        tool: tool.clone(),
                        arguments: arguments.clone(),
                        demands: demands.collect(),
                        at,
                        granted: Vec::new(),
                    });
                } else if decision.verdict.permits() {
                    self.release(event, tool, arguments);
                }
            }
            EventBody::Approve { role, call, .. } if decision.verdict.permits() => {
                if let Some(held) = number(call).and_then(|number| self.calls.get_mut(&number)) {
                    held.granted.push(role.as_str().into());
                }
            }
            _ => {}
        }
    }

    pub(super) fn session_of(&self, call: &EventId) -> Option<SessionId> {
        Some(self.calls.get(&number(call)?)?.session.clone())
    }

    pub(super) fn calls(&self) -> Vec<HeldCall> {
        self.calls.values().cloned().collect()
    }

    pub(super) fn len(&self) -> u64 {
        self.calls.len() as u64
    }

    fn hold(&mut self, call: HeldCall) {
        let Some(number) = number(&call.call) else { return };
        self.calls.insert(number, call);
        if self.calls.len() > LIMIT {
            self.calls.pop_first();
        }
    }

    /// A granted call that went through no longer waits.
    fn release(&mut self, event: &Event, tool: &ToolName, arguments: &Json) {
        let used = self.calls.iter().find(|(_, held)| {
            !held.granted.is_empty()
                && held.principal == event.principal
                && held.tool == *tool
                && held.arguments == *arguments
        });
        if let Some(number) = used.map(|(number, _)| *number) {
            self.calls.remove(&number);
        }
    }
}

fn number(call: &EventId) -> Option<u64> {
    call.as_str().strip_prefix('e')?.parse().ok()
}
