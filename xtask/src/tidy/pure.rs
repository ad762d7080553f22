//! Pure crates carry the lints that keep them pure, and link nothing that does I/O.

use std::collections::BTreeSet;

use super::architecture::{CrateKind, map};
use super::violation::Found;
use super::workspace::{Kind, Package, Workspace};

/// Where the `clippy.toml` of a pure crate points to.
const LINTS: &str = "../../pure-clippy.toml";

/// What a pure crate never links, not even through others.
const NEVER_LINKED: &[&str] = &["axum", "hyper", "reqwest", "rusqlite", "tokio"];

/// What it never asks for itself; cryptographic crates may link it.
const NEVER_ASKED_FOR: &[&str] = &["fastrand", "getrandom", "rand", "rand_core"];

/// Every crate that the map calls pure is pure.
pub(super) fn pure_crates_stay_pure(workspace: &Workspace) -> Vec<Found> {
    let map = map(workspace);
    let is_pure =
        |member: &&Package| map.get(&member.name).is_some_and(|row| row.kind == CrateKind::Pure);
    workspace
        .members()
        .filter(is_pure)
        .flat_map(|member| {
            [unlinted(workspace, member), asked_for(member), linked(workspace, member)].concat()
        })
        .collect()
}

fn unlinted(workspace: &Workspace, member: &Package) -> Vec<Found> {
    let path = format!("{}/clippy.toml", member.folder.as_deref().unwrap_or_default());
    if workspace.file(&path).and_then(|file| file.link()) == Some(LINTS) {
        return Vec::new();
    }
    vec![Found::at(&path, format!("a pure crate has a symbolic link to {LINTS} here"))]
}

fn asked_for(member: &Package) -> Vec<Found> {
    let asked = member.dependencies.iter().filter(|dependency| {
        dependency.kind == Kind::Normal && NEVER_ASKED_FOR.contains(&dependency.name.as_str())
    });
    let message =
        |name: &str| format!("a pure crate takes its entropy as an argument, not `{name}`");
    asked.map(|dependency| Found::at(&member.name, message(&dependency.name))).collect()
}

fn linked(workspace: &Workspace, member: &Package) -> Vec<Found> {
    let mut seen = BTreeSet::new();
    let mut open = vec![(member, member.name.clone())];
    let mut found = Vec::new();
    while let Some((package, chain)) = open.pop() {
        for id in &package.links {
            let Some(next) = workspace.packages.get(id) else { continue };
            let chain = format!("{chain} → {}", next.name);
            if NEVER_LINKED.contains(&next.name.as_str()) {
                found.push(Found::at(&member.name, format!("a pure crate does no I/O: {chain}")));
            } else if seen.insert(id) {
                open.push((next, chain));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = "| crate | kind | may use |\n|---|---|---|\n| `bounden-a` | pure | – |\n";

    fn workspace(dependencies: &[&str]) -> Workspace {
        Workspace::default()
            .with_file("ARCHITECTURE.md", MAP)
            .with_link("crates/a/clippy.toml", LINTS)
            .with_member("bounden-a", dependencies)
    }

    fn messages(workspace: &Workspace) -> Vec<String> {
        pure_crates_stay_pure(workspace).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn io_is_found_behind_other_crates() {
        let client = Package { links: vec!["tokio".to_owned()], ..Package::fabricated("client") };
        let workspace =
            workspace(&["client"]).with_package(client).with_package(Package::fabricated("tokio"));
        assert_eq!(
            messages(&workspace),
            ["bounden-a: a pure crate does no I/O: bounden-a → client → tokio"]
        );
    }

    #[test]
    fn entropy_is_found_where_it_is_asked_for_and_not_in_tests() {
        assert_eq!(
            messages(&workspace(&["getrandom"])),
            ["bounden-a: a pure crate takes its entropy as an argument, not `getrandom`"]
        );
        assert!(messages(&workspace(&[]).tested_with("bounden-a", &["rand"])).is_empty());
    }

    #[test]
    fn lints_that_are_missing_or_copied_are_found() {
        let mut without = workspace(&[]);
        without.files.retain(|file| file.link().is_none());
        let expected = [
            "crates/a/clippy.toml: a pure crate has a symbolic link to ../../pure-clippy.toml here",
        ];
        assert_eq!(messages(&without), expected);
        assert_eq!(messages(&without.with_file("crates/a/clippy.toml", "")), expected);
    }
}
