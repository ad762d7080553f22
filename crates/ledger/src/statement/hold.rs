//! What a person says to stop an environment from going forward, and to let it go on.

use bounden_base::Timestamp;
use serde::{Deserialize, Serialize};

use super::Predicate;
use crate::{EnvironmentId, PersonId};

/// An environment is held against forward promotion, or released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Where.
    pub environment: EnvironmentId,
    /// Held from now on, or released.
    pub held: bool,
    /// Who says so.
    pub person: PersonId,
    /// Why.
    pub reason: String,
    /// When.
    pub time: Timestamp,
}

impl Predicate for Hold {
    const TYPE: &'static str = "https://github.com/bounden/bounden/statement/hold/v1";
}
