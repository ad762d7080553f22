//! JSON for people: sorted keys, two spaces, a newline at the end.

use super::Json;

/// Writes `value` so that people can read it and compare it line by line.
pub(super) fn write(value: &Json) -> String {
    let mut out = String::new();
    append(value, 0, &mut out);
    out.push('\n');
    out
}

fn append(value: &Json, depth: usize, out: &mut String) {
    match value {
        Json::Object(members) if !members.is_empty() => {
            let members = members.iter().map(|(key, value)| (Some(key.as_str()), value));
            append_lines(('{', '}'), members, depth, out);
        }
        Json::Array(items) if !items.is_empty() => {
            append_lines(('[', ']'), items.iter().map(|item| (None, item)), depth, out);
        }
        scalar => out.push_str(&scalar.canonical()),
    }
}

fn append_lines<'a>(
    (open, close): (char, char),
    items: impl Iterator<Item = (Option<&'a str>, &'a Json)>,
    depth: usize,
    out: &mut String,
) {
    out.push(open);
    for (count, (key, value)) in items.enumerate() {
        if count > 0 {
            out.push(',');
        }
        start_line(depth + 1, out);
        if let Some(key) = key {
            out.push_str(&Json::from(key).canonical());
            out.push_str(": ");
        }
        append(value, depth + 1, out);
    }
    start_line(depth, out);
    out.push(close);
}

fn start_line(depth: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let value = Json::parse(br#"{"b":[1,{"c":[]}],"a":{},"\n":"\u2014\n"}"#).unwrap();
        let text = write(&value);
        assert_eq!(
            text,
            "{\n  \"\\n\": \"\u{2014}\\n\",\n  \"a\": {},\n  \"b\": [\n    1,\n    {\n      \
             \"c\": []\n    }\n  ]\n}\n"
        );
        assert_eq!(Json::parse(text.as_bytes()), Ok(value));
    }
}
