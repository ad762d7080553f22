//! Who the agent is, what it is for, and where everything else goes.

use crate::read::{Named, Raw, Spanned, section, words};
use crate::yaml::Text;

section! {
    /// Who the agent is and who answers for it.
    pub struct Agent {
        /// A stable id, such as `acme/support`.
        id: Text,
        /// The version of this intent, raised with each material change.
        version: Text,
        /// The team that answers for the agent.
        owner: Option<Owner>,
        /// How much harm a mistake can do: low, medium or high.
        tier: Option<Spanned<Tier>>,
        /// Where a drafted section was taken from.
        origin: Option<Text>,
    }

    /// The team that answers for an agent.
    pub struct Owner {
        /// The team.
        team: Text,
        /// An address that reaches it.
        contact: Option<Text>,
    }

    /// What the agent handles and what it must not.
    pub struct Scope {
        /// What the agent handles.
        r#in: Named<Topic>,
        /// What the agent must not handle, each with where it goes.
        out: Named<Exclusion>,
    }

    /// Something that the agent handles.
    pub struct Topic {
        /// The topic in words.
        says: Text,
        /// Requests of this kind, which the router learns from; three or more.
        examples: Vec<Text>,
        /// Words that decide by themselves, such as `my lawyer`.
        phrases: Vec<Text>,
        /// Where a drafted topic was taken from.
        origin: Option<Text>,
    }

    /// Something that the agent must not handle.
    pub struct Exclusion {
        /// The topic in words.
        says: Text,
        /// The escalation path that such a case takes.
        escalate: Option<Text>,
        /// Requests of this kind, which the router learns from; three or more.
        examples: Vec<Text>,
        /// Words that decide by themselves, such as `my lawyer`.
        phrases: Vec<Text>,
        /// Where a drafted exclusion was taken from.
        origin: Option<Text>,
    }

    /// Where a case goes that the agent must not handle: a call or a webhook.
    pub struct EscalationPath {
        /// The tool that hands over to a person.
        call: Option<Text>,
        /// The arguments of that call.
        with: Option<Raw>,
        /// The address that a message is posted to.
        webhook: Option<Text>,
        /// Where a drafted path was taken from.
        origin: Option<Text>,
    }
}

words! {
    /// How much harm a mistake can do; sets the least evidence and approvals.
    pub enum Tier {
        /// Internal, reversible.
        Low = "low",
        /// Operational.
        Medium = "medium",
        /// Customer-facing, regulated or irreversible.
        High = "high",
    }
}
