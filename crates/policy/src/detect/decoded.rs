//! Texts as they are meant: with the escapes of JSON, of addresses and of
//! markup undone, digits and letters in their plain form and nothing invisible
//! between them, and every place known in the text as it is written.

use std::ops::Range;

/// A text with one layer of escapes undone.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) text: String,
    /// Each escape: where it stands as written, and where what it means ends.
    escapes: Vec<(Range<usize>, usize)>,
}

/// Something that is not what it means.
struct Escape {
    /// How long it is, in bytes.
    length: usize,
    /// What it means, if anything.
    meant: Option<char>,
}

impl Decoded {
    /// The text without its escapes; none where there are none.
    pub(super) fn of(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if text.is_ascii() && memchr::memchr3(b'\\', b'%', b'&', bytes).is_none() {
            return None;
        }
        let mut decoded = Self { text: String::new(), escapes: Vec::new() };
        let mut from = 0;
        let could_begin = |byte: &u8| matches!(byte, b'\\' | b'%' | b'&' | 0xc2..);
        for (start, _) in bytes.iter().enumerate().filter(|(_, byte)| could_begin(byte)) {
            let rest = text.get(start..).filter(|_| start >= from);
            let Some(escape) = rest.and_then(escape) else { continue };
            decoded.text.push_str(text.get(from..start)?);
            decoded.text.extend(escape.meant);
            from = start + escape.length;
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

/// The escape that the text begins with.
fn escape(text: &str) -> Option<Escape> {
    let (length, meant) = match text.as_bytes() {
        [b'\\', b'u', ..] => unicode(text)?,
        [b'\\', b'x', ..] => ascii(text.get(2..4)?, 4)?,
        [b'\\', sign, ..] => (2, control(*sign)?),
        [b'%', ..] => ascii(text.get(1..3)?, 3)?,
        [b'&', b'#', ..] => reference(text)?,
        _ => return plain(text.chars().next()?),
    };
    Some(Escape { length, meant: Some(meant) })
}

/// RFC 8259 section 7, and the apostrophe of other languages.
fn control(sign: u8) -> Option<char> {
    Some(match sign {
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'"' | b'\\' | b'/' | b'\'' => char::from(sign),
        _ => return None,
    })
}

/// A numeric character reference of HTML.
fn reference(text: &str) -> Option<(usize, char)> {
    let end = text.bytes().take(10).position(|byte| byte == b';')?;
    let number = text.get(2..end)?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    Some((end + 1, char::from_u32(code)?))
}

/// Zero in the scripts whose digits follow one another, as all of them do
/// (Unicode, section 4.6).
const ZEROS: [u32; 19] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50,
    0xed0, 0xf20, 0x1040, 0x17e0, 0x1810, 0xa9d0,
];

/// What a character beyond ASCII stands for that is meant to be one of ASCII,
/// or to be nothing at all.
fn plain(c: char) -> Option<Escape> {
    let code = u32::from(c);
    let digit = |zero: &u32| code.checked_sub(*zero).filter(|digit| *digit < 10);
    let meant = match c {
        // Soft hyphen, zero width, word joiner, byte order mark.
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => None,
        // Full width.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(code - 0xff01 + 0x21),
        '\u{3000}' => Some(' '),
        // Mathematical digits, in five styles.
        '\u{1d7ce}'..='\u{1d7ff}' => char::from_digit((code - 0x1d7ce) % 10, 10),
        _ => Some(char::from_digit(ZEROS.iter().find_map(digit)?, 10)?),
    };
    Some(Escape { length: c.len_utf8(), meant })
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
    fn letters_and_digits_are_plain_and_nothing_is_invisible() {
        for (written, meant) in [
            ("４１１１　ａｎｎ＠ａｃｍｅ", "4111 ann@acme"),
            ("41\u{200b}11\u{ad}1", "41111"),
            ("٤١١١ ۴۱۱۱ ४१११ 𝟒𝟏𝟏𝟏", "4111 4111 4111 4111"),
        ] {
            assert_eq!(Decoded::of(written).unwrap().text, meant);
        }
        assert!(Decoded::of("Zoë, 四百, 4²").is_none());
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
