//! What really happened, kept beside the engine and without any of its code:
//! permits, results and grants.

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::{Decimal, Json, Timestamp};
use bounden_policy::{Event, EventBody, Reason, Ruling};

type Name = (String, String);

/// One call that was let through.
pub(crate) struct Paid {
    pub(crate) session: String,
    pub(crate) principal: Option<String>,
    pub(crate) tool: String,
    pub(crate) who: String,
    pub(crate) amount: Decimal,
    pub(crate) at: Timestamp,
    /// The first submission of the logical call.
    pub(crate) logical: String,
    /// Whether it succeeded; nothing while that is not known.
    pub(crate) ok: Option<bool>,
}

/// Everything that was let through, and what became of it.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) paid: Vec<Paid>,
    names: BTreeMap<Name, usize>,
    retried: BTreeMap<Name, String>,
    principals: BTreeMap<String, String>,
    /// Accepted approve events.
    pub(crate) grants: usize,
}

impl Ledger {
    /// Notes what an event has come to.
    pub(crate) fn note(&mut self, event: &Event, ruling: &Ruling) {
        let accepted = ruling.decision.reason != Reason::Malformed;
        let session = event.session.as_str().to_owned();
        if let Some(principal) = &event.principal
            && accepted
        {
            self.principals.insert(session.clone(), principal.as_str().to_owned());
        }
        match &event.body {
            EventBody::Call { retry_of, .. } => {
                self.call(event, retry_of.as_ref().map(|id| id.as_str()), ruling);
            }
            EventBody::Result { call, ok, .. } if accepted => {
                let name = (session, call.as_str().to_owned());
                let paid = self.names.get(&name).and_then(|index| self.paid.get_mut(*index));
                paid.into_iter().for_each(|paid| paid.ok = Some(*ok));
            }
            EventBody::Approve { .. } if accepted => self.grants += 1,
            _ => {}
        }
    }

    fn call(&mut self, event: &Event, retry_of: Option<&str>, ruling: &Ruling) {
        let session = event.session.as_str().to_owned();
        let name = (session.clone(), event.id.as_str().to_owned());
        // A retry that does not fit what it names is a call of its own.
        let is_retry = ruling.decision.reason != Reason::RetryMismatch;
        let first = retry_of.filter(|_| is_retry).map(|id| {
            let earlier = (session.clone(), id.to_owned());
            self.retried.get(&earlier).cloned().unwrap_or_else(|| id.to_owned())
        });
        let logical = first.unwrap_or_else(|| name.1.clone());
        self.retried.entry(name.clone()).or_insert_with(|| logical.clone());
        let Some(permit) = &ruling.permit else { return };
        let text = |key: &str| {
            permit.args().value().unwrap().get(key).and_then(Json::as_str).unwrap_or("").to_owned()
        };
        let amount = permit.args().value().unwrap().get("amount").and_then(Json::as_decimal);
        self.names.insert(name, self.paid.len());
        self.paid.push(Paid {
            principal: self.principals.get(&session).cloned(),
            session,
            tool: permit.tool().as_str().to_owned(),
            who: text("who"),
            amount: amount.unwrap_or(Decimal::ZERO),
            at: event.at.unwrap(),
            logical,
            ok: None,
        });
    }

    /// What the payments that did not fail come to, of those that fit.
    pub(crate) fn total(&self, fits: impl Fn(&Paid) -> bool) -> Decimal {
        let counted =
            self.paid.iter().filter(|paid| paid.ok != Some(false) && paid.tool == "pay.refund");
        counted
            .filter(|paid| fits(paid))
            .fold(Decimal::ZERO, |sum, paid| sum.checked_add(paid.amount).unwrap())
    }

    /// Whether no logical call was let through twice.
    pub(crate) fn is_without_doubles(&self) -> bool {
        let mut seen = BTreeSet::new();
        self.paid.iter().all(|paid| seen.insert((&paid.session, &paid.logical)))
    }
}
