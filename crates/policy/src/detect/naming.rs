//! Words that say what stands next: `SSN:`, `date_of_birth`, `nhsNumber`.

/// How far before a value its name may stand, in bytes.
pub(super) const NEAR: usize = 40;

/// Whether one of the words stands in these bytes.
pub(super) fn holds(bytes: &[u8], words: &[&str]) -> bool {
    places(bytes, words).any(|(place, word)| end_of(bytes, place, word).is_some())
}

/// Whether the bytes end with one of the words, as `client_secret` does with `secret`.
pub(super) fn ends(bytes: &[u8], words: &[&str]) -> bool {
    let Some(last) = bytes.last().map(u8::to_ascii_lowercase) else { return false };
    let could_end = |word: &&str| last == b's' || word.bytes().next_back() == Some(last);
    words.iter().any(could_end)
        && places(bytes, words).any(|(place, word)| end_of(bytes, place, word) == Some(bytes.len()))
}

/// The part of what stands before a value that may name it: all of it, or where
/// a sign gives the value to a name, that name.
pub(super) fn clause(before: &[u8]) -> &[u8] {
    let is_gap = |byte: &u8| b" \t\"'`>([{".contains(byte);
    let name = before.iter().rposition(|byte| !is_gap(byte));
    match name.and_then(|sign| before.split_at_checked(sign)) {
        Some((clause, [b':' | b'=', ..])) => {
            let ends = |byte: &u8| b",;{}&?|\n".contains(byte);
            let start = clause.iter().rposition(ends).map_or(0, |end| end + 1);
            clause.get(start..).unwrap_or_default()
        }
        _ => before,
    }
}

/// Where words begin, each with those that begin with the same letter.
fn places<'w>(bytes: &[u8], words: &'w [&str]) -> impl Iterator<Item = (usize, &'w str)> {
    let initial = |byte: u8| 1_u32.checked_shl(u32::from(byte | 0x20) % 32).unwrap_or(0);
    let firsts = |word: &&str| word.bytes().next().map_or(0, initial);
    let initials = words.iter().map(firsts).fold(0, |all, one| all | one);
    let begins = move |(place, byte): &(usize, &u8)| {
        initials & initial(**byte) != 0 && !goes_on(bytes, *place)
    };
    let begun = bytes.iter().enumerate().filter(begins);
    begun.flat_map(|(place, _)| words.iter().map(move |word| (place, *word)))
}

/// Where the word ends, if it stands at `place` as a word of its own. Case does
/// not count; a space stands for `_`, `-`, `.`, a space or for nothing at all.
fn end_of(bytes: &[u8], place: usize, word: &str) -> Option<usize> {
    let at = |place: usize| bytes.get(place).copied().unwrap_or(0);
    let mut end = place;
    for wanted in word.bytes() {
        if wanted == b' ' {
            while matches!(at(end), b' ' | b'_' | b'-' | b'.') {
                end += 1;
            }
        } else if at(end).to_ascii_lowercase() == wanted {
            end += 1;
        } else {
            return None;
        }
    }
    let plural = end + usize::from(at(end).eq_ignore_ascii_case(&b's'));
    [end, plural].into_iter().find(|end| !at(*end).is_ascii_alphabetic() || !goes_on(bytes, *end))
}

/// Whether one word spans this place: `nhsNumber` has two.
fn goes_on(bytes: &[u8], place: usize) -> bool {
    let before = place.checked_sub(1).and_then(|place| bytes.get(place)).copied().unwrap_or(0);
    let after = bytes.get(place).copied().unwrap_or(0);
    before.is_ascii_alphanumeric() && !(before.is_ascii_lowercase() && after.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_however_it_is_joined() {
        let words = ["date of birth", "dob", "bsn"];
        for text in [
            "Date of Birth: ",
            "dateOfBirth",
            "date_of_birth\":\"",
            "user.dob=",
            "userDob ",
            "BSN ",
            "her BSNs: ",
            "bsn2: ",
        ] {
            assert!(holds(text.as_bytes(), &words), "{text}");
        }
        for text in ["adobe ", "absnt", "bsnx", "date of", "obsn: ", ""] {
            assert!(!holds(text.as_bytes(), &words), "{text}");
        }
    }

    #[test]
    fn a_sign_gives_a_value_to_one_name() {
        for (before, name) in [
            ("\"dob\":\"1974\",\"due\": \"", "\"due\""),
            ("dob=1974&due=", "due"),
            ("Date of birth (required): ", "Date of birth (required)"),
            ("dob 1974, due ", "dob 1974, due "),
            ("", ""),
            (": ", ""),
        ] {
            assert_eq!(clause(before.as_bytes()), name.as_bytes());
        }
    }

    #[test]
    fn a_name_is_judged_by_how_it_ends() {
        let words = ["secret", "api key", "password"];
        for name in ["client_secret", "x-api-key", "apiKey", "API_KEY", "userPassword"] {
            assert!(ends(name.as_bytes(), &words), "{name}");
        }
        for name in ["password_policy", "secretary", "api_key_id", "passwordless"] {
            assert!(!ends(name.as_bytes(), &words), "{name}");
        }
    }
}
