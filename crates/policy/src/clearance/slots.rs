//! The places of a call's arguments that its rules read, and what stands there.

use bounden_base::Decimal;

use crate::value::{Interval, Value};

/// Most places that the rules about one tool read.
pub(super) const MOST: usize = 32;

/// Longer texts are read in full; so no bound of the full reading is near.
pub(super) const MOST_BYTES: usize = u16::MAX as usize;

/// What stands at each place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slots<'t> {
    text: &'t str,
    slots: [Slot; MOST],
}

/// What stands at one place, as a piece of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    kind: Kind,
    start: u16,
    end: u16,
}

/// What is known of a value without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Not there, or null.
    Absent,
    Bool(bool),
    Number,
    /// A string that stands in the text as it is.
    Plain,
    /// A string with escapes, a list or an object.
    Other,
}

impl<'t> Slots<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        const EMPTY: Slot = Slot { kind: Kind::Absent, start: 0, end: 0 };
        Self { text, slots: [EMPTY; MOST] }
    }

    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// Notes what stands at a place of a text of [`MOST_BYTES`] or less.
    pub(super) fn fill(&mut self, place: u8, kind: Kind, start: usize, end: usize) {
        if let Some(slot) = self.slots.get_mut(usize::from(place)) {
            *slot = Slot { kind, start: start as u16, end: end as u16 };
        }
    }

    pub(super) fn kind(&self, place: u8) -> Kind {
        self.slots.get(usize::from(place)).map_or(Kind::Absent, |slot| slot.kind)
    }

    /// The piece of the text; of a string, what stands between the quotes.
    pub(super) fn raw(&self, place: u8) -> Option<&'t str> {
        let slot = self.slots.get(usize::from(place))?;
        self.text.get(usize::from(slot.start)..usize::from(slot.end))
    }

    pub(super) fn number(&self, place: u8) -> Option<Decimal> {
        match self.kind(place) {
            Kind::Number => self.raw(place)?.parse().ok(),
            _ => None,
        }
    }

    /// The value of a number, a plain string or a boolean.
    pub(super) fn value(&self, place: u8) -> Option<Value<'t>> {
        match self.kind(place) {
            Kind::Bool(value) => Some(Value::Bool(value)),
            Kind::Number => Some(Value::Number(Interval::exact(self.number(place)?))),
            Kind::Plain => Some(Value::Text(self.raw(place)?.into())),
            Kind::Absent | Kind::Other => None,
        }
    }
}
