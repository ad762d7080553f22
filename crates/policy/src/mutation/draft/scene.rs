//! Turns of a conversation, and the ways in which earlier ones may have gone.

use bounden_base::{Json, SignedDuration};

use crate::canary::places::{members, with, with_other};
use crate::core::{Core, Counting, Root, Scope, Term};
use crate::event::EventBody;
use crate::{EventId, Role, ToolName};

/// Where and for whom a turn takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Here,
    Elsewhere,
    Stranger,
}

/// An event, and for a call what was answered.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Turn {
    pub(super) stage: Stage,
    /// After the first turn.
    pub(super) at: SignedDuration,
    pub(super) body: EventBody,
    pub(super) reply: Option<Reply>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reply {
    pub(super) ok: bool,
    pub(super) result: Json,
}

/// How the earlier turns went.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scene {
    /// A tool that succeeded before all of them.
    pub(super) first: Option<ToolName>,
    pub(super) twist: Twist,
}

/// How the earlier turns went, once they began.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Twist {
    /// One after the other, each call with success.
    Plain,
    /// Each earlier call failed.
    Failed,
    /// No earlier call was answered.
    Unanswered,
    /// In another session of the same principal.
    Elsewhere,
    /// In a session of somebody else.
    Stranger,
    /// So long ago, where a window may span sessions in another one.
    Ago(SignedDuration, Stage),
    /// With another value at this place of the arguments.
    Other(Vec<String>),
    /// Before a permit of this tool.
    Before(ToolName),
    /// The earlier calls were those of this tool.
    Instead(ToolName),
}

/// Turns that came before, and those that are looked at.
pub(super) struct Play<'t> {
    pub(super) earlier: &'t [Turn],
    pub(super) now: &'t [Turn],
    /// Places of arguments that earlier calls have in common with the present one.
    pub(super) keys: &'t [Vec<String>],
    /// The arguments of the call that the scene begins with.
    pub(super) first: &'t Json,
    /// The arguments of the call that the twist brings in.
    pub(super) args: &'t Json,
}

/// Most tools that stand in for the one of a chain.
const MOST_TOOLS: usize = 8;

impl Turn {
    pub(super) fn new(body: EventBody) -> Self {
        Self { stage: Stage::Here, at: SignedDuration::ZERO, body, reply: None }
    }

    pub(super) fn call(tool: &ToolName, args: Json) -> Self {
        let body =
            EventBody::Call { tool: tool.clone(), args: args.into(), retry_of: None, cost: None };
        Self::new(body)
    }

    pub(super) fn answered(self, result: Json) -> Self {
        Self { reply: Some(Reply { ok: true, result }), ..self }
    }

    /// Somebody in this role agrees to the call before.
    pub(super) fn agreed(role: &Role) -> Self {
        let by = Some(format!("a {role}"));
        Self::new(EventBody::Approve { role: role.to_string(), call: EventId::from(""), by })
    }

    /// The same call again.
    pub(super) fn again(&self) -> Self {
        let mut turn = self.clone();
        if let EventBody::Call { retry_of, .. } = &mut turn.body {
            *retry_of = Some(EventId::from(""));
        }
        turn
    }

    /// The turns of a sequence in which each result follows its call.
    pub(super) fn of(bodies: Vec<EventBody>) -> Vec<Self> {
        let mut turns: Vec<Self> = Vec::new();
        for body in bodies {
            match (body, turns.last_mut()) {
                (EventBody::Result { ok, result, .. }, Some(turn)) => {
                    turn.reply = Some(Reply { ok, result });
                }
                (body, _) => turns.push(Self::new(body)),
            }
        }
        turns
    }
}

impl Scene {
    /// The scenes in which chains over earlier calls can come out differently,
    /// the simplest first.
    pub(super) fn of_terms(terms: &[&Term]) -> Vec<Self> {
        let twists = Twist::of_terms(terms);
        let needed = terms.iter().filter_map(|term| term.after.as_ref()?.first());
        let mut firsts: Vec<Option<ToolName>> = vec![None];
        for tool in needed.cloned().map(Some) {
            if !firsts.contains(&tool) {
                firsts.push(tool);
            }
        }
        let scene = |first: &Option<ToolName>, twist: &Twist| Self {
            first: first.clone(),
            twist: twist.clone(),
        };
        twists
            .iter()
            .flat_map(|twist| firsts.iter().map(move |first| scene(first, twist)))
            .collect()
    }

    /// The earlier turns as this scene has them, and the present ones.
    pub(super) fn staged(&self, play: &Play<'_>) -> Vec<Turn> {
        let staged = |turn: &Turn| play.keyed(self.twist.turned(turn, play));
        let mut turns: Vec<Turn> = play.earlier.iter().map(staged).collect();
        let brought = |tool: &ToolName, args: &Json| {
            let turn = Turn::call(tool, args.clone()).answered(Json::Null);
            play.keyed(Turn { stage: self.twist.stage(), ..turn })
        };
        if let Some(tool) = &self.first {
            turns.insert(0, brought(tool, play.first));
        }
        if let Twist::Before(tool) = &self.twist {
            turns.push(brought(tool, play.args));
        }
        let turns = turns.into_iter().map(|turn| self.twist.other(turn));
        let at = if let Twist::Ago(ago, _) = self.twist { ago } else { SignedDuration::ZERO };
        turns.chain(play.now.iter().map(|turn| Turn { at, ..turn.clone() })).collect()
    }
}

impl Twist {
    fn of_terms(terms: &[&Term]) -> Vec<Self> {
        let mut twists = vec![Self::Plain];
        let mut add = |twist: Self| {
            if !twists.contains(&twist) {
                twists.push(twist);
            }
        };
        for term in terms {
            if let Some(Core::Path(path)) = &term.by
                && path.root == Root::Args
            {
                add(Self::Other(members(&path.steps)));
            }
            if let Some(window) = term.within {
                let second = SignedDuration::from_secs(1);
                let is_wide = term.scope != Scope::Session;
                let stage = if is_wide { Stage::Elsewhere } else { Stage::Here };
                let ago = |ago| Self::Ago(ago, stage);
                [window + second, window - second].into_iter().map(ago).for_each(&mut add);
            }
            if term.scope != Scope::Session {
                add(Self::Elsewhere);
                add(Self::Stranger);
            }
            let since = term.since.as_ref().and_then(|tools| tools.first().cloned());
            since.map(Self::Before).into_iter().for_each(&mut add);
            let others = term.tools.iter().skip(1).take(MOST_TOOLS);
            others.cloned().map(Self::Instead).for_each(&mut add);
            add(Self::Failed);
            if term.counting != Counting::Permitted {
                add(Self::Unanswered);
            }
        }
        twists
    }

    /// The tool whose call the twist itself brings in.
    pub(super) fn tool(&self) -> Option<&ToolName> {
        if let Self::Before(tool) | Self::Instead(tool) = self { Some(tool) } else { None }
    }

    fn stage(&self) -> Stage {
        match self {
            Self::Elsewhere => Stage::Elsewhere,
            Self::Stranger => Stage::Stranger,
            Self::Ago(_, stage) => *stage,
            _ => Stage::Here,
        }
    }

    fn turned(&self, turn: &Turn, play: &Play<'_>) -> Turn {
        let mut turn = Turn { stage: self.stage(), ..turn.clone() };
        match self {
            Self::Failed => {
                if let Some(reply) = &mut turn.reply {
                    reply.ok = false;
                }
            }
            Self::Unanswered => turn.reply = None,
            Self::Instead(instead) => {
                if let EventBody::Call { tool, args, .. } = &mut turn.body {
                    (*tool, *args) = (instead.clone(), play.args.clone().into());
                }
            }
            _ => {}
        }
        turn
    }

    /// The turn about something else, where that is the twist.
    fn other(&self, mut turn: Turn) -> Turn {
        if let (Self::Other(path), EventBody::Call { args, .. }) = (self, &mut turn.body) {
            *args = with_other(args.value_or_null(), path).into();
        }
        turn
    }
}

impl Play<'_> {
    /// The turn with the present call's values at the places that they have in common.
    fn keyed(&self, mut turn: Turn) -> Turn {
        let present = self.now.iter().rev().find_map(|turn| match &turn.body {
            EventBody::Call { args, .. } => Some(args.value_or_null()),
            _ => None,
        });
        if let (EventBody::Call { args, .. }, Some(present)) = (&mut turn.body, present) {
            for key in self.keys {
                if let Some(value) = present.at(key.iter().map(String::as_str)) {
                    *args = with(args.value_or_null(), key, value.clone()).into();
                }
            }
        }
        turn
    }
}
