//! A part of a text that knows where it stands.

use bounden_base::Span;

use super::ClauseError;

/// A trimmed part of a clause.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'a> {
    pub(super) text: &'a str,
    start: usize,
}

impl<'a> Part<'a> {
    pub(super) fn whole(text: &'a str) -> Self {
        Self::trimmed(text, 0)
    }

    fn trimmed(text: &'a str, start: usize) -> Self {
        let left = text.trim_start();
        Self { text: left.trim_end(), start: start + text.len() - left.len() }
    }

    pub(super) fn first_word(self) -> (Self, Self) {
        let end = self.text.find(char::is_whitespace).unwrap_or(self.text.len());
        let (word, rest) = self.text.split_at(end);
        (Self::trimmed(word, self.start), Self::trimmed(rest, self.start + end))
    }

    pub(super) fn split_once(self, separator: &str) -> Option<(Self, Self)> {
        let (before, after) = self.text.split_once(separator)?;
        let after_start = self.start + before.len() + separator.len();
        Some((Self::trimmed(before, self.start), Self::trimmed(after, after_start)))
    }

    pub(super) fn split_on(self, separator: &'a str) -> impl Iterator<Item = Self> {
        let mut start = self.start;
        self.text.split(separator).map(move |text| {
            let part = Self::trimmed(text, start);
            start += text.len() + separator.len();
            part
        })
    }

    /// The part as a name of letters, digits, `-` and `_`.
    pub(super) fn name(self, what: &str, help: &str) -> Result<String, ClauseError> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        match self.text {
            "" => Err(self.error(format!("expected {what}"), help)),
            name if name.chars().all(allowed) => Ok(name.to_owned()),
            other => Err(self.error(format!("`{other}` is not {what}"), help)),
        }
    }

    /// The part as a kind of data or a group of kinds, such as `email` or `pii.eu`.
    pub(super) fn kind(self) -> Result<String, ClauseError> {
        let help = "write `redact email, phone` or `redact pii`";
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        match self.text {
            "" => Err(self.error("expected a kind".to_owned(), help)),
            name if name.chars().all(allowed) => Ok(name.to_owned()),
            other => Err(self.error(format!("`{other}` is not a kind"), help)),
        }
    }

    pub(super) fn error(self, message: String, help: &str) -> ClauseError {
        let span = Span::new(self.start, self.start + self.text.len());
        ClauseError { span, message, help: help.to_owned() }
    }
}
