//! `bounden route`: what the scope router makes of requests, one a line, and why.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use bounden_base::{Json, JsonError};
use bounden_policy::{Explanation, Leaning, Route, Scope, ScopeRouter};

use super::Format;
use super::lines::{LONGEST, Line, Lines};
use crate::exit::Failure;
use crate::promise;

/// Say what requests are about, one a line: in scope, excluded, or unclear
///
/// Reads text from the standard input. For each line it prints what the request
/// is about, by how many points the stronger side of the scope leads, how many
/// an answer needs, and the words that decided. Every line is taken for the
/// first request of a conversation.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The intent, whose `scope` has examples
    #[arg(long, value_name = "FILE")]
    intent: PathBuf,
    /// How the answers are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Why the work could not be finished.
#[derive(Debug, thiserror::Error)]
enum RouteError {
    #[error("the requests cannot be read: {0}")]
    Input(io::Error),
    #[error("the answers cannot be written: {0}")]
    Output(io::Error),
    #[error("an answer cannot be written as JSON: {0}")]
    Json(#[from] JsonError),
}

/// A line that is no request.
#[derive(Debug, thiserror::Error)]
enum MalformedLine {
    #[error("the line is not UTF-8")]
    NotUtf8,
    #[error("the line is longer than {LONGEST} bytes")]
    TooLong,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let policy = match promise::load(&args.intent, None)? {
        Ok(promise) => promise.policy,
        Err(findings) => return Ok(findings),
    };
    let Some(router) = policy.router() else {
        let message = format!(
            "no topic under `scope` of {} has `examples` or `phrases`, so nothing tells requests apart",
            args.intent.display()
        );
        return Err(Failure::findings(message));
    };
    match answer_all(router, args.format)? {
        0 => Ok(ExitCode::SUCCESS),
        count => Err(Failure::usage(format!("{count} of the lines are no requests"))),
    }
}

/// Answers line by line; how many lines could not be read.
fn answer_all(router: &ScopeRouter, format: Format) -> Result<u64, RouteError> {
    let mut output = io::stdout().lock();
    let mut malformed = 0;
    for line in Lines::new(io::stdin().lock()) {
        let (number, line) = line.map_err(RouteError::Input)?;
        let shown = match request(&line) {
            Ok(text) if text.trim().is_empty() => continue,
            Ok(text) => {
                let explanation = router.explain(text);
                match format {
                    Format::Text => as_text(text, &explanation),
                    Format::Json => as_json(number, &explanation)?.canonical(),
                }
            }
            Err(error) => {
                malformed += 1;
                match format {
                    Format::Text => format!("-          line {number}: {error}"),
                    Format::Json => refusal(number, &error).canonical(),
                }
            }
        };
        // Whoever waits for the answer to one line gets it before the next is sent.
        writeln!(output, "{shown}").and_then(|()| output.flush()).map_err(RouteError::Output)?;
    }
    Ok(malformed)
}

fn request(line: &Line) -> Result<&str, MalformedLine> {
    match line {
        Line::Whole(text) => std::str::from_utf8(text).map_err(|_| MalformedLine::NotUtf8),
        Line::TooLong => Err(MalformedLine::TooLong),
    }
}

/// One line for the answer, and one for each side that has something to say.
fn as_text(text: &str, explanation: &Explanation) -> String {
    let route = &explanation.route;
    let answer = match &route.scope {
        Scope::Inside(topic) => format!("in         {topic}"),
        Scope::Outside { topic, escalate: Some(path) } => format!("out        {topic} -> {path}"),
        Scope::Outside { topic, escalate: None } => format!("out        {topic}"),
        Scope::Ambiguous => "ambiguous ".to_owned(),
    };
    let grounds = match (&route.phrase, route.threshold) {
        (Some(phrase), _) => format!("the phrase `{phrase}` decides"),
        (None, Some(threshold)) => {
            let but =
                if may_be_excluded(route) { ", but it may be about an exclusion" } else { "" };
            format!("a lead of {}, {threshold} needed{but}", route.margin)
        }
        (None, None) => "too few examples for any answer".to_owned(),
    };
    let mut shown = format!("{answer}  ({grounds})  {}", visible(text));
    for (side, leaning) in [("in ", &explanation.inside), ("out", &explanation.outside)] {
        if let Some(leaning) = leaning {
            shown.push_str(&format!("\n           {side} {}", reasons(leaning)));
        }
    }
    shown
}

/// Whether a request would be in scope if nothing in it spoke of an exclusion.
fn may_be_excluded(route: &Route) -> bool {
    let leads = route.threshold.is_some_and(|threshold| route.margin >= threshold);
    route.scope == Scope::Ambiguous && route.suspect && leads
}

/// A request without the characters that would change the terminal.
fn visible(text: &str) -> String {
    text.trim().chars().filter(|character| !character.is_control()).collect()
}

fn reasons(leaning: &Leaning) -> String {
    let why: Vec<String> = leaning
        .why
        .iter()
        .map(|signal| format!("{} {:+}", signal.feature, signal.points))
        .collect();
    format!("{} {}: \"{}\" ({})", leaning.topic, leaning.points, leaning.run, why.join(", "))
}

fn as_json(line: u64, explanation: &Explanation) -> Result<Json, JsonError> {
    let route = &explanation.route;
    let (scope, topic, escalate) = match &route.scope {
        Scope::Inside(topic) => ("in", Some(topic), None),
        Scope::Outside { topic, escalate } => ("out", Some(topic), escalate.as_deref()),
        Scope::Ambiguous => ("ambiguous", None, None),
    };
    let text = |text: Option<&str>| text.map_or(Json::Null, Json::from);
    let leaning =
        |leaning: &Option<Leaning>| leaning.as_ref().map_or(Ok(Json::Null), Json::from_serialize);
    Ok(Json::object([
        ("line", number(line)),
        ("scope", scope.into()),
        ("topic", text(topic.map(|topic| topic.as_str()))),
        ("escalate", text(escalate)),
        ("phrase", text(route.phrase.as_deref())),
        ("margin", route.margin.into()),
        ("threshold", route.threshold.map_or(Json::Null, Json::from)),
        ("suspect", Json::Bool(route.suspect)),
        ("in", leaning(&explanation.inside)?),
        ("out", leaning(&explanation.outside)?),
    ]))
}

fn refusal(line: u64, error: &MalformedLine) -> Json {
    Json::object([("line", number(line)), ("error", error.to_string().into())])
}

fn number(line: u64) -> Json {
    i64::try_from(line).unwrap_or(i64::MAX).into()
}

impl From<RouteError> for Failure {
    fn from(error: RouteError) -> Self {
        match error {
            RouteError::Input(_) => Self::usage(error.to_string()),
            RouteError::Output(_) | RouteError::Json(_) => Self::unavailable(error.to_string()),
        }
    }
}
