//! Simple commands: assignments, words and redirections.

use super::files::Files;
use super::read::Reader;
use super::word::Word;
use super::{Input, Reads, Unread, chars, variables};

/// The parts of one simple command.
#[derive(Debug, Default)]
pub(super) struct Simple {
    /// Variables that are set for it, or for the line where it has no words.
    pub(super) env: Vec<String>,
    pub(super) words: Vec<Word>,
    pub(super) files: Files,
    pub(super) input: Input,
}

impl Reader<'_, '_> {
    pub(super) fn simple(&mut self) -> Reads<()> {
        let mut simple = Simple::default();
        let start = self.at;
        loop {
            self.blanks();
            if self.numbered_redirection(&mut simple)? {
                continue;
            }
            if self.sees("(") {
                return self.function(&simple, start);
            }
            if simple.words.is_empty() && self.sees_index() {
                return Unread::because("an item of a list is set, or one shell takes it for that");
            }
            let before = self.at;
            let word = self.word()?;
            if self.at == before {
                break;
            }
            self.part(word, before, &mut simple)?;
        }
        if self.at == start {
            return Unread::because("a command is missing");
        }
        self.run_or_set(simple)
    }

    /// Whether a name with a bracket comes next. Where a variable may be set, bash
    /// reads on to the closing bracket over spaces, comments and semicolons.
    fn sees_index(&self) -> bool {
        let rest = self.rest();
        let name = rest.split(|c| !chars::in_name(c)).next().unwrap_or_default();
        chars::is_name(name) && rest.get(name.len()..).is_some_and(|rest| rest.starts_with('['))
    }

    /// One word of a command: an assignment or a plain word.
    fn part(&mut self, word: Word, before: usize, simple: &mut Simple) -> Reads<()> {
        let raw = self.text.get(before..self.at).unwrap_or_default();
        if (self.sees("<") || self.sees(">")) && raw.starts_with('{') {
            return Unread::because("a redirection is numbered by a variable");
        }
        if simple.words.is_empty()
            && let Some((name, _)) = raw.split_once('=')
            && let name = name.strip_suffix('+').unwrap_or(name)
            && chars::is_name(name)
        {
            if self.sees("(") {
                return Unread::because("a variable is set to a list");
            }
            variables::check(name)?;
            simple.env.push(name.to_owned());
            return Ok(());
        }
        simple.words.push(word);
        Ok(())
    }

    /// A bracket after the first word defines a function.
    fn function(&mut self, simple: &Simple, start: usize) -> Reads<()> {
        let raw = self.text.get(start..self.at).unwrap_or_default().trim_end_matches([' ', '\t']);
        let is_alone = simple.words.len() == 1 && simple.env.is_empty();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
        if !is_alone || raw.is_empty() || !raw.chars().all(is_plain) {
            return Unread::because("a bracket stands inside a command");
        }
        self.expect("(")?;
        self.expect(")")?;
        self.function_body()?;
        self.redirections_of_group()
    }

    /// Redirections of a whole group are those of no single program.
    pub(super) fn redirections_of_group(&mut self) -> Reads<()> {
        let mut redirected = Simple::default();
        self.blanks();
        while self.numbered_redirection(&mut redirected)? {
            self.blanks();
        }
        self.line.files.add(&redirected.files);
        Ok(())
    }

    fn run_or_set(&mut self, simple: Simple) -> Reads<()> {
        if !simple.words.is_empty() {
            return self.run(simple);
        }
        self.line.files.add(&simple.files);
        self.line.env.extend(simple.env);
        Ok(())
    }

    /// A redirection, if one comes next, with the number of the open file that it is about.
    fn numbered_redirection(&mut self, of: &mut Simple) -> Reads<bool> {
        let rest = self.rest();
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = rest.split_at(digits);
        let is_process = after.starts_with("<(") || after.starts_with(">(");
        if number.is_empty() {
            return self.redirection(None, of);
        }
        if !after.starts_with(['<', '>']) || is_process {
            return Ok(false);
        }
        self.at += digits;
        self.redirection(Some(number), of)
    }

    fn redirection(&mut self, number: Option<&str>, of: &mut Simple) -> Reads<bool> {
        const OPERATORS: [&str; 12] =
            ["<<<", "<<-", "<<", "<&", "<>", "<", "&>>", "&>", ">>", ">&", ">|", ">"];
        if self.sees("<(") || self.sees(">(") {
            return Ok(false);
        }
        let Some(operator) = OPERATORS.into_iter().find(|operator| self.take(operator)) else {
            return Ok(false);
        };
        self.blanks();
        if let "<<" | "<<-" = operator {
            let body = self.here_document(operator == "<<-")?;
            of.set_input(number, Input::Here(body));
            return Ok(true);
        }
        let before = self.at;
        let target = self.word()?;
        if self.at == before {
            return Unread::because("a redirection goes nowhere");
        }
        self.line.count(1)?;
        match operator {
            "<<<" => of.set_input(number, target.known().map_or(Input::Elsewhere, text_of)),
            "<" => {
                let file = |path: &str| Input::File(path.to_owned());
                of.set_input(number, target.known().map_or(Input::Elsewhere, file));
                of.files.read(&target);
            }
            "<&" => of.set_input(number, Input::Elsewhere),
            "<>" => {
                of.set_input(number, Input::Elsewhere);
                of.files.read(&target);
                of.files.write(&target);
            }
            ">&" if is_number(&target) => {}
            _ => of.files.write(&target),
        }
        Ok(true)
    }
}

impl Simple {
    /// The last redirection of the input holds.
    fn set_input(&mut self, number: Option<&str>, input: Input) {
        if number.is_none_or(|number| number.trim_start_matches('0').is_empty()) {
            self.input = input;
        }
    }
}

/// Whether `>&` copies or closes an open file rather than writing to a new one.
fn is_number(target: &Word) -> bool {
    target.known().is_some_and(|text| {
        let digits = text.strip_suffix('-').unwrap_or(text);
        digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn text_of(text: &str) -> Input {
    Input::Text(format!("{text}\n"))
}
