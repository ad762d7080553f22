//! How many items of a list have to be looked at.
//!
//! A question whether all, some or one of the items are such has its answer
//! from at most two of them, and the same answer without the others: taking
//! away an item that no answer needs changes nothing. So a call with a long
//! list that is answered one way means that there is one with a short list,
//! unless the length of the list is itself asked for.

use bounden_base::Json;

use crate::core::{Core, Path, Quantifier, Step};

/// What predicates ask of lists.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Items that answers may need.
    witnesses: usize,
    /// Items that stand at a place of their own, and lengths that are compared with.
    fixed: usize,
    /// A length is compared with something that varies.
    freely: bool,
}

/// Most items that are looked at.
const MOST: usize = 6;

impl Asked {
    pub(super) fn read(&mut self, core: &Core) {
        match core {
            Core::Quantify(quantifier, list, body) => {
                self.witnesses += if *quantifier == Quantifier::ExistsOne { 2 } else { 1 };
                self.both(list, body);
            }
            Core::In(pair) => {
                self.witnesses += usize::from(!matches!(pair.right, Core::List(_)));
                self.both(&pair.left, &pair.right);
            }
            Core::Compare(_, pair) => match (&pair.left, &pair.right) {
                (Core::Size(of), Core::Number(count)) | (Core::Number(count), Core::Size(of)) => {
                    let count = count.to_i64().unwrap_or(i64::MAX);
                    self.fix(usize::try_from(count.saturating_add(2)).unwrap_or(0));
                    self.read(of);
                }
                (left, right) => self.both(left, right),
            },
            Core::Size(of) => {
                self.freely = true;
                self.read(of);
            }
            Core::Path(path) | Core::Has(path) => self.path(path),
            Core::Not(of) | Core::Canonical(_, of) | Core::Matches(of, _, _) => self.read(of),
            Core::And(a, b) | Core::Or(a, b) | Core::Arithmetic(_, a, b) => self.both(a, b),
            Core::Text2(_, pair) => self.both(&pair.left, &pair.right),
            Core::Choose(a, b, c) => {
                self.both(a, b);
                self.read(c);
            }
            _ => {}
        }
    }

    /// Lengths that a schema asks for, and items that may not fit where that is
    /// asked as well.
    pub(super) fn schema(&mut self, schema: &Json, with_misfits: bool) {
        let members = schema.as_object().into_iter().flatten();
        for (keyword, value) in members {
            match (keyword.as_str(), value) {
                ("items", items) => {
                    self.witnesses += usize::from(with_misfits);
                    self.schema(items, with_misfits);
                }
                ("minItems", Json::Number(count)) => {
                    let count = count.to_i64().and_then(|count| usize::try_from(count).ok());
                    self.fix(count.map_or(usize::MAX, |count| count.saturating_add(1)));
                }
                ("prefixItems", Json::Array(items)) => {
                    self.fix(items.len().saturating_add(1));
                    items.iter().for_each(|item| self.schema(item, with_misfits));
                }
                (_, Json::Array(items)) => {
                    items.iter().for_each(|item| self.schema(item, with_misfits));
                }
                (_, value) => self.schema(value, with_misfits),
            }
        }
    }

    /// How many items to look at, and whether that is enough for a proof where
    /// lists may be longer.
    pub(super) fn items(&self) -> (usize, bool) {
        let wanted = self.witnesses.saturating_add(self.fixed);
        (wanted.min(MOST), wanted <= MOST && !self.freely)
    }

    fn both(&mut self, a: &Core, b: &Core) {
        self.read(a);
        self.read(b);
    }

    fn path(&mut self, path: &Path) {
        for step in &path.steps {
            if let Step::Item(index) = step {
                self.fix(index.saturating_add(1));
            }
        }
    }

    fn fix(&mut self, count: usize) {
        self.fixed = self.fixed.max(count);
    }
}
