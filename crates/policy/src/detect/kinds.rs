//! Sets of kinds, by name or by group.

use std::fmt;

use super::kind::Kind;
use crate::nearest;

/// Every group with what it holds. A group holds those whose names go on from its own.
pub(super) const GROUPS: &[(&str, &str)] = &[
    ("pii", "data about a person"),
    ("pii.au", "numbers that Australia gives to people"),
    ("pii.br", "numbers that Brazil gives to people and companies"),
    ("pii.ca", "numbers that Canada gives to people"),
    ("pii.ch", "numbers that Switzerland gives to people"),
    ("pii.contact", "how a person is reached"),
    ("pii.eu", "numbers that countries of the European Union give to people"),
    ("pii.finance", "accounts, cards and wallets"),
    ("pii.in", "numbers that India gives to people"),
    ("pii.network", "addresses of a person's devices"),
    ("pii.person", "who a person is: birth and travel documents"),
    ("pii.uk", "numbers that the United Kingdom gives to people"),
    ("pii.us", "numbers that the United States give to people and companies"),
    ("secrets", "what opens a door: keys, tokens and passwords"),
    ("secrets.ai", "keys of model providers"),
    ("secrets.cloud", "keys of clouds and their services"),
    ("secrets.code", "tokens of code hosts and package registries"),
    ("secrets.context", "known as secrets by what stands around them"),
    ("secrets.keys", "private keys"),
    ("secrets.messaging", "tokens of services that send messages"),
    ("secrets.payment", "keys of services that move money"),
];

/// Most kinds that are listed where the name of a group says the same.
const MOST_LISTED: u32 = 4;

/// A closed set of kinds.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Kinds(u128);

/// A name that is neither a kind nor a group.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no detector `{name}`")]
pub struct UnknownKind {
    /// What was asked for.
    pub name: String,
}

impl Kinds {
    /// No kind.
    pub const NONE: Self = Self(0);

    /// The kind of this name, or all kinds of the group of this name, as of
    /// this version.
    ///
    /// # Errors
    /// Where nothing is called so.
    pub fn named(name: &str) -> Result<Self, UnknownKind> {
        if let Some(kind) = Kind::named(name) {
            return Ok(kind.into());
        }
        if GROUPS.iter().any(|(group, _)| *group == name) {
            return Ok(Kind::all().filter(|kind| is_within(kind.group(), name)).collect());
        }
        Err(UnknownKind { name: name.to_owned() })
    }

    /// Every kind that belongs to a group; what has to be asked for by name is left out.
    #[must_use]
    pub fn grouped() -> Self {
        Kind::all().filter(|kind| !kind.group().is_empty()).collect()
    }

    /// The names and meanings of all groups.
    pub fn groups() -> impl Iterator<Item = (&'static str, &'static str)> {
        GROUPS.iter().copied()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this kind is one of them.
    #[must_use]
    pub fn contains(self, kind: Kind) -> bool {
        self.0 & bit(kind) != 0
    }

    /// Whether any kind is in both.
    #[must_use]
    pub fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The kinds, in the order of their names.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::all().filter(move |kind| self.contains(*kind))
    }
}

impl UnknownKind {
    /// What can be asked for instead: the nearest name, the groups, the kinds.
    #[must_use]
    pub fn help(&self) -> String {
        let groups: Vec<_> = GROUPS.iter().map(|(name, _)| *name).collect();
        let kinds: Vec<_> = Kind::all().map(Kind::name).collect();
        let near = nearest::name(&self.name, groups.iter().chain(&kinds).copied());
        let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
        format!("{near}there are the groups {}, and {}", groups.join(", "), kinds.join(", "))
    }
}

impl From<Kind> for Kinds {
    fn from(kind: Kind) -> Self {
        Self(bit(kind))
    }
}

impl FromIterator<Kind> for Kinds {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        Self(kinds.into_iter().fold(0, |set, kind| set | bit(kind)))
    }
}

impl std::ops::BitOr for Kinds {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Debug for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl fmt::Display for Kinds {
    /// The names, separated by commas.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(Kind::name).collect();
        f.write_str(&names.join(", "))
    }
}

/// The names, with those of a whole large group replaced by the group's.
pub(crate) fn in_short(names: &[String]) -> String {
    let mut open: Kinds = names.iter().filter_map(|name| Kind::named(name)).collect();
    let mut short = Vec::new();
    for (group, _) in GROUPS {
        let whole = Kinds::named(group).unwrap_or_default();
        if whole.0 & !open.0 == 0 && whole.0.count_ones() > MOST_LISTED {
            open.0 &= !whole.0;
            short.push(*group);
        }
    }
    let is_open = |name: &&str| Kind::named(name).is_none_or(|kind| open.contains(kind));
    short.extend(names.iter().map(String::as_str).filter(is_open));
    short.join(", ")
}

fn bit(kind: Kind) -> u128 {
    1_u128.checked_shl(kind.index().into()).unwrap_or(0)
}

fn is_within(own: &str, group: &str) -> bool {
    own.strip_prefix(group).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_holds_its_kinds_and_those_of_finer_groups() {
        let named = |name| Kinds::named(name).unwrap();
        assert_eq!(named("pii.ch").to_string(), "ch_ahv");
        assert_eq!(named("pii.contact").to_string(), "email, phone");
        let (pii, secrets) = (named("pii"), named("secrets"));
        assert!(!pii.intersects(secrets));
        assert_eq!(pii | secrets, Kinds::grouped());
        for (group, _) in Kinds::groups() {
            assert!(!named(group).is_empty(), "{group}");
        }
    }

    #[test]
    fn what_is_opt_in_is_in_no_group() {
        let entropy = Kind::named("high_entropy").unwrap();
        assert!(!Kinds::grouped().contains(entropy));
        assert_eq!(Kinds::named("high_entropy"), Ok(entropy.into()));
    }

    #[test]
    fn whole_groups_are_named_in_short() {
        let short = |names: &[&str]| {
            let kinds = names.iter().flat_map(|name| Kinds::named(name).unwrap().iter());
            in_short(&kinds.map(|kind| kind.name().to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(short(&["pii", "jwt"]), "pii, jwt");
        assert_eq!(short(&["pii.eu", "email"]), "pii.eu, email");
        assert_eq!(short(&["secrets", "pii"]), "pii, secrets");
        assert_eq!(short(&["phone", "email"]), "phone, email");
        assert_eq!(in_short(&["pii.eu".to_owned()]), "pii.eu");
    }

    #[test]
    fn an_unknown_name_is_told_what_there_is() {
        let error = Kinds::named("us-snn").unwrap_err();
        assert_eq!(error.to_string(), "there is no detector `us-snn`");
        assert!(error.help().starts_with("did you mean `us_ssn`? there are the groups pii,"));
        for name in ["", "pii.", "pi", "secrets.none", "PII"] {
            assert!(Kinds::named(name).is_err(), "{name}");
        }
    }
}
