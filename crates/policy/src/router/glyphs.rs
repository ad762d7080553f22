//! One plain letter for all the signs that look like it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The letters of a text as they are compared: compatibility forms resolved
/// (Unicode Standard Annex 15, form KD), marks and invisible characters
/// dropped, look-alikes of Latin letters replaced, in lower case.
pub(super) fn plain(text: &str) -> impl Iterator<Item = char> + '_ {
    text.nfkd()
        .filter(|character| !is_invisible(*character))
        .map(look_alike)
        .flat_map(char::to_lowercase)
        .filter(|character| !is_combining_mark(*character))
}

/// Characters that a reader does not see, which would otherwise part a word
/// (`Default_Ignorable_Code_Point` of the Unicode Character Database).
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'
            | '\u{1160}'
            | '\u{17B4}'
            | '\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFF8}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// The Latin letter that a Cyrillic, Greek, Armenian or barred one is mistaken for
/// (a part of the table of Unicode Technical Standard 39, section 4).
fn look_alike(character: char) -> char {
    match character {
        'А' | 'а' | 'Α' | 'α' | 'ɑ' => 'a',
        'В' | 'в' | 'Β' | 'β' | 'ʙ' => 'b',
        'С' | 'с' | 'Ϲ' | 'ϲ' | 'ᴄ' => 'c',
        'ԁ' | 'đ' | 'Đ' | 'ð' | 'ᴅ' => 'd',
        'Е' | 'е' | 'Ε' | 'ε' | 'ҽ' | 'ᴇ' => 'e',
        'Ғ' | 'ғ' | 'ƒ' => 'f',
        'ɡ' | 'ց' => 'g',
        'Н' | 'н' | 'Η' | 'һ' | 'Һ' | 'հ' | 'ħ' => 'h',
        'І' | 'і' | 'Ι' | 'ι' | 'ı' | 'ɩ' | 'ӏ' => 'i',
        'Ј' | 'ј' | 'ϳ' => 'j',
        'К' | 'к' | 'Κ' | 'κ' | 'ᴋ' => 'k',
        'Ӏ' | 'ł' | 'Ł' | 'ʟ' | 'ւ' => 'l',
        'М' | 'м' | 'Μ' | 'ᴍ' => 'm',
        'Ν' | 'η' | 'ո' | 'ռ' | 'ɴ' => 'n',
        'О' | 'о' | 'Ο' | 'ο' | 'σ' | 'օ' | 'ø' | 'Ø' | 'ᴏ' => 'o',
        'Р' | 'р' | 'Ρ' | 'ρ' | 'ᴘ' => 'p',
        'Ԛ' | 'ԛ' | 'գ' => 'q',
        'г' | 'ᴦ' | 'ʀ' => 'r',
        'Ѕ' | 'ѕ' | 'ꜱ' => 's',
        'Т' | 'т' | 'Τ' | 'τ' | 'ᴛ' => 't',
        'υ' | 'ս' | 'ᴜ' => 'u',
        'ν' | 'ѵ' | 'Ѵ' | 'ᴠ' => 'v',
        'Ԝ' | 'ԝ' | 'ω' | 'ѡ' | 'ᴡ' => 'w',
        'Х' | 'х' | 'Χ' | 'χ' => 'x',
        'У' | 'у' | 'Υ' | 'γ' | 'ү' | 'Ү' | 'ʏ' => 'y',
        'Ζ' | 'ζ' | 'ᴢ' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike_becomes_alike() {
        for disguised in [
            "delete",
            "DELETE",
            "dеlеtе",
            "ｄｅｌｅｔｅ",
            "𝐝𝐞𝐥𝐞𝐭𝐞",
            "ⓓⓔⓛⓔⓣⓔ",
            "d\u{200B}e\u{AD}l\u{2060}ete",
            "dé́lètę",
            "DEŁETE",
            "ᴅᴇʟᴇᴛᴇ",
            "\u{202E}delete\u{202C}",
        ] {
            assert_eq!(plain(disguised).collect::<String>(), "delete", "{disguised}");
        }
    }

    #[test]
    fn other_scripts_stay_apart() {
        let plain = |text| plain(text).collect::<String>();
        assert_eq!(plain("退款"), "退款");
        assert_ne!(plain("верните деньги"), plain("закройте счёт"));
    }
}
