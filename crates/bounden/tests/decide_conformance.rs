//! Every written case, through `bounden decide` as it is shipped.
#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use bounden_base::Json;
use bounden_testkit::conformance::{Case, cases};

#[test]
fn the_binary_decides_and_reports_as_every_case_says() {
    let folder = tempfile::tempdir().unwrap();
    let cases = cases();
    let mismatches: Vec<String> =
        cases.iter().flat_map(|case| mismatches(case, folder.path())).collect();
    assert!(mismatches.is_empty(), "\n{}", mismatches.join("\n"));
}

fn mismatches(case: &Case, folder: &Path) -> Vec<String> {
    let Output { status, stdout, stderr } = decide(case, folder);
    let (stdout, stderr) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    // A finding is a line with its code and message, and the next one has its place.
    let lines: Vec<&str> = stderr.lines().collect();
    let told = case.diagnostics.iter().filter(|expected| {
        let code = format!("[{}]", expected.code);
        let place = format!(":{}:{}", expected.line, expected.column);
        !lines.windows(2).any(|lines| match lines {
            [said, at] => {
                said.contains(&code) && said.contains(&expected.words) && at.ends_with(&place)
            }
            _ => false,
        })
    });
    let mut found: Vec<String> =
        told.map(|expected| format!("{}: not on stderr:\n{stderr}", expected.place)).collect();
    let answers: Vec<&str> = stdout.lines().collect();
    if case.steps.len() != answers.len() {
        let (steps, answers) = (case.steps.len(), answers.len());
        found.push(format!("{}: {answers} lines for {steps} events\n{stderr}", case.place));
    }
    let checked = case.steps.iter().zip(&answers).filter_map(|(step, line)| step.check(line).err());
    found.extend(checked.map(|mismatch| mismatch.to_string()));
    let expected = exit_code(case, &answers);
    if status.code() != Some(expected) {
        found.push(format!("{}: {status}, not {expected}\n{stderr}", case.place));
    }
    found
}

/// 1 for an intent that does not compile, 3 where a line was no event.
fn exit_code(case: &Case, answers: &[&str]) -> i32 {
    let is_malformed = |line: &&str| Json::parse(line.as_bytes()).unwrap().get("error").is_some();
    match (case.steps.is_empty(), answers.iter().any(is_malformed)) {
        (true, _) => 1,
        (false, true) => 3,
        (false, false) => 0,
    }
}

fn decide(case: &Case, folder: &Path) -> Output {
    let intent = folder.join("intent");
    fs::write(&intent, &case.intent.text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bounden"));
    command.arg("decide").arg("--intent").arg(intent);
    if let Some(contracts) = &case.contracts {
        let path = folder.join("contracts");
        fs::write(&path, &contracts.text).unwrap();
        command.arg("--contracts").arg(path);
    }
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = pipes.spawn().unwrap();
    let events: String = case.steps.iter().map(|step| format!("{}\n", step.event)).collect();
    // A program that refuses the intent does not read on.
    let _ = process.stdin.take().unwrap().write_all(events.as_bytes());
    process.wait_with_output().unwrap()
}
