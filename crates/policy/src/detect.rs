//! Finds personal data in text by published formats, in linear time.

use std::borrow::Cow;
use std::sync::LazyLock;

use bounden_base::Json;
use regex::Regex;

/// One kind of data that can be masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detector {
    /// A mail address (RFC 5321, the dot-atom form).
    Email,
    /// A telephone number of 8 to 15 digits (E.164), written with `+`, brackets or separators.
    Phone,
    /// A payment card number (ISO/IEC 7812), with a valid check digit.
    Card,
}

/// Of a card number (ISO/IEC 7812-1 section 4.1).
const MOST_DIGITS: usize = 19;

struct Pattern {
    detector: Detector,
    regex: Option<Regex>,
    /// What stands instead of a candidate.
    mask: fn(&str) -> Cow<'_, str>,
}

static PATTERNS: LazyLock<[Pattern; 3]> = LazyLock::new(|| {
    let pattern =
        |detector, source: &str, mask| Pattern { detector, regex: Regex::new(source).ok(), mask };
    [
        pattern(
            Detector::Email,
            r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
            |_| "[email]".into(),
        ),
        pattern(Detector::Card, r"\b\d+(?:[ -]\d+)*\b", mask_cards),
        pattern(
            Detector::Phone,
            r"(?:\+\d{1,3}[ .-]?)?(?:\(\d{1,4}\)[ .-]?)?\d{2,4}(?:[ .-]\d{2,4}){1,4}\b|\+\d{8,15}\b",
            |found| if is_phone(found) { "[phone]".into() } else { found.into() },
        ),
    ]
});

impl Detector {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Email, Self::Phone, Self::Card];

    /// The name as it stands in documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Card => "card",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|detector| detector.name() == name)
    }

    /// A text that this detector finds, for proving that a filter is alive.
    #[must_use]
    pub fn specimen(self) -> &'static str {
        match self {
            Self::Email => "canary@example.com",
            Self::Phone => "+1 202-555-0143",
            Self::Card => "4111 1111 1111 1111",
        }
    }
}

/// The text with every finding replaced by `[KIND]`.
#[must_use]
pub fn mask(text: &str, detectors: &[Detector]) -> String {
    let wanted = PATTERNS.iter().filter(|pattern| detectors.contains(&pattern.detector));
    wanted.fold(text.to_owned(), |text, pattern| {
        let Some(regex) = &pattern.regex else { return text };
        let replaced = regex.replace_all(&text, |found: &regex::Captures<'_>| {
            (pattern.mask)(found.get(0).map_or("", |found| found.as_str())).into_owned()
        });
        replaced.into_owned()
    })
}

/// The value with every finding in its texts and keys replaced.
#[must_use]
pub fn mask_json(value: &Json, detectors: &[Detector]) -> Json {
    match value {
        Json::String(text) => Json::String(mask(text, detectors)),
        Json::Array(items) => items.iter().map(|item| mask_json(item, detectors)).collect(),
        Json::Object(members) => Json::object(
            members.iter().map(|(key, value)| (mask(key, detectors), mask_json(value, detectors))),
        ),
        Json::Number(number) => {
            let masked = mask(&number.to_string(), detectors);
            if masked == number.to_string() { value.clone() } else { Json::String(masked) }
        }
        other => other.clone(),
    }
}

fn digits(text: &str) -> impl DoubleEndedIterator<Item = u32> + '_ {
    text.chars().filter_map(|character| character.to_digit(10))
}

/// Masks the cards in a run of groups of digits. Other numbers may stand next
/// to one, such as its expiry date, so every sequence of whole groups is tried.
fn mask_cards(run: &str) -> Cow<'_, str> {
    let mut masked = String::new();
    let mut rest = run;
    while !rest.is_empty() {
        if let Some(length) = card_at_start(rest) {
            masked.push_str("[card]");
            rest = rest.get(length..).unwrap_or_default();
        }
        let group = rest.find([' ', '-']).map_or(rest.len(), |separator| separator + 1);
        let (before, after) = rest.split_at(group);
        masked.push_str(before);
        rest = after;
    }
    masked.into()
}

/// The length of the longest card that the text starts with.
fn card_at_start(text: &str) -> Option<usize> {
    let ends = text.match_indices([' ', '-']).map(|(end, _)| end).chain([text.len()]);
    let near = ends.take_while(|end| *end < 2 * MOST_DIGITS);
    near.filter(|end| text.get(..*end).is_some_and(is_card)).last()
}

/// The check digit of ISO/IEC 7812-1 annex B (Luhn).
fn is_card(text: &str) -> bool {
    let sum: u32 = digits(text)
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    (12..=MOST_DIGITS).contains(&digits(text).count())
        && sum.is_multiple_of(10)
        && digits(text).any(|digit| digit != 0)
}

fn is_phone(text: &str) -> bool {
    let looks_like_date =
        text.len() == 10 && text.matches('-').count() == 2 && text.starts_with(['1', '2']);
    (8..=15).contains(&digits(text).count()) && !looks_like_date
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_personal_is_masked_and_nothing_else() {
        for (text, masked) in [
            ("mail ann.lee+x@mail.example.org now", "mail [email] now"),
            ("call +1 (202) 555-0143 today", "call [phone] today"),
            ("call +493012345678", "call [phone]"),
            ("card 4111-1111-1111-1111 ok", "card [card] ok"),
            ("no card 4111-1111-1111-1112", "no card 4111-1111-1111-1112"),
            ("4111 1111 1111 1111 12/27", "[card] 12/27"),
            ("4111 1111 1111 1111 123", "[card] 123"),
            ("order 12 4111111111111111", "order 12 [card]"),
            ("4111111111111111 5500005555555559", "[card] [card]"),
            ("digest 41111111111111112222222", "digest 41111111111111112222222"),
            (
                "order W1234567 of 2026-01-02 for $499.00",
                "order W1234567 of 2026-01-02 for $499.00",
            ),
            ("version 3.2.0, 30 days", "version 3.2.0, 30 days"),
        ] {
            assert_eq!(mask(text, &Detector::ALL), masked);
        }
        assert_eq!(mask("a@b.example", &[Detector::Card]), "a@b.example");
    }

    #[test]
    fn every_detector_finds_its_specimen() {
        for detector in Detector::ALL {
            assert_eq!(mask(detector.specimen(), &[detector]), format!("[{}]", detector.name()));
            assert_eq!(Detector::named(detector.name()), Some(detector));
        }
    }

    #[test]
    fn every_copy_in_a_record_is_masked() {
        let record =
            Json::parse(br#"{"a@b.example":["x a@b.example",{"n":4111111111111111}]}"#).unwrap();
        assert_eq!(
            mask_json(&record, &Detector::ALL).canonical(),
            r#"{"[email]":["x [email]",{"n":"[card]"}]}"#
        );
    }
}
