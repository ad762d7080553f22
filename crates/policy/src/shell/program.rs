//! The programs that a simple command runs: its own, and those that this one runs.

use super::read::Reader;
use super::simple::Simple;
use super::word::{Rest, Word};
use super::{Input, Reads, Segment, Unread, chars, options, variables, wrappers};

/// Words that mean something to a shell where a command begins.
const KEYWORDS: [&str; 22] = [
    "!", "[[", "]]", "case", "coproc", "do", "done", "elif", "else", "esac", "fi", "for",
    "function", "if", "in", "select", "then", "time", "until", "while", "{", "}",
];

/// Commands that run what is written elsewhere, or in another language of commands.
const REFUSED: [&str; 11] = [
    "autoload", "csh", "emulate", "fc", "fish", "float", "integer", "let", "sched", "tcsh",
    "zmodload",
];

/// Built-in commands that, given anything, can change what other names mean.
const REFUSED_WITH_WORDS: [&str; 11] = [
    "alias", "bind", "bindkey", "compgen", "complete", "disable", "enable", "hash", "jobs",
    "unalias", "zle",
];

const SHELLS: [&str; 8] = ["ash", "bash", "dash", "ksh", "mksh", "rbash", "sh", "zsh"];

/// Folders that are searched for a program that is named without a path.
const SEARCHED: [&str; 8] = [
    "/bin",
    "/opt/homebrew/bin",
    "/opt/homebrew/sbin",
    "/sbin",
    "/usr/bin",
    "/usr/local/bin",
    "/usr/local/sbin",
    "/usr/sbin",
];

impl Segment {
    pub(super) fn named(program: &str) -> Self {
        Self {
            path: program.to_owned(),
            args: Vec::new(),
            env: Vec::new(),
            files: Default::default(),
            piped: false,
            input: Input::Elsewhere,
        }
    }

    /// The program as it is allowed: its bare name where it is found like one,
    /// and its path where it lies anywhere else.
    pub(super) fn program(&self) -> String {
        let is_absolute = self.path.starts_with('/');
        if !self.path.contains('/') {
            return self.path.clone();
        }
        let parts: Vec<&str> = self.path.split('/').filter(|p| !matches!(*p, "" | ".")).collect();
        let whole = format!("{}{}", if is_absolute { "/" } else { "./" }, parts.join("/"));
        match whole.rsplit_once('/') {
            Some((folder, name)) if SEARCHED.contains(&folder) => name.to_owned(),
            _ => whole,
        }
    }

    /// The program as it is forbidden: the last part of its path, in lower case.
    pub(super) fn name(&self) -> String {
        let last = self.path.split('/').rfind(|part| !part.is_empty());
        let name = last.unwrap_or_default().to_lowercase();
        name.strip_suffix(".exe").map(str::to_owned).unwrap_or(name)
    }
}

impl Reader<'_, '_> {
    /// Adds a command to the line, and the commands that it runs in turn.
    pub(super) fn run(&mut self, command: Simple) -> Reads<()> {
        let Some((program, args)) = command.words.split_first() else { return Ok(()) };
        let path = checked(program)?;
        let segment = Segment {
            path: path.to_owned(),
            args: args.to_vec(),
            env: command.env.clone(),
            files: command.files.clone(),
            piped: self.piped,
            input: command.input.clone(),
        };
        let name = segment.name();
        self.line.count(args.len())?;
        self.line.files.add(&segment.files);
        self.line.moves |= matches!(name.as_str(), "cd" | "pushd" | "popd");
        self.line.push(segment)?;
        variables::built_in(self.line, &name, args)?;
        self.deeper(|reader| reader.run_inside(&name, args, &command))
    }

    fn run_inside(&mut self, name: &str, args: &[Word], outer: &Simple) -> Reads<()> {
        if let Some(wrapper) = wrappers::named(name) {
            let Some(inner) = options::after(wrapper, args)? else { return Ok(()) };
            return self.run_words(inner.words, inner.env, outer);
        }
        match name {
            _ if REFUSED.contains(&name)
                || (REFUSED_WITH_WORDS.contains(&name) && !args.is_empty()) =>
            {
                Unread::because("it runs a command that changes what other commands mean")
            }
            _ if SHELLS.contains(&name) => self.shell(args, outer),
            "eval" => {
                let parts: Option<Vec<&str>> = args.iter().map(Word::known).collect();
                self.script_of(parts.map(|parts| parts.join(" ")).as_deref())
            }
            "." | "source" => self.script_file(args, outer),
            "trap" => match args.split_first() {
                Some((action, [_, ..])) => match action.known() {
                    Some("" | "-" | "-l" | "-p") => Ok(()),
                    action => self.script_of(action),
                },
                _ => Ok(()),
            },
            "find" => self.found(args, outer),
            "runuser" | "su" => self.other_user(args, outer),
            _ => Ok(()),
        }
    }

    fn run_words(&mut self, words: Vec<Word>, env: Vec<String>, outer: &Simple) -> Reads<()> {
        if words.is_empty() {
            self.line.env.extend(env);
            return Ok(());
        }
        let input = outer.input.clone();
        self.run(Simple { env, words, input, files: Default::default() })
    }

    fn script_of(&mut self, text: Option<&str>) -> Reads<()> {
        match text {
            Some(text) => self.script_inside(text),
            None => Unread::because("the commands that a shell is given are not written out"),
        }
    }

    /// `bash -c '…'`, `bash FILE`, or commands from the input.
    fn shell(&mut self, args: &[Word], outer: &Simple) -> Reads<()> {
        let options::Shell { is_command, operands } = options::of_shell(args)?;
        match (operands.first(), is_command) {
            (Some(script), true) => self.script_of(script.known()),
            (None, true) => Ok(()),
            (Some(_), false) => self.script_file(operands, outer),
            (None, false) => match &outer.input {
                Input::Text(text) => self.script_inside(text),
                Input::File(path) => {
                    let file = Word::literal(path.as_str());
                    self.script_file(&[file], &Simple::default())
                }
                Input::Here(body) => {
                    self.script_from(*body);
                    Ok(())
                }
                Input::Elsewhere => {
                    Unread::because("a shell reads its commands from somewhere else")
                }
            },
        }
    }

    /// A file of commands is a program of its own.
    fn script_file(&mut self, args: &[Word], outer: &Simple) -> Reads<()> {
        let Some(file) = args.first() else { return Ok(()) };
        let Some(path) = file.known().filter(|path| !path.starts_with('-')) else {
            return Unread::because("the commands that a shell is given are not written out");
        };
        let path = if path.contains('/') { path.to_owned() } else { format!("./{path}") };
        let mut words = vec![Word::literal(path)];
        words.extend(args.iter().skip(1).cloned());
        self.run_words(words, Vec::new(), outer)
    }

    /// `find … -exec COMMAND … ;`
    fn found(&mut self, args: &[Word], outer: &Simple) -> Reads<()> {
        const UNCLEAR: &str = "what `find` runs is not written out";
        let mut words = args.iter();
        while let Some(word) = words.next() {
            match word.known() {
                Some("-exec" | "-execdir" | "-ok" | "-okdir") => {}
                Some(_) => continue,
                None if word.may_be_flag() => return Unread::because(UNCLEAR),
                None => continue,
            }
            let mut inner = Vec::new();
            loop {
                let Some(word) = words.next() else { return Unread::because(UNCLEAR) };
                match word.known() {
                    Some(";" | "+") => break,
                    _ => inner.push(filled(word, "{}")),
                }
            }
            self.line.count(inner.len())?;
            self.run_words(inner, Vec::new(), outer)?;
        }
        Ok(())
    }

    /// `su USER -c '…'`
    fn other_user(&mut self, args: &[Word], outer: &Simple) -> Reads<()> {
        let mut words = args.iter();
        while let Some(word) = words.next() {
            match word.known() {
                Some("-c" | "--command") => {
                    let script = words.next().and_then(Word::known);
                    return self.script_of(script);
                }
                Some("-" | "-l" | "--login") => {}
                Some(user) if !user.starts_with('-') => {}
                _ => return Unread::because("what another user runs is not written out"),
            }
        }
        self.shell(&[], outer)
    }
}

/// A program that is written out, by a path that leads to one place.
fn checked(program: &Word) -> Reads<&str> {
    let Some(path) = program.known() else {
        return Unread::because("the program of a command is not written out");
    };
    let name = path.rsplit('/').next().unwrap_or_default();
    if !program.is_quoted && KEYWORDS.contains(&path) {
        return Unread::because("a keyword stands where no shell expects it");
    }
    if path.split('/').any(|part| part == "..") {
        return Unread::because("the path of a program goes upwards");
    }
    if ["/dev/", "/proc/"].iter().any(|folder| path.starts_with(folder)) {
        return Unread::because("a program is read from an open file");
    }
    if path.is_empty() || path.starts_with(['-', '!', '^', '%']) || path.contains(['=', '\n']) {
        return Unread::because("the program of a command is not written plainly");
    }
    if name.is_empty() || chars::is_number(path) {
        return Unread::because("the program of a command is not written plainly");
    }
    Ok(path)
}

/// A word in which another program fills in a hole.
pub(super) fn filled(word: &Word, hole: &str) -> Word {
    let mut word = word.clone();
    if let Some(place) = word.beginning().find(hole) {
        word.lose_from(place, Rest::OneWord);
    }
    word
}
