//! Words on a terminal: a few colours, aligned columns, and nothing else.
//!
//! Colours are dropped by `anstream` where nobody sees them.

use std::fmt::{self, Display};

use bounden_ledger::statement::DiffClass;

/// A text in one colour.
pub(crate) struct Painted<T> {
    colour: &'static str,
    text: T,
}

pub(crate) fn bold<T: Display>(text: T) -> Painted<T> {
    Painted { colour: "\x1b[1m", text }
}

pub(crate) fn dim<T: Display>(text: T) -> Painted<T> {
    Painted { colour: "\x1b[2m", text }
}

pub(crate) fn green<T: Display>(text: T) -> Painted<T> {
    Painted { colour: "\x1b[32m", text }
}

pub(crate) fn yellow<T: Display>(text: T) -> Painted<T> {
    Painted { colour: "\x1b[33m", text }
}

pub(crate) fn red<T: Display>(text: T) -> Painted<T> {
    Painted { colour: "\x1b[31m", text }
}

impl Painted<&'static str> {
    /// The text without its colour.
    pub(crate) fn plain(&self) -> &'static str {
        self.text
    }
}

impl<T: Display> Display for Painted<T> {
    /// Padding counts what people see.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text.to_string();
        let width = f.width().unwrap_or(0).saturating_sub(text.chars().count());
        write!(f, "{}{text}\x1b[0m{:width$}", self.colour, "")
    }
}

/// The name of a class, in the colour of its weight.
pub(crate) fn class(class: DiffClass) -> Painted<&'static str> {
    match class {
        DiffClass::Equal => dim("EQUAL"),
        DiffClass::Reduction => green("REDUCTION"),
        DiffClass::Expansion => yellow("EXPANSION"),
        DiffClass::Opaque => red("OPAQUE"),
    }
}

/// Lines of columns, each as wide as its widest cell; the last one runs free.
pub(crate) fn table<const N: usize>(rows: &[[String; N]]) -> Vec<String> {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
