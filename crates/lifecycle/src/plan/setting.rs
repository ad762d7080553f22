//! What surrounds the rules: servers, models, memory, autonomy, data, and
//! sections of the intent that nothing else accounts for.

use std::collections::BTreeMap;

use bounden_ledger::statement::DiffClass;
use bounden_spec::intent::{Autonomy, Memory};

use super::{Items, Sides};

pub(super) fn compare(sides: &Sides<'_>, items: &mut Items) {
    let (base, next) = (&sides.base.surface.declared, &sides.next.surface.declared);
    named("servers", "server", &base.servers, &next.servers, items);
    named("models.allow", "model", &base.models, &next.models, items);
    if base.routing != next.routing {
        items.opaque("models.routing", "Models are chosen in another way.");
    }
    let memory = |word: &str| Memory::named(word);
    ordered("constraints.memory", "It remembers", memory, &base.memory, &next.memory, items);
    let autonomy = |word: &str| Autonomy::named(word);
    ordered("constraints.autonomy", "It works", autonomy, &base.autonomy, &next.autonomy, items);
    if base.classification != next.classification {
        items.opaque("constraints.data.classification", "It works with data of another class.");
    }
    if base.residency != next.residency {
        items.opaque("constraints.data.residency", "Data may be processed elsewhere.");
    }
}

/// The places of the intent that differ without an item of their own.
pub(super) fn name_the_rest(sides: &Sides<'_>, items: &mut Items) {
    let (base, next) =
        (&sides.base.surface.declared.sections, &sides.next.surface.declared.sections);
    let changed: std::collections::BTreeSet<_> = base
        .keys()
        .chain(next.keys())
        .filter(|place| base.get(*place) != next.get(*place))
        .collect();
    let (old, new) = (&sides.base.side.body.version, &sides.next.side.body.version);
    if old != new {
        items.equal("agent.version", format!("The version is {new} instead of {old}."));
    }
    for place in changed {
        if !items.mention(place) {
            let sentence = format!("What the intent says under `{place}` is different.");
            items.opaque(place.clone(), sentence);
        }
    }
}

fn named<T: PartialEq>(
    section: &str,
    what: &str,
    base: &BTreeMap<String, T>,
    next: &BTreeMap<String, T>,
    items: &mut Items,
) {
    for (name, value) in next {
        let id = format!("{section}.{name}");
        match base.get(name) {
            None => items.expansion(id, format!("The {what} `{name}` may be used.")),
            Some(before) if before != value => {
                items.opaque(id, format!("The {what} `{name}` is another one."));
            }
            Some(_) => {}
        }
    }
    for name in base.keys().filter(|name| !next.contains_key(*name)) {
        let id = format!("{section}.{name}");
        items.reduction(id, format!("The {what} `{name}` may no longer be used."));
    }
}

/// A setting whose words go from less to more.
fn ordered<T: Ord>(
    id: &str,
    says: &str,
    read: impl Fn(&str) -> Option<T>,
    base: &str,
    next: &str,
    items: &mut Items,
) {
    let class = match (read(base), read(next)) {
        _ if base == next => return,
        (Some(base), Some(next)) if next > base => DiffClass::Expansion,
        (Some(_), Some(_)) => DiffClass::Reduction,
        _ => DiffClass::Opaque,
    };
    items.push(id, class, format!("{says}: {next} instead of {base}."));
}
