//! Rust files as tokens, so that strings and comments are never taken for code.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};

/// An attribute such as `#[expect(dead_code)]`; `cfg_attr` counts as what it wraps.
pub(super) struct Attribute {
    pub(super) name: Ident,
    pub(super) arguments: TokenStream,
}

/// The tokens of a file; none where it is not Rust, which the compiler says better.
pub(super) fn of(text: &str) -> TokenStream {
    text.parse().unwrap_or_default()
}

/// The line of a token, counted from 1.
pub(super) fn line(span: Span) -> usize {
    span.start().line
}

/// Calls `visit` with every run of sibling tokens: the whole, and the inside of each bracket.
pub(super) fn each_run(tokens: &TokenStream, visit: &mut impl FnMut(&[TokenTree])) {
    let run: Vec<TokenTree> = tokens.clone().into_iter().collect();
    visit(&run);
    for token in &run {
        if let TokenTree::Group(group) = token {
            each_run(&group.stream(), visit);
        }
    }
}

/// Every attribute, wherever it stands, inside macro calls too.
pub(super) fn attributes(tokens: &TokenStream) -> Vec<Attribute> {
    let mut found = Vec::new();
    each_run(tokens, &mut |run| {
        for (at, token) in run.iter().enumerate() {
            if is_punct(Some(token), '#') {
                let inner = usize::from(is_punct(run.get(at + 1), '!'));
                if let Some(content) = bracketed(run.get(at + 1 + inner)) {
                    unwrap_conditions(content, &mut found);
                }
            }
        }
    });
    found
}

/// The bodies of the modules that are compiled for tests only, each with the
/// first and last line of what it takes to write them.
pub(super) fn test_modules(tokens: &TokenStream) -> Vec<(usize, usize, TokenStream)> {
    let mut found = Vec::new();
    each_run(tokens, &mut |run| {
        for (at, token) in run.iter().enumerate() {
            let is_test = bracketed(run.get(at + 1)).is_some_and(|content| is_cfg_test(&content));
            let rest = run.get(at + 2..).unwrap_or_default();
            if is_punct(Some(token), '#')
                && is_test
                && let Some((last, body)) = module_body(rest)
            {
                found.push((line(token.span()), last, body));
            }
        }
    });
    found
}

pub(super) fn is_punct(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

pub(super) fn is_ident(token: Option<&TokenTree>, name: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == name)
}

fn bracketed(token: Option<&TokenTree>) -> Option<TokenStream> {
    match token {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => {
            Some(group.stream())
        }
        _ => None,
    }
}

fn unwrap_conditions(content: TokenStream, found: &mut Vec<Attribute>) {
    let mut content = content.into_iter();
    let Some(TokenTree::Ident(name)) = content.next() else { return };
    let arguments = match content.next() {
        Some(TokenTree::Group(group)) => group.stream(),
        _ => TokenStream::new(),
    };
    if name == "cfg_attr" {
        let parts: Vec<TokenTree> = arguments.into_iter().collect();
        let wrapped = parts.split(|token| is_punct(Some(token), ',')).skip(1);
        wrapped.for_each(|part| unwrap_conditions(part.iter().cloned().collect(), found));
    } else {
        found.push(Attribute { name, arguments });
    }
}

fn is_cfg_test(content: &TokenStream) -> bool {
    content.to_string().replace(' ', "") == "cfg(test)"
}

/// The last line and the body of `mod name { … }`, after further attributes or `pub`.
fn module_body(run: &[TokenTree]) -> Option<(usize, TokenStream)> {
    let ends = |token: &TokenTree| is_punct(Some(token), ';') || braced(token).is_some();
    let (head, rest) = run.split_at(run.iter().position(ends)?);
    let is_module = head.iter().any(|token| is_ident(Some(token), "mod"));
    let last = rest.first().filter(|_| is_module)?;
    Some((last.span().end().line, braced(last)?))
}

fn braced(token: &TokenTree) -> Option<TokenStream> {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group.stream()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_in_macros_and_conditions_and_not_in_strings() {
        let text = r##"
            #![allow(a)]
            m! { #[ignore] fn f() { "#[should_panic]"; } }
            #[cfg_attr(windows, ignore = "no", expect(b))] // #[should_panic]
            fn g() {}
        "##;
        let found = attributes(&of(text));
        let read: Vec<_> =
            found.iter().map(|a| (a.name.to_string(), line(a.name.span()))).collect();
        let expected = [("allow", 2), ("ignore", 4), ("expect", 4), ("ignore", 3)];
        assert!(read.iter().map(|(name, line)| (name.as_str(), *line)).eq(expected), "{read:?}");
    }

    #[test]
    fn test_modules_are_found_with_their_lines() {
        let text = "fn f() {}\n#[cfg(test)]\nmod tests {\n  fn g() {}\n}\n#[cfg(test)]\nmod far;\n";
        let found = test_modules(&of(text));
        let lines: Vec<_> = found.iter().map(|(first, last, _)| (*first, *last)).collect();
        assert_eq!(lines, [(2, 5)]);
    }
}
