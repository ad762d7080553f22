//! Files, servers and models that an agent is made of, by the digest of their content.

use std::collections::BTreeMap;

use bounden_ledger::lock::{Body, Component};

use super::{Items, Sides};

pub(super) fn compare(sides: &Sides<'_>, items: &mut Items) {
    let (base, next) = (by_key(sides.base.side.body), by_key(sides.next.side.body));
    for (key, part) in &next {
        let Component { kind, name, .. } = part;
        let id = format!("components.{kind}.{name}");
        match base.get(key) {
            None if is_content(part) => items.opaque(id, format!("The {kind} `{name}` is new.")),
            Some(before) if before != part && part.kind != "model" => {
                items.opaque(id, format!("The content of the {kind} `{name}` is another one."));
            }
            _ => {}
        }
    }
    for (key, part) in base.iter().filter(|(_, part)| is_content(part)) {
        if !next.contains_key(key) {
            let Component { kind, name, .. } = part;
            items.opaque(
                format!("components.{kind}.{name}"),
                format!("The {kind} `{name}` is gone."),
            );
        }
    }
}

/// Whether a part is text that shapes behaviour; that servers and models come
/// and go has items of its own.
fn is_content(part: &Component) -> bool {
    !matches!(part.kind.as_str(), "server" | "model")
}

fn by_key(body: &Body) -> BTreeMap<(&str, &str), &Component> {
    body.components.iter().map(|part| ((part.kind.as_str(), part.name.as_str()), part)).collect()
}
