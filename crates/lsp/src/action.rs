//! Repairs: of one finding, or of all that can be made without a person's eye.

use bounden_base::{Diagnostic, Fix, Span};
use bounden_spec::repaired_whole;
use lsp_types::{CodeAction, CodeActionKind, Range, TextEdit, Uri, WorkspaceEdit};

use crate::Document;

/// Makes every safe repair, as `bounden check --fix` does.
const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.bounden");

impl Document {
    /// The repairs of what is found in `range`, and the one of everything; only
    /// those of the kinds that are asked for, if any are.
    #[must_use]
    pub fn code_actions(
        &self,
        uri: &Uri,
        range: Range,
        only: Option<&[CodeActionKind]>,
    ) -> Vec<CodeAction> {
        let is_wanted =
            |kind: &CodeActionKind| only.is_none_or(|only| only.iter().any(|o| covers(o, kind)));
        let mut actions = Vec::new();
        if is_wanted(&CodeActionKind::QUICKFIX) {
            actions.extend(self.repairs(uri, self.source.span(range)));
        }
        if is_wanted(&FIX_ALL) {
            actions.extend(self.whole_repair(uri));
        }
        actions
    }

    fn repairs(&self, uri: &Uri, within: Span) -> impl Iterator<Item = CodeAction> {
        let touches = move |span: Span| span.start <= within.end && within.start <= span.end;
        let found = self.findings().iter().filter(move |found| touches(found.span));
        found.filter_map(move |found| {
            let fix = found.fix.as_ref()?;
            let edits = fix
                .edits
                .iter()
                .map(|edit| TextEdit::new(self.source.range(edit.span), edit.replacement.clone()));
            Some(CodeAction {
                title: title(found, fix),
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(vec![self.diagnostic(found, uri)]),
                edit: Some(edit_of(uri, edits.collect())),
                is_preferred: Some(fix.safe),
                ..CodeAction::default()
            })
        })
    }

    fn whole_repair(&self, uri: &Uri) -> Option<CodeAction> {
        let repaired = repaired_whole(self.text(), self.contracts());
        if repaired == self.text() {
            return None;
        }
        let whole = self.source.range(Span::new(0, self.text().len()));
        Some(CodeAction {
            title: "Make all safe repairs".to_owned(),
            kind: Some(FIX_ALL),
            edit: Some(edit_of(uri, vec![TextEdit::new(whole, repaired)])),
            ..CodeAction::default()
        })
    }
}

/// Kinds are a hierarchy: `source` asks for `source.fixAll.bounden` as well.
fn covers(asked: &CodeActionKind, kind: &CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(asked.as_str());
    rest.is_some_and(|rest| asked.as_str().is_empty() || rest.is_empty() || rest.starts_with('.'))
}

/// What the repair does: the advice of its finding says it, with a capital.
fn title(found: &Diagnostic, fix: &Fix) -> String {
    let advice = found.help.as_ref().unwrap_or(&found.message);
    let mut characters = advice.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string());
    let note = if fix.safe { "" } else { " (please review)" };
    format!("{}{}{note}", first.unwrap_or_default(), characters.as_str())
}

#[expect(
    clippy::mutable_key_type,
    reason = "addresses are compared by their text, which nothing changes"
)]
fn edit_of(uri: &Uri, edits: Vec<TextEdit>) -> WorkspaceEdit {
    let changes = [(uri.clone(), edits)].into_iter().collect();
    WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
}
