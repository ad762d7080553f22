//! Other inputs, as `behavior.intent/v1`.

use bounden_base::Diagnostic;

use crate::article;
use crate::check::examine;
use crate::read::Read as _;
use crate::yaml;

/// A document in the current format.
#[derive(Debug)]
pub struct Migrated {
    /// Its text, where the input could be read and each of its clauses has a meaning.
    pub text: Option<String>,
    /// Whether the input was in the current format already; the text is then unchanged.
    pub is_current: bool,
    /// What has to be added to the input before it is migrated: YAML with its
    /// places as comments, and capitals for what only the author knows.
    pub open: Option<String>,
    /// What stands against the input.
    pub diagnostics: Vec<Diagnostic>,
}

/// Translates a document of an older or another form. A form with clauses that
/// have no meaning yet is not translated: the intent would promise less than it,
/// and nobody would see that.
#[must_use]
pub fn migrate(bytes: &[u8]) -> Migrated {
    let examined = examine(bytes, None);
    let (intent, diagnostics) = (examined.checked.intent, examined.checked.diagnostics);
    let Some(form) = examined.form else {
        let text = intent.and_then(|_| String::from_utf8(bytes.to_vec()).ok());
        let diagnostics = if text.is_some() { Vec::new() } else { diagnostics };
        return Migrated { text, is_current: true, open: None, diagnostics };
    };
    let written = intent.and_then(|intent| intent.write());
    if form.is_incomplete && written.is_some() {
        let source = std::str::from_utf8(bytes).unwrap_or("");
        let open = Some(article::rendered(&form.open, &form.document.root, source));
        return Migrated { text: None, is_current: false, open, diagnostics };
    }
    let text = written.map(|value| yaml::print(&value));
    Migrated { text, is_current: false, open: None, diagnostics }
}

#[cfg(test)]
mod tests {
    use bounden_testkit::{read, repository};

    use super::*;
    use crate::check::check;
    use crate::{case, intent};

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

    /// The form without the sections that say what its prose means.
    fn bare() -> String {
        let path = repository().join("examples/article/behavioral-spec.yaml");
        let text = String::from_utf8(read(path)).unwrap();
        let prose = text.split("\nescalations:").next().unwrap();
        prose.replace("{says: \"", "\"").replace("\", escalate: front-desk}", "\"") + "\n"
    }

    #[test]
    fn clauses_without_a_meaning_are_not_migrated_and_each_has_its_yaml() {
        let text = bare();
        let migrated = migrate(text.as_bytes());
        assert_eq!((migrated.text, migrated.is_current), (None, false));
        let open = migrated.open.unwrap();
        for line in [
            "# in place of \"Lost library cards\", line 14\n{says: \"Lost library cards\", escalate: front-desk}\n",
            "# at the end\n",
            "  filters: {address_scrubber: [email, phone, card]}\n",
            "  tools: {account_admin: [SERVER.PATTERN]}\n",
            "  facts: {loan: {result_of: SERVER.TOOL}}\n",
            "    confirms-the-waiver: {any: [WORDS THAT ARE SAID]}\n",
            "  front-desk: {call: SERVER.TOOL}\n",
            "  SERVER.waive_fee: {effects: [EFFECT]}\n",
        ] {
            assert!(open.contains(line), "{line}{open}");
        }
    }

    #[test]
    fn what_is_proposed_closes_the_gaps_once_the_capitals_are_filled_in() {
        let text = bare();
        let migrated = migrate(text.as_bytes());
        let open = migrated.open.unwrap();
        let sections = open.split_once("# at the end\n").unwrap().1;
        let replaced = text
            .replace(
                "- \"Lost library cards\"",
                "- {says: Lost library cards, escalate: front-desk}",
            )
            .replace(
                "- \"Purchase suggestions\"",
                "- {says: Purchase suggestions, escalate: front-desk}",
            );
        let pasted = format!("{replaced}{sections}");
        let left = check(pasted.as_bytes(), None).diagnostics;
        let codes: std::collections::BTreeSet<_> =
            left.iter().filter(|one| one.is_error()).map(|one| one.code.as_str()).collect();
        assert_eq!(
            codes.into_iter().collect::<Vec<_>>(),
            ["B104", "B150"],
            "{}",
            case::show(pasted.as_bytes(), &left)
        );
        let filled = pasted
            .replace("SERVER.waive_fee: {effects: [EFFECT]}", "loans.waive_fee: {effects: [spend]}")
            .replace(
                "SERVER.hand_over: {effects: [EFFECT]}",
                "desk.hand_over: {effects: [send]}\n  loans.find_loan: {effects: [observe]}",
            )
            .replace(
                "SERVER: {command: [PROGRAM]}",
                "loans: {command: [a]}\n  desk: {command: [b]}",
            )
            .replace("result_of: SERVER.TOOL", "result_of: loans.find_loan")
            .replace("call: SERVER.TOOL", "call: desk.hand_over")
            .replace("[SERVER.TOOL]", "[desk.hand_over]")
            .replace("SERVER.PATTERN", "accounts.*")
            .replace("WORDS THAT ARE SAID", "is waived")
            .replace("CLASS", "small")
            .replace("PROVIDER/MODEL", "anthropic/claude-haiku-4-5-20251001")
            .replace("ROLE", "environment-admin");
        let migrated = migrate(filled.as_bytes());
        let text = migrated
            .text
            .unwrap_or_else(|| panic!("{}", case::show(filled.as_bytes(), &migrated.diagnostics)));
        let checked = check(text.as_bytes(), None);
        assert!(
            !checked.diagnostics.iter().any(Diagnostic::is_error),
            "{}",
            case::show(text.as_bytes(), &checked.diagnostics)
        );
        assert!(checked.policy.is_some());
    }

    #[test]
    fn sections_that_are_there_already_are_completed() {
        let text = format!(
            "{}bind:\n  filters: {{other: [email]}}\n  escalation: [desk.hand_over]\n",
            bare()
        );
        let open = migrate(text.as_bytes()).open.unwrap();
        assert!(
            open.contains("# under `bind.filters`\naddress_scrubber: [email, phone, card]\n"),
            "{open}"
        );
        assert!(
            open.contains("# under `bind`\ntools:\n  account_admin: [SERVER.PATTERN]\n"),
            "{open}"
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
