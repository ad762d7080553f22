//! `bounden history`: what ran where, since when, and by whose word.

use std::process::ExitCode;

use bounden_base::{Decimal, Json};
use bounden_ledger::EnvironmentId;
use bounden_ledger::statement::{Action, Promotion};
use bounden_store::{Recorded, SqliteStore};

use super::{Dir, Format, print_json};
use crate::exit::Failure;
use crate::state::State;
use crate::terminal::{bold, class, table};
use crate::view::{Past, View};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dir: Dir,
    /// Only this environment
    #[arg(long, value_name = "ENV")]
    env: Option<EnvironmentId>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let folder = args.dir.open()?;
    let agent = folder.intent()?.agent.id.value.clone().into();
    let state = State::of(folder.root());
    let trust = state.trust()?;
    let Some(ledger) = state.existing_ledger(&trust)? else {
        return Err(Failure::unavailable("there is no ledger here yet"));
    };
    let view = View::read(&ledger, &agent)?;
    let is_asked = |found: &&Recorded<Promotion>| {
        args.env.as_ref().is_none_or(|env| found.statement.predicate.environment == *env)
    };
    let promotions: Vec<_> = view.promotions.iter().filter(is_asked).collect();
    match args.format {
        Format::Json => {
            let rows = promotions.iter().map(|found| to_json(&ledger, found));
            print_json(&Json::object([("promotions", rows.collect())]));
        }
        Format::Text => print(&ledger, &view, &promotions),
    }
    Ok(ExitCode::SUCCESS)
}

fn print(ledger: &SqliteStore, view: &View, promotions: &[&Recorded<Promotion>]) {
    let rows: Vec<_> = promotions.iter().map(|found| row(ledger, view, found)).collect();
    for line in table(&rows) {
        anstream::println!("{line}");
    }
    for (environment, running) in &view.running {
        let held = if running.held { ", held against forward promotion" } else { "" };
        anstream::println!("{} runs {}{held}", bold(environment), running.body.short());
    }
}

fn row(ledger: &SqliteStore, view: &View, found: &Recorded<Promotion>) -> [String; 7] {
    let promotion = &found.statement.predicate;
    let running = view.running.get(&promotion.environment);
    let mark =
        if running.is_some_and(|running| running.binding == found.digest) { "●" } else { " " };
    [
        format!("{mark} {}", found.number),
        promotion.time.strftime("%Y-%m-%d %H:%M").to_string(),
        promotion.environment.to_string(),
        word(promotion.action).to_owned(),
        version(ledger, found),
        found.statement.body.short(),
        class(promotion.diff.class).plain().to_owned(),
    ]
}

fn to_json(ledger: &SqliteStore, found: &Recorded<Promotion>) -> Json {
    let promotion = &found.statement.predicate;
    Json::object([
        ("entry", Json::from(Decimal::from(found.number))),
        ("time", promotion.time.to_string().into()),
        ("environment", promotion.environment.as_str().into()),
        ("action", word(promotion.action).into()),
        ("epoch", Decimal::from(promotion.epoch).into()),
        ("version", version(ledger, found).into()),
        ("lock", found.statement.body.to_string().into()),
        ("class", class(promotion.diff.class).plain().into()),
    ])
}

fn version(ledger: &SqliteStore, found: &Recorded<Promotion>) -> String {
    let past = Past::read(ledger, found.statement.body);
    past.map_or_else(|_| "?".to_owned(), |past| past.version().to_owned())
}

fn word(action: Action) -> &'static str {
    match action {
        Action::Promote => "promote",
        Action::Rollback => "rollback",
    }
}
