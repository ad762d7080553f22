//! What was released still loads, and still means what it meant.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]
#![expect(clippy::disallowed_methods, reason = "a test is told by its surroundings to write")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bounden_base::{Diagnostic, Digest, Json};
use bounden_policy::Contracts;
use bounden_spec::{FORMATS, check, migrate, yaml};
use bounden_testkit::{read, repository};

const FOLDER: &str = "schema/released";

/// `BOUNDEN_WRITE=1 cargo test -p bounden-spec --test released` adds digests of
/// examples and alters none; the digests of schemas, which may grow, are written anew.
#[test]
fn every_released_document_means_what_it_meant() {
    let pins = repository().join(FOLDER).join("digests.json");
    let mut pinned = pinned(&pins);
    let found = found();
    if std::env::var_os("BOUNDEN_WRITE").is_some() {
        for (name, digest) in &found {
            if name.ends_with(" schema") || !pinned.contains_key(name) {
                pinned.insert(name.clone(), digest.clone());
            }
        }
        let lines: Vec<_> =
            pinned.iter().map(|(name, digest)| format!("  \"{name}\": \"{digest}\"")).collect();
        std::fs::write(&pins, format!("{{\n{}\n}}\n", lines.join(",\n"))).unwrap();
    }
    assert_eq!(found, pinned, "see {FOLDER}/README.md");
    assert!(found.len() >= 13, "{}", found.len());
}

fn pinned(path: &Path) -> BTreeMap<String, String> {
    let Ok(bytes) = std::fs::read(path) else { return BTreeMap::new() };
    let pins = Json::parse(&bytes).unwrap();
    let pins = pins.as_object().unwrap().iter();
    pins.map(|(name, digest)| (name.clone(), digest.as_str().unwrap().to_owned())).collect()
}

/// What the formats and the examples mean to this program.
fn found() -> BTreeMap<String, String> {
    let schemas = FORMATS.map(|format| (format!("{} schema", format.name), format.digest()));
    let folder = repository().join(FOLDER);
    let examples = folders(&folder).into_iter().flat_map(|format| folders(&format));
    let digests = examples.flat_map(|example| {
        let name = example.strip_prefix(&folder).unwrap().to_str().unwrap().replace('\\', "/");
        digests(&example).map(|(what, digest)| (format!("{name} {what}"), digest))
    });
    let all = schemas.into_iter().chain(digests);
    all.map(|(name, digest)| (name, digest.to_string())).collect()
}

/// The digests of a document and of its policy, which a migration does not alter.
fn digests(example: &Path) -> [(&'static str, Digest); 2] {
    let is_document = |path: &PathBuf| path.extension().is_none_or(|kind| kind != "json");
    let files = std::fs::read_dir(example).unwrap().map(|entry| entry.unwrap().path());
    let document = files.into_iter().find(is_document).unwrap();
    let bytes = read(&document);
    let contracts = example.join("behavior.contracts.json");
    let contracts = contracts.is_file().then(|| Contracts::parse(&read(contracts)).unwrap());
    let policy = |bytes: &[u8]| {
        let checked = check(bytes, contracts.as_ref());
        let errors: Vec<_> =
            checked.diagnostics.iter().filter(|one| one.is_error()).cloned().collect();
        assert_eq!(errors, Vec::<Diagnostic>::new(), "{}", document.display());
        checked.policy.unwrap_or_else(|| panic!("{}", document.display())).digest()
    };
    let digest = policy(&bytes);
    let migrated = migrate(&bytes).text.unwrap();
    assert_eq!(policy(migrated.as_bytes()), digest, "{}", document.display());
    [("value", yaml::read(&bytes).0.unwrap().canonical()), ("policy", digest)]
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}
