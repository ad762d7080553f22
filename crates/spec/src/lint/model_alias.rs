//! A model that is named by an alias.
//!
//! What `latest` means changes under a deployed agent, without a diff, a
//! review or a new lock. So does a name without its date, where the provider
//! lets that stand for the newest snapshot: at Anthropic before Claude 4.6
//! (<https://platform.claude.com/docs/en/about-claude/models/model-ids-and-versions>),
//! at OpenAI (<https://platform.openai.com/docs/deprecations>).
//!
//! ## Example
//!
//! ```yaml
//! models:
//!   routing: single
//!   allow: {main: {class: large, id: acme/large-latest}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! models:
//!   routing: single
//!   allow: {main: {class: large, id: acme/large-2026-01-13}}
//! ```

use bounden_base::Diagnostic;

use super::{Subject, says};

pub(super) const CODE: &str = "B214";

/// The models of Anthropic that have a date in their identity.
const UNDATED: [&str; 8] = [
    "claude-3", "claude-instant", "claude-opus-4-0", "claude-opus-4-1", "claude-opus-4-5",
    "claude-sonnet-4-0", "claude-sonnet-4-5", "claude-haiku-4-5",
];

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let models = subject.intent.models.iter().flat_map(|models| &models.allow);
    for id in models.map(|item| &item.value.id) {
        let problem = if says(id, &["latest", "default", "auto", "stable", "preview"]) {
            Diagnostic::error(CODE, id.span, format!("`{id}` is an alias, not one model"))
                .help("name a dated snapshot")
        } else if is_undated(id) {
            Diagnostic::warning(CODE, id.span, format!("`{id}` stands for whichever snapshot is newest"))
                .help("add the date of the snapshot that was tested")
        } else if !id.contains('/') {
            Diagnostic::warning(CODE, id.span, format!("`{id}` does not say who provides the model"))
                .help("write `PROVIDER/MODEL`")
        } else {
            continue;
        };
        found.push(problem);
    }
}

/// Whether the provider has dated snapshots of this model, and the date is left out.
fn is_undated(id: &str) -> bool {
    let Some((provider, model)) = id.split_once('/') else { return false };
    let is_number = |part: &str| part.len() >= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    let part = |place| model.rsplit('-').nth(place).is_some_and(is_number);
    // `20250929` and `0613` end a name, and so does `2026-01-13`.
    let is_dated = part(0) || part(2);
    match provider {
        "anthropic" => !is_dated && is_old(model),
        // Neither its open weights nor its models for coding have snapshots with a date.
        "openai" => {
            let has_snapshots = ["gpt-3.5", "gpt-4", "gpt-5", "o1", "o3", "o4"];
            !is_dated
                && !model.contains("codex")
                && has_snapshots.iter().any(|family| model.starts_with(family))
        }
        _ => false,
    }
}

fn is_old(model: &str) -> bool {
    let rest = UNDATED.iter().filter_map(|known| model.strip_prefix(known));
    rest.into_iter().any(|rest| !rest.starts_with(|next: char| next.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_missed_only_where_there_is_one() {
        for id in ["anthropic/claude-sonnet-4-5", "anthropic/claude-3-7-sonnet", "openai/gpt-5.2", "openai/o3-mini"] {
            assert!(is_undated(id), "{id}");
        }
        for id in [
            "anthropic/claude-sonnet-4-5-20250929",
            "anthropic/claude-sonnet-4-6",
            "anthropic/claude-opus-4-10",
            "openai/gpt-5.2-2026-01-13",
            "openai/gpt-4-0613",
            "openai/gpt-5.2-codex",
            "openai/gpt-oss-120b",
            "acme/large",
            "gpt-5.2",
        ] {
            assert!(!is_undated(id), "{id}");
        }
    }
}
