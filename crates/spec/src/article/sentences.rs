//! The sentences that the actions of failure modes are made of: a small, closed language.

use bounden_base::Span;

use super::words::slug;
use crate::yaml::Text;

/// What one sentence says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Said {
    Clarify,
    /// The path, unless only a person is named.
    Escalate(Option<String>),
    Halt,
    Continue,
    Inform,
    Flag,
    NeverEcho,
    /// What follows from the rest already.
    Nothing,
}

/// A sentence with its place.
pub(super) struct Sentence {
    pub(super) text: String,
    pub(super) span: Span,
}

/// The sentences of a text, without their full stops.
pub(super) fn sentences(text: &Text) -> Vec<Sentence> {
    let mut start = 0;
    let mut found = Vec::new();
    for part in text.split_inclusive(['.', ';', '!']) {
        let body = part.trim_end_matches(['.', ';', '!']).trim();
        let at = start + part.len() - part.trim_start().len();
        start += part.len();
        if !body.is_empty() {
            let span = text.part(Span::new(at, at + body.len()));
            found.push(Sentence { text: body.to_owned(), span });
        }
    }
    found
}

/// What a sentence says, or each part of it; nothing where one part says nothing known.
pub(super) fn said(text: &str) -> Option<Vec<Said>> {
    let text = text.to_lowercase();
    let text = without_condition(text.trim());
    let joints = [
        ", but ",
        " but ",
        ", and then ",
        ", then ",
        ", and ",
        " and then ",
        " then ",
        " and ",
        ", ",
    ];
    let parts = joints.iter().fold(vec![text], |parts, joint| {
        parts.into_iter().flat_map(|part| part.split(joint)).collect()
    });
    let all: Option<Vec<_>> = parts.iter().map(|part| one(part.trim())).collect();
    // `escalate to trust and safety` is one path; whatever else has a part that is not read is refused.
    let whole = || one(text).filter(|said| matches!(said, Said::Escalate(_)));
    all.or_else(|| whole().map(|said| vec![said]))
}

/// Whether a sentence leaves to the model what happens.
pub(super) fn is_discretion(text: &str) -> bool {
    let words = [
        "try",
        "retry",
        "attempt",
        "best",
        "judgment",
        "judgement",
        "improvise",
        "appropriate",
        "possible",
        "discretion",
        "decide",
        "reasonable",
        "alternative",
        "workaround",
        "needed",
        "help",
        "guess",
        "consider",
    ];
    let text = text.to_lowercase();
    text.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
}

/// Whether a sentence speaks of a question that stayed open.
pub(super) fn is_conditional(text: &str) -> bool {
    let text = text.to_lowercase();
    without_condition(text.trim()) != text.trim()
}

/// A question that stays open is the only condition that an answer can have.
fn without_condition(text: &str) -> &str {
    let still = [
        "if still ambiguous",
        "if it is still ambiguous",
        "if still unclear",
        "if it is still unclear",
        "if it stays unclear",
        "if that does not help",
    ];
    let Some(rest) = still.iter().find_map(|words| text.strip_prefix(words)) else { return text };
    let rest =
        rest.trim_start_matches(" after one exchange").trim_start_matches(" after one question");
    let rest = rest.trim_start().trim_start_matches([':', ',']).trim_start();
    rest.trim_start_matches("then ")
}

fn one(text: &str) -> Option<Said> {
    Some(match text {
        "ask one clarifying question"
        | "ask a single clarifying question"
        | "ask one question"
        | "ask once for clarification"
        | "ask for clarification once"
        | "ask once"
        | "request clarification once"
        | "clarify once" => Said::Clarify,
        "halt"
        | "stop"
        | "abort"
        | "halt immediately"
        | "stop immediately"
        | "stop processing"
        | "stop the session"
        | "end the session"
        | "end the conversation" => Said::Halt,
        "process normally"
        | "proceed normally"
        | "continue normally"
        | "continue"
        | "carry on"
        | "carry on as usual"
        | "process the request normally" => Said::Continue,
        "acknowledge" | "acknowledge the request" | "apologise" | "apologize" => Said::Inform,
        "flag in audit log"
        | "flag in the audit log"
        | "flag it in the audit log"
        | "flag it"
        | "flag for audit"
        | "flag it for audit"
        | "note it in the audit log"
        | "record it in the audit log" => Said::Flag,
        "do not echo pii back"
        | "do not echo it back"
        | "do not echo it"
        | "never echo it"
        | "do not repeat it"
        | "never repeat it"
        | "do not repeat personal data"
        | "do not repeat the data" => Said::NeverEcho,
        "report"
        | "do not attempt resolution"
        | "do not attempt to resolve it"
        | "do not retry"
        | "do not continue"
        | "do not proceed"
        | "take no further action" => Said::Nothing,
        "escalate" | "escalate immediately" | "escalate at once" => Said::Escalate(None),
        _ => return addressed(text),
    })
}

/// Sentences that name somebody: `hand over to PATH`, `tell the customer`.
fn addressed(text: &str) -> Option<Said> {
    let handed = [
        "escalate immediately to ",
        "escalate it to ",
        "escalate to ",
        "route it to ",
        "route to ",
        "hand it over to ",
        "hand over to ",
        "hand it off to ",
        "hand off to ",
        "hand it to ",
        "hand to ",
        "transfer it to ",
        "transfer to ",
        "pass it to ",
        "pass to ",
        "report it to ",
        "report to ",
    ];
    if let Some(path) = handed.iter().find_map(|words| text.strip_prefix(words)) {
        return Some(Said::Escalate(path_of(path)));
    }
    let told = ["inform ", "tell ", "notify ", "alert ", "page "];
    let (verb, whom) = told.iter().find_map(|verb| Some((*verb, text.strip_prefix(verb)?)))?;
    if is_user(whom) {
        return (verb != "page ").then_some(Said::Inform);
    }
    // Who is told without being the user is a path; `inform` and `tell` do not say which of both.
    matches!(verb, "notify " | "alert " | "page ").then(|| Said::Escalate(path_of(whom)))
}

/// A path by its name, unless just a person is meant.
fn path_of(words: &str) -> Option<String> {
    let articles = ["the ", "a ", "an "];
    let name = articles.iter().find_map(|article| words.strip_prefix(article)).unwrap_or(words);
    let name = name.trim_end_matches(" immediately").trim_end_matches(" channel").trim();
    let anybody =
        ["person", "human", "human agent", "human being", "somebody", "someone", "colleague"];
    (!anybody.contains(&name)).then(|| slug(name))
}

/// Whether the user is meant, whatever is told of.
fn is_user(words: &str) -> bool {
    let users = [
        "user",
        "customer",
        "caller",
        "client",
        "reader",
        "shopper",
        "guest",
        "patient",
        "member",
        "requester",
        "sender",
        "student",
        "tenant",
        "visitor",
        "employee",
        "them",
    ];
    let articles = ["the ", "a "];
    let name = articles.iter().find_map(|article| words.strip_prefix(article)).unwrap_or(words);
    let (first, rest) = name.split_once(' ').unwrap_or((name, ""));
    let tells = ["of ", "about ", "that ", "why ", "what "];
    let limits = ["if", "unless", "when", "until", "except", "only", "without", "or", "then"];
    let is_limited = rest.split(|c: char| !c.is_alphanumeric()).any(|word| limits.contains(&word));
    let is_told = matches!(rest, "" | "immediately" | "so" | "at once")
        || (!is_limited && tells.iter().any(|word| rest.starts_with(word)));
    users.contains(&first) && is_told
}
