//! Every crate inherits the lints of the workspace.

use super::violation::Found;
use super::workspace::Workspace;

/// Every member's manifest says `[lints] workspace = true`.
pub(super) fn every_crate_inherits_lints(workspace: &Workspace) -> Vec<Found> {
    let manifests = workspace.members().filter_map(|member| {
        let path = format!("{}/Cargo.toml", member.folder.as_deref()?);
        let inherits = workspace.file(&path).and_then(|file| file.text()).is_some_and(inherits);
        (!inherits).then_some(path)
    });
    manifests.map(|path| Found::at(&path, "`[lints] workspace = true` is missing")).collect()
}

fn inherits(manifest: &str) -> bool {
    let inherited = |manifest: toml::Table| manifest.get("lints")?.get("workspace")?.as_bool();
    manifest.parse().ok().and_then(inherited) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_of_its_own_mind_is_found() {
        let found = |manifest| {
            let workspace = Workspace::default().with_member("bounden-a", &[]);
            every_crate_inherits_lints(&workspace.with_file("crates/a/Cargo.toml", manifest)).len()
        };
        assert_eq!(found("[package]\nname = \"bounden-a\"\n"), 1);
        assert_eq!(found("[lints]\nworkspace = false\n"), 1);
        assert_eq!(found("[lints.clippy]\npanic = \"allow\"\n"), 1);
        assert_eq!(found("[lints]\nworkspace = true\n"), 0);
    }
}
