//! Forms in which numbers are written: `999-99-9999`, `AA 99 99 99 A`.

use super::text::Text;

/// One way to write a number. In the pattern `9` stands for a digit, `A` for a
/// capital, `a` for any letter, `x` for any letter or digit; everything else
/// stands for itself. A space and a hyphen also stand for their typographic kin.
pub(super) struct Form {
    pattern: &'static str,
    /// Whether a word has to say what it is, since the form alone says too little.
    pub(super) is_named: bool,
}

/// The letters and digits of a number, in capitals, without what separates them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Characters {
    bytes: [u8; MOST],
    len: usize,
}

/// Most letters and digits of a form.
const MOST: usize = 24;

/// The word by which a form is entered: the first that has to hold a digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// How many bytes of the form stand before it.
    pub(super) lead: usize,
    /// How long it is.
    pub(super) length: usize,
}

impl Form {
    /// A form that says by itself what it is.
    pub(super) const fn plain(pattern: &'static str) -> Self {
        Self { pattern, is_named: false }
    }

    /// A form that counts only where a word says what it is.
    pub(super) const fn named(pattern: &'static str) -> Self {
        Self { pattern, is_named: true }
    }

    pub(super) fn entry(&self) -> Entry {
        let mut entry = None;
        let mut start = 0;
        for word in self.pattern.split_inclusive(|sign: char| !sign.is_ascii_alphanumeric()) {
            let length = word.bytes().filter(u8::is_ascii_alphanumeric).count();
            let rank = u8::from(word.contains('9')) * 2 + u8::from(word.contains('x'));
            if entry.is_none_or(|(best, _)| rank > best && best < 2) {
                entry = Some((rank, Entry { lead: start, length }));
            }
            start += word.len();
        }
        entry.map_or(Entry { lead: 0, length: 0 }, |(_, entry)| entry)
    }

    /// The characters of what stands at `start` in this form, and where it ends.
    pub(super) fn read(&self, text: Text<'_>, start: usize) -> Option<(Characters, usize)> {
        let mut characters = Characters::default();
        let mut place = start;
        for sign in self.pattern.bytes() {
            let byte = text.at(place);
            let fits = match sign {
                b'9' => byte.is_ascii_digit(),
                b'A' => byte.is_ascii_uppercase(),
                b'a' => byte.is_ascii_alphabetic(),
                b'x' => byte.is_ascii_alphanumeric(),
                separator => {
                    place += separator_length(text, place, separator)?;
                    continue;
                }
            };
            if !fits {
                return None;
            }
            characters.push(byte)?;
            place += 1;
        }
        Some((characters, place))
    }
}

impl Characters {
    pub(super) fn push(&mut self, byte: u8) -> Option<()> {
        *self.bytes.get_mut(self.len)? = byte.to_ascii_uppercase();
        self.len += 1;
        Some(())
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }
}

/// How many bytes the separator takes that stands at `place`, if it is one: the
/// byte itself, or for a space and a hyphen one of their kin.
pub(super) fn separator_length(text: Text<'_>, place: usize, separator: u8) -> Option<usize> {
    if text.at(place) == separator {
        return Some(1);
    }
    let kin: &[&str] = match separator {
        // No-break, figure, thin and narrow no-break space.
        b' ' => &["\u{a0}", "\u{2007}", "\u{2009}", "\u{202f}"],
        // Hyphen, no-break hyphen, figure dash, en dash, minus sign.
        b'-' => &["\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", "\u{2212}"],
        _ => &[],
    };
    kin.iter().find(|kin| text.starts_with(place, kin)).map(|kin| kin.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pattern: &'static str, text: &str) -> Option<(String, usize)> {
        let read = Form::plain(pattern).read(Text::new(text, [""; 2]), 0);
        read.map(|(read, end)| (String::from_utf8(read.as_bytes().to_vec()).unwrap(), end))
    }

    #[test]
    fn a_form_reads_what_is_written_in_it() {
        assert_eq!(read("999-99-9999", "078-05-1120"), Some(("078051120".into(), 11)));
        assert_eq!(read("aa 99 9", "ab\u{a0}12 3x"), Some(("AB123".into(), 8)));
        assert_eq!(read("99-9", "12\u{2011}3"), Some(("123".into(), 6)));
        for text in ["078-05-112", "078 05 1120", "O78-05-1120", ""] {
            assert_eq!(read("999-99-9999", text), None, "{text}");
        }
    }

    #[test]
    fn a_form_is_entered_by_its_first_word_with_a_digit() {
        let entry = |pattern| {
            let entry = Form::plain(pattern).entry();
            (entry.lead, entry.length)
        };
        assert_eq!(entry("999-99-9999"), (0, 3));
        assert_eq!(entry("AA 99 99 99 A"), (3, 2));
        assert_eq!(entry("xx.xxx.xxx/xxxx-99"), (16, 2));
        assert_eq!(entry("aaaaaaxxaxxaxxxa"), (0, 16));
        assert_eq!(entry("A-9999999-A"), (2, 7));
    }
}
