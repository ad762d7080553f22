//! `bounden compose`: tools that are harmless alone and together are not.

use std::path::PathBuf;
use std::process::ExitCode;

use bounden_base::Json;
use bounden_policy::ToolName;
use bounden_policy::composition::{Combination, Part, Standing, between, combinations};

use super::{Format, print_json};
use crate::exit::Failure;
use crate::promise;
use crate::terminal::{bold, dim, green, red};

/// Say which tools are dangerous together, and what keeps them apart
///
/// Effects and labels tell which tools could read what must stay inside and
/// which could send it, or write a program and which could run it. Each such
/// combination is tried on the engine, call by call. With another agent, what
/// the two can do only together is tried.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The intent, or the folder that holds it
    #[arg(long, value_name = "FILE")]
    intent: PathBuf,
    /// Pinned tool definitions; `behavior.contracts.json` beside the intent, if there is one
    #[arg(long, value_name = "FILE")]
    contracts: Option<PathBuf>,
    /// The intent of another agent, which this one calls
    #[arg(long, value_name = "FILE", requires = "by")]
    with: Option<PathBuf>,
    /// The tool by which this agent calls the other one
    #[arg(long, value_name = "TOOL", requires = "with")]
    by: Option<ToolName>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let own = match promise::load(&args.intent, args.contracts.as_deref())? {
        Ok(promise) => promise.policy,
        Err(findings) => return Ok(findings),
    };
    let found: Vec<Combination> = match (&args.with, &args.by) {
        (Some(path), Some(by)) => {
            if !own.bundle().tools.contains_key(by) {
                return Err(Failure::usage(format!("`{by}` is no tool of this agent")));
            }
            let other = match promise::load(path, None)? {
                Ok(promise) => promise.policy,
                Err(findings) => return Ok(findings),
            };
            if own.bundle().agent == other.bundle().agent {
                let agent = &own.bundle().agent;
                return Err(Failure::usage(format!("both intents are of `{agent}`")));
            }
            between(&own, &other, by).collect()
        }
        _ => combinations(&own).collect(),
    };
    match args.format {
        Format::Json => {
            print_json(&Json::object([("combinations", found.iter().map(json).collect())]))
        }
        Format::Text => text(&found),
    }
    Ok(ExitCode::from(u8::from(found.iter().any(Combination::is_open))))
}

fn text(found: &[Combination]) {
    if found.is_empty() {
        anstream::println!("no tools that are dangerous together");
    }
    for Combination { hazard, parts, standing } in found {
        let name = bold(hazard.name());
        match standing {
            Standing::Open(_) => anstream::println!("{name}  {}  {}", red("open"), hazard.why()),
            Standing::Stopped { .. } => anstream::println!("{name}  {}", green("stopped")),
        }
        for part in parts {
            let alike = part.alike.len();
            let alike = if alike == 0 { String::new() } else { format!(", and {alike} alike") };
            let says = part.ability.says();
            anstream::println!(
                "  {} {}",
                part.tool,
                dim(format_args!("{says}{alike}, {}", part.agent))
            );
        }
        match standing {
            Standing::Open(witness) => {
                for witnessed in witness {
                    anstream::println!("    {}", witnessed.event.to_json().canonical());
                }
            }
            Standing::Stopped { at, reason, by } => {
                let rules: Vec<&str> = by.iter().map(AsRef::as_ref).collect();
                let what = Json::from_serialize(reason).unwrap_or(Json::Null);
                let what = what.as_str().unwrap_or_default();
                let by = if rules.is_empty() { what.to_owned() } else { rules.join(", ") };
                anstream::println!("    `{at}` is stopped by {by}");
            }
        }
        anstream::println!();
    }
}

fn json(combination: &Combination) -> Json {
    let names = |names: &[ToolName]| names.iter().map(|name| Json::from(name.as_str())).collect();
    let part = |part: &Part| {
        Json::object([
            ("agent", part.agent.as_str().into()),
            ("tool", part.tool.as_str().into()),
            ("does", part.ability.says().into()),
            ("alike", names(&part.alike)),
        ])
    };
    let mut members = vec![
        ("hazard", combination.hazard.name().into()),
        ("why", combination.hazard.why().into()),
        ("tools", combination.parts.iter().map(part).collect()),
        ("open", combination.is_open().into()),
    ];
    match &combination.standing {
        Standing::Open(witness) => {
            let event = |witnessed: &bounden_policy::composition::Witnessed| {
                Json::object([
                    ("agent", witnessed.agent.as_str().into()),
                    ("event", witnessed.event.to_json()),
                ])
            };
            members.push(("witness", witness.iter().map(event).collect()));
        }
        Standing::Stopped { at, reason, by } => {
            members.push(("stopped_at", at.as_str().into()));
            members.push(("reason", Json::from_serialize(reason).unwrap_or(Json::Null)));
            members.push(("by", by.iter().map(|rule| Json::from(rule.as_str())).collect()));
        }
    }
    Json::object(members)
}
