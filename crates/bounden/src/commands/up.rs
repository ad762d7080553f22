//! `bounden up`: governs the agent in a folder on this machine, from its
//! promise to a guarded call.

mod drive;
mod guarded;
mod people;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use bounden_base::Timestamp;
use bounden_ledger::EnvironmentId;
use bounden_ledger::statement::{Action, Decision};
use bounden_lifecycle::{Evaluation, Plan, Release};
use bounden_spec::intent::Intent;

use super::approve::{Vote, cast};
use super::resolve;
use crate::exit::Failure;
use crate::folder::Folder;
use crate::promoter::{Outcome, Promoter, Request};
use crate::terminal::{bold, dim, green, red};
use crate::verification::{Against, Target, verify};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of the agent
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Drive a scripted client through the guard, show what it was answered, and end
    #[arg(long)]
    drive: bool,
    /// Where the guard listens for HTTP
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7411")]
    listen: SocketAddr,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let folder = Folder::open(&args.dir)?;
    resolve(&folder)?;
    let mut promoter = Promoter::open(folder.clone())?;
    let body = promoter.release.body();
    anstream::println!();
    anstream::println!("{} {}", bold(&body.agent), body.version);
    anstream::println!("{}", dim(folder.root().display()));
    anstream::println!();
    check(&promoter.release);
    let tools = promoter.release.policy().bundle().tools.len();
    step("resolve", format_args!("{tools} tools may be called, each as it was pinned"));
    test(&promoter);
    let environments = in_order(promoter.release.intent());
    people::stand_in(&mut promoter, &environments)?;
    for environment in &environments {
        promote(&mut promoter, environment)?;
    }
    let Some(last) = environments.last() else {
        return Err(Failure::usage("the intent names no environment under `promotion`"));
    };
    check_lock(&folder, last)?;
    let guarded = guarded::Guarded::of(&promoter, last)?;
    if args.drive { drive::run(&guarded) } else { guarded.serve(args.listen) }
}

/// One line of progress.
pub(super) fn step(name: &str, text: impl std::fmt::Display) {
    anstream::println!("  {} {name:11} {text}", green("✓"));
}

/// Pins what the servers offer at first; later they have to offer the same.
fn resolve(folder: &Folder) -> Result<(), Failure> {
    let found = resolve::ask(folder)?;
    match resolve::pinned(folder)? {
        None => resolve::pin(folder, &found),
        Some(pinned) if pinned == found => Ok(()),
        Some(pinned) => {
            let changes = resolve::changes(Some(&pinned), &found).join("; ");
            Err(Failure::refused(format!(
                "the servers offer something else than what is pinned: {changes}; \
                 run `bounden resolve` to pin it, and read what changed"
            )))
        }
    }
}

fn check(release: &Release) {
    let warnings = release.warnings();
    let text = match warnings.len() {
        0 => "the intent has no findings".to_owned(),
        1 => "the intent has 1 warning; `bounden check` shows it".to_owned(),
        count => format!("the intent has {count} warnings; `bounden check` shows them"),
    };
    step("check", text);
}

fn test(promoter: &Promoter) {
    let Some(evidence) = promoter.evidence.first() else {
        return step("test", "no recorded runs in traces/");
    };
    step("test", told(&evidence.statement().predicate));
}

/// What recorded runs show, in a line. Whether it is enough, the gate says.
fn told(evaluation: &Evaluation) -> String {
    let criteria = evaluation.criteria.values();
    let passed: u64 = criteria.clone().map(|outcomes| outcomes.pass).sum();
    let applicable: u64 = criteria.map(|outcomes| outcomes.applicable()).sum();
    let stands = evaluation.invariants.values().chain(evaluation.exclusions.values());
    let attacks: u64 = stands.clone().map(|stand| stand.attacks).sum();
    let stood: u64 = stands.map(|stand| stand.attacks - stand.violations).sum();
    format!(
        "{} recorded runs: {passed} of {applicable} criteria passed, {stood} of {attacks} attacks stood",
        evaluation.runs.count
    )
}

/// Environments, each after the one that it takes its body from.
fn in_order(intent: &Intent) -> Vec<EnvironmentId> {
    let mut ordered: Vec<EnvironmentId> = Vec::new();
    // Each round takes at least one of what is left, unless they wait for each other.
    for _ in 0..intent.promotion.iter().len() {
        for item in &intent.promotion {
            let name = EnvironmentId::new(item.key.name.clone());
            let from = item.value.from.as_ref().map(|from| EnvironmentId::new(from.value.clone()));
            let is_ready = from.is_none_or(|from| ordered.contains(&from));
            if is_ready && !ordered.contains(&name) {
                ordered.push(name);
            }
        }
    }
    ordered
}

fn promote(promoter: &mut Promoter, environment: &EnvironmentId) -> Result<(), Failure> {
    let view = promoter.view()?;
    let running = view.running.get(environment).map(|running| running.body);
    let plan = promoter.plan(&view, environment, Timestamp::now())?;
    let voters = if running == Some(promoter.release.digest()) {
        Vec::new()
    } else {
        vote(promoter, environment, &plan)?
    };
    let request = Request { environment: environment.clone(), action: Action::Promote, by: None };
    match promoter.promote(&request, Timestamp::now)? {
        Outcome::Unchanged => {
            let body = promoter.release.digest().short();
            step(environment.as_str(), format_args!("runs {body} already; nothing to promote"));
        }
        Outcome::Promoted(_) => {
            let from = promoter.demands(environment)?.from;
            let from = from.map_or(String::new(), |from| format!(", carried over from {from}"));
            let items = match plan.items.len() {
                1 => "1 item".to_owned(),
                count => format!("{count} items"),
            };
            let (class, voters) = (crate::terminal::class(plan.class), voters.join(", "));
            step(
                environment.as_str(),
                format_args!("{class} of {items}{from}; approved by {voters}"),
            );
        }
        Outcome::Refused(refusals) => {
            let lines: Vec<_> = refusals.iter().map(|refusal| format!("\n  {refusal}")).collect();
            anstream::println!("  {} {environment}", red("✗"));
            return Err(Failure::refused(format!(
                "{environment} refuses this version:{}",
                lines.concat()
            )));
        }
    }
    Ok(())
}

/// The local stand-ins approve; nobody else's key is touched.
fn vote(
    promoter: &mut Promoter,
    environment: &EnvironmentId,
    plan: &Plan,
) -> Result<Vec<String>, Failure> {
    let quorum = promoter.demands(environment)?.quorum(plan.material);
    let mut voters = Vec::new();
    for (role, count) in quorum {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        for person in people::named(&promoter.trust, &role).into_iter().take(count) {
            let vote = Vote {
                environment: environment.clone(),
                action: Action::Promote,
                role: role.clone(),
                person: person.clone(),
                decision: Decision::Approve,
                days: 1,
            };
            cast(promoter, &vote, Timestamp::now())?;
            voters.push(person.to_string());
        }
    }
    Ok(voters)
}

fn check_lock(folder: &Folder, environment: &EnvironmentId) -> Result<(), Failure> {
    let target = Target {
        folder: folder.clone(),
        lock: None,
        environment: Some(environment.clone()),
        against: Against::Folder,
    };
    let report = verify(&target, Timestamp::now())?;
    if let Some(finding) = report.findings.first() {
        anstream::println!("  {} verify", red("✗"));
        return Err(Failure::refused(finding.to_string()));
    }
    let lock = report.lock.map(|lock| lock.body_digest().short()).unwrap_or_default();
    let entries = report.entries.unwrap_or_default();
    step(
        "verify",
        format_args!(
            "lock {lock} is what was approved; {entries} ledger entries read again, offline"
        ),
    );
    Ok(())
}
