//! A telephone number.

use std::ops::Range;

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "telephone number",
    source: "ITU-T E.164 with its list of assigned country codes, E.123; North American Numbering Plan; national numbers that begin with 0",
    check: "country code, area and exchange codes, number of digits; no date",
    caution: "digits alone, and national numbers that do not begin with 0 outside North America, only where a word names them; extensions are left",
    words: &[
        "phone",
        "phone number",
        "telephone",
        "tel",
        "mobile",
        "cell",
        "cellphone",
        "fax",
        "call",
        "sms",
        "whatsapp",
        "telefon",
        "telefono",
        "teléfono",
        "téléphone",
        "telefone",
        "handy",
        "msisdn",
    ],
    specimen: || "+1 202-555-0143".to_owned(),
    ..Detector::new("phone", "pii.contact", Trigger::Rest(find))
};

/// Country codes of one and two digits; those of three are all others of their hundreds.
const SHORT_CODES: &[u32] = &[
    1, 7, 20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54,
    55, 56, 57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
];

/// The tens of country codes of three digits that ITU has assigned (E.164, annex).
const LONG_CODES: &[u32] =
    &[21, 22, 23, 24, 25, 26, 29, 35, 37, 38, 42, 50, 59, 67, 68, 69, 80, 85, 87, 88, 96, 97, 99];

/// Most digits (E.164 section 6.1), and the fewest that an international number is taken to have.
const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

/// Between two digits, what makes one number of them.
const JOINING: &[u8] = b":.-/,";

/// Fewest digits of any number to call.
const LEAST: usize = 7;

/// What stands where digits are grouped.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    /// Its digits.
    range: (usize, usize),
    /// Digits up to its end.
    total: usize,
    /// Whether brackets that were opened are closed behind it.
    is_closed: bool,
}

/// Most groups of one number.
const MOST_GROUPS: usize = 8;

fn find(text: Text<'_>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    // What was found ends the text for what stands before, and begins it for what stands behind.
    let mut rest = text;
    let mut offset = 0;
    while let Some(digit) = rest.slice(from..rest.len()).iter().position(u8::is_ascii_digit) {
        let start = from + digit;
        match number(rest, start) {
            Some(range) => {
                offset += range.end;
                found.push(offset - range.len()..offset);
                rest = rest.part(range.end..rest.len());
                from = 0;
            }
            None => from = rest.run(start, alphabet::digit),
        }
    }
    found
}

/// The number whose first digit stands at `first`.
fn number(text: Text<'_>, first: usize) -> Option<Range<usize>> {
    let bracket = first - usize::from(text.before(first) == b'(');
    let start = bracket - usize::from(text.before(bracket) == b'+');
    let before = text.before(start);
    // A number that goes on another one is part of it.
    let continues = alphabet::word(before)
        || JOINING.contains(&before) && text.before(start - 1).is_ascii_digit();
    if continues {
        return None;
    }
    let (groups, count) = groups(text, first, bracket != first);
    let groups = groups.get(..count)?;
    if groups.last()?.total < LEAST {
        return None;
    }
    // Of several numbers in a row only the first can begin with a prefix or follow its name.
    let is_first = before != b' ' || !text.before(start - 1).is_ascii_digit();
    let end = match text.slice(first..first + 2) {
        _ if start != bracket => international(text, groups, 0),
        b"00" => international(text, groups, 2).filter(|_| is_first && groups.len() > 1),
        [b'0', _] => national(text, groups).filter(|_| is_first),
        _ => american(text, groups),
    };
    let end = end.or_else(|| if is_first { named(text, start, groups) } else { None })?;
    Some(start..end)
}

/// The groups of digits from `first` on, with what may separate them, and how many there are.
fn groups(text: Text<'_>, first: usize, is_open: bool) -> ([Group; MOST_GROUPS], usize) {
    let mut groups = [Group::default(); MOST_GROUPS];
    let mut count = 0;
    let (mut place, mut total, mut is_open) = (first, 0, is_open);
    for group in &mut groups {
        let end = text.run(place, alphabet::digit);
        total += end - place;
        if end == place || total > 2 * *DIGITS.end() {
            break;
        }
        let mut next = end;
        while next < end + 3 {
            match text.at(next) {
                b')' if is_open => is_open = false,
                b'(' if !is_open => is_open = true,
                b' ' | b'-' | b'.' | b'/' => {}
                0xc2 if text.at(next + 1) == 0xa0 => next += 1,
                0xe2 if matches!(
                    text.slice(next + 1..next + 3),
                    [0x80, 0x90..=0x93] | [0x88, 0x92]
                ) =>
                {
                    next += 2
                }
                _ => break,
            }
            next += 1;
        }
        let is_closed = !text.slice(place..end).is_empty()
            && (!is_open || text.slice(end..next).contains(&b'('));
        *group = Group { range: (place, end), total, is_closed };
        count += 1;
        place = next;
    }
    (groups, count)
}

/// Where the number may end: behind a group, not in a word, a time or a fraction.
fn may_end(text: Text<'_>, group: &Group) -> bool {
    let (_, end) = group.range;
    let goes_on = match text.at(end) {
        byte if JOINING.contains(&byte) => text.at(end + 1).is_ascii_digit(),
        byte => alphabet::word(byte),
    };
    group.is_closed && !goes_on
}

/// Any such end: where more digits follow, they belong to something else.
fn is_word_end(text: Text<'_>, group: &Group) -> bool {
    let (_, end) = group.range;
    let is_time = text.at(end) == b':' && text.at(end + 1).is_ascii_digit();
    group.is_closed && !alphabet::word(text.at(end)) && !is_time
}

/// A number with its country code, which stands behind so many digits.
fn international(text: Text<'_>, groups: &[Group], prefix: usize) -> Option<usize> {
    let digits = || {
        let all = groups.iter().flat_map(|group| text.slice(group.range.0..group.range.1));
        all.skip(prefix).map(|digit| u32::from(digit - b'0'))
    };
    let [one, two, three] =
        [1, 2, 3].map(|count| digits().take(count).fold(0, |code, digit| code * 10 + digit));
    let is_assigned = SHORT_CODES.contains(&one)
        || SHORT_CODES.contains(&two)
        || LONG_CODES.contains(&(three / 10));
    if !is_assigned {
        return None;
    }
    let lengths = if one == 1 { 11..=11 } else { DIGITS };
    let fits = |group: &&Group| {
        lengths.contains(&group.total.saturating_sub(prefix)) && is_word_end(text, group)
    };
    // A digit or two behind a whole number are something else.
    let mut last: Option<&Group> = None;
    for group in groups.iter().filter(fits) {
        let length = group.range.1 - group.range.0;
        if last.is_some_and(|last| length < 2 || last.total + length != group.total) {
            break;
        }
        last = Some(group);
    }
    last.map(|group| group.range.1)
}

/// `202-555-0143`, `(202) 555-0143`, `1-202-555-0143`.
fn american(text: Text<'_>, groups: &[Group]) -> Option<usize> {
    let groups = match groups {
        [one, rest @ ..] if text.slice(one.range.0..one.range.1) == b"1" => rest,
        all => all,
    };
    let [area, exchange, line, ..] = groups else { return None };
    let parts = [area, exchange, line].map(|group| text.slice(group.range.0..group.range.1));
    let is_code = |code: &[u8]| code.first().is_some_and(|first| *first >= b'2');
    let [area, exchange, number] = parts;
    let is_number =
        matches!(parts.map(<[u8]>::len), [3, 3, 4]) && is_code(area) && is_code(exchange);
    (is_number && !number.is_empty() && may_end(text, line)).then_some(line.range.1)
}

/// `030 1234567`, `01 23 45 67 89`, `(0171) 123-4567`: begins with the trunk prefix.
fn national(text: Text<'_>, groups: &[Group]) -> Option<usize> {
    let first = groups.first()?;
    let is_date = has_lengths(groups, [2, 2, 4]);
    let starts = text.at(first.range.0) == b'0' && (2..=6).contains(&first.total);
    let fits = |group: &&Group| (9..=12).contains(&group.total) && may_end(text, group);
    let last = groups.iter().skip(1).rev().find(fits)?;
    (starts && !is_date).then_some(last.range.1)
}

/// Digits in any groups, where a word says that they are a number to call.
fn named(text: Text<'_>, start: usize, groups: &[Group]) -> Option<usize> {
    let fits = |group: &&Group| (LEAST..=15).contains(&group.total) && may_end(text, group);
    let last = groups.iter().rev().find(fits)?;
    let is_date =
        groups.len() == 3 && (has_lengths(groups, [2, 2, 4]) || has_lengths(groups, [4, 2, 2]));
    (!is_date && text.is_named(start, DETECTOR.words)).then_some(last.range.1)
}

/// Whether the first three groups are so long.
fn has_lengths(groups: &[Group], lengths: [usize; 3]) -> bool {
    let own = groups.iter().map(|group| group.range.1 - group.range.0);
    own.take(3).eq(lengths)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn international_numbers_are_found() {
        check("phone", "ring «+1 (202) 555-0143» today, «+493012345678», «+44 20 7946 0958»");
        check(
            "phone",
            "«+33 6 12 34 56 78», «+49 (0)30 123456», «+1.202.555.0143», «0049 30 123456»",
        );
        check("phone", "(«+353 1 234 5678»), «+998 71 123 45 67»; «+1 202-555-0143» 4 people");
        check("phone", "«+1\u{a0}202\u{2011}555\u{2011}0143» at «+44 20 7946 0958» 12:30");
    }

    #[test]
    fn national_numbers_are_found() {
        check("phone", "«202-555-0143», «(202) 555-0143», «202.555.0143», «1-202-555-0143»");
        check("phone", "«030 1234567», «(0171) 123-4567», «01 23 45 67 89», «020 7946 0958»");
    }

    #[test]
    fn digits_alone_have_to_be_named() {
        check(
            "phone",
            "Tel. «5550143», phone: «2025550143», call me at «555 0143» now, {\"mobile\":\"«91 98765 43210»\"}",
        );
        check("phone", "2025550143 and 91 98765 43210, recall 2025550143");
    }

    #[test]
    fn other_numbers_are_left() {
        check("phone", "order W1234567 of 2026-01-02 for $499.00, 01-02-2026, 01.02.2026 10:30");
        check("phone", "version 3.2.0, 30 days, 192.168.100.200, 2026-01-02T03:04:05.123456Z");
        check(
            "phone",
            "+289 12345678 +12 34 +1 202-555-014 12-202-555-0143 202-555-0143-1 102-555-0143",
        );
        check("phone", "DE89 3704 0044 0532 0130 01, 17 030 1234567");
        check("phone", "0.5551234567 1,234,567,890 12 345 678 0x2025550143 050505050505050505");
    }
}
