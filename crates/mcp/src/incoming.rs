//! What comes from a server, be it a message or not.

use bounden_base::json::Limits;

use crate::{Id, LineError, Message};

/// Something that a server sent, or that became of it.
#[derive(Clone, Debug)]
pub enum Incoming {
    /// A message.
    Message(Message),
    /// The answer to this request was lost; whether it was carried out is unknown.
    Lost(Id, String),
    /// Something that cannot be read and may have been any answer.
    Unreadable(String),
    /// Something that was no answer.
    Noise(String),
}

impl Incoming {
    /// What a line of a server's output is. Some servers print other things
    /// than messages; a message begins with a brace.
    #[must_use]
    pub fn of_line(line: Result<Vec<u8>, LineError>) -> Self {
        let line = match line {
            Ok(line) => line,
            Err(lost) => return Self::Unreadable(lost.to_string()),
        };
        match Message::parse(&line, Limits::default()) {
            Ok(message) => Self::Message(message),
            Err(error) if line.trim_ascii_start().starts_with(b"{") => {
                Self::Unreadable(error.to_string())
            }
            Err(error) => Self::Noise(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_have_been_an_answer_is_told_from_noise() {
        let of = |line: &str| Incoming::of_line(Ok(line.into()));
        assert!(matches!(of(r#"{"jsonrpc":"2.0","method":"x"}"#), Incoming::Message(_)));
        assert!(matches!(of(r#" {"jsonrpc":"2.0","id":"#), Incoming::Unreadable(_)));
        assert!(matches!(of("Listening on port 9229"), Incoming::Noise(_)));
        let lost = Incoming::of_line(Err(LineError::TooLong(5)));
        assert!(matches!(lost, Incoming::Unreadable(_)));
    }
}
