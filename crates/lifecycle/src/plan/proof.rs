//! What the analysis of both policies shows of a change.

use std::fmt;
use std::sync::Arc;

use bounden_base::Json;
use bounden_ledger::statement::DiffClass;
use bounden_policy::analysis::{Answer, Part, Widening, widening};
use bounden_policy::{Bundle, Policy, RuleId};
use serde::Serialize;

use super::{Item, Items};

/// What was shown of a change of the policy: about one event in one state, as
/// [`widening`] compares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "proof", rename_all = "kebab-case")]
pub enum Proof {
    /// By this part nothing gets through that did not before.
    Proved,
    /// Neither that nor the opposite was shown.
    NotProven {
        /// Why.
        because: String,
    },
    /// An event gets through, or is treated more mildly; both engines decided it.
    Witness {
        /// What is possible, as a sentence.
        shows: String,
        /// The event, with both verdicts.
        witness: Json,
    },
}

/// What was shown of every part of the policy that runs.
pub(super) struct Proofs(Option<Widening>);

impl fmt::Display for Proof {
    /// As a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Proved => f.write_str("Proved: nothing gets through by it that did not before."),
            Self::NotProven { because } => write!(f, "Not proven: {because}."),
            Self::Witness { shows, .. } => f.write_str(shows),
        }
    }
}

impl Proofs {
    pub(super) fn of(base: &Bundle, next: &Bundle) -> Self {
        let compiled = |bundle: &Bundle| Policy::compile(bundle.clone()).ok().map(Arc::new);
        Self(compiled(base).zip(compiled(next)).map(|(base, next)| widening(&base, &next)))
    }

    pub(super) fn of_rule(&self, id: &RuleId) -> Proof {
        let Some(widening) = &self.0 else {
            return not_proven("one of the policies does not compile with this version");
        };
        match widening.items.get(&Part::Rule(id.clone())) {
            Some(answer) => proof(answer),
            None => not_proven("it stands against no call of a declared tool"),
        }
    }

    /// Adds to the items what was shown of their parts, and items for parts
    /// that changed without one.
    pub(super) fn attach(&self, items: &mut Items) {
        let Some(widening) = &self.0 else { return };
        for (part, answer) in &widening.items {
            if *answer == Answer::NotWider {
                continue;
            }
            let (place, proof) = (part.to_string(), proof(answer));
            match items.worst_about(&place) {
                Some(item) if item.proof.is_some() => {}
                Some(item) => {
                    if matches!(proof, Proof::Witness { .. }) {
                        item.class = item.class.max(DiffClass::Expansion);
                    }
                    item.proof = Some(proof);
                }
                None => items.0.push(unmentioned(place, proof)),
            }
        }
    }
}

/// The item of a part that reads as before, and no longer does the same.
fn unmentioned(id: String, proof: Proof) -> Item {
    let (class, sentence) = match &proof {
        Proof::Witness { shows, .. } => (DiffClass::Expansion, shows.clone()),
        _ => (
            DiffClass::Opaque,
            format!("`{id}` reads as before; whether it stops what it stopped was not proven."),
        ),
    };
    Item { id, class, sentence, proof: Some(proof) }
}

fn proof(answer: &Answer) -> Proof {
    match answer {
        Answer::NotWider => Proof::Proved,
        Answer::NotProven(because) => not_proven(because),
        Answer::Wider(witness) => Proof::Witness {
            shows: format!("It {}.", witness.sentence),
            witness: witness.to_json(),
        },
    }
}

pub(super) fn not_proven(because: &str) -> Proof {
    Proof::NotProven { because: because.to_owned() }
}
