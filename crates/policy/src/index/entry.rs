//! One call, as a group remembers it.

use std::sync::Arc;

use bounden_base::{Decimal, SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::core::{Counting, Term};
use crate::doubt::Doubt;
use crate::moment::Args;
use crate::past::{Counted, NewCall, Weight, weight};
use crate::session::Status;
use crate::snapshot::forms;
use crate::{Arguments, EventId, cost};

/// What a term needs of the calls that it counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    counting: Counting,
    pub(super) within: Option<SignedDuration>,
    /// Whether a call is filtered when it is entered, and not by each later call anew.
    pub(super) is_fixed: bool,
    /// Whether the arguments of the latest call are read.
    pub(super) reads_latest: bool,
    /// Most calls that are remembered one by one where there is a choice.
    pub(super) most: usize,
}

/// One call.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) id: EventId,
    pub(super) at: Timestamp,
    status: Status,
    /// Why it cannot be said whether it counts at all, if it cannot.
    doubt: Weight,
    /// What is added up.
    #[serde(with = "forms::amount")]
    pub(super) value: Result<Decimal, Doubt>,
    pub(super) args: Option<Kept>,
}

/// Arguments that are kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    #[serde(with = "forms::arguments")]
    sent: Arguments,
    hidden: Option<Arc<[String]>>,
}

impl Manner {
    pub(super) fn of(term: &Term, is_fixed: bool, most: usize) -> Self {
        let Term { counting, within, latest, .. } = term;
        Self { counting: *counting, within: *within, is_fixed, reads_latest: *latest, most }
    }

    /// Whether settled calls are remembered one by one, too.
    pub(super) fn keeps_all(&self) -> bool {
        self.within.is_some() || !self.is_fixed
    }

    /// Whether the arguments of a call are needed later.
    pub(super) fn keeps_args(&self) -> bool {
        self.reads_latest || !self.is_fixed
    }

    /// How a call counts, if at all.
    pub(super) fn weight(&self, entry: &Entry) -> Option<Weight> {
        let weight = weight(self.counting, entry.status)?;
        Some(entry.doubt.or(weight))
    }
}

impl Default for Manner {
    /// That of no group: one that is read from a snapshot learns its own from its name.
    fn default() -> Self {
        let counting = Counting::Effective;
        Self { counting, within: None, is_fixed: true, reads_latest: false, most: 0 }
    }
}

impl Entry {
    pub(super) fn new(call: &NewCall<'_>, counted: &Counted<'_>, args: Option<Kept>) -> Self {
        Self {
            id: call.id.clone(),
            at: call.at,
            status: if call.permitted { Status::InFlight } else { Status::Denied },
            doubt: counted.doubt,
            value: counted.value,
            args,
        }
    }

    pub(super) fn settle(&mut self, status: Status) {
        self.status = status;
    }

    /// Bytes that it takes.
    pub(super) fn cost(&self) -> usize {
        cost::ENTRY + self.id.as_str().len() + self.args.as_ref().map_or(0, Kept::cost)
    }
}

impl Kept {
    pub(super) fn of(call: &NewCall<'_>) -> Self {
        Self { sent: call.sent.clone(), hidden: call.hidden.map(Arc::from) }
    }

    pub(super) fn args(&self) -> Args<'_> {
        Args { json: self.sent.value_or_null(), hidden: self.hidden.as_deref() }
    }

    pub(super) fn cost(&self) -> usize {
        let hidden = self.hidden.iter().flat_map(|names| names.iter()).map(|name| cost::text(name));
        self.sent.cost() + hidden.sum::<usize>()
    }
}
