//! One word of a command line, as far as it is known.

/// A word: its text from the beginning, and what may follow that is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    text: String,
    rest: Rest,
    /// Whether a part of it is quoted, so that it is no keyword.
    pub(super) is_quoted: bool,
}

/// What follows the known text of a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Rest {
    /// Nothing: the word is known.
    #[default]
    Nothing,
    /// Something, in this one word.
    OneWord,
    /// Something, perhaps in several words that all begin with the known text.
    Alike,
    /// Something, perhaps in further words that may begin with anything.
    AnyWords,
}

impl Word {
    pub(super) fn literal(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Words of which nothing is known.
    pub(super) fn any_words() -> Self {
        Self { rest: Rest::AnyWords, ..Self::default() }
    }

    /// The text, where it is known to its end.
    pub(super) fn known(&self) -> Option<&str> {
        (self.rest == Rest::Nothing).then_some(self.text.as_str())
    }

    /// The text as far as it is known.
    pub(super) fn beginning(&self) -> &str {
        &self.text
    }

    /// Adds to the known text; what follows an unknown part adds nothing.
    pub(super) fn push(&mut self, c: char) {
        if self.rest == Rest::Nothing {
            self.text.push(c);
        }
    }

    /// Adds to the known text; what follows an unknown part adds nothing.
    pub(super) fn push_str(&mut self, text: &str) {
        if self.rest == Rest::Nothing {
            self.text.push_str(text);
        }
    }

    /// Something follows that is not known.
    pub(super) fn lose(&mut self, rest: Rest) {
        self.rest = match (self.rest, rest) {
            (Rest::AnyWords, _) | (_, Rest::AnyWords) => Rest::AnyWords,
            (Rest::Alike, _) | (_, Rest::Alike) => Rest::Alike,
            _ => rest,
        };
    }

    /// Nothing is known from this place of the text on.
    pub(super) fn lose_from(&mut self, place: usize, rest: Rest) {
        if self.rest == Rest::Nothing {
            self.text.truncate(place);
        }
        self.lose(rest);
    }

    /// Whether the word may turn out to begin with `-`.
    pub(super) fn may_be_flag(&self) -> bool {
        match self.rest {
            Rest::AnyWords => true,
            Rest::OneWord | Rest::Alike if self.text.is_empty() => true,
            _ => self.text.starts_with('-'),
        }
    }

    /// Whether this is one word whatever it turns out to be.
    pub(super) fn is_one(&self) -> bool {
        matches!(self.rest, Rest::Nothing | Rest::OneWord)
    }
}
