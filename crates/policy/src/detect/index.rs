//! What to try where: built once from all detectors.

use std::ops::{Range, RangeInclusive};
use std::sync::LazyLock;

use super::detector::{FindAll, FindAt, Strength, Trigger};
use super::form::{Entry, Form};
use super::kind::Kind;
use super::kinds::Kinds;
use super::literals::Literals;

/// The detectors by what triggers them.
pub(super) struct Index {
    /// By the length of the word that enters the form.
    forms: Vec<Vec<FormEntry>>,
    pub(super) words: Vec<WordEntry>,
    pub(super) bytes: Vec<ByteEntry>,
    pub(super) literals: Literals,
    pub(super) rest: Vec<(Kind, FindAll)>,
    /// The kinds that words with a digit trigger.
    pub(super) by_word: Kinds,
    /// The kinds that some byte triggers.
    pub(super) by_byte: Kinds,
    /// The kinds that the name of a member may mean.
    pub(super) of_members: Vec<Kind>,
}

pub(super) struct FormEntry {
    pub(super) kind: Kind,
    pub(super) form: &'static Form,
    /// Bytes of the form before the word.
    pub(super) lead: usize,
    pub(super) is_valid: fn(&[u8]) -> bool,
}

pub(super) struct WordEntry {
    pub(super) kind: Kind,
    pub(super) lengths: RangeInclusive<usize>,
    pub(super) find: FindAt<Range<usize>>,
}

pub(super) struct ByteEntry {
    pub(super) kind: Kind,
    pub(super) bytes: &'static [u8],
    pub(super) find: FindAt<usize>,
}

pub(super) static INDEX: LazyLock<Index> = LazyLock::new(Index::new);

impl Index {
    fn new() -> Self {
        let mut index = Self {
            forms: Vec::new(),
            words: Vec::new(),
            bytes: Vec::new(),
            literals: Literals::default(),
            rest: Vec::new(),
            by_word: Kinds::NONE,
            by_byte: Kinds::NONE,
            of_members: Kind::all().filter(|kind| kind.detector().member.is_some()).collect(),
        };
        for kind in Kind::all() {
            match &kind.detector().trigger {
                Trigger::Forms(forms, is_valid) => {
                    forms.iter().for_each(|form| index.form(kind, form, *is_valid));
                    index.by_word = index.by_word | kind.into();
                }
                Trigger::Word(lengths, find) => {
                    index.words.push(WordEntry { kind, lengths: lengths.clone(), find: *find });
                    index.by_word = index.by_word | kind.into();
                }
                Trigger::Bytes(bytes, find) => {
                    index.bytes.push(ByteEntry { kind, bytes, find: *find });
                    index.by_byte = index.by_byte | kind.into();
                }
                Trigger::Literal(texts, find) => {
                    texts.iter().for_each(|text| index.literals.add(text, (kind, *find)));
                }
                Trigger::Rest(find) => index.rest.push((kind, *find)),
            }
        }
        // What is left over last is guessed at.
        index.rest.sort_by_key(|(kind, _)| kind.detector().strength == Strength::Guess);
        index.literals.complete();
        index
    }

    fn form(&mut self, kind: Kind, form: &'static Form, is_valid: fn(&[u8]) -> bool) {
        let Entry { lead, length } = form.entry();
        if self.forms.len() <= length {
            self.forms.resize_with(length + 1, Vec::new);
        }
        if let Some(forms) = self.forms.get_mut(length) {
            forms.push(FormEntry { kind, form, lead, is_valid });
        }
    }

    /// The forms that a word of this length enters.
    pub(super) fn forms(&self, length: usize) -> &[FormEntry] {
        self.forms.get(length).map_or(&[], Vec::as_slice)
    }
}
