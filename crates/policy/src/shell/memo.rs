//! Command lines that were read, so that rules which ask about the same one read it once.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::OnceLock;

use bounden_base::Json;

use super::{Unread, form, line};

/// What was read while one event is judged. An entry never moves once it is
/// there, so that values can be borrowed from it.
#[derive(Debug, Default)]
pub(crate) struct Memo(OnceLock<Box<Node>>);

/// One command line; others follow by four bits of the digest at each level.
#[derive(Debug)]
struct Node {
    text: String,
    form: Result<Json, Unread>,
    others: [Memo; 16],
}

impl Memo {
    /// The form of a command line.
    pub(crate) fn read(&self, text: &str) -> Result<&Json, Unread> {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let mut digest = hasher.finish();
        let mut place = self;
        loop {
            let node = place.0.get_or_init(|| Box::new(Node::new(text)));
            if node.text == text {
                return node.form.as_ref().map_err(|unread| *unread);
            }
            let next = usize::try_from(digest & 15).unwrap_or_default();
            digest = digest.rotate_right(4);
            match node.others.get(next) {
                Some(next) => place = next,
                None => return Err(Unread::TooLarge),
            }
        }
    }
}

impl Node {
    fn new(text: &str) -> Self {
        let form = line(text).map(|line| form::json(&line));
        Self { text: text.to_owned(), form, others: Default::default() }
    }
}
