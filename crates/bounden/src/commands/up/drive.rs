//! A scripted client: sends the calls of `drive.jsonl` through a guard with a
//! fresh history, and shows what it was answered.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{ExitCode, Stdio};
use std::{fs, io};

use bounden_base::{Json, json};
use bounden_connect::{Client, ConnectError, Source, Timeouts};
use bounden_guard::canary::{Proof, Standing};
use bounden_guard::owner::protocol::{Request, Response};
use bounden_guard::{Home, Link};
use bounden_mcp::CallResult;
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout};

use super::guarded::Guarded;
use super::step;
use crate::commands::guard::{self, runtime};
use crate::exit::Failure;
use crate::state::inside;
use crate::terminal::{bold, dim, green, red, table, yellow};

/// The script beside the intent.
const SCRIPT: &str = "drive.jsonl";

/// One line of the script: a call, or a line for the log.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    /// What is tried, in words.
    says: String,
    tool: Option<String>,
    args: Option<Json>,
    log: Option<String>,
    /// The answer that the intent leads to: a verdict, or `unknown` for a hidden tool.
    expect: String,
}

/// What a step was answered.
struct Answer {
    verdict: String,
    because: String,
}

/// The agent's log on its way through the guard.
struct LogFilter {
    _child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

/// What happened on the way.
struct Scene {
    visible: Vec<String>,
    proofs: Vec<Proof>,
    answers: Vec<(Step, Answer)>,
}

pub(super) fn run(guarded: &Guarded) -> Result<ExitCode, Failure> {
    let script = script(guarded)?;
    // Running totals of an earlier drive would answer differently.
    let state = tempfile::tempdir().map_err(inside)?;
    let scene = runtime()?.block_on(play(guarded, state.path(), script))?;
    let hidden: Vec<_> = guarded
        .contracts
        .tools()
        .map(|(name, _)| name.to_string())
        .filter(|name| !scene.visible.contains(name))
        .collect();
    let hidden = if hidden.is_empty() { "none".to_owned() } else { hidden.join(", ") };
    step(
        "guard",
        format_args!("{} tools offered to the client; hidden: {hidden}", scene.visible.len()),
    );
    print(&scene.answers);
    print_proofs(&scene.proofs);
    print_end(guarded);
    let is_as_expected = |(step, answer): &(Step, Answer)| step.expect == answer.verdict;
    let is_dead = |proof: &Proof| proof.standing == Standing::Dead;
    let is_good = scene.answers.iter().all(is_as_expected) && !scene.proofs.iter().any(is_dead);
    Ok(ExitCode::from(u8::from(!is_good)))
}

fn script(guarded: &Guarded) -> Result<Vec<Step>, Failure> {
    let path = guarded.folder.root().join(SCRIPT);
    let failed =
        |error: &dyn std::fmt::Display| Failure::usage(format!("{}: {error}", path.display()));
    let text = fs::read_to_string(&path).map_err(|error| failed(&error))?;
    let lines = text.lines().map(|line| json::from_slice(line.as_bytes()));
    lines.collect::<Result<_, _>>().map_err(|error| failed(&error))
}

async fn play(guarded: &Guarded, state: &Path, script: Vec<Step>) -> Result<Scene, Failure> {
    let directory = Some(guarded.folder.root().to_owned());
    let mut command = guarded.command(state)?;
    // Nobody needs the state of a drive that is over.
    command.extend(["--owner-idle", "1"].map(str::to_owned));
    let source = Source::Command { command, directory, environment: BTreeMap::new() };
    let mut client = Client::connect(&source, Timeouts::default()).await.map_err(inside)?;
    let tools = client.tools().await.map_err(inside)?;
    let visible = tools.iter().map(|tool| tool.name().to_owned()).collect();
    let mut log = LogFilter::start(guarded, state).map_err(inside)?;
    let mut answers = Vec::new();
    for step in script {
        let answer = match (&step.tool, &step.log) {
            (Some(tool), None) => call(&mut client, tool, step.args.clone()).await?,
            (None, Some(line)) => log.write(line).await.map_err(inside)?,
            _ => return Err(Failure::usage(format!("{SCRIPT}: a step is a `tool` or a `log`"))),
        };
        answers.push((step, answer));
    }
    // The owner of the state stays as long as a client is connected.
    let proofs = prove(state).await?;
    client.close().await.map_err(inside)?;
    Ok(Scene { visible, proofs, answers })
}

async fn call(client: &mut Client, tool: &str, args: Option<Json>) -> Result<Answer, Failure> {
    let args = args.unwrap_or(Json::object::<&str>([]));
    match client.call(tool, args).await {
        Ok(result) => Ok(read(&result)),
        Err(ConnectError::Refused(_, error)) => Ok(Answer {
            verdict: "unknown".to_owned(),
            because: format!("{} {}", error.code, error.message),
        }),
        Err(error) => Err(inside(error)),
    }
}

impl LogFilter {
    fn start(guarded: &Guarded, state: &Path) -> io::Result<Self> {
        let mut child = tokio::process::Command::new(std::env::current_exe()?)
            .args(["guard", "log"])
            .args(guarded.options(state))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        Ok(Self { _child: child, input, output: BufReader::new(output).lines() })
    }

    /// What becomes of one line.
    async fn write(&mut self, line: &str) -> io::Result<Answer> {
        self.input.write_all(format!("{line}\n").as_bytes()).await?;
        let written = self.output.next_line().await?.unwrap_or_default();
        let verdict = if written == line { "allow" } else { "modify" };
        Ok(Answer { verdict: verdict.to_owned(), because: written })
    }
}

/// Has a violation of every invariant sent down the path that the calls took.
async fn prove(state: &Path) -> Result<Vec<Proof>, Failure> {
    let home = Home::open(state).map_err(inside)?;
    let starter = home.starter();
    match Link::over_socket(home, starter).ask(Request::Prove).await.map_err(inside)? {
        Response::Proofs(proofs) => Ok(proofs),
        other => Err(guard::unexpected(&other)),
    }
}

/// The guard's decision in a denial, else the server's own answer.
fn read(result: &CallResult) -> Answer {
    let value = result.value();
    let decision = value.get("bounden").filter(|_| result.is_error());
    let Some(decision) = decision else {
        let verdict = if result.is_error() { "failed" } else { "allow" };
        return Answer { verdict: verdict.to_owned(), because: answered(&value) };
    };
    let text = |member: &str| decision.get(member).and_then(Json::as_str).unwrap_or_default();
    let rules = decision.get("rules").and_then(Json::as_array).unwrap_or_default();
    let rules: Vec<_> =
        rules.iter().filter_map(|rule| rule.get("id").and_then(Json::as_str)).collect();
    let reason = if rules.is_empty() { text("reason").to_owned() } else { rules.join(", ") };
    let more = [text("nearest"), text("detail")].into_iter().find(|more| !more.is_empty());
    let more = more.map(|more| format!(": {more}")).unwrap_or_default();
    Answer { verdict: text("verdict").to_owned(), because: format!("{reason}{more}") }
}

/// The most telling part of a server's answer.
fn answered(value: &Json) -> String {
    let telling = ["refund_id", "return_id", "ticket_id", "item", "status"];
    let shown = telling.iter().find_map(|member| value.get(member).and_then(Json::as_str));
    shown.map_or_else(String::new, |shown| format!("the server answered {shown}"))
}

fn print(answers: &[(Step, Answer)]) {
    let widest = |width: fn(&(Step, Answer)) -> usize| answers.iter().map(width).max().unwrap_or(0);
    let says = widest(|(step, _)| step.says.chars().count());
    let verdicts = widest(|(_, answer)| verdict(&answer.verdict).len());
    anstream::println!();
    for (step, answer) in answers {
        let painted = match answer.verdict.as_str() {
            "allow" => green(verdict(&answer.verdict)),
            "require_approval" | "modify" => yellow(verdict(&answer.verdict)),
            _ => red(verdict(&answer.verdict)),
        };
        let expected = if step.expect == answer.verdict {
            String::new()
        } else {
            format!("  {}", red(format_args!("expected: {}", verdict(&step.expect))))
        };
        let (words, why) = (&step.says, &answer.because);
        anstream::println!("  {words:says$}  {painted:verdicts$}  {why}{expected}");
    }
}

/// How each invariant stands after a violation was sent against it.
fn print_proofs(proofs: &[Proof]) {
    let width = proofs.iter().map(|proof| proof.invariant.as_str().len()).max().unwrap_or(0);
    anstream::println!();
    for proof in proofs {
        let word = match proof.standing {
            Standing::Proven => green("PROVEN"),
            Standing::Attested => yellow("ATTESTED"),
            Standing::Unproven => yellow("UNPROVEN"),
            Standing::Dead => red("DEAD"),
        };
        let why = proof.why.as_deref().unwrap_or("a violation was sent, and stopped");
        let name = proof.invariant.as_str();
        anstream::println!("  {name:width$}  {word:8}  {}", dim(why));
    }
}

/// A verdict in a word for people.
fn verdict(name: &str) -> &str {
    match name {
        "allow" => "allowed",
        "require_approval" => "held for approval",
        "modify" => "masked",
        "block" => "refused",
        "unknown" => "unknown tool",
        other => other,
    }
}

fn print_end(guarded: &Guarded) {
    anstream::println!();
    anstream::println!("  {} {}", bold("lock"), guarded.lock);
    anstream::println!();
    anstream::println!("{}", bold("Next"));
    let folder = guarded.folder.root().display();
    let verify = format!("bounden verify --dir {folder} --env {}", guarded.environment);
    let rows = [
        [verify, "what was just checked, by hand".to_owned()],
        [format!("bounden history --dir {folder}"), "what ran where".to_owned()],
        [format!("bounden up {folder}"), "the guard for your own MCP client".to_owned()],
    ];
    for line in table(&rows) {
        anstream::println!("  {line}");
    }
    anstream::println!(
        "  {}",
        dim(
            "edit behavior.intent (say, the 500), then `bounden plan`: it says what that would allow"
        )
    );
}
