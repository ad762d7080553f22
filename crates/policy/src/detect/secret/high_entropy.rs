//! Characters that look as if they were drawn at random.

use std::ops::Range;

use super::super::alphabet;
use super::super::detector::{Detector, Strength, Trigger};
use super::super::text::Text;
use super::token::letters;

/// Fewest characters in which chance can be told from words.
const LEAST: usize = 20;

/// Two places hold the same character in one of so many pairs at most; of 64
/// characters drawn at random one in 64 do, of English letters one in 15.
const PAIRS: usize = 20;

/// The same for hexadecimal digits, of which one in 16 do.
const HEX_PAIRS: usize = 11;

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "run of characters that looks as if drawn at random",
    source: "W. F. Friedman, The Index of Coincidence (1922)",
    check: "twenty characters or more with letters and digits, of which no more are alike than chance allows",
    caution: "digests, ids and anything in base 64 are found too: only by its name, in no group",
    strength: Strength::Guess,
    specimen: || letters(40),
    ..Detector::new("high_entropy", "", Trigger::Rest(find))
};

fn find(text: Text<'_>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut place = 0;
    while place < text.len() {
        let end = text.run(place, is_part);
        if end - place >= LEAST && is_random(text.slice(place..end)) {
            found.push(place..end);
        }
        place = text.run(end, |byte| !is_part(byte));
    }
    found
}

fn is_part(byte: u8) -> bool {
    alphabet::base64(byte) || alphabet::base64url(byte)
}

fn is_random(run: &[u8]) -> bool {
    let has = |test: fn(&u8) -> bool| run.iter().any(test);
    if !has(u8::is_ascii_digit) || !has(u8::is_ascii_alphabetic) {
        return false;
    }
    let pairs = if run.iter().all(|byte| alphabet::hex(*byte)) { HEX_PAIRS } else { PAIRS };
    let mut counts = [0_usize; 256];
    for byte in run {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let same: usize = counts.iter().map(|count| count * count.saturating_sub(1)).sum();
    same * pairs <= run.len() * (run.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::super::token::hex;
    use super::letters;

    #[test]
    fn random_runs_are_found_and_words_are_not() {
        check("high_entropy", &format!("key «{}», «{}»", letters(40), hex(40)));
        check(
            "high_entropy",
            "internationalization_of_everything aaaaaaaaaaaaaaaaaaaaaaa1 short1Key",
        );
        check("high_entropy", "12345678901234567890123456789012");
    }
}
