//! Budgets of a session, what environments narrow of them, and named periods.

use std::collections::BTreeMap;

use bounden_base::{Decimal, Diagnostic, Span};
use bounden_policy::{FreezeWindow, Limits};

use super::Compiler;
use crate::intent::{Intent, SessionLimits};

/// The limits that hold in every environment.
pub(super) fn base(intent: &Intent) -> Limits {
    let declared = intent.constraints.as_ref().and_then(|constraints| constraints.limits.as_ref());
    declared.map(declared_limits).unwrap_or_default()
}

/// The limits that hold in one environment: never looser than those everywhere.
#[must_use]
pub fn limits_in(intent: &Intent, environment: &str) -> Limits {
    let base = base(intent);
    let overlay = intent.environments.get(environment).and_then(|overlay| overlay.limits.as_ref());
    overlay.map_or(base, |overlay| base.narrowed_by(declared_limits(overlay)))
}

fn declared_limits(limits: &SessionLimits) -> Limits {
    Limits {
        steps: limits.steps.map(|limit| limit.value),
        tool_calls: limits.tool_calls.map(|limit| limit.value),
        usd: limits.usd.map(|limit| limit.value),
        seconds: limits.seconds.map(|limit| limit.value),
        denied_calls: limits.denied_calls.map(|limit| limit.value),
    }
}

impl Compiler<'_> {
    /// Notes limits of environments that are looser than those everywhere, and negative ones.
    pub(super) fn environments(&mut self) {
        let base =
            self.intent.constraints.as_ref().and_then(|constraints| constraints.limits.as_ref());
        if let Some(limits) = base {
            self.check_cost(limits);
        }
        for item in &self.intent.environments {
            let Some(overlay) = &item.value.limits else { continue };
            self.check_cost(overlay);
            let Some(base) = base else { continue };
            for (name, span, looser) in looser(base, overlay) {
                if looser {
                    let message = format!(
                        "`{name}` is looser in `{}` than everywhere and changes nothing",
                        item.key
                    );
                    let problem = Diagnostic::warning("B123", span, message)
                        .related(base.span, "these limits stay in force")
                        .help("an environment can only narrow: write a smaller limit, or remove this one");
                    self.problems.push(problem);
                }
            }
        }
    }

    fn check_cost(&mut self, limits: &SessionLimits) {
        if let Some(usd) = limits.usd.filter(|usd| usd.is_negative()) {
            self.error("B124", usd.span, "a cost is not negative", "write an amount in US dollars");
        }
    }

    pub(super) fn windows(&mut self) -> BTreeMap<String, FreezeWindow> {
        let mut windows = BTreeMap::new();
        for item in &self.intent.windows {
            let (from, to) = (item.value.from, item.value.to);
            if from.value >= to.value {
                let message = format!("the window `{}` ends before it begins", item.key);
                self.error("B125", to.span, message, "write the earlier time under `from`");
            }
            windows.insert(item.key.name.clone(), FreezeWindow { from: from.value, to: to.value });
        }
        windows
    }
}

fn looser(base: &SessionLimits, overlay: &SessionLimits) -> Vec<(&'static str, Span, bool)> {
    let count = |base: Option<crate::Spanned<u64>>, own: Option<crate::Spanned<u64>>| {
        own.map(|own| (own.span, base.is_some_and(|base| own.value > base.value)))
    };
    let cost = |base: Option<crate::Spanned<Decimal>>, own: Option<crate::Spanned<Decimal>>| {
        own.map(|own| (own.span, base.is_some_and(|base| own.value > base.value)))
    };
    let all = [
        ("steps", count(base.steps, overlay.steps)),
        ("tool_calls", count(base.tool_calls, overlay.tool_calls)),
        ("usd", cost(base.usd, overlay.usd)),
        ("seconds", count(base.seconds, overlay.seconds)),
        ("denied_calls", count(base.denied_calls, overlay.denied_calls)),
    ];
    all.into_iter()
        .filter_map(|(name, found)| found.map(|(span, looser)| (name, span, looser)))
        .collect()
}
