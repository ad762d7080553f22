//! Defects that are seeded into the shipped intents are found, each by the finding meant for it.
//!
//! `testkit/defects` makes them; which finding answers which operator stands in its `findings.txt`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails where it stands"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::Command;

use bounden_testkit::{python, read, read_text, repository};
use serde::Deserialize;

/// How many are drawn, if nobody asks for more: `BOUNDEN_DEFECTS`.
const DRAWN: usize = 200;
/// The share that has to be caught, in per cent.
const CAUGHT: f64 = 95.0;
/// Models retire and reviews fall due; the defects are looked at on one day.
const NOW: &str = "2026-11-20T00:00:00Z";

/// One mutated intent.
#[derive(Deserialize)]
struct Defect {
    /// Where it was written.
    folder: String,
    operator: String,
    /// The folder of the clean intent.
    clean: String,
    /// The lines that were touched, from 1.
    lines: Vec<usize>,
    /// What was mutated, by name.
    names: Vec<String>,
}

#[derive(Deserialize)]
struct Report {
    diagnostics: Vec<Finding>,
}

#[derive(Deserialize)]
struct Finding {
    code: String,
    severity: String,
    message: String,
    file: String,
    span: Span,
    #[serde(default)]
    related: Vec<Related>,
    help: Option<String>,
}

#[derive(Deserialize)]
struct Related {
    span: Span,
    message: String,
}

#[derive(Deserialize, Clone, Copy)]
struct Span {
    start: Place,
    end: Place,
}

#[derive(Deserialize, Clone, Copy)]
struct Place {
    line: usize,
}

/// What counts as caught, by operator, and what turned out to be no defect.
#[derive(Default)]
struct Intended {
    codes: BTreeMap<String, BTreeSet<String>>,
    /// An operator and one of the names that it mutates.
    harmless: BTreeSet<(String, String)>,
}

#[derive(Default)]
struct Score {
    made: usize,
    caught: usize,
    harmless: usize,
}

#[test]
fn seeded_defects_are_caught_by_the_finding_meant_for_them() {
    let Some(python) = python() else { return };
    let asked = std::env::var("BOUNDEN_DEFECTS").ok().and_then(|asked| asked.parse().ok());
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new(python)
        .arg(repository().join("testkit/defects"))
        .arg(folder.path())
        .args(["--count", &asked.unwrap_or(DRAWN).to_string()])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let defects: Vec<Defect> =
        serde_json::from_slice(&read(folder.path().join("defects.json"))).unwrap();
    assert!(defects.len() >= DRAWN);

    let intended = intended();
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    let mut missed = String::new();
    let clean: BTreeSet<&str> = defects.iter().map(|defect| defect.clean.as_str()).collect();
    for clean in clean {
        let of_it: Vec<_> = defects.iter().filter(|defect| defect.clean == clean).collect();
        for (defect, new) in found(folder.path(), clean, &of_it) {
            let score = scores.entry(&defect.operator).or_default();
            let codes = &intended.codes[&defect.operator];
            if intended.is_harmless(defect) {
                score.harmless += 1;
                continue;
            }
            score.made += 1;
            let text = read_text(folder.path().join(&defect.folder).join("behavior.intent"));
            let is_meant = |finding: &&Finding| codes.contains(&finding.code);
            if new.iter().filter(is_meant).any(|finding| finding.is_about(defect, &text)) {
                score.caught += 1;
            } else {
                let said: Vec<_> = new.iter().map(|finding| finding.code.as_str()).collect();
                writeln!(missed, "missed: {} of {clean}, new are {said:?}", defect.folder).unwrap();
            }
        }
    }
    let (table, share) = table(&scores, &intended);
    println!("{table}{missed}{share:.1} % caught");
    assert!(share >= CAUGHT, "{share:.1} % caught\n{missed}");
}

/// The findings of each defect that its clean intent does not have. No clean intent has an error.
fn found<'d>(out: &Path, clean: &str, defects: &[&'d Defect]) -> Vec<(&'d Defect, Vec<Finding>)> {
    let beside = repository().join(clean);
    let before = checked(&beside, std::slice::from_ref(&beside));
    let errors: Vec<_> = before.iter().filter(|finding| finding.severity == "error").collect();
    assert!(errors.is_empty(), "{clean}: {}", errors[0].message);
    let folders: Vec<_> = defects.iter().map(|defect| out.join(&defect.folder)).collect();
    let mut by_folder: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
    for finding in checked(&beside, &folders) {
        let folder = Path::new(&finding.file).parent().unwrap().file_name().unwrap();
        by_folder.entry(folder.to_str().unwrap().to_owned()).or_default().push(finding);
    }
    let new = |defect: &Defect| {
        let mut known: Vec<_> = before.iter().map(Finding::identity).collect();
        let all = by_folder.remove(&defect.folder).unwrap_or_default();
        let is_new = |finding: &Finding| {
            let same = known.iter().position(|known| *known == finding.identity());
            same.map(|at| known.swap_remove(at)).is_none()
        };
        all.into_iter().filter(is_new).collect()
    };
    defects.iter().copied().zip(defects.iter().copied().map(new)).collect()
}

/// What `bounden check` says of the intents in these folders.
fn checked(clean: &Path, folders: &[std::path::PathBuf]) -> Vec<Finding> {
    let output = Command::new(env!("CARGO_BIN_EXE_bounden"))
        .args(["check", "--format", "json", "--now", NOW, "--traces"])
        .arg(clean.join("traces"))
        .arg("--")
        .args(folders)
        .output()
        .unwrap();
    let report = serde_json::from_slice::<Report>(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    report.unwrap_or_else(|error| panic!("{error}: {said}")).diagnostics
}

impl Finding {
    fn identity(&self) -> (&str, &str) {
        (&self.code, &self.message)
    }

    /// Whether it points at a line that was touched, at the key that it stands under or into what was
    /// mutated, or names that.
    fn is_about(&self, defect: &Defect, text: &str) -> bool {
        let spans = || self.related.iter().map(|related| related.span).chain([self.span]);
        let above = defect.lines.iter().filter_map(|line| above(text, *line));
        let touched = defect
            .lines
            .iter()
            .copied()
            .chain(above)
            .any(|line| spans().any(|span| (span.start.line..=span.end.line).contains(&line)));
        let related = self.related.iter().map(|related| related.message.as_str());
        let said = || related.clone().chain([self.message.as_str()]).chain(self.help.as_deref());
        touched
            || defect.names.iter().any(|name| {
                said().any(|words| names(words, name))
                    || spans().any(|span| {
                        entries(text, name).any(|entry| entry.contains(&span.start.line))
                    })
            })
    }
}

/// The line of the key that a line stands under, from 1: what is missing is said there.
fn above(text: &str, line: usize) -> Option<usize> {
    let lines: Vec<_> = text.lines().collect();
    let own = depth(lines.get(line - 1)?);
    let is_above =
        |(_, earlier): &(usize, &&str)| !earlier.trim().is_empty() && depth(earlier) < own;
    lines[..line - 1].iter().enumerate().rev().find(is_above).map(|(at, _)| at + 1)
}

fn depth(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Whether the words hold a name that is not part of a longer one; it may be the last key of a path.
fn names(words: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    words.match_indices(name).any(|(at, _)| {
        let after = words[at + name.len()..].trim_start_matches('.');
        !words[..at].ends_with(is_part) && !after.starts_with(is_part)
    })
}

/// The lines of each block entry with this key, from 1: the key and all that is indented below it.
fn entries<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = RangeInclusive<usize>> + 't {
    let is_key = move |line: &str| {
        let key = line.trim_start().strip_prefix(name);
        key.is_some_and(|rest| rest.starts_with(':'))
    };
    text.lines().enumerate().filter(move |(_, line)| is_key(line)).map(move |(at, line)| {
        let below = text.lines().skip(at + 1);
        let inside = |next: &&str| next.trim().is_empty() || depth(next) > depth(line);
        at + 1..=at + 1 + below.take_while(inside).count()
    })
}

impl Intended {
    fn is_harmless(&self, defect: &Defect) -> bool {
        let names = &mut defect.names.iter();
        names.any(|name| self.harmless.contains(&(defect.operator.clone(), name.clone())))
    }
}

/// The table of `findings.txt`: `OPERATOR CODE…`, or `- OPERATOR NAME: why this is no defect`.
fn intended() -> Intended {
    let mut intended = Intended::default();
    let text = fs::read_to_string(repository().join("testkit/defects/findings.txt")).unwrap();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let operator = words.next().unwrap();
        if operator == "-" {
            let (operator, name) = (words.next().unwrap(), words.next().unwrap());
            let name = name.strip_suffix(':').unwrap_or_else(|| panic!("no reason: {line}"));
            intended.harmless.insert((operator.to_owned(), name.to_owned()));
            continue;
        }
        let codes: BTreeSet<_> = words.map(str::to_owned).collect();
        assert!(!codes.is_empty(), "{line}");
        assert!(intended.codes.insert(operator.to_owned(), codes).is_none(), "{line}");
    }
    intended
}

/// The table of operators, and the share that was caught in per cent.
fn table(scores: &BTreeMap<&str, Score>, intended: &Intended) -> (String, f64) {
    let mut table =
        String::from("| operator | finding | made | caught | no defect |\n|---|---|--:|--:|--:|\n");
    let (mut made, mut caught) = (0, 0);
    for (operator, score) in scores {
        let codes: Vec<_> = intended.codes[*operator].iter().map(String::as_str).collect();
        let Score { made, caught, harmless } = score;
        writeln!(table, "| {operator} | {} | {made} | {caught} | {harmless} |", codes.join(" "))
            .unwrap();
    }
    for score in scores.values() {
        made += score.made;
        caught += score.caught;
    }
    writeln!(table, "| all | | {made} | {caught} | |").unwrap();
    let share = |part: usize| f64::from(u32::try_from(part).unwrap());
    (table, 100.0 * share(caught) / share(made))
}
