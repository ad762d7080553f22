//! Invariants: rules that the engine decides by, and controls elsewhere.

use std::collections::BTreeMap;

use bounden_base::Span;
use bounden_policy::{Action, ClauseError, EventName, External, Mechanism, Rule, RuleId, Trigger};

use super::Compiler;
use crate::intent::{By, Enforce, Enforcement, Invariant};
use crate::read::Item;
use crate::yaml::Text;

type Rules = (BTreeMap<RuleId, Rule>, BTreeMap<RuleId, External>);

impl Compiler<'_> {
    pub(super) fn invariants(&mut self) -> Rules {
        let (mut rules, mut external) = Rules::default();
        for item in &self.intent.invariants {
            // An invariant without a mechanism is the linter's finding.
            let Some(enforce) = &item.value.enforce else { continue };
            self.check_keys(enforce);
            let id = RuleId::new(item.key.name.clone());
            match mechanism(enforce.by.value) {
                None => {
                    external.extend(self.external(item, enforce).map(|control| (id, control)));
                }
                Some(by) => {
                    rules.extend(self.rule(item, enforce, by).map(|rule| (id, rule)));
                }
            }
        }
        (rules, external)
    }

    fn rule(&mut self, item: &Item<Invariant>, enforce: &Enforce, by: Mechanism) -> Option<Rule> {
        let (trigger, action) = if by == Mechanism::ToolAllowlist {
            (self.denied(enforce)?, Action::Block)
        } else {
            let trigger = enforce.trigger.as_ref()?;
            let action = enforce.r#do.as_ref()?;
            let read = self.clause(trigger, Trigger::parse(trigger));
            let act = self.clause(action, Action::parse(action));
            (read?, act?)
        };
        self.check_event(enforce, by, &trigger, &action);
        if let (Action::Escalate { path }, Some(text)) = (&action, &enforce.r#do) {
            self.check_path(path, text.span);
        }
        let when = match &enforce.when {
            None if by == Mechanism::ScopeRouter => Some(self.excluded(enforce.by.span)?),
            when => when.as_ref().map(|when| when.value.clone()),
        };
        Some(Rule {
            says: item.value.rule.value.clone(),
            by,
            trigger,
            when,
            action,
            shadow: enforce.enforce.is_some_and(|mode| mode.value == Enforcement::Shadow),
        })
    }

    /// The closed list of tools, as a rule that blocks what it denies.
    fn denied(&mut self, enforce: &Enforce) -> Option<Trigger> {
        let mut tools = Vec::new();
        for pattern in &enforce.deny {
            match Trigger::parse(&format!("call {pattern}")) {
                Ok(trigger) if !trigger.tools.is_empty() => tools.extend(trigger.tools),
                _ => {
                    let message = format!("`{pattern}` denies no tool");
                    let help = "write a tool, a pattern such as `account.*`, or an effect such as `@delete`";
                    self.error("B113", pattern.span, message, help);
                }
            }
        }
        (!tools.is_empty()).then_some(Trigger { event: EventName::Call, tools })
    }

    fn external(&mut self, item: &Item<Invariant>, enforce: &Enforce) -> Option<External> {
        let control = enforce.control.as_ref()?;
        let probe = enforce
            .probe
            .as_ref()
            .map(|probe| probe.command.iter().map(|part| part.value.clone()).collect::<Vec<_>>());
        if let (Some(probe), Some([])) = (&enforce.probe, probe.as_deref()) {
            self.error(
                "B115",
                probe.span,
                "the probe has no command",
                "write `probe: {command: [PROGRAM]}`",
            );
        }
        Some(External {
            says: item.value.rule.value.clone(),
            control: control.value.clone(),
            probe,
            attested_by: enforce.attested_by.as_ref().map(|name| name.value.clone()),
        })
    }

    fn clause<T>(&mut self, text: &Text, read: Result<T, ClauseError>) -> Option<T> {
        read.map_err(|error| {
            self.error("B113", text.part(error.span), error.message, error.help);
        })
        .ok()
    }

    /// Notes the keys that a mechanism lacks, and those that it does not have.
    fn check_keys(&mut self, enforce: &Enforce) {
        let by = enforce.by.value;
        let (needed, allowed) = keys(by);
        let given = given(enforce);
        for key in needed {
            if given.iter().all(|(name, _)| name != key) {
                let message = format!("`{}` needs `{key}`", by.word());
                let help = format!("add `{key}: {}`", example(key, by));
                self.error("B115", enforce.by.span, message, help);
            }
        }
        for (name, span) in given {
            if !needed.contains(&name) && !allowed.contains(&name) {
                let message = format!("`{}` does not take `{name}`", by.word());
                let all: Vec<_> = needed.iter().chain(allowed).copied().collect();
                self.error("B114", span, message, format!("it takes {}", all.join(", ")));
            }
        }
    }

    /// A filter masks what leaves; a router decides about requests.
    fn check_event(
        &mut self,
        enforce: &Enforce,
        by: Mechanism,
        trigger: &Trigger,
        action: &Action,
    ) {
        let leaves = [EventName::Log, EventName::Output, EventName::Result];
        let (fits, help) = match by {
            Mechanism::OutputFilter => (
                leaves.contains(&trigger.event)
                    && matches!(action, Action::Redact { .. } | Action::Block),
                "an output filter redacts or blocks on `log`, `output` or `result`",
            ),
            Mechanism::ScopeRouter => {
                (trigger.event == EventName::Request, "a scope router decides on `request`")
            }
            Mechanism::PolicyEngine | Mechanism::ToolAllowlist => (true, ""),
        };
        if !fits {
            let message = format!("`{}` cannot do this", enforce.by.value.word());
            self.error("B114", enforce.by.span, message, help);
        }
    }
}

fn mechanism(by: By) -> Option<Mechanism> {
    match by {
        By::PolicyEngine => Some(Mechanism::PolicyEngine),
        By::ToolAllowlist => Some(Mechanism::ToolAllowlist),
        By::OutputFilter => Some(Mechanism::OutputFilter),
        By::ScopeRouter => Some(Mechanism::ScopeRouter),
        By::External => None,
    }
}

/// The keys that a mechanism needs, and those that it also takes.
fn keys(by: By) -> (&'static [&'static str], &'static [&'static str]) {
    match by {
        By::PolicyEngine | By::OutputFilter | By::ScopeRouter => {
            (&["trigger", "do"], &["when", "enforce"])
        }
        By::ToolAllowlist => (&["deny"], &["enforce"]),
        By::External => (&["control"], &["probe", "attested_by", "renew"]),
    }
}

fn given(enforce: &Enforce) -> Vec<(&'static str, Span)> {
    let text = |name, text: &Option<Text>| text.as_ref().map(|text| (name, text.span));
    let all = [
        text("trigger", &enforce.trigger),
        text("when", &enforce.when),
        text("do", &enforce.r#do),
        enforce.enforce.map(|mode| ("enforce", mode.span)),
        enforce.deny.first().map(|first| ("deny", first.span)),
        text("control", &enforce.control),
        enforce.probe.as_ref().map(|probe| ("probe", probe.span)),
        text("attested_by", &enforce.attested_by),
        enforce.renew.map(|renew| ("renew", renew.span)),
    ];
    all.into_iter().flatten().collect()
}

fn example(key: &str, by: By) -> &'static str {
    match (key, by) {
        ("trigger", By::OutputFilter) => "log",
        ("trigger", By::ScopeRouter) => "request",
        ("trigger", _) => "call SERVER.TOOL",
        ("do", By::OutputFilter) => "redact email",
        ("do", By::ScopeRouter) => "escalate PATH",
        ("do", _) => "block",
        ("deny", _) => "[SERVER.TOOL]",
        _ => "NAME OF THE CONTROL",
    }
}
