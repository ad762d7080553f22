//! Words and their quotes, and what in them is not literal.

use super::read::Reader;
use super::word::{Rest, Word};
use super::{Reads, Unread, chars};

/// What is open in a word: where a brace began that a comma would make an expansion.
#[derive(Default)]
struct Open {
    brace: Option<usize>,
    bracket: bool,
}

impl Reader<'_, '_> {
    /// The next word; nothing is read where none comes next.
    pub(super) fn word(&mut self) -> Reads<Word> {
        let mut word = Word::default();
        let mut open = Open::default();
        let start = self.at;
        while let Some(c) = self.peek() {
            if self.sees("<(") || self.sees(">(") {
                word.push('/');
                word.lose(Rest::OneWord);
                self.at += 2;
                self.inside_brackets()?;
                continue;
            }
            if chars::ends_word(c) {
                break;
            }
            let is_first = self.at == start;
            self.at += c.len_utf8();
            match c {
                '\'' => self.single(&mut word)?,
                '"' => {
                    word.is_quoted = true;
                    self.double(&mut word)?;
                }
                '\\' => self.escaped(&mut word)?,
                '$' => self.dollar(&mut word)?,
                '`' => {
                    self.backticks(false)?;
                    word.lose(Rest::AnyWords);
                }
                _ => self.plain(c, is_first, &mut word, &mut open),
            }
        }
        let raw = self.text.get(start..self.at).unwrap_or_default();
        self.line.spend(raw.len())?;
        if !self.awaited.is_empty() && raw.contains('\n') {
            return Unread::because("a line ends inside a word before a here-document");
        }
        Ok(word)
    }

    /// A character without quotes, which may begin an expansion of names.
    fn plain(&self, c: char, is_first: bool, word: &mut Word, open: &mut Open) {
        let after = |symbols: &[char]| word.beginning().ends_with(symbols);
        let is_alone = is_first && self.peek().is_none_or(chars::ends_word);
        match c {
            '*' | '?' => word.lose(Rest::Alike),
            '[' if !is_alone => {
                open.bracket = true;
                word.push(c);
            }
            ']' if open.bracket => {
                let place = word.beginning().find('[').unwrap_or_default();
                word.lose_from(place, Rest::Alike);
            }
            '~' if is_first || after(&['=', ':']) => {
                // A home begins with `/`; where there is none, the word stays as it is.
                word.push('~');
                word.lose(Rest::OneWord);
            }
            // One shell puts the place of a program there.
            '=' if is_first && !is_alone && !self.sees("=") => word.lose(Rest::OneWord),
            '{' => {
                open.brace.get_or_insert(word.beginning().len());
                word.push(c);
            }
            ',' if open.brace.is_some() => {
                word.lose_from(open.brace.unwrap_or_default(), Rest::Alike);
            }
            '.' if open.brace.is_some() && after(&['.']) => {
                word.lose_from(open.brace.unwrap_or_default(), Rest::Alike);
            }
            _ => word.push(c),
        }
    }

    fn single(&mut self, word: &mut Word) -> Reads<()> {
        word.is_quoted = true;
        let rest = self.rest();
        let Some(end) = rest.find('\'') else {
            return Unread::because("a quote is not closed");
        };
        word.push_str(rest.get(..end).unwrap_or_default());
        self.at += end + 1;
        Ok(())
    }

    fn escaped(&mut self, word: &mut Word) -> Reads<()> {
        match self.next() {
            // Joined with what follows it could be anything: a keyword, an operator, a name.
            Some('\n') if self.peek().is_some_and(|c| !matches!(c, ' ' | '\t' | '\n' | ';')) => {
                Unread::because("a line goes on in the middle of a word")
            }
            Some('\n') => Ok(()),
            Some(c) => {
                word.is_quoted = true;
                word.push(c);
                Ok(())
            }
            None => Unread::because("it ends with a backslash"),
        }
    }

    /// What follows a double quote, to the next one.
    fn double(&mut self, word: &mut Word) -> Reads<()> {
        loop {
            match self.next() {
                None => return Unread::because("a quote is not closed"),
                Some('"') => return Ok(()),
                Some(c) => self.soft(c, word)?,
            }
        }
    }

    /// The text of a here-document, where quotes mean nothing.
    pub(super) fn expanded_body(&mut self, text: &str) -> Reads<()> {
        self.deeper(|reader| {
            reader.line.spend(text.len())?;
            let mut body = Reader::new(text, reader.depth, reader.line);
            let mut word = Word::default();
            while let Some(c) = body.next() {
                body.soft(c, &mut word)?;
            }
            Ok(())
        })
    }

    /// A character where only `$`, `` ` `` and `\` mean something.
    fn soft(&mut self, c: char, word: &mut Word) -> Reads<()> {
        match c {
            '\\' => match self.next() {
                None => return Unread::because("a quote is not closed"),
                Some('\n') => {}
                Some(c @ ('$' | '`' | '"' | '\\')) => word.push(c),
                Some(c) => {
                    word.push('\\');
                    word.push(c);
                }
            },
            '$' => self.soft_dollar(word)?,
            '`' => {
                self.backticks(true)?;
                word.lose(Rest::OneWord);
            }
            c => word.push(c),
        }
        Ok(())
    }

    /// Quotes in which one shell knows C's escapes and another shell does not: the
    /// word is no other than what it begins with, and both have to see one end.
    pub(super) fn c_quotes(&mut self, word: &mut Word) -> Reads<()> {
        let rest = self.rest();
        let plain = rest.find(['\\', '\'']).unwrap_or(rest.len());
        word.push_str(rest.get(..plain).unwrap_or_default());
        word.lose(Rest::OneWord);
        loop {
            match self.next() {
                None => return Unread::because("a quote is not closed"),
                Some('\'') => return Ok(()),
                Some('\\') if self.next() == Some('\'') => {
                    return Unread::because("shells differ about where a quote ends");
                }
                Some(_) => {}
            }
        }
    }
}
