//! Repairs that add or remove an entry of a mapping, in the style that it is written in.

use bounden_base::{Edit, Span};

/// Adds `entry` at the end of the mapping at `span`.
pub(super) fn entry(source: &str, span: Span, entry: &str) -> Vec<Edit> {
    let mapping = source.get(span.start..span.end).unwrap_or("");
    let flow = mapping.strip_suffix('}').filter(|_| mapping.starts_with('{'));
    let (at, replacement) = match flow {
        Some(inside) => {
            let inside = inside.trim_end();
            let separator = match inside.chars().last() {
                Some('{') => "",
                Some(',') => " ",
                _ => ", ",
            };
            (span.start + inside.len(), format!("{separator}{entry}"))
        }
        None => {
            let column = line_before(source, span.start).chars().count();
            (span.end, format!("\n{}{entry}", " ".repeat(column)))
        }
    };
    vec![Edit { span: Span::at(at), replacement }]
}

/// Adds lines after the entry that reaches from `key` to `value`, where its
/// key begins a line.
pub(super) fn lines_after(
    source: &str,
    key: Span,
    value: Span,
    lines: &[String],
) -> Option<Vec<Edit>> {
    let indentation = line_before(source, key.start);
    if !indentation.trim().is_empty() {
        return None;
    }
    let replacement = lines.iter().map(|line| format!("\n{indentation}{line}")).collect();
    Some(vec![Edit { span: Span::at(value.end), replacement }])
}

/// Removes the entry that reaches from `key` to `value`, unless it stands alone.
/// An item of a list is its own key.
pub(super) fn removal(source: &str, key: Span, value: Span) -> Option<Vec<Edit>> {
    let (before, after) = (source.get(..key.start)?, source.get(value.end..)?);
    let edit =
        |start, end| Some(vec![Edit { span: Span::new(start, end), replacement: String::new() }]);
    let follows = after.trim_start();
    if follows.starts_with(',') {
        let rest = follows.get(1..)?.trim_start();
        return edit(key.start, source.len() - rest.len());
    }
    if let Some(kept) = before.trim_end().strip_suffix(',') {
        return edit(kept.len(), value.end);
    }
    let line = line_before(source, key.start);
    let is_line =
        matches!(line.trim(), "" | "-") && after.trim_start_matches(' ').starts_with('\n');
    let indented = |text: &str| {
        text.strip_prefix(line).is_some_and(|rest| !rest.starts_with([' ', '\n', '#']))
    };
    let above = before.get(..before.len() - line.len())?;
    let sibling_above =
        above.lines().rev().find(|line| !line.trim().is_empty()).is_some_and(indented);
    let sibling_below =
        after.lines().skip(1).find(|line| !line.trim().is_empty()).is_some_and(indented);
    if is_line && (sibling_above || sibling_below) {
        return edit(key.start - line.len(), value.end + after.find('\n')? + 1);
    }
    None
}

/// What stands before `at` on its line.
fn line_before(source: &str, at: usize) -> &str {
    source.get(..at).unwrap_or("").rsplit('\n').next().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use bounden_base::Fix;

    use super::*;
    use crate::{with_fix, yaml};

    fn root(source: &str) -> yaml::Node {
        yaml::read(source.as_bytes()).0.unwrap().root
    }

    #[test]
    fn an_entry_is_added_in_the_style_of_the_mapping() {
        for (source, expected) in [
            ("a: {}\n", "a: {x: 1}\n"),
            ("a: {b: 2}\n", "a: {b: 2, x: 1}\n"),
            ("a: {b: 2,\n  }\n", "a: {b: 2, x: 1\n  }\n"),
            ("a:\n  b: 2\nc: 3\n", "a:\n  b: 2\n  x: 1\nc: 3\n"),
            ("a:\n  b: {c: d}\n", "a:\n  b: {c: d}\n  x: 1\n"),
        ] {
            let edits = entry(source, root(source).get("a").unwrap().span, "x: 1");
            assert_eq!(with_fix(source, &Fix { edits, safe: false }), expected);
        }
    }

    #[test]
    fn an_item_is_removed_as_an_entry_is() {
        for (source, expected) in [
            ("a: [x, b]\n", Some("a: [b]\n")),
            ("a: [b, x]\n", Some("a: [b]\n")),
            ("a:\n  - x\n  - b\n", Some("a:\n  - b\n")),
            ("a:\n  - b\n  - x\nc: 3\n", Some("a:\n  - b\nc: 3\n")),
            ("a:\n  - x\n", None),
        ] {
            let at = source.find('x').unwrap();
            let item = Span::new(at, at + 1);
            let edits = removal(source, item, item);
            let result = edits.map(|edits| with_fix(source, &Fix { edits, safe: false }));
            assert_eq!(result.as_deref(), expected, "{source}");
        }
    }

    #[test]
    fn an_entry_is_removed_with_what_separates_it() {
        for (source, expected) in [
            ("a: {x: 1, b: 2}\n", Some("a: {b: 2}\n")),
            ("a: {b: 2, x: 1}\n", Some("a: {b: 2}\n")),
            ("a:\n  x: 1\n  b: 2\n", Some("a:\n  b: 2\n")),
            ("a:\n  b: 2\n  x:\n    - 1\n\nc: 3\n", Some("a:\n  b: 2\n\nc: 3\n")),
            ("a:\n  x: 1\nc: 3\n", None),
            ("a: {x: 1}\n", None),
        ] {
            let root = root(source);
            let entries = root.get("a").unwrap().entries().unwrap();
            let entry = entries.iter().find(|entry| entry.key.name == "x").unwrap();
            let edits = removal(source, entry.key.span, entry.value.span);
            let result = edits.map(|edits| with_fix(source, &Fix { edits, safe: false }));
            assert_eq!(result.as_deref(), expected, "{source}");
        }
    }
}
