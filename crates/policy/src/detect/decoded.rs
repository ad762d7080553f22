//! Texts as they are meant: with the escapes of JSON, of addresses and of
//! markup undone, and every place known in the text as it is written.

use std::ops::Range;

/// A text with one layer of escapes undone.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) text: String,
    /// Each escape: where it stands as written, and where what it means ends.
    escapes: Vec<(Range<usize>, usize)>,
}

impl Decoded {
    /// The text without its escapes; none where there are none.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut decoded = Self { text: String::new(), escapes: Vec::new() };
        let mut from = 0;
        for start in memchr::memchr3_iter(b'\\', b'%', b'&', text.as_bytes()) {
            let Some((length, meant)) =
                text.get(start..).filter(|_| start >= from).and_then(escape)
            else {
                continue;
            };
            decoded.text.push_str(text.get(from..start)?);
            decoded.text.push(meant);
            from = start + length;
            decoded.escapes.push((start..from, decoded.text.len()));
        }
        decoded.text.push_str(text.get(from..)?);
        (!decoded.escapes.is_empty()).then_some(decoded)
    }

    /// Where a range of the decoded text stands as written.
    pub(super) fn written(&self, range: &Range<usize>) -> Range<usize> {
        self.place(range.start)..self.place(range.end)
    }

    fn place(&self, place: usize) -> usize {
        let before = self.escapes.partition_point(|(_, end)| *end <= place);
        let last = before.checked_sub(1).and_then(|last| self.escapes.get(last));
        last.map_or(place, |(written, end)| written.end + place - end)
    }

    /// The written range, widened so that it cuts no escape.
    pub(super) fn uncut(&self, range: &Range<usize>) -> Range<usize> {
        let cut = |place: usize| {
            let after = self.escapes.partition_point(|(written, _)| written.end <= place);
            self.escapes
                .get(after)
                .map(|(written, _)| written)
                .filter(|written| written.start < place)
        };
        let start = cut(range.start).map_or(range.start, |written| written.start);
        start..cut(range.end).map_or(range.end, |written| written.end)
    }
}

/// The escape that the text begins with: its length, and the character that it means.
fn escape(text: &str) -> Option<(usize, char)> {
    let bytes = text.as_bytes();
    match bytes {
        [b'\\', b'u', ..] => unicode(text),
        [b'\\', b'x', ..] => ascii(text.get(2..4)?, 4),
        [b'\\', sign, ..] => {
            let meant = match sign {
                b'n' => '\n',
                b'r' => '\r',
                b't' => '\t',
                b'b' => '\u{8}',
                b'f' => '\u{c}',
                b'"' | b'\\' | b'/' | b'\'' => char::from(*sign),
                _ => return None,
            };
            Some((2, meant))
        }
        [b'%', ..] => ascii(text.get(1..3)?, 3),
        [b'&', b'#', ..] => {
            let end = text.get(..10.min(text.len())).unwrap_or(text).find(';')?;
            let number = text.get(2..end)?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            Some((end + 1, char::from_u32(code)?))
        }
        _ => None,
    }
}

/// A character of ASCII that can be seen, or a space, by its two hexadecimal digits.
fn ascii(digits: &str, length: usize) -> Option<(usize, char)> {
    let code = u8::from_str_radix(digits, 16).ok()?;
    (b' '..=b'~').contains(&code).then_some((length, char::from(code)))
}

/// RFC 8259 section 7, a pair of surrogates included.
fn unicode(text: &str) -> Option<(usize, char)> {
    let unit = |start: usize| {
        let digits = text.get(start..start + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let first = unit(0)?;
    if let Some(meant) = char::from_u32(first.into()) {
        return Some((6, meant));
    }
    let meant = char::decode_utf16([first, unit(6)?]).next()?.ok()?;
    Some((12, meant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone() {
        for (written, meant) in [
            (r"ann\u0040acme", "ann@acme"),
            (r"a\n\t\/\\b", "a\n\t/\\b"),
            ("ann%40acme%3d", "ann@acme="),
            ("ann&#64;acme&#x40;", "ann@acme@"),
            (r"\ud83d\ude00!", "😀!"),
            (r"\x40", "@"),
        ] {
            assert_eq!(Decoded::of(written).unwrap().text, meant);
        }
        for plain in ["", "100% of it", "a&b", r"C:\Windows", r"\u00", "%zz %C3", r"\ud83d", "&#;"]
        {
            assert!(Decoded::of(plain).is_none(), "{plain}");
        }
    }

    #[test]
    fn places_are_known_as_written() {
        let written = r"é\u0040b%41c";
        let decoded = Decoded::of(written).unwrap();
        assert_eq!(decoded.text, "é@bAc");
        assert_eq!(decoded.written(&(2..3)), 2..8);
        assert_eq!(decoded.written(&(3..5)), 8..12);
        assert_eq!(decoded.written(&(0..6)), 0..13);
        assert_eq!(decoded.uncut(&(4..9)), 2..9);
        assert_eq!(decoded.uncut(&(2..10)), 2..12);
        assert_eq!(decoded.uncut(&(8..9)), 8..9);
    }
}
