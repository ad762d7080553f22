//! Input conditions: kinds of requests, calls, and expressions over facts.

use bounden_policy::Reading;

use super::Translation;
use super::expression::expression;
use super::words::{clauses, key, slug};
use crate::intent::Given;
use crate::yaml::Text;

impl Translation<'_> {
    /// `customer requests return, order.age_days < 30`
    pub(super) fn given(&mut self, text: &Text) -> Given {
        let mut given =
            Given { span: text.span, intent: None, fact: None, tag: None, called: None };
        let mut facts = Vec::new();
        for clause in clauses(text) {
            if let Some(expression) = comparison(&clause) {
                facts.push(self.fact(&clause, &expression));
            } else if let Some(word) = called(&clause) {
                let tools = self.tools_meant(word, clause.span);
                let tools: Vec<_> = tools.into_iter().map(|tool| tool.value).collect();
                self.once(&mut given.called, tools.join(", "), &clause, "call");
            } else {
                facts.extend(self.kind(&clause, &mut given));
            }
        }
        given.fact = (!facts.is_empty()).then(|| Text::derived(facts.join(" && "), text.span));
        given
    }

    /// A kind of request, or the tag that decides until it is bound.
    fn kind(&mut self, clause: &Text, given: &mut Given) -> Option<String> {
        let name = slug(clause);
        if self.article.bind.intents.contains(&name) {
            self.once(&mut given.intent, name, clause, "kind of request");
            return None;
        }
        if clause.contains(['<', '>', '=']) {
            let message = format!("\u{201c}{clause}\u{201d} cannot be compared");
            let help = "write the comparison between commas, as in `customer requests return, order.age_days < 30`";
            self.error("B140", clause.span, message, help);
            return Some(tagged(clause));
        }
        let message = format!("how \u{201c}{clause}\u{201d} is recognised is not said");
        let yaml = format!("bind: {{intents: {{{}: {{tag: intent={name}}}}}}}", key(&name));
        let more = ", or a `text` with a regular expression that occurs in such a request";
        self.open("B140", clause.span, message, yaml, more);
        Some(tagged(clause))
    }

    /// A part that a condition has once; a second one is a finding.
    fn once(&mut self, place: &mut Option<Text>, value: String, clause: &Text, what: &str) {
        if place.is_some() {
            let message =
                format!("a condition has one {what}, and \u{201c}{clause}\u{201d} is a second one");
            let help = "write a criterion for each, or bind one name for both together";
            self.error("B140", clause.span, message, help);
            return;
        }
        *place = Some(Text::derived(value, clause.span));
    }

    /// An expression whose facts are bound; otherwise a tag of its name decides.
    fn fact(&mut self, clause: &Text, expression: &str) -> String {
        let reading = Reading::of(expression).unwrap_or_default();
        let roots = reading.paths.iter().filter_map(|path| path.names.first());
        let unknown = roots.filter(|root| !self.article.bind.facts.contains(root.as_str()));
        let mut unknown = unknown.peekable();
        if unknown.peek().is_none() {
            return format!("({expression})");
        }
        for name in unknown {
            let message = format!("where `{name}` comes from is not said");
            let yaml = format!("bind: {{facts: {{{}: {{result_of: SERVER.TOOL}}}}}}", key(name));
            self.open("B145", clause.span, message, yaml, ", with the tool that tells it");
        }
        tagged(clause)
    }
}

/// A comparison, rather than a sentence: it has a sign, or words in place of one after a path.
fn comparison(clause: &str) -> Option<String> {
    let has_sign = ["<", ">", "==", "!=", " in ["].iter().any(|sign| clause.contains(sign));
    let first = clause.split_whitespace().next().unwrap_or("");
    let is_path = first.contains('.') && !first.ends_with('.');
    let expression = expression(clause).ok().filter(|_| has_sign || is_path)?;
    let compares = ["<", ">", "==", "!=", " in ["].iter().any(|sign| expression.contains(sign));
    compares.then_some(expression)
}

/// The tool of `tool_call=TOOL executed`.
fn called(clause: &str) -> Option<&str> {
    let word = clause.strip_prefix("tool_call=")?;
    let word =
        word.strip_suffix(" executed").or_else(|| word.strip_suffix(" called")).unwrap_or(word);
    (!word.trim().contains(char::is_whitespace)).then_some(word.trim())
}

/// Undecidable, unless the session has a tag of this name.
pub(super) fn tagged(clause: &str) -> String {
    format!("tag(\"{}\") == \"yes\"", slug(clause))
}
