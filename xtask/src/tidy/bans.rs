//! Nothing is linked that `deny.toml` bans, and nothing comes from a source of its own.

use super::deny_list;
use super::violation::Found;
use super::workspace::Workspace;

/// No package bears a banned name or comes from elsewhere than crates.io.
pub(super) fn nothing_banned_is_linked(workspace: &Workspace) -> Vec<Found> {
    let banned = match deny_list::read(workspace) {
        Ok(list) => list.bans.deny,
        Err(found) => return vec![found],
    };
    let mut found = Vec::new();
    for package in workspace.packages.values() {
        if let Some(ban) = banned.iter().find(|ban| ban.name == package.name) {
            found.push(Found::at(&package.name, format!("banned: {}", ban.reason)));
        }
        if !package.from_known_source {
            found.push(Found::at(&package.name, "comes from neither crates.io nor this workspace"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::workspace::Package;
    use super::*;

    const LIST: &str = "
[licenses]
allow = []
[bans]
deny = [{ crate = \"openssl\", reason = \"rustls is pure Rust\" }]
";

    fn messages(package: Package) -> Vec<String> {
        let workspace = Workspace::default().with_file("deny.toml", LIST).with_package(package);
        nothing_banned_is_linked(&workspace).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_banned_package_is_found() {
        assert_eq!(
            messages(Package::fabricated("openssl")),
            ["openssl: banned: rustls is pure Rust"]
        );
        assert_eq!(messages(Package::fabricated("rustls")), [""; 0]);
    }

    #[test]
    fn a_package_from_elsewhere_is_found() {
        let stranger = Package { from_known_source: false, ..Package::fabricated("fork") };
        assert_eq!(messages(stranger), ["fork: comes from neither crates.io nor this workspace"]);
    }
}
