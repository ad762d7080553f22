//! Every Rust file opens with a sentence that says what it is for.

use super::violation::Found;
use super::workspace::Workspace;

/// The first paragraph of every file is a `//!` comment that ends as a sentence does.
pub(super) fn every_file_opens_with_a_sentence(workspace: &Workspace) -> Vec<Found> {
    let silent = workspace.texts(".rs").filter(|(_, text)| !opens_with_a_sentence(text));
    silent.map(|(path, _)| Found::on(path, 1, "a file opens with one `//!` sentence")).collect()
}

fn opens_with_a_sentence(text: &str) -> bool {
    let paragraph = text.lines().map_while(|line| line.strip_prefix("//! "));
    paragraph.last().is_some_and(|end| end.trim_end().ends_with(['.', ':', '?']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_sentence_is_found() {
        let found = |text| {
            every_file_opens_with_a_sentence(&Workspace::default().with_file("src/a.rs", text))
        };
        for silent in ["", "use std::fs;\n", "//!\n//! Late.\n", "//! a title\n", "\n//! Late.\n"] {
            assert_eq!(found(silent).len(), 1, "{silent:?}");
        }
        for open in ["//! One line.\n", "//! Two\n//! lines.\n//!\n//! more\n"] {
            assert_eq!(found(open), [], "{open:?}");
        }
    }
}
