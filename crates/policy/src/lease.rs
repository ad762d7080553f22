//! Shares of what several guards may use together, and how one guard decides
//! with its share.
//!
//! A cap on what all guards count together is decided by each of them alone:
//! it has a lease on a part of the constant, and fires when its own count
//! passes that part. While nobody has leased it anything, it waits. A
//! prerequisite is fulfilled by what this guard has seen or was told of; what is
//! missing may have happened elsewhere, so it waits as well.

use bounden_base::{Decimal, Json, Timestamp};
use serde::{Deserialize, Serialize};

use crate::doubt::Doubt;
use crate::index::{GroupName, Owner};
use crate::past::Key;
use crate::policy::Policy;
use crate::snapshot::forms;
use crate::table::Table;
use crate::value::Interval;
use crate::{PrincipalId, cost};

/// A share of a cap. The shares of all guards that hold one at the same time
/// must not exceed the constant that the cap compares with; and what a guard
/// has used of its share stays its own for as long as the chain counts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The chain that is capped, as [`Policy::quotas`] writes it.
    pub chain: String,
    /// The principal, where the chain counts calls of one.
    pub principal: Option<PrincipalId>,
    /// The value of `by(…)`, where the chain has one.
    pub key: Option<Json>,
    /// Up to here the guard's own count or sum may go.
    pub amount: Decimal,
    /// From this time on it holds no more.
    pub expires: Timestamp,
}

/// A cap that several guards share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota<'p> {
    /// The chain, in its normal form: `calls("pay").across("agent").count()`.
    pub chain: &'p str,
    /// The constant that it is compared with.
    pub bound: Decimal,
}

/// A lease cannot be given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeaseError {
    /// No rule caps this chain across guards.
    #[error("`{0}` is no chain that several guards cap; `Policy::quotas` names them")]
    Chain(String),
    /// The chain counts calls of a principal, and none is named; or the other way round.
    #[error("a lease names a principal exactly where its chain counts across one")]
    Principal,
    /// The chain counts by a key, and none is named; or the other way round.
    #[error(
        "a lease has a text, a number or a truth value as its key exactly where its chain has `by`"
    )]
    Key,
    /// The amount is below zero or above the constant.
    #[error("a lease is for an amount from 0 to {0}, which the chain is compared with")]
    Amount(Decimal),
    /// There is no room to keep it.
    #[error("there is no room to keep another lease")]
    Room,
}

/// How a chain that counts calls of several guards is decided by one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// More of it makes a rule fire: what is above this, or from this on.
    Cap { chain: String, bound: Decimal },
    /// Less of it makes a rule fire.
    Prerequisite,
}

/// Every lease that holds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Leases {
    granted: Table<GroupName<'static>, Share>,
    bytes: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Share {
    #[serde(with = "forms::number")]
    amount: Decimal,
    expires: Timestamp,
}

/// More than anything adds up to.
fn beyond_all() -> Decimal {
    Decimal::scaled(1, 300).unwrap_or(Decimal::ZERO)
}

impl Sharing {
    /// What a guard knows of a number of which it has counted `local` itself.
    fn seen(&self, local: Interval, share: Option<Decimal>) -> Result<Interval, Doubt> {
        match self {
            Self::Prerequisite => {
                Ok(Interval { high: beyond_all(), doubt: local.doubt | Doubt::PENDING, ..local })
            }
            Self::Cap { bound, .. } => {
                // What is leased to others may be used by them.
                let share = share.ok_or(Doubt::PENDING)?;
                let others = bound.checked_sub(share).ok_or(Doubt::ABSENT)?;
                let high = local.high.checked_add(others).ok_or(Doubt::ABSENT)?;
                Ok(Interval { high, doubt: local.doubt | Doubt::RISING, ..local })
            }
        }
    }
}

impl Leases {
    /// What a guard knows of the number that a group comes to, of which it has
    /// counted `local` itself.
    pub(crate) fn seen(
        &self,
        sharing: &Sharing,
        name: &GroupName<'_>,
        local: Interval,
        now: Timestamp,
    ) -> Result<Interval, Doubt> {
        let granted: &Table<GroupName<'_>, Share> = &self.granted;
        let share = granted.find(name).filter(|share| now < share.expires);
        sharing.seen(local, share.map(|share| share.amount))
    }

    /// Takes a lease in the place of an earlier one, if it takes no more than `room`.
    pub(crate) fn grant(
        &mut self,
        lease: &Lease,
        policy: &Policy,
        now: Option<Timestamp>,
        room: usize,
    ) -> Result<(), LeaseError> {
        self.granted.retain(|name, share| {
            let holds = now.is_none_or(|now| now < share.expires);
            self.bytes -= if holds { 0 } else { bytes(name) };
            holds
        });
        let (name, bound) = lease.name(policy)?;
        if lease.amount.is_negative() || lease.amount > bound {
            return Err(LeaseError::Amount(bound));
        }
        let share = Share { amount: lease.amount, expires: lease.expires };
        if let Some(earlier) = self.granted.find_mut(&name) {
            *earlier = share;
            return Ok(());
        }
        if bytes(&name) > room {
            return Err(LeaseError::Room);
        }
        self.bytes += bytes(&name);
        self.granted.insert(name, share);
        Ok(())
    }

    /// Takes a lease back; whether it was there.
    pub(crate) fn revoke(&mut self, lease: &Lease, policy: &Policy) -> bool {
        let Ok((name, _)) = lease.name(policy) else { return false };
        let share = Share { amount: lease.amount, expires: lease.expires };
        let is_held = self.granted.find(&name) == Some(&share);
        if is_held {
            self.granted.remove(&name);
            self.bytes -= bytes(&name);
        }
        is_held
    }

    /// Bytes that the leases take.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Reckons anew what a snapshot may say wrongly.
    pub(crate) fn rebuild(&mut self) {
        self.bytes = 0;
        let taken = &mut self.bytes;
        self.granted.each(|name, _| *taken += bytes(name));
    }
}

fn bytes(name: &GroupName<'_>) -> usize {
    cost::LEASE + name.cost()
}

impl Lease {
    /// The group that it is about, and the constant of its cap.
    fn name(&self, policy: &Policy) -> Result<(GroupName<'static>, Decimal), LeaseError> {
        let found = policy.sharing.iter().find_map(|(term, sharing)| match sharing {
            Sharing::Cap { chain, bound } if *chain == self.chain => Some((*term, *bound)),
            _ => None,
        });
        let unknown = || LeaseError::Chain(self.chain.clone());
        let (term_id, bound) = found.ok_or_else(unknown)?;
        let term = policy.terms.get(term_id).ok_or_else(unknown)?;
        let owner = Owner::of_all(term, self.principal.as_ref()).ok_or(LeaseError::Principal)?;
        let key = match (&term.by, &self.key) {
            (Some(_), Some(key)) => Some(Key::of(Some(key)).ok_or(LeaseError::Key)?),
            (None, None) => None,
            _ => return Err(LeaseError::Key),
        };
        Ok((GroupName { term: term_id, owner, key }.into_owned(), bound))
    }
}

impl Policy {
    /// The caps that this policy's guards share, of which each needs a lease.
    pub fn quotas(&self) -> impl Iterator<Item = Quota<'_>> {
        self.sharing.values().filter_map(|sharing| match sharing {
            Sharing::Cap { chain, bound } => Some(Quota { chain, bound: *bound }),
            Sharing::Prerequisite => None,
        })
    }
}

#[cfg(test)]
mod tests;
