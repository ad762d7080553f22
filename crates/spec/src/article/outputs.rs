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
        let words: Vec<_> = lower.split(|c: char| !c.is_alphanumeric() && c != '\'').collect();
        let denies = ["no", "not", "never", "doesn't", "without"];
        let (meaning, more) = if words.iter().any(|word| denies.contains(word)) {
            (
                "none: [WORDS THAT ARE NOT SAID]",
                ", or `never: SERVER.TOOL` or `never: escalation` where it is a call",
            )
        } else if words.iter().any(|word| matches!(*word, "url" | "link" | "links" | "https")) {
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

/// Whether the words in quotes are not to be said, and the words: one quotation, and nothing besides.
fn quoted(clause: &str) -> Option<(bool, &str)> {
    let mark = clause.chars().find(|c| is_mark(*c))?;
    let (verb, rest) = clause.split_once(mark)?;
    let words = rest.strip_suffix(mark)?;
    if words.trim().is_empty() || has_mark(words, mark) {
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

fn is_mark(c: char) -> bool {
    matches!(c, '"' | '\'')
}

/// Whether words between these marks hold another one; `can't` between double ones does not.
fn has_mark(words: &str, mark: char) -> bool {
    let mut before = ' ';
    words.char_indices().any(|(at, c)| {
        let after = words.get(at + c.len_utf8()..).and_then(|rest| rest.chars().next());
        let is_apostrophe = c == '\''
            && mark == '"'
            && before.is_alphanumeric()
            && after.is_some_and(char::is_alphanumeric);
        before = c;
        is_mark(c) && !is_apostrophe
    })
}

/// What stands before the address of a link that is given.
const LINKS: [&str; 16] = [
    "",
    "links to",
    "link to",
    "a link to",
    "provides",
    "provides a link to",
    "provides the link",
    "gives",
    "gives a link to",
    "includes",
    "includes a link to",
    "contains",
    "contains a link to",
    "sends",
    "sends a link to",
    "shows",
];

/// The one address that a clause says is linked to, with nothing after it.
fn address(clause: &str) -> Option<&str> {
    let (verb, rest) = clause.split_at(clause.find("https://")?);
    let verb = verb.trim_end_matches(['"', '\'', '<']).trim().to_ascii_lowercase();
    let rest = rest.strip_suffix('.').unwrap_or(rest);
    let address = rest.trim_end_matches(['"', '\'', '>']);
    let is_one = !address.contains(|c: char| c.is_whitespace() || "\"'<>;|".contains(c))
        && address.matches("://").count() == 1;
    (LINKS.contains(&verb.as_str()) && is_one && address.len() > "https://".len())
        .then_some(address)
}
