//! Reads what it can of a document that is still being written.

use bounden_base::Span;

use super::{MAX_BYTES, Node, build};

/// More lines than this are not passed over: what is left would not be the document.
const MOST_LINES: usize = 8;

/// As much of the tree as can be read, for whoever looks at a document while it
/// is being written. A line that is not YAML is passed over, what is not closed
/// at the end counts as closed, and nothing is reported: [`super::read`] does that.
/// A text that is too large for a document has no tree.
#[must_use]
pub fn salvage(text: &str) -> Option<Node> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let mut attempt = Attempt::new(text.to_owned());
    for _ in 0..MOST_LINES {
        match attempt.further() {
            Some(further) => attempt = further,
            None => break,
        }
    }
    attempt.root
}

/// A text in which some lines were made empty, and what can be read of it.
struct Attempt {
    text: String,
    root: Option<Node>,
    error: Option<usize>,
}

impl Attempt {
    fn new(text: String) -> Self {
        let (root, error) = build::beginning(&text);
        Self { text, root, error }
    }

    /// The same without the line of the error, or without the one above it, where
    /// a key without `:` is noticed only below; whichever can be read further, if
    /// any can. What is noticed at the end is only not finished.
    fn further(&self) -> Option<Self> {
        let at = self.error.filter(|at| *at < self.text.trim_end().len())?;
        let lines = [self.line_at(at), self.line_above(at)].into_iter().flatten();
        let attempts = lines.filter_map(|line| self.without(line)).map(Self::new);
        let reached = |attempt: &Self| attempt.error.unwrap_or(usize::MAX);
        attempts.filter(|attempt| reached(attempt) > at).max_by_key(reached)
    }

    fn line_at(&self, at: usize) -> Option<Span> {
        let start = self.text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
        let rest = self.text.get(at..)?;
        Some(Span::new(start, at + rest.find('\n').unwrap_or(rest.len())))
    }

    /// The last line above that is not empty.
    fn line_above(&self, at: usize) -> Option<Span> {
        let above = self.text.get(..self.line_at(at)?.start)?.trim_end();
        if above.is_empty() { None } else { self.line_at(above.len()) }
    }

    /// The text with a line made empty, byte for byte; none where nothing follows it.
    fn without(&self, line: Span) -> Option<String> {
        let (before, after) = (self.text.get(..line.start)?, self.text.get(line.end..)?);
        let blank = " ".repeat(line.end - line.start);
        (!after.trim().is_empty()).then(|| [before, &blank, after].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn salvaged(text: &str) -> String {
        salvage(text).map_or(String::new(), |node| node.json().canonical())
    }

    #[test]
    fn what_can_be_read_is_read() {
        for (text, expected) in [
            ("a: 1\nb: {c: [d\n", r#"{"a":1,"b":{"c":["d"]}}"#),
            ("a: 1\nb", r#"{"a":1}"#),
            ("a: 1\nb\nc: 2\n", r#"{"a":1,"c":2}"#),
            ("a: {b: 1, c", r#"{"a":{"b":1,"c":null}}"#),
            ("a: {b: 'x\n", r#"{"a":{"b":null}}"#),
            ("a:\n  b: @x\n  c: 2\nd: 3\n", r#"{"a":{"c":2},"d":3}"#),
            ("a: 1\n---\nb: 2\n", r#"{"a":1}"#),
            ("", ""),
            (&" ".repeat(MAX_BYTES + 1), ""),
        ] {
            assert_eq!(salvaged(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_document_in_order_is_read_as_it_is() {
        let path = bounden_testkit::repository().join("examples/support/behavior.intent");
        let text = bounden_testkit::read_text(path);
        assert_eq!(salvage(&text), super::super::read(text.as_bytes()).0.map(|read| read.root));
    }

    #[test]
    fn every_beginning_of_a_document_gives_its_beginning() {
        let text = "agent: {id: \"é\", tags: [x, y]}\nlist:\n  - a: |\n      b\n  - 'c'\n# d\n";
        for end in (7..text.len()).filter(|end| text.is_char_boundary(*end)) {
            let known = salvage(&text[..end]).unwrap();
            assert_eq!(known.entries().unwrap()[0].key.name, "agent", "{end}");
            assert_eq!(known.get("list").is_some(), end > 36, "{end}");
        }
    }
}
