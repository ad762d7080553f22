//! Questions about plain data, in the rule language: the same parser, the same
//! types and the same evaluator as rules have, without a call to look at.

use bounden_base::{Json, Span, Timestamp};

use crate::bundle::{Action, EventName, Mechanism, Rule, SEMANTICS, Trigger};
use crate::core::{Core, Path, Quantifier, Root, Step};
use crate::doubt::Truth;
use crate::expr::{self, Expr, ExprKind};
use crate::lease::Leases;
use crate::moment::{Moment, Windows};
use crate::policy::Surroundings;
use crate::reading::ROOTS;
use crate::scan::Scan;
use crate::schema::{Schema, Shape};
use crate::session::Session;
use crate::shell::Memo;
use crate::typing::{Site, TypeProblem, compile_about};
use crate::value::Value;
use crate::{Bundle, Policy, SessionId, eval};

/// Data of one shape, under the name that questions know it by.
#[derive(Debug)]
pub struct Domain {
    name: String,
    schema: Schema,
    shape: Shape,
    /// Decides nothing; an evaluation needs one to stand in.
    policy: Policy,
}

/// A question that is typed: its answer is yes, no, or not known.
#[derive(Clone, Debug)]
pub struct Question {
    core: Core,
}

/// What the data says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether the question is answered with yes; `None` where the data does not say.
    pub holds: Option<bool>,
    /// The places that stand against a yes: names of members and numbers of
    /// items from the root, as in a JSON pointer (RFC 6901).
    pub against: Vec<Vec<String>>,
}

/// A text is no question about the data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QuestionError {
    /// Stable code, such as `B252`.
    pub code: &'static str,
    /// Where, in bytes of the text.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// A schema that no data can be described by.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the data cannot be described: {0}")]
pub struct DomainError(String);

/// Functions that ask about a call, its session or its past.
const LIVE: [&str; 7] = ["approved", "calls", "labels", "origin", "shell", "tag", "window"];

impl Domain {
    /// Data that JSON Schema describes, under `name`.
    ///
    /// # Errors
    /// A schema that cannot be used.
    pub fn new(name: &str, schema: &Json) -> Result<Self, DomainError> {
        let schema = Schema::compile(schema).map_err(|error| DomainError(error.to_string()))?;
        let policy = Policy::compile(idle()).map_err(|problems| {
            DomainError(problems.first().map(ToString::to_string).unwrap_or_default())
        })?;
        let shape = schema.shape();
        Ok(Self { name: name.to_owned(), schema, shape, policy })
    }

    /// Why a value is no data of this domain, if it is none.
    #[must_use]
    pub fn mismatch(&self, data: &Json) -> Option<String> {
        self.schema.validate(data).err().map(|error| error.to_string())
    }

    /// Types a question.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn question(&self, text: &str) -> Result<Question, QuestionError> {
        let expr = expr::parse(text).map_err(|error| QuestionError {
            code: "B250",
            span: error.span,
            message: error.message,
            help: None,
        })?;
        if let Some(live) = first_live(&expr) {
            return Err(QuestionError {
                code: "B251",
                span: live.span,
                message: format!("`{live}` is known of a call, and there is none here"),
                help: Some(format!("ask about `{}`", self.name)),
            });
        }
        let surroundings = Surroundings::default();
        let site = Site { event: EventName::Start, tools: Vec::new(), requires_approval: false };
        let variable = (self.name.clone(), self.shape.clone());
        let core = compile_about(&expr, variable, &surroundings, &site)?;
        Ok(Question { core })
    }

    /// Asks a question. Data of another domain do not say anything.
    #[must_use]
    pub fn ask(&self, question: &Question, data: &Json) -> Answer {
        let (session_id, session) = (SessionId::new(""), Session::default());
        let (history, commands, leases) = (Scan::default(), Memo::default(), Leases::default());
        let bundle = self.policy.bundle();
        let moment = Moment {
            agent: "",
            now: Timestamp::UNIX_EPOCH,
            session_id: &session_id,
            session: &session,
            present: None,
            principal: None,
            tool: None,
            args: None,
            this: None,
            result: None,
            text: None,
            topic: None,
            record: None,
            approved: false,
            windows: Windows { declared: &bundle.windows, said: &Default::default() },
            leases: &leases,
            policy: &self.policy,
            history: &history,
            commands: &commands,
        };
        let mut search =
            Search { moment: &moment, variables: vec![(data, Vec::new())], against: Vec::new() };
        if self.mismatch(data).is_some() {
            return Answer { holds: None, against: Vec::new() };
        }
        let truth = search.truth(&question.core);
        if truth != Truth::True {
            search.collect(&question.core, true);
        }
        let holds = match truth {
            Truth::True => Some(true),
            Truth::False => Some(false),
            Truth::Unknown(_) => None,
        };
        Answer { holds, against: search.against }
    }
}

/// Looks for the places that an answer rests upon.
struct Search<'m, 'a> {
    moment: &'m Moment<'a, Scan>,
    /// The data and the items of list macros, innermost last, with their places.
    variables: Vec<(&'a Json, Vec<String>)>,
    against: Vec<Vec<String>>,
}

impl<'a> Search<'_, 'a> {
    fn truth(&self, core: &'a Core) -> Truth {
        let variables = self.variables.iter().map(|(value, _)| *value).collect();
        eval::truth_among(core, self.moment, variables)
    }

    /// Notes what keeps `core` from being `wanted`.
    fn collect(&mut self, core: &'a Core, wanted: bool) {
        match core {
            Core::Not(inner) => self.collect(inner, !wanted),
            Core::And(left, right) | Core::Or(left, right) => {
                for side in [left, right] {
                    if self.truth(side) != wanted.into() {
                        self.collect(side, wanted);
                    }
                }
            }
            Core::Quantify(quantifier, list, body)
                if matches!(
                    (quantifier, wanted),
                    (Quantifier::All, true) | (Quantifier::Exists, false)
                ) =>
            {
                self.collect_items(list, body, wanted);
            }
            other => self.collect_paths(other),
        }
    }

    /// Notes the items of which `body` is not as wanted.
    fn collect_items(&mut self, list: &'a Core, body: &'a Core, wanted: bool) {
        let (Core::Path(path), Some(items)) = (list, self.items(list)) else {
            return self.collect_paths(list);
        };
        let Some(place) = self.place(path) else { return };
        for (index, item) in items.iter().enumerate() {
            let mut own = place.clone();
            own.push(index.to_string());
            self.variables.push((item, own.clone()));
            if self.truth(body) != wanted.into() {
                self.against.push(own);
            }
            self.variables.pop();
        }
    }

    fn items(&self, list: &'a Core) -> Option<&'a [Json]> {
        let Core::Path(path) = list else { return None };
        let variables: Vec<_> = self.variables.iter().map(|(value, _)| *value).collect();
        match self.moment.read(path, &variables) {
            Ok(Value::Json(Json::Array(items))) => Some(items),
            _ => None,
        }
    }

    /// Notes every place that an expression reads.
    fn collect_paths(&mut self, core: &Core) {
        if let Core::Quantify(_, list, _) = core {
            return self.collect_paths(list);
        }
        // Inside a list macro, items are counted from another variable on.
        if core.has_part(&|part| matches!(part, Core::Quantify(..))) {
            return;
        }
        let read = std::cell::RefCell::new(Vec::new());
        core.has_part(&|part| {
            if let Core::Path(path) | Core::Has(path) = part {
                read.borrow_mut().extend(self.place(path));
            }
            false
        });
        for place in read.into_inner() {
            if !self.against.contains(&place) {
                self.against.push(place);
            }
        }
    }

    fn place(&self, path: &Path) -> Option<Vec<String>> {
        let Root::Variable(depth) = path.root else { return None };
        let (_, mut place) = self.variables.iter().rev().nth(depth)?.clone();
        place.extend(path.steps.iter().map(|step| match step {
            Step::Member(name) => name.clone(),
            Step::Item(index) => index.to_string(),
        }));
        Some(place)
    }
}

/// The first part that only a call can answer.
fn first_live(expr: &Expr) -> Option<&Expr> {
    let is_live = match &expr.kind {
        ExprKind::Name(name) => ROOTS.contains(&name.as_str()),
        ExprKind::Call { receiver: None, name, .. } => LIVE.contains(&name.as_str()),
        _ => false,
    };
    if is_live { Some(expr) } else { children(expr).into_iter().find_map(first_live) }
}

fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Number(_)
        | ExprKind::Text(_)
        | ExprKind::Name(_) => Vec::new(),
        ExprKind::List(items) => items.iter().collect(),
        ExprKind::Field(of, _) | ExprKind::Not(of) | ExprKind::Negate(of) => vec![of],
        ExprKind::Index(left, right) | ExprKind::Binary(_, left, right) => vec![left, right],
        ExprKind::Choose(condition, yes, no) => vec![condition, yes, no],
        ExprKind::Call { receiver, args, .. } => {
            receiver.iter().map(AsRef::as_ref).chain(args).collect()
        }
    }
}

/// A bundle that decides nothing; one without a rule does not compile.
fn idle() -> Bundle {
    let rule = Rule {
        says: "Nothing is decided".to_owned(),
        by: Mechanism::PolicyEngine,
        trigger: Trigger { event: EventName::Start, tools: Vec::new() },
        when: None,
        action: Action::Warn,
        shadow: true,
    };
    Bundle {
        semantics: SEMANTICS,
        agent: String::new(),
        tools: Default::default(),
        rules: [("idle".into(), rule)].into(),
        external: Default::default(),
        limits: Default::default(),
        facts: Default::default(),
        escalations: Default::default(),
        failure_modes: Default::default(),
        approvers: Default::default(),
        windows: Default::default(),
        criteria: Default::default(),
        router: None,
        several_guards: false,
    }
}

impl From<TypeProblem> for QuestionError {
    fn from(problem: TypeProblem) -> Self {
        let TypeProblem { code, span, message, help } = problem;
        // What rules know of values they know from what was pinned.
        let message = message.strip_suffix(" in the pinned schema").unwrap_or(&message).to_owned();
        Self { code, span, message, help }
    }
}

#[cfg(test)]
mod tests;
