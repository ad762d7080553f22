//! No attribute silences a lint without a reason, or a test at all.

use proc_macro2::TokenTree;

use super::tokens::{self, Attribute};
use super::violation::Found;
use super::workspace::Workspace;

/// No `allow`, no `expect` without a reason, no `ignore`, no `should_panic`.
pub(super) fn no_attribute_silences(workspace: &Workspace) -> Vec<Found> {
    let files = workspace.texts(".rs");
    let found = files.flat_map(|(path, text)| {
        let attributes = tokens::attributes(&tokens::of(text));
        let found = |attribute: Attribute| {
            let line = tokens::line(attribute.name.span());
            complaint(&attribute).map(|complaint| Found::on(path, line, complaint))
        };
        attributes.into_iter().filter_map(found).collect::<Vec<_>>()
    });
    found.collect()
}

fn complaint(attribute: &Attribute) -> Option<&'static str> {
    match attribute.name.to_string().as_str() {
        "allow" => Some("write `#[expect(…, reason = \"…\")]` instead of `allow`"),
        "expect" if !has_reason(attribute) => Some("`#[expect(…)]` needs a `reason`"),
        "ignore" => Some("a test that is ignored proves nothing; run it or delete it"),
        "should_panic" => Some("assert on the error instead of `should_panic`"),
        _ => None,
    }
}

fn has_reason(attribute: &Attribute) -> bool {
    let mut arguments = attribute.arguments.clone().into_iter();
    arguments.any(|token: TokenTree| tokens::is_ident(Some(&token), "reason"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        let workspace = Workspace::default().with_file("a.rs", text);
        no_attribute_silences(&workspace).into_iter().map(|found| found.place).collect()
    }

    #[test]
    fn silencing_attributes_are_found() {
        let text = "#[allow(dead_code, reason = \"r\")]\nfn a() {}\n#[expect(dead_code)]\nfn b() {}\n\
                    #[test]\n#[ignore = \"slow\"]\nfn c() {}\n#[should_panic(expected = \"e\")]\nfn d() {}\n";
        assert_eq!(lines(text), ["a.rs:1", "a.rs:3", "a.rs:6", "a.rs:8"]);
    }

    #[test]
    fn an_expectation_with_its_reason_is_fine() {
        assert_eq!(lines("#[expect(dead_code, reason = \"r\")]\nfn a() {}\n"), [""; 0]);
    }
}
