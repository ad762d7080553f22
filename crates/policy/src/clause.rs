//! The text of triggers and actions: `call billing.*, @spend`, `require approval from lead`.

mod part;

use std::fmt;

use bounden_base::Span;

use crate::detect;
use crate::{Action, Approval, Effect, EventName, Role, Trigger};
use part::Part;

/// A text is no trigger or no action.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ClauseError {
    /// Where, in bytes of the text.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What can stand there.
    pub help: String,
}

const EVENTS: &str =
    "write `call TOOLS`, `result TOOLS`, `request`, `output`, `log`, `start` or `end`";
const TOOLS: &str =
    "a tool is SERVER.TOOL, a pattern such as `billing.*`, or an effect such as `@spend`";
const ACTIONS: &str = "write `block`, `halt`, `warn`, `escalate PATH`, `require approval from ROLE`, `set args.NAME = EXPRESSION` or `redact KIND`";
const ROLES: &str = "write `require approval from lead`, `from lead, security` for both or `from lead or security` for either";
const SET: &str = "write `set args.NAME = EXPRESSION`";

impl Trigger {
    /// Reads `call TOOLS`, `result TOOLS`, `request`, `output`, `log`, `start` or `end`.
    /// TOOLS are names, patterns and effect classes, separated by commas;
    /// without them (or as `*`) every tool is meant.
    ///
    /// # Errors
    /// Says which part cannot be read, and what can stand there.
    pub fn parse(text: &str) -> Result<Self, ClauseError> {
        let (word, rest) = Part::whole(text).first_word();
        let no_event = || word.error(format!("`{}` is no event", word.text), EVENTS);
        let event = EventName::named(word.text).ok_or_else(no_event)?;
        let takes_tools = matches!(event, EventName::Call | EventName::Result);
        if !takes_tools && !rest.text.is_empty() {
            return Err(rest.error(format!("nothing may follow `{}`", word.text), EVENTS));
        }
        let tools =
            if rest.text.is_empty() || rest.text == "*" { Vec::new() } else { tools(rest)? };
        Ok(Self { event, tools })
    }
}

impl Action {
    /// Reads `block`, `halt`, `warn`, `escalate PATH`, `require approval from ROLES`,
    /// `set args.PATH = EXPRESSION` or `redact KINDS`.
    ///
    /// # Errors
    /// Says which part cannot be read, and what can stand there.
    pub fn parse(text: &str) -> Result<Self, ClauseError> {
        let (verb, rest) = Part::whole(text).first_word();
        let alone = |action| match rest.text {
            "" => Ok(action),
            _ => Err(rest.error(format!("nothing may follow `{}`", verb.text), ACTIONS)),
        };
        match verb.text {
            "block" => alone(Self::Block),
            "halt" => alone(Self::Halt),
            "warn" => alone(Self::Warn),
            "escalate" => {
                let path = rest.name("an escalation path", "write `escalate PATH`")?;
                Ok(Self::Escalate { path })
            }
            "require" => approval(rest).map(Self::RequireApproval),
            "set" => set(rest),
            "redact" => {
                let kinds = rest.split_on(",").map(Part::kind);
                Ok(Self::Redact { kinds: kinds.collect::<Result<_, _>>()? })
            }
            other => Err(verb.error(format!("`{other}` is no action"), ACTIONS)),
        }
    }
}

fn tools(list: Part<'_>) -> Result<Vec<String>, ClauseError> {
    list.split_on(",").map(|part| selector(part).map(|()| part.text.to_owned())).collect()
}

/// A tool, a pattern or an effect class.
fn selector(part: Part<'_>) -> Result<(), ClauseError> {
    if let Some(effect) = part.text.strip_prefix('@') {
        let names: Vec<_> = Effect::ALL.iter().map(|effect| effect.name()).collect();
        let help = format!("the effects are {}", names.join(", "));
        let unknown = || part.error(format!("`@{effect}` is no effect"), &help);
        return Effect::named(effect).map(|_| ()).ok_or_else(unknown);
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-*/:".contains(c);
    if part.text.is_empty() || !part.text.chars().all(allowed) {
        return Err(part.error(format!("`{}` is no tool", part.text), TOOLS));
    }
    Ok(())
}

fn approval(rest: Part<'_>) -> Result<Approval, ClauseError> {
    let (approval, rest) = rest.first_word();
    let (from, roles) = rest.first_word();
    if approval.text != "approval" || from.text != "from" {
        let wrong = if approval.text == "approval" { from } else { approval };
        return Err(wrong.error("expected `approval from` and a role".to_owned(), ROLES));
    }
    let (all, any) = (roles.split_on(","), roles.split_on(" or "));
    let (all, any): (Vec<_>, Vec<_>) = (all.collect(), any.collect());
    if all.len() > 1 && any.len() > 1 {
        return Err(roles.error("`,` and `or` cannot be mixed".to_owned(), ROLES));
    }
    let is_any = any.len() > 1;
    let parts = if is_any { any } else { all };
    let roles = parts.into_iter().map(|part| part.name("a role", ROLES).map(Role::from));
    Ok(Approval { roles: roles.collect::<Result<_, _>>()?, all: !is_any })
}

fn set(rest: Part<'_>) -> Result<Action, ClauseError> {
    let Some((path, value)) = rest.split_once("=") else {
        return Err(rest.error("expected `=` and an expression".to_owned(), SET));
    };
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let mut names = path.text.split('.');
    if names.next() != Some("args") || path.text == "args" || !names.all(is_name) {
        return Err(path.error(format!("`{}` is no argument", path.text), SET));
    }
    if value.text.is_empty() || value.text.starts_with('=') {
        return Err(value.error("expected an expression".to_owned(), SET));
    }
    Ok(Action::Set { path: path.text.to_owned(), value: value.text.to_owned() })
}

impl EventName {
    /// All events, in the order in which documents list them.
    pub const ALL: [Self; 7] =
        [Self::Call, Self::Result, Self::Request, Self::Output, Self::Log, Self::Start, Self::End];

    /// The name as it stands in documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Result => "result",
            Self::Request => "request",
            Self::Output => "output",
            Self::Log => "log",
            Self::Start => "start",
            Self::End => "end",
        }
    }

    /// The event of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.name() == name)
    }
}

impl fmt::Display for Trigger {
    /// The text that [`Trigger::parse`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.event.name())?;
        if self.tools.is_empty() { Ok(()) } else { write!(f, " {}", self.tools.join(", ")) }
    }
}

impl fmt::Display for Action {
    /// The text that [`Action::parse`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Block => f.write_str("block"),
            Self::Halt => f.write_str("halt"),
            Self::Warn => f.write_str("warn"),
            Self::Escalate { path } => write!(f, "escalate {path}"),
            Self::RequireApproval(approval) => write!(f, "require approval from {approval}"),
            Self::Set { path, value } => write!(f, "set {path} = {value}"),
            Self::Redact { kinds } => write!(f, "redact {}", detect::in_short(kinds)),
        }
    }
}

impl fmt::Display for Approval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let roles: Vec<_> = self.roles.iter().map(Role::as_str).collect();
        f.write_str(&roles.join(if self.all { ", " } else { " or " }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trigger(text: &str) -> String {
        match Trigger::parse(text) {
            Ok(trigger) => trigger.to_string(),
            Err(error) => format!("{:?}: {error}", &text[error.span.start..error.span.end]),
        }
    }

    fn action(text: &str) -> String {
        match Action::parse(text) {
            Ok(action) => action.to_string(),
            Err(error) => format!("{:?}: {error}", &text[error.span.start..error.span.end]),
        }
    }

    #[test]
    fn triggers_survive_a_round_trip() {
        for text in [
            "call billing.issue_refund",
            "call billing.*, @spend",
            "result kb.search",
            "call",
            "request",
            "output",
            "log",
            "start",
            "end",
        ] {
            assert_eq!(trigger(text), text);
        }
        assert_eq!(trigger("  call   a.b ,@send "), "call a.b, @send");
        assert_eq!(trigger("call *"), "call");
    }

    #[test]
    fn what_is_no_trigger_says_where() {
        assert_eq!(trigger(""), "\"\": `` is no event");
        assert_eq!(trigger("calls a.b"), "\"calls\": `calls` is no event");
        assert_eq!(trigger("call a.b, @pay"), "\"@pay\": `@pay` is no effect");
        assert_eq!(trigger("call a.b,"), "\"\": `` is no tool");
        assert_eq!(trigger("call a b"), "\"a b\": `a b` is no tool");
        assert_eq!(trigger("log a.b"), "\"a.b\": nothing may follow `log`");
    }

    #[test]
    fn actions_survive_a_round_trip() {
        for text in [
            "block",
            "halt",
            "warn",
            "escalate human-queue",
            "require approval from lead",
            "require approval from lead, security",
            "require approval from lead or security or cfo",
            "set args.limit = args.limit > 10 ? 10 : args.limit",
            "set args.a.b = \"x = y\"",
            "redact email, phone",
            "redact pii.eu, secrets",
        ] {
            assert_eq!(action(text), text);
        }
    }

    #[test]
    fn both_and_either_are_different() {
        let approval = |text| match Action::parse(text) {
            Ok(Action::RequireApproval(approval)) => (approval.roles.len(), approval.all),
            other => panic!("{other:?}"),
        };
        assert_eq!(approval("require approval from a"), (1, true));
        assert_eq!(approval("require approval from a, b"), (2, true));
        assert_eq!(approval("require approval from a or b"), (2, false));
    }

    #[test]
    fn what_is_no_action_says_where() {
        assert_eq!(action("deny"), "\"deny\": `deny` is no action");
        assert_eq!(action("block it"), "\"it\": nothing may follow `block`");
        assert_eq!(action("escalate"), "\"\": expected an escalation path");
        assert_eq!(action("escalate a b"), "\"a b\": `a b` is not an escalation path");
        assert_eq!(action("require lead"), "\"lead\": expected `approval from` and a role");
        assert_eq!(
            action("require approval lead"),
            "\"lead\": expected `approval from` and a role"
        );
        assert_eq!(
            action("require approval from a, b or c"),
            "\"a, b or c\": `,` and `or` cannot be mixed"
        );
        assert_eq!(action("require approval from a,"), "\"\": expected a role");
        assert_eq!(action("set x = 1"), "\"x\": `x` is no argument");
        assert_eq!(action("set args.x"), "\"args.x\": expected `=` and an expression");
        assert_eq!(action("set args.x == 1"), "\"= 1\": expected an expression");
        assert_eq!(action("redact"), "\"\": expected a kind");
        assert_eq!(action("redact a b"), "\"a b\": `a b` is not a kind");
    }
}
