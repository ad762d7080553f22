//! Where a policy is enforced, and which events are seen there.

use crate::EventName;

/// A kind of enforcement point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// In front of MCP servers.
    Mcp,
    /// In a log on its way to its file.
    Log,
}

impl Point {
    /// All kinds that there are.
    pub const ALL: [Self; 2] = [Self::Mcp, Self::Log];

    /// The events that reach a point of this kind. Sessions begin and end at each.
    #[must_use]
    pub fn sees(self, event: EventName) -> bool {
        match event {
            EventName::Start | EventName::End => true,
            EventName::Call | EventName::Result => self == Self::Mcp,
            EventName::Log => self == Self::Log,
            // What a person and the agent say to each other passes neither.
            EventName::Request | EventName::Output => false,
        }
    }

    /// Whether some kind of point sees such events.
    #[must_use]
    pub fn any_sees(event: EventName) -> bool {
        Self::ALL.iter().any(|point| point.sees(event))
    }
}
