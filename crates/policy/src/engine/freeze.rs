//! The state as bytes, without what can be found anew.

use std::sync::Arc;

use super::{Engine, Machine, State};
use crate::index::Index;
use crate::policy::Policy;

impl Engine {
    /// The state, written.
    pub(crate) fn frozen(&self) -> Vec<u8> {
        // Every list has a length, and every value a form: nothing can fail.
        postcard::to_allocvec(&self.0.state).unwrap_or_default()
    }

    /// An engine with a state that was written; what is wrong with it.
    pub(crate) fn thawed(policy: Arc<Policy>, bytes: &[u8]) -> Result<Self, String> {
        let read = postcard::take_from_bytes::<State<Index>>(bytes);
        let (mut state, rest) = read.map_err(|error| error.to_string())?;
        if !rest.is_empty() {
            return Err("something follows the state".to_owned());
        }
        state.rebuild(&policy)?;
        Ok(Self(Machine { policy, state, commands: Default::default() }))
    }
}

impl State<Index> {
    /// Finds anew what is not written, and looks whether all of it fits together.
    fn rebuild(&mut self, policy: &Policy) -> Result<(), String> {
        self.held.rebuild();
        self.sessions.rebuild().ok_or("a session")?;
        self.history.rebuild(policy, &self.bounds).ok_or("the history")?;
        let declared = &policy.bundle().windows;
        if !self.windows.keys().all(|name| declared.contains_key(name)) {
            return Err("a window that is not declared".to_owned());
        }
        let (usage, bounds) = (self.usage(), self.bounds);
        let fits = usage.sessions <= bounds.sessions
            && usage.groups <= bounds.groups
            && usage.held_calls <= bounds.held_calls
            && usage.bytes <= bounds.bytes;
        if fits { Ok(()) } else { Err(format!("{usage:?} within {bounds:?}")) }
    }
}
