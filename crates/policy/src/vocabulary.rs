//! The words that expressions are made of, for editors and for whoever explains them.

use crate::typing;

/// A word with an example of its use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub name: &'static str,
    /// How it is written, such as `size(args.items)`.
    pub example: &'static str,
}

/// What stands before an opening bracket: `has`, `calls` and the like.
pub fn functions() -> impl Iterator<Item = Word> {
    words(&typing::FUNCTIONS)
}

/// What follows a value after a dot: `contains`, `matches` and the like.
pub fn methods() -> impl Iterator<Item = Word> {
    words(&typing::METHODS)
}

/// What follows `calls(…)` after a dot: `by`, `within`, `count` and the like.
pub fn links() -> impl Iterator<Item = Word> {
    words(&typing::LINKS)
}

fn words(list: &'static [(&str, &str)]) -> impl Iterator<Item = Word> {
    list.iter().map(|(name, example)| Word { name, example })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_shows_its_word() {
        for word in functions().chain(methods()).chain(links()) {
            assert!(word.example.contains(word.name), "{word:?}");
        }
    }
}
