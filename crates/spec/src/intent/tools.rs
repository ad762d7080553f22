//! The surface: servers, tools, models and files.

use std::collections::BTreeSet;

use bounden_base::{Json, nearest};
use bounden_policy::Effect;

use super::{Duration, VersionRange};
use crate::read::{Named, Scalar, Spanned, one_of, section, text, words};
use crate::yaml::{Node, Text, Value};

section! {
    /// An MCP server, started by a command or reached at an address.
    pub struct Server {
        /// The command that starts it, with its arguments.
        command: Option<Vec<Text>>,
        /// The address of its streamable HTTP endpoint.
        url: Option<Text>,
        /// The package that the command comes from, such as `npm:@acme/billing-mcp@^2`.
        package: Option<Text>,
        /// Names of environment variables that are passed on.
        pass_env: Vec<Text>,
        /// Where a drafted server was taken from.
        origin: Option<Text>,
    }

    /// A tool that may be called.
    pub struct Tool {
        /// The releases that may be called, such as `">=2.0, <3"`.
        version: Option<Spanned<VersionRange>>,
        /// What a call does to the world.
        effects: Vec<Spanned<EffectWord>>,
        /// Labels of what flows through it.
        labels: Option<Labels>,
        /// The argument that is an amount of money.
        money: Option<Money>,
        /// How long a call may take before its outcome counts as lost; 60s if absent.
        timeout: Option<Spanned<Duration>>,
        /// Where a drafted tool was taken from.
        origin: Option<Text>,
    }

    /// Labels of what flows through a tool.
    pub struct Labels {
        /// The label of its results; `untrusted` if absent.
        result: Option<Text>,
    }

    /// An argument that is an amount of money.
    pub struct Money {
        /// The argument, such as `args.amount`.
        path: Text,
        /// The ISO 4217 code that rules reckon in.
        currency: Option<Text>,
        /// The argument that states the currency of a call.
        currency_path: Option<Text>,
    }

    /// The models that may be used.
    pub struct Models {
        /// How a model is chosen: single, heterogeneous or fallback.
        routing: Option<Spanned<Routing>>,
        /// The models, by the part they play.
        allow: Named<Model>,
    }

    /// A model that may be used.
    pub struct Model {
        /// The class that it belongs to, which rules and diffs refer to.
        class: Text,
        /// Its identity, `PROVIDER/MODEL`.
        id: Text,
    }

    /// Files that shape behaviour and are pinned with it.
    pub struct Files {
        /// Prompt files.
        prompts: Vec<Text>,
        /// Patterns for the files of the knowledge base.
        knowledge: Vec<Text>,
        /// Configuration files.
        configuration: Vec<Text>,
    }
}

words! {
    /// How a model is chosen.
    pub enum Routing {
        /// Always the same one.
        Single = "single",
        /// By task.
        Heterogeneous = "heterogeneous",
        /// The next one when one fails.
        Fallback = "fallback",
    }
}

/// An effect, or a macro for several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffectWord {
    /// One effect.
    One(Effect),
    /// `read`: observe.
    Read,
    /// `write`: observe, create, update, delete.
    Write,
    /// `admin`: write, execute, grant, persist. Sending and spending are never implied.
    Admin,
}

const MACROS: [(&str, EffectWord); 3] =
    [("read", EffectWord::Read), ("write", EffectWord::Write), ("admin", EffectWord::Admin)];

impl EffectWord {
    /// The effects that the word stands for.
    #[must_use]
    pub fn effects(self) -> BTreeSet<Effect> {
        use Effect::{Create, Delete, Execute, Grant, Observe, Persist, Update};
        match self {
            Self::One(effect) => BTreeSet::from([effect]),
            Self::Read => BTreeSet::from([Observe]),
            Self::Write => BTreeSet::from([Observe, Create, Update, Delete]),
            Self::Admin => {
                BTreeSet::from([Observe, Create, Update, Delete, Execute, Grant, Persist])
            }
        }
    }

    fn words() -> impl Iterator<Item = &'static str> {
        let macros = MACROS.into_iter().map(|(word, _)| word);
        Effect::ALL.into_iter().map(Effect::name).chain(macros)
    }
}

impl Scalar for EffectWord {
    fn expected() -> String {
        one_of(&Self::words().collect::<Vec<_>>())
    }

    fn from_node(node: &Node) -> Option<Self> {
        let word = node.text()?;
        let by_macro = MACROS.into_iter().find(|(name, _)| *name == word.value);
        Effect::named(word).map(Self::One).or(by_macro.map(|(_, effect)| effect))
    }

    fn near(text: &str) -> Option<&'static str> {
        nearest::name(text, Self::words())
    }

    fn to_value(&self) -> Value {
        let by_macro = MACROS.into_iter().find(|(_, effect)| effect == self);
        text(match (self, by_macro) {
            (Self::One(effect), _) => effect.name(),
            (_, Some((word, _))) => word,
            (_, None) => "read",
        })
    }

    fn schema() -> Json {
        Json::object([("enum", Self::words().map(Json::from).collect())])
    }
}

impl Tool {
    /// All effects, macros written out.
    #[must_use]
    pub fn effects(&self) -> BTreeSet<Effect> {
        self.effects.iter().flat_map(|word| word.value.effects()).collect()
    }
}
