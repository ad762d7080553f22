//! One thing that can be written, before it is put into the editor's terms.

use bounden_base::Span;
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, MarkupContent,
    MarkupKind, TextEdit,
};

use crate::expression::Word;
use crate::source::Source;
use crate::tool::code;

/// One thing that can be written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Offer {
    pub(super) label: String,
    kind: CompletionItemKind,
    detail: Option<String>,
    about: Option<String>,
    after: &'static str,
    rank: u8,
    /// How many bytes before the cursor it takes the place of.
    length: usize,
}

impl Offer {
    pub(super) fn new(label: &str, kind: CompletionItemKind, length: usize) -> Self {
        let label = label.to_owned();
        Self { label, kind, detail: None, about: None, after: "", rank: 0, length }
    }

    /// A word of an expression.
    pub(super) fn of(word: Word, length: usize) -> Self {
        match word {
            Word::Member { name, kind, about } => {
                // A server's words; shown as they are.
                let about = (!about.is_empty()).then(|| code(&about));
                let offer = Self::new(&name, CompletionItemKind::FIELD, length).detail(&kind);
                Self { about, ..offer }
            }
            Word::Function { name, example } => {
                let offer = Self::new(name, CompletionItemKind::FUNCTION, length);
                offer.detail(example).ranked(1).followed_by("(")
            }
            Word::Plain(name) => Self::new(name, CompletionItemKind::VARIABLE, length),
        }
    }

    pub(super) fn detail(mut self, detail: &str) -> Self {
        self.detail = Some(detail.to_owned());
        self
    }

    pub(super) fn about(mut self, about: Option<&str>) -> Self {
        self.about = about.map(str::to_owned);
        self
    }

    pub(super) fn explained(mut self, markdown: String) -> Self {
        self.about = Some(markdown);
        self
    }

    /// Smaller ranks come first.
    pub(super) fn ranked(mut self, rank: u8) -> Self {
        self.rank = rank;
        self
    }

    pub(super) fn preceded_by(mut self, prefix: &str) -> Self {
        self.label = format!("{prefix}{}", self.label);
        self
    }

    pub(super) fn followed_by(mut self, after: &'static str) -> Self {
        self.after = after;
        self
    }

    /// For a cursor at `byte`.
    pub(super) fn item(self, source: &Source, byte: usize) -> CompletionItem {
        let range = source.range(Span::new(byte.saturating_sub(self.length), byte));
        let text = format!("{}{}", self.label, self.after);
        let documentation = self.about.map(|value| {
            Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })
        });
        CompletionItem {
            sort_text: Some(format!("{}{}", self.rank, self.label)),
            filter_text: Some(self.label.clone()),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(range, text))),
            label: self.label,
            kind: Some(self.kind),
            detail: self.detail,
            documentation,
            ..CompletionItem::default()
        }
    }
}
