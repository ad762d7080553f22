//! Measurement, ownership and what each environment demands.

use bounden_base::Decimal;

use super::{Duration, Threshold};
use crate::read::{Named, Spanned, section, words};
use crate::yaml::Text;

section! {
    /// How behaviour is measured after deployment.
    pub struct Measurement {
        /// When the criteria are evaluated: every_deployment, daily or weekly.
        evaluate: Option<Spanned<Evaluate>>,
        /// How often drift is reviewed: daily, weekly or monthly.
        drift_review: Option<Spanned<Review>>,
        /// Bounds that figures should keep.
        targets: Named<Spanned<Threshold>>,
        /// What the figures were when the intent was written.
        baselines: Named<Spanned<Decimal>>,
    }

    /// Who owns which section, and who may approve calls.
    pub struct Ownership {
        /// The role that owns each section.
        sections: Named<Text>,
        /// Roles that may approve calls at run time.
        approvers: Named<Approver>,
    }

    /// Who holds a role.
    pub struct Approver {
        /// The team whose members hold it.
        team: Text,
    }

    /// What an environment demands before the agent is promoted into it.
    pub struct Promotion {
        /// The environment whose lock is carried forward.
        from: Option<Text>,
        /// How many people of each role approve.
        approvals: Named<Spanned<u64>>,
        /// How many more when the agent can do more than before.
        on_expansion: Named<Spanned<u64>>,
        /// Which evidence has to be there.
        evidence: Option<Evidence>,
        /// The team outside the authoring one that has to review.
        reviewer: Option<Text>,
    }

    /// Which evidence has to be there.
    pub struct Evidence {
        /// How many applicable runs per criterion.
        min_trials: Option<Spanned<u64>>,
        /// How old it may be.
        max_age: Option<Spanned<Duration>>,
        /// Whether attacks are part of it: required or optional.
        adversarial: Option<Spanned<Adversarial>>,
    }
}

words! {
    /// When the criteria are evaluated.
    pub enum Evaluate {
        /// With each deployment.
        EveryDeployment = "every_deployment",
        /// Each day.
        Daily = "daily",
        /// Each week.
        Weekly = "weekly",
    }

    /// How often drift is reviewed.
    pub enum Review {
        /// Each day.
        Daily = "daily",
        /// Each week.
        Weekly = "weekly",
        /// Each month.
        Monthly = "monthly",
    }

    /// Whether attacks are part of the evidence.
    pub enum Adversarial {
        /// They are.
        Required = "required",
        /// They may be.
        Optional = "optional",
    }
}
