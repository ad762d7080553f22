//! The end of a session: its rules, and what became of each success criterion.

use bounden_base::Json;
use serde::{Deserialize, Serialize};

use super::{Machine, Occasion, Ruling};
use crate::bundle::EventName;
use crate::doubt::Truth;
use crate::event::Event;
use crate::moment::{History, Moment};
use crate::past::Past;
use crate::policy::CompiledCriterion;
use crate::{CriterionId, eval, explain};

/// What became of a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CriterionVerdict {
    /// Every clause holds.
    Pass,
    /// A clause does not hold.
    Fail,
    /// The condition does not hold.
    NotApplicable,
    /// The evidence is not there. This never passes.
    Undecidable,
}

/// What became of one criterion in one session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriterionOutcome {
    /// Which.
    pub id: CriterionId,
    /// What became of it.
    pub verdict: CriterionVerdict,
    /// What decided.
    pub because: Vec<ClauseOutcome>,
}

/// One clause, with what it saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClauseOutcome {
    /// The clause as the intent writes it; `given` for the condition.
    pub says: String,
    /// Whether it holds; `None` where that cannot be said.
    pub holds: Option<bool>,
    /// The part that decided, with the values that it saw.
    pub because: String,
    /// Events that were counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witness: Vec<crate::EventId>,
}

impl<H: Past> Machine<H> {
    pub(super) fn end(&mut self, event: &Event, at: Occasion) -> Ruling {
        let Some(session) = self.state.sessions.find(&event.session) else {
            return Ruling::of(crate::Decision::allowed(event.id.clone()));
        };
        let findings = self.ask(event, EventName::End, at.now, |_| {});
        let moment = self.moment(event, session, at.now);
        let criteria =
            self.policy.criteria.iter().map(|criterion| outcome(criterion, &moment)).collect();
        Ruling { criteria, ..self.pass(event, findings, &Json::Null, at.mode) }
    }
}

fn outcome<'a, H: History>(
    criterion: &'a CompiledCriterion,
    moment: &Moment<'a, H>,
) -> CriterionOutcome {
    let id = criterion.id.clone();
    if let Some(given) = &criterion.given {
        let (truth, condition) = clause("given", given, moment);
        let verdict = match truth {
            Truth::True => None,
            Truth::False => Some(CriterionVerdict::NotApplicable),
            Truth::Unknown(_) => Some(CriterionVerdict::Undecidable),
        };
        if let Some(verdict) = verdict {
            return CriterionOutcome { id, verdict, because: vec![condition] };
        }
    }
    let clauses: Vec<(Truth, ClauseOutcome)> =
        criterion.expect.iter().map(|(says, core)| clause(says, core, moment)).collect();
    let whole = clauses.iter().map(|(truth, _)| *truth).fold(Truth::True, Truth::and);
    let verdict = match whole {
        Truth::True => CriterionVerdict::Pass,
        Truth::False => CriterionVerdict::Fail,
        Truth::Unknown(_) => CriterionVerdict::Undecidable,
    };
    CriterionOutcome {
        id,
        verdict,
        because: clauses.into_iter().map(|(_, clause)| clause).collect(),
    }
}

fn clause<'a, H: History>(
    says: &str,
    core: &'a crate::core::Core,
    moment: &Moment<'a, H>,
) -> (Truth, ClauseOutcome) {
    let (truth, atoms) = eval::truth(core, moment);
    let holds = match truth {
        Truth::True => Some(true),
        Truth::False => Some(false),
        Truth::Unknown(_) => None,
    };
    let because = explain::because(&atoms);
    let witness = explain::witness(&atoms, moment);
    (truth, ClauseOutcome { says: says.to_owned(), holds, because, witness })
}
