//! Lists and pipelines: commands one after another.

use super::read::Reader;
use super::{Reads, Segment, Unread};

/// Keywords that end a list and belong to the command around it.
const CLOSERS: [&str; 8] = ["}", "then", "elif", "else", "fi", "do", "done", "esac"];

/// Words that shells read as the beginning of something that is not followed here.
const NOT_FOLLOWED: [&str; 8] =
    ["[[", "in", "coproc", "select", "repeat", "foreach", "end", "always"];

impl Reader<'_, '_> {
    /// Commands up to the end of the text, or to what belongs to the command around them.
    pub(super) fn list(&mut self) -> Reads<()> {
        loop {
            self.blank_lines()?;
            if self.ends_list() {
                return Ok(());
            }
            self.pipeline()?;
            self.blanks();
            let goes_on = self.take("&&") || self.take("||");
            if !goes_on && !self.separator()? && !self.ends_list() {
                return Unread::because("a command is followed by something that no shell reads");
            }
        }
    }

    fn ends_list(&self) -> bool {
        self.peek().is_none()
            || self.sees(")")
            || self.sees(";;")
            || CLOSERS.iter().any(|keyword| self.sees_keyword(keyword))
    }

    /// `;`, `&` or a line break. `;;` ends a case and `;&` is for one shell only.
    fn separator(&mut self) -> Reads<bool> {
        if self.sees(";;") || self.sees(";&") || self.sees("&|") || self.sees("&!") {
            return Ok(false);
        }
        Ok(self.take(";") || self.take("&") || self.line_break()?)
    }

    fn pipeline(&mut self) -> Reads<()> {
        while self.take_keyword("!") {
            self.blanks();
        }
        if self.sees_keyword("time") {
            self.at += "time".len();
            self.timed()?;
        }
        let outer = self.piped;
        self.command()?;
        self.blanks();
        while !self.sees("||") && (self.take("|&") || self.take("|")) {
            self.piped = true;
            self.blank_lines()?;
            self.command()?;
            self.blanks();
        }
        self.piped = outer;
        Ok(())
    }

    /// `time` before a pipeline is a keyword to some shells and a program to others.
    fn timed(&mut self) -> Reads<()> {
        self.blanks();
        if self.take_keyword("-p") {
            self.blanks();
        }
        self.line.push(Segment::named("time"))?;
        while self.take_keyword("!") {
            self.blanks();
        }
        Ok(())
    }

    fn command(&mut self) -> Reads<()> {
        if NOT_FOLLOWED.iter().any(|keyword| self.sees_keyword(keyword)) {
            return Unread::because("it uses a compound command that is not followed");
        }
        if self.ends_list() {
            // After `time`, and after a line break that `&&` or `|` went over, nothing may follow.
            return Unread::because("a command is missing");
        }
        if self.group()? {
            return self.redirections_of_group();
        }
        self.simple()
    }
}
