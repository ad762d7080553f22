//! The taxpayer number of a person in Brazil.

use super::super::checksum::{is_uniform, part, weighted};
use super::super::detector::{Detector, Trigger};
use super::super::form::Form;

const FORMS: &[Form] =
    &[Form::plain("999.999.999-99"), Form::plain("999999999-99"), Form::plain("99999999999")];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "taxpayer number of a person in Brazil (CPF)",
    source: "Receita Federal, Instrução Normativa RFB 2172/2024",
    check: "two check digits, modulus 11",
    caution: "one in 100 numbers of eleven digits is taken for one",
    words: &["cpf", "cadastro de pessoas físicas"],
    specimen: || "CPF 390.533.447-05".to_owned(),
    ..Detector::new("br_cpf", "pii.br", Trigger::Forms(FORMS, is_valid))
};

fn is_valid(number: &[u8]) -> bool {
    let check = |weights: &[u32]| weighted(number, weights) * 10 % 11 % 10;
    !is_uniform(number)
        && part(number, 9..10) == check(&[10, 9, 8, 7, 6, 5, 4, 3, 2])
        && part(number, 10..11) == check(&[11, 10, 9, 8, 7, 6, 5, 4, 3, 2])
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn both_check_digits_count() {
        check("br_cpf", "«390.533.447-05», «39053344705», CPF «390533447-05»");
        check("br_cpf", "390.533.447-06 390.533.447-15 111.111.111-11 390533447050 231.002.999-00");
    }
}
