//! The seam between the guard and what decides.

use bounden_policy::{Decision, Event};

/// Decides one event after the other, and remembers them.
pub trait Decide: Send {
    /// The answer to an event. It is total: whatever is wrong with the event
    /// is a denial.
    fn decide(&mut self, event: &Event) -> Decision;
}
