//! From the address of a document to its file, and what is pinned beside it.

use std::path::{Path, PathBuf};

use bounden_base::{Diagnostic, Span};
use bounden_lsp::Pinned;
use lsp_types::Uri;
use percent_encoding::percent_decode_str;

use crate::commands::check::input::{NAMES, pinned_beside};

/// The language that editors may give to intents.
const LANGUAGE: &str = "behavior-intent";

/// What is pinned beside a document; nothing for one that is in no file.
pub(super) fn pinned(uri: &Uri) -> Pinned {
    let Some(path) = path(uri) else { return Pinned::default() };
    match pinned_beside(&path) {
        Ok((contracts, problem)) => Pinned { contracts, problem },
        Err(failure) => {
            let problem = Diagnostic::error("B130", Span::at(0), failure.to_string());
            Pinned { contracts: None, problem: Some(problem) }
        }
    }
}

/// Whether a document is an intent, for editors that send every YAML file.
pub(super) fn is_intent(uri: &Uri, language: &str, text: &str) -> bool {
    let path = PathBuf::from(percent_decode_str(uri.path().as_str()).decode_utf8_lossy().as_ref());
    let is_named = path.extension().is_some_and(|extension| extension == "intent")
        || NAMES.iter().any(|name| path.file_name() == Path::new(name).file_name());
    let says_so = |line: &str| {
        let value = line.strip_prefix("schema:").unwrap_or_default();
        value.trim_start_matches([' ', '"', '\'']).starts_with("behavior.intent/")
    };
    is_named || language == LANGUAGE || text.lines().any(says_so)
}

/// The file of a `file` address (RFC 8089).
fn path(uri: &Uri) -> Option<PathBuf> {
    if uri.scheme()?.as_str() != "file" {
        return None;
    }
    let path = percent_decode_str(uri.path().as_str()).decode_utf8().ok()?;
    Some(PathBuf::from(path.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_file_or_none() {
        let shown = |uri: &str| path(&uri.parse().unwrap()).map(|path| path.display().to_string());
        assert_eq!(shown("file:///a%20b/%C3%BC.intent").as_deref(), Some("/a b/ü.intent"));
        assert_eq!(shown("untitled:Untitled-1"), None);
    }

    #[test]
    fn an_intent_is_known_by_its_name_its_language_or_its_first_key() {
        for (uri, language, text, expected) in [
            ("file:///a/behavior.intent", "yaml", "", true),
            ("file:///a/behavioral-spec.yaml", "yaml", "", true),
            ("untitled:x", "behavior-intent", "", true),
            ("untitled:x", "yaml", "# x\nschema: \"behavior.intent/v1\"\n", true),
            ("file:///a/values.yaml", "yaml", "a: 1\n", false),
        ] {
            assert_eq!(is_intent(&uri.parse().unwrap(), language, text), expected, "{uri}");
        }
    }
}
