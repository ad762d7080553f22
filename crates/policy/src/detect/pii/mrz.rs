//! The machine-readable zone of a passport or identity card.

use std::ops::Range;

use super::super::checksum::icao;
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "machine-readable zone of a passport, visa or identity card",
    source: "ICAO Doc 9303 parts 4 to 7",
    check: "the check digits of document number, date of birth and date of expiry, weights 7, 3, 1",
    caution: "only the whole zone with its lines in order; a zone that an eye or a scanner misread fails its check digits",
    specimen: || {
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
            .to_owned()
    },
    ..Detector::new("mrz", "pii.person", Trigger::Bytes(b"<", find))
};

/// A size of document: how many lines of how many characters.
struct Size {
    lines: usize,
    length: usize,
    /// Line, first and last place, check digit's place.
    checks: [(usize, usize, usize); 3],
}

const LONGEST_LINE: usize = 44;

/// Places count through all lines.
const SIZES: [Size; 3] = [
    // TD1, a card: document number, birth, expiry.
    Size { lines: 3, length: 30, checks: [(5, 14, 14), (30, 36, 36), (38, 44, 44)] },
    // TD2.
    Size { lines: 2, length: 36, checks: [(36, 45, 45), (49, 55, 55), (57, 63, 63)] },
    // TD3, a passport.
    Size { lines: 2, length: 44, checks: [(44, 53, 53), (57, 63, 63), (65, 71, 71)] },
];

fn find(text: Text<'_>, at: usize) -> Option<Range<usize>> {
    // The first `<` of a line speaks for it.
    let near = text.slice(at.saturating_sub(LONGEST_LINE)..at);
    let line = at - near.iter().rev().take_while(|byte| is_zone(**byte)).count();
    if text.slice(line..at).contains(&b'<') {
        return None;
    }
    SIZES.iter().find_map(|size| zone(text, line, size))
}

/// The zone of such a size to which the line belongs.
fn zone(text: Text<'_>, line: usize, size: &Size) -> Option<Range<usize>> {
    let mut start = line;
    for _ in 0..size.lines {
        if let Some(end) = read(text, start, size) {
            return Some(start..end);
        }
        // The line that was met first may be a later one.
        let before = start
            - text
                .slice(start.saturating_sub(2)..start)
                .iter()
                .rev()
                .take_while(|byte| is_break(**byte))
                .count();
        if before == start {
            return None;
        }
        start = before.checked_sub(size.length)?;
    }
    None
}

/// Where the zone ends that begins at `start`, if its check digits hold.
fn read(text: Text<'_>, start: usize, size: &Size) -> Option<usize> {
    let mut zone = Vec::with_capacity(90);
    let mut place = start;
    for line in 0..size.lines {
        if line > 0 {
            place +=
                text.slice(place..place + 2).iter().take_while(|byte| is_break(**byte)).count();
        }
        let characters = text.slice(place..place + size.length);
        if characters.len() != size.length || !characters.iter().all(|byte| is_zone(*byte)) {
            return None;
        }
        zone.extend_from_slice(characters);
        place += size.length;
    }
    let is_document = zone.first().is_some_and(|first| b"PVAIC".contains(first));
    let holds = |(first, last, check): (usize, usize, usize)| {
        let check = zone.get(check).filter(|check| check.is_ascii_digit());
        check.is_some_and(|check| {
            u32::from(check - b'0') == icao(zone.get(first..last).unwrap_or_default())
        })
    };
    let is_whole =
        !is_zone(text.before(start)) && !is_zone(text.at(place)) && text.is_whole(&(start..place));
    (is_document && is_whole && size.checks.into_iter().all(holds)).then_some(place)
}

fn is_zone(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'<'
}

fn is_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r' | b' ')
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn the_specimens_of_the_standard_are_found() {
        check(
            "mrz",
            "scan:\n«P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10»\nok",
        );
        check(
            "mrz",
            "«I<UTOD231458907<<<<<<<<<<<<<<<\r\n7408122F1204159UTO<<<<<<<<<<<6\r\nERIKSSON<<ANNA<MARIA<<<<<<<<<<»",
        );
        check("mrz", "«I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<< D231458907UTO7408122F1204159<<<<<<<6»");
    }

    #[test]
    fn check_digits_count() {
        check(
            "mrz",
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C37UTO7408122F1204159ZE184226B<<<<<10",
        );
        check("mrz", "<html><<b>A<B>C</b> P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<");
        check(
            "mrz",
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<1",
        );
    }
}
