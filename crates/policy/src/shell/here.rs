//! Here-documents: their delimiters, and their bodies after the next line break.

use super::read::Reader;
use super::{Reads, Unread};

/// A here-document whose body is still to come.
#[derive(Debug)]
pub(super) struct HereDoc {
    delimiter: String,
    /// Whether the body stands as it is, without expansions.
    is_literal: bool,
    strips_tabs: bool,
    /// Its place in the line's bodies.
    pub(super) body: usize,
    /// Whether a shell reads its commands from it.
    pub(super) is_script: bool,
}

impl Reader<'_, '_> {
    /// Reads a delimiter; the answer is the place that the body will have.
    pub(super) fn here_document(&mut self, strips_tabs: bool) -> Reads<usize> {
        let before = self.at;
        let word = self.word()?;
        let raw = self.text.get(before..self.at).unwrap_or_default();
        let Some(delimiter) = word.known().filter(|_| !raw.contains(['$', '`', '\n'])) else {
            return Unread::because("a here-document has no plain delimiter");
        };
        if raw.is_empty() {
            return Unread::because("a here-document has no delimiter");
        }
        self.line.count(1)?;
        let body = self.line.bodies.len();
        self.line.bodies.push(None);
        self.awaited.push(HereDoc {
            delimiter: delimiter.to_owned(),
            is_literal: word.is_quoted,
            strips_tabs,
            body,
            is_script: false,
        });
        Ok(body)
    }

    /// A shell reads its commands from this here-document.
    pub(super) fn script_from(&mut self, body: usize) {
        for here in self.awaited.iter_mut().filter(|here| here.body == body) {
            here.is_script = true;
        }
    }

    /// Reads the bodies that follow a line break.
    pub(super) fn bodies(&mut self) -> Reads<()> {
        for here in std::mem::take(&mut self.awaited) {
            let text = self.body_of(&here)?;
            let is_literal = here.is_literal || !text.contains(['$', '`', '\\']);
            if !is_literal {
                self.expanded_body(&text)?;
            }
            if here.is_script {
                if !is_literal {
                    return Unread::because("a shell reads commands that expansions complete");
                }
                self.deeper(|reader| reader.script_inside(&text))?;
            }
            if let Some(body) = self.line.bodies.get_mut(here.body) {
                *body = is_literal.then_some(text);
            }
        }
        Ok(())
    }

    fn body_of(&mut self, here: &HereDoc) -> Reads<String> {
        let mut text = String::new();
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return Unread::because("a here-document has no end");
            }
            let length = rest.find('\n').map_or(rest.len(), |end| end + 1);
            let line = rest.get(..length).unwrap_or_default();
            self.at += length;
            let line = if here.strips_tabs { line.trim_start_matches('\t') } else { line };
            let bare = line.strip_suffix('\n').unwrap_or(line);
            if bare == here.delimiter {
                return Ok(text);
            }
            if !here.is_literal && bare.ends_with('\\') {
                return Unread::because("a line of a here-document goes on");
            }
            text.push_str(line);
        }
    }

    pub(super) fn bodies_are_complete(&self) -> Reads<()> {
        if self.awaited.is_empty() {
            return Ok(());
        }
        Unread::because("a here-document has no body")
    }
}
