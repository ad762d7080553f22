//! How the parts of a policy read in a sentence.

use bounden_policy::{Action, Effect, Rule, RuleId, ToolName};

use crate::surface::Reach;

/// `It may now call …`
pub(super) fn new_tool(name: &ToolName, reach: &Reach) -> String {
    let effects: Vec<_> = reach.effects.iter().map(|effect| doing(*effect)).collect();
    match effects.as_slice() {
        [] => format!("It may now call `{name}`, of which no effect is declared."),
        effects => format!("It may now call `{name}`, which {}.", list(effects)),
    }
}

/// What a rule that was not there before does.
pub(super) fn new_rule(id: &RuleId, rule: &Rule) -> String {
    format!("`{id}` is enforced: {} ({}).", rule.says.trim_end_matches('.'), action(&rule.action))
}

/// What happens when a rule fires.
pub(super) fn action(action: &Action) -> String {
    match action {
        Action::Block => "the call is blocked".to_owned(),
        Action::Halt => "the session is halted".to_owned(),
        Action::Escalate { path } => format!("the case goes to {path}"),
        Action::RequireApproval(approval) => {
            let roles: Vec<_> = approval.roles.iter().map(|role| role.as_str()).collect();
            let join = if approval.all { " and " } else { " or " };
            format!("approval from {} is required", roles.join(join))
        }
        Action::Set { path, .. } => format!("`{path}` is replaced"),
        Action::Redact { .. } => {
            format!("{} are masked", action.to_string().trim_start_matches("redact "))
        }
        Action::Warn => "it is noted".to_owned(),
    }
}

/// `a, b and c`
pub(super) fn list<T: AsRef<str>>(words: &[T]) -> String {
    match words {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// What a call with this effect does.
pub(super) fn doing(effect: Effect) -> &'static str {
    match effect {
        Effect::Observe => "reads",
        Effect::Create => "makes something new",
        Effect::Update => "changes something",
        Effect::Delete => "removes something",
        Effect::Execute => "runs code",
        Effect::Send => "sends something out",
        Effect::Spend => "moves money",
        Effect::Grant => "gives rights",
        Effect::Persist => "outlives the session",
    }
}
