//! A cursor over JSON text: it accepts no more than `Json::parse` does, and builds nothing.

use bounden_base::Decimal;

/// The text is not what is wanted, or it is better read in full: who wants to
/// know which reads the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unclear;

pub(super) type Clear<T> = Result<T, Unclear>;

/// A place in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

/// A string without its quotes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quoted<'t> {
    pub(super) raw: &'t str,
    /// Whether the raw text is the value, since nothing in it is escaped.
    pub(super) is_plain: bool,
}

/// What a value begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    Object,
    Array,
    String,
    Number,
    True,
    False,
    Null,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Bytes from the start.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no space, which stays.
    fn next(&mut self) -> Option<u8> {
        loop {
            match self.peek()? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                other => return Some(other),
            }
        }
    }

    /// Takes `byte`, after spaces, if it is next.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let found = self.next() == Some(byte);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, byte: u8) -> Clear<()> {
        if self.take(byte) { Ok(()) } else { Err(Unclear) }
    }

    /// Nothing may follow.
    pub(super) fn finish(mut self) -> Clear<()> {
        if self.next().is_none() { Ok(()) } else { Err(Unclear) }
    }

    /// What the next value is; the cursor stays before it.
    pub(super) fn opening(&mut self) -> Clear<Opening> {
        match self.next() {
            Some(b'{') => Ok(Opening::Object),
            Some(b'[') => Ok(Opening::Array),
            Some(b'"') => Ok(Opening::String),
            Some(b'-' | b'0'..=b'9') => Ok(Opening::Number),
            Some(b't') => Ok(Opening::True),
            Some(b'f') => Ok(Opening::False),
            Some(b'n') => Ok(Opening::Null),
            _ => Err(Unclear),
        }
    }

    /// Takes a word such as `true`.
    pub(super) fn word(&mut self, word: &str) -> Clear<()> {
        if !self.rest().starts_with(word.as_bytes()) {
            return Err(Unclear);
        }
        self.at += word.len();
        Ok(())
    }

    /// Takes a number that can be held exactly.
    pub(super) fn number(&mut self) -> Clear<&'t str> {
        let start = self.at;
        let rest = self.rest();
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let length = rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        self.at += length;
        let number = self.text.get(start..self.at).ok_or(Unclear)?;
        let is_short = length <= 18
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && (length == 1 || !number.starts_with('0'));
        if is_short || number.parse::<Decimal>().is_ok() { Ok(number) } else { Err(Unclear) }
    }

    /// Takes a string.
    pub(super) fn string(&mut self) -> Clear<Quoted<'t>> {
        self.at += 1;
        let start = self.at;
        let mut is_plain = true;
        loop {
            self.at += plain(self.rest());
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    is_plain = false;
                    self.escape()?;
                }
                _ => return Err(Unclear),
            }
        }
        let raw = self.text.get(start..self.at).ok_or(Unclear)?;
        self.at += 1;
        Ok(Quoted { raw, is_plain })
    }

    fn escape(&mut self) -> Clear<()> {
        match self.rest().get(1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => match self.unit()? {
                0xd800..0xdc00 => {
                    let 0xdc00..0xe000 = self.unit()? else { return Err(Unclear) };
                }
                0xdc00..0xe000 => return Err(Unclear),
                _ => {}
            },
            _ => return Err(Unclear),
        }
        Ok(())
    }

    /// Takes one `\uXXXX`.
    fn unit(&mut self) -> Clear<u32> {
        let Some([b'\\', b'u', digits @ ..]) = self.rest().first_chunk::<6>() else {
            return Err(Unclear);
        };
        let digit = |byte: &u8| char::from(*byte).to_digit(16).ok_or(Unclear);
        let unit = digits.iter().try_fold(0, |unit, byte| Ok(unit * 16 + digit(byte)?));
        self.at += 6;
        unit
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;
const TOPS: u64 = 0x8080_8080_8080_8080;

/// How many bytes come before the next that ends a string or has a meaning in
/// it, eight bytes at a time (Warren, "Hacker's Delight", section 6-1).
fn plain(bytes: &[u8]) -> usize {
    let mut passed = 0;
    let mut rest = bytes;
    while let Some((chunk, after)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk);
        let holds = |byte: u8| {
            let zeroed = word ^ (ONES * u64::from(byte));
            zeroed.wrapping_sub(ONES) & !zeroed
        };
        let control = word.wrapping_sub(ONES * u64::from(b' ')) & !word;
        // The lowest mark is right; those above it may be carried over from it.
        let marks = (holds(b'"') | holds(b'\\') | control) & TOPS;
        if marks != 0 {
            return passed + marks.trailing_zeros() as usize / 8;
        }
        passed += 8;
        rest = after;
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..b' ');
    passed + rest.iter().position(is_special).unwrap_or(rest.len())
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
            assert_eq!((quoted.raw, quoted.is_plain), (raw, is_plain), "{text}");
        }
        for text in [r#"""#, r#""\x""#, r#""\ud83d""#, r#""\udc00""#, "\"\n\"", r#""\u12"#] {
            assert!(Cursor::new(text).string().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn eight_bytes_at_a_time_stop_where_one_byte_does(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let slow = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..b' '));
            prop_assert_eq!(plain(&bytes), slow.unwrap_or(bytes.len()));
        }
    }
}
