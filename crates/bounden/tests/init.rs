//! `bounden init`, as a new user and a shell see it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use bounden_base::Json;
use bounden_testkit::{read_text, repository};
use tempfile::TempDir;

/// A folder to draft in.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(files: &[(&str, &str)]) -> Self {
        let place = Self::new();
        for (name, text) in files {
            place.write(name, text);
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let binary = env!("CARGO_BIN_EXE_bounden");
        Command::new(binary).args(arguments).current_dir(self.0.path()).output().unwrap()
    }

    fn init(&self, arguments: &[&str]) -> Output {
        self.run(&[&["init"], arguments].concat())
    }

    fn intent(&self) -> String {
        read_text(self.path("behavior.intent"))
    }

    /// The codes that `check` gives the draft, which it accepts.
    #[track_caller]
    fn open_points(&self) -> Vec<String> {
        let output = self.run(&["check", "--format", "json"]);
        assert_eq!(code(&output), 0, "{}\n{}", out(&output), self.intent());
        let document = Json::parse(&output.stdout).unwrap();
        let found = document.get("diagnostics").and_then(Json::as_array).unwrap();
        assert!(found.len() <= 5, "{}", out(&output));
        found.iter().map(|one| one.get("code").unwrap().as_str().unwrap().to_owned()).collect()
    }

    /// Everything that lies in the folder, by name.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The line of a draft that holds this text.
#[track_caller]
fn line(text: &str, with: &str) -> String {
    let found = text.lines().find(|line| line.contains(with));
    found.unwrap_or_else(|| panic!("{with} is not in\n{text}")).trim().to_owned()
}

/// The words of a command that starts the shipped example desk.
fn desk() -> String {
    format!("desk={} example-desk", env!("CARGO_BIN_EXE_bounden"))
}

/// The configuration of a client that starts a server built with the official library.
fn configuration(python: &Path) -> String {
    let script = repository().join("crates/connect/tests/server.py");
    let words = [Json::from(script.to_str().unwrap()), "stdio".into()];
    let oracle = Json::object([
        ("command", Json::from(python.to_str().unwrap())),
        ("args", words.into_iter().collect()),
        ("env", Json::object([("SECRET_TOKEN", Json::from("not-to-be-written"))])),
    ]);
    let lost = Json::object([("command", Json::from("no-such-program"))]);
    let servers = Json::object([("Oracle", oracle), ("lost", lost)]);
    format!("// as a client writes it\n{}", Json::object([("mcpServers", servers)]).pretty())
}

#[test]
fn a_server_of_the_official_library_is_found_in_a_clients_configuration() {
    let Some(python) = bounden_testkit::python_with_mcp() else { return };
    let place =
        Place::with(&[(".mcp.json", &configuration(&python)), ("AGENTS.md", "Never lie.\n")]);
    let output = place.init(&[]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let shown = said(&output);
    for part in [
        "found ./.mcp.json",
        "found ./AGENTS.md",
        "left out server `lost` of .mcp.json:",
        "`no-such-program` cannot be started",
        "set SECRET_TOKEN for these servers",
        "1. nobody has said yet that these 5 clauses are intended [B228], lines ",
        "2. nothing outside the model enforces `never-lie` yet [B202], line ",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    assert_eq!(place.open_points(), ["B228", "B202"]);
    let text = place.intent();
    assert!(
        line(&text, "  oracle: {command")
            .contains("pass_env: [SECRET_TOKEN], origin: \".mcp.json:")
    );
    assert!(line(&text, "oracle.add:").contains("effects: [create]"), "{text}");
    assert!(text.contains("rule: Never lie.\n    origin: AGENTS.md:1"), "{text}");
    assert!(!text.contains("not-to-be-written") && !text.contains("lost"), "{text}");
    // The pinned tools are what `resolve` would pin.
    let before = read_text(place.path("behavior.contracts.json"));
    assert_eq!(out(&place.run(&["resolve"])), "resolved 2 tools, as pinned\n");
    assert_eq!(read_text(place.path("behavior.contracts.json")), before);
}

#[test]
fn a_server_is_started_as_it_is_named() {
    let place = Place::new();
    let output = place.init(&["--mcp", &desk(), "--tier", "medium"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert_eq!(place.open_points(), ["B228"]);
    let text = place.intent();
    assert_eq!(line(&text, "tier:"), "tier: medium");
    assert!(line(&text, "desk.get_order:").starts_with(
        "desk.get_order: {effects: [observe], version: \"^2.1\", origin: acme-support 2.1.0}  # readOnlyHint"
    ));
    assert!(line(&text, "desk.issue_refund:").contains("money: {path: args.amount, currency: USD"));
    assert!(line(&text, "desk.close_account:").contains("effects: [update, delete]"));
    // The rules are typed at once: a slip in an argument is found.
    let slip = "  slip: {rule: x, enforce: {by: policy_engine, trigger: call desk.issue_refund, when: args.amuont > 5, do: block}}";
    place.write(
        "behavior.intent",
        &text.replacen("invariants:", &format!("invariants:\n{slip}"), 1),
    );
    let checked = place.run(&["check"]);
    assert_eq!(code(&checked), 1);
    assert!(out(&checked).contains("amount"), "{}", out(&checked));
}

/// A server that ends with the test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_server_of_the_official_library_is_reached_at_its_address() {
    let Some(python) = bounden_testkit::python_with_mcp() else { return };
    let script = repository().join("crates/connect/tests/server.py");
    let mut server = Command::new(python);
    let mut server = Served(server.arg(script).arg("sse").stdout(Stdio::piped()).spawn().unwrap());
    let mut port = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut port).unwrap();
    let url = format!("http://127.0.0.1:{}/mcp", port.trim());
    let place = Place::new();
    let output = place.init(&["--mcp", &format!("oracle={url}")]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert_eq!(place.open_points(), ["B228"]);
    let expected = format!("oracle: {{url: {url}, origin: \"--mcp\"}}");
    assert_eq!(line(&place.intent(), "oracle: {"), expected);
}

#[test]
fn a_draft_is_not_promoted_before_somebody_has_read_it() {
    let place = Place::new();
    place.write("AGENTS.md", "Never lie.");
    let output = place.init(&["--mcp", &desk(), "--from", "AGENTS.md"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let output = place.run(&["up", ".", "--drive"]);
    assert_eq!(code(&output), 2);
    for reason in ["[draft-clause]", "scope.out.all-else", "[mechanism-missing]", "never-lie"] {
        assert!(said(&output).contains(reason), "{reason}\n{}", said(&output));
    }
}

#[test]
fn what_runs_show_is_observed_and_narrows_the_draft() {
    let place = Place::new();
    let traces = repository().join("examples/support/traces");
    let traces = traces.to_str().unwrap();
    let server = format!("billing={} example-desk --part billing", env!("CARGO_BIN_EXE_bounden"));
    let output = place.init(&["--mcp", &server, "--traces", traces]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert!(
        said(&output)
            .contains("left out `desk.escalate_to_human`, which runs call and no server offers")
    );
    assert_eq!(place.open_points(), ["B228", "B228"]);
    let text = place.intent();
    assert!(line(&text, "billing.get_order:").contains("origin: observed"), "{text}");
    assert_eq!(
        line(&text, "limits:"),
        "limits: {steps: 8, tool_calls: 6, usd: 0.5, seconds: 92, denied_calls: 5, origin: observed}"
    );

    let alone = Place::new();
    assert_eq!(code(&alone.init(&["--traces", traces])), 0);
    assert_eq!(alone.open_points(), ["B228", "B228", "B232"]);
    assert_eq!(alone.names(), ["behavior.intent"], "nobody said what the tools look like");
    assert!(line(&alone.intent(), "desk.escalate_to_human:").contains("effects: [send]"));
}

#[test]
fn files_of_tools_are_parts_of_the_agent_itself() {
    let tools = r#"[
  {"type": "function", "function": {"name": "search_docs", "parameters": {"type": "object", "properties": {"q": {"type": "string"}}}}},
  {"type": "function", "function": {"name": "send_reply", "parameters": {"type": "object", "properties": {}}}}
]"#;
    let api = "openapi: 3.0.3\ninfo: {title: Corner Shop, version: 1.2.0}\npaths:\n  /orders:\n    get: {operationId: listOrders}\n    delete:\n      operationId: dropOrders\n";
    let place = Place::with(&[("tools.json", tools), ("openapi.yaml", api)]);
    let output = place.init(&[]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert_eq!(place.open_points(), ["B228"]);
    let text = place.intent();
    for (with, expected) in [
        (
            "tools.search_docs:",
            "tools.search_docs: {effects: [observe], origin: \"tools.json:2\"}  # the name says search",
        ),
        (
            "tools.send_reply:",
            "tools.send_reply: {effects: [send], origin: \"tools.json:3\"}  # the name says send, reply",
        ),
        (
            "corner-shop.listOrders:",
            "corner-shop.listOrders: {effects: [observe], version: \"^1.2\", origin: openapi.yaml:5}  # readOnlyHint",
        ),
    ] {
        assert_eq!(line(&text, with).replace('"', ""), expected.replace('"', ""));
    }
    assert!(line(&text, "corner-shop.dropOrders:").contains("effects: [update, delete]"));
    // There is no server to ask; what is pinned stays.
    assert_eq!(out(&place.run(&["resolve"])), "resolved 4 tools, as pinned\n");
}

#[test]
fn nothing_is_replaced_and_nothing_is_left_half_written() {
    let place = Place::with(&[("behavior.intent", "mine")]);
    let output = place.init(&["--mcp", &desk()]);
    assert_eq!(code(&output), 3);
    assert!(
        said(&output).contains("behavior.intent is there already; `--force` replaces it"),
        "{}",
        said(&output)
    );
    assert_eq!((place.intent().as_str(), place.names().len()), ("mine", 1));

    let output = place.init(&["--mcp", &desk(), "--dry-run"]);
    assert_eq!(code(&output), 0);
    assert!(out(&output).starts_with("# A draft by `bounden init`"), "{}", out(&output));
    assert_eq!((place.intent().as_str(), place.names().len()), ("mine", 1));

    assert_eq!(code(&place.init(&["--mcp", &desk(), "--force"])), 0);
    assert_eq!(place.intent(), out(&output));
    assert_eq!(place.names(), ["behavior.contracts.json", "behavior.intent"]);

    let folder = Place::with(&[("behavior.contracts.json/x", "")]);
    assert_eq!(code(&folder.init(&["--mcp", &desk(), "--force"])), 4);
    assert_eq!(folder.names(), ["behavior.contracts.json"]);
    let file = Place::with(&[("file", "")]);
    assert_eq!(code(&file.init(&["file/agent", "--mcp", &desk()])), 4);
    assert_eq!(file.names(), ["file"]);
}

#[test]
fn bad_input_says_what_where_and_what_to_do() {
    let place = Place::with(&[
        ("broken.json", "{\"mcpServers\": "),
        ("other.json", "{\"a\": 1}"),
        ("anchor.yaml", "openapi: 3.0.0\npaths: &a {}\n"),
        ("empty.md", ""),
        (
            "off.json",
            r#"{"servers":{"web":{"url":"https://a.example/mcp","headers":{"X-Key":"k"}}}}"#,
        ),
    ]);
    fs::write(place.path("latin.md"), b"n\xe9ver").unwrap();
    for (arguments, expected, exit) in [
        (&[][..], "nothing to draft from for .; name a server with `--mcp`", 3),
        (&["--from", "missing.json"], "missing.json: No such file", 3),
        (&["--from", "."], ".: it is no file", 3),
        (&["--from", "broken.json"], "broken.json: ", 3),
        (&["--from", "other.json"], "other.json: it defines no tools", 3),
        (&["--from", "anchor.yaml"], "anchor.yaml: line 2: ", 3),
        (&["--from", "latin.md"], "latin.md: it is not UTF-8", 3),
        (&["--from", "empty.md"], "empty.md: nothing in it says never", 3),
        (&["--from", "off.json"], "it wants the header `X-Key`", 4),
        (
            &["--mcp", "no-such-program --x"],
            "`no-such-program --x`: `no-such-program` cannot be started",
            4,
        ),
        (&["--mcp", "'open"], "a quote is open", 3),
        (&["--mcp", "npx x --api-key k8Jd02nfQmZ71xPa"], "seems to hold a secret (credential)", 4),
        (&["--mcp", "https://127.0.0.1:1/mcp"], "https://127.0.0.1:1/mcp", 4),
        (&["--traces", "other.json"], "other.json hold no recorded run", 3),
        (&["--template", "pr-reviewr"], "did you mean `pr-reviewer`?", 3),
        (&["--template", "pr-reviewer", "--mcp", "x"], "cannot be used with", 3),
    ] {
        let output = place.init(arguments);
        assert_eq!(code(&output), exit, "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(expected), "{arguments:?}: {}", said(&output));
        assert!(!place.path("behavior.intent").exists(), "{arguments:?}");
    }
}

#[test]
fn templates_are_listed_and_written_whole() {
    let place = Place::new();
    let listed = out(&place.init(&["--list"]));
    let columns = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in ["pr-reviewer low Comment on", "support-refunds high Pay money back"] {
        assert!(listed.lines().any(|listed| columns(listed).starts_with(line)), "{listed}");
    }
    let output = place.init(&["agents/reviewer", "--template", "pr-reviewer"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let starter = repository().join("examples/starters/pr-reviewer");
    for name in ["behavior.intent", "behavior.contracts.json", "drive.jsonl", "traces/review.jsonl"]
    {
        let written = read_text(place.path("agents/reviewer").join(name));
        assert_eq!(written, read_text(starter.join(name)), "{name}");
    }
    fs::remove_file(place.path("agents/reviewer/behavior.intent")).unwrap();
    let again = place.init(&["agents/reviewer", "--template", "pr-reviewer"]);
    assert_eq!(code(&again), 3);
    assert!(said(&again).contains("is there already"), "{}", said(&again));
    assert!(!place.path("agents/reviewer/behavior.intent").exists());
    let printed = place.init(&["--template", "pr-reviewer", "--dry-run"]);
    assert_eq!(out(&printed), read_text(starter.join("behavior.intent")));
}
