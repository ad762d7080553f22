//! Output filters: `redact KINDS in logs`.

use bounden_policy::Action;

use super::{Clause, empty};
use crate::article::Refusal;
use crate::intent::{By, Enforce};

const FORMS: &str = "write `redact email, phone in logs`, `in outputs` or `in results`; the kinds are in the list of detectors";

/// Where a filter works, in the words of a sentence.
const PLACES: [(&str, &str); 14] = [
    ("log writes", "log"),
    ("all log writes", "log"),
    ("all logs", "log"),
    ("logs", "log"),
    ("log", "log"),
    ("conversation logs", "log"),
    ("all outputs", "output"),
    ("outputs", "output"),
    ("output", "output"),
    ("replies", "output"),
    ("tool results", "result"),
    ("all results", "result"),
    ("results", "result"),
    ("result", "result"),
];

/// Kinds in the words of a sentence.
const KINDS: [(&str, &str); 14] = [
    ("PII", "pii"),
    ("personal data", "pii"),
    ("emails", "email"),
    ("email addresses", "email"),
    ("mail addresses", "email"),
    ("phones", "phone"),
    ("phone numbers", "phone"),
    ("cards", "card"),
    ("card numbers", "card"),
    ("payment cards", "card"),
    ("credit cards", "card"),
    ("IBANs", "iban"),
    ("IP addresses", "ip_address"),
    ("credentials", "secrets"),
];

/// `redact KINDS in logs`
pub(super) fn masked(clause: &Clause<'_>) -> Result<Enforce, Refusal> {
    let refused =
        |part: &str, message: String| Err(Refusal::new(clause.part(part), message, FORMS));
    let verbs = ["redact ", "mask ", "strip ", "remove "];
    let Some(rest) = verbs.iter().find_map(|verb| clause.text.strip_prefix(verb)) else {
        return refused(clause.text, "nothing says what is masked".to_owned());
    };
    let separators = [" applied on ", " applied to ", " in ", " from ", " on "];
    let split = separators.iter().find_map(|separator| rest.rsplit_once(separator));
    let Some((kinds, place)) = split else {
        return refused(clause.text, "nothing says where this filter works".to_owned());
    };
    let place = place.trim();
    let Some(event) = event_at(place) else {
        return refused(place, format!("`{place}` is no place for a filter"));
    };
    let kinds = kinds.replace(" and ", ", ");
    let kinds: Vec<_> = kinds.split(',').map(|kind| named(kind.trim())).collect();
    let action = format!("redact {}", kinds.join(", "));
    match Action::parse(&action) {
        Ok(_) => Ok(filter(clause, event, &action)),
        Err(error) => refused(rest, error.message),
    }
}

/// The event at this place, in the words of a sentence.
pub(super) fn event_at(place: &str) -> Option<&'static str> {
    PLACES.iter().find(|(words, _)| *words == place).map(|(_, event)| *event)
}

/// A filter on the events of this name.
pub(super) fn filter(clause: &Clause<'_>, event: &str, action: &str) -> Enforce {
    Enforce {
        trigger: Some(clause.derived(event)),
        r#do: Some(clause.derived(action)),
        ..empty(By::OutputFilter, clause.span())
    }
}

/// The kind that these words name.
fn named(words: &str) -> &str {
    let known = KINDS.iter().find(|(spoken, _)| spoken.eq_ignore_ascii_case(words));
    known.map_or(words, |(_, kind)| kind)
}
