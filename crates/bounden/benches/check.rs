//! How fast intents are checked, by the shipped program: `cargo bench -p bounden --bench check`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use bounden_testkit::{read_text, repository};

/// Intents of the fleet: no two have the same rules, numbers or patterns.
const FLEET: usize = 1000;
/// How often each figure is taken; the table has the median.
const ROUNDS: usize = 7;
/// What stands beside each other in the folder of an agent.
const FILES: [&str; 2] = ["behavior.intent", "behavior.contracts.json"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let agents = agents()?;
    let folder = tempfile::tempdir()?;
    let mut lines = 0;
    for number in 0..FLEET {
        let agent = agents.iter().cycle().nth(number).ok_or("there are no agents")?;
        let place = folder.path().join(format!("agent-{number:04}"));
        fs::create_dir(&place)?;
        for file in FILES {
            let text = varied(&read_text(agent.join(file)), number);
            lines += if file == FILES[0] { text.lines().count() } else { 0 };
            fs::write(place.join(file), text)?;
        }
    }
    println!("| what is checked | lines each | time |\n|---|---:|---:|");
    let time = median(|| check(folder.path()));
    println!(
        "| {FLEET} intents, all different | {} | {:.2} s |",
        lines / FLEET,
        time.as_secs_f64()
    );
    for agent in &agents {
        let name = agent.file_name().and_then(OsStr::to_str).unwrap_or_default();
        let lines = read_text(agent.join(FILES[0])).lines().count();
        let time = median(|| check(agent));
        println!("| `{name}` | {lines} | {:.1} ms |", 1e3 * time.as_secs_f64());
    }
    Ok(())
}

/// The folders of the examples that hold an intent with its contracts.
fn agents() -> std::io::Result<Vec<PathBuf>> {
    let examples = repository().join("examples");
    let starters = fs::read_dir(examples.join("starters"))?;
    let mut agents =
        starters.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    agents.push(examples.join("support"));
    agents.sort();
    Ok(agents)
}

/// The same text with another agent, other bounds and other patterns.
fn varied(text: &str, number: usize) -> String {
    let mut varied = String::with_capacity(text.len());
    for line in text.lines() {
        let line =
            if line.starts_with("  id: ") { format!("{line}-{number}") } else { line.to_owned() };
        let line = line.replace("text: '", &format!("text: 'case {number}|"));
        varied.push_str(&raised(&line, number));
        varied.push('\n');
    }
    varied
}

/// The bounds of a rule, each larger by `number`.
fn raised(line: &str, number: usize) -> String {
    let Some((before, bound)) = line.rsplit_once(" > ") else { return line.to_owned() };
    let end = bound.find(|c: char| !c.is_ascii_digit()).unwrap_or(bound.len());
    let (digits, rest) = bound.split_at(end);
    match digits.parse::<usize>() {
        Ok(bound) => format!("{before} > {}{rest}", bound + number),
        Err(_) => line.to_owned(),
    }
}

fn check(path: &Path) -> Duration {
    let mut program = Command::new(env!("CARGO_BIN_EXE_bounden"));
    program.arg("check").arg(path);
    let start = Instant::now();
    let output = program.output();
    let time = start.elapsed();
    let is_clean = output.is_ok_and(|output| output.status.success());
    assert!(is_clean, "{} has errors", path.display());
    time
}

fn median(measure: impl Fn() -> Duration) -> Duration {
    let mut times: Vec<_> = (0..ROUNDS).map(|_| measure()).collect();
    times.sort();
    times.get(ROUNDS / 2).copied().unwrap_or_default()
}
