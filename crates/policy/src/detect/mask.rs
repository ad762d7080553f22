//! Masking: every finding is replaced by its kind in brackets, and nothing else changes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use bounden_base::Json;
use bounden_base::json::Members;

use super::find::named;
use super::kinds::Kinds;
use super::sweep::Hit;

/// The text with every finding replaced by `[KIND]`. Masking a masked text
/// changes nothing.
#[must_use]
pub fn mask(text: &str, kinds: Kinds) -> Cow<'_, str> {
    masked(text, [""; 2], kinds).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The value with every finding replaced in its texts, in its numbers, which
/// then become texts, and in the names of its members, which also say what
/// the values are: `{"ssn": 123456789}`. Names that a mask makes alike are numbered.
#[must_use]
pub fn mask_json(value: &Json, kinds: Kinds) -> Cow<'_, Json> {
    value_masked(value, [""; 2], kinds).map_or(Cow::Borrowed(value), Cow::Owned)
}

/// The masked text; none where there is nothing to mask.
fn masked(text: &str, names: [&str; 2], kinds: Kinds) -> Option<String> {
    let found = named(text, names, kinds);
    (!found.is_empty()).then(|| Masked::of(text, &found).text)
}

/// A text with its findings masked, which knows what stands where in the original.
#[derive(Debug)]
pub(super) struct Masked {
    pub(super) text: String,
    /// Each mask, and what it covers in the original.
    masks: Vec<(Range<usize>, Range<usize>)>,
}

impl Masked {
    /// The findings are in order, and do not overlap.
    pub(super) fn of(text: &str, found: &[Hit]) -> Self {
        let mut masked = Self { text: String::with_capacity(text.len()), masks: Vec::new() };
        let mut from = 0;
        for hit in found {
            masked.text.push_str(text.get(from..hit.range.start).unwrap_or_default());
            let start = masked.text.len();
            masked.text.push('[');
            masked.text.push_str(hit.kind.name());
            masked.text.push(']');
            masked.masks.push((start..masked.text.len(), hit.range.clone()));
            from = hit.range.end;
        }
        masked.text.push_str(text.get(from..).unwrap_or_default());
        masked
    }

    /// Where a range of the masked text stands in the original; a mask that it
    /// cuts stands for all that it covers.
    pub(super) fn written(&self, range: &Range<usize>) -> Range<usize> {
        let first = self.masks.partition_point(|(mask, _)| mask.end <= range.start);
        let start = match self.masks.get(first) {
            Some((mask, covered)) if mask.start <= range.start => covered.start,
            _ => self.behind(first, range.start),
        };
        let last = self.masks.partition_point(|(mask, _)| mask.start < range.end);
        let end = match last.checked_sub(1).and_then(|last| self.masks.get(last)) {
            Some((mask, covered)) if mask.end >= range.end => covered.end,
            _ => self.behind(last, range.end),
        };
        start..end
    }

    /// A place that stands behind so many masks.
    fn behind(&self, masks: usize, place: usize) -> usize {
        let last = masks.checked_sub(1).and_then(|last| self.masks.get(last));
        last.map_or(place, |(mask, covered)| covered.end + place - mask.end)
    }
}

fn value_masked(value: &Json, names: [&str; 2], kinds: Kinds) -> Option<Json> {
    match value {
        Json::String(text) => masked(text, names, kinds).map(Json::String),
        Json::Number(number) => masked(&number.to_string(), names, kinds).map(Json::String),
        Json::Array(items) => {
            let masked: Vec<Option<Json>> =
                items.iter().map(|item| value_masked(item, names, kinds)).collect();
            masked.iter().any(Option::is_some).then(|| {
                let pairs = masked.into_iter().zip(items);
                pairs.map(|(masked, item)| masked.unwrap_or_else(|| item.clone())).collect()
            })
        }
        Json::Object(members) => members_masked(members, names, kinds),
        Json::Null | Json::Bool(_) => None,
    }
}

fn members_masked(members: &Members, [outer, _]: [&str; 2], kinds: Kinds) -> Option<Json> {
    let change = |name: &String, value| {
        let masked_value = value_masked(value, [name, outer], kinds);
        (masked(name, [""; 2], kinds), masked_value)
    };
    let changes: Vec<(Option<String>, Option<Json>)> =
        members.iter().map(|(name, value)| change(name, value)).collect();
    if changes.iter().all(|(name, value)| name.is_none() && value.is_none()) {
        return None;
    }
    let mut object = BTreeMap::new();
    let mut masks = Vec::new();
    for ((name, value), (masked_name, masked_value)) in members.iter().zip(changes) {
        let value = masked_value.unwrap_or_else(|| value.clone());
        match masked_name {
            None => drop(object.insert(name.clone(), value)),
            Some(name) => masks.push((name, value)),
        }
    }
    // Names that stayed are all known now, so that none of them has to give way.
    let mut numbers: BTreeMap<String, u64> = BTreeMap::new();
    for (mask, value) in masks {
        let number = numbers.entry(mask.clone()).or_insert(1);
        let mut name = mask.clone();
        while object.contains_key(&name) {
            *number += 1;
            name = format!("{mask} {number}");
        }
        object.insert(name, value);
    }
    Some(Json::Object(object.into()))
}

#[cfg(test)]
mod tests {
    use super::super::detector::Strength;
    use super::super::kind::Kind;
    use super::*;

    #[test]
    fn places_are_known_in_the_original() {
        let hit =
            |range| Hit { kind: Kind::named("card").unwrap(), range, strength: Strength::Format };
        let masked = Masked::of("ab123cd4e", &[hit(2..5), hit(7..8)]);
        assert_eq!(masked.text, "ab[card]cd[card]e");
        for (range, written) in
            [(0..2, 0..2), (1..9, 1..6), (3..5, 2..5), (8..10, 5..7), (9..17, 6..9), (16..17, 8..9)]
        {
            assert_eq!(masked.written(&range), written);
        }
    }
}
