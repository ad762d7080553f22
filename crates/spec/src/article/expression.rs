//! Conditions in words: `amount exceeds 500 and currency is "USD"`.

use bounden_base::Span;
use bounden_policy::{ROOTS, Reading};

use super::Refusal;

/// Words that stand for an operator, longer ones before those that they begin with.
const OPERATORS: [(&str, &str); 33] = [
    ("is greater than or equal to", ">="),
    ("greater than or equal to", ">="),
    ("is less than or equal to", "<="),
    ("less than or equal to", "<="),
    ("is no less than", ">="),
    ("no less than", ">="),
    ("is no more than", "<="),
    ("no more than", "<="),
    ("is greater than", ">"),
    ("greater than", ">"),
    ("is more than", ">"),
    ("more than", ">"),
    ("is less than", "<"),
    ("less than", "<"),
    ("is at least", ">="),
    ("at least", ">="),
    ("is at most", "<="),
    ("at most", "<="),
    ("does not equal", "!="),
    ("is not", "!="),
    ("is above", ">"),
    ("above", ">"),
    ("is over", ">"),
    ("over", ">"),
    ("exceeds", ">"),
    ("is below", "<"),
    ("below", "<"),
    ("is under", "<"),
    ("under", "<"),
    ("equals", "=="),
    ("is", "=="),
    ("and", "&&"),
    ("or", "||"),
];

const CONDITION: &str = "compare with `>`, `>=`, `<`, `<=`, `==`, `!=` or `in`, and join with `and` or `or`, as in `amount > 500 and currency == \"USD\"`";

/// One piece of a condition.
#[derive(Clone, Copy, PartialEq)]
enum Piece {
    /// A name, which nothing binds to what stands beside it.
    Word,
    /// A name that is part of a path or calls a function.
    Bound,
    Number,
    Quoted,
    Sign,
}

/// The condition as an expression, with operators for words.
///
/// # Errors
/// Says what is no expression, and what would be.
pub(super) fn expression(text: &str) -> Result<String, Refusal> {
    let pieces = pieces(text);
    amounts(text, &pieces)?;
    let replaced = replacements(text, &pieces);
    let mut written = text.to_owned();
    for (span, operator) in replaced.iter().rev() {
        written.replace_range(span.start..span.end, operator);
    }
    if Reading::of(&written).is_none() {
        let message = format!("`{text}` is no condition");
        return Err(Refusal::new(Span::new(0, text.len()), message, CONDITION));
    }
    let pieces = self::pieces(&written);
    bare_words(&written, &pieces).map_err(|refusal| refusal.at(Span::new(0, text.len())))?;
    Ok(written)
}

/// An expression whose bare names are arguments: `amount > 500` is `args.amount > 500`.
/// Those that `facts` knows are facts.
pub(super) fn over_arguments(condition: &str, facts: impl Fn(&str) -> bool) -> String {
    let reading = Reading::of(condition).unwrap_or_default();
    let mut starts: Vec<_> = reading
        .paths
        .iter()
        .filter_map(|path| Some((path.span.start, path.names.first()?)))
        .filter(|(_, root)| !ROOTS.contains(&root.as_str()))
        .map(|(start, root)| (start, if facts(root) { "facts." } else { "args." }))
        .collect();
    starts.sort_unstable();
    let mut text = condition.to_owned();
    starts.into_iter().rev().for_each(|(start, prefix)| text.insert_str(start, prefix));
    text
}

/// Refuses `$500`, `1,000` and `50%`, which are no numbers.
fn amounts(text: &str, pieces: &[(Span, Piece)]) -> Result<(), Refusal> {
    let is_number =
        |piece: Option<&(Span, Piece)>| piece.is_some_and(|(_, piece)| *piece == Piece::Number);
    for (index, (span, _)) in pieces.iter().enumerate() {
        let sign = text.get(span.start..span.end).unwrap_or("");
        let (before, after) =
            (index.checked_sub(1).and_then(|index| pieces.get(index)), pieces.get(index + 1));
        let (message, help) = match sign {
            "$" | "€" | "£" if is_number(after) => (
                "a condition compares plain numbers",
                "write the number alone; its currency stands in `money` of the tool",
            ),
            "%" if is_number(before) => {
                ("a condition compares plain numbers", "write the share, such as 0.5")
            }
            "," if is_number(before) && is_number(after) && is_one_number(text, *span) => {
                ("a number has no separators", "write `1000` for `1,000`")
            }
            _ => continue,
        };
        return Err(Refusal::new(*span, message, help));
    }
    Ok(())
}

/// Whether the comma stands within a number, as in `1,000`.
fn is_one_number(text: &str, comma: Span) -> bool {
    let before = text.get(..comma.start).unwrap_or("");
    let after = text.get(comma.end..).unwrap_or("");
    let digits = after.chars().take_while(char::is_ascii_digit).count();
    before.ends_with(|c: char| c.is_ascii_digit()) && digits == 3 && !before.contains('[')
}

/// The operators of a condition that are words, and a single `=`.
fn replacements(text: &str, pieces: &[(Span, Piece)]) -> Vec<(Span, &'static str)> {
    let mut found = Vec::new();
    let mut index = 0;
    while let Some((span, piece)) = pieces.get(index) {
        let rest = pieces.get(index..).unwrap_or_default();
        let sign = text.get(span.start..span.end).unwrap_or("");
        let (length, operator) = match piece {
            Piece::Word => operator(text, rest).unwrap_or((1, "")),
            Piece::Sign if sign == "=" => (1, "=="),
            _ => (1, ""),
        };
        if !operator.is_empty() {
            let last = rest.get(length - 1).map_or(*span, |(last, _)| *last);
            found.push((span.to(last), operator));
        }
        index += length;
    }
    found
}

/// The operator that these words begin with, and of how many words it is.
fn operator(text: &str, pieces: &[(Span, Piece)]) -> Option<(usize, &'static str)> {
    OPERATORS.iter().find_map(|(words, operator)| {
        let words: Vec<_> = words.split(' ').collect();
        let spoken = pieces.get(..words.len())?;
        let is_said = spoken.iter().zip(&words).all(|((span, piece), word)| {
            let said = text.get(span.start..span.end).unwrap_or("");
            *piece == Piece::Word && said.eq_ignore_ascii_case(word)
        });
        is_said.then_some((words.len(), *operator))
    })
}

/// Refuses `currency == USD`: the word may be a text or an argument.
fn bare_words(text: &str, pieces: &[(Span, Piece)]) -> Result<(), Refusal> {
    let said = |span: Span| text.get(span.start..span.end).unwrap_or("");
    let mut in_list = false;
    let mut before = "";
    for (span, piece) in pieces {
        let word = said(*span);
        in_list = match word {
            "[" => before == "in",
            "]" => false,
            _ => in_list,
        };
        let compares = matches!(before, "==" | "!=") || (in_list && matches!(before, "[" | ","));
        let is_value = matches!(word, "true" | "false" | "null");
        if *piece == Piece::Word && compares && !is_value {
            let message = format!("`{word}` may be a text or an argument");
            let help =
                format!("write `\"{word}\"` for the text, or `args.{word}` for the argument");
            return Err(Refusal::new(*span, message, help));
        }
        before = word;
    }
    Ok(())
}

/// The pieces of a condition; blanks and what stands within quotes are none.
fn pieces(text: &str) -> Vec<(Span, Piece)> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut found: Vec<(Span, Piece)> = Vec::new();
    let mut start = 0;
    while let Some(first) = text.get(start..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(start..).unwrap_or("");
        let (length, piece) = if first.is_whitespace() {
            start += first.len_utf8();
            continue;
        } else if first == '"' || first == '\'' {
            let closed = rest.get(1..).and_then(|rest| rest.find(first));
            (closed.map_or(rest.len(), |at| at + 2), Piece::Quoted)
        } else if is_name(first) {
            let number = first.is_ascii_digit();
            let in_name = |c: char| is_name(c) || (number && c == '.');
            let length = rest.find(|c| !in_name(c)).unwrap_or(rest.len());
            let before = text.get(..start).unwrap_or("").chars().next_back();
            let after = rest.get(length..).unwrap_or("").chars().next();
            let is_bound = before == Some('.') || matches!(after, Some('.' | '('));
            let word = if is_bound { Piece::Bound } else { Piece::Word };
            (length, if number { Piece::Number } else { word })
        } else {
            let two = ["==", "!=", "<=", ">=", "&&", "||"];
            let length =
                if two.iter().any(|sign| rest.starts_with(sign)) { 2 } else { first.len_utf8() };
            (length, Piece::Sign)
        };
        found.push((Span::new(start, start + length), piece));
        start += length;
    }
    found
}
