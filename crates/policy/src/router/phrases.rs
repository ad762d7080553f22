//! Phrases that decide by themselves: the words of a phrase, one after another.

use super::words::Words;

/// The phrases of all topics, those of exclusions first.
#[derive(Debug, Default)]
pub(super) struct Phrases(Vec<Phrase>);

#[derive(Debug)]
struct Phrase {
    topic: usize,
    written: String,
    words: Vec<String>,
}

/// A phrase that a text holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<'p> {
    pub(super) topic: usize,
    /// As the intent writes it.
    pub(super) phrase: &'p str,
}

impl Phrases {
    pub(super) fn add(&mut self, topic: usize, written: &str) {
        let read = Words::of(written);
        let words = (0..read.len()).map(|index| read.word(index).to_owned()).collect();
        self.0.push(Phrase { topic, written: written.to_owned(), words });
    }

    /// The first phrase that the text holds.
    pub(super) fn find(&self, words: &Words) -> Option<Said<'_>> {
        self.0.iter().find_map(|phrase| {
            let holds = (0..words.len()).any(|from| phrase.stands_at(words, from));
            holds.then_some(Said { topic: phrase.topic, phrase: &phrase.written })
        })
    }
}

impl Phrase {
    fn stands_at(&self, words: &Words, from: usize) -> bool {
        from + self.words.len() <= words.len()
            && self.words.iter().enumerate().all(|(at, word)| words.word(from + at) == word)
    }
}
