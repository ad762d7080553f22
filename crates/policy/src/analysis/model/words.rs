//! Texts that fit all assumptions, forms of one another included.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::super::forms;
use super::super::kinds::Kinds;
use super::super::number::{Rational, whole};
use super::super::space::{Space, Thing, Variable};
use super::super::store::Store;
use super::super::text::{Found, TextSet};
use crate::core::Canonicaliser;

/// What became of the texts.
#[derive(Clone, Debug)]
pub(in crate::analysis) enum Words {
    Texts(BTreeMap<Variable, String>),
    Nothing,
    Undecided(&'static str),
}

/// What is asked of one text.
type Sets = Vec<(Rc<TextSet>, bool)>;

const UNDECIDED: &str = "no text was found that fits, and that there is none was not shown";

/// Variables that hold one text.
struct Group {
    members: BTreeSet<Variable>,
    sets: Sets,
    least: usize,
    most: Option<usize>,
}

pub(in crate::analysis) fn solve(space: &Space<'_>, store: &Store) -> Words {
    if !space.budget.spend(space.size()) {
        return Words::Undecided(UNDECIDED);
    }
    let mut groups = groups(space, store);
    if store.same.iter().any(|(a, b, holds)| !holds && together(&groups, *a, *b)) {
        return Words::Nothing;
    }
    let mut texts = BTreeMap::new();
    // Forms are made of the texts that they are forms of.
    let has_form = |group: &Group| group.members.iter().any(|of| form_of(space, *of).is_some());
    groups.retain(|group| group.members.len() > 1 || !has_form(group));
    // What a form has to equal is chosen before the text that it is a form of.
    groups.sort_by_key(|group| !has_form(group));
    for group in &groups {
        let forms = forms_of(space, &group.members);
        let is_free = group.sets.is_empty() && group.least == 0 && group.most.is_none();
        let differs = store
            .same
            .iter()
            .any(|(a, b, _)| group.members.contains(a) || group.members.contains(b));
        if is_free && forms.is_empty() && !differs {
            continue;
        }
        match choose(space, store, group, &forms, &texts) {
            Words::Texts(found) => texts.extend(found),
            other => return other,
        }
    }
    let differs = |(a, b, holds): &(Variable, Variable, bool)| {
        let is_text = |variable| store.kinds(space, variable) == Kinds::TEXT;
        is_text(*a) && is_text(*b) && (texts.get(a) == texts.get(b)) != *holds
    };
    if store.same.iter().any(differs) {
        return Words::Undecided(UNDECIDED);
    }
    Words::Texts(texts)
}

/// Every variable that texts are asked of, those that are equal together.
fn groups(space: &Space<'_>, store: &Store) -> Vec<Group> {
    let is_text = |variable: Variable| store.kinds(space, variable).meets(Kinds::TEXT);
    let mut classes: Vec<BTreeSet<Variable>> = space
        .variables()
        .map(|(variable, _)| variable)
        .filter(|variable| is_text(*variable))
        .map(|variable| [variable].into())
        .collect();
    for (a, b, _) in store.same.iter().filter(|(_, _, holds)| *holds) {
        let (own, others): (Vec<_>, Vec<_>) =
            classes.into_iter().partition(|class| class.contains(a) || class.contains(b));
        classes = others;
        classes.push(own.into_iter().flatten().collect());
    }
    classes.into_iter().map(|members| group(space, store, members)).collect()
}

fn group(space: &Space<'_>, store: &Store, members: BTreeSet<Variable>) -> Group {
    let sets = members.iter().filter_map(|member| store.texts.get(member)).flatten();
    let sets: Sets = sets.cloned().collect();
    let (mut least, mut most): (usize, Option<usize>) = (0, None);
    for member in &members {
        let Some(length) = space.find(&Thing::Length(*member)) else { continue };
        let bounds = store.bounds(space, length);
        least = least.max(bounds.low.map_or(0, |end| count(&end.number)));
        let own = bounds.high.map(|end| count(&end.number));
        most = [most, own].into_iter().flatten().min();
    }
    Group { members, sets, least, most }
}

fn count(number: &Rational) -> usize {
    if *number < whole(0) { 0 } else { number.floor().to_string().parse().unwrap_or(usize::MAX) }
}

fn together(groups: &[Group], a: Variable, b: Variable) -> bool {
    groups.iter().any(|group| group.members.contains(&a) && group.members.contains(&b))
}

fn form_of(space: &Space<'_>, variable: Variable) -> Option<(Canonicaliser, Variable)> {
    match space.thing(variable) {
        Some(Thing::Form(form, of)) => Some((*form, *of)),
        _ => None,
    }
}

/// The forms of these texts, and the forms of those forms, in that order.
fn forms_of(
    space: &Space<'_>,
    members: &BTreeSet<Variable>,
) -> Vec<(Variable, Canonicaliser, Variable)> {
    let mut known = members.clone();
    let mut forms = Vec::new();
    // A form is spoken of after the text that it is a form of.
    for (variable, thing) in space.variables() {
        if let Thing::Form(form, of) = thing
            && known.contains(of)
        {
            known.insert(variable);
            forms.push((variable, *form, *of));
        }
    }
    forms
}

/// One text for a group of variables, with its forms.
fn choose(
    space: &Space<'_>,
    store: &Store,
    group: &Group,
    forms: &[(Variable, Canonicaliser, Variable)],
    texts: &BTreeMap<Variable, String>,
) -> Words {
    let chosen: BTreeMap<Variable, &String> = forms
        .iter()
        .filter_map(|(variable, _, _)| Some((*variable, texts.get(variable)?)))
        .collect();
    let fitting = |text: &str| {
        let found = fitted(space, store, group, forms, text)?;
        chosen.iter().all(|(form, wanted)| found.get(form) == Some(*wanted)).then_some(found)
    };
    let nothing = || {
        if chosen.is_empty() { Words::Nothing } else { Words::Undecided(UNDECIDED) }
    };
    let listed = group.sets.iter().find_map(|(set, holds)| match &**set {
        TextSet::OneOf(texts) if *holds => Some(texts),
        _ => None,
    });
    if let Some(listed) = listed {
        return listed.iter().find_map(|text| fitting(text)).map_or_else(nothing, Words::Texts);
    }
    let own = match space.shortest(&group.sets, group.least, group.most) {
        Found::Nothing => return Words::Nothing,
        Found::Undecided => None,
        Found::Text(text) => Some(text),
    };
    let mut tried: Vec<String> = apart(space, store, group, texts).into_iter().chain(own).collect();
    for (form, wanted) in &chosen {
        tried.extend(disguised(space, *form, wanted));
    }
    for (variable, _, _) in forms {
        let asked = store.texts.get(variable).map_or(&[][..], Vec::as_slice);
        let wanted = match space.shortest(asked, 0, None) {
            Found::Nothing if store.kinds(space, *variable) == Kinds::TEXT => {
                return Words::Nothing;
            }
            Found::Text(text) => text,
            _ => continue,
        };
        tried.extend(disguised(space, *variable, &wanted));
    }
    for (_, form, _) in forms {
        let words = group.sets.iter().chain(store.texts.values().flatten());
        let words: Vec<String> =
            words.flat_map(|(set, _)| set.words()).map(str::to_owned).collect();
        tried.extend(words.iter().flat_map(|word| forms::disguises(*form, word)));
        tried.extend(words);
    }
    tried.extend(["a", "A", "https://a/", "a@a"].map(str::to_owned));
    let mut tried = tried.iter().take_while(|_| space.budget.spend(1 + forms.len()));
    tried.find_map(|text| fitting(text)).map_or(Words::Undecided(UNDECIDED), Words::Texts)
}

/// Texts that differ from those that were chosen before.
fn apart(
    space: &Space<'_>,
    store: &Store,
    group: &Group,
    texts: &BTreeMap<Variable, String>,
) -> Option<String> {
    let others: BTreeSet<String> = store
        .same
        .iter()
        .filter(|(_, _, holds)| !holds)
        .filter_map(|(a, b, _)| match (group.members.contains(a), group.members.contains(b)) {
            (true, false) => texts.get(b).cloned(),
            (false, true) => texts.get(a).cloned(),
            _ => None,
        })
        .collect();
    if others.is_empty() {
        return None;
    }
    let mut sets = group.sets.clone();
    sets.push((TextSet::OneOf(others).into(), false));
    match space.shortest(&sets, group.least, group.most) {
        Found::Text(text) => Some(text),
        _ => None,
    }
}

/// Texts whose form, or whose form's form, may be the wanted one.
fn disguised(space: &Space<'_>, variable: Variable, wanted: &str) -> Vec<String> {
    let Some((form, of)) = form_of(space, variable) else { return vec![wanted.to_owned()] };
    let texts = forms::disguises(form, wanted);
    texts.iter().flat_map(|text| disguised(space, of, text)).collect()
}

/// The text for all members and its forms for all forms, where everything fits.
fn fitted(
    space: &Space<'_>,
    store: &Store,
    group: &Group,
    forms: &[(Variable, Canonicaliser, Variable)],
    text: &str,
) -> Option<BTreeMap<Variable, String>> {
    let length = text.chars().count();
    let fits = |text: &str, sets: &[(Rc<TextSet>, bool)]| {
        sets.iter().all(|(set, holds)| set.contains(text) == *holds)
    };
    if length < group.least
        || group.most.is_some_and(|most| length > most)
        || !fits(text, &group.sets)
    {
        return None;
    }
    let mut found: BTreeMap<Variable, String> =
        group.members.iter().map(|member| (*member, text.to_owned())).collect();
    for (variable, form, of) in forms {
        let possible = store.kinds(space, *variable);
        match found.get(of).and_then(|text| forms::form(*form, text)) {
            Some(own) => {
                let sets = store.texts.get(variable).map_or(&[][..], Vec::as_slice);
                if !possible.meets(Kinds::TEXT) || !fits(&own, sets) {
                    return None;
                }
                found.insert(*variable, own);
            }
            None if !possible.meets(Kinds::MISSING) => return None,
            None => {}
        }
    }
    Some(found)
}
