//! The taxpayer number of a company in Brazil.

use super::super::checksum::is_uniform;
use super::super::detector::{Detector, Trigger};
use super::super::form::Form;

const FORMS: &[Form] = &[
    Form::plain("xx.xxx.xxx/xxxx-99"),
    Form::plain("99999999999999"),
    Form::named("xxxxxxxxxxxx99"),
];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "taxpayer number of a company in Brazil (CNPJ), also with letters as issued since 2026",
    source: "Receita Federal, Instrução Normativa RFB 2229/2024",
    check: "two check digits, modulus 11; a letter counts as its ASCII code less 48",
    caution: "one in 100 numbers of fourteen digits is taken for one; letters without separators only where a word names it",
    words: &["cnpj", "cadastro nacional da pessoa jurídica"],
    specimen: || "CNPJ 12.ABC.345/01DE-35".to_owned(),
    ..Detector::new("br_cnpj", "pii.br", Trigger::Forms(FORMS, is_valid))
};

fn is_valid(number: &[u8]) -> bool {
    let digit = |length: usize| number.get(length).map(|byte| u32::from(byte.wrapping_sub(b'0')));
    !is_uniform(number)
        && digit(12) == Some(check_digit(number, 12))
        && digit(13) == Some(check_digit(number, 13))
}

/// The check digit of the first `length` characters.
fn check_digit(number: &[u8], length: usize) -> u32 {
    let body = number.get(..length).unwrap_or_default();
    let values = body.iter().rev().map(|byte| u32::from(byte.wrapping_sub(b'0')));
    let sum: u32 = values.zip((2..=9).cycle()).map(|(value, weight)| value * weight).sum();
    sum * 10 % 11 % 10
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn both_check_digits_count_with_letters_too() {
        check("br_cnpj", "«16.727.230/0001-97» «16727230000197» «12.ABC.345/01DE-35»");
        check("br_cnpj", "CNPJ: «12ABC34501DE35»");
        check("br_cnpj", "16.727.230/0001-98 12.ABC.345/01DE-36 12ABC34501DE35 00000000000000");
    }
}
