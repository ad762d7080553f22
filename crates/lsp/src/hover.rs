//! What a place means: its findings, its name, its key.

use bounden_base::{Span, nearest};
use bounden_policy::ToolName;
use bounden_spec::yaml::Entry;
use bounden_spec::{Explanation, explain};
use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

use crate::Document;
use crate::names::{self, Kind};
use crate::place::{self, Part, Place};
use crate::schema::Schema;
use crate::tool::{self, code};

/// A declaration of more lines than this is shown in part.
const MOST_LINES: usize = 20;

impl Document {
    /// What stands at a place, in Markdown.
    #[must_use]
    pub fn hover(&self, position: Position) -> Option<Hover> {
        let byte = self.source.byte(position);
        let mut parts: Vec<String> = self.explanations_at(byte).collect();
        let mut span = None;
        if let Some(tree) = self.tree() {
            let place = place::at(tree, byte);
            let named = self.declared_at(tree, &place, byte);
            if let Some((kind, entry, word)) = named {
                span = Some(word);
                parts.push(self.declaration(kind, entry));
            }
            if place::holds(place.span(), byte) {
                let about = self.about(&place);
                span = span.or_else(|| (!about.is_empty()).then(|| place.span()));
                parts.extend(about);
            }
        }
        let contents =
            MarkupContent { kind: MarkupKind::Markdown, value: parts.join("\n\n---\n\n") };
        (!parts.is_empty()).then(|| Hover {
            contents: HoverContents::Markup(contents),
            range: span.map(|span| self.source.range(span)),
        })
    }

    /// The codes of what is found at a byte, and a code that stands there.
    fn explanations_at(&self, byte: usize) -> impl Iterator<Item = String> {
        let found = self.findings().iter().filter(move |found| place::holds(found.span, byte));
        let whole = Span::new(0, self.text().len());
        let written = names::word_at(&self.source, whole, byte).map(|(word, _)| word.to_owned());
        let written = written.filter(|word| word.starts_with('B'));
        let mut codes: Vec<_> = found.map(|found| found.code.clone()).chain(written).collect();
        codes.dedup();
        codes.into_iter().filter_map(|code| Some(short(&explain(&code)?)))
    }

    /// What the schema says of the key, and of a tool or a list of words that stands there.
    fn about(&self, place: &Place<'_>) -> Vec<String> {
        let mut about = Vec::new();
        match (&place.part, place.path.as_slice()) {
            (Part::Key(entry), ["tools", _]) => about.push(self.declaration(Kind::Tool, entry)),
            (Part::Value(node), _) if node.entries().is_some() || node.items().is_some() => {
                return about;
            }
            _ => {}
        }
        let Some(schema) = Schema::at(&place.path) else { return about };
        let name = place.path.last().filter(|name| **name != place::ITEM);
        if let (Some(name), Some(description)) = (name, schema.description()) {
            about.push(format!("{}: {description}", code(name)));
        }
        let words = schema.words();
        if !words.is_empty() {
            let words: Vec<_> = words.into_iter().map(code).collect();
            about.push(format!("One of {}.", words.join(", ")));
        }
        about
    }

    fn declaration(&self, kind: Kind, entry: &Entry) -> String {
        let name = &entry.key.name;
        let title = format!("**{}** {}", kind.word(), code(name));
        if kind != Kind::Tool {
            return format!("{title}\n\n{}", self.source_of(entry));
        }
        let declared = tool::declared(&entry.value).join("\n");
        [title, declared, self.pinned_tool(name)]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("\n\n")
    }

    /// What was pinned of a tool, or that nothing was.
    fn pinned_tool(&self, name: &str) -> String {
        let Some(contracts) = self.contracts() else {
            return "Not pinned: `bounden resolve` asks the server for it.".to_owned();
        };
        if let Some(contract) = contracts.tool(&ToolName::new(name)) {
            return tool::pinned(contract);
        }
        let known: Vec<_> = contracts.tools().map(|(name, _)| name.as_str().to_owned()).collect();
        let near = nearest::name(name, known.iter().map(String::as_str));
        let advice = near.map_or(String::new(), |near| format!(" Did you mean {}?", code(near)));
        format!("No such tool was pinned.{advice}")
    }

    /// The declaration as it is written.
    fn source_of(&self, entry: &Entry) -> String {
        let text = self.source.slice(entry.key.span.to(entry.value.span));
        let column = usize::try_from(self.source.position(entry.key.span.start).character);
        let indentation = " ".repeat(column.unwrap_or(0));
        let lines = text.lines().take(MOST_LINES);
        let lines = lines.map(|line| line.strip_prefix(indentation.as_str()).unwrap_or(line));
        lines.map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
    }
}

/// The title and the first paragraph of a page, and where the rest is.
fn short(page: &Explanation) -> String {
    let first = page.text.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    format!("**{}** {}\n\n{first}\n\n<{}>", page.code, page.title, page.address())
}
