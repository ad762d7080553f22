//! What tests share: where recorded runs and standard vectors lie, and how a
//! test says that it cannot run without them. Never published.

pub mod conformance;

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

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

/// A Python that can `import mcp`, the official client of the protocol; see [`python_with`].
#[must_use]
pub fn python_with_mcp() -> Option<PathBuf> {
    python_with("mcp")
}

/// A Python that can import a package of PyPI, or `None` after a visible line:
/// `BOUNDEN_PYTHON`, else the virtual environment `target/oracle-venv`
/// (`python3 -m venv` and `pip install -r testkit/oracles.txt`).
///
/// # Panics
/// Where there is none and `CI` is set: there, the oracle has to run.
#[must_use]
pub fn python_with(package: &str) -> Option<PathBuf> {
    let own = || repository().join("target/oracle-venv/bin/python");
    let python = std::env::var_os("BOUNDEN_PYTHON").map_or_else(own, PathBuf::from);
    let imports = Command::new(&python).args(["-c", &format!("import {package}")]).output();
    if imports.is_ok_and(|run| run.status.success()) {
        return Some(python);
    }
    assert!(std::env::var_os("CI").is_none(), "PyPI {package} not present: {}", python.display());
    eprintln!("skipped: PyPI {package} not present");
    None
}

/// A Python with its standard library, or `None` after a visible line:
/// `BOUNDEN_PYTHON`, else the `python3` of the machine.
///
/// # Panics
/// Where there is none and `CI` is set: there, what is written in Python has to run.
#[must_use]
pub fn python() -> Option<PathBuf> {
    let python = std::env::var_os("BOUNDEN_PYTHON").unwrap_or_else(|| "python3".into());
    let runs = Command::new(&python).args(["-c", ""]).output();
    if runs.is_ok_and(|run| run.status.success()) {
        return Some(PathBuf::from(python));
    }
    assert!(std::env::var_os("CI").is_none(), "python3 not present");
    eprintln!("skipped: python3 not present");
    None
}

/// What a script answers to these lines, in a Python that can import `package`;
/// `None` after a visible line, as [`python_with`].
///
/// # Panics
/// Where the script fails.
#[must_use]
pub fn ask_python(package: &str, script: &Path, lines: String) -> Option<String> {
    let python = python_with(package)?;
    let asked = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .and_then(|mut child| {
            let input = child.stdin.take();
            // Written beside the reading: both pipes are short.
            let writing = thread::spawn(move || {
                input.map_or(Ok(()), |mut input| input.write_all(lines.as_bytes()))
            });
            let output = child.wait_with_output()?;
            assert!(output.status.success(), "{} failed", script.display());
            assert!(writing.join().is_ok_and(|written| written.is_ok()), "not all was read");
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        });
    #[expect(clippy::panic, reason = "a test without its oracle has failed")]
    Some(asked.unwrap_or_else(|error| panic!("{}: {error}", script.display())))
}

/// The seed of a random test, printed: `BOUNDEN_SEED`, or the fixed one.
#[must_use]
pub fn seed(fixed: u64) -> u64 {
    let named = std::env::var("BOUNDEN_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = named.unwrap_or(fixed);
    println!("BOUNDEN_SEED={seed}");
    seed
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
