//! Compound commands: groups, subshells, conditions, loops, cases and functions.

use super::read::Reader;
use super::{Reads, Unread, chars, variables};

impl Reader<'_, '_> {
    /// Reads a compound command, if one comes next.
    pub(super) fn group(&mut self) -> Reads<bool> {
        if self.sees("((") {
            // Arithmetic to one shell, two subshells to another.
            return Unread::because("it holds arithmetic, which can run programs by itself");
        }
        if self.take("(") {
            self.deeper(Self::list)?;
            self.expect(")")?;
        } else if self.take_keyword("{") {
            self.deeper(Self::list)?;
            self.expect_keyword("}")?;
        } else if self.take_keyword("if") {
            self.deeper(Self::condition)?;
        } else if self.take_keyword("while") || self.take_keyword("until") {
            self.deeper(Self::list)?;
            self.body()?;
        } else if self.take_keyword("for") {
            self.for_each()?;
        } else if self.take_keyword("case") {
            self.deeper(Self::case)?;
        } else if self.take_keyword("function") {
            self.blanks();
            self.word()?;
            self.blanks();
            if self.take("(") {
                self.expect(")")?;
            }
            self.function_body()?;
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// What a function runs is taken to be run.
    pub(super) fn function_body(&mut self) -> Reads<()> {
        self.line.defines = true;
        self.blank_lines()?;
        if self.deeper(Self::group)? {
            return Ok(());
        }
        Unread::because("a function has no body in brackets")
    }

    fn condition(&mut self) -> Reads<()> {
        loop {
            self.list()?;
            self.expect_keyword("then")?;
            self.list()?;
            if self.take_keyword("fi") {
                return Ok(());
            }
            if self.take_keyword("else") {
                self.list()?;
                return self.expect_keyword("fi");
            }
            self.expect_keyword("elif")?;
        }
    }

    fn body(&mut self) -> Reads<()> {
        self.blank_lines()?;
        self.expect_keyword("do")?;
        self.deeper(Self::list)?;
        self.expect_keyword("done")
    }

    fn for_each(&mut self) -> Reads<()> {
        self.blanks();
        let variable = self.word()?;
        match variable.known() {
            Some(name) if chars::is_name(name) => variables::set(self.line, name)?,
            _ => return Unread::because("a loop has no plain variable"),
        }
        self.blank_lines()?;
        if self.take_keyword("in") {
            self.blanks();
            while !self.sees(";") && !self.sees("\n") && self.peek().is_some() {
                self.some_word()?;
                self.blanks();
            }
        }
        if self.take(";") {
            self.blank_lines()?;
        }
        self.body()
    }

    fn case(&mut self) -> Reads<()> {
        self.blanks();
        self.some_word()?;
        self.blank_lines()?;
        self.expect_keyword("in")?;
        loop {
            self.blank_lines()?;
            if self.take_keyword("esac") {
                return Ok(());
            }
            self.take("(");
            loop {
                self.blanks();
                self.some_word()?;
                self.blanks();
                if !self.take("|") {
                    break;
                }
            }
            self.expect(")")?;
            self.list()?;
            if !self.take(";;") {
                return self.expect_keyword("esac");
            }
        }
    }

    /// A word that has to be there, whatever it is.
    fn some_word(&mut self) -> Reads<()> {
        let before = self.at;
        self.word()?;
        if self.at > before { Ok(()) } else { Unread::because("a word is missing") }
    }

    pub(super) fn expect(&mut self, bracket: &str) -> Reads<()> {
        self.blanks();
        if self.take(bracket) { Ok(()) } else { Unread::because("a bracket is not closed") }
    }
}
