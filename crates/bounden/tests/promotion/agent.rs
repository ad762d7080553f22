//! A copy of the shipped example in a folder of its own, and the commands that are run on it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use bounden_base::{Digest, Json};
use bounden_ledger::trust::TrustRoot;
use tempfile::TempDir;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_bounden");

pub(crate) struct Agent {
    folder: TempDir,
}

/// How a command ended; nobody may forget to look.
#[must_use]
pub(crate) struct Ended(Output);

impl Agent {
    /// The example with the people whom it needs.
    pub(crate) fn new() -> Self {
        static FRESH: OnceLock<Agent> = OnceLock::new();
        FRESH.get_or_init(Self::make).copy()
    }

    /// The example, running in staging.
    pub(crate) fn in_staging() -> Self {
        static STAGING: OnceLock<Agent> = OnceLock::new();
        let make = || {
            let agent = Self::new();
            agent.approve("staging", "ben", "environment-admin").succeeds();
            agent.promote("staging").succeeds();
            agent
        };
        STAGING.get_or_init(make).copy()
    }

    /// The example, running in staging and production.
    pub(crate) fn in_production() -> Self {
        static PRODUCTION: OnceLock<Agent> = OnceLock::new();
        let make = || {
            let agent = Self::in_staging();
            agent.approve_production();
            agent.promote("production").succeeds();
            agent
        };
        PRODUCTION.get_or_init(make).copy()
    }

    /// The example without any state.
    pub(crate) fn untouched() -> Self {
        let agent = Self { folder: tempfile::tempdir().unwrap() };
        let example = bounden_testkit::repository().join("examples/support");
        for name in ["behavior.intent", "behavior.contracts.json", "drive.jsonl"] {
            std::fs::copy(example.join(name), agent.path(name)).unwrap();
        }
        copy(&example.join("traces"), &agent.path("traces"));
        agent
    }

    fn make() -> Self {
        let agent = Self::untouched();
        for (name, role, team) in [
            ("ben", "environment-admin", "operations"),
            ("sam", "security", "risk"),
            ("kim", "security", "operations"),
            ("ana", "author", "shop-support"),
        ] {
            let words = ["key", "new", "--person", name, "--role", role, "--team", team];
            agent.run(&words).succeeds();
        }
        agent
    }

    /// The same agent in another folder: nothing in it knows where it is.
    fn copy(&self) -> Self {
        let agent = Self { folder: tempfile::tempdir().unwrap() };
        copy(self.folder.path(), agent.folder.path());
        agent
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        bounden_testkit::read(self.path(name))
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// Replaces a part of the intent.
    pub(crate) fn edit(&self, from: &str, to: &str) {
        let text = String::from_utf8(self.read("behavior.intent")).unwrap();
        assert!(text.contains(from), "{from} is not there");
        self.write("behavior.intent", text.replacen(from, to, 1));
    }

    pub(crate) fn trust(&self) -> TrustRoot {
        TrustRoot::read(&self.read(".bounden/trust.json")).unwrap()
    }

    /// A command on this agent, to be changed or run.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command.args(words);
        match words {
            ["resolve" | "up", ..] => command.arg(self.folder.path()),
            _ => command.args([Path::new("--dir"), self.folder.path()]),
        };
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Ended {
        Ended(self.command(words).output().unwrap())
    }

    pub(crate) fn approve(&self, environment: &str, person: &str, role: &str) -> Ended {
        self.run(&["approve", "--env", environment, "--person", person, "--role", role])
    }

    pub(crate) fn approve_production(&self) {
        for (person, role) in
            [("ben", "environment-admin"), ("sam", "security"), ("kim", "security")]
        {
            self.approve("production", person, role).succeeds();
        }
    }

    pub(crate) fn promote(&self, environment: &str) -> Ended {
        self.run(&["promote", "--env", environment, "--format", "json"])
    }

    pub(crate) fn verify(&self) -> Ended {
        self.run(&["verify", "--format", "json"])
    }

    /// The promotions of an environment, oldest first: action and body.
    pub(crate) fn history(&self, environment: &str) -> Vec<(String, Digest)> {
        let found = self.run(&["history", "--env", environment, "--format", "json"]).json();
        let promotions = found.get("promotions").unwrap().as_array().unwrap();
        let text = |row: &Json, member: &str| row.get(member).unwrap().as_str().unwrap().to_owned();
        let row = |row: &Json| (text(row, "action"), text(row, "lock").parse().unwrap());
        promotions.iter().map(row).collect()
    }
}

impl Ended {
    #[track_caller]
    pub(crate) fn succeeds(self) {
        self.ends_with(0);
    }

    /// The exit code is this one; gives what was said, on both streams.
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> String {
        let said = [self.0.stdout, self.0.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert_eq!(self.0.status.code(), Some(code), "{said}");
        said
    }

    /// What was said as JSON, whatever the exit code.
    #[track_caller]
    pub(crate) fn json(self) -> Json {
        Json::parse(&self.0.stdout).unwrap_or_else(|error| {
            let said = String::from_utf8_lossy(&self.0.stderr);
            panic!("{error}: {said}")
        })
    }

    /// The gate refuses, with these codes.
    #[track_caller]
    pub(crate) fn refuses(self) -> Vec<String> {
        assert_eq!(self.0.status.code(), Some(2));
        codes(&self.json(), "refusals")
    }

    /// The exit code of a verification, and the codes of what is wrong.
    #[track_caller]
    pub(crate) fn findings(self) -> (i32, Vec<String>) {
        let code = self.0.status.code().unwrap();
        (code, codes(&self.json(), "findings"))
    }
}

/// Copies what is in a folder, with the rights of each file.
fn copy(from: &Path, to: &Path) {
    if !to.exists() {
        std::fs::create_dir(to).unwrap();
        std::fs::set_permissions(to, from.metadata().unwrap().permissions()).unwrap();
    }
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, target).unwrap();
        }
    }
}

fn codes(report: &Json, member: &str) -> Vec<String> {
    let found = report.get(member).unwrap().as_array().unwrap();
    found.iter().map(|row| row.get("code").unwrap().as_str().unwrap().to_owned()).collect()
}
