//! Data, memory, logging and limits, and how environments narrow them.

use bounden_base::{Decimal, Timestamp};

use crate::read::{Spanned, section, words};
use crate::yaml::Text;

section! {
    /// Data, memory, logging and limits.
    pub struct Constraints {
        /// The data that the agent works with.
        data: Option<Data>,
        /// What the agent remembers: none, session, persistent or shared.
        memory: Option<Spanned<Memory>>,
        /// What is kept of its work.
        logging: Option<Logging>,
        /// Budgets of one session.
        limits: Option<SessionLimits>,
        /// How closely people watch: each-approved, on-the-loop or autonomous.
        autonomy: Option<Spanned<Autonomy>>,
    }

    /// The data that an agent works with.
    pub struct Data {
        /// Its most sensitive class, such as `confidential`.
        classification: Option<Text>,
        /// Where it may be processed, such as `eu`.
        residency: Option<Text>,
    }

    /// What is kept of an agent's work.
    pub struct Logging {
        /// For how many days.
        retain_days: Spanned<u64>,
    }

    /// Budgets of one session; an absent one is no limit.
    pub struct SessionLimits {
        /// Calls, requests and outputs together.
        steps: Option<Spanned<u64>>,
        /// Permitted calls.
        tool_calls: Option<Spanned<u64>>,
        /// Cost in US dollars.
        usd: Option<Spanned<Decimal>>,
        /// Time since the session began.
        seconds: Option<Spanned<u64>>,
        /// Calls that were denied.
        denied_calls: Option<Spanned<u64>>,
        /// Where drafted budgets were taken from.
        origin: Option<Text>,
    }

    /// What is narrower in one environment.
    pub struct Environment {
        /// Budgets of one session there; each replaces a looser one.
        limits: Option<SessionLimits>,
    }

    /// A period.
    pub struct Window {
        /// The first instant.
        from: Spanned<Timestamp>,
        /// The first instant after it.
        to: Spanned<Timestamp>,
    }
}

words! {
    /// What an agent remembers.
    pub enum Memory {
        /// Nothing.
        None = "none",
        /// The conversation.
        Session = "session",
        /// Across conversations of one principal.
        Persistent = "persistent",
        /// Across principals.
        Shared = "shared",
    }

    /// How closely people watch.
    pub enum Autonomy {
        /// A person approves each side effect.
        EachApproved = "each-approved",
        /// A person watches and can stop.
        OnTheLoop = "on-the-loop",
        /// Nobody watches.
        Autonomous = "autonomous",
    }
}
