//! The key of a storage account in Azure.

use std::ops::Range;

use super::super::detector::{Detector, Strength, Trigger};
use super::super::text::Text;
use super::super::{alphabet, value};
use super::token;

const NAMES: &[&str] =
    &["AccountKey=", "accountKey", "account_key", "ACCOUNT_KEY", "SharedAccessKey="];

pub(in super::super) const DETECTOR: Detector = Detector {
    about: "key of a storage account or a message bus in Azure",
    source: "Microsoft Learn, Azure Storage connection strings: 64 or 32 bytes in base 64",
    check: "length and padding",
    caution: "only where a connection string or a name says what it is",
    words: &["account key", "storage key", "shared access key"],
    strength: Strength::Both,
    member: Some(|text| key(text, 0).filter(|range| range.end == text.len())),
    specimen: || ["AccountKey", "=", &token::letters(86), "=="].concat(),
    ..Detector::new(
        "azure_storage_key",
        "secrets.cloud",
        Trigger::Literal(NAMES, |text, name| key(text, value::start(text, name.end))),
    )
};

fn key(text: Text<'_>, start: usize) -> Option<Range<usize>> {
    let body = text.run(start, alphabet::base64);
    let end = text.run(body, |byte| byte == b'=');
    let is_key = matches!((body - start, end - body), (86, 2) | (43, 1));
    (is_key && !text.goes_on_after(end)).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::check;
    use super::token::letters;

    #[test]
    fn its_length_counts() {
        let key = format!("{}==", letters(86));
        check("azure_storage_key", &format!("AccountName=a;AccountKey=«{key}»;EndpointSuffix=x"));
        check(
            "azure_storage_key",
            &format!("SharedAccessKeyName=a;SharedAccessKey=«{}=»", letters(43)),
        );
        check("azure_storage_key", &format!("AccountKey=A{key} {key} AccountKey={}", &key[..87]));
    }
}
