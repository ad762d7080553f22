//! The page of each code: what it means, why, and what to write instead.

use std::fmt;

use crate::lint;

/// What is to be said of one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The code, such as `B201`.
    pub code: String,
    /// The finding in a few words.
    pub title: String,
    /// What it means, why, and what to write instead, in Markdown.
    pub text: String,
}

/// A page, as it stands at the head of the file that finds the thing.
pub(crate) struct Page {
    pub(crate) code: &'static str,
    pub(crate) text: &'static str,
}

/// What every part of the program says of codes that are no lints.
const CODES: &str = include_str!("pages.md");

/// Where the pages are published.
const PUBLISHED: &str =
    concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/reference/findings/");

/// The page of `code`, if there is such a code; case does not count.
#[must_use]
pub fn explain(code: &str) -> Option<Explanation> {
    let code = code.trim().to_ascii_uppercase();
    let found = lint::pages().find(|page| page.code == code);
    found.map(Page::explanation).or_else(|| section(&code))
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

impl Explanation {
    /// The address of the published page.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{PUBLISHED}{}.md", self.code)
    }
}

impl fmt::Display for Explanation {
    /// The whole page in Markdown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# {} · {}\n\n{}", self.code, self.title, self.text)
    }
}

impl Page {
    fn explanation(&self) -> Explanation {
        let lines: Vec<_> = self.lines().collect();
        let title = lines.first().map_or("", |title| title.trim_end_matches('.'));
        let text = lines.get(1..).unwrap_or_default().join("\n");
        let (code, title) = (self.code.to_owned(), title.to_owned());
        Explanation { code, title, text: text.trim().to_owned() }
    }

    /// The opening comment, line by line.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &'static str> {
        self.text.lines().map_while(|line| {
            let line = line.strip_prefix("//!")?;
            Some(line.strip_prefix(' ').unwrap_or(line))
        })
    }
}

/// The section `## CODE · TITLE` of the common page.
fn section(code: &str) -> Option<Explanation> {
    let mut sections = CODES.split("\n## ").skip(1);
    let (title, text) = sections.find_map(|section| {
        let (heading, text) = section.split_once('\n')?;
        Some((heading.strip_prefix(code)?.strip_prefix(" · ")?, text))
    })?;
    let (code, title) = (code.to_owned(), title.to_owned());
    Some(Explanation { code, title, text: text.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_title_and_says_what_to_write() {
        let page = explain("b201").unwrap().to_string();
        assert!(page.starts_with("# B201 · An exclusion without an escalation path\n"), "{page}");
        assert!(page.contains("## Instead"), "{page}");
        assert!(explain("B010").unwrap().to_string().starts_with("# B010 · "));
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
