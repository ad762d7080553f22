//! Calls that wait for people, and the grants that let each of them happen once.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use bounden_base::{Digest, SignedDuration, Timestamp};

use super::Machine;
use super::call::Call;
use super::judge::Finding;
use crate::bundle::Approval;
use crate::decision::{Decision, Reason, Verdict};
use crate::event::Event;
use crate::explain::Shown;
use crate::past::Past;
use crate::policy::CompiledAction;
use crate::table::Table;
use crate::{Arguments, EventId, PrincipalId, RuleId, SessionId, ToolName};

/// How long a grant may be used after it was given.
const VALID: SignedDuration = SignedDuration::from_hours(1);

/// Every call that waits or was granted and not used yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    calls: BTreeMap<HeldKey, HeldCall>,
    /// The held calls of each claimant, by the digest of their arguments.
    claims: Table<Claimant<'static>, BTreeMap<Digest, BTreeSet<HeldKey>>>,
}

/// One call that was held, with everything that a grant for it binds.
#[derive(Clone, Debug)]
struct HeldCall {
    claimant: Claimant<'static>,
    args: Digest,
    demands: BTreeMap<RuleId, Demand>,
    /// Role and person of each approval, and when it was given.
    given: Vec<(String, Option<String>, Timestamp)>,
}

/// Who may use a grant, and for which tool.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Claimant<'a> {
    who: Who<'a>,
    tool: Cow<'a, ToolName>,
}

/// Whose call it is: the principal, or the session where there is none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Who<'a> {
    Principal(Cow<'a, PrincipalId>),
    Session(Cow<'a, SessionId>),
}

/// What one rule asks of an approval.
#[derive(Clone, Debug)]
struct Demand {
    approval: Approval,
    shown: Vec<Shown>,
}

/// Names a held call.
pub(super) type HeldKey = (SessionId, EventId);

impl Held {
    /// The first unused grant for exactly this call that covers all that the
    /// rules ask of it now.
    fn grant(
        &self,
        claimant: &Claimant<'_>,
        args: &Arguments,
        findings: &[Finding],
        now: Timestamp,
    ) -> Option<HeldKey> {
        let claims: &Table<Claimant<'_>, BTreeMap<Digest, BTreeSet<HeldKey>>> = &self.claims;
        let held = claims.find(claimant)?.get(&args.digest())?;
        let covers = |call: &HeldCall| {
            call.is_granted(now)
                && findings.iter().filter(|finding| finding.asks()).all(|found| call.covers(found))
        };
        held.iter().find(|key| self.calls.get(*key).is_some_and(covers)).cloned()
    }

    fn hold(&mut self, key: HeldKey, call: HeldCall) {
        let claims = self.claims.find_or_new(&call.claimant);
        claims.entry(call.args).or_default().insert(key.clone());
        self.calls.insert(key, call);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    pub(super) fn consume(&mut self, key: &HeldKey) {
        let Some(call) = self.calls.remove(key) else { return };
        let Some(claims) = self.claims.find_mut(&call.claimant) else { return };
        if let Some(keys) = claims.get_mut(&call.args) {
            keys.remove(key);
        }
        claims.retain(|_, keys| !keys.is_empty());
        if claims.is_empty() {
            self.claims.remove(&call.claimant);
        }
    }
}

impl<'a> Claimant<'a> {
    fn of(call: &Call<'a>, principal: Option<&'a PrincipalId>) -> Self {
        let session = || Who::Session(Cow::Borrowed(&call.event.session));
        let who = principal.map_or_else(session, |id| Who::Principal(Cow::Borrowed(id)));
        Self { who, tool: Cow::Borrowed(call.tool) }
    }

    fn into_owned(self) -> Claimant<'static> {
        let who = match self.who {
            Who::Principal(id) => Who::Principal(Cow::Owned(id.into_owned())),
            Who::Session(id) => Who::Session(Cow::Owned(id.into_owned())),
        };
        Claimant { who, tool: Cow::Owned(self.tool.into_owned()) }
    }
}

impl HeldCall {
    /// Whether everybody has agreed whom the rules wanted.
    fn is_granted(&self, now: Timestamp) -> bool {
        let fresh = self.given.iter().filter(|(_, _, at)| now.duration_since(*at) <= VALID);
        let given: Vec<_> = fresh.map(|(role, by, _)| (role.as_str(), by.as_deref())).collect();
        !given.is_empty() && self.demands.values().all(|demand| agreed(&demand.approval, &given))
    }

    /// Whether a rule was shown as it fires now, or as something worse.
    fn covers(&self, finding: &Finding) -> bool {
        self.demands.get(&finding.fired.id).is_some_and(|demand| {
            demand.shown.len() == finding.shown.len()
                && demand.shown.iter().zip(&finding.shown).all(|(shown, now)| shown.covers(now))
        })
    }
}

impl<H: Past> Machine<H> {
    /// Remembers a call that waits for a grant.
    pub(super) fn hold(&mut self, call: &Call<'_>, args: &Arguments, findings: &[Finding]) {
        let asking = findings.iter().filter(|finding| finding.asks());
        let demands = asking.filter_map(|finding| match &self.policy.rule(finding)?.action {
            CompiledAction::RequireApproval(approval) => {
                let demand = Demand { approval: approval.clone(), shown: finding.shown.clone() };
                Some((finding.fired.id.clone(), demand))
            }
            _ => None,
        });
        let held = HeldCall {
            claimant: Claimant::of(call, self.principal(call)).into_owned(),
            args: args.digest(),
            demands: demands.collect(),
            given: Vec::new(),
        };
        self.state.held.hold((call.event.session.clone(), call.event.id.clone()), held);
    }

    /// The grant that lets a call with these arguments happen, whatever asks for one.
    pub(super) fn grant(
        &self,
        call: &Call<'_>,
        args: &Arguments,
        findings: &[Finding],
    ) -> Option<HeldKey> {
        if self.state.held.calls.is_empty() {
            return None;
        }
        let claimant = Claimant::of(call, self.principal(call));
        self.state.held.grant(&claimant, args, findings, call.now)
    }

    fn principal(&self, call: &Call<'_>) -> Option<&PrincipalId> {
        self.state.sessions.find(&call.event.session)?.principal.as_ref()
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
    match roles.as_slice() {
        [role] => given.iter().any(|(own, _)| own == role),
        _ => assign(&roles, given, &mut Vec::new()),
    }
}

/// Finds a distinct person for each role; where there are several roles, nobody
/// without a name. There are a handful of roles, so trying every assignment is quick.
fn assign<'g>(roles: &[&str], given: &[(&str, Option<&'g str>)], taken: &mut Vec<&'g str>) -> bool {
    let Some((role, rest)) = roles.split_first() else { return true };
    let people = given.iter().filter(|(own, _)| own == role).filter_map(|(_, person)| *person);
    people.into_iter().any(|person| {
        if taken.contains(&person) {
            return false;
        }
        taken.push(person);
        let filled = assign(rest, given, taken);
        taken.pop();
        filled
    })
}
