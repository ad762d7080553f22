//! The ids that decisions, receipts and approvals refer to.

bounden_base::string_ids! {
    /// `SERVER.TOOL`, split at the first dot.
    ToolName;
    /// The name of something in scope, or of an exclusion.
    TopicName;
    /// The name of an invariant.
    RuleId;
    /// The name of a success criterion.
    CriterionId;
    /// One conversation or task, in which history is counted.
    SessionId;
    /// One event; for a call also the id that its result and its retry refer to.
    EventId;
    /// Whom the agent acts for.
    PrincipalId;
    /// A role that may approve.
    Role;
}

impl ToolName {
    /// The part before the first dot, empty where there is none.
    #[must_use]
    pub fn server(&self) -> &str {
        self.as_str().split_once('.').map_or("", |(server, _)| server)
    }

    /// The part after the first dot, or the whole name.
    #[must_use]
    pub fn tool(&self) -> &str {
        self.as_str().split_once('.').map_or(self.as_str(), |(_, tool)| tool)
    }
}
