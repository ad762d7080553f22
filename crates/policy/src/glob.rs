//! Tool name patterns: `*` stands for any characters, everything else for itself.

/// Whether the whole of `text` matches `pattern`.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    let after_middle = middle
        .iter()
        .try_fold(rest, |rest, part| rest.find(part).and_then(|at| rest.get(at + part.len()..)));
    after_middle.is_some_and(|rest| rest.ends_with(last))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, text, expected) in [
            ("billing.*", "billing.refund", true),
            ("billing.*", "billings.refund", false),
            ("*", "", true),
            ("a.b", "a.b", true),
            ("a.b", "a.bc", false),
            ("*.delete_*", "crm.delete_user", true),
            ("a*a", "a", false),
            ("a*b*c", "axbxc", true),
            ("a*b*c", "axcxb", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
