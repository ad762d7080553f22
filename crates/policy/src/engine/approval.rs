//! Calls that wait for people, and the grants that let each of them happen once.

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::{Decimal, Json, SignedDuration, Timestamp};

use super::Machine;
use super::judge::Finding;
use crate::bundle::Approval;
use crate::decision::{Decision, Reason, Verdict};
use crate::event::Event;
use crate::past::Past;
use crate::policy::CompiledAction;
use crate::{EventId, PrincipalId, RuleId, SessionId, ToolName};

/// How long a grant may be used after it was given.
const VALID: SignedDuration = SignedDuration::from_hours(1);

/// Every call that waits or was granted and not used yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    calls: BTreeMap<(SessionId, EventId), HeldCall>,
}

/// One call that was held, with everything that a grant for it binds.
#[derive(Clone, Debug)]
struct HeldCall {
    who: Who,
    tool: ToolName,
    args: Json,
    demands: BTreeMap<RuleId, Demand>,
    /// Role and person of each approval, and when it was given.
    given: Vec<(String, Option<String>, Timestamp)>,
}

/// Whose call it is: the principal, or the session where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Principal(PrincipalId),
    Session(SessionId),
}

/// What one rule asks of an approval.
#[derive(Clone, Debug)]
struct Demand {
    approval: Approval,
    /// The most that each number may be for the grant to hold.
    shown: Vec<Decimal>,
}

/// What a grant is looked up by.
pub(super) struct Claim<'c> {
    pub(super) who: Who,
    pub(super) tool: &'c ToolName,
    pub(super) args: &'c Json,
    pub(super) now: Timestamp,
}

/// Names a held call.
pub(super) type HeldKey = (SessionId, EventId);

impl Held {
    /// An unused grant for exactly this call.
    pub(super) fn find(&self, claim: &Claim<'_>) -> Option<HeldKey> {
        let fits = |call: &HeldCall| {
            call.who == claim.who
                && call.tool == *claim.tool
                && call.args == *claim.args
                && !call.valid(claim.now).is_empty()
        };
        self.calls.iter().find(|(_, call)| fits(call)).map(|(key, _)| key.clone())
    }

    /// Whether the grant covers this rule as it fires now: the rule was shown,
    /// no number is larger than shown, and the right people agreed.
    pub(super) fn covers(&self, key: &HeldKey, finding: &Finding, now: Timestamp) -> bool {
        let Some(call) = self.calls.get(key) else { return false };
        let Some(demand) = call.demands.get(&finding.fired.id) else { return false };
        let no_larger = demand.shown.len() == finding.shown.len()
            && demand.shown.iter().zip(&finding.shown).all(|(shown, current)| current <= shown);
        no_larger && agreed(&demand.approval, &call.valid(now))
    }

    pub(super) fn consume(&mut self, key: &HeldKey) {
        self.calls.remove(key);
    }
}

impl HeldCall {
    fn valid(&self, now: Timestamp) -> Vec<(&str, Option<&str>)> {
        let fresh = self.given.iter().filter(|(_, _, at)| now.duration_since(*at) <= VALID);
        fresh.map(|(role, by, _)| (role.as_str(), by.as_deref())).collect()
    }
}

impl<H: Past> Machine<H> {
    /// Remembers a call that waits for a grant.
    pub(super) fn hold(&mut self, event: &Event, claim: &Claim<'_>, findings: &[Finding]) {
        let demands =
            findings.iter().filter_map(|finding| match &self.policy.rule(finding)?.action {
                CompiledAction::RequireApproval(approval) => {
                    let demand =
                        Demand { approval: approval.clone(), shown: finding.shown.clone() };
                    Some((finding.fired.id.clone(), demand))
                }
                _ => None,
            });
        let call = HeldCall {
            who: claim.who.clone(),
            tool: claim.tool.clone(),
            args: claim.args.clone(),
            demands: demands.collect(),
            given: Vec::new(),
        };
        self.state.held.calls.insert((event.session.clone(), event.id.clone()), call);
    }

    /// A person allows a held call once.
    pub(super) fn approve(
        &mut self,
        event: &Event,
        role: &str,
        call: &EventId,
        by: Option<&str>,
        now: Timestamp,
    ) -> Decision {
        let refused =
            |detail| Decision::refused(event.id.clone(), Verdict::Block, Reason::Malformed, detail);
        let Some(held) = self.state.held.calls.get_mut(&(event.session.clone(), call.clone()))
        else {
            return refused(format!("no call `{call}` of this session waits for a grant"));
        };
        let wanted: BTreeSet<&str> = held
            .demands
            .values()
            .flat_map(|demand| &demand.approval.roles)
            .map(crate::Role::as_str)
            .collect();
        if !wanted.contains(role) {
            let wanted: Vec<&str> = wanted.into_iter().collect();
            return refused(format!(
                "`{role}` does not approve this call; {} does",
                wanted.join(" or ")
            ));
        }
        held.given.push((role.to_owned(), by.map(str::to_owned), now));
        Decision::allowed(event.id.clone())
    }
}

/// Whether the roles are filled: any one of them, or each by a person of its own.
fn agreed(approval: &Approval, given: &[(&str, Option<&str>)]) -> bool {
    let roles: Vec<&str> = approval.roles.iter().map(crate::Role::as_str).collect();
    if !approval.all {
        return given.iter().any(|(role, _)| roles.contains(role));
    }
    assign(&roles, given, &mut Vec::new())
}

/// Finds a distinct person for each role. There are a handful of roles, so
/// trying every assignment is quick.
fn assign<'g>(
    roles: &[&str],
    given: &[(&str, Option<&'g str>)],
    taken: &mut Vec<Option<&'g str>>,
) -> bool {
    let Some((role, rest)) = roles.split_first() else { return true };
    given.iter().filter(|(own, _)| own == role).any(|(_, person)| {
        // An approval without a name is nobody's second one.
        if taken.contains(person) {
            return false;
        }
        taken.push(*person);
        let filled = assign(rest, given, taken);
        taken.pop();
        filled
    })
}
