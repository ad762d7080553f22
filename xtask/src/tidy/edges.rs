//! Crates depend on one another only as the map in `ARCHITECTURE.md` allows.

use std::collections::BTreeMap;

use super::architecture::{Crate, CrateKind, Uses, map};
use super::violation::Found;
use super::workspace::{Dependency, Kind, Workspace};

/// The one tool that every crate's tests may use.
const TESTKIT: &str = "bounden-testkit";

/// No member depends on a member that its row does not name.
pub(super) fn only_edges_of_the_map(workspace: &Workspace) -> Vec<Found> {
    let map = map(workspace);
    let mut found = Vec::new();
    for member in workspace.members() {
        let Some(row) = map.get(&member.name) else { continue };
        for dependency in &member.dependencies {
            if map.contains_key(&dependency.name) && !allows(row, dependency, &map) {
                let what = if dependency.kind == Kind::Dev { "its tests" } else { "it" };
                let message =
                    format!("ARCHITECTURE.md does not let {what} use `{}`", dependency.name);
                found.push(Found::at(&member.name, message));
            }
        }
    }
    found
}

fn allows(row: &Crate, dependency: &Dependency, map: &BTreeMap<String, Crate>) -> bool {
    let names = |uses: &Uses| match uses {
        Uses::All => map.get(&dependency.name).is_some_and(|used| used.kind != CrateKind::Tool),
        Uses::These(names) => names.contains(&dependency.name),
    };
    let for_tests = || names(&row.tests_may_use) || dependency.name == TESTKIT;
    names(&row.may_use) || (dependency.kind == Kind::Dev && for_tests())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = "
| crate | kind | may use |
|---|---|---|
| `bounden-base` | pure | – |
| `bounden-policy` | pure | base; tests: spec |
| `bounden-spec` | pure | base, policy |
| `bounden` | shell | all |
| `bounden-testkit` | tool | – |
";

    fn messages(workspace: Workspace) -> Vec<String> {
        let workspace = workspace.with_file("ARCHITECTURE.md", MAP);
        only_edges_of_the_map(&workspace).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_edge_that_the_map_lacks_is_found() {
        let workspace = Workspace::default()
            .with_member("bounden-base", &["bounden-policy", "serde"])
            .with_member("bounden", &["bounden-spec", "bounden-testkit"]);
        assert_eq!(
            messages(workspace),
            [
                "bounden: ARCHITECTURE.md does not let it use `bounden-testkit`",
                "bounden-base: ARCHITECTURE.md does not let it use `bounden-policy`",
            ]
        );
    }

    #[test]
    fn tests_may_use_what_their_row_says_and_the_testkit() {
        let policy = |tests_use| {
            Workspace::default()
                .with_member("bounden-policy", &["bounden-base"])
                .tested_with("bounden-policy", tests_use)
        };
        assert!(messages(policy(&["bounden-spec", "bounden-testkit"])).is_empty());
        assert_eq!(
            messages(policy(&["bounden"])),
            ["bounden-policy: ARCHITECTURE.md does not let its tests use `bounden`"]
        );
    }
}
