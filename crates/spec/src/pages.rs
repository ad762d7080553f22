//! The page of each code: what it means, why, and what to write instead.

use crate::lint;

/// A page, as it stands at the head of the file that finds the thing.
pub(crate) struct Page {
    pub(crate) code: &'static str,
    pub(crate) text: &'static str,
}

/// What every part of the program says of codes that are no lints.
const CODES: &str = include_str!("pages.md");

/// The page of `code` in Markdown, if there is such a code.
#[must_use]
pub fn explain(code: &str) -> Option<String> {
    let code = code.trim().to_ascii_uppercase();
    let found = lint::pages().find(|page| page.code == code);
    found.map(Page::markdown).or_else(|| section(&code))
}

/// All codes that have a page, in order.
#[must_use]
pub fn codes() -> Vec<String> {
    let lints = lint::pages().map(|page| page.code.to_owned());
    let others =
        CODES.lines().filter_map(|line| Some(line.strip_prefix("## ")?.split_once(' ')?.0));
    let mut codes: Vec<_> = lints.chain(others.map(str::to_owned)).collect();
    codes.sort();
    codes
}

impl Page {
    fn markdown(&self) -> String {
        let lines: Vec<_> = self.lines().collect();
        let title = lines.first().map_or("", |title| title.trim_end_matches('.'));
        let rest = lines.get(1..).unwrap_or_default().join("\n");
        format!("# {} · {title}\n\n{}\n", self.code, rest.trim())
    }

    /// The opening comment, line by line.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &'static str> {
        self.text.lines().map_while(|line| {
            let line = line.strip_prefix("//!")?;
            Some(line.strip_prefix(' ').unwrap_or(line))
        })
    }
}

/// The section `## CODE · …` of the common page.
fn section(code: &str) -> Option<String> {
    let sections = CODES.split("\n## ").skip(1);
    let mut named =
        sections.filter(|section| section.split_once(' ').is_some_and(|(name, _)| name == code));
    named.next().map(|section| format!("# {}\n", section.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_title_and_says_what_to_write() {
        let page = explain("b201").unwrap();
        assert!(page.starts_with("# B201 · An exclusion without an escalation path\n"), "{page}");
        assert!(page.contains("## Instead"), "{page}");
        assert!(explain("B010").unwrap().starts_with("# B010 · "));
        assert_eq!(explain("B999"), None);
    }

    /// The text of every source file in a folder.
    fn sources(folder: &std::path::Path) -> String {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let texts = entries.map(|path| match path.extension() {
            _ if path.is_dir() => sources(&path),
            Some(extension) if extension == "rs" => bounden_testkit::read_text(&path),
            _ => String::new(),
        });
        texts.collect()
    }

    #[test]
    fn every_code_that_is_given_has_a_page() {
        let crates = bounden_testkit::repository().join("crates");
        let given = regex::Regex::new("\"(B[0-9]{3})\"").unwrap();
        for name in ["spec", "policy", "bounden"] {
            let text = sources(&crates.join(name).join("src"));
            let codes = given.captures_iter(&text).map(|found| found[1].to_owned());
            for code in codes.filter(|code| code != "B999") {
                assert!(explain(&code).is_some(), "{code} of {name}");
            }
        }
    }

    #[test]
    fn codes_are_given_once() {
        let codes = codes();
        let mut unique = codes.clone();
        unique.dedup();
        assert_eq!(codes, unique);
    }
}
