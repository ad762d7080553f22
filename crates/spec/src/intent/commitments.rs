//! What is owed to whom, and how scope is narrowed when trust is lost.

use bounden_base::Decimal;

use super::Duration;
use crate::read::{Spanned, section, words};
use crate::yaml::Text;

section! {
    /// Something that is owed to somebody.
    pub struct Commitment {
        /// To whom.
        to: Text,
        /// The success criterion that shows whether it is kept.
        criterion: Text,
        /// The share of conversations in which it is kept, between 0 and 1.
        promise: Spanned<Decimal>,
        /// After how long evidence counts half.
        half_life: Option<Spanned<Duration>>,
        /// How much a breach weighs: minor, major or critical.
        severity: Option<Spanned<Severity>>,
        /// What follows a breach.
        r#else: Option<Text>,
    }

    /// How scope is narrowed when trust is lost.
    pub struct Ladder {
        /// What is left when a guard loses touch: no-side-effects or nothing.
        on_lost_lease: Option<Spanned<LostLease>>,
        /// The rung that warns.
        warn: Option<Rung>,
        /// The rung that narrows.
        narrow: Option<Rung>,
        /// The rung that asks before each side effect.
        review: Option<Rung>,
        /// The rung that stops side effects.
        pause: Option<Rung>,
    }

    /// One rung of the ladder.
    pub struct Rung {
        /// What is taken away.
        overlay: Option<Overlay>,
        /// Who decides.
        owner: Option<Text>,
        /// Who decides otherwise.
        deputy: Option<Text>,
        /// Within which time.
        decide_within: Option<Spanned<Duration>>,
    }

    /// What is taken away; it can only subtract.
    pub struct Overlay {
        /// Tools that cannot be called.
        deny: Vec<Text>,
        /// Tools whose calls need an approval.
        require_approval: Vec<Text>,
        /// The largest amount of one call.
        max_amount: Option<Spanned<Decimal>>,
    }
}

words! {
    /// How much a breach weighs.
    pub enum Severity {
        /// Little.
        Minor = "minor",
        /// Much.
        Major = "major",
        /// Most.
        Critical = "critical",
    }

    /// What is left when a guard loses touch with the one who may narrow.
    pub enum LostLease {
        /// Reading.
        NoSideEffects = "no-side-effects",
        /// Nothing.
        Nothing = "nothing",
    }
}
