//! Bytes in JSON, written as canonical standard Base64 with padding (RFC 4648 section 4).

use std::fmt;

use base64ct::{Base64 as Standard, Encoding as _};
use serde::{Deserialize, Serialize};

/// Bytes that are Base64 in text; every value has exactly one spelling.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Base64(Vec<u8>);

/// A text is not canonical Base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not canonical Base64 (RFC 4648 section 4, with padding)")]
pub struct Base64Error;

impl Base64 {
    /// The text of `bytes`.
    #[must_use]
    pub fn encode(bytes: &[u8]) -> String {
        Standard::encode_string(bytes)
    }

    /// The bytes of `text`.
    ///
    /// # Errors
    /// Any text that [`Base64::encode`] would not write.
    pub fn decode(text: &str) -> Result<Vec<u8>, Base64Error> {
        Standard::decode_vec(text).map_err(|_| Base64Error)
    }

    /// The bytes themselves.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Base64 {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<Base64> for String {
    fn from(bytes: Base64) -> Self {
        Base64::encode(&bytes.0)
    }
}

impl TryFrom<String> for Base64 {
    type Error = Base64Error;

    fn try_from(text: String) -> Result<Self, Base64Error> {
        Self::decode(&text).map(Self)
    }
}

impl fmt::Debug for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Self::encode(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_only() {
        assert_eq!(Base64::decode("YQ=="), Ok(b"a".to_vec()));
        for bad in ["YR==", "YQ", "YQ=", " YQ==", "YQ==\n", "Y-==", "YQ==YQ=="] {
            assert_eq!(Base64::decode(bad), Err(Base64Error), "{bad:?}");
        }
    }
}
