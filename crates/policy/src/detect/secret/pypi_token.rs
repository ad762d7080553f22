//! A token to the Python package index.

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::token::{after, letters};

/// Macaroons begin with their version and location, so tokens to one index begin alike.
const PREFIXES: &[&str] = &["pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZw"];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "token to the Python package index or its test instance",
    source: "PyPI help, API tokens; a macaroon in base 64 that begins with its location",
    check: "the location pypi.org or test.pypi.org; fifty characters or more",
    caution: "the macaroon is not taken apart",
    words: &["pypi token"],
    specimen: || ["pypi", "-AgEIcHlwaS5vcmc", &letters(150)].concat(),
    ..Detector::new(
        "pypi_token",
        "secrets.code",
        Trigger::Literal(PREFIXES, |text, prefix| {
            after(text, prefix, alphabet::base64url, 50..=1_000)
        }),
    )
};

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::letters;

    #[test]
    fn its_location_and_length_count() {
        let token = (super::DETECTOR.specimen)();
        check("pypi_token", &format!("password = «{token}»"));
        check("pypi_token", &format!("x{token} {} pypi-{}", &token[..60], letters(150)));
    }
}
