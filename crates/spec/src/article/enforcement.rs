//! Enforcement strings: a mechanism, a colon, and what it does.

mod allowlist;
mod control;
mod filter;
mod rule;

use bounden_base::Span;

use super::{Refusal, Translation};
use crate::article::words::named;
use crate::intent::{By, Enforce, Invariant};
use crate::read::{Named, Spanned};
use crate::yaml::Text;

pub(super) const FORMS: &str = "write `policy_engine: block tool_call=TOOL when CONDITION`, `tool_allowlist: TOOLS not provisioned`, `output_filter: redact KINDS in logs`, `scope_router: escalate to PATH`, or `infrastructure: CONTROL`";

impl Translation<'_> {
    pub(super) fn invariants(&mut self) -> Named<Invariant> {
        let article = self.article;
        let invariants = article.invariants.iter().map(|invariant| {
            let has_proof = invariant.probe.is_some() || invariant.attested_by.is_some();
            let enforce =
                invariant.enforcement.as_ref().and_then(|text| self.enforcement(text, has_proof));
            let enforce = enforce.map(|enforce| Enforce {
                probe: invariant.probe.clone(),
                attested_by: invariant.attested_by.clone(),
                renew: invariant.renew,
                ..enforce
            });
            if enforce.is_none() && invariant.enforcement.is_some() {
                self.refused.push(invariant.rule.span);
            }
            let (span, rule) = (invariant.span, invariant.rule.clone());
            (&invariant.rule, Invariant { span, rule, enforce, origin: None })
        });
        named(invariants)
    }

    fn enforcement(&mut self, text: &Text, has_proof: bool) -> Option<Enforce> {
        let (mechanism, rest) = text.split_once(':').unwrap_or((text, ""));
        let at = text.len() - rest.trim_start().len();
        let clause = Clause { whole: text, text: rest.trim(), at };
        let read = match mechanism.trim().to_ascii_lowercase().as_str() {
            "policy_engine" | "policy engine" => self.rule(&clause),
            "tool_allowlist" | "tool allowlist" => self.denied(&clause),
            "output_filter" | "output filter" => filter::masked(&clause),
            "scope_router" | "scope router" => self.routed(&clause),
            "infrastructure" | "iam" | "external" => self.control(&clause, has_proof),
            _ => {
                self.error("B147", text.span, "this enforcement names no mechanism", FORMS);
                return None;
            }
        };
        let refused = |refusal: Refusal| {
            let span = text.part(refusal.span.shifted(at));
            self.error("B147", span, refusal.message, refusal.help);
        };
        read.map_err(refused).ok()
    }
}

/// What follows the mechanism.
pub(super) struct Clause<'t> {
    whole: &'t Text,
    text: &'t str,
    /// Where it begins, in bytes of the whole.
    at: usize,
}

impl Clause<'_> {
    fn span(&self) -> Span {
        self.whole.span
    }

    fn derived(&self, value: impl Into<String>) -> Text {
        Text::derived(value.into(), self.whole.span)
    }

    /// The place of a part of the text.
    fn part(&self, part: &str) -> Span {
        let start = self.text.find(part).unwrap_or(0);
        Span::new(start, start + part.len())
    }

    fn all(&self) -> Span {
        Span::new(0, self.text.len())
    }
}

/// An enforcement of which nothing is said yet but the mechanism.
fn empty(by: By, span: Span) -> Enforce {
    Enforce {
        span,
        by: Spanned { value: by, span },
        trigger: None,
        when: None,
        r#do: None,
        enforce: None,
        deny: Vec::new(),
        control: None,
        probe: None,
        attested_by: None,
        renew: None,
    }
}
