//! What tests share: where recorded runs and standard vectors lie, and how a
//! test says that it cannot run without them. Never published.

pub mod conformance;

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The folder of recorded runs, or `None` after a visible line.
#[must_use]
pub fn corpus() -> Option<PathBuf> {
    shared("BOUNDEN_CORPUS", "corpus")
}

/// The folder of standard test vectors, or `None` after a visible line.
#[must_use]
pub fn vectors() -> Option<PathBuf> {
    shared("BOUNDEN_VECTORS", "vectors")
}

/// The bytes of a file that a test needs.
///
/// # Panics
/// Where the file cannot be read, naming it.
#[must_use]
pub fn read(path: impl AsRef<Path>) -> Vec<u8> {
    let path = path.as_ref();
    #[expect(clippy::panic, reason = "a test without its input has failed")]
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The decompressed bytes of a `.gz` file that a test needs.
///
/// # Panics
/// As [`read`], and where the file is not gzip.
#[must_use]
pub fn read_gz(path: impl AsRef<Path>) -> Vec<u8> {
    let path = path.as_ref();
    let mut bytes = Vec::new();
    let result = flate2::read::MultiGzDecoder::new(read(path).as_slice()).read_to_end(&mut bytes);
    #[expect(clippy::panic, reason = "a test without its input has failed")]
    if let Err(error) = result {
        panic!("{}: {error}", path.display());
    }
    bytes
}

/// The text of a file that a test needs.
///
/// # Panics
/// As [`read`], and where the file is not UTF-8.
#[must_use]
pub fn read_text(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    #[expect(clippy::panic, reason = "a test without its input has failed")]
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The root of the checkout.
#[must_use]
pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A Python that can `import mcp`, the official client of the protocol, or
/// `None` after a visible line; see [`python_with`].
///
/// # Panics
/// As [`python_with`].
#[must_use]
pub fn python_with_mcp() -> Option<PathBuf> {
    python_with("mcp")
}

/// A Python that can import this module of PyPI, or `None` after a visible
/// line: `BOUNDEN_PYTHON`, else the virtual environment `target/oracle-venv`
/// (`python3 -m venv` and `pip install -r testkit/oracles.txt`).
///
/// # Panics
/// Where there is none and `CI` is set: there, the oracle has to run.
#[must_use]
pub fn python_with(module: &str) -> Option<PathBuf> {
    let own = || repository().join("target/oracle-venv/bin/python");
    let python = std::env::var_os("BOUNDEN_PYTHON").map_or_else(own, PathBuf::from);
    let imports = Command::new(&python).args(["-c", &format!("import {module}")]).output();
    if imports.is_ok_and(|run| run.status.success()) {
        return Some(python);
    }
    assert!(std::env::var_os("CI").is_none(), "PyPI {module} not present: {}", python.display());
    eprintln!("skipped: PyPI {module} not present");
    None
}

/// What a Python script of the repository answers to `input` on its standard
/// input, or `None` after a visible line where it cannot import `module`.
///
/// # Panics
/// Where the script fails, with what it said.
#[must_use]
pub fn ask_python(module: &str, script: &str, input: &str) -> Option<String> {
    let python = python_with(module)?;
    let run = || -> std::io::Result<Output> {
        let mut child = Command::new(python)
            .arg(repository().join(script))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let stdin = child.stdin.take();
        std::thread::scope(|scope| {
            // A script that fails early says so itself, and reads no further.
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input.as_bytes())));
            child.wait_with_output()
        })
    };
    #[expect(clippy::panic, reason = "a test without its oracle has failed")]
    let output = run().unwrap_or_else(|error| panic!("{script}: {error}"));
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn shared(variable: &str, name: &str) -> Option<PathBuf> {
    let beside = || repository().join("../shared").join(name);
    let folder = std::env::var_os(variable).map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {name} not present");
    None
}
