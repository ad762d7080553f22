//! From where to where the argument of a witness can go, and the sentence that says it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use bounden_base::{Decimal, Json};

use super::formula::{Formula, Literal};
use super::number::{Rational, decimal, exact, ten_to};
use super::space::{Origin, Place, Space, Thing, Variable};
use super::trial::Trial;
use super::witness::Confirmed;
use crate::ToolName;
use crate::core::Step;
use crate::decision::{Reason, Verdict};

/// The numbers that an argument can have with the same outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Reach {
    name: String,
    is_money: bool,
    from: Option<Decimal>,
    to: Option<Decimal>,
}

/// Most numbers at which outcomes may change.
const MOST_POINTS: usize = 60;

/// A confirmed call in words.
pub(super) fn sentence(
    space: &Space<'_>,
    formulas: &[Formula],
    trial: Trial<'_>,
    tool: &ToolName,
    confirmed: &Confirmed,
) -> String {
    let words = tool.tool().replace(['_', '-', '.'], " ");
    let (before, after) = (confirmed.verdicts.before.verdict, confirmed.verdicts.after.verdict);
    let reach = reach(space, formulas, trial, tool, confirmed);
    let what = match &reach {
        Some(reach) if reach.is_money => format!(" {reach}"),
        Some(reach) => format!(" with {} {reach}", reach.name),
        None => String::new(),
    };
    let earlier = match confirmed.setting.earlier.len() {
        0 => "",
        1 => ", after an earlier event",
        _ => ", after earlier events",
    };
    format!("can now {words}{what}{}{earlier}", manner(before, after))
}

/// How a call or a request is treated now, beside how it was.
pub(super) fn manner(before: Verdict, after: Verdict) -> &'static str {
    match (before, after) {
        (Verdict::RequireApproval, Verdict::RequireApproval) => " with approval by others",
        (Verdict::RequireApproval, _) => " without approval",
        (Verdict::Warn, _) => " without being noted",
        (Verdict::Modify, _) => " without being changed",
        (Verdict::Defer, _) => " without waiting",
        (Verdict::Halt, Verdict::Block) => ", which is blocked and no longer ends the session",
        (_, Verdict::Escalate) => ", which is handed over instead of stopped",
        (_, Verdict::Defer) => ", which only has to wait",
        (_, Verdict::RequireApproval) => " with approval, which was not possible",
        (Verdict::Escalate, _) => ", which was handed over",
        (Verdict::Halt, _) => ", which ended the session",
        _ => ", which was blocked",
    }
}

/// The argument that decides, with the numbers that it can have.
fn reach(
    space: &Space<'_>,
    formulas: &[Formula],
    trial: Trial<'_>,
    tool: &ToolName,
    confirmed: &Confirmed,
) -> Option<Reach> {
    let numbers: Vec<(Place, Variable, Decimal)> = space
        .variables()
        .filter_map(|(variable, thing)| {
            let Thing::Place(place) = thing else { return None };
            if place.origin != Origin::Arguments {
                return None;
            }
            Some((place.clone(), variable, number_at(&confirmed.args, &place.steps)?))
        })
        .collect();
    let mut values = confirmed.numbers.clone();
    values.extend(numbers.iter().map(|(_, variable, number)| (*variable, exact(*number))));
    let is_open = |thing: &Thing| matches!(thing, Thing::Part(_));
    let is_known = space.products().is_empty() && !space.variables().any(|(_, of)| is_open(of));
    let mut found: Vec<Reach> = numbers
        .iter()
        .filter_map(|(place, variable, number)| {
            let name = name(place)?;
            let is_money = space.is_money(*variable);
            let mut points = BTreeSet::new();
            for formula in formulas {
                breakpoints(space, formula, *variable, &values, &mut points);
            }
            let known = space.known(*variable);
            points.extend(known.least.iter().chain(&known.most).cloned());
            let step = known.unit.clone().unwrap_or_else(|| ten_to(-2));
            let near: BTreeSet<Decimal> = points
                .iter()
                .take(MOST_POINTS)
                .flat_map(|point| [point - &step, point.clone(), point + &step])
                .filter_map(|point| decimal(&point))
                .collect();
            let outcome = |number: &Decimal| {
                let mut args = confirmed.args.clone();
                set(&mut args, &place.steps, *number);
                let verdicts = trial.run(&confirmed.setting.events(tool, &args))?;
                let is_same = confirmed.is_same(&verdicts);
                let is_malformed = verdicts.after.reason == Reason::Malformed;
                (is_same || !is_malformed).then_some(is_same)
            };
            let (from, to) = extent(*number, &near, outcome)?;
            // Between the points only what was looked into is known.
            let (from, to) = if is_known { (from, to) } else { (Some(*number), Some(*number)) };
            Some(Reach { name, is_money, from, to })
        })
        .collect();
    found.sort_by_key(|reach| (!reach.is_money, reach.name.clone()));
    (!found.is_empty()).then(|| found.swap_remove(0))
}

/// How far a number can go down and up; nothing where no rule minds.
fn extent(
    number: Decimal,
    points: &BTreeSet<Decimal>,
    outcome: impl Fn(&Decimal) -> Option<bool>,
) -> Option<(Option<Decimal>, Option<Decimal>)> {
    let walk = |points: &mut dyn Iterator<Item = &Decimal>| {
        let mut end = number;
        for point in points {
            match outcome(point) {
                Some(true) => end = *point,
                // What the schema refuses ends the numbers, and decides nothing.
                other => return (Some(end), other.is_some()),
            }
        }
        (None, false)
    };
    let (from, below) = walk(&mut points.range(..number).rev());
    let (to, above) = walk(&mut points.range((Bound::Excluded(number), Bound::Unbounded)));
    (below || above).then_some((from, to))
}

/// Numbers at which a comparison in the formula changes its answer.
fn breakpoints(
    space: &Space<'_>,
    formula: &Formula,
    variable: Variable,
    values: &BTreeMap<Variable, Rational>,
    found: &mut BTreeSet<Rational>,
) {
    match formula {
        Formula::Literal(Literal::Row(row)) => {
            let mut others = values.clone();
            others.remove(&variable);
            let sum = space.written_out(&row.sum).with(&others);
            if let Some((own, factor)) = sum.only()
                && own == variable
            {
                found.insert(-(&sum.constant / factor));
            }
        }
        Formula::All(parts) | Formula::Any(parts) => {
            parts.iter().for_each(|part| breakpoints(space, part, variable, values, found));
        }
        _ => {}
    }
}

fn number_at(args: &Json, steps: &[Step]) -> Option<Decimal> {
    let found = steps.iter().try_fold(args, |value, step| match (value, step) {
        (Json::Object(members), Step::Member(name)) => members.get(name),
        (Json::Array(items), Step::Item(index)) => items.get(*index),
        _ => None,
    });
    found?.as_decimal()
}

fn set(args: &mut Json, steps: &[Step], number: Decimal) {
    match (args, steps) {
        (value, []) => *value = Json::Number(number),
        (Json::Object(members), [Step::Member(name), rest @ ..]) => {
            if let Some(member) = members.get_mut(name) {
                set(member, rest, number);
            }
        }
        (Json::Array(items), [Step::Item(index), rest @ ..]) => {
            if let Some(item) = items.get_mut(*index) {
                set(item, rest, number);
            }
        }
        _ => {}
    }
}

/// The last member on the way to a place.
fn name(place: &Place) -> Option<String> {
    place.steps.iter().rev().find_map(|step| match step {
        Step::Member(name) => Some(name.replace('_', " ")),
        Step::Item(_) => None,
    })
}

impl std::fmt::Display for Reach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from == to => f.write_str(&grouped(from)),
            (Some(from), Some(to)) => write!(f, "{} to {}", grouped(from), grouped(to)),
            (Some(from), None) => write!(f, "{} and more", grouped(from)),
            (None, Some(to)) => write!(f, "{} and less", grouped(to)),
            (None, None) => f.write_str("of any size"),
        }
    }
}

/// A number with its thousands apart.
fn grouped(number: Decimal) -> String {
    let text = number.to_string();
    if text.contains('e') || text.contains('E') {
        return text;
    }
    let (sign, rest) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, ""), |(whole, part)| (whole, part));
    let mut groups: Vec<String> = Vec::new();
    let digits: Vec<char> = whole.chars().collect();
    for chunk in digits.rchunks(3).rev() {
        groups.push(chunk.iter().collect());
    }
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", groups.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_with_their_thousands_apart() {
        for (number, expected) in
            [("1000", "1,000"), ("500.01", "500.01"), ("-1234567.5", "-1,234,567.5"), ("0", "0")]
        {
            assert_eq!(grouped(number.parse().unwrap()), expected);
        }
    }
}
