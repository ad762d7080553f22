//! Input conditions: kinds of requests, and expressions over facts.

use bounden_policy::Reading;

use super::{Translation, clauses, slug};
use crate::intent::Given;
use crate::yaml::Text;

impl Translation<'_> {
    /// `customer requests return, order.age_days < 30`
    pub(super) fn given(&mut self, text: &Text) -> Given {
        let mut given =
            Given { span: text.span, intent: None, fact: None, tag: None, called: None };
        let mut facts = Vec::new();
        for clause in clauses(text) {
            if is_expression(&clause) {
                facts.push(self.fact(&clause));
            } else if self.article.bind.intents.contains(&slug(&clause)) && given.intent.is_none() {
                given.intent = Some(Text::derived(slug(&clause), clause.span));
            } else if let Some(phrase) = self.unbound(&clause, "intents", "tag: intent=KIND") {
                facts.push(phrase);
            }
        }
        given.fact = (!facts.is_empty()).then(|| Text::derived(facts.join(" && "), text.span));
        given
    }

    /// An expression whose facts are bound; otherwise a tag of its name decides.
    fn fact(&mut self, clause: &Text) -> String {
        let reading = Reading::of(clause).unwrap_or_default();
        let roots: Vec<_> = reading.paths.iter().filter_map(|path| path.names.first()).collect();
        let unknown = roots.iter().find(|root| !self.article.bind.facts.contains(root.as_str()));
        let Some(unknown) = unknown else { return format!("({})", clause.value) };
        let message = format!("where `{unknown}` comes from is not said");
        let help = format!("add `bind: {{facts: {{{unknown}: {{result_of: TOOL}}}}}}`");
        self.error("B145", clause.span, message, help);
        tagged(clause)
    }

    /// Notes a clause that is not bound; a tag of its name decides until then.
    pub(super) fn unbound(
        &mut self,
        clause: &Text,
        section: &str,
        binding: &str,
    ) -> Option<String> {
        if self.article.bind.intents.contains(&slug(clause)) {
            return None;
        }
        let message = format!("what \u{201c}{clause}\u{201d} means in calls or words is not said");
        let help = format!("add `bind: {{{section}: {{{}: {{{binding}}}}}}}`", slug(clause));
        self.error("B140", clause.span, message, help);
        Some(tagged(clause))
    }
}

/// A comparison, rather than a sentence.
fn is_expression(clause: &str) -> bool {
    let compares = ["<", ">", "==", "!="].iter().any(|sign| clause.contains(sign));
    compares && Reading::of(clause).is_some()
}

/// Undecidable, unless the session has a tag of this name.
pub(super) fn tagged(clause: &str) -> String {
    format!("tag(\"{}\") == \"yes\"", slug(clause))
}
