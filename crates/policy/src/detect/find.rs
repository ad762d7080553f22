//! Finding: the sweep over a text as written and as meant, and findings as data.

use bounden_base::{Json, Span};

use super::decoded::Decoded;
use super::kind::Kind;
use super::kinds::Kinds;
use super::mask::Masked;
use super::overlap;
use super::sweep::{self, Hit};
use super::text::Text;

/// Something that was found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// Where it stands, in bytes.
    pub span: Span,
}

/// How often a text is looked at again after something was found.
const MOST_ROUNDS: usize = 4;

/// Layers of escapes that are undone, such as JSON in JSON.
const MOST_LAYERS: usize = 3;

/// What of these kinds stands in the text, in order; no two findings overlap.
/// Escapes of JSON, percent-encoding and character references are seen through.
pub fn find(text: &str, kinds: Kinds) -> impl Iterator<Item = Finding> + use<> {
    named(text, [""; 2], kinds)
        .into_iter()
        .map(|hit| Finding { kind: hit.kind, span: Span::new(hit.range.start, hit.range.end) })
}

/// The kinds of which something stands anywhere in the value: in its texts, its
/// numbers and the names of its members, which also say what the values are.
#[must_use]
pub fn kinds_in(value: &Json, kinds: Kinds) -> Kinds {
    within(value, [""; 2], kinds)
}

fn within(value: &Json, names: [&str; 2], kinds: Kinds) -> Kinds {
    let of = |text: &str| named(text, names, kinds).into_iter().map(|hit| hit.kind).collect();
    let join = |found: Kinds, more: Kinds| found | more;
    match value {
        Json::String(text) => of(text),
        Json::Number(number) => of(&number.to_string()),
        Json::Array(items) => {
            items.iter().map(|item| within(item, names, kinds)).fold(Kinds::NONE, join)
        }
        Json::Object(members) => members
            .iter()
            .map(|(name, value)| {
                let own = named(name, [""; 2], kinds).into_iter().map(|hit| hit.kind).collect();
                within(value, [name, names[0]], kinds) | own
            })
            .fold(Kinds::NONE, join),
        Json::Null | Json::Bool(_) => Kinds::NONE,
    }
}

/// What stands in a text that a member of this name holds, inside one of that name.
///
/// What was found is masked and the rest looked at again: a mask ends the words
/// beside it, which may show something that was part of a longer word before.
pub(super) fn named(text: &str, names: [&str; 2], kinds: Kinds) -> Vec<Hit> {
    if kinds.is_empty() {
        return Vec::new();
    }
    let mut found = overlap::joined(hits(text, names, kinds, MOST_LAYERS));
    for _ in 0..MOST_ROUNDS {
        if found.is_empty() {
            break;
        }
        let masked = Masked::of(text, &found);
        let more = hits(&masked.text, names, kinds, MOST_LAYERS);
        if more.is_empty() {
            break;
        }
        found.extend(more.into_iter().map(|hit| Hit { range: masked.written(&hit.range), ..hit }));
        found = overlap::joined(found);
    }
    found
}

/// What is found as written and, below so many layers of escapes, as meant. What
/// is found as written and cuts an escape was misread: the meaning is asked, and
/// only where nothing stands there is the whole escape taken.
fn hits(text: &str, names: [&str; 2], kinds: Kinds, layers: usize) -> Vec<Hit> {
    let mut written = sweep::hits(Text::new(text, names), kinds);
    let decoded = if layers > 0 { Decoded::of(text) } else { None };
    let Some(decoded) = decoded else { return written };
    let meant: Vec<Hit> = overlap::joined(hits(&decoded.text, names, kinds, layers - 1))
        .into_iter()
        .map(|hit| Hit { range: decoded.written(&hit.range), ..hit })
        .collect();
    written.retain_mut(|hit| {
        let uncut = decoded.uncut(&hit.range);
        let is_cut = uncut != hit.range;
        let next = meant.partition_point(|other| other.range.end <= uncut.start);
        let is_met = meant.get(next).is_some_and(|other| other.range.start < uncut.end);
        if is_cut && is_met {
            return false;
        }
        hit.range = uncut;
        true
    });
    written.extend(meant);
    written
}
