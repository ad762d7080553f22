//! Expected outputs: words in quotes, links, and phrases that `bind` explains.

use super::Translation;
use super::conditions::tagged;
use super::criteria::Parts;
use super::effects::{Clause, effect};
use super::words::{key, slug};
use crate::intent::{Says, Url};
use crate::yaml::Text;

impl Translation<'_> {
    /// `says "TEXT"`, `links to https://…`, or a phrase.
    pub(super) fn output(&mut self, clause: &Text, parts: &mut Parts) {
        if let Some((is_absent, words)) = quoted(clause) {
            let words = vec![Text::derived(words, clause.span)];
            let (any, none) = if is_absent { (Vec::new(), words) } else { (words, Vec::new()) };
            parts.says.push(Says { span: clause.span, any, all: Vec::new(), none });
        } else if let Some(prefix) = address(clause) {
            let (span, prefix) = (clause.span, Text::derived(prefix, clause.span));
            self.link(Url { span, prefix }, clause, parts);
        } else {
            self.phrase(clause, parts);
        }
    }

    /// What `bind.phrases` says of these words; a tag of their name decides until then.
    pub(super) fn phrase(&mut self, clause: &Text, parts: &mut Parts) {
        let name = slug(clause);
        let phrases = &self.article.bind.phrases;
        let Some(phrase) = phrases.get(&name) else {
            if !phrases.contains(&name) {
                self.unbound(clause, &name);
            }
            parts.tagged.push(Text::derived(tagged(clause), clause.span));
            return;
        };
        let (any, all, none) = (phrase.any.clone(), phrase.all.clone(), phrase.none.clone());
        let says = [&any, &all, &none].iter().any(|words| !words.is_empty());
        if says {
            parts.says.push(Says { span: clause.span, any, all, none });
        }
        if let Some(url) = phrase.url.clone() {
            self.link(url, clause, parts);
        }
        if let Some(called) = &phrase.called {
            parts.effects.push(effect(clause.span, Clause::AtLeast(called.clone(), 1)));
        }
        if let Some(never) = &phrase.never {
            parts.effects.push(effect(clause.span, Clause::Never(never.clone())));
        }
        let calls = phrase.called.is_some() || phrase.never.is_some();
        if !says && phrase.url.is_none() && !calls {
            let message = format!("\u{201c}{clause}\u{201d} is bound to nothing");
            let help = format!(
                "under `bind.phrases.{name}`, write `any`, `all`, `none`, `url`, `called` or `never`"
            );
            self.error("B140", phrase.span, message, help);
        }
    }

    fn unbound(&mut self, clause: &Text, name: &str) {
        let message = format!("what \u{201c}{clause}\u{201d} means in words or calls is not said");
        let lower = clause.to_ascii_lowercase();
        let mut words = lower.split(|c: char| !c.is_alphanumeric() && c != '\'');
        let denies = ["no ", "not ", "never ", "does not ", "doesn't ", "without "];
        let (meaning, more) = if denies.iter().any(|word| lower.starts_with(word)) {
            (
                "none: [WORDS THAT ARE NOT SAID]",
                ", or `never: SERVER.TOOL` or `never: escalation` where it is a call",
            )
        } else if words.any(|word| matches!(word, "url" | "link")) {
            ("url: {prefix: \"https://ADDRESS\"}", "")
        } else {
            (
                "any: [WORDS THAT ARE SAID]",
                ", or `called: SERVER.TOOL` or `called: escalation` where it is a call",
            )
        };
        let yaml = format!("bind: {{phrases: {{{}: {{{meaning}}}}}}}", key(name));
        self.open("B140", clause.span, message, yaml, more);
    }

    /// The one link that a criterion can ask for.
    fn link(&mut self, url: Url, clause: &Text, parts: &mut Parts) {
        if parts.url.is_some() {
            let message = "a criterion asks for one link, and this is a second one";
            self.error("B140", clause.span, message, "write a criterion for each");
            return;
        }
        parts.url = Some(url);
    }
}

/// Whether the words in quotes are not to be said, and the words.
fn quoted(clause: &str) -> Option<(bool, &str)> {
    let (verb, rest) = clause.split_once(['"', '\''])?;
    let words = rest.strip_suffix(['"', '\''])?;
    if words.is_empty() || words.contains(['"']) {
        return None;
    }
    match verb.trim() {
        "says" | "mentions" | "contains" | "states" => Some((false, words)),
        "does not say" | "does not mention" | "does not contain" | "never says" => {
            Some((true, words))
        }
        _ => None,
    }
}

/// The address that a clause holds.
fn address(clause: &str) -> Option<&str> {
    let start = clause.find("https://")?;
    let rest = clause.get(start..)?;
    let address =
        rest.split(char::is_whitespace).next()?.trim_end_matches(['"', '\'', '.', ')', '>']);
    (address.len() > "https://".len()).then_some(address)
}
