//! Words at the end of a text.

/// The longest end of `text` that is made of such characters.
pub(crate) fn at_end(text: &str, is_part: impl Fn(char) -> bool) -> &str {
    let length: usize = text.chars().rev().take_while(|c| is_part(*c)).map(char::len_utf8).sum();
    text.get(text.len() - length..).unwrap_or_default()
}

/// What the names of members and functions are made of.
pub(crate) fn is_in_member(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_is_what_follows_anything_else() {
        for (text, expected) in
            [("a.b_1", "b_1"), ("a é", ""), ("é1", "1"), ("", ""), ("all", "all")]
        {
            assert_eq!(at_end(text, is_in_member), expected);
        }
    }
}
