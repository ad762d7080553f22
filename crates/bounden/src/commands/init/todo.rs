//! What is left to a person after a draft, as a list.

use std::collections::BTreeSet;

use bounden_base::LineIndex;
use bounden_spec::Checked;
use bounden_spec::draft::Draft;

use super::{Args, LeftOut};
use crate::folder::{CONTRACTS, INTENT};
use crate::terminal::{bold, dim, green, yellow};

/// Tells on stderr what was drafted and what is open, so that a printed draft stays whole.
pub(super) fn tell(args: &Args, draft: &Draft, checked: &Checked, text: &str, left_out: &LeftOut) {
    anstream::eprintln!();
    if !args.dry_run {
        let drafted = args.dir.join(INTENT);
        anstream::eprintln!("{} {}, {}", green("drafted"), drafted.display(), said(draft, checked));
        if !draft.contracts.servers.is_empty() {
            anstream::eprintln!("{}  {}", green("pinned"), args.dir.join(CONTRACTS).display());
        }
    }
    for line in left_out {
        anstream::eprintln!("{} {line}", yellow("left out"));
    }
    let names: BTreeSet<_> = draft.servers.values().flat_map(|server| &server.pass_env).collect();
    if !names.is_empty() {
        let names: Vec<_> = names.into_iter().map(String::as_str).collect();
        anstream::eprintln!(
            "{} {} for these servers wherever they run",
            yellow("set"),
            names.join(", ")
        );
    }
    list(checked, text);
}

fn list(checked: &Checked, text: &str) {
    anstream::eprintln!();
    anstream::eprintln!("{}", bold("To do, then `bounden check` again"));
    let lines = LineIndex::new(text);
    for (index, problem) in checked.diagnostics.iter().enumerate() {
        let others = problem.related.iter().map(|label| label.span);
        let places = std::iter::once(problem.span).chain(others);
        let places: BTreeSet<_> = places.map(|span| lines.position(span.start).line).collect();
        let where_ = listed(&places);
        anstream::eprintln!("  {}. {} [{}], {where_}", index + 1, problem.message, problem.code);
        if let Some(help) = &problem.help {
            anstream::eprintln!("     {}", dim(help));
        }
    }
    if checked.diagnostics.is_empty() {
        anstream::eprintln!("  nothing that a machine can see");
    }
}

/// Lines for people: a few, and how many more.
fn listed(lines: &BTreeSet<usize>) -> String {
    const MOST: usize = 8;
    let shown: Vec<_> = lines.iter().take(MOST).map(usize::to_string).collect();
    let word = if lines.len() == 1 { "line" } else { "lines" };
    match lines.len().saturating_sub(MOST) {
        0 => format!("{word} {}", shown.join(", ")),
        more => format!("{word} {} and {more} more", shown.join(", ")),
    }
}

/// How much was drafted.
fn said(draft: &Draft, checked: &Checked) -> String {
    let plural = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    };
    let tools = checked.intent.as_ref().map_or(0, |intent| intent.tools.names().count());
    let mut parts = vec![plural(tools, "tool")];
    if !draft.rules.is_empty() {
        parts.push(plural(draft.rules.len(), "rule"));
    }
    if let Some(observed) = &draft.observed {
        parts.push(format!(
            "from {}",
            plural(usize::try_from(observed.runs).unwrap_or(usize::MAX), "recorded run")
        ));
    }
    parts.join(", ")
}
