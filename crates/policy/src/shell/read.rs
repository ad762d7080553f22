//! The place in a command line up to which it is read, and how far is looked ahead.

use super::here::HereDoc;
use super::{Line, MOST_DEPTH, Reads, Unread, chars};

/// Reads one text into a line.
pub(super) struct Reader<'t, 'l> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    pub(super) depth: usize,
    /// Here-documents whose bodies follow the next line break.
    pub(super) awaited: Vec<HereDoc>,
    /// Whether what is read has its input from a pipe.
    pub(super) piped: bool,
    pub(super) line: &'l mut Line,
}

impl<'t, 'l> Reader<'t, 'l> {
    pub(super) fn new(text: &'t str, depth: usize, line: &'l mut Line) -> Self {
        Self { text, at: 0, depth, awaited: Vec::new(), piped: false, line }
    }
}

impl<'t> Reader<'t, '_> {
    /// Reads the whole text as commands.
    pub(super) fn script(mut self) -> Reads<()> {
        if self.text.contains('\0') {
            return Unread::because("it holds a NUL character");
        }
        self.line.spend(self.text.len())?;
        self.deeper(Self::list)?;
        if self.at < self.text.len() {
            return Unread::because("a bracket or a keyword stands where no command ends");
        }
        self.bodies_are_complete()
    }

    /// Reads another text, one level deeper, into the same line.
    pub(super) fn script_inside(&mut self, text: &str) -> Reads<()> {
        Reader::new(text, self.depth, self.line).script()
    }

    /// Runs one level deeper.
    pub(super) fn deeper<T>(&mut self, run: impl FnOnce(&mut Self) -> Reads<T>) -> Reads<T> {
        if self.depth == MOST_DEPTH {
            return Err(Unread::TooLarge);
        }
        self.depth += 1;
        let value = run(self);
        self.depth -= 1;
        value
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    pub(super) fn sees(&self, text: &str) -> bool {
        self.rest().starts_with(text)
    }

    pub(super) fn take(&mut self, text: &str) -> bool {
        let found = self.sees(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    /// Passes spaces, continued lines and a comment.
    pub(super) fn blanks(&mut self) {
        while self.take(" ") || self.take("\t") || self.take("\\\n") {}
        if self.sees("#") {
            self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        }
    }

    /// Passes spaces, comments and line breaks, and the here-documents after them.
    pub(super) fn blank_lines(&mut self) -> Reads<()> {
        self.blanks();
        while self.line_break()? {
            self.blanks();
        }
        Ok(())
    }

    pub(super) fn line_break(&mut self) -> Reads<bool> {
        let found = self.take("\n");
        if found {
            self.bodies()?;
        }
        Ok(found)
    }

    /// Whether a keyword comes next, as a word of its own and without quotes.
    pub(super) fn sees_keyword(&self, keyword: &str) -> bool {
        let after = self.rest().strip_prefix(keyword).map(|rest| rest.chars().next());
        after.is_some_and(|next| next.is_none_or(chars::ends_word))
    }

    pub(super) fn take_keyword(&mut self, keyword: &str) -> bool {
        let found = self.sees_keyword(keyword);
        self.at += if found { keyword.len() } else { 0 };
        found
    }

    pub(super) fn expect_keyword(&mut self, keyword: &str) -> Reads<()> {
        if self.take_keyword(keyword) {
            return Ok(());
        }
        Unread::because("a compound command is not complete")
    }
}
