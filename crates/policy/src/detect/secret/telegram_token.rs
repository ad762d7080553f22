//! A token of a bot of Telegram.

use std::ops::Range;

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::super::text::Text;
use super::token::letters;

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "token of a bot of Telegram",
    source: "Telegram Bot API, authorizing your bot",
    check: "the id of the bot, a colon, AA and 33 characters",
    caution: "none known",
    words: &["telegram token"],
    specimen: || ["110201543:", "AA", &letters(33)].concat(),
    ..Detector::new("telegram_token", "secrets.messaging", Trigger::Word(8..=13, find))
};

fn find(text: Text<'_>, word: Range<usize>) -> Option<Range<usize>> {
    // In an address the id stands behind `bot`.
    let id = if text.starts_with(word.start, "bot") { word.start + 3 } else { word.start };
    let is_id = (8..=10).contains(&(word.end - id))
        && text.slice(id..word.end).iter().all(u8::is_ascii_digit);
    let end = text.run_within(word.end + 1, 36, alphabet::base64url);
    let is_token = is_id && text.starts_with(word.end, ":AA") && end - word.end == 36;
    (is_token && text.is_whole(&(word.start..end))).then_some(id..end)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::letters;

    #[test]
    fn both_parts_count() {
        check(
            "telegram_token",
            &format!(
                "api.telegram.org/bot«110201543:AA{}»/getMe «110201543:AA{}»",
                letters(33),
                letters(33)
            ),
        );
        check(
            "telegram_token",
            &format!(
                "110201543:AA{} 1102015:AA{} 110201543:AB{}",
                letters(32),
                letters(33),
                letters(33)
            ),
        );
    }
}
