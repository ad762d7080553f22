//! Other inputs, as `behavior.intent/v1`.

use bounden_base::Diagnostic;

use crate::read::Read as _;
use crate::{article, in_order, intent, yaml};

/// A document in the current format.
#[derive(Debug)]
pub struct Migrated {
    /// Its text, where the input could be read.
    pub text: Option<String>,
    /// Whether the input was in the current format already; the text is then unchanged.
    pub is_current: bool,
    /// What stands against the input, and what it leaves open.
    pub diagnostics: Vec<Diagnostic>,
}

/// Translates a document of an older or another form. What it leaves open
/// stays open: it is reported, and `check` finds it again in the result.
#[must_use]
pub fn migrate(bytes: &[u8]) -> Migrated {
    let (document, mut diagnostics) = yaml::read(bytes);
    let Some(document) = document else {
        return Migrated { text: None, is_current: false, diagnostics };
    };
    let is_current = !article::is_article(&document.root);
    let intent = if is_current {
        let (intent, found) = intent::from_document(&document);
        diagnostics.extend(found);
        intent
    } else {
        let translated = article::read(&document);
        diagnostics.extend(translated.problems);
        diagnostics.extend(translated.findings);
        translated.intent
    };
    in_order(&mut diagnostics);
    let text = intent.and_then(|intent| {
        if is_current {
            return String::from_utf8(bytes.to_vec()).ok();
        }
        intent.write().map(|value| yaml::print(&value))
    });
    Migrated { text, is_current, diagnostics }
}

#[cfg(test)]
mod tests {
    use bounden_testkit::{read, repository};

    use super::*;
    use crate::case;
    use crate::check::check;

    #[test]
    fn the_form_becomes_an_intent_of_the_same_policy() {
        let bytes = read(repository().join("examples/article/behavioral-spec.yaml"));
        let migrated = migrate(&bytes);
        assert!(!migrated.is_current);
        let text = migrated.text.unwrap();
        let checked = check(text.as_bytes(), None);
        assert_eq!(case::show(text.as_bytes(), &checked.diagnostics), "", "{text}");
        assert_eq!(
            checked.policy.unwrap().canonical(),
            check(&bytes, None).policy.unwrap().canonical()
        );
    }

    #[test]
    fn an_intent_survives_being_written_anew() {
        let bytes = read(repository().join("examples/support/behavior.intent"));
        let (document, _) = yaml::read(&bytes);
        let (intent, _) = intent::from_document(&document.unwrap());
        let text = yaml::print(&intent.unwrap().write().unwrap());
        let again = check(text.as_bytes(), None);
        let before = check(&bytes, None);
        assert_eq!(
            case::show(text.as_bytes(), &again.diagnostics),
            case::show(&bytes, &before.diagnostics),
            "{text}"
        );
        assert_eq!(again.policy.unwrap().canonical(), before.policy.unwrap().canonical());
        assert_eq!(yaml::print(&again.intent.unwrap().write().unwrap()), text);
    }

    #[test]
    fn an_intent_of_the_current_format_is_left_as_it_is() {
        let bytes = read(repository().join("examples/support/behavior.intent"));
        let migrated = migrate(&bytes);
        assert!(migrated.is_current);
        assert_eq!(migrated.text.unwrap().as_bytes(), bytes);
    }

    #[test]
    fn what_cannot_be_read_is_not_migrated() {
        for text in ["", "a: [", "x: 1\n"] {
            let migrated = migrate(text.as_bytes());
            assert!(migrated.text.is_none() && !migrated.diagnostics.is_empty(), "{text:?}");
        }
    }
}
