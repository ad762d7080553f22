//! What runs where: the fold over the statements of a log.

use bounden_base::Digest;

use crate::statement::{Action, Hold, Predicate as _, Promotion, Statement, StatementError};
use crate::{AgentId, Entry, EnvironmentId};

/// What runs of one agent in one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// The agent.
    pub agent: AgentId,
    /// Where.
    pub environment: EnvironmentId,
    /// The lock body that runs.
    pub body: Digest,
    /// The payload digest of the promotion that made it run.
    pub binding: Digest,
    /// How many promotions there were.
    pub epoch: u64,
    /// The number of the last promotion in the log.
    pub index: u64,
    /// Whether forward promotion is held, as after a rollback.
    pub held: bool,
}

/// A statement does not follow from the state of the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// The statement cannot be read.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// The promotion was decided before the last one was recorded.
    #[error("the promotion has epoch {found}, expected {expected}: decide again")]
    Epoch {
        /// The next epoch.
        expected: u64,
        /// That of the promotion.
        found: u64,
    },
    /// The promotion names another predecessor than the last one.
    #[error("the promotion follows another one than the last: decide again")]
    Previous,
    /// Forward promotion is held.
    #[error("the environment is held: release it first")]
    Held,
    /// There is nothing to hold or to roll back.
    #[error("nothing runs in this environment yet")]
    NothingRuns,
}

impl Deployment {
    /// Whether an entry can change what runs.
    #[must_use]
    pub fn is_changed_by(entry: &Entry) -> bool {
        let kind = entry.header().predicate_type.as_str();
        kind == Promotion::TYPE || kind == Hold::TYPE
    }

    /// What runs after entry number `index`, given what ran before in its
    /// environment; unchanged for kinds that change nothing.
    ///
    /// # Errors
    /// A statement that does not follow from `before`.
    pub fn after(
        before: Option<Self>,
        index: u64,
        entry: &Entry,
    ) -> Result<Option<Self>, StateError> {
        match entry.header().predicate_type.as_str() {
            Promotion::TYPE => Self::promoted(before, index, entry).map(Some),
            Hold::TYPE => {
                let statement = Statement::<Hold>::read(entry.payload())?;
                let before = before.ok_or(StateError::NothingRuns)?;
                Ok(Some(Self { held: statement.predicate.held, ..before }))
            }
            _ => Ok(before),
        }
    }

    fn promoted(before: Option<Self>, index: u64, entry: &Entry) -> Result<Self, StateError> {
        let Statement { agent, body, predicate: promotion } =
            Statement::<Promotion>::read(entry.payload())?;
        let expected = before.as_ref().map_or(1, |before| before.epoch.saturating_add(1));
        if promotion.epoch != expected {
            return Err(StateError::Epoch { expected, found: promotion.epoch });
        }
        if promotion.previous != before.as_ref().map(|before| before.binding) {
            return Err(StateError::Previous);
        }
        let rollback = promotion.action == Action::Rollback;
        match &before {
            None if rollback => return Err(StateError::NothingRuns),
            Some(before) if before.held && !rollback => return Err(StateError::Held),
            _ => {}
        }
        Ok(Self {
            agent,
            environment: promotion.environment,
            body,
            binding: Digest::of(entry.payload()),
            epoch: promotion.epoch,
            index,
            held: rollback,
        })
    }
}

#[cfg(test)]
mod tests;
