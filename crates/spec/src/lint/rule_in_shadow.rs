//! A rule that records without acting.
//!
//! Shadow is for first weeks: the rule is evaluated and written down, and
//! stops nothing. It never counts as proven.
//!
//! ## Example
//!
//! ```yaml
//! invariants:
//!   cap: {rule: No., enforce: {by: policy_engine, trigger: call billing.pay, do: block, enforce: shadow}}
//! ```
//!
//! ## Instead
//!
//! ```yaml
//! invariants:
//!   cap: {rule: No., enforce: {by: policy_engine, trigger: call billing.pay, do: block, enforce: act}}
//! ```

use bounden_base::{Diagnostic, Edit};

use super::Subject;
use crate::intent::Enforcement;

pub(super) const CODE: &str = "B222";

pub(super) fn lint(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for item in &subject.intent.invariants {
        let mode = item.value.enforce.as_ref().and_then(|enforce| enforce.enforce);
        if let Some(mode) = mode.filter(|mode| mode.value == Enforcement::Shadow) {
            let act = Edit { span: mode.span, replacement: "act".to_owned() };
            found.push(
                Diagnostic::warning(CODE, mode.span, format!("`{}` stops nothing", item.key))
                    .help("write `enforce: act` once its records look right")
                    .fix(vec![act], false),
            );
        }
    }
}
