//! A cursor over JSON text: it accepts no more than `Json::parse` does, and builds nothing.

use bounden_base::{Decimal, json};

/// The text is not what is wanted, or it is better read in full: who wants to
/// know which reads the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unclear;

pub(super) type Clear<T> = Result<T, Unclear>;

/// A place in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'t> {
    rest: &'t [u8],
    length: usize,
    /// Nothing in the whole text is escaped, and spaces are its only control
    /// characters: what stands between two quotes is a string.
    is_simple: bool,
}

/// A string without its quotes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quoted<'t> {
    pub(super) raw: &'t [u8],
    /// Whether the raw text is the value, since nothing in it is escaped.
    pub(super) is_plain: bool,
}

/// A number that can be held exactly.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number<'t> {
    Integer(i64),
    Other(&'t str),
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let rest = text.as_bytes();
        let is_special =
            rest.iter().fold(false, |any, byte| any | (*byte < b' ' || *byte == b'\\'));
        Self { rest, length: rest.len(), is_simple: !is_special }
    }

    /// Bytes from the start.
    #[inline]
    pub(super) fn place(&self) -> usize {
        self.length - self.rest.len()
    }

    /// The next byte that is no space, which stays.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        match self.rest {
            [first, ..] if *first > b' ' => Some(*first),
            _ => self.peek_after_space(),
        }
    }

    #[cold]
    fn peek_after_space(&mut self) -> Option<u8> {
        while let [b' ' | b'\n' | b'\r' | b'\t', rest @ ..] = self.rest {
            self.rest = rest;
        }
        self.rest.first().copied()
    }

    /// Takes `byte`, after spaces, if it is next.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> bool {
        match self.rest {
            [first, rest @ ..] if *first == byte => {
                self.rest = rest;
                true
            }
            [b'\0'..=b' ', ..] => self.peek_after_space() == Some(byte) && self.take(byte),
            _ => false,
        }
    }

    #[inline]
    pub(super) fn expect(&mut self, byte: u8) -> Clear<()> {
        if self.take(byte) { Ok(()) } else { Err(Unclear) }
    }

    /// Nothing may follow.
    pub(super) fn finish(mut self) -> Clear<()> {
        if self.peek().is_none() { Ok(()) } else { Err(Unclear) }
    }

    /// Takes a word such as `true`.
    pub(super) fn word(&mut self, word: &str) -> Clear<()> {
        self.rest = self.rest.strip_prefix(word.as_bytes()).ok_or(Unclear)?;
        Ok(())
    }

    /// Takes a number.
    pub(super) fn number(&mut self) -> Clear<Number<'t>> {
        let (is_negative, digits) = match self.rest {
            [b'-', digits @ ..] => (true, digits),
            digits => (false, digits),
        };
        let (mut rest, mut magnitude) = (digits, 0_i64);
        while let [digit @ b'0'..=b'9', after @ ..] = rest {
            magnitude = magnitude.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
            rest = after;
        }
        let is_led_by_zero = matches!(digits, [b'0', b'0'..=b'9', ..]);
        let goes_on = matches!(rest, [b'.' | b'e' | b'E' | b'+' | b'-', ..]);
        if goes_on || is_led_by_zero || !(1..=18).contains(&(digits.len() - rest.len())) {
            return self.long_number();
        }
        self.rest = rest;
        Ok(Number::Integer(if is_negative { -magnitude } else { magnitude }))
    }

    fn long_number(&mut self) -> Clear<Number<'t>> {
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let length = self.rest.iter().position(|byte| !is_part(byte)).unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at_checked(length).ok_or(Unclear)?;
        let number = str::from_utf8(number).map_err(|_| Unclear)?;
        number.parse::<Decimal>().map_err(|_| Unclear)?;
        self.rest = rest;
        Ok(Number::Other(number))
    }

    /// Takes a string, of which the opening quote is next.
    #[inline]
    pub(super) fn string(&mut self) -> Clear<Quoted<'t>> {
        let [b'"', inside @ ..] = self.rest else { return Err(Unclear) };
        let (length, is_plain) = match self.is_simple {
            true => (up_to_quote(inside), true),
            false => up_to_end(inside)?,
        };
        let (raw, after) = inside.split_at_checked(length).ok_or(Unclear)?;
        let [b'"', rest @ ..] = after else { return Err(Unclear) };
        self.rest = rest;
        Ok(Quoted { raw, is_plain })
    }
}

/// How long a string is, and whether nothing in it is escaped.
fn up_to_end(inside: &[u8]) -> Clear<(usize, bool)> {
    let (mut rest, mut is_plain) = (inside, true);
    loop {
        rest = rest.get(json::plain_length(rest)..).ok_or(Unclear)?;
        rest = match rest {
            [b'"', ..] => return Ok((inside.len() - rest.len(), is_plain)),
            [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', after @ ..] => after,
            [b'\\', b'u', ..] => after_character(rest)?,
            _ => return Err(Unclear),
        };
        is_plain = false;
    }
}

/// What follows one character written as `\uXXXX`, or as two of them.
fn after_character(text: &[u8]) -> Clear<&[u8]> {
    match unit(text)? {
        (0xd800..0xdc00, rest) => match unit(rest)? {
            (0xdc00..0xe000, rest) => Ok(rest),
            _ => Err(Unclear),
        },
        (0xdc00..0xe000, _) => Err(Unclear),
        (_, rest) => Ok(rest),
    }
}

/// One `\uXXXX`, and what follows.
fn unit(text: &[u8]) -> Clear<(u32, &[u8])> {
    let Some(([b'\\', b'u', digits @ ..], rest)) = text.split_first_chunk::<6>() else {
        return Err(Unclear);
    };
    let digit = |byte: &u8| char::from(*byte).to_digit(16).ok_or(Unclear);
    let unit = digits.iter().try_fold(0, |unit, byte| Ok(unit * 16 + digit(byte)?))?;
    Ok((unit, rest))
}

const ONES: u64 = 0x0101_0101_0101_0101;
const TOPS: u64 = 0x8080_8080_8080_8080;

/// Marks the quotes of a word: the lowest mark is right, those above it may be
/// carried over (Warren, "Hacker's Delight", section 6-1).
#[inline]
fn quotes(word: [u8; 8]) -> u64 {
    let zeroed = u64::from_le_bytes(word) ^ (ONES * u64::from(b'"'));
    zeroed.wrapping_sub(ONES) & !zeroed & TOPS
}

/// How many bytes come before the next quote: in short strings, as most are,
/// eight at a time, and in long ones by the widest registers that there are.
#[inline]
fn up_to_quote(bytes: &[u8]) -> usize {
    const SHORT: usize = 32;
    let (words, _) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().take(SHORT / 8).enumerate() {
        let quotes = quotes(*word);
        if quotes != 0 {
            return index * 8 + quotes.trailing_zeros() as usize / 8;
        }
    }
    let passed = SHORT.min(words.len() * 8);
    let rest = bytes.get(passed..).unwrap_or_default();
    passed + memchr::memchr(b'"', rest).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn strings_end_where_they_end() {
        for (text, raw, is_plain) in [
            (r#""""#, "", true),
            (r#""a\"b" "#, r#"a\"b"#, false),
            (r#""0123456789é\\",1"#, r"0123456789é\\", false),
            (r#""\ud83d\ude00""#, r"\ud83d\ude00", false),
        ] {
            let quoted = Cursor::new(text).string().unwrap();
            assert_eq!((quoted.raw, quoted.is_plain), (raw.as_bytes(), is_plain), "{text}");
        }
        for text in [r#"""#, r#""\x""#, r#""\ud83d""#, r#""\udc00""#, "\"\n\"", r#""\u12"#] {
            assert!(Cursor::new(text).string().is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_are_those_of_json() {
        for (text, whole) in [("-12,", Some(-12)), ("0]", Some(0)), ("1.50 ", None), ("1e3", None)]
        {
            match Cursor::new(text).number().unwrap() {
                Number::Integer(number) => assert_eq!(Some(number), whole, "{text}"),
                Number::Other(number) => assert!(whole.is_none(), "{number}"),
            }
        }
        for text in ["-", "01", "1.", "--1", "1e999", "1-1", "-a"] {
            assert!(Cursor::new(text).number().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn eight_bytes_at_a_time_stop_where_one_byte_does(bytes in prop::collection::vec(any::<u8>(), 0..90)) {
            let slow = bytes.iter().position(|byte| *byte == b'"');
            prop_assert_eq!(up_to_quote(&bytes), slow.unwrap_or(bytes.len()));
        }
    }
}
