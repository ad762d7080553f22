//! Parser events to a tree; every event that could mean two things is refused.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bounden_base::{Diagnostic, Span};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span as Marks, Tag};

use super::scalar::{self, Plain};
use super::{Entry, Key, MAX_DEPTH, Node, Style, Text, Value, brackets, characters};

/// The tree of the one document in `text`.
pub(super) fn tree(text: &str, problems: &mut Vec<Diagnostic>) -> Option<Node> {
    directives(text, problems);
    let mut builder = Builder { source: Source::new(text), problems, open: Vec::new(), root: None };
    let mut documents = 0;
    for event in Parser::new_from_str(text) {
        let (event, marks) = match event {
            Ok(event) => event,
            Err(error) => {
                builder.not_yaml(&error);
                return None;
            }
        };
        let span = builder.source.span(marks);
        if matches!(event, Event::DocumentStart(_)) {
            documents += 1;
        }
        if documents > 1 {
            builder.problems.push(second_document(span));
            break;
        }
        if !builder.take(event, span) {
            return None;
        }
    }
    if builder.root.is_none() {
        builder.problems.push(
            Diagnostic::error("B020", Span::at(0), "the document is empty").help(
                "write at least `schema: behavior.intent/v1`, or let `bounden init` draft it",
            ),
        );
    }
    builder.root
}

/// The tree of what stands before the first error, and where that error is.
/// What is open there counts as closed; nothing is reported.
pub(super) fn beginning(text: &str) -> (Option<Node>, Option<usize>) {
    let mut problems = Vec::new();
    let source = Source::new(text);
    let mut builder = Builder { source, problems: &mut problems, open: Vec::new(), root: None };
    let mut error = None;
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, marks)) => {
                let span = builder.source.span(marks);
                // A second document is none of this one's business.
                if builder.root.is_some() || !builder.take(event, span) {
                    break;
                }
            }
            Err(at) => {
                error = Some(builder.source.byte(at.marker().index()));
                break;
            }
        }
    }
    builder.close_all();
    (builder.root, error)
}

struct Builder<'t, 'p> {
    source: Source<'t>,
    problems: &'p mut Vec<Diagnostic>,
    open: Vec<Open>,
    root: Option<Node>,
}

/// A list or mapping whose end is still to come.
enum Open {
    List { start: Span, items: Vec<Node> },
    Map { start: Span, entries: Vec<Entry>, seen: BTreeMap<String, Span>, key: Option<Key> },
}

impl Builder<'_, '_> {
    /// Takes one event; `false` where going on would be pointless.
    fn take(&mut self, event: Event<'_>, span: Span) -> bool {
        match event {
            Event::Alias(_) => {
                self.refuse("B007", span, "an alias (`*`) is not allowed", "repeat the value");
                self.place(Node { span, value: Value::Refused });
            }
            Event::Scalar(value, style, anchor, tag) => {
                self.properties(anchor, tag.as_deref(), span);
                self.scalar(value, style, span);
            }
            Event::SequenceStart(anchor, tag) => {
                self.properties(anchor, tag.as_deref(), span);
                self.open.push(Open::List { start: span, items: Vec::new() });
            }
            Event::MappingStart(anchor, tag) => {
                self.properties(anchor, tag.as_deref(), span);
                let (entries, seen) = (Vec::new(), BTreeMap::new());
                self.open.push(Open::Map { start: span, entries, seen, key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            _ => {}
        }
        if self.open.len() > MAX_DEPTH {
            self.too_deep(span);
            return false;
        }
        true
    }

    fn too_deep(&mut self, span: Span) {
        let message = format!("lists and mappings are nested deeper than {MAX_DEPTH}");
        self.refuse("B011", span, message, "a document this deep was not written by a person");
    }

    fn properties(&mut self, anchor: usize, tag: Option<&Tag>, span: Span) {
        if anchor != 0 {
            self.refuse("B007", span, "an anchor (`&`) is not allowed", "repeat the value");
        }
        if let Some(tag) = tag {
            let message = format!("the tag `{tag}` is not allowed");
            self.refuse(
                "B008",
                span,
                message,
                "remove it; types follow from how values are written",
            );
        }
    }

    fn scalar(&mut self, value: Cow<'_, str>, style: ScalarStyle, span: Span) {
        let span = self.source.trimmed(span, style);
        if self.expects_key() {
            return self.key(value.into_owned(), style, span);
        }
        let typed = match style {
            ScalarStyle::Plain => scalar::plain(&value, span),
            _ => Plain::Text,
        };
        let value = match typed {
            Plain::Typed(typed) => typed,
            Plain::Refused(problem) => {
                self.problems.push(problem);
                Value::Refused
            }
            Plain::Text => Value::Text(self.text(value.into_owned(), style, span)),
        };
        self.place(Node { span, value });
    }

    fn text(&mut self, value: String, style: ScalarStyle, span: Span) -> Text {
        if style == ScalarStyle::DoubleQuoted && self.source.slice(span).contains('\\') {
            self.problems.extend(characters::check_decoded(&value, span));
        }
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        };
        let quote = usize::from(style == Style::Quoted);
        let inner = Span::new(span.start + quote, span.end.saturating_sub(quote));
        let verbatim = (self.source.slice(inner) == value).then_some(inner.start);
        Text { value, span, style, verbatim }
    }

    fn key(&mut self, name: String, style: ScalarStyle, span: Span) {
        if style == ScalarStyle::Plain {
            match scalar::plain(&name, span) {
                Plain::Text if name == "<<" => self.refuse(
                    "B009",
                    span,
                    "a merge key (`<<`) is not allowed",
                    "write the entries out",
                ),
                Plain::Text => {}
                Plain::Typed(_) => self.key_without_text(span),
                Plain::Refused(problem) => self.problems.push(problem),
            }
        } else {
            self.text(name.clone(), style, span);
        }
        let Some(Open::Map { seen, key, .. }) = self.open.last_mut() else { return };
        if let Some(first) = seen.get(&name) {
            let problem =
                Diagnostic::error("B010", span, format!("the key `{name}` is given twice"))
                    .related(*first, "first here")
                    .help("remove one of the two");
            self.problems.push(problem);
        } else {
            seen.insert(name.clone(), span);
        }
        *key = Some(Key { name, span });
    }

    fn key_without_text(&mut self, span: Span) {
        self.refuse("B012", span, "a key has to be a text", "put it in quotes");
    }

    fn close(&mut self, end: Span) {
        let Some(open) = self.open.pop() else { return };
        let (start, last, value) = match open {
            Open::List { start, items } => {
                (start, items.last().map(|item| item.span), Value::List(items))
            }
            Open::Map { start, entries, .. } => {
                (start, entries.last().map(|entry| entry.value.span), Value::Map(entries))
            }
        };
        // A block ends where its last item does; only brackets end later.
        let is_block = end.start == end.end;
        let end = if is_block { last.unwrap_or(start) } else { self.source.bracket(end) };
        self.place(Node { span: start.to(end), value });
    }

    /// Closes what is still open; a key without a value gets none.
    fn close_all(&mut self) {
        while let Some(open) = self.open.last() {
            if let Open::Map { key: Some(key), .. } = open {
                let span = Span::at(key.span.end);
                self.place(Node { span, value: Value::Null });
            }
            self.close(Span::at(0));
        }
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Open::Map { key: None, .. }))
    }

    fn place(&mut self, node: Node) {
        if self.expects_key() {
            self.key_without_text(node.span);
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { key: key @ None, .. }) => {
                *key = Some(Key { name: String::new(), span: node.span });
            }
            Some(Open::Map { entries, seen, key, .. }) => {
                let Some(key) = key.take() else { return };
                let is_empty = node.span.start == node.span.end && node.value == Value::Null;
                let span = if is_empty { Span::at(key.span.end) } else { node.span };
                // Of two equal keys the first counts; the second was reported.
                if seen.get(&key.name) == Some(&key.span) {
                    entries.push(Entry { key, value: Node { span, ..node } });
                }
            }
        }
    }

    fn refuse(&mut self, code: &str, span: Span, message: impl Into<String>, help: &str) {
        self.problems.push(Diagnostic::error(code, span, message).help(help));
    }

    fn not_yaml(&mut self, error: &ScanError) {
        let info = error.info();
        let at = self.source.byte(error.marker().index());
        if self.problems.iter().any(|known| is_cause(known) && known.span.start <= at) {
            return;
        }
        let span = Span::new(at, self.source.after(at));
        if info.contains("recursion limit") {
            return self.too_deep(span);
        }
        let (code, help) = if info.contains("unknown anchor") {
            ("B007", "aliases are not allowed; put a text that starts with `*` in quotes")
        } else if info.contains("Unicode character escape") {
            ("B004", "write the character itself, or `\\U` with eight hexadecimal digits")
        } else if info.contains("tab") {
            ("B004", "indent with spaces")
        } else {
            (
                "B004",
                "put a text that holds `: `, ` #`, or starts with `@`, `*`, `&`, `!`, `{` or `[` in quotes",
            )
        };
        let problem = Diagnostic::error(code, span, format!("this is not YAML: {info}")).help(help);
        let text = self.source.text.get(..at).unwrap_or("");
        self.problems.push(match brackets::unclosed(text) {
            Some(open) => problem.related(Span::new(open, open + 1), "this is still open there"),
            None => problem,
        });
    }
}

/// Whether a character that was already reported explains why the parser gave up.
fn is_cause(known: &Diagnostic) -> bool {
    matches!(known.code.as_str(), "B018" | "B019")
}

fn second_document(span: Span) -> Diagnostic {
    Diagnostic::error("B005", span, "a second document starts here")
        .help("keep one document per file")
}

/// `%` lines before the document, which the events do not show.
fn directives(text: &str, problems: &mut Vec<Diagnostic>) {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let is_preamble = line.trim().is_empty() || line.starts_with('#');
        if line.starts_with('%') {
            let span = Span::new(start, start + line.trim_end().len());
            let problem = Diagnostic::error("B006", span, "a directive (`%`) is not allowed");
            problems.push(problem.help("remove the line"));
        } else if !is_preamble {
            return;
        }
        start += line.len();
    }
}

/// Turns the parser's character positions into bytes.
struct Source<'t> {
    text: &'t str,
    /// The byte of each character; empty where the two are the same.
    bytes: Vec<usize>,
}

impl<'t> Source<'t> {
    fn new(text: &'t str) -> Self {
        let bytes = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(byte, _)| byte).collect()
        };
        Self { text, bytes }
    }

    fn byte(&self, character: usize) -> usize {
        let byte = if self.bytes.is_empty() {
            character
        } else {
            self.bytes.get(character).copied().unwrap_or(self.text.len())
        };
        byte.min(self.text.len())
    }

    fn span(&self, marks: Marks) -> Span {
        Span::new(self.byte(marks.start.index()), self.byte(marks.end.index()))
    }

    fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.start..span.end).unwrap_or("")
    }

    /// The closing bracket at `span`; after a trailing comma the parser
    /// points at the comma.
    fn bracket(&self, span: Span) -> Span {
        let mut rest = self.text.get(span.start..).unwrap_or("").trim_start_matches(',');
        loop {
            rest = rest.trim_start();
            match rest.strip_prefix('#') {
                Some(comment) => rest = comment.split_once('\n').map_or("", |(_, rest)| rest),
                None => break,
            }
        }
        let at = self.text.len() - rest.len();
        if rest.starts_with(['}', ']']) { Span::new(at, at + 1) } else { span }
    }

    /// The end of the character at `byte`.
    fn after(&self, byte: usize) -> usize {
        let rest = self.text.get(byte..).unwrap_or("");
        byte + rest.chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8)
    }

    /// Block scalars without the line breaks that follow them.
    fn trimmed(&self, span: Span, style: ScalarStyle) -> Span {
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                Span::new(span.start, span.start + self.slice(span).trim_end().len())
            }
            _ => span,
        }
    }
}
