//! Lines of files, for the origins of a draft.

/// File and line of the first line that holds all of `parts`; the file alone
/// where no line does.
pub(super) fn of(text: &str, file: &str, parts: &[&str]) -> String {
    let line = text.lines().position(|line| parts.iter().all(|part| line.contains(part)));
    line.map_or_else(|| file.to_owned(), |index| format!("{file}:{}", index + 1))
}
