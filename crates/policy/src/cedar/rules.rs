//! Rules about calls as `forbid` policies, one for each tool.

use super::Writer;
use super::condition::Mode;
use super::operand::Reader;
use super::shape::Arguments;
use super::term::Term;
use super::text::quoted;
use crate::ToolName;
use crate::bundle::{EventName, Tool};
use crate::policy::{CompiledAction, CompiledRule};

impl Writer<'_> {
    /// What no rule about calls says.
    pub(super) fn surroundings(&mut self) {
        if self.policy.bundle().limits != crate::bundle::Limits::default() {
            let why = "budgets of a session; Cedar keeps no history".to_owned();
            self.leave_out("limits".to_owned(), why);
        }
    }

    /// Rules about other events than calls.
    pub(super) fn other_rules(&mut self) {
        let policy = self.policy;
        for rule in policy.rules.iter().filter(|rule| rule.event != EventName::Call) {
            let why =
                format!("it looks at `{}`, and Cedar is asked about calls", rule.event.name());
            self.leave_out(format!("`{}`", rule.id), why);
        }
    }

    /// The rules that look at calls of a tool.
    pub(super) fn rules(&mut self, name: &ToolName, tool: &Tool, arguments: &Arguments) {
        let policy = self.policy;
        let reader = Reader {
            agent: &policy.bundle().agent,
            tool: name,
            arguments,
            money: policy.tools.find(name).and_then(|tool| tool.money.as_ref()),
        };
        for index in policy.rules_for(EventName::Call, Some(name)) {
            let Some(rule) = policy.rules.get(*index) else { continue };
            if let Some(why) = unsaid(rule) {
                self.leave_out(format!("`{}`", rule.id), why.to_owned());
                continue;
            }
            let when = match &rule.when {
                None => Ok(Term::Always(true)),
                Some(when) => reader.condition(when, Mode::Possibly, &[]),
            };
            match when {
                Ok(when) => self.forbid(name, rule, &when),
                Err(why) if tool.input.is_none() => {
                    let why = format!("{why}; `{name}` has no pinned schema");
                    self.leave_out(format!("`{}` for `{name}`", rule.id), why);
                }
                Err(why) => self.leave_out(format!("`{}` for `{name}`", rule.id), why),
            }
        }
    }

    fn forbid(&mut self, tool: &ToolName, rule: &CompiledRule, when: &Term) {
        if let CompiledAction::RequireApproval(_) = rule.action {
            let why = "nobody can approve in Cedar: the call is forbidden".to_owned();
            self.leave_out(format!("`{}`", rule.id), why);
        }
        let when = match when {
            Term::Always(false) => return,
            Term::Always(true) => String::new(),
            when => format!("\nwhen {{ {when} }}"),
        };
        let scope = self.scope(tool);
        let says = self.policy.bundle().rules.get(&rule.id).map_or("", |rule| &rule.says);
        self.policies.push_str(&format!(
            "@rule({})\n@do({})\n@says({})\nforbid {scope}{when};\n\n",
            quoted(rule.id.as_str()),
            quoted(&rule.action_text),
            quoted(says),
        ));
    }
}

/// Why a rule decides nothing that Cedar could say.
fn unsaid(rule: &CompiledRule) -> Option<&'static str> {
    if rule.shadow {
        return Some("it is in shadow and decides nothing");
    }
    match rule.action {
        CompiledAction::Warn => Some("Cedar permits or forbids, and does not warn"),
        CompiledAction::Set { .. } => Some("Cedar does not change arguments"),
        CompiledAction::Block
        | CompiledAction::Halt
        | CompiledAction::Escalate(_)
        | CompiledAction::RequireApproval(_)
        | CompiledAction::Redact(_) => None,
    }
}
