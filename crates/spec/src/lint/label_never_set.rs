//! A label that no result carries.
//!
//! A rule that waits for a label fires once a result with that label was read.
//! Results carry the label that their tool declares, and `untrusted` without
//! one. A misspelt label is a rule that never does anything.
//!
//! ## Example
//!
//! ```yaml
//! invariants:
//!   ask-first: {rule: A lead agrees to each payment, enforce: {by: policy_engine, trigger: call billing.pay, do: require approval from lead}}
//!   no-leak: {rule: Nothing is sent after foreign text, enforce: {by: policy_engine, trigger: call desk.hand_over, when: labels("untrustd"), do: block}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! invariants:
//!   ask-first: {rule: A lead agrees to each payment, enforce: {by: policy_engine, trigger: call billing.pay, do: require approval from lead}}
//!   no-leak: {rule: Nothing is sent after foreign text, enforce: {by: policy_engine, trigger: call desk.hand_over, when: labels("untrusted"), do: block}}
//! ```

use bounden_base::{Diagnostic, Edit, nearest};
use bounden_policy::{LiteralRead, Reading};

use super::{Subject, listed, with_fix};
use crate::yaml::Text;

pub(super) const CODE: &str = "B273";

/// What results are taken for whose tool has no label.
const UNLABELLED: &str = "untrusted";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let labels = subject.intent.tools.iter().filter_map(|item| item.value.labels.as_ref()?.result.as_ref());
    let mut set: Vec<&str> = labels.map(|label| label.value.as_str()).chain([UNLABELLED]).collect();
    set.sort_unstable();
    set.dedup();
    let enforced = subject.intent.invariants.iter().filter_map(|item| item.value.enforce.as_ref());
    for when in enforced.filter_map(|enforce| enforce.when.as_ref()) {
        let reading = Reading::of(when).unwrap_or_default();
        for label in reading.labels.iter().filter(|label| !set.contains(&label.text.as_str())) {
            found.push(problem(subject.source, when, label, &set));
        }
    }
}

fn problem(source: &str, when: &Text, label: &LiteralRead, set: &[&str]) -> Diagnostic {
    let span = when.part(label.span);
    let message = format!("no tool's results carry the label `{}`", label.text);
    let problem = Diagnostic::warning(CODE, span, message);
    let near = nearest::name(&label.text, set.iter().copied());
    let problem = problem.help(match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}; give the tool that it is for `labels: {{result: {}}}`", listed(set), label.text),
    });
    // The place of the literal itself, where the source holds it as it is.
    let literal = source.get(span.start..span.end).unwrap_or("");
    let is_literal = literal.get(1..literal.len().saturating_sub(1)) == Some(&label.text);
    let replaced = near.filter(|_| span != when.span && is_literal).map(|near| {
        vec![Edit { span: bounden_base::Span::new(span.start + 1, span.end - 1), replacement: near.to_owned() }]
    });
    with_fix(problem, replaced)
}
