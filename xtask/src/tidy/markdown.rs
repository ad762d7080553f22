//! What the rules need to know of a Markdown file: its links, headings and tables.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The row of a table: its line, counted from 1, and the text of its cells.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) cells: Vec<String>,
}

/// Line and destination of every link and image.
pub(super) fn links(text: &str) -> Vec<(usize, String)> {
    let found = parse(text).filter_map(|(event, line)| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            Some((line, dest_url.into_string()))
        }
        _ => None,
    });
    found.collect()
}

/// The anchors of a file's headings, made as GitHub makes them.
pub(super) fn anchors(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    let mut times_seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut heading: Option<String> = None;
    for (event, _) in parse(text) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let slug = slug(&heading.take().unwrap_or_default());
                let seen = times_seen.entry(slug.clone()).or_default();
                anchors.insert(if *seen == 0 { slug } else { format!("{slug}-{seen}") });
                *seen += 1;
            }
            Event::Text(part) | Event::Code(part) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&part);
                }
            }
            _ => {}
        }
    }
    anchors
}

/// The rows below the head of the first table whose first column is called `first_column`.
pub(super) fn table(text: &str, first_column: &str) -> Option<Vec<Row>> {
    tables(text).into_iter().find_map(|mut rows| {
        let head = rows.first()?.cells.first()?;
        (head == first_column).then(|| rows.split_off(1))
    })
}

fn tables(text: &str) -> Vec<Vec<Row>> {
    let mut tables = Vec::new();
    let mut rows = Vec::new();
    let mut row = Row::default();
    let mut cell = String::new();
    for (event, line) in parse(text) {
        match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => row = Row { line, cells: Vec::new() },
            Event::Text(part) | Event::Code(part) => cell.push_str(&part),
            Event::Start(Tag::TableCell) => cell.clear(),
            Event::End(TagEnd::TableCell) => row.cells.push(std::mem::take(&mut cell)),
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => rows.push(std::mem::take(&mut row)),
            Event::End(TagEnd::Table) => tables.push(std::mem::take(&mut rows)),
            _ => {}
        }
    }
    tables
}

fn parse(text: &str) -> impl Iterator<Item = (Event<'_>, usize)> {
    let line_of = |offset| text.get(..offset).unwrap_or(text).matches('\n').count() + 1;
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter();
    events.map(move |(event, span)| (event, line_of(span.start)))
}

fn slug(heading: &str) -> String {
    let kept = |c: char| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        _ => c.is_alphanumeric().then_some(c),
    };
    heading.to_lowercase().chars().filter_map(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_with_their_lines_and_not_in_code() {
        let text =
            "# A\n\n[b](b.md), `[c](c.md)`\n\n```\n[d](d.md)\n```\n\n![e][f]\n\n[f]: e.svg\n";
        assert_eq!(links(text), [(3, "b.md".to_owned()), (9, "e.svg".to_owned())]);
    }

    #[test]
    fn anchors_are_those_of_github() {
        let text = "# What `policy` must *not* know\n## Twice\n## Twice\n## C++ & co.\n";
        let expected = ["c--co", "twice", "twice-1", "what-policy-must-not-know"];
        assert!(anchors(text).iter().eq(expected), "{:?}", anchors(text));
    }

    #[test]
    fn a_table_is_found_by_its_first_column() {
        let text = "| x |\n|---|\n| 1 |\n\n| crate | may use |\n|---|---|\n| `a` | b, c |\n";
        let row = Row { line: 7, cells: vec!["a".to_owned(), "b, c".to_owned()] };
        assert_eq!(table(text, "crate"), Some(vec![row]));
        assert_eq!(table(text, "module"), None);
    }
}
