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

#[test]
fn precision_and_recall_on_labelled_text() {
    let mut scores: BTreeMap<Kind, Score> = BTreeMap::new();
    let mut total = Score::default();
    let mut errors = Vec::new();
    for line in TEXT.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(read) {
        let mut open = line.labels.clone();
        for finding in find(&line.text, Kinds::grouped()) {
            let span = finding.span.start..finding.span.end;
            let label = open.iter().position(|(kind, range)| {
                *kind == finding.kind && range.start < span.end && span.start < range.end
            });
            let score = scores.entry(finding.kind).or_default();
            match label {
                Some(label) => {
                    open.remove(label);
                    score.found += 1;
                    total.found += 1;
                }
                None => {
                    score.wrong += 1;
                    total.wrong += 1;
                    errors.push(format!("wrong  {}: {}", finding.kind, &line.text[span]));
                }
            }
        }
        for (kind, range) in open {
            scores.entry(kind).or_default().missed += 1;
            total.missed += 1;
            errors.push(format!("missed {kind}: {}", &line.text[range]));
        }
    }
    for (kind, score) in &scores {
        println!(
            "{:<20}{:>4} found{:>4} wrong{:>4} missed",
            kind.name(),
            score.found,
            score.wrong,
            score.missed
        );
    }
    println!("{}", errors.join("\n"));
    let share = |part: usize, other: usize| part as f64 / (part + other) as f64;
    let (precision, recall) = (share(total.found, total.wrong), share(total.found, total.missed));
    println!(
        "precision {precision:.3}, recall {recall:.3} of {} labels",
        total.found + total.missed
    );
    assert!(scores.len() >= 60, "every kind is labelled: {}", scores.len());
    assert!(precision >= 0.97 && recall >= 0.96, "{}", errors.join("\n"));
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
