//! The universal number of a person in Poland.

use super::super::checksum::{part, weighted};
use super::super::detector::{Detector, Trigger};
use super::super::form::Form;
use super::calendar;

const FORMS: &[Form] = &[Form::plain("99999999999")];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "number of a person in Poland (PESEL)",
    source: "Act on the population register of 24 September 2010, article 15",
    check: "modulus 10, weights 1, 3, 7, 9; the date of birth with its century",
    caution: "one in 56 numbers of eleven digits is taken for one",
    words: &["pesel"],
    specimen: || "PESEL 44051401359".to_owned(),
    ..Detector::new("pl_pesel", "pii.eu", Trigger::Forms(FORMS, is_valid))
};

fn is_valid(number: &[u8]) -> bool {
    let sum = weighted(number, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]);
    let century = [1900, 2000, 2100, 2200, 1800];
    let (year, month, day) = (part(number, 0..2), part(number, 2..4), part(number, 4..6));
    let born = century.get(month as usize / 20);
    sum.is_multiple_of(10)
        && born.is_some_and(|century| calendar::has(century + year, month % 20, day))
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;

    #[test]
    fn its_check_digit_and_its_date_count() {
        check("pl_pesel", "PESEL «44051401359», «02070803628», born 2002: «02270803624»");
        check("pl_pesel", "44051401358 44951401359 440514013590 44053201355 a44051401359");
    }
}
