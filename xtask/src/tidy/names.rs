//! A module's name says what is in it.

use super::violation::Found;
use super::workspace::Workspace;

/// Names under which anything at all can gather.
const SAY_NOTHING: &[&str] =
    &["common", "helper", "helpers", "manager", "managers", "misc", "types", "util", "utils"];

/// No Rust file or module folder bears a name that says nothing, nor ends in one.
pub(super) fn no_name_says_nothing(workspace: &Workspace) -> Vec<Found> {
    let files = workspace.files.iter().map(|file| file.path.as_str());
    let found = files.filter_map(|path| {
        let module = path.strip_suffix(".rs")?;
        let name = module.split('/').find(|name| says_nothing(name))?;
        Some(Found::at(path, format!("`{name}` says nothing of what is inside; name it")))
    });
    found.collect()
}

fn says_nothing(name: &str) -> bool {
    name.rsplit('_').next().is_some_and(|last| SAY_NOTHING.contains(&last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_names_are_found_in_files_and_folders() {
        let found = |path| no_name_says_nothing(&Workspace::default().with_file(path, "")).len();
        for path in ["src/utils.rs", "tests/common/mod.rs", "src/session_manager.rs"] {
            assert_eq!(found(path), 1, "{path}");
        }
        for path in ["src/session.rs", "docs/common/a.md", "src/prototypes.rs"] {
            assert_eq!(found(path), 0, "{path}");
        }
    }
}
