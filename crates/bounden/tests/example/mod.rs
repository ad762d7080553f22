//! The shipped example, resolved and compiled, with a guard's state of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bounden_base::Diagnostic;
use bounden_connect::{Source, Timeouts, contracts};
use bounden_policy::{Bundle, Contracts, Policy};
use bounden_spec::{compile, intent};

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_bounden");

/// A folder with the example's policy, and the digest that it is pinned by.
pub(crate) struct Example {
    folder: tempfile::TempDir,
    digest: String,
}

impl Example {
    /// The example as it ships.
    pub(crate) fn new() -> Self {
        Self::changed(|_| ())
    }

    /// The example with a change to its policy.
    pub(crate) fn changed(change: impl FnOnce(&mut Bundle)) -> Self {
        let mut bundle = bundle();
        // They judge whole conversations, which a proxy never sees.
        bundle.criteria.clear();
        change(&mut bundle);
        let policy = Policy::compile(bundle).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("policy.json"), policy.canonical()).unwrap();
        Self { folder, digest: policy.digest().to_string() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The arguments that say which policy is enforced, and where its state is.
    pub(crate) fn policy(&self) -> Vec<String> {
        let text = |path: PathBuf| path.to_str().unwrap().to_owned();
        vec![
            "--state".to_owned(),
            text(self.path("state")),
            "--bundle".to_owned(),
            text(self.path("policy.json")),
            "--digest".to_owned(),
            self.digest.clone(),
            "--owner-idle".to_owned(),
            "1".to_owned(),
        ]
    }

    /// Runs a script with the official client; its arguments are a JSON text
    /// with everything that it needs, and the name of its scenario.
    pub(crate) fn drive(&self, python: &Path, script: &str, scenario: &str) {
        let output = Command::new(python)
            .arg(bounden_testkit::repository().join("crates/bounden/tests").join(script))
            .arg(scenario)
            .arg(BINARY)
            .arg(self.folder.path())
            .args(self.policy())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{scenario}\n{said}");
    }
}

/// Runs `bounden` with these arguments.
pub(crate) fn bounden<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Output {
    Command::new(BINARY).args(arguments).output().unwrap()
}

fn bundle() -> Bundle {
    let path = bounden_testkit::repository().join("examples/support/behavior.intent");
    let (intent, problems) = intent::parse(&bounden_testkit::read(path));
    assert!(!problems.iter().any(Diagnostic::is_error), "{problems:?}");
    let (policy, problems) = compile(&intent.unwrap(), Some(&resolved()));
    policy.unwrap_or_else(|| panic!("{problems:?}")).bundle().clone()
}

/// What the example's servers offer at this moment.
fn resolved() -> Contracts {
    let desk = |part: &str| {
        let command = [BINARY, "example-desk", "--part", part].map(str::to_owned).to_vec();
        (part.to_owned(), Source::Command { command, directory: None })
    };
    let servers = BTreeMap::from([desk("billing"), desk("desk")]);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(contracts(&servers, Timeouts::default())).unwrap()
}
