//! Compares what came of a case with what it expects.

use std::fmt;

use bounden_base::{Diagnostic, Json, LineIndex, Position};

use super::{Case, ExpectedDiagnostic, Place, Step};

/// Something came out otherwise than expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The expectation.
    pub place: Place,
    /// What was expected and what came.
    pub message: String,
}

impl Step {
    /// Whether `actual`, a decision as one line of JSON, holds what is expected.
    ///
    /// Every member that is written has to be there with its value, down into
    /// objects and element by element in lists of the same length; further
    /// members are free. `null` also stands for a member that is absent.
    /// Numbers are compared exactly.
    ///
    /// # Errors
    /// The first difference.
    pub fn check(&self, actual: &str) -> Result<(), Mismatch> {
        let found = match Json::parse(actual.as_bytes()) {
            Ok(actual) => difference("the decision", &self.decision, Some(&actual)),
            Err(error) => Some(format!("the decision is not JSON: {error}")),
        };
        found.map_or(Ok(()), |message| Err(Mismatch { place: self.place.clone(), message }))
    }
}

impl Case {
    /// Whether `reported`, what was found about the intent, is what is expected.
    ///
    /// Every expected diagnostic has to be reported, and every error that is
    /// reported has to be expected; further warnings and notes are free.
    ///
    /// # Errors
    /// Every difference, those of the expectations first.
    pub fn check_diagnostics(&self, reported: &[Diagnostic]) -> Result<(), Vec<Mismatch>> {
        let index = LineIndex::new(&self.intent.text);
        let start = |diagnostic: &Diagnostic| index.position(diagnostic.span.start);
        let mut left: Vec<&Diagnostic> = reported.iter().collect();
        let mut mismatches = Vec::new();
        for expected in &self.diagnostics {
            match left.iter().position(|found| expected.is_met_by(found, start(found))) {
                Some(at) => drop(left.remove(at)),
                None => mismatches.push(expected.missing()),
            }
        }
        for error in left.into_iter().filter(|diagnostic| diagnostic.is_error()) {
            let Position { line, column, .. } = start(error);
            let message = format!("unexpected: {} {line}:{column} {}", error.code, error.message);
            mismatches.push(Mismatch { place: self.place.clone(), message });
        }
        if mismatches.is_empty() { Ok(()) } else { Err(mismatches) }
    }
}

impl ExpectedDiagnostic {
    fn is_met_by(&self, found: &Diagnostic, start: Position) -> bool {
        self.code == found.code
            && (self.line, self.column) == (start.line, start.column)
            && found.message.contains(&self.words)
    }

    fn missing(&self) -> Mismatch {
        let Self { code, line, column, words, .. } = self;
        let message = format!("not reported: {code} {line}:{column} {words}");
        Mismatch { place: self.place.clone(), message: message.trim_end().to_owned() }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// The first place at which `actual` lacks something of `expected`; `path` names the value.
fn difference(path: &str, expected: &Json, actual: Option<&Json>) -> Option<String> {
    match (expected, actual) {
        (Json::Null, None) => None,
        (Json::Object(expected), Some(Json::Object(actual))) => {
            expected.iter().find_map(|(key, expected)| {
                difference(&format!("{path}, `{key}`"), expected, actual.get(key))
            })
        }
        (Json::Array(expected), Some(Json::Array(actual))) if expected.len() == actual.len() => {
            let mut pairs = expected.iter().zip(actual).enumerate();
            pairs.find_map(|(index, (expected, actual))| {
                difference(&format!("{path}, [{index}]"), expected, Some(actual))
            })
        }
        (expected, Some(actual)) if expected == actual => None,
        (expected, actual) => {
            let actual = actual.map_or_else(|| "absent".to_owned(), Json::canonical);
            Some(format!("{path} is {actual}; expected {}", expected.canonical()))
        }
    }
}
