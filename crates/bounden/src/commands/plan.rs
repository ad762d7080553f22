//! `bounden plan`: what would change where the release at hand ran.

use std::process::ExitCode;

use bounden_ledger::EnvironmentId;
use bounden_lifecycle::{Demands, Plan};
use bounden_spec::organisation::{Judgement, Standing};

use super::{Dir, Format, environment, print_json};
use crate::exit::Failure;
use crate::organisation::Named;
use crate::promoter::Promoter;
use crate::state::{Clock, inside};
use crate::terminal::{bold, class, dim, red};

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

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let promoter = Promoter::open(args.dir.open()?)?.under(&args.organisation)?;
    let environment = environment(args.env.as_ref(), promoter.release.intent())?;
    let demands = promoter.demands(&environment)?;
    let plan = promoter.plan(&promoter.view()?, &environment, args.clock.now())?;
    match args.format {
        Format::Json => print_json(&plan.to_json().map_err(inside)?),
        Format::Text => {
            let body = promoter.release.body();
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
    }
    for judgement in &plan.organisation {
        anstream::println!();
        organisation(judgement);
    }
}

/// What a policy of the organisation says, with every waiver that is used.
fn organisation(judgement: &Judgement) {
    let Judgement { organisation, policy, rules } = judgement;
    let met = rules.values().filter(|standing| **standing == Standing::Met).count();
    let count = rules.len();
    anstream::println!(
        "{} {}",
        bold(format_args!("policy of {organisation}")),
        dim(format_args!("{}, {met} of {count} rules met", policy.short()))
    );
    for (rule, standing) in rules {
        match standing {
            Standing::Met => {}
            Standing::Waived { waiver, expires } => {
                anstream::println!("  {rule}: waived by `{waiver}` until {expires}");
            }
            Standing::Warned => anstream::println!("  {rule}: not met, which is a warning"),
            Standing::Broken => anstream::println!("  {rule}: {}", red("not met")),
            Standing::Undecided => anstream::println!("  {rule}: {}", red("cannot be told")),
        }
    }
}

/// Whom a plan needs.
pub(crate) fn needs(demands: &Demands, plan: &Plan) -> String {
    let quorum = demands.quorum(plan.material);
    let people: Vec<_> = quorum.iter().map(|(role, count)| format!("{count} × {role}")).collect();
    let people = if people.is_empty() { "nobody".to_owned() } else { people.join(", ") };
    format!("to be approved by {people}")
}
