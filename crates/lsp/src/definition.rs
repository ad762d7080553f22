//! From the use of a name to its declaration.

use bounden_base::Span;
use bounden_spec::yaml::{Entry, Node};
use lsp_types::{Position, Range};

use crate::Document;
use crate::names::{self, Kind};
use crate::place::{self, Part, Place};

impl Document {
    /// Where the name at a place is declared.
    #[must_use]
    pub fn definition(&self, position: Position) -> Option<Range> {
        let byte = self.source.byte(position);
        let tree = self.tree()?;
        let (_, entry, _) = self.declared_at(tree, &place::at(tree, byte), byte)?;
        Some(self.source.range(entry.key.span))
    }

    /// What the name at a byte stands for, its declaration, and where the name stands.
    pub(crate) fn declared_at<'t>(
        &self,
        tree: &'t Node,
        place: &Place<'_>,
        byte: usize,
    ) -> Option<(Kind, &'t Entry, Span)> {
        let kinds = match place.part {
            Part::Key(_) => names::in_key(&place.path),
            Part::Value(_) => names::in_value(&place.path),
        };
        let (word, span) = names::word_at(&self.source, place.span(), byte)?;
        let (kind, entry) = names::declaration(tree, kinds, word)?;
        Some((kind, entry, span))
    }
}
