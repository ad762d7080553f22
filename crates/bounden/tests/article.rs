//! Lists and prose, from the bare file to a guarded call.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use bounden_base::Json;
use bounden_testkit::{corpus, read_text, repository};

/// What an author writes in place of each proposal.
type Words = [(&'static str, &'static str)];

fn bounden(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bounden"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn shown(output: &Output) -> String {
    String::from_utf8([output.stdout.clone(), output.stderr.clone()].concat()).unwrap()
}

/// The file with what `bounden migrate` printed, each part at the place that it names.
fn pasted(text: &str, open: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut end = String::new();
    for part in open.split("# ").filter(|part| !part.is_empty()) {
        let (place, yaml) = part.split_once('\n').unwrap();
        if let Some(rest) = place.strip_prefix("in place of ") {
            let (written, line) = rest.rsplit_once(", line ").unwrap();
            let line = lines.get_mut(line.parse::<usize>().unwrap() - 1).unwrap();
            *line = line.replace(written, yaml.trim());
        } else if place == "under `invariants`" {
            let after = lines.iter().position(|line| line == "success_criteria:").unwrap();
            lines.insert(after, format!("  {}", yaml.trim()));
        } else {
            assert_eq!(place, "at the end");
            end = yaml.to_owned();
        }
    }
    format!("{}\n{end}", lines.join("\n"))
}

/// Follows what the program says from the bare file to an intent, and writes it.
fn migrated(folder: &Path, bare: &str, words: &Words) {
    let form = folder.join("behavioral-spec.yaml");
    let intent = folder.join("behavior.intent");
    let (form, intent) = (form.to_str().unwrap(), intent.to_str().unwrap());
    std::fs::write(form, bare).unwrap();
    let refused = bounden(&["migrate", form, "--output", intent], "");
    assert_eq!(refused.status.code(), Some(1), "{}", shown(&refused));
    assert!(!Path::new(intent).exists(), "half an intent is none");
    let open = String::from_utf8(refused.stdout).unwrap();
    let pasted = pasted(bare, &open);
    std::fs::write(form, &pasted).unwrap();
    let unfilled = bounden(&["check", form], "");
    assert!(shown(&unfilled).contains("has not been filled in"), "{}", shown(&unfilled));
    let filled = words.iter().fold(pasted, |text, (from, to)| {
        assert!(text.contains(from), "{from} is not in\n{text}");
        text.replace(from, to)
    });
    std::fs::write(form, &filled).unwrap();
    let done = bounden(&["migrate", form, "--output", intent], "");
    assert_eq!(done.status.code(), Some(0), "{filled}{}", shown(&done));
    let checked = bounden(&["check", intent], "");
    assert_eq!(checked.status.code(), Some(0), "{}", shown(&checked));
}

fn verdicts(intent: &Path, events: &[&str]) -> Vec<String> {
    let numbered = events.iter().enumerate();
    let lines =
        numbered.map(|(id, event)| format!("{{\"id\":\"e{id}\",\"session\":\"s{id}\",{event}}}\n"));
    let input: String = lines.collect();
    let output = bounden(&["decide", "--intent", intent.to_str().unwrap()], &input);
    let lines = String::from_utf8(output.stdout).unwrap();
    let verdict = |line: &str| {
        let answer = Json::parse(line.as_bytes()).unwrap();
        answer.get("verdict").unwrap().as_str().unwrap().to_owned()
    };
    lines.lines().map(verdict).collect()
}

/// The shipped example without the sections that say what its prose means.
fn bare_example() -> String {
    let text = read_text(repository().join("examples/article/behavioral-spec.yaml"));
    let prose = text.split("\nescalations:").next().unwrap();
    prose.replace("{says: \"", "\"").replace("\", escalate: front-desk}", "\"") + "\n"
}

#[test]
fn a_bare_file_becomes_an_intent_by_what_the_program_says() {
    let folder = tempfile::tempdir().unwrap();
    let words = [
        ("SERVER.waive_fee: {effects: [EFFECT]}", "loans.waive_fee: {effects: [spend]}"),
        (
            "SERVER.hand_over: {effects: [EFFECT]}",
            "desk.hand_over: {effects: [send]}\n  loans.find_loan: {effects: [observe]}",
        ),
        ("SERVER: {command: [PROGRAM]}", "loans: {command: [a]}\n  desk: {command: [b]}"),
        ("SERVER.PATTERN", "accounts.*"),
        ("result_of: SERVER.TOOL", "result_of: loans.find_loan"),
        ("SERVER.TOOL", "desk.hand_over"),
        ("WORDS THAT ARE SAID", "is waived"),
        ("CLASS", "small"),
        ("PROVIDER/MODEL", "anthropic/claude-haiku-4-5-20251001"),
        ("ROLE", "environment-admin"),
    ];
    migrated(folder.path(), &bare_example(), &words);
    let intent = folder.path().join("behavior.intent");
    let waive = |amount: &str| {
        format!(
            r#""event":"call","tool":"loans.waive_fee","args":{{"reader":"R{amount}","amount":{amount}}}"#
        )
    };
    let told = verdicts(
        &intent,
        &[&waive("21"), &waive("20"), r#""event":"call","tool":"accounts.close","args":{}"#],
    );
    assert_eq!(told, ["block", "allow", "block"]);
}

#[test]
fn what_was_published_becomes_an_agent_that_blocks_501_and_allows_500() {
    let Some(corpus) = corpus() else { return };
    let bare = read_text(corpus.join("seed/behavioral-spec.yaml"));
    let folder = tempfile::tempdir().unwrap();
    let words = [
        ("agent:\n", "agent:\n  tier: low\n"),
        (
            "What the agent is for, in a sentence.",
            "Answer questions about orders, and take returns.",
        ),
        (
            "SERVER.issue_refund: {effects: [EFFECT]}",
            "billing.issue_refund: {effects: [spend], money: {path: args.amount, currency: USD}}",
        ),
        (
            "SERVER.issue_return: {effects: [EFFECT]}",
            "billing.issue_return: {effects: [create]}\n  billing.get_order: {effects: [observe], labels: {result: internal}}",
        ),
        (
            "SERVER.escalate_to_human: {effects: [EFFECT]}",
            "desk.escalate_to_human: {effects: [send], labels: {result: internal}}",
        ),
        (
            "SERVER: {command: [PROGRAM]}",
            "billing: {command: [bounden, stand-in, billing]}\n  desk: {command: [bounden, stand-in, desk]}",
        ),
        ("SERVER.PATTERN", "account.*"),
        ("result_of: SERVER.TOOL", "result_of: billing.get_order"),
        ("SERVER.TOOL", "desk.escalate_to_human"),
        (
            "routes-to-human-queue: {any: [WORDS THAT ARE SAID]}",
            "routes-to-human-queue: {called: escalation}",
        ),
        ("WORDS THAT ARE SAID", "of course"),
        ("https://ADDRESS", "https://returns.acme.example/"),
        ("CLASS", "support"),
        ("PROVIDER/MODEL", "anthropic/claude-haiku-4-5-20251001"),
        ("ROLE", "environment-admin"),
    ];
    migrated(folder.path(), &bare, &words);
    let intent = folder.path().join("behavior.intent");
    let refund = |amount: u32| {
        format!(r#""event":"call","tool":"billing.issue_refund","args":{{"amount":{amount}}}"#)
    };
    let mail = r#""event":"log","text":"from ann@mail.example""#;
    let account = r#""event":"call","tool":"account.close","args":{}"#;
    assert_eq!(verdicts(&intent, &[&refund(501), mail, account]), ["block", "modify", "block"]);
    assert_eq!(verdicts(&intent, &[&refund(500), &refund(1)]), ["allow", "block"], "500 in all");

    std::fs::write(folder.path().join("behavior.contracts.json"), CONTRACTS).unwrap();
    let steps = [
        r#"{"says":"a refund of 501","tool":"billing.issue_refund","args":{"amount":501},"expect":"block"}"#,
        r#"{"says":"a refund of 500","tool":"billing.issue_refund","args":{"amount":500},"expect":"allow"}"#,
        r#"{"says":"an account","tool":"account.close","args":{},"expect":"unknown"}"#,
        r#"{"says":"a log line","log":"from ann@mail.example","expect":"modify"}"#,
    ];
    std::fs::write(folder.path().join("drive.jsonl"), steps.join("\n") + "\n").unwrap();
    std::fs::remove_file(folder.path().join("behavioral-spec.yaml")).unwrap();
    let output = bounden(&["up", folder.path().to_str().unwrap(), "--drive"], "");
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
}

/// What the servers of the agent offer.
const CONTRACTS: &str = r#"{"schema":"behavior.contracts/v1","servers":{
"billing":{"protocolVersion":"2025-11-25","serverInfo":{"name":"billing","version":"1.0.0"},"tools":[
{"name":"get_order","inputSchema":{"type":"object","properties":{"order_id":{"type":"string"}},"required":["order_id"]},
 "outputSchema":{"type":"object","properties":{"age_days":{"type":"integer"}},"required":["age_days"],"examples":[{"age_days":3}]}},
{"name":"issue_refund","inputSchema":{"type":"object","properties":{"amount":{"type":"number","minimum":0}},"required":["amount"]}},
{"name":"issue_return","inputSchema":{"type":"object","properties":{"order_id":{"type":"string"}},"required":["order_id"]}}]},
"desk":{"protocolVersion":"2025-11-25","serverInfo":{"name":"desk","version":"1.0.0"},"tools":[
{"name":"escalate_to_human","inputSchema":{"type":"object"}}]}}}"#;

#[test]
fn the_shipped_form_is_governed_once_it_is_migrated() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["behavioral-spec.yaml", "behavior.contracts.json", "drive.jsonl"] {
        std::fs::copy(repository().join("examples/article").join(name), folder.path().join(name))
            .unwrap();
    }
    let agent = folder.path().to_str().unwrap();
    let checked = bounden(&["check", agent], "");
    assert!(shown(&checked).ends_with("nothing found\n"), "{}", shown(&checked));
    let refused = bounden(&["up", agent, "--drive"], "");
    let help = format!("`bounden migrate {agent} --output {agent}/behavior.intent` makes one");
    assert!(shown(&refused).contains(&help), "{}", shown(&refused));
    // Runs of a library that does not exist would show nothing: the lowest tier asks for none.
    let form = folder.path().join("behavioral-spec.yaml");
    let text = read_text(&form)
        .replace("agent:\n", "agent:\n  tier: low\n")
        .replace(", evidence: {min_trials: 29, max_age: 30d}", "");
    std::fs::write(&form, text).unwrap();
    let intent = folder.path().join("behavior.intent");
    let migrated = bounden(&["migrate", agent, "--output", intent.to_str().unwrap()], "");
    assert_eq!(migrated.status.code(), Some(0), "{}", shown(&migrated));
    let output = bounden(&["up", agent, "--drive"], "");
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
}
