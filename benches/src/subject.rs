//! The engines, each used as its documentation uses it.

pub(crate) mod bounden;
mod by_hand;
mod by_hand_typed;
mod cedar;
mod cel;
mod regorus;

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::timing::{Latency, Stopwatch};
use crate::workload::Call;

pub use bounden::Bounden;
pub use by_hand::ByHand;
pub use by_hand_typed::ByHandTyped;
pub use cedar::Cedar;
pub use cel::Cel;
pub use regorus::Regorus;

/// An engine under the clock.
pub trait Subject: Sized {
    /// How the table calls it.
    const NAME: &'static str;
    /// A call in the engine's own form, ready to be decided.
    type Input;

    /// Builds the rules for so many tools.
    ///
    /// # Errors
    /// Where the engine refuses them.
    fn new(tools: usize) -> Result<Self>;

    /// A call whose arguments are parsed already.
    ///
    /// # Errors
    /// Where the engine refuses it.
    fn parsed(&self, call: &Call) -> Result<Self::Input> {
        self.read(call)
    }

    /// Takes a call as it comes: its arguments are JSON text, which is read here or
    /// when it is decided.
    ///
    /// # Errors
    /// Where the engine refuses it.
    fn read(&self, call: &Call) -> Result<Self::Input>;

    /// Decides: whether the call is denied.
    ///
    /// # Errors
    /// Where the engine fails; none of the inputs is meant to.
    fn denies(&mut self, input: &Self::Input) -> Result<bool>;

    /// The tool has run. Only engines with a memory take note.
    fn settle(&mut self, _call: &Call) {}
}

/// What one engine takes.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// From arguments that are parsed already.
    pub parsed: Latency,
    /// From their JSON text.
    pub raw: Latency,
    /// To build the rules.
    pub build: Duration,
}

/// Reads and decides every call, and aborts where the verdict is not what it has to be.
///
/// # Errors
/// Names the engine and the first call that it gets wrong.
pub fn check<S: Subject>(tools: usize, calls: &[Call]) -> Result<()> {
    let (mut subject, mut fresh) = (S::new(tools)?, S::new(tools)?);
    for call in calls {
        let (parsed, raw) = (subject.parsed(call)?, subject.read(call)?);
        let denied = subject.denies(&raw)?;
        subject.settle(call);
        ensure!(denied == fresh.denies(&parsed)?, "{} denies only one form of {call:?}", S::NAME);
        fresh.settle(call);
        ensure!(denied == call.violates, "{} denies: {denied}, but {call:?}", S::NAME);
    }
    Ok(())
}

/// Takes the time of every call, in both forms.
///
/// # Errors
/// Where the engine fails.
pub fn measure<S: Subject>(tools: usize, calls: &[Call], clock: Duration) -> Result<Figures> {
    let start = Instant::now();
    let mut subject = S::new(tools)?;
    let build = start.elapsed();
    let mut parsed = Stopwatch::default();
    for call in calls {
        let input = subject.parsed(call)?;
        parsed.time(|| subject.denies(&input))?;
        subject.settle(call);
    }
    let mut subject = S::new(tools)?;
    let mut raw = Stopwatch::default();
    for call in calls {
        raw.time(|| subject.read(call).and_then(|input| subject.denies(&input)))?;
        subject.settle(call);
    }
    Ok(Figures { parsed: parsed.latency(clock), raw: raw.latency(clock), build })
}
