//! A token to DigitalOcean.

use super::super::alphabet;
use super::super::detector::{Detector, Trigger};
use super::token::{after, hex};

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "token to DigitalOcean: personal, OAuth or refresh",
    source: "DigitalOcean documentation, API tokens",
    check: "prefix with its version and 64 hexadecimal digits",
    caution: "none known",
    words: &["digitalocean token"],
    specimen: || ["dop", "_v1_", &hex(64)].concat(),
    ..Detector::new(
        "digitalocean_token",
        "secrets.cloud",
        Trigger::Literal(&["dop_v1_", "doo_v1_", "dor_v1_"], |text, prefix| {
            after(text, prefix, alphabet::lower_hex, 64..=64)
        }),
    )
};

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::hex;

    #[test]
    fn its_length_counts() {
        check("digitalocean_token", &format!("«dop_v1_{}» «doo_v1_{}»", hex(64), hex(64)));
        check(
            "digitalocean_token",
            &format!("dop_v1_{} dop_v2_{} xdop_v1_{}", hex(63), hex(64), hex(64)),
        );
    }
}
