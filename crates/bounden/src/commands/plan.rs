//! `bounden plan`: what would change where the release at hand ran.

mod markdown;

use std::process::ExitCode;

use bounden_ledger::EnvironmentId;
use bounden_lifecycle::plan::Proof;
use bounden_lifecycle::{Demands, Plan};
use bounden_spec::organisation::{Judgement, Standing};

use super::{Dir, environment, print_json};
use crate::exit::Failure;
use crate::organisation::Named;
use crate::promoter::Promoter;
use crate::state::{Clock, inside};
use crate::terminal::{bold, class, dim};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dir: Dir,
    #[command(flatten)]
    organisation: Named,
    /// The environment; the one where promotion begins, if left out
    #[arg(long, value_name = "ENV")]
    env: Option<EnvironmentId>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    clock: Clock,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// For a pull request
    Markdown,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let promoter = Promoter::open(args.dir.open()?)?.under(&args.organisation)?;
    let environment = environment(args.env.as_ref(), promoter.release.intent())?;
    let demands = promoter.demands(&environment)?;
    let plan = promoter.plan(&promoter.view()?, &environment, args.clock.now())?;
    let body = promoter.release.body();
    match args.format {
        Format::Json => print_json(&plan.to_json().map_err(inside)?),
        Format::Markdown => {
            let heading = format!("{} {} → {environment}", body.agent, body.version);
            print!("{}", markdown::markdown(&heading, &plan, &needs(&demands, &plan)));
        }
        Format::Text => {
            anstream::println!("{} {} → {environment}", bold(&body.agent), body.version);
            print(&plan);
            anstream::println!();
            anstream::println!("{}", dim(needs(&demands, &plan)));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The items of a plan, worst first.
pub(crate) fn print(plan: &Plan) {
    match plan.base {
        None => anstream::println!("{}", dim("nothing runs there yet")),
        Some(base) if base == plan.body => anstream::println!("{}", dim("it runs there already")),
        Some(base) => anstream::println!("{}", dim(format_args!("instead of {}", base.short()))),
    }
    anstream::println!();
    for item in &plan.items {
        anstream::println!("  {:9}  {}", class(item.class), item.sentence);
        if let Some(proof) = &item.proof {
            anstream::println!("  {:9}  {}", "", dim(proof));
        }
        if let Some(Proof::Witness { witness, .. }) = &item.proof {
            anstream::println!("  {:9}  {}", "", dim(witness.canonical()));
        }
    }
    for judgement in &plan.organisation {
        anstream::println!();
        organisation(judgement);
    }
}

/// What a policy of the organisation says, with every waiver that is used.
fn organisation(judgement: &Judgement) {
    let Judgement { organisation, .. } = judgement;
    let heading = format!("policy of {organisation}");
    anstream::println!("{} {}", bold(heading), dim(met(judgement)));
    for sentence in unmet(judgement) {
        anstream::println!("  {sentence}");
    }
}

/// How many rules of a policy are met.
fn met(judgement: &Judgement) -> String {
    let Judgement { policy, rules, .. } = judgement;
    let met = rules.values().filter(|standing| **standing == Standing::Met).count();
    format!("{}, {met} of {} rules met", policy.short(), rules.len())
}

/// A sentence for each rule that is not met.
fn unmet(judgement: &Judgement) -> impl Iterator<Item = String> {
    judgement.rules.iter().filter_map(|(rule, standing)| match standing {
        Standing::Met => None,
        Standing::Waived { waiver, expires } => {
            Some(format!("{rule}: waived by `{waiver}` until {expires}"))
        }
        Standing::Warned => Some(format!("{rule}: not met, which is a warning")),
        Standing::Broken => Some(format!("{rule}: not met")),
        Standing::Undecided => Some(format!("{rule}: cannot be told")),
    })
}

/// Whom a plan needs.
pub(crate) fn needs(demands: &Demands, plan: &Plan) -> String {
    let quorum = demands.quorum(plan.material);
    let people: Vec<_> = quorum.iter().map(|(role, count)| format!("{count} × {role}")).collect();
    let people = if people.is_empty() { "nobody".to_owned() } else { people.join(", ") };
    format!("to be approved by {people}")
}
