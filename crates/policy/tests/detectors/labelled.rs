//! Precision and recall on text that was labelled by hand.

use std::collections::BTreeMap;
use std::ops::Range;

use bounden_policy::detect::{Kind, Kinds, find};

const TEXT: &str = include_str!("labelled.txt");

/// What there is to find in one line.
struct Line {
    text: String,
    labels: Vec<(Kind, Range<usize>)>,
}

/// How often a kind was found where it is, found where it is not, and missed.
#[derive(Clone, Copy, Default)]
struct Score {
    found: usize,
    wrong: usize,
    missed: usize,
}

/// What came of all lines.
#[derive(Default)]
pub(crate) struct Outcome {
    scores: BTreeMap<Kind, Score>,
    errors: Vec<String>,
}

impl Outcome {
    fn sum(&self, of: fn(&Score) -> usize) -> usize {
        self.scores.values().map(of).sum()
    }

    pub(crate) fn labels(&self) -> usize {
        self.sum(|score| score.found + score.missed)
    }

    /// Of what was found, how much is there.
    pub(crate) fn precision(&self) -> f64 {
        let found = self.sum(|score| score.found);
        found as f64 / (found + self.sum(|score| score.wrong)) as f64
    }

    /// Of what is there, how much was found.
    pub(crate) fn recall(&self) -> f64 {
        self.sum(|score| score.found) as f64 / self.labels() as f64
    }
}

#[test]
fn precision_and_recall_on_labelled_text() {
    let outcome = outcome();
    for (kind, score) in &outcome.scores {
        let Score { found, wrong, missed } = score;
        println!("{:<20}{found:>4} found{wrong:>4} wrong{missed:>4} missed", kind.name());
    }
    let errors = outcome.errors.join("\n");
    println!("{errors}");
    let (precision, recall) = (outcome.precision(), outcome.recall());
    println!("precision {precision:.3}, recall {recall:.3} of {} labels", outcome.labels());
    let kinds = Kinds::grouped().iter().count();
    assert!(outcome.scores.len() + 3 >= kinds, "{} of {kinds} labelled", outcome.scores.len());
    assert!(precision >= 0.97 && recall >= 0.97, "{errors}");
}

pub(crate) fn outcome() -> Outcome {
    let mut outcome = Outcome::default();
    for line in TEXT.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(read) {
        let mut open = line.labels.clone();
        for finding in find(&line.text, Kinds::grouped()) {
            let span = finding.span.start..finding.span.end;
            let label = open.iter().position(|(kind, range)| {
                *kind == finding.kind && range.start < span.end && span.start < range.end
            });
            let score = outcome.scores.entry(finding.kind).or_default();
            match label {
                Some(label) => {
                    open.remove(label);
                    score.found += 1;
                }
                None => {
                    score.wrong += 1;
                    outcome.errors.push(format!("wrong  {}: {}", finding.kind, &line.text[span]));
                }
            }
        }
        for (kind, range) in open {
            outcome.scores.entry(kind).or_default().missed += 1;
            outcome.errors.push(format!("missed {kind}: {}", &line.text[range]));
        }
    }
    outcome
}

/// Takes the labels off a line.
fn read(line: &str) -> Line {
    let mut read = Line { text: String::new(), labels: Vec::new() };
    let line = line.replace("\\n", "\n");
    let mut rest = line.as_str();
    while let Some((before, after)) = rest.split_once('«') {
        let (label, after) = after.split_once('»').unwrap();
        let (name, value) = label.split_once(' ').unwrap_or((label, ""));
        let kind = Kind::named(name).unwrap_or_else(|| panic!("no kind `{name}`"));
        let value = if value.is_empty() { specimen(kind) } else { value.to_owned() };
        read.text.push_str(before);
        let start = read.text.len();
        read.text.push_str(&value);
        read.labels.push((kind, start..read.text.len()));
        rest = after;
    }
    read.text.push_str(rest);
    read
}

/// The value alone, without the words around it.
fn specimen(kind: Kind) -> String {
    let specimen = kind.specimen();
    let span = find(&specimen, kind.into()).next().unwrap().span;
    specimen[span.start..span.end].to_owned()
}
