//! Where values begin and end, also in damaged files.

use proptest::prelude::*;

use super::Slice;

fn records(text: &str) -> Vec<(usize, &str, bool)> {
    let records = Slice::file(text.as_bytes()).records().exact();
    records
        .map(|slice| (slice.offset, std::str::from_utf8(slice.bytes).unwrap(), slice.truncated))
        .collect()
}

#[test]
fn a_list_at_the_top_stands_for_its_items() {
    assert_eq!(records(r#" [ {"a":"]"} , 2]"#), [(3, r#"{"a":"]"}"#, false), (15, "2", false)]);
    assert_eq!(records("[]"), []);
    assert_eq!(records(""), []);
}

#[test]
fn lines_and_concatenated_documents_are_records() {
    assert_eq!(
        records("{\"a\":1}\n\n{\"b\":2}\n"),
        [(0, r#"{"a":1}"#, false), (9, r#"{"b":2}"#, false)]
    );
    assert_eq!(
        records("{\n \"a\": 1\n}\n{\n}"),
        [(0, "{\n \"a\": 1\n}", false), (12, "{\n}", false)]
    );
}

#[test]
fn a_line_of_words_is_one_record() {
    assert_eq!(
        records("# Runs, all of them\n{\"a\":1} and more words\n"),
        [(0, "#", false), (20, r#"{"a":1}"#, false), (28, "and", false)]
    );
}

#[test]
fn a_byte_order_mark_counts_in_offsets() {
    assert_eq!(records("\u{feff}{}"), [(3, "{}", false)]);
}

#[test]
fn a_damaged_line_does_not_swallow_the_next() {
    let text = "{\"a\":{\"b\":1}\n{\"c\":2}\n";
    assert_eq!(records(text), [(0, r#"{"a":{"b":1}"#, false), (13, r#"{"c":2}"#, false)]);
}

#[test]
fn what_is_cut_off_is_marked() {
    assert_eq!(records(r#"[{"a":1},{"b":"#), [(1, r#"{"a":1}"#, false), (9, r#"{"b":"#, true)]);
    // Nothing follows the comma: still a loss, still counted.
    assert_eq!(records(r#"[{"a":1},"#), [(1, r#"{"a":1}"#, false), (9, "", true)]);
    assert_eq!(records(r#"{"a":"\"#), [(0, r#"{"a":"\"#, true)]);
}

#[test]
fn members_are_found_without_reading_what_precedes_them() {
    let object = Slice::file(br#"{"a": {"tasks": 1}, "tasks": [1, 2], "b": 3}"#);
    let tasks: Vec<&[u8]> =
        object.member("tasks").unwrap().items().exact().map(|slice| slice.bytes).collect();
    assert_eq!(tasks, [b"1", b"2"]);
    assert_eq!(object.member("c"), None);
}

proptest! {
    /// Bytes of any kind end in records that lie within the file, in order.
    #[test]
    fn every_text_is_walked_through(text in r#"[\[\]{}:,"\\a1 \n]{0,60}"#) {
        let mut last = 0;
        for (offset, record, _) in records(&text) {
            prop_assert!(offset >= last && offset + record.len() <= text.len());
            last = offset + record.len();
        }
    }
}
