//! `bounden init`: a draft of an intent from what a team already has, or a
//! template to start from.

mod files;
mod observed;
mod servers;
mod sources;
mod template;
mod todo;

use std::path::PathBuf;
use std::process::ExitCode;

use bounden_base::Severity;
use bounden_spec::draft::{Draft, id_of};
use bounden_spec::intent::Tier;
use bounden_spec::{Checked, check};

use crate::commands::check::text::tell;
use crate::exit::Failure;
use crate::folder::{CONTRACTS, INTENT};
use crate::state::inside;

/// Draft an intent from what is there
///
/// Without --mcp, --from and --traces, what lies in the folder is found:
/// configurations of MCP clients, OpenAPI documents, files of tools, AGENTS.md
/// and CLAUDE.md, and recorded runs in traces/. Servers are started as they
/// are configured.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of the agent
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// An MCP server: the command that starts it, or its address; NAME=… names it
    #[arg(long, value_name = "SERVER")]
    mcp: Vec<String>,
    /// A client's configuration, a file of tools, an OpenAPI document, or an agent file (.md)
    #[arg(long, value_name = "FILE")]
    from: Vec<PathBuf>,
    /// Recorded runs: files or folders; what they show is marked as observed
    #[arg(long, value_name = "PATH", num_args = 1..)]
    traces: Vec<PathBuf>,
    /// Start from a template instead
    #[arg(long, value_name = "NAME", conflicts_with_all = ["mcp", "from", "traces", "tier"])]
    template: Option<String>,
    /// Name the templates
    #[arg(long, conflicts_with_all = ["mcp", "from", "traces", "template", "tier"])]
    list: bool,
    /// How much harm a mistake can do; follows from the tools, if left out
    #[arg(long, value_enum)]
    tier: Option<Tiers>,
    /// Replace files that are there
    #[arg(long)]
    force: bool,
    /// Print the draft and write nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Tiers {
    /// Internal, reversible
    Low,
    /// Operational
    Medium,
    /// Customer-facing, regulated or irreversible
    High,
}

/// What could not be used, and why: told at the end, so that nobody overlooks it.
type LeftOut = Vec<String>;

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    if args.list {
        return template::list();
    }
    if let Some(name) = &args.template {
        return template::write(name, args);
    }
    if !args.dry_run && !args.force {
        files::refuse_if_there(&args.dir, &[INTENT, CONTRACTS])?;
    }
    let (draft, left_out) = gather(args)?;
    let text = draft.text();
    let checked =
        check(text.as_bytes(), (!draft.contracts.servers.is_empty()).then_some(&draft.contracts));
    sound(args, &text, &checked)?;
    if args.dry_run {
        print!("{text}");
    } else {
        write(args, &draft, &text)?;
    }
    todo::tell(args, &draft, &checked, &text, &left_out);
    Ok(ExitCode::SUCCESS)
}

fn gather(args: &Args) -> Result<(Draft, LeftOut), Failure> {
    let mut found = sources::Found::default();
    if args.mcp.is_empty() && args.from.is_empty() && args.traces.is_empty() {
        found.look_in(&args.dir)?;
    }
    for server in &args.mcp {
        found.server(server)?;
    }
    for file in &args.from {
        found.file(file)?;
    }
    found.traces.extend(args.traces.iter().cloned());
    if found.is_empty() {
        return Err(Failure::usage(format!(
            "there is nothing to draft from for {}; name a server with `--mcp`, a file with `--from`, \
             recorded runs with `--traces`, or start from a template (`--list` names them){}",
            args.dir.display(),
            found.left_out.iter().map(|reason| format!("; {reason}")).collect::<String>()
        )));
    }
    let observed = observed::read(&found.traces)?;
    let asked = servers::ask(&found, &args.dir)?;
    let draft = Draft {
        agent: agent(args)?,
        tier: args.tier.map(Tiers::tier),
        servers: asked.servers,
        contracts: asked.contracts,
        rules: found.rules,
        observed,
    };
    let mut left_out = [found.left_out, asked.left_out].concat();
    let strangers = draft.unoffered().into_iter();
    left_out
        .extend(strangers.map(|tool| format!("`{tool}`, which runs call and no server offers")));
    let odd = draft.unwritable().into_iter();
    left_out.extend(odd.map(|tool| format!("`{tool}`, whose name cannot stand in an intent")));
    if draft.contracts.servers.is_empty() && draft.observed.is_none() && draft.rules.is_empty() {
        return Err(Failure::unavailable(format!(
            "nothing is left to draft from: {}",
            left_out.join("; ")
        )));
    }
    Ok((draft, left_out))
}

/// The id of the agent: the name of its folder.
fn agent(args: &Args) -> Result<String, Failure> {
    let path = std::path::absolute(&args.dir).map_err(inside)?;
    let path = path.canonicalize().unwrap_or(path);
    let name = path.file_name().map(|name| id_of(&name.to_string_lossy())).unwrap_or_default();
    Ok(if name.is_empty() { "agent".to_owned() } else { name })
}

/// A draft with errors would be of no use: nothing is written then.
fn sound(args: &Args, text: &str, checked: &Checked) -> Result<(), Failure> {
    if !checked.diagnostics.iter().any(|problem| problem.severity == Severity::Error) {
        return Ok(());
    }
    tell(&args.dir.join(INTENT), text.as_bytes(), &checked.diagnostics);
    Err(Failure::unavailable("the draft has errors, and nothing was written"))
}

fn write(args: &Args, draft: &Draft, text: &str) -> Result<(), Failure> {
    let mut files = Vec::new();
    if !draft.contracts.servers.is_empty() {
        let contracts = draft.contracts.to_json().map_err(inside)?.pretty();
        files.push((PathBuf::from(CONTRACTS), contracts.into_bytes()));
    }
    files.push((PathBuf::from(INTENT), text.as_bytes().to_vec()));
    files::write(&args.dir, &files, args.force)
}

impl Tiers {
    fn tier(self) -> Tier {
        match self {
            Self::Low => Tier::Low,
            Self::Medium => Tier::Medium,
            Self::High => Tier::High,
        }
    }
}
