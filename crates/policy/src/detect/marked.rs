//! How tests say what is to be found: between « and ».

use super::{Kind, find};

/// Checks that in the text without its marks exactly what stands between them
/// is found of this kind.
#[track_caller]
pub(super) fn check(kind: &str, marked: &str) {
    let kind = Kind::named(kind).unwrap_or_else(|| panic!("there is no kind `{kind}`"));
    let text = marked.replace(['«', '»'], "");
    let mut found = String::new();
    let mut from = 0;
    for finding in find(&text, kind.into()) {
        assert_eq!(finding.kind, kind);
        let (start, end) = (finding.span.start, finding.span.end);
        found.push_str(&format!("{}«{}»", &text[from..start], &text[start..end]));
        from = end;
    }
    found.push_str(&text[from..]);
    assert_eq!(found, marked);
}
