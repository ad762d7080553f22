//! `org.policy`: what an organisation lets any intent declare, whatever its
//! authors and approvers agree on.
//!
//! Its rules are written in the rule language over the intent as data; see
//! [`view`]. A policy only takes away: where several apply, all of them hold.

mod document;
mod judge;
mod report;
mod view;

use std::collections::BTreeMap;

use bounden_base::{Diagnostic, Digest};
use bounden_policy::{Domain, Question};

use crate::read::{Item, Read, Reader};
use crate::{in_order, yaml};

pub use document::{Document, Reach, Rule, Waiver, Weight};
pub use judge::{Judgement, Standing};

/// The schema that this version of the program reads.
pub const SCHEMA: &str = "org.policy/v1";

/// The file name under which folders hold one.
pub const FILE: &str = "org.policy";

/// An organisation's policy of which every rule can be asked.
#[derive(Debug)]
pub struct OrganisationPolicy {
    document: Document,
    /// Its meaning: equal for equal values.
    canonical: String,
    domain: Domain,
    rules: BTreeMap<String, Questions>,
}

/// The questions of one rule.
#[derive(Debug)]
struct Questions {
    when: Option<Question>,
    require: Question,
}

impl OrganisationPolicy {
    /// Reads a policy. It is there if nothing in it is an error: one that
    /// cannot be asked must refuse, never pass.
    #[must_use]
    pub fn read(bytes: &[u8]) -> (Option<Self>, Vec<Diagnostic>) {
        let (read, mut problems) = yaml::read(bytes);
        let policy = read.and_then(|read| {
            if let Some(problem) = crate::versions::unsupported(&read, SCHEMA) {
                problems.push(problem);
                return None;
            }
            let mut reader = Reader::default();
            let document = Document::read(&read.root, &mut reader);
            problems.extend(reader.into_problems());
            Self::compile(document?, read.json().canonical(), &mut problems)
        });
        in_order(&mut problems);
        let is_refused = problems.iter().any(Diagnostic::is_error);
        (policy.filter(|_| !is_refused), problems)
    }

    /// The document.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Its meaning as canonical JSON, which is a document of the same meaning.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// The digest of [`Self::canonical`].
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.canonical)
    }

    fn compile(
        document: Document,
        canonical: String,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        document.check(problems);
        let domain = match Domain::new(view::NAME, &view::schema()) {
            Ok(domain) => domain,
            Err(error) => {
                let span = document.span;
                problems.push(Diagnostic::error("B506", span, error.to_string()));
                return None;
            }
        };
        let mut rules = BTreeMap::new();
        for item in &document.rules {
            if let Some(questions) = questions(item, &domain, problems) {
                rules.insert(item.key.name.clone(), questions);
            }
        }
        Some(Self { document, canonical, domain, rules })
    }
}

fn questions(
    item: &Item<Rule>,
    domain: &Domain,
    problems: &mut Vec<Diagnostic>,
) -> Option<Questions> {
    let mut question = |text: &yaml::Text| {
        domain.question(text).map_err(|error| {
            let problem = Diagnostic::error(error.code, text.part(error.span), error.message);
            problems.push(match error.help {
                Some(help) => problem.help(help),
                None => problem,
            });
        })
    };
    let when = item.value.when.as_ref().map(&mut question).transpose();
    let require = question(&item.value.require);
    Some(Questions { when: when.ok()?, require: require.ok()? })
}

#[cfg(test)]
mod tests;
