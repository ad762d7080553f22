//! Asks `cargo metadata` for the members and for all that they link.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Node};

use super::{Dependency, Kind, Package};

pub(super) fn load(root: &Path) -> Result<BTreeMap<String, Package>> {
    // Only what this platform links: a crate for another one may not be on the
    // disk, and a test must not need the network. deny.toml covers the rest.
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .other_options(["--filter-platform".to_owned(), host()?])
        .exec()?;
    let nodes = &metadata.resolve.as_ref().context("cargo resolved nothing")?.nodes;
    nodes.iter().map(|node| Ok((node.id.repr.clone(), package(&metadata, node)?))).collect()
}

fn package(metadata: &Metadata, node: &Node) -> Result<Package> {
    let described = metadata.packages.iter().find(|package| package.id == node.id);
    let described = described.with_context(|| format!("{} is not described", node.id))?;
    let folder = if metadata.workspace_members.contains(&node.id) {
        let folder = described.manifest_path.parent().context("a manifest lies in a folder")?;
        Some(folder.strip_prefix(&metadata.workspace_root)?.to_string())
    } else {
        None
    };
    let declared = described.dependencies.iter().map(|dependency| Dependency {
        name: dependency.name.clone(),
        kind: kind(dependency.kind),
    });
    let linked = node.deps.iter().filter(|dependency| {
        dependency.dep_kinds.iter().any(|linked| kind(linked.kind) == Kind::Normal)
    });
    Ok(Package {
        name: described.name.to_string(),
        folder,
        licence: described.license.clone(),
        from_known_source: described.source.as_ref().is_none_or(|source| source.is_crates_io()),
        dependencies: declared.collect(),
        links: linked.map(|dependency| dependency.pkg.repr.clone()).collect(),
    })
}

fn kind(kind: DependencyKind) -> Kind {
    if kind == DependencyKind::Development { Kind::Dev } else { Kind::Normal }
}

/// The platform that cargo builds for by itself, such as `x86_64-unknown-linux-gnu`.
fn host() -> Result<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo).arg("-vV").output().context("cargo does not start")?;
    ensure!(output.status.success(), "`cargo -vV` failed");
    let text = String::from_utf8(output.stdout)?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("`cargo -vV` names no host")?.to_owned())
}
