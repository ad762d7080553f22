//! The findings of compiler and lints in the words of this form: repairs are for
//! mappings, which it does not have.

use bounden_base::{Diagnostic, Edit, Json};

use super::Translated;
use super::enforcement::FORMS;
use super::open::{Binding, Place};
use super::words::key;
use crate::intent::Intent;
use crate::yaml::{Node, scalar_text};

/// What compiler and lints say, unless it follows from what is said already; and
/// the YAML that closes the gaps which they find.
pub(crate) fn reworded(
    found: Vec<Diagnostic>,
    translated: &Translated,
    intent: &Intent,
    root: &Node,
    source: &str,
) -> (Vec<Diagnostic>, Vec<Binding>) {
    let mut open = Vec::new();
    let told = found.into_iter().filter(|problem| !follows(problem, translated, root));
    let told = told.map(|problem| in_own_words(problem, intent, source, &mut open));
    (told.collect(), open)
}

/// Whether a finding follows from another one: of a tool that nobody described,
/// of a control that is told of with its repair, and of what is written and was refused.
fn follows(problem: &Diagnostic, translated: &Translated, root: &Node) -> bool {
    let (known, refused) = (&translated.findings, &translated.refused);
    let says =
        |code: &str, span| known.iter().any(|known| known.code == code && known.span == span);
    let mut places = problem.related.iter().map(|label| label.span).chain([problem.span]);
    match problem.code.as_str() {
        "B111" | "B207" | "B218" | "B223" | "B228" | "B232" => says("B144", problem.span),
        "B219" => places.any(|span| says("B144", span)),
        "B230" => says("B148", problem.span),
        "B202" => refused.contains(&problem.span),
        "B203" => answered(problem, root).is_some(),
        _ => false,
    }
}

fn in_own_words(
    mut problem: Diagnostic,
    intent: &Intent,
    source: &str,
    open: &mut Vec<Binding>,
) -> Diagnostic {
    problem.fix = None;
    let written = source.get(problem.span.start..problem.span.end).unwrap_or("");
    match problem.code.as_str() {
        "B126" if problem.message.contains("question") => {
            problem.help("add the sentence `If still ambiguous: escalate.`")
        }
        "B126" => problem.help("add the sentences `Flag in audit log. Do not echo PII back.`"),
        "B201" => exclusion(problem, written, intent, open),
        "B202" => problem.help(format!("beside `rule`, add `enforcement`: {FORMS}")),
        "B203" => case_left_out(problem, open),
        "B209" => {
            let Some(yaml) = total(&problem, intent) else { return problem };
            open.push(Binding { place: Place::Sections, yaml: format!("invariants: [{yaml}]") });
            problem.help(format!("add to `invariants`: `{yaml}`"))
        }
        "B215" => {
            let yaml = "measurement: {behavioral_drift_review: weekly}".to_owned();
            let help = format!("add `{yaml}`");
            open.push(Binding { place: Place::Sections, yaml });
            problem.help(help)
        }
        "B216" => problem.help("add `constraints: {limits: {steps: 40, tool_calls: 20, usd: 0.5, seconds: 600, denied_calls: 5}}` with limits of your own; what is absent is unlimited"),
        "B230" => {
            let yaml = "attested_by: PERSON\nrenew: 30d\n".to_owned();
            open.push(Binding { place: Place::Beside(problem.span), yaml });
            problem.help("beside `enforcement`, add `probe: {command: [PROGRAM]}` that tries what must be refused, or `attested_by: PERSON` and `renew: 30d`")
        }
        "B243" => problem.help("under `agent`, add `owner: {team: TEAM, contact: ADDRESS}`"),
        "B274" => problem.help("write `policy_engine: require approval from ROLE tool_call=…`, and add `ownership: {approvers: {ROLE: {team: TEAM}}}`; or say in the rule that it never happens"),
        _ => problem,
    }
}

/// The failure modes by their names in an intent and in this form, and usual answers.
const MODES: [(&str, &str, &str); 5] = [
    (
        "ambiguous_request",
        "on_ambiguous_request",
        "Ask one clarifying question. If still ambiguous: escalate.",
    ),
    ("out_of_scope", "on_out_of_scope", "Acknowledge. Escalate."),
    ("tool_failure", "on_tool_failure", "Halt. Inform the user. Escalate."),
    (
        "pii_detected",
        "on_pii_detected_in_input",
        "Process normally. Flag in audit log. Do not echo PII back.",
    ),
    ("budget_exceeded", "on_budget_exceeded", "Halt. Escalate."),
];

/// The answer of this form to the case that a finding is about.
fn answered<'n>(problem: &Diagnostic, root: &'n Node) -> Option<&'n Node> {
    let (_, key, _) = mode(problem)?;
    root.get("failure_modes")?.get(key)
}

/// The failure mode that a finding names; none where it is about all of them.
fn mode(problem: &Diagnostic) -> Option<(&'static str, &'static str, &'static str)> {
    MODES.into_iter().find(|(name, ..)| problem.message.ends_with(&format!("`{name}`")))
}

/// A usual answer to the case that is left out, or to all of them.
fn case_left_out(problem: Diagnostic, open: &mut Vec<Binding>) -> Diagnostic {
    let written =
        |(_, key, usual): (&str, &str, &str)| format!("{key}: {{action: {}}}", text(usual));
    let cases: Vec<_> = match mode(&problem) {
        Some(mode) => vec![written(mode)],
        None => MODES.into_iter().map(written).collect(),
    };
    let yaml = format!("failure_modes: {{{}}}", cases.join(", "));
    let help = format!("add, for example, `{yaml}`");
    open.push(Binding { place: Place::Sections, yaml });
    problem.help(help)
}

/// A text within a mapping on one line.
fn text(text: &str) -> String {
    scalar_text(text, true)
}

/// An exclusion with the path that the answer to such requests names.
fn exclusion(
    problem: Diagnostic,
    written: &str,
    intent: &Intent,
    open: &mut Vec<Binding>,
) -> Diagnostic {
    let answer = intent.failure_modes.as_ref().and_then(|modes| modes.out_of_scope.as_ref());
    let named = answer.and_then(|answer| answer.r#do.strip_prefix("escalate "));
    let mut declared = intent.escalations.names();
    let only = declared.next().filter(|_| declared.next().is_none());
    let path = named.or(only).unwrap_or("PATH");
    let says = Json::from(written.trim_matches(['"', '\''])).canonical();
    let entry = format!("{{says: {says}, escalate: {}}}", key(path));
    let edits = vec![Edit { span: problem.span, replacement: entry.clone() }];
    open.push(Binding { place: Place::Instead(problem.span), yaml: entry.clone() });
    if intent.escalations.contains(path) {
        return problem.help(format!("write `{entry}`")).fix(edits, false);
    }
    let yaml = format!("escalations: {{{path}: {{call: SERVER.TOOL}}}}");
    let help = format!("write `{entry}`, and add `{yaml}`");
    open.push(Binding { place: Place::Sections, yaml });
    problem.help(help).fix(edits, false)
}

/// A rule over the sum, as an item of this form's list.
fn total(problem: &Diagnostic, intent: &Intent) -> Option<String> {
    let when = problem.help.as_ref()?.strip_prefix("add an invariant with `when: ")?;
    let when = when.strip_suffix('`')?;
    let bound = when.rsplit(' ').next()?;
    let mut enforced = intent.invariants.iter().filter_map(|item| item.value.enforce.as_ref());
    let capped = enforced.find(|enforce| enforce.span == problem.span)?;
    let tools = capped.trigger.as_ref()?.strip_prefix("call ")?.to_owned();
    let action = capped.r#do.as_ref()?;
    let rule = format!("No more than {bound} in 30 days, all calls together");
    let enforcement = format!("policy_engine: {action} tool_call={tools} when {when}");
    let (rule, enforcement) = (text(&rule), text(&enforcement));
    Some(format!("{{rule: {rule}, enforcement: {enforcement}}}"))
}
