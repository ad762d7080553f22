//! Everything that is linked may be used under a licence that `deny.toml` allows.

use spdx::{Expression, ParseMode};

use super::deny_list;
use super::violation::Found;
use super::workspace::Workspace;

/// The SPDX expression of every package is satisfied by the allowed licences.
pub(super) fn every_licence_is_allowed(workspace: &Workspace) -> Vec<Found> {
    let allowed = match deny_list::read(workspace) {
        Ok(list) => list.licenses.allow,
        Err(found) => return vec![found],
    };
    let mut found = Vec::new();
    for package in workspace.packages.values() {
        let licence = package.licence.as_deref().unwrap_or("none");
        if !satisfied(licence, &allowed) {
            let message = format!("its licence is `{licence}`, which deny.toml does not allow");
            found.push(Found::at(&package.name, message));
        }
    }
    found
}

fn satisfied(licence: &str, allowed: &[String]) -> bool {
    Expression::parse_mode(licence, ParseMode::LAX).is_ok_and(|expression| {
        expression.evaluate(|asked| allowed.iter().any(|allowed| *allowed == asked.to_string()))
    })
}

#[cfg(test)]
mod tests {
    use super::super::workspace::Package;
    use super::*;

    fn found(licence: Option<&str>) -> usize {
        let list = "[licenses]\nallow = [\"MIT\", \"ISC\"]\n[bans]\ndeny = []\n";
        let package =
            Package { licence: licence.map(str::to_owned), ..Package::fabricated("stranger") };
        let workspace = Workspace::default().with_file("deny.toml", list).with_package(package);
        every_licence_is_allowed(&workspace).len()
    }

    #[test]
    fn a_licence_that_is_not_allowed_is_found() {
        let refused = ["GPL-3.0-only", "MIT AND GPL-3.0-only", "Apache-2.0", "all mine"];
        for licence in refused.map(Some).into_iter().chain([None]) {
            assert_eq!(found(licence), 1, "{licence:?}");
        }
        for licence in ["MIT", "MIT OR Apache-2.0", "MIT/Apache-2.0", "ISC AND MIT"] {
            assert_eq!(found(Some(licence)), 0, "{licence}");
        }
    }

    #[test]
    fn a_missing_list_is_found() {
        assert_eq!(every_licence_is_allowed(&Workspace::default()).len(), 1);
    }
}
