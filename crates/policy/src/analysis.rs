//! Proofs over policies: whether one permits what another does not, and which
//! rules can do nothing.
//!
//! Calls are not tried one after the other. The predicates of both policies
//! are read as formulas over the places that they speak of, the pinned schemas
//! as further formulas, and a search goes through the cases until one fits or
//! every one contradicts itself. A call that fits is made up and decided by the
//! engine under both policies; only then is it shown. Where a case is left
//! open, the answer is that nothing was proven, never that there is no call.

mod axioms;
mod budget;
mod certificate;
mod comparison;
mod elimination;
mod forms;
mod formula;
mod identity;
mod kinds;
mod linear;
mod model;
mod number;
mod past;
mod rational;
mod reach;
mod rules;
mod schema;
mod search;
mod space;
mod store;
mod symbolic;
mod text;
mod trial;
mod truths;
mod unrolling;
mod weakness;
mod widening;
mod witness;

pub use certificate::{Certificate, CertificateError, METHOD, check};
pub use weakness::{Weakness, weaknesses};
pub use widening::{Answer, Part, Widening, widening};
pub use witness::Witness;
