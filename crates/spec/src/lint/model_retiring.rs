//! A model whose provider has announced its end.
//!
//! From that day on requests for it fail, or something else answers them. Tests
//! and approvals were about this one. The dates are those that providers have
//! published, as of the day in the finding; what they announce later is not known
//! here.
//!
//! ## Example
//!
//! ```yaml
//! models: {allow: {primary: {class: support, id: anthropic/claude-3-opus-20240229}}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! models: {allow: {primary: {class: support, id: anthropic/claude-sonnet-4-6}}}
//! ```

use bounden_base::Diagnostic;

use super::Subject;

pub(super) const CODE: &str = "B244";

/// When the table was last compared with what providers publish.
const AS_OF: &str = "2026-11-20";

/// Models and the day from which requests for them fail. Sources:
/// <https://platform.claude.com/docs/en/about-claude/model-deprecations> and
/// <https://platform.openai.com/docs/deprecations>.
const RETIRED: [(&str, &str); 14] = [
    ("anthropic/claude-2.0", "2025-07-21"),
    ("anthropic/claude-2.1", "2025-07-21"),
    ("anthropic/claude-3-sonnet-20240229", "2025-07-21"),
    ("anthropic/claude-3-opus-20240229", "2026-01-05"),
    ("anthropic/claude-opus-4-20250514", "2026-06-15"),
    ("anthropic/claude-sonnet-4-20250514", "2026-06-15"),
    ("openai/chatgpt-4o-latest", "2026-02-17"),
    ("openai/codex-mini-latest", "2026-01-16"),
    ("openai/gpt-5-codex", "2026-07-23"),
    ("openai/gpt-5.1-codex", "2026-07-23"),
    ("openai/gpt-3.5-turbo-0613", "2024-09-13"),
    ("openai/gpt-3.5-turbo-16k-0613", "2024-09-13"),
    ("openai/gpt-3.5-turbo-0125", "2026-10-23"),
    ("openai/gpt-4-0613", "2026-10-23"),
];

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let models = subject.intent.models.iter().flat_map(|models| &models.allow);
    for id in models.map(|item| &item.value.id) {
        let Some((_, day)) = RETIRED.iter().find(|(known, _)| *known == id.value) else { continue };
        let message = format!("`{id}` ends on {day}, as its provider had announced by {AS_OF}");
        found.push(
            Diagnostic::warning(CODE, id.span, message)
                .help("name its successor, and test with that one"),
        );
    }
}
