//! Comparisons and tests of texts.

use super::super::formula::{Formula, Literal};
use super::super::kinds::Kinds;
use super::super::linear::Sum;
use super::super::number::whole;
use super::super::space::Thing;
use super::super::text::TextSet;
use super::super::truths::{Truths, enter};
use super::{Case, Cases, Number, Read, Reader, Text, Unread, truth_of};
use crate::core::{Canonicaliser, Comparison, Core, Pair, TextTest};
use crate::doubt::Doubt;

impl Reader<'_, '_> {
    pub(super) fn atom(&mut self, core: &Core) -> Read<Truths> {
        match core {
            Core::Compare(comparison, pair) => {
                let (left, right) = self.both(pair)?;
                self.joined(&left, &right, |reader, a, b| reader.compare(*comparison, a, b))
            }
            Core::In(pair) => self.membership(pair),
            Core::Text2(test, pair) => {
                let (left, right) = self.both(pair)?;
                self.joined(&left, &right, |reader, a, b| reader.text_test(*test, a, b))
            }
            Core::Matches(subject, pattern, _) => {
                let set = TextSet::matches(pattern.regex.clone(), &pattern.source, true);
                let subject = self.cases(subject)?;
                let nothing = vec![(Formula::True, Case::Bool(true))];
                self.joined(&subject, &nothing, |reader, subject, _| {
                    Ok(match subject {
                        Case::Text(text) => Truths::when(reader.in_set(text, set.clone())),
                        _ => unknown(Doubt::ABSENT),
                    })
                })
            }
            other => self.cases(other).map(truth_of),
        }
    }

    fn both(&mut self, pair: &Pair) -> Read<(Cases, Cases)> {
        Ok((self.cases(&pair.left)?, self.cases(&pair.right)?))
    }

    /// Joins the truths of a test over every pair of values; doubts of both add up.
    pub(super) fn joined(
        &mut self,
        left: &Cases,
        right: &Cases,
        mut test: impl FnMut(&mut Self, &Case, &Case) -> Read<Truths>,
    ) -> Read<Truths> {
        let mut joined = Truths { yes: Formula::False, no: Formula::False, unknown: Vec::new() };
        for (left_formula, a) in left {
            for (right_formula, b) in right {
                let both = left_formula.clone().and(right_formula.clone());
                if matches!(both, Formula::False) {
                    continue;
                }
                let truths = match (a, b) {
                    (Case::Doubt(a), Case::Doubt(b)) => unknown(*a | *b),
                    (Case::Doubt(doubt), _) | (_, Case::Doubt(doubt)) => unknown(*doubt),
                    _ => test(self, a, b)?,
                };
                joined.yes = joined.yes.or(both.clone().and(truths.yes));
                joined.no = joined.no.or(both.clone().and(truths.no));
                for (doubt, formula) in truths.unknown {
                    enter(&mut joined.unknown, doubt, both.clone().and(formula));
                }
            }
        }
        Ok(joined)
    }

    /// Compares two values of one type.
    pub(super) fn compare(
        &mut self,
        comparison: Comparison,
        left: &Case,
        right: &Case,
    ) -> Read<Truths> {
        match (left, right) {
            (Case::Number(a), Case::Number(b)) => Ok(numbers(comparison, a, b)),
            (Case::Bool(a), Case::Bool(b)) => Ok(Truths::of(decide(comparison, a.cmp(b)))),
            (Case::Text(a), Case::Text(b)) => self.compare_texts(comparison, a, b),
            _ => Ok(unknown(Doubt::ABSENT)),
        }
    }

    fn compare_texts(&mut self, comparison: Comparison, a: &Text, b: &Text) -> Read<Truths> {
        let set = |bound: &str, comparison| match comparison {
            Comparison::Equal | Comparison::NotEqual => TextSet::only(bound),
            Comparison::Less | Comparison::GreaterEqual => TextSet::Before(bound.to_owned()),
            Comparison::LessEqual | Comparison::Greater => TextSet::UpTo(bound.to_owned()),
        };
        let is_turned = matches!(
            comparison,
            Comparison::NotEqual | Comparison::Greater | Comparison::GreaterEqual
        );
        let turned = |truths: Truths| if is_turned { truths.not() } else { truths };
        match (a, b) {
            (Text::Constant(a), Text::Constant(b)) => Ok(Truths::of(decide(comparison, a.cmp(b)))),
            (Text::Variable(_), Text::Constant(bound)) => {
                let set = set(bound, comparison);
                Ok(turned(Truths::when(self.in_set(a, set))))
            }
            (Text::Constant(_), Text::Variable(_)) => {
                self.compare_texts(mirrored(comparison), b, a)
            }
            (Text::Variable(a), Text::Variable(b)) => match comparison {
                Comparison::Equal | Comparison::NotEqual => {
                    let same = if a == b {
                        Formula::True
                    } else {
                        Formula::Literal(Literal::Same(*a.min(b), *a.max(b), true))
                    };
                    Ok(turned(Truths::when(same)))
                }
                _ => Err(Unread("the order of two texts is asked for".to_owned())),
            },
        }
    }

    pub(super) fn in_set(&self, text: &Text, set: TextSet) -> Formula {
        match text {
            Text::Constant(text) => Formula::of(set.contains(text)),
            Text::Variable(variable) => self.space.text(*variable, set),
        }
    }

    fn text_test(&mut self, test: TextTest, left: &Case, right: &Case) -> Read<Truths> {
        let (Case::Text(left), Case::Text(right)) = (left, right) else {
            return Ok(unknown(Doubt::ABSENT));
        };
        match (left, right) {
            (_, Text::Constant(folder)) if test == TextTest::Under => {
                let is_path = self.in_set(left, TextSet::Path);
                let lies_in = self.in_set(left, TextSet::Under(folder.clone()));
                // What is under a folder is a path.
                let outside = lies_in.negated().and(is_path.clone());
                Ok(Truths {
                    yes: lies_in.and(is_path.clone()),
                    no: outside,
                    unknown: vec![(Doubt::ABSENT, is_path.negated())],
                })
            }
            (_, Text::Constant(part)) => {
                let part = part.clone();
                let set = match test {
                    TextTest::StartsWith => TextSet::StartsWith(part),
                    TextTest::EndsWith => TextSet::EndsWith(part),
                    TextTest::Contains | TextTest::Under => TextSet::Contains(part),
                };
                Ok(Truths::when(self.in_set(left, set)))
            }
            (Text::Constant(whole), Text::Variable(_)) if test != TextTest::Under => {
                let set = TextSet::OneOf(parts_of(whole, test));
                Ok(Truths::when(self.in_set(right, set)))
            }
            _ => Err(Unread("a part of one text is looked for in another".to_owned())),
        }
    }

    /// Whether a text that need not be there has the form that is asked for.
    pub(super) fn has_form(&mut self, of: &Core) -> Read<Truths> {
        let Core::Canonical(form, text) = of else {
            return Err(Unread("it asks for the form of a form".to_owned()));
        };
        let Core::Path(path) = &**text else {
            return Err(Unread("it asks for the form of what is put together".to_owned()));
        };
        let there = self.has(path)?;
        let values = self.path(path)?;
        let mut formed = Truths { yes: Formula::False, no: Formula::False, unknown: Vec::new() };
        for (formula, case) in self.canonical(*form, values) {
            match case {
                Case::Text(_) => formed.yes = formed.yes.or(formula),
                _ => formed.no = formed.no.or(formula),
            }
        }
        // Something else than a text has no form to ask for.
        let mut texts = Formula::False;
        for (formula, case) in self.path(path)? {
            if matches!(case, Case::Text(_)) {
                texts = texts.or(formula);
            }
        }
        let other = there.yes.clone().and(texts.negated());
        let mut unknown = there.unknown;
        enter(&mut unknown, Doubt::MALFORMED, other);
        Ok(Truths {
            yes: there.yes.clone().and(formed.yes),
            no: there.no.or(there.yes.and(texts).and(formed.no)),
            unknown,
        })
    }

    /// The one form of a text, where it has one.
    pub(super) fn canonical(&mut self, form: Canonicaliser, of: Cases) -> Cases {
        let mut cases = Vec::new();
        for (formula, case) in of {
            match case {
                Case::Text(Text::Constant(text)) => {
                    let case = match super::super::forms::form(form, &text) {
                        Some(text) => Case::Text(Text::Constant(text)),
                        None => Case::Doubt(Doubt::ABSENT),
                    };
                    cases.push((formula, case));
                }
                Case::Text(Text::Variable(variable)) => {
                    let own = self.space.variable(Thing::Form(form, variable));
                    let formed = self.space.kind(own, Kinds::TEXT);
                    let formless = formula.clone().and(formed.negated());
                    cases.push((formula.and(formed), Case::Text(Text::Variable(own))));
                    if form != Canonicaliser::Lower {
                        cases.push((formless, Case::Doubt(Doubt::ABSENT)));
                    }
                }
                Case::Doubt(doubt) => cases.push((formula, Case::Doubt(doubt))),
                _ => cases.push((formula, Case::Doubt(Doubt::ABSENT))),
            }
        }
        cases
    }
}

/// Compares numbers, each at both of its ends.
fn numbers(comparison: Comparison, a: &Number, b: &Number) -> Truths {
    let (always, never) = match comparison {
        Comparison::Equal => return equality(a, b),
        Comparison::NotEqual => return equality(a, b).not(),
        Comparison::Less => (Formula::below(&a.high, &b.low), Formula::at_most(&b.high, &a.low)),
        Comparison::LessEqual => {
            (Formula::at_most(&a.high, &b.low), Formula::below(&b.high, &a.low))
        }
        Comparison::Greater => (Formula::below(&b.high, &a.low), Formula::at_most(&a.high, &b.low)),
        Comparison::GreaterEqual => {
            (Formula::at_most(&b.high, &a.low), Formula::below(&a.high, &b.low))
        }
    };
    if a.is_exact() && b.is_exact() {
        return Truths::when(always);
    }
    let rises = matches!(comparison, Comparison::Greater | Comparison::GreaterEqual);
    let doubt = if rises { a.doubt | b.doubt.reversed() } else { a.doubt.reversed() | b.doubt };
    let open = always.negated().and(never.negated());
    Truths { yes: always, no: never, unknown: vec![(doubt, open)] }
}

fn equality(a: &Number, b: &Number) -> Truths {
    if a.is_exact() && b.is_exact() {
        return Truths::when(Formula::equal(&a.low, &b.low));
    }
    let apart = Formula::below(&a.high, &b.low).or(Formula::below(&b.high, &a.low));
    let open = (((a.doubt | b.doubt).mixed()), apart.negated());
    Truths { yes: Formula::False, no: apart, unknown: vec![open] }
}

fn unknown(doubt: Doubt) -> Truths {
    Truths { yes: Formula::False, no: Formula::False, unknown: vec![(doubt, Formula::True)] }
}

fn decide(comparison: Comparison, order: std::cmp::Ordering) -> bool {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterEqual => order.is_ge(),
    }
}

/// The comparison with its sides exchanged.
fn mirrored(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::Greater,
        Comparison::LessEqual => Comparison::GreaterEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterEqual => Comparison::LessEqual,
        same => same,
    }
}

/// The texts that a whole text starts with, ends with or contains.
fn parts_of(whole: &str, test: TextTest) -> std::collections::BTreeSet<String> {
    let cuts: Vec<usize> =
        whole.char_indices().map(|(index, _)| index).chain([whole.len()]).collect();
    let pairs = cuts.iter().flat_map(|from| cuts.iter().map(move |to| (*from, *to)));
    let fits = |(from, to): &(usize, usize)| match test {
        TextTest::StartsWith => *from == 0,
        TextTest::EndsWith => *to == whole.len(),
        TextTest::Contains | TextTest::Under => from <= to,
    };
    pairs.filter(fits).filter_map(|(from, to)| whole.get(from..to)).map(str::to_owned).collect()
}

/// `length` as a sum of one variable and nothing else.
pub(super) fn at_least(length: &Sum, count: usize) -> Formula {
    let count = whole(i64::try_from(count).unwrap_or(i64::MAX));
    Formula::at_most(&Sum::constant(count), length)
}
