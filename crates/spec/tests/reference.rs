//! The pages of all findings are published as `bounden explain` prints them.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]
#![expect(clippy::disallowed_methods, reason = "a test is told by its surroundings to write")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use bounden_spec::{codes, explain};

const FOLDER: &str = "docs/reference/findings";

/// `BOUNDEN_WRITE=1 cargo test -p bounden-spec --test reference` writes the pages.
#[test]
fn every_finding_has_its_page_and_nothing_else_has() {
    let folder = bounden_testkit::repository().join(FOLDER);
    let pages = pages();
    if std::env::var_os("BOUNDEN_WRITE").is_some() {
        write(&folder, &pages);
    }
    let entries = std::fs::read_dir(&folder).unwrap();
    let names: BTreeSet<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let wanted: BTreeSet<_> = pages.iter().map(|(name, _)| name.clone()).collect();
    let advice = "set BOUNDEN_WRITE=1 and run this test again";
    assert_eq!(names, wanted, "{FOLDER} is out of date; {advice}");
    for (name, page) in pages {
        let written = bounden_testkit::read_text(folder.join(&name));
        assert_eq!(written, page, "{FOLDER}/{name} is out of date; {advice}");
    }
}

fn write(folder: &Path, pages: &[(String, String)]) {
    if folder.exists() {
        std::fs::remove_dir_all(folder).unwrap();
    }
    std::fs::create_dir_all(folder).unwrap();
    for (name, page) in pages {
        std::fs::write(folder.join(name), page).unwrap();
    }
}

/// Names and texts of all pages, the list of them among the rest.
fn pages() -> Vec<(String, String)> {
    let explanations: Vec<_> = codes().iter().map(|code| explain(code).unwrap()).collect();
    let mut list = String::from(
        "# Findings\n\nWhat `bounden check` reports, and what `bounden explain CODE` prints of it.\n\n",
    );
    for page in &explanations {
        writeln!(list, "- [{0}]({0}.md) {1}", page.code, page.title).unwrap();
    }
    let pages = explanations.iter().map(|page| (format!("{}.md", page.code), page.to_string()));
    pages.chain([("README.md".to_owned(), list)]).collect()
}
