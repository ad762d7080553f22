//! A server of which no tool may be called.
//!
//! It is started, or reached, for nothing; and what it offers changes unseen.
//!
//! ## Example
//!
//! ```yaml
//! servers: {billing: {command: [billing]}, desk: {command: [desk]}, web: {command: [web]}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! servers: {billing: {command: [billing]}, desk: {command: [desk]}}
//! ```

use bounden_base::Diagnostic;

use super::{Subject, edits, with_safe_fix};

pub(super) const CODE: &str = "B263";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let is_used = |server: &str| {
        let mut tools = subject.intent.tools.names();
        tools.any(|tool| tool.split_once('.').is_some_and(|(own, _)| own == server))
    };
    for item in subject.intent.servers.iter().filter(|item| !is_used(&item.key.name)) {
        let message = format!("no tool of `{}` may be called", item.key);
        let problem = Diagnostic::warning(CODE, item.key.span, message)
            .help("remove the server, or declare one of its tools");
        let edits = edits::removal(subject.source, item.key.span, item.value.span);
        found.push(with_safe_fix(problem, edits));
    }
}
