//! Real shells run what was read: whatever they run is among the segments.
#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "outside oracles")]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::fuzz::{damaged, soup};
use super::*;

/// One program that a shell ran, with its arguments.
type Ran = Vec<String>;

/// A folder that goes away at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("bounden-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Whether a program is there; one that is missing is told, and fails in CI.
fn is_there(program: &str) -> bool {
    let found = Command::new(program).args(["-c", ""]).stdin(Stdio::null()).output().is_ok();
    if !found {
        assert!(std::env::var_os("CI").is_none(), "{program} is missing");
        println!("skipped: there is no {program} to compare with");
    }
    found
}

fn runner(cases: u32) -> TestRunner {
    let asked = std::env::var("BOUNDEN_ORACLE_CASES").ok().and_then(|cases| cases.parse().ok());
    let cases = asked.unwrap_or(cases);
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
}

/// Every name that the pieces can make is a function that writes down how it
/// was called, and answers as `status` says.
fn prelude(status: u8) -> String {
    let note = format!(r#"{{ printf '%s\0' "$#" "$@" >>"$LOG"; return {status}; }}"#);
    let names: Vec<String> = (1..=3)
        .flat_map(|length| {
            let letters = || ["a", "b", "c"].into_iter();
            (1..length).fold(letters().map(str::to_owned).collect::<Vec<_>>(), |names, _| {
                names.iter().flat_map(|name| letters().map(move |l| format!("{name}{l}"))).collect()
            })
        })
        .collect();
    let functions = names.iter().map(|name| format!("{name}() {{ note {name} \"$@\"; }}\n"));
    format!("PATH=/nowhere\nnote() {note}\n{}", functions.collect::<String>())
}

/// What a shell runs of a line, in a folder of its own: what goes on in the
/// background of an earlier line writes elsewhere.
fn ran(shell: &str, text: &str, status: u8, folder: &Path) -> Vec<Ran> {
    let log = folder.join("log");
    let handler = format!("command_not_found_handle() {{ note \"$@\"; }}\n{}", prelude(status));
    let home = folder.join("work");
    fs::create_dir_all(&home).unwrap();
    Command::new("timeout")
        .args(["10", shell, "-c", "eval \"$PRELUDE\"; unset PRELUDE; eval \"$LINE\"\nwait"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("PRELUDE", handler)
        .env("LINE", text)
        .env("LOG", &log)
        .env("HOME", &home)
        .current_dir(&home)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    let log = fs::read(&log).unwrap_or_default();
    let fields: Vec<String> = log
        .split(|byte| *byte == 0)
        .map(|field| String::from_utf8_lossy(field).into_owned())
        .collect();
    let mut rest = fields.as_slice();
    let mut ran = Vec::new();
    while let Some((count, after)) = rest.split_first()
        && let Ok(count) = count.parse::<usize>()
    {
        let (words, after) = after.split_at(count.min(after.len()));
        // A shell writes line by line, and another process may come in between.
        if words.iter().any(|word| word.contains('\n')) {
            break;
        }
        ran.push(words.to_vec());
        rest = after;
    }
    ran
}

/// Whether a segment says what was run.
fn says(segment: &Segment, ran: &Ran) -> bool {
    let Some((program, args)) = ran.split_first() else { return false };
    let fits = |(word, arg): (&Word, &String)| word.known() == Some(arg);
    segment.path == *program
        && (segment.args.iter().any(|word| word.known().is_none())
            || (segment.args.len() == args.len() && segment.args.iter().zip(args).all(fits)))
}

/// Two brackets together define functions, and a function can call itself for ever.
fn defines(text: &str) -> bool {
    text.split_whitespace().collect::<String>().replace("\\", "").contains("()")
}

fn agrees_with(shell: &str, cases: u32) {
    if !is_there(shell) || !is_there("timeout") {
        return;
    }
    let folder = Folder::new(shell);
    let seen = std::cell::RefCell::new((0, 0, BTreeSet::new(), 0));
    let outcome = runner(cases).run(&prop_oneof![6 => damaged(), 1 => soup(24)], |text| {
        let Ok(line) = line(&text) else { return Ok(()) };
        prop_assume!(!defines(&text));
        for status in [0, 1] {
            seen.borrow_mut().3 += 1;
            let own = folder.0.join(seen.borrow().3.to_string());
            let ran = ran(shell, &text, status, &own);
            let _ = fs::remove_dir_all(own);
            for ran in ran {
                let is_said = line.segments.iter().any(|segment| says(segment, &ran));
                prop_assert!(is_said, "{shell} runs {ran:?}, which is not in {:?}", line.segments);
                seen.borrow_mut().1 += 1;
                seen.borrow_mut().2.insert(ran);
            }
        }
        seen.borrow_mut().0 += 1;
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    let (lines, runs, different, _) = seen.into_inner();
    println!("{shell}: {lines} lines, {runs} programs, {} different", different.len());
    assert!(different.len() > 20, "the lines run next to nothing");
}

#[test]
fn bash_runs_nothing_that_is_not_among_the_segments() {
    agrees_with("bash", 400);
}

#[test]
fn dash_runs_nothing_that_is_not_among_the_segments() {
    agrees_with("dash", 400);
}

/// Quotes in every mixture, without anything that Python's `shlex` does not know.
#[test]
fn words_are_split_as_shlex_splits_them() {
    if !is_there("python3") {
        return;
    }
    const PIECES: [&str; 14] =
        ["a", "b", "é", " ", " ", "\t", "'", "'", "\"", "\"", "\\", "\\\\", "-x", "="];
    let pieces = prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..16);
    let lines = std::cell::RefCell::new(Vec::new());
    let kept = |pieces: Vec<&str>| {
        lines.borrow_mut().push(format!("x {}", pieces.concat()));
        Ok(())
    };
    runner(2_000).run(&pieces, kept).unwrap();
    let lines = lines.into_inner();
    let mut compared = 0;
    for (text, expected) in lines.iter().zip(split_by_shlex(&lines)) {
        let line = line(text).ok();
        let words = line.as_ref().map(|line| line.segments[0].args.iter().map(Word::known));
        let words: Option<Vec<Option<&str>>> = words.map(Iterator::collect);
        // One shell replaces a word that begins with `=`.
        if words.as_ref().is_some_and(|words| words.contains(&None)) {
            continue;
        }
        let expected = expected.as_ref().map(|words| words.iter().map(|word| Some(word.as_str())));
        assert_eq!(words, expected.map(Iterator::collect), "{text}");
        compared += 1;
    }
    assert!(compared > lines.len() / 2);
}

/// What Python makes of each line; nothing where it finds no end of a quote.
fn split_by_shlex(lines: &[String]) -> Vec<Option<Vec<String>>> {
    const PROGRAM: &str = "
import json, shlex, sys
def split(line):
    try: return shlex.split(line)[1:]
    except ValueError: return None
print(json.dumps([split(line) for line in json.load(sys.stdin)]))";
    let input: Json = lines.iter().map(|line| Json::from(line.as_str())).collect();
    let mut python = Command::new("python3")
        .args(["-c", PROGRAM])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    python.stdin.take().unwrap().write_all(input.canonical().as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    let answer = Json::parse(&output.stdout).unwrap();
    let texts = |words: &Json| {
        let words = words.as_array()?;
        Some(words.iter().filter_map(Json::as_str).map(str::to_owned).collect())
    };
    answer.as_array().unwrap().iter().map(texts).collect()
}
