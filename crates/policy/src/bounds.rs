//! How much state an engine keeps.

use serde::{Deserialize, Serialize};

/// What an engine may keep, whoever chooses ids, keys and texts. Bytes are
/// counted as what is kept takes in memory, rounded up.
///
/// Beyond `window_entries` and `session_calls` the oldest is kept in less
/// detail, so that a doubt about it denies. At the others a call is blocked
/// with `state-limit`, and nothing of it is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// Calls that one chain over calls remembers one by one for one key, where
    /// it has to: in a window, or where its filter compares with the present
    /// call. Older ones are remembered by their totals in 64 parts of the window.
    pub window_entries: usize,
    /// Groups of calls: one for each chain, scope and key that was ever counted.
    pub groups: usize,
    /// Sessions.
    pub sessions: usize,
    /// Submissions that a session remembers; of more, those are forgotten first
    /// that were denied or have a result, then those that are lost.
    pub session_calls: usize,
    /// Calls that wait for a grant or were granted.
    pub held_calls: usize,
    /// Bytes of one session: its calls, texts, tags, labels and facts.
    pub session_bytes: usize,
    /// Bytes of everything.
    pub bytes: usize,
}

impl Bounds {
    /// No bound at all.
    pub(crate) const NONE: Self = Self {
        window_entries: usize::MAX,
        groups: usize::MAX,
        sessions: usize::MAX,
        session_calls: usize::MAX,
        held_calls: usize::MAX,
        session_bytes: usize::MAX,
        bytes: usize::MAX,
    };
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            window_entries: 16_384,
            groups: 262_144,
            sessions: 65_536,
            session_calls: 16_384,
            held_calls: 4_096,
            session_bytes: 16 << 20,
            bytes: 256 << 20,
        }
    }
}
