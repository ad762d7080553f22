//! Characters that hide or reorder what a reader sees, and texts that look
//! equal without being equal.

use bounden_base::{Diagnostic, Span};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// What is wrong with the raw text, comments included.
pub(super) fn check(text: &str) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.is_ascii() {
            not_normal(line, start, &mut problems);
        }
        forbidden_in(line, start, &mut problems);
        indented_by_tab(line, start, text, &mut problems);
        start += line.len();
    }
    problems
}

/// What is wrong with a text that was written with escapes.
pub(super) fn check_decoded(text: &str, span: Span) -> Option<Diagnostic> {
    let hidden = text.chars().find_map(|c| Some((c, hides(c)?)));
    if let Some((character, why)) = hidden {
        return Some(forbidden(character, why, span));
    }
    (!is_nfc(text)).then(|| denormal(span))
}

/// The text in normal form, without what may not stand in a document; on one line.
pub(super) fn visible(text: &str) -> String {
    let shown = text.chars().filter(|c| hides(*c).is_none()).nfc().collect::<String>();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn forbidden_in(line: &str, start: usize, problems: &mut Vec<Diagnostic>) {
    let body = line.strip_suffix("\r\n").or_else(|| line.strip_suffix('\n')).unwrap_or(line);
    for (at, character) in body.char_indices() {
        if let Some(why) = hides(character) {
            let span = Span::new(start + at, start + at + character.len_utf8());
            problems.push(forbidden(character, why, span));
        }
    }
}

/// Why a character may not stand in a document.
fn hides(character: char) -> Option<&'static str> {
    match character {
        '\t' | '\n' => None,
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            Some("it reorders the text around it")
        }
        '\u{AD}'
        | '\u{34F}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{17B4}'
        | '\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200D}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206A}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FEFF}'
        | '\u{FFA0}' => Some("it has no width"),
        '\u{E0000}'..='\u{E0FFF}' => Some("it is invisible and can carry hidden text"),
        '\u{2028}' | '\u{2029}' => Some("some readers take it for a line break"),
        '\u{FFFE}' | '\u{FFFF}' => Some("it is no character"),
        control if control.is_control() => Some("it is a control character"),
        _ => None,
    }
}

fn forbidden(character: char, why: &str, span: Span) -> Diagnostic {
    let message = format!("U+{:04X} may not stand here: {why}", u32::from(character));
    Diagnostic::error("B018", span, message).help("remove it")
}

fn not_normal(line: &str, start: usize, problems: &mut Vec<Diagnostic>) {
    if is_nfc(line) {
        return;
    }
    let same: usize =
        line.chars().zip(line.nfc()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let differing = line.get(same..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    problems.push(denormal(Span::new(start + same, start + same + differing)));
}

fn denormal(span: Span) -> Diagnostic {
    Diagnostic::error("B017", span, "this text is not in Unicode normal form C")
        .help("save it in normal form C, so that what looks equal is equal")
}

/// Tabs in the indentation of a line; JSON, which has no indentation, may use them.
fn indented_by_tab(line: &str, start: usize, text: &str, problems: &mut Vec<Diagnostic>) {
    let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
    let tab = line.get(..indentation).and_then(|spaces| spaces.find('\t'));
    if let Some(tab) = tab
        && !text.trim_start().starts_with(['{', '['])
    {
        let span = Span::new(start + tab, start + tab + 1);
        let message = "a tab stands in the indentation of this line";
        problems.push(Diagnostic::error("B019", span, message).help("indent with spaces"));
    }
}
