//! The map of crates in `ARCHITECTURE.md`, and that it equals the workspace.
//!
//! The map is the only list of crates and of allowed edges: other rules read it here.

use std::collections::{BTreeMap, BTreeSet};

use super::markdown;
use super::violation::Found;
use super::workspace::Workspace;

const MAP: &str = "ARCHITECTURE.md";

/// What the map says about one crate.
#[derive(Debug)]
pub(super) struct Crate {
    pub(super) kind: CrateKind,
    /// The crates that its library may depend on.
    pub(super) may_use: Uses,
    /// Those that only its tests may depend on besides.
    pub(super) tests_may_use: Uses,
    line: usize,
}

/// What sort of crate it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CrateKind {
    /// Decides from its arguments alone.
    Pure,
    /// Touches files, the network, the clock or the terminal.
    Shell,
    /// Serves the project only and is never published.
    Tool,
}

/// A cell of the map that lists crates.
#[derive(Debug)]
pub(super) enum Uses {
    /// Every crate that is not a tool.
    All,
    /// These packages.
    These(BTreeSet<String>),
}

/// The crates of the map by package name; rows that make no sense are left out.
pub(super) fn map(workspace: &Workspace) -> BTreeMap<String, Crate> {
    read(workspace).into_iter().filter_map(|(name, row)| Some((name, row.ok()?))).collect()
}

/// Every member has a row, every row has a member, and every row can be read.
pub(super) fn map_equals_workspace(workspace: &Workspace) -> Vec<Found> {
    let rows = read(workspace);
    if rows.is_empty() {
        return vec![Found::at(MAP, "there is no table whose first column is `crate`")];
    }
    let named: BTreeSet<&str> = rows.iter().map(|(name, _)| name.as_str()).collect();
    let members: BTreeSet<&str> = workspace.members().map(|member| member.name.as_str()).collect();
    let mut found = Vec::new();
    for (name, row) in &rows {
        match row {
            Err(why) => found.push(why.clone()),
            Ok(row) if !members.contains(name.as_str()) => {
                found.push(Found::on(MAP, row.line, format!("there is no crate `{name}`")));
            }
            Ok(row) => found.extend(unknown_uses(row, &named)),
        }
    }
    let unnamed = members.difference(&named);
    found.extend(unnamed.map(|name| Found::at(MAP, format!("`{name}` is missing from the map"))));
    found
}

fn unknown_uses(row: &Crate, named: &BTreeSet<&str>) -> Vec<Found> {
    let lists = [&row.may_use, &row.tests_may_use].into_iter().filter_map(|uses| match uses {
        Uses::All => None,
        Uses::These(names) => Some(names),
    });
    let unknown = lists.flatten().filter(|name| !named.contains(name.as_str()));
    unknown
        .map(|name| Found::on(MAP, row.line, format!("`{name}` has no row of its own")))
        .collect()
}

fn read(workspace: &Workspace) -> Vec<(String, Result<Crate, Found>)> {
    let text = workspace.file(MAP).and_then(|file| file.text()).unwrap_or_default();
    let rows = markdown::table(text, "crate").unwrap_or_default();
    rows.into_iter()
        .map(|row| (row.cells.first().cloned().unwrap_or_default(), entry(&row)))
        .collect()
}

fn entry(row: &markdown::Row) -> Result<Crate, Found> {
    let [_, kind, uses, ..] = row.cells.as_slice() else {
        return Err(Found::on(MAP, row.line, "a row starts with crate, kind and may use"));
    };
    let kind = match kind.as_str() {
        "pure" => CrateKind::Pure,
        "shell" => CrateKind::Shell,
        "tool" => CrateKind::Tool,
        _ => return Err(Found::on(MAP, row.line, "a crate is `pure`, a `shell` or a `tool`")),
    };
    let (uses, tests_use) = uses.split_once("; tests:").unwrap_or((uses, ""));
    let (may_use, tests_may_use) = (self::uses(uses), self::uses(tests_use));
    Ok(Crate { kind, may_use, tests_may_use, line: row.line })
}

/// Reads `all`, `–` or a list such as `base, policy`, where `base` is short for `bounden-base`.
fn uses(cell: &str) -> Uses {
    let names = cell.split(',').map(str::trim).filter(|name| !matches!(*name, "" | "–"));
    let names: BTreeSet<String> = names.map(|name| format!("bounden-{name}")).collect();
    if names.contains("bounden-all") { Uses::All } else { Uses::These(names) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(rows: &str, members: &[&str]) -> Vec<String> {
        let text = format!("| crate | kind | may use |\n|---|---|---|\n{rows}");
        let bare = Workspace::default().with_file(MAP, &text);
        let workspace = members.iter().fold(bare, |all, name| all.with_member(name, &[]));
        map_equals_workspace(&workspace).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn map_and_workspace_name_the_same_crates() {
        let rows = "| `bounden-base` | pure | – |\n| `bounden-gone` | shell | base |\n";
        assert_eq!(
            messages(rows, &["bounden-base", "bounden-new"]),
            [
                "ARCHITECTURE.md:4: there is no crate `bounden-gone`",
                "ARCHITECTURE.md: `bounden-new` is missing from the map",
            ]
        );
        assert!(messages("| `bounden-base` | pure | – |\n", &["bounden-base"]).is_empty());
    }

    #[test]
    fn a_row_that_makes_no_sense_is_named() {
        assert_eq!(
            messages("| `bounden-a` | clean | – |\n", &["bounden-a"]),
            ["ARCHITECTURE.md:3: a crate is `pure`, a `shell` or a `tool`"]
        );
        assert_eq!(
            messages("| `bounden-a` | pure | b; tests: c |\n", &["bounden-a"]),
            [
                "ARCHITECTURE.md:3: `bounden-b` has no row of its own",
                "ARCHITECTURE.md:3: `bounden-c` has no row of its own",
            ]
        );
    }

    #[test]
    fn a_missing_map_is_found() {
        assert_eq!(map_equals_workspace(&Workspace::default()).len(), 1);
    }
}
