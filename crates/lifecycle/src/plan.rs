//! The difference between two versions of an agent as people read it: what
//! becomes possible, what no longer is, and what nobody can tell.
//!
//! Every item is classed by what can be shown from the two sides alone.
//! Whatever cannot be shown is opaque, never harmless.

mod limits;
mod parts;
mod proof;
mod rules;
mod sentence;
mod setting;
mod tools;

use bounden_base::{Digest, Json, JsonError};
use bounden_ledger::lock::Body;
use bounden_ledger::statement::{Diff, DiffClass};
use bounden_policy::Bundle;
use bounden_spec::organisation::Judgement;
use serde::Serialize;

use crate::Surface;

pub use proof::Proof;

/// One side of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// What the lock holds.
    pub body: &'a Body,
    /// The digest of the body.
    pub digest: Digest,
    /// The policy that it names.
    pub bundle: &'a Bundle,
}

/// The difference between what runs and what is to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The body that runs; none where nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<Digest>,
    /// The body that is to run.
    pub body: Digest,
    /// The worst of the items.
    pub class: DiffClass,
    /// Whether the change needs the approvals of an expansion.
    pub material: bool,
    /// Whether every item is classed by what was shown, none left opaque.
    pub proved: bool,
    /// What changes, worst first.
    pub items: Vec<Item>,
    /// What the policies of the organisation say of the body, as approvers see it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub organisation: Vec<Judgement>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Which part, such as `invariants.refund-cap`.
    pub id: String,
    /// How it changes what the agent may do.
    pub class: DiffClass,
    /// The change in words.
    pub sentence: String,
    /// What was shown of it, where it is a change of the policy.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
}

/// Two sides cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A surface in a lock is not one that is understood here.
    #[error("the surface in the lock cannot be read: {0}")]
    Surface(#[from] JsonError),
}

/// Both sides with their surfaces read.
struct Sides<'a> {
    base: Read<'a>,
    next: Read<'a>,
}

struct Read<'a> {
    side: Side<'a>,
    surface: Surface,
}

/// The items of a plan while they are collected.
#[derive(Default)]
struct Items(Vec<Item>);

impl Plan {
    /// What changes when `next` runs where `base` ran. Without a base everything is new.
    ///
    /// # Errors
    /// A surface of another shape.
    pub fn of(base: Option<Side<'_>>, next: Side<'_>) -> Result<Self, PlanError> {
        let items = match base {
            None => Items::all_new(&Read::of(next)?),
            Some(base) if base.digest == next.digest => Items::default(),
            Some(base) => Items::between(&Sides { base: Read::of(base)?, next: Read::of(next)? }),
        };
        let mut items = items.0;
        items.sort_by(|a, b| b.class.cmp(&a.class).then_with(|| a.id.cmp(&b.id)));
        let class = items.first().map_or(DiffClass::Equal, |item| item.class);
        Ok(Self {
            base: base.map(|base| base.digest),
            body: next.digest,
            class,
            material: class > DiffClass::Reduction,
            proved: class != DiffClass::Opaque,
            items,
            organisation: Vec::new(),
        })
    }

    /// The plan with what the policies of the organisation say of the body.
    #[must_use]
    pub fn under(self, organisation: Vec<Judgement>) -> Self {
        Self { organisation, ..self }
    }

    /// The plan as JSON: what approvals bind by its digest.
    ///
    /// # Errors
    /// None in practice.
    pub fn to_json(&self) -> Result<Json, JsonError> {
        Json::from_serialize(self)
    }

    /// What a promotion says of the difference.
    ///
    /// # Errors
    /// None in practice.
    pub fn diff(&self) -> Result<Diff, JsonError> {
        Ok(Diff { base: self.base, class: self.class, digest: self.to_json()?.digest() })
    }
}

impl<'a> Read<'a> {
    fn of(side: Side<'a>) -> Result<Self, JsonError> {
        Ok(Self { side, surface: Surface::read(&side.body.surface)? })
    }
}

impl Items {
    fn all_new(next: &Read<'_>) -> Self {
        let mut items = Self::default();
        for (name, reach) in &next.surface.enforced.tools {
            items.expansion(format!("tools.{name}"), sentence::new_tool(name, reach));
        }
        for (id, rule) in &next.side.bundle.rules {
            items.push(
                format!("invariants.{id}"),
                DiffClass::Reduction,
                sentence::new_rule(id, rule),
            );
        }
        for (role, model) in &next.surface.declared.models {
            items.expansion(
                format!("models.allow.{role}"),
                format!("The model `{model}` may be used as {role}."),
            );
        }
        items
    }

    fn between(sides: &Sides<'_>) -> Self {
        let mut items = Self::default();
        let proofs = proof::Proofs::of(sides.base.side.bundle, sides.next.side.bundle);
        tools::compare(sides, &mut items);
        rules::compare(sides, &proofs, &mut items);
        limits::compare(sides, &mut items);
        setting::compare(sides, &mut items);
        parts::compare(sides, &mut items);
        setting::name_the_rest(sides, &mut items);
        proofs.attach(&mut items);
        items
    }

    fn push(&mut self, id: impl Into<String>, class: DiffClass, sentence: impl Into<String>) {
        self.0.push(Item { id: id.into(), class, sentence: sentence.into(), proof: None });
    }

    fn shown(
        &mut self,
        id: impl Into<String>,
        class: DiffClass,
        sentence: impl Into<String>,
        proof: Proof,
    ) {
        let proof = Some(proof);
        self.0.push(Item { id: id.into(), class, sentence: sentence.into(), proof });
    }

    fn equal(&mut self, id: impl Into<String>, sentence: impl Into<String>) {
        self.push(id, DiffClass::Equal, sentence);
    }

    fn reduction(&mut self, id: impl Into<String>, sentence: impl Into<String>) {
        self.push(id, DiffClass::Reduction, sentence);
    }

    fn expansion(&mut self, id: impl Into<String>, sentence: impl Into<String>) {
        self.push(id, DiffClass::Expansion, sentence);
    }

    fn opaque(&mut self, id: impl Into<String>, sentence: impl Into<String>) {
        self.push(id, DiffClass::Opaque, sentence);
    }

    /// Whether some item is about this place or a part of it.
    fn mention(&self, place: &str) -> bool {
        self.0.iter().any(|item| item.is_about(place))
    }

    /// The worst item about this place or a part of it.
    fn worst_about(&mut self, place: &str) -> Option<&mut Item> {
        let about = self.0.iter_mut().filter(|item| item.is_about(place));
        about.max_by_key(|item| item.class)
    }
}

impl Item {
    fn is_about(&self, place: &str) -> bool {
        let rest = self.id.strip_prefix(place);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

#[cfg(test)]
mod tests;
