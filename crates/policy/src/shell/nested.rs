//! Expansions: variables, commands whose output is used, arithmetic.

use super::read::Reader;
use super::word::{Rest, Word};
use super::{Input, Reads, Unread, chars, variables};

impl Reader<'_, '_> {
    /// What follows a `$` without quotes.
    pub(super) fn dollar(&mut self, word: &mut Word) -> Reads<()> {
        if self.take("'") {
            return self.c_quotes(word);
        }
        if self.sees("\"") {
            // The text that a locale has in its place.
            word.lose(Rest::OneWord);
            return Ok(());
        }
        self.expansion(word, false)
    }

    /// What follows a `$` between double quotes.
    pub(super) fn soft_dollar(&mut self, word: &mut Word) -> Reads<()> {
        self.expansion(word, true)
    }

    fn expansion(&mut self, word: &mut Word, quoted: bool) -> Reads<()> {
        let rest = if quoted { Rest::OneWord } else { Rest::AnyWords };
        match self.peek() {
            Some('(') if self.sees("((") => {
                self.at += 2;
                self.arithmetic()?;
                word.lose(rest);
            }
            Some('(') => {
                self.at += 1;
                match self.output(quoted)? {
                    Some(text) => word.push_str(&text),
                    None => word.lose(rest),
                }
            }
            Some('{') => {
                self.at += 1;
                let is_list = self.parameter(quoted)?;
                word.lose(if is_list { Rest::AnyWords } else { rest });
            }
            Some('[') => return Unread::because("it holds arithmetic, which can run programs"),
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                while self.peek().is_some_and(chars::in_name) {
                    self.at += 1;
                }
                if self.sees("[") {
                    return Unread::because("one shell evaluates what follows a variable");
                }
                word.lose(rest);
            }
            // In one shell these expand a variable in another way.
            Some('~' | '=' | '+' | '^') => word.lose(rest),
            Some(c) if c.is_ascii_digit() || "@*#?-$!".contains(c) => {
                self.at += 1;
                word.lose(if matches!(c, '@' | '*') { Rest::AnyWords } else { rest });
            }
            Some('\\') if self.sees("\\\n") => {
                return Unread::because("a line goes on in the middle of a word");
            }
            _ => word.push('$'),
        }
        Ok(())
    }

    /// Commands up to the bracket that closes them.
    pub(super) fn inside_brackets(&mut self) -> Reads<()> {
        let outer = std::mem::take(&mut self.awaited);
        let start = self.at;
        self.deeper(Self::list)?;
        self.bodies_are_complete()?;
        if !outer.is_empty() && self.text.get(start..self.at).is_some_and(|t| t.contains('\n')) {
            return Unread::because("a line ends inside brackets before a here-document");
        }
        self.awaited = outer;
        self.expect(")")
    }

    /// The output of commands, where it is literal: `"$(cat <<'END' …)"`, which
    /// is how a text of several lines is written as one argument.
    fn output(&mut self, quoted: bool) -> Reads<Option<String>> {
        let before = self.line.segments.len();
        self.inside_brackets()?;
        let Some([only]) = self.line.segments.get(before..) else { return Ok(None) };
        let is_copied = quoted
            && only.path == "cat"
            && only.args.is_empty()
            && only.env.is_empty()
            && !self.line.defines;
        let Input::Here(body) = only.input else { return Ok(None) };
        let text = self.line.bodies.get(body).and_then(Option::as_ref).filter(|_| is_copied);
        Ok(text.map(|text| text.trim_end_matches('\n').to_owned()))
    }

    /// Commands between backticks, after their own escapes.
    pub(super) fn backticks(&mut self, quoted: bool) -> Reads<()> {
        let mut text = String::new();
        loop {
            match self.next() {
                None => return Unread::because("a backtick is not closed"),
                Some('`') => break,
                Some('"') if quoted => {
                    return Unread::because("shells differ about quotes in backticks in quotes");
                }
                Some('\\') => match self.next() {
                    Some(c @ ('\\' | '`' | '$')) => text.push(c),
                    Some('"') if quoted => {
                        return Unread::because(
                            "shells differ about quotes in backticks in quotes",
                        );
                    }
                    Some(c) => text.extend(['\\', c]),
                    None => return Unread::because("a backtick is not closed"),
                },
                Some(c) => text.push(c),
            }
        }
        self.deeper(|reader| reader.script_inside(&text))
    }

    /// `$((…))` over numbers only: a name in it may hold an expression that runs programs.
    fn arithmetic(&mut self) -> Reads<()> {
        let is_plain = |c: char| c.is_ascii_digit() || " +-*/%<>=&|^~!?:,".contains(c);
        let mut depth = 0_usize;
        while let Some(c) = self.next() {
            match c {
                '(' => depth += 1,
                ')' if depth > 0 => depth -= 1,
                ')' if self.take(")") => return Ok(()),
                c if is_plain(c) => {}
                _ => break,
            }
        }
        Unread::because("it holds arithmetic, which can run programs by itself")
    }

    /// `${…}` after its opening brace; the answer is whether it stands for a list.
    fn parameter(&mut self, quoted: bool) -> Reads<bool> {
        const UNCLEAR: &str = "an expansion of a variable is not plain";
        let length = self.sees("#") && !self.sees("#}");
        self.at += usize::from(length);
        let rest = self.rest();
        let end = rest.find(|c: char| !(chars::in_name(c))).unwrap_or(0);
        let mut name = rest.get(..end).unwrap_or_default();
        if name.is_empty() {
            name = rest.get(..1).filter(|c| "@*#?-$".contains(c)).unwrap_or_default();
        }
        if name.is_empty() {
            return Unread::because(UNCLEAR);
        }
        self.at += name.len();
        let mut is_list = matches!(name, "@" | "*");
        if self.take("[") {
            let rest = self.rest();
            let index = rest.split(']').next().unwrap_or_default();
            let is_plain = !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit());
            is_list |= matches!(index, "@" | "*");
            if !is_plain && !is_list {
                return Unread::because(UNCLEAR);
            }
            self.at += index.len();
            if !self.take("]") {
                return Unread::because(UNCLEAR);
            }
        }
        if self.take("}") {
            return Ok(is_list);
        }
        if length {
            return Unread::because(UNCLEAR);
        }
        const OPERATORS: [&str; 18] = [
            ":-", ":=", ":?", ":+", "##", "%%", "//", "/#", "/%", "^^", ",,", "-", "=", "?", "+",
            "#", "%", "/",
        ];
        let operator = OPERATORS.into_iter().find(|operator| self.take(operator));
        match operator {
            Some("=" | ":=") => variables::set(self.line, name)?,
            Some(_) => {}
            None => return self.part_of_value().map(|()| is_list),
        }
        self.deeper(|reader| reader.operand(quoted))?;
        Ok(is_list)
    }

    /// `${x:1:2}`, `${x^}`, `${x,}`: numbers only.
    fn part_of_value(&mut self) -> Reads<()> {
        let rest = self.rest();
        let inner = rest.split('}').next().unwrap_or_default();
        let is_number = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | ':');
        let is_range = inner.starts_with(':') && inner.chars().all(is_number);
        if !(is_range || matches!(inner, "^" | ",")) || inner.len() == rest.len() {
            return Unread::because("an expansion of a variable is not plain");
        }
        self.at += inner.len() + 1;
        Ok(())
    }

    /// The word inside `${x:-word}`. Quotes in it are read differently by
    /// different shells where it stands between quotes itself.
    fn operand(&mut self, quoted: bool) -> Reads<()> {
        let mut word = Word::default();
        while let Some(c) = self.next() {
            match c {
                '}' => return Ok(()),
                '\'' | '"' | '\\' | '{' | '<' | '>' => {
                    return Unread::because("an expansion of a variable holds quotes or brackets");
                }
                '$' if quoted => self.soft_dollar(&mut word)?,
                '$' => self.dollar(&mut word)?,
                '`' => self.backticks(quoted)?,
                '(' | ')' | ';' | '&' | '|' | '\n' if !quoted => {
                    return Unread::because("an expansion of a variable holds quotes or brackets");
                }
                _ => {}
            }
        }
        Unread::because("a brace is not closed")
    }
}
