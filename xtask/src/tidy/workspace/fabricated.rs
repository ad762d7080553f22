//! Workspaces that break one rule on purpose, for the tests of the rules.

use super::{Content, Dependency, File, Kind, Package, Workspace};

impl Workspace {
    pub(in crate::tidy) fn with_file(mut self, path: &str, text: &str) -> Self {
        let content = Content::Text(text.to_owned());
        self.files.push(File { path: path.to_owned(), content });
        self
    }

    pub(in crate::tidy) fn with_link(mut self, path: &str, target: &str) -> Self {
        let content = Content::Link(target.to_owned());
        self.files.push(File { path: path.to_owned(), content });
        self
    }

    /// Adds a member under `crates/` that declares and links `dependencies`.
    pub(in crate::tidy) fn with_member(self, name: &str, dependencies: &[&str]) -> Self {
        let folder = format!("crates/{}", name.trim_start_matches("bounden-"));
        let package = Package { folder: Some(folder), ..Package::fabricated(name) };
        self.with_package(Package {
            dependencies: depends_on(dependencies, Kind::Normal),
            links: dependencies.iter().map(|name| (*name).to_owned()).collect(),
            ..package
        })
    }

    /// Lets the tests of the member `name` depend on `dependencies`.
    pub(in crate::tidy) fn tested_with(mut self, name: &str, dependencies: &[&str]) -> Self {
        let member = self.packages.get_mut(name).unwrap();
        member.dependencies.extend(depends_on(dependencies, Kind::Dev));
        self
    }

    /// Adds a package under its name as id.
    pub(in crate::tidy) fn with_package(mut self, package: Package) -> Self {
        self.packages.insert(package.name.clone(), package);
        self
    }
}

impl Package {
    /// A package from crates.io that breaks no rule.
    pub(in crate::tidy) fn fabricated(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            folder: None,
            licence: Some("MIT OR Apache-2.0".to_owned()),
            from_known_source: true,
            dependencies: Vec::new(),
            links: Vec::new(),
        }
    }
}

fn depends_on(names: &[&str], kind: Kind) -> Vec<Dependency> {
    names.iter().map(|name| Dependency { name: (*name).to_owned(), kind }).collect()
}
