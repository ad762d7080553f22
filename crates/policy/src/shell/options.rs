//! Where the options of a program end and its operands begin.

use super::program::filled;
use super::word::Word;
use super::wrappers::Wrapper;
use super::{Reads, Unread, chars, variables};

/// The command that a program runs.
pub(super) struct Inner {
    pub(super) words: Vec<Word>,
    pub(super) env: Vec<String>,
}

/// What a shell is asked to run.
pub(super) struct Shell<'w> {
    /// Whether the first operand is the commands themselves.
    pub(super) is_command: bool,
    pub(super) operands: &'w [Word],
}

/// The command after the options of a program that runs another one.
pub(super) fn after(wrapper: &Wrapper, args: &[Word]) -> Reads<Option<Inner>> {
    const UNCLEAR: &str = "where the options of a program end is not clear";
    let mut words = args.iter();
    let mut inner = Vec::new();
    let mut env = Vec::new();
    let mut hole = None;
    let mut has_options = true;
    let mut operands = wrapper.operands;
    while let Some(word) = words.next() {
        let known = word.known();
        if has_options && word.may_be_flag() && known != Some("-") {
            let Some(option) = known else { return Unread::because(UNCLEAR) };
            if option == "--" {
                has_options = false;
                continue;
            }
            match wrapper.option(option) {
                Some(Opt::Plain) => {}
                Some(Opt::Looks) => return Ok(None),
                Some(Opt::Valued(letter, value)) => {
                    let next = if value.is_empty() { words.next() } else { None };
                    let is_one = next.is_none_or(Word::is_one);
                    if !is_one || (value.is_empty() && next.is_none()) {
                        return Unread::because(UNCLEAR);
                    }
                    if letter == 'I' && wrapper.adds {
                        let given = next.map_or(Some(value), Word::known);
                        let Some(given) = given else { return Unread::because(UNCLEAR) };
                        hole = Some(given.to_owned());
                    }
                }
                None => return Unread::because(UNCLEAR),
            }
            continue;
        }
        if wrapper.assigns
            && let Some((name, _)) = word.beginning().split_once('=')
        {
            if !chars::is_name(name) || !word.is_one() {
                return Unread::because(UNCLEAR);
            }
            variables::check(name)?;
            env.push(name.to_owned());
            continue;
        }
        has_options = false;
        if operands > 0 {
            if !word.is_one() {
                return Unread::because(UNCLEAR);
            }
            operands -= 1;
            continue;
        }
        inner.push(word.clone());
        inner.extend(words.by_ref().cloned());
    }
    if let Some(hole) = hole {
        inner = inner.iter().map(|word| filled(word, &hole)).collect();
    } else if wrapper.adds && !inner.is_empty() {
        inner.push(Word::any_words());
    }
    Ok(Some(Inner { words: inner, env }))
}

/// What an option means to a program that runs another one.
enum Opt<'o> {
    Plain,
    Looks,
    /// The letter, or a space for a long option, and the value in this word.
    Valued(char, &'o str),
}

impl Wrapper {
    fn option<'o>(&self, option: &'o str) -> Option<Opt<'o>> {
        if let Some(long) = option.strip_prefix("--") {
            let (name, value) = long.split_once('=').unwrap_or((long, ""));
            if self.long_valued.contains(&name) {
                return Some(Opt::Valued(' ', value));
            }
            return self.long.contains(&name).then_some(Opt::Plain);
        }
        let letters = option.strip_prefix('-')?;
        for (place, letter) in letters.char_indices() {
            if self.looks.contains(letter) {
                return Some(Opt::Looks);
            }
            if self.valued.contains(letter) {
                let value = letters.get(place + letter.len_utf8()..).unwrap_or_default();
                return Some(Opt::Valued(letter, value));
            }
            if !self.letters.contains(letter) {
                return None;
            }
        }
        Some(Opt::Plain)
    }
}

/// Reads the options of a shell.
pub(super) fn of_shell(args: &[Word]) -> Reads<Shell<'_>> {
    const UNCLEAR: &str = "the options of a shell are not plain";
    const LONG: [&str; 6] =
        ["--login", "--noprofile", "--norc", "--posix", "--restricted", "--verbose"];
    let mut is_command = false;
    let mut operands = args;
    while let Some((word, rest)) = operands.split_first() {
        if !word.may_be_flag() && !word.beginning().starts_with('+') {
            break;
        }
        let Some(option) = word.known() else { return Unread::because(UNCLEAR) };
        operands = rest;
        if matches!(option, "--" | "-") {
            break;
        }
        if LONG.contains(&option) {
            continue;
        }
        let letters = option.get(1..).unwrap_or_default();
        if letters.is_empty() || !letters.chars().all(|c| "abcefhilmnopuvxCEPT".contains(c)) {
            return Unread::because(UNCLEAR);
        }
        is_command |= letters.contains('c');
        for _ in letters.matches('o') {
            match operands.split_first() {
                Some((name, rest)) if name.known().is_some() => operands = rest,
                _ => return Unread::because(UNCLEAR),
            }
        }
    }
    Ok(Shell { is_command, operands })
}
