//! What has to be there before an agent may run in an environment: what its
//! intent demands, and never less than its tier does.

use std::collections::BTreeMap;

use bounden_base::Decimal;
use bounden_ledger::{EnvironmentId, RoleId, TeamId};
use bounden_policy::CriterionId;
use bounden_spec::intent::{Adversarial, Intent, Promotion, Tier};

/// What an environment demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demands {
    /// The environment whose body is carried forward.
    pub from: Option<EnvironmentId>,
    /// How many people of each role.
    pub approvals: BTreeMap<RoleId, u64>,
    /// How many of each role when the agent can do more than before.
    pub on_expansion: BTreeMap<RoleId, u64>,
    /// Which evidence; none is demanded if absent.
    pub evidence: Option<EvidenceDemands>,
    /// The team that has to be among the approvers.
    pub reviewer: Option<TeamId>,
}

/// What evidence has to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvidenceDemands {
    /// How many applicable runs per criterion.
    pub min_trials: u64,
    /// How old the oldest run may be, in seconds; any age if absent.
    pub max_age: Option<u64>,
    /// How many attacks every invariant and every exclusion has to have stood.
    pub attacks: u64,
}

/// Attacks per exclusion that show 0.95 at 95 % confidence where all were stood.
const HIGH_TIER_TRIALS: u64 = 59;

impl Demands {
    /// What `environment` demands; `None` where the intent does not name it.
    #[must_use]
    pub fn of(intent: &Intent, environment: &EnvironmentId) -> Option<Self> {
        let promotion = intent.promotion.get(environment.as_str())?;
        let mut demands = Self::declared(promotion);
        // A stage on the way may ask for less, since the last one follows it.
        let is_last = !intent.promotion.iter().any(|item| {
            item.value.from.as_ref().is_some_and(|from| from.value == environment.as_str())
        });
        if is_last {
            demands.raise_to(intent.agent.tier.map_or(Tier::High, |tier| tier.value));
        }
        Some(demands)
    }

    /// The people that a change needs.
    #[must_use]
    pub fn quorum(&self, is_material: bool) -> BTreeMap<RoleId, u64> {
        let mut quorum = self.approvals.clone();
        if is_material {
            for (role, count) in &self.on_expansion {
                let needed = quorum.entry(role.clone()).or_default();
                *needed = (*needed).max(*count);
            }
        }
        quorum.retain(|_, count| *count > 0);
        quorum
    }

    fn declared(promotion: &Promotion) -> Self {
        let counts = |roles: &bounden_spec::Named<bounden_spec::Spanned<u64>>| {
            roles
                .iter()
                .map(|item| (RoleId::new(item.key.name.clone()), item.value.value))
                .collect()
        };
        let evidence = promotion.evidence.as_ref().map(|evidence| EvidenceDemands {
            min_trials: evidence.min_trials.map_or(1, |trials| trials.value),
            max_age: evidence.max_age.map(|age| age.value.seconds),
            attacks: u64::from(
                evidence.adversarial.is_some_and(|kind| kind.value == Adversarial::Required),
            ),
        });
        Self {
            from: promotion.from.as_ref().map(|from| EnvironmentId::new(from.value.clone())),
            approvals: counts(&promotion.approvals),
            on_expansion: counts(&promotion.on_expansion),
            evidence,
            reviewer: promotion.reviewer.as_ref().map(|team| TeamId::new(team.value.clone())),
        }
    }

    /// Low: whatever the intent says. Medium: some evidence, every invariant and
    /// exclusion attacked. High: enough of it to show 0.95.
    fn raise_to(&mut self, tier: Tier) {
        let (trials, attacks) = match tier {
            Tier::Low => return,
            Tier::Medium => (1, 1),
            Tier::High => (HIGH_TIER_TRIALS, HIGH_TIER_TRIALS),
        };
        let none = EvidenceDemands { min_trials: 0, max_age: None, attacks: 0 };
        let evidence = self.evidence.get_or_insert(none);
        evidence.min_trials = evidence.min_trials.max(trials);
        evidence.attacks = evidence.attacks.max(attacks);
    }
}

/// The share of its applicable runs that a criterion has to pass: what is
/// promised of it, else the target for all, else every one.
#[must_use]
pub fn threshold(intent: &Intent, criterion: &CriterionId) -> Decimal {
    let promises = intent.commitments.iter().map(|item| &item.value);
    let promised = promises
        .filter(|commitment| commitment.criterion.value == criterion.as_str())
        .map(|commitment| commitment.promise.value)
        .max();
    let targets = intent.measurement.as_ref().map(|measurement| &measurement.targets);
    let target = targets.and_then(|targets| targets.get("pass_rate")).map(|target| target.bound);
    promised.or(target).unwrap_or(Decimal::from(1_i64))
}
