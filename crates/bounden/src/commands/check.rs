//! `bounden check`: what is wrong with an intent, where, and what to do.

mod github;
pub(crate) mod input;
mod json;
mod sarif;
pub(crate) mod text;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use bounden_base::Severity;
use bounden_policy::{CriterionId, CriterionVerdict, Policy};
use bounden_spec::intent;
use bounden_spec::{against, check, defaults, repaired, repaired_whole};
use bounden_trace::Evaluator;
use bounden_trace::import::import_each;

use crate::exit::Failure;
use crate::organisation::{Named, Organisations};
use crate::parallel;
use crate::recording::{self, Recording};
use crate::state::Clock;
pub(crate) use input::Document;
use input::Report;
pub(crate) use text::print;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Intents, or folders: the intent of each, else all those in the folders below it
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Pinned tool definitions; `behavior.contracts.json` beside the intent, if there is one
    #[arg(long, value_name = "FILE")]
    contracts: Option<PathBuf>,
    /// Make the repairs that do not change what the document means
    #[arg(long)]
    fix: bool,
    #[command(flatten)]
    organisation: Named,
    /// The intent that this one follows: a file, or a revision of its repository
    #[arg(long, value_name = "FILE|REV")]
    against: Option<String>,
    /// With `--against`: the role that made the change
    #[arg(long, value_name = "ROLE", requires = "against")]
    by: Option<String>,
    /// Recorded runs: files or folders; each criterion should apply to one of them
    #[arg(long, value_name = "PATH", num_args = 1..)]
    traces: Vec<PathBuf>,
    /// Also print every default that is in force
    #[arg(long)]
    explain: bool,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    clock: Clock,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object
    Json,
    /// A SARIF 2.1.0 log, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let paths = input::intents_at(&args.paths)?;
    let open = |path: &PathBuf| Document::open(path, args.contracts.as_deref());
    let opened = parallel::map(&paths, open).into_iter();
    let mut documents = opened.collect::<Result<Vec<_>, _>>()?;
    if args.fix {
        documents.iter_mut().try_for_each(|document| fix(document, args))?;
    }
    let checked = parallel::map(&documents, |document| report(document, args)).into_iter();
    let reports = checked.collect::<Result<Vec<_>, _>>()?;
    match args.format {
        Format::Text => reports.iter().for_each(|report| text::report(report, args.explain)),
        Format::Json => println!("{}", json::render(&reports)?),
        Format::Sarif => println!("{}", sarif::render(&reports)?),
        Format::Github => reports.iter().for_each(github::annotate),
    }
    let is_refused = reports.iter().any(|report| report.count(Severity::Error) > 0);
    Ok(ExitCode::from(u8::from(is_refused)))
}

fn report<'d>(document: &'d Document, args: &Args) -> Result<Report<'d>, Failure> {
    let mut checked = check(&document.bytes, document.contracts.as_ref());
    if let Some(policy) = checked.policy.take().filter(|_| !args.traces.is_empty()) {
        checked.tested(&tested(policy, &args.traces)?);
    }
    let mut diagnostics = checked.diagnostics;
    diagnostics.extend(document.contracts_problem.clone());
    if let (Some(base), Some(intent)) = (&args.against, &checked.intent) {
        let base = document.base(base)?;
        diagnostics.extend(against(&base, intent, &document.bytes, args.by.as_deref()));
    }
    let organisations = Organisations::of(document.folder(), &args.organisation)?;
    if let Some(intent) = &checked.intent {
        let now = args.clock.now();
        for organisation in &organisations.0 {
            diagnostics.extend(organisation.diagnose(intent, &document.bytes, now));
        }
    }
    Ok(Report {
        document,
        organisations,
        defaults: checked.intent.as_ref().map(defaults).unwrap_or_default(),
        diagnostics,
        checklist: checked.checklist,
    })
}

/// The criteria that apply to at least one recorded run, and are decided there.
fn tested(policy: Arc<Policy>, traces: &[PathBuf]) -> Result<BTreeSet<CriterionId>, Failure> {
    let evaluator = Evaluator::new(policy);
    let mut tested = BTreeSet::new();
    for path in recording::files(traces)? {
        let Recording { name, bytes } = recording::read(&path)?;
        import_each(&bytes, None, &mut |run| {
            let criteria = evaluator.judge(&run, &name).criteria.into_iter();
            let decided = criteria.filter(|(_, report)| {
                matches!(report.verdict, CriterionVerdict::Pass | CriterionVerdict::Fail)
            });
            tested.extend(decided.map(|(id, _)| id));
        });
    }
    Ok(tested)
}

/// Repairs until nothing safe is left, and writes the document back if it changed.
fn fix(document: &mut Document, args: &Args) -> Result<(), Failure> {
    let Ok(source) = std::str::from_utf8(&document.bytes) else { return Ok(()) };
    let mut text = repaired_whole(source, document.contracts.as_ref());
    if let Some(base) = &args.against
        && let (Some(intent), _) = intent::parse(text.as_bytes())
    {
        // The repairs before may have been the change that the version has to tell of.
        let found = against(&document.base(base)?, &intent, text.as_bytes(), None);
        text = repaired(&text, &found).0;
    }
    if text == source {
        return Ok(());
    }
    document.bytes = text.into_bytes();
    document.save()
}
