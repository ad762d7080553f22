//! One form for arguments that mean the same.

use std::collections::BTreeMap;

use bounden_base::Json;

/// The arguments with lists of words and of objects in sorted order, since
/// their order rarely carries meaning. Lists in one object that have the same
/// length are pairs (`item_ids`, `new_item_ids`) and are sorted together. Lists
/// of numbers alone keep their order: they may be coordinates.
///
/// Numbers are exact already: 1 and 1.0 are one value.
#[must_use]
pub fn canonical_arguments(arguments: Json) -> Json {
    match arguments {
        Json::Object(members) => {
            let members = members.into_iter();
            let mut members: BTreeMap<String, Json> =
                members.map(|(key, value)| (key, canonical_arguments(value))).collect();
            sort_lists(&mut members);
            members.into()
        }
        Json::Array(items) => Json::Array(items.into_iter().map(canonical_arguments).collect()),
        scalar => scalar,
    }
}

fn sort_lists(members: &mut BTreeMap<String, Json>) {
    let mut by_length: BTreeMap<(usize, bool), Vec<String>> = BTreeMap::new();
    for (key, value) in &*members {
        if let Json::Array(items) = value {
            let objects = items.iter().any(|item| matches!(item, Json::Object(_)));
            by_length.entry((items.len(), objects)).or_default().push(key.clone());
        }
    }
    for ((_, objects), keys) in by_length {
        if objects {
            // Objects hold their own pairs together.
            keys.iter().for_each(|key| sort_together(members, std::slice::from_ref(key)));
        } else {
            sort_together(members, &keys);
        }
    }
}

/// Sorts the lists at `keys` by the first, then the second, and so on, row by row.
fn sort_together(members: &mut BTreeMap<String, Json>, keys: &[String]) {
    let lists: Vec<&[Json]> =
        keys.iter().filter_map(|key| members.get(key).and_then(Json::as_array)).collect();
    let sortable = |item: &Json| matches!(item, Json::String(_) | Json::Object(_));
    if !lists.iter().any(|list| list.iter().any(sortable)) {
        return;
    }
    let length = lists.first().map_or(0, |list| list.len());
    let mut rows: Vec<(Vec<String>, Vec<Json>)> = (0..length)
        .map(|index| {
            let row: Vec<Json> = lists.iter().filter_map(|list| list.get(index).cloned()).collect();
            (row.iter().map(Json::canonical).collect(), row)
        })
        .collect();
    rows.sort_by(|left, right| left.0.cmp(&right.0));
    for (column, key) in keys.iter().enumerate() {
        let list = rows.iter().filter_map(|(_, row)| row.get(column).cloned());
        members.insert(key.clone(), list.collect());
    }
}
