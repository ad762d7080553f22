//! A promoter that is killed anywhere leaves the old lock or the new one, and
//! a ledger from which the next promoter goes on.

use std::process::Stdio;
use std::time::{Duration, Instant};

use bounden_ledger::lock::{Lock, verify_lock};

use crate::agent::Agent;

/// How often, where nobody says otherwise; `cargo xtask long kill-promoter` does.
const ROUNDS: u32 = 5;

#[test]
fn a_promoter_killed_anywhere_leaves_no_half_of_anything() {
    let rounds = std::env::var("BOUNDEN_ROUNDS").ok().and_then(|rounds| rounds.parse().ok());
    let rounds = rounds.unwrap_or(ROUNDS);
    let agent = Agent::in_staging();
    let whole = promotion_time(&agent, 0);
    let mut before = agent.read("behavior.lock");
    for round in 1..=rounds {
        release(&agent, round);
        let entries = entries(&agent);
        kill_after(&agent, whole * round / rounds);
        let found = agent.read("behavior.lock");
        let is_good =
            verify_lock(&found, &agent.trust(), &[], bounden_base::Timestamp::MAX).is_ok();
        assert!(is_good, "round {round}: a lock that proves nothing was left");
        let new = Lock::read(&found).unwrap();
        assert!(found == before || new.body().version.ends_with(&format!(".{round}")));
        agent.run(&["ledger", "audit"]).succeeds();
        assert!(self::entries(&agent) >= entries, "round {round}: an entry was lost");
        agent.promote("staging").succeeds();
        agent.run(&["verify"]).succeeds();
        before = agent.read("behavior.lock");
        assert_eq!(agent.history("staging").len() as u32, round + 2, "round {round}");
    }
}

/// Makes the next version and has it approved.
fn release(agent: &Agent, round: u32) {
    let text = String::from_utf8(agent.read("behavior.intent")).unwrap();
    let line = text.lines().find(|line| line.starts_with("  version: ")).unwrap();
    agent.edit(line, &format!("  version: 1.5.{round}"));
    agent.approve("staging", "ben", "environment-admin").succeeds();
}

/// How long a promotion takes here, from start to end.
fn promotion_time(agent: &Agent, round: u32) -> Duration {
    release(agent, round);
    let start = Instant::now();
    agent.promote("staging").succeeds();
    start.elapsed()
}

fn kill_after(agent: &Agent, delay: Duration) {
    let mut command = agent.command(&["promote", "--env", "staging"]);
    let mut promoter = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let start = Instant::now();
    while start.elapsed() < delay {
        std::hint::spin_loop();
    }
    promoter.kill().unwrap();
    promoter.wait().unwrap();
}

/// How many entries the ledger acknowledges.
fn entries(agent: &Agent) -> usize {
    let said = agent.run(&["ledger", "audit"]).ends_with(0);
    said.split_whitespace().nth(1).unwrap().parse().unwrap()
}
