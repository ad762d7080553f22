//! Calls that wait for people, and the grants that let each of them happen once.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use bounden_base::{Digest, SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Machine;
use super::call::Call;
use super::judge::Finding;
use super::room::Full;
use crate::bundle::Approval;
use crate::decision::{Decision, Reason, Verdict};
use crate::event::Event;
use crate::explain::Shown;
use crate::past::Past;
use crate::policy::CompiledAction;
use crate::table::Table;
use crate::{Arguments, EventId, PrincipalId, Role, RuleId, SessionId, ToolName, cost};

/// How long a grant may be used after it was given.
const VALID: SignedDuration = SignedDuration::from_hours(1);

/// How long a call waits for a grant; after that it has to be submitted again.
const WAITS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Every call that waits or was granted and not used yet.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Held {
    calls: BTreeMap<HeldKey, HeldCall>,
    /// The held calls of each claimant, by the digest of their arguments.
    #[serde(skip)]
    claims: Table<Claimant<'static>, BTreeMap<Digest, BTreeSet<HeldKey>>>,
    /// When a held call is forgotten.
    #[serde(skip)]
    ends: BTreeSet<(Timestamp, HeldKey)>,
    #[serde(skip)]
    bytes: usize,
}

/// One call that was held, with everything that a grant for it binds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct HeldCall {
    claimant: Claimant<'static>,
    args: Digest,
    demands: BTreeMap<RuleId, Demand>,
    /// When each role and person has approved last.
    given: BTreeMap<(Role, Option<String>), Timestamp>,
    /// When it is forgotten.
    end: Timestamp,
}

/// Who may use a grant, and for which tool.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Claimant<'a> {
    who: Who<'a>,
    tool: Cow<'a, ToolName>,
}

/// Whose call it is: the principal, or the session where there is none.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
enum Who<'a> {
    Principal(Cow<'a, PrincipalId>),
    Session(Cow<'a, SessionId>),
}

/// What one rule asks of an approval.
#[derive(Clone, Debug, Serialize, Deserialize)]
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

    /// Finds anew what is not written in a snapshot.
    pub(super) fn rebuild(&mut self) {
        for (key, call) in std::mem::take(&mut self.calls) {
            self.hold(key, call);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.calls.len()
    }

    /// Bytes that the held calls take.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Forgets what has waited for too long.
    pub(super) fn expire(&mut self, now: Timestamp) {
        while let Some((end, key)) = self.ends.first()
            && *end < now
        {
            let key = key.clone();
            self.consume(&key);
        }
    }

    fn hold(&mut self, key: HeldKey, call: HeldCall) {
        self.consume(&key);
        self.bytes += call.bytes(&key);
        self.ends.insert((call.end, key.clone()));
        let claims = self.claims.find_or_new(&call.claimant);
        claims.entry(call.args).or_default().insert(key.clone());
        self.calls.insert(key, call);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    fn give(&mut self, key: &HeldKey, who: (Role, Option<String>), now: Timestamp) {
        let Some(call) = self.calls.get_mut(key) else { return };
        self.bytes -= call.bytes(key);
        call.given.insert(who, now);
        self.bytes += call.bytes(key);
        // What was granted can be used for as long as any grant.
        let end = now.checked_add(VALID).unwrap_or(Timestamp::MAX).max(call.end);
        self.ends.remove(&(call.end, key.clone()));
        self.ends.insert((end, key.clone()));
        call.end = end;
    }

    pub(super) fn consume(&mut self, key: &HeldKey) {
        let Some(call) = self.calls.remove(key) else { return };
        self.bytes -= call.bytes(key);
        self.ends.remove(&(call.end, key.clone()));
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
    /// Bytes of its names.
    fn bytes(&self) -> usize {
        let who = match &self.who {
            Who::Principal(id) => id.as_str().len(),
            Who::Session(id) => id.as_str().len(),
        };
        who + self.tool.as_str().len()
    }

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
    /// Bytes that the call takes, with the names that find it.
    pub(super) fn bytes(&self, (session, event): &HeldKey) -> usize {
        let demand = |(rule, demand): (&RuleId, &Demand)| {
            let roles = demand.approval.roles.iter().map(|role| cost::text(role.as_str()));
            let shown = demand.shown.iter().map(Shown::bytes);
            cost::text(rule.as_str()) + roles.chain(shown).sum::<usize>()
        };
        cost::HELD
            + 3 * (session.as_str().len() + event.as_str().len())
            + 2 * self.claimant.bytes()
            + self.demands.iter().map(demand).sum::<usize>()
            + self
                .given
                .keys()
                .map(|(role, by)| given_bytes(role.as_str(), by.as_deref()))
                .sum::<usize>()
    }

    /// Everybody whom a rule wants to ask.
    fn roles(&self) -> impl Iterator<Item = &Role> {
        self.demands.values().flat_map(|demand| &demand.approval.roles)
    }

    /// Whether everybody has agreed whom the rules wanted.
    fn is_granted(&self, now: Timestamp) -> bool {
        let fresh = self.given.iter().filter(|(_, at)| now.duration_since(**at) <= VALID);
        let given = fresh.map(|((role, by), _)| (role.as_str(), by.as_deref()));
        let given: Vec<_> = given.collect();
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
    /// What a grant for a call would bind.
    pub(super) fn held_call(
        &self,
        call: &Call<'_>,
        args: &Arguments,
        findings: &[Finding],
    ) -> HeldCall {
        let asking = findings.iter().filter(|finding| finding.asks());
        let demands = asking.filter_map(|finding| match &self.policy.rule(finding)?.action {
            CompiledAction::RequireApproval(approval) => {
                let demand = Demand { approval: approval.clone(), shown: finding.shown.clone() };
                Some((finding.fired.id.clone(), demand))
            }
            _ => None,
        });
        HeldCall {
            claimant: Claimant::of(call, self.principal(call)).into_owned(),
            args: args.digest(),
            demands: demands.collect(),
            given: BTreeMap::new(),
            end: call.now.checked_add(WAITS).unwrap_or(Timestamp::MAX),
        }
    }

    /// Remembers a call that waits for a grant, if there is room.
    pub(super) fn hold(&mut self, call: &Call<'_>, held: HeldCall) -> Result<(), Full> {
        let key = (call.event.session.clone(), call.event.id.clone());
        let is_full = self.state.held.len() >= self.state.bounds.held_calls;
        if is_full || held.bytes(&key) > self.room() {
            return Err(Full::Held);
        }
        self.state.held.hold(key, held);
        Ok(())
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
        let refused = |reason, detail: String| {
            Decision::refused(event.id.clone(), Verdict::Block, reason, detail)
        };
        let room = self.room();
        let key = (event.session.clone(), call.clone());
        let Some(held) = self.state.held.calls.get(&key) else {
            let detail = format!("no call `{call}` of this session waits for a grant");
            return refused(Reason::Malformed, detail);
        };
        let wanted: BTreeSet<&str> = held.roles().map(Role::as_str).collect();
        if !wanted.contains(role) {
            let wanted: Vec<&str> = wanted.into_iter().collect();
            let detail =
                format!("`{role}` does not approve this call; {} does", wanted.join(" or "));
            return refused(Reason::Malformed, detail);
        }
        if given_bytes(role, by) > room {
            return refused(Reason::StateLimit, "there is no room to keep the approval".to_owned());
        }
        self.state.held.give(&key, (role.into(), by.map(str::to_owned)), now);
        Decision::allowed(event.id.clone())
    }
}

/// Bytes that one approval takes.
fn given_bytes(role: &str, by: Option<&str>) -> usize {
    cost::GIVEN + role.len() + by.map_or(0, str::len)
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
