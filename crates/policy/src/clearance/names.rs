//! Finds a member by its name in a handful of machine words.

use std::sync::Arc;

/// The names of an object's members, each with a number.
#[derive(Clone, Debug)]
pub(super) struct Names {
    names: Vec<Name>,
    /// By the top bits of the mixed name: the number of a name, and one more.
    table: Box<[u8]>,
    factor: u64,
    shift: u32,
}

#[derive(Clone, Debug)]
struct Name {
    name: Arc<str>,
    words: Words,
}

/// The first and the last bytes, and the length: up to 16 bytes, this is the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Words {
    first: u64,
    last: u64,
    length: usize,
}

/// Most names of one object.
const MOST: usize = 64;

impl Names {
    /// The names with their places as numbers; `None` where there are too many,
    /// or where no table keeps them apart.
    pub(super) fn new(names: impl Iterator<Item = Arc<str>>) -> Option<Self> {
        let names: Vec<Name> =
            names.map(|name| Name { words: Words::of(name.as_bytes()), name }).collect();
        if names.len() > MOST || has_twins(&names) {
            return None;
        }
        let bits = (names.len() * 4).next_power_of_two().ilog2().max(2);
        // Odd factors, scattered by the golden ratio (Knuth, volume 3, section 6.4).
        let factors = (1_u64..4_096).map(|step| step.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let mut table = Vec::new();
        let (shift, factor) = (bits..=bits + 4)
            .flat_map(|bits| factors.clone().map(move |factor| (64 - bits, factor)))
            .find(|(shift, factor)| keeps_apart(&names, *factor, *shift, &mut table))?;
        Some(Self { names, table: table.into(), factor, shift })
    }

    /// The number of a name.
    #[inline]
    pub(super) fn find(&self, name: &[u8]) -> Option<usize> {
        let words = Words::of(name);
        let place = words.place(self.factor, self.shift);
        let number = usize::from(*self.table.get(place)?).checked_sub(1)?;
        let known = self.names.get(number)?;
        let same = known.words == words && (words.length <= 16 || known.name.as_bytes() == name);
        same.then_some(number)
    }
}

impl Words {
    #[inline]
    fn of(name: &[u8]) -> Self {
        let length = name.len();
        if let (Some(first), Some(last)) = (name.first_chunk::<8>(), name.last_chunk::<8>()) {
            let (first, last) = (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
            return Self { first, last, length };
        }
        if let (Some(first), Some(last)) = (name.first_chunk::<4>(), name.last_chunk::<4>()) {
            let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
            return Self { first: first.into(), last: last.into(), length };
        }
        let byte = |place: usize| u64::from(name.get(place).copied().unwrap_or_default());
        Self { first: byte(0) | byte(1) << 8 | byte(2) << 16, last: 0, length }
    }

    #[inline]
    fn place(self, factor: u64, shift: u32) -> usize {
        let mixed = self.first ^ self.last.rotate_left(29) ^ (self.length as u64).rotate_left(57);
        (mixed.wrapping_mul(factor) >> shift) as usize
    }
}

/// Whether two names differ in the middle only.
fn has_twins(names: &[Name]) -> bool {
    let is_twin = |(at, name): (usize, &Name)| {
        names.iter().take(at).any(|earlier| earlier.words == name.words)
    };
    names.iter().enumerate().any(is_twin)
}

/// Fills a table, if every name has a place of its own in it.
fn keeps_apart(names: &[Name], factor: u64, shift: u32, table: &mut Vec<u8>) -> bool {
    table.clear();
    table.resize(1 << (64 - shift), 0);
    (1..).zip(names).all(|(number, name)| {
        let place = table.get_mut(name.words.place(factor, shift));
        place.is_some_and(|place| std::mem::replace(place, number) == 0)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_that_differ_in_the_middle_only_are_told_apart() {
        let known = ["customer_a_reference", "customer_b_reference", "", "a", "é", "amount"];
        // The first two have the same ends and length: no table keeps them apart.
        assert!(Names::new(known.into_iter().map(Arc::from)).is_none());
        let names = Names::new(known.into_iter().map(Arc::from).skip(1)).unwrap();
        assert_eq!(names.find(b"customer_b_reference"), Some(0));
        assert_eq!(names.find(b"customer_a_reference"), None);
        assert_eq!(names.find(b"amoun"), None);
        assert_eq!(names.find(b"a\0"), None);
    }

    proptest! {
        #[test]
        fn every_name_is_found_and_no_other(
            names in prop::collection::btree_set("[a-d_]{0,12}", 0..40), other in "[a-d_]{0,12}",
        ) {
            let names: Vec<String> = names.into_iter().collect();
            if let Some(table) = Names::new(names.iter().map(|name| name.as_str().into())) {
                for (number, name) in names.iter().enumerate() {
                    prop_assert_eq!(table.find(name.as_bytes()), Some(number));
                }
                prop_assert_eq!(table.find(other.as_bytes()), names.iter().position(|name| *name == other));
            }
        }
    }
}
