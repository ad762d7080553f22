//! The rules of the workspace, each a small function over one picture of it.

mod architecture;
mod attributes;
mod bans;
mod deny_list;
mod edges;
mod licences;
mod links;
mod lints;
mod machine_paths;
mod markdown;
mod names;
mod opening;
mod pure;
mod sizes;
mod sleep;
mod tokens;
mod violation;
mod workspace;

use std::path::Path;

use anyhow::Result;

use self::violation::Found;
pub use self::violation::Violation;
pub use self::workspace::{Content, Dependency, File, Kind, Package, Workspace};

/// A rule's name and the function that looks for what breaks it.
pub type Rule = (&'static str, fn(&Workspace) -> Vec<Found>);

/// Every rule, in the order in which they are reported.
pub const RULES: &[Rule] = &[
    ("map", architecture::map_equals_workspace),
    ("edges", edges::only_edges_of_the_map),
    ("pure", pure::pure_crates_stay_pure),
    ("lints", lints::every_crate_inherits_lints),
    ("opening", opening::every_file_opens_with_a_sentence),
    ("sizes", sizes::no_file_is_too_long),
    ("names", names::no_name_says_nothing),
    ("attributes", attributes::no_attribute_silences),
    ("sleep", sleep::no_test_sleeps),
    ("links", links::every_link_resolves),
    ("machine-paths", machine_paths::no_path_of_a_machine),
    ("licences", licences::every_licence_is_allowed),
    ("bans", bans::nothing_banned_is_linked),
];

/// What one run of all rules found.
#[derive(Debug)]
pub struct Report {
    /// What breaks a rule; a tidy workspace has none.
    pub violations: Vec<Violation>,
    /// What a reader should know although it breaks no rule.
    pub notes: Vec<String>,
}

/// Runs every rule over the workspace at `root`.
///
/// # Errors
/// Where the workspace cannot be read, or cargo cannot describe it.
pub fn run(root: &Path) -> Result<Report> {
    let workspace = Workspace::load(root)?;
    let violations = RULES.iter().flat_map(|(rule, look)| {
        look(&workspace).into_iter().map(|found| Violation { rule, found })
    });
    Ok(Report { violations: violations.collect(), notes: sizes::notes(&workspace) })
}
