//! A token to Shopify.

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::token::{after, hex};

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "token or shared secret of an app of Shopify",
    source: "Shopify documentation, access tokens for apps",
    check: "prefix and 32 hexadecimal digits",
    caution: "none known",
    words: &["shopify token"],
    specimen: || ["shp", "at_", &hex(32)].concat(),
    ..Detector::new(
        "shopify_token",
        "secrets.payment",
        Trigger::Literal(&["shpat_", "shpca_", "shppa_", "shpss_"], |text, prefix| {
            after(text, prefix, alphabet::hex, 32..=32)
        }),
    )
};

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::hex;

    #[test]
    fn its_length_counts() {
        check("shopify_token", &format!("«shpat_{}» «shpss_{}»", hex(32), hex(32)));
        check("shopify_token", &format!("shpat_{} shpzz_{} xshpat_{}", hex(31), hex(32), hex(32)));
    }
}
