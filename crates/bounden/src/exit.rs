//! How the process ends: one place for exit codes and last words.

use std::process::ExitCode;

/// A command could not do its work.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Failure {
    code: u8,
    message: String,
}

/// A document has errors.
const FINDINGS: u8 = 1;
/// A rule or a gate refuses.
const REFUSED: u8 = 2;
/// Arguments that make no sense, or input that cannot be read.
const USAGE: u8 = 3;
/// A failure inside, or a needed part that is unavailable.
const UNAVAILABLE: u8 = 4;

impl Failure {
    /// A document has errors, which were told one by one.
    pub(crate) fn findings(message: impl Into<String>) -> Self {
        Self { code: FINDINGS, message: message.into() }
    }

    /// A rule or a gate refuses.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self { code: REFUSED, message: message.into() }
    }

    /// Arguments or input are at fault.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { code: USAGE, message: message.into() }
    }

    /// The environment is at fault, or Bounden itself.
    pub(crate) fn unavailable(message: impl Into<String>) -> Self {
        Self { code: UNAVAILABLE, message: message.into() }
    }
}

/// A gate refused, and has said why.
pub(crate) fn refused() -> ExitCode {
    ExitCode::from(REFUSED)
}

/// Ends the process without a word where nobody reads its output any more, as
/// in `bounden check | head`. That is no success: what was not read may have
/// been a refusal.
pub(crate) fn quietly_without_a_reader() {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let told = info.payload_as_str().unwrap_or_default();
        if told.starts_with("failed printing to stdout: Broken pipe") {
            std::process::exit(UNAVAILABLE.into());
        }
        hook(info);
    }));
}

/// Ends a command; a failure is told on stderr.
pub(crate) fn code(outcome: Result<ExitCode, Failure>) -> ExitCode {
    outcome.unwrap_or_else(|failure| {
        eprintln!("error: {failure}");
        ExitCode::from(failure.code)
    })
}

/// Ends a command line that was not understood, or that only asked for help.
pub(crate) fn usage(answer: &clap::Error) -> ExitCode {
    // Nobody is left to tell where the terminal itself is gone.
    let _ = answer.print();
    if answer.use_stderr() { ExitCode::from(USAGE) } else { ExitCode::SUCCESS }
}
