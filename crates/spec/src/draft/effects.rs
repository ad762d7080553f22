//! What a tool does to the world, guessed from its name and from what its
//! server says of it: narrow where both agree, wide where they do not.

use std::collections::BTreeSet;

use bounden_base::Json;
use bounden_policy::Effect;

/// A guess, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Guess {
    pub(crate) effects: BTreeSet<Effect>,
    /// In a few words, such as `readOnlyHint`.
    pub(crate) because: String,
}

/// Words that tell an effect, wherever they stand in the name of a tool.
const VERBS: [(Effect, &[&str]); 9] = [
    (
        Effect::Observe,
        &[
            "browse",
            "calculate",
            "check",
            "compare",
            "count",
            "describe",
            "diff",
            "download",
            "echo",
            "explain",
            "fetch",
            "find",
            "get",
            "grep",
            "head",
            "info",
            "inspect",
            "list",
            "look",
            "lookup",
            "query",
            "read",
            "retrieve",
            "search",
            "show",
            "stat",
            "status",
            "summarize",
            "tail",
            "think",
            "tree",
            "validate",
            "view",
        ],
    ),
    (
        Effect::Create,
        &[
            "add", "book", "clone", "copy", "create", "fork", "generate", "insert", "issue",
            "make", "new", "open", "register", "reserve", "upload", "write",
        ],
    ),
    (
        Effect::Update,
        &[
            "append",
            "assign",
            "change",
            "close",
            "commit",
            "configure",
            "disable",
            "edit",
            "enable",
            "label",
            "merge",
            "modify",
            "move",
            "patch",
            "put",
            "rename",
            "replace",
            "resolve",
            "save",
            "set",
            "toggle",
            "update",
            "upsert",
            "write",
        ],
    ),
    (
        Effect::Delete,
        &[
            "archive",
            "cancel",
            "clear",
            "delete",
            "destroy",
            "drop",
            "erase",
            "purge",
            "remove",
            "reset",
            "revoke",
            "truncate",
            "uninstall",
            "unlink",
            "wipe",
        ],
    ),
    (
        Effect::Execute,
        &[
            "bash", "deploy", "eval", "evaluate", "exec", "execute", "install", "invoke", "launch",
            "restart", "run", "script", "shell", "spawn", "start", "stop", "terminal", "trigger",
        ],
    ),
    (
        Effect::Send,
        &[
            "broadcast",
            "comment",
            "email",
            "escalate",
            "forward",
            "mail",
            "message",
            "notify",
            "post",
            "publish",
            "push",
            "reply",
            "send",
            "share",
            "submit",
            "tweet",
        ],
    ),
    (
        Effect::Spend,
        &[
            "bid", "buy", "charge", "checkout", "donate", "order", "pay", "payment", "payout",
            "place", "purchase", "refund", "transfer", "withdraw",
        ],
    ),
    (
        Effect::Grant,
        &["allow", "approve", "authorize", "grant", "impersonate", "invite", "permit", "promote"],
    ),
    (Effect::Persist, &["memorize", "remember", "schedule", "subscribe"]),
];

/// Verbs that name a thing as often as a deed.
const ALSO_NOUNS: [&str; 22] = [
    "archive", "change", "charge", "comment", "commit", "copy", "email", "issue", "label", "mail",
    "merge", "message", "patch", "payment", "payout", "post", "push", "refund", "reply", "script",
    "share", "transfer",
];

/// Who takes over where an agent hands over.
const PEOPLE: [&str; 5] = ["agent", "agents", "human", "humans", "operator"];

/// What a tool that nothing is known of may do, by all that can be told.
const ANYTHING: [Effect; 6] = [
    Effect::Observe,
    Effect::Create,
    Effect::Update,
    Effect::Delete,
    Effect::Execute,
    Effect::Send,
];

/// Guesses the effects of the tool `name` from its MCP definition, if there is one.
pub(crate) fn guess(name: &str, definition: Option<&Json>) -> Guess {
    let told = Told::of(name);
    let hint = |member| definition?.at(["annotations", member]).and_then(Json::as_bool);
    let (reads, destroys) = (hint("readOnlyHint"), hint("destructiveHint"));
    match (reads, destroys) {
        (Some(true), _) => told.read_only(),
        (_, Some(true)) => told.with(&[Effect::Update, Effect::Delete], "destructiveHint"),
        (Some(false), Some(false)) => told.changing(&[Effect::Create, Effect::Update]),
        (Some(false), None) => told.changing(&[Effect::Create, Effect::Update, Effect::Delete]),
        (None, _) => told.alone(),
    }
}

/// What the name alone tells.
struct Told {
    effects: BTreeSet<Effect>,
    words: Vec<String>,
}

impl Told {
    fn of(name: &str) -> Self {
        let all = words(name);
        let mut words: Vec<_> =
            all.iter().filter(|word| !meant(word).is_empty()).cloned().collect();
        // To order costs money; an order that is modified or cancelled is a thing.
        words.retain(|word| word != "order" || all.first() == Some(word));
        // `get_comment` reads a comment: after a word of reading, a noun is no deed.
        if words.first().is_some_and(|first| meant(first) == [Effect::Observe]) {
            words.retain(|word| !ALSO_NOUNS.contains(&word.as_str()));
        }
        let mut effects: BTreeSet<_> = words.iter().flat_map(|word| meant(word)).collect();
        // To transfer somebody to a person moves no money.
        let after = all.iter().skip_while(|word| *word != "transfer").skip(1);
        if after
            .skip_while(|word| *word == "to")
            .take(1)
            .any(|word| PEOPLE.contains(&word.as_str()))
        {
            effects.remove(&Effect::Spend);
            effects.insert(Effect::Send);
        }
        Self { effects, words }
    }

    /// The server says that it only reads; a name that says more is not overruled.
    fn read_only(self) -> Guess {
        if self.effects.iter().all(|effect| *effect == Effect::Observe) {
            return Guess { effects: [Effect::Observe].into(), because: "readOnlyHint".to_owned() };
        }
        let because = format!("readOnlyHint, but the name says {}", self.said());
        let effects = self.effects.into_iter().chain([Effect::Observe]).collect();
        Guess { effects, because }
    }

    /// The server says that it changes something: what the name says, if that is a change.
    fn changing(self, otherwise: &[Effect]) -> Guess {
        if self.effects.iter().any(|effect| *effect != Effect::Observe) {
            return self.alone();
        }
        self.with(otherwise, "readOnlyHint: false")
    }

    fn with(self, more: &[Effect], hint: &str) -> Guess {
        let because = match self.words.is_empty() {
            true => hint.to_owned(),
            false => format!("the name says {}, and {hint}", self.said()),
        };
        let effects = self.effects.iter().chain(more).copied().collect();
        Guess { effects, because }
    }

    fn alone(self) -> Guess {
        if self.effects.is_empty() {
            let because = "nothing tells what it does".to_owned();
            return Guess { effects: ANYTHING.into(), because };
        }
        Guess { because: format!("the name says {}", self.said()), effects: self.effects }
    }

    fn said(&self) -> String {
        self.words.join(", ")
    }
}

/// The effects that a word tells.
fn meant(word: &str) -> Vec<Effect> {
    let known = VERBS.iter().filter(|(_, verbs)| verbs.contains(&word));
    known.map(|(effect, _)| *effect).collect()
}

/// The words of a name in lower case: `createIssue`, `create_issue` and `create-issue` alike.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut before = ' ';
    for character in name.chars() {
        let begins = character.is_uppercase() && !before.is_uppercase();
        if begins || !character.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| character.is_alphanumeric()) {
            word.extend(character.to_lowercase());
        }
        before = character;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str, annotations: &str) -> String {
        let definition = Json::parse(format!("{{\"annotations\":{annotations}}}").as_bytes());
        let guess = guess(name, Some(&definition.unwrap()));
        let effects: Vec<_> = guess.effects.iter().map(|effect| effect.name()).collect();
        format!("{}: {}", effects.join(" "), guess.because)
    }

    #[test]
    fn the_name_and_the_server_are_heard_and_doubt_is_wide() {
        for (name, annotations, expected) in [
            ("get_order", "{}", "observe: the name says get"),
            ("get_comment", "{}", "observe: the name says get"),
            ("search_and_replace", "{}", "observe update: the name says search, replace"),
            ("cancel_pending_order", "{}", "delete: the name says cancel"),
            ("place_order", "{}", "spend: the name says place"),
            ("order_pizza", "{}", "spend: the name says order"),
            ("transfer_funds_to_agent", "{}", "spend: the name says transfer"),
            ("transfer_to_human_agents", "{}", "send: the name says transfer"),
            ("listPayments", "{}", "observe: the name says list"),
            ("read_file", r#"{"readOnlyHint":true}"#, "observe: readOnlyHint"),
            ("roots", r#"{"readOnlyHint":true}"#, "observe: readOnlyHint"),
            (
                "delete_file",
                r#"{"readOnlyHint":true}"#,
                "observe delete: readOnlyHint, but the name says delete",
            ),
            (
                "write_file",
                r#"{"readOnlyHint":false,"destructiveHint":true}"#,
                "create update delete: the name says write, and destructiveHint",
            ),
            (
                "move",
                r#"{"readOnlyHint":false,"destructiveHint":false}"#,
                "update: the name says move",
            ),
            (
                "get_x",
                r#"{"readOnlyHint":false}"#,
                "observe create update delete: the name says get, and readOnlyHint: false",
            ),
            ("issue_refund", "{}", "create spend: the name says issue, refund"),
            ("getAndDelete", "{}", "observe delete: the name says get, delete"),
            ("run-query", "{}", "observe execute: the name says run, query"),
            (
                "frobnicate",
                "{}",
                "observe create update delete execute send: nothing tells what it does",
            ),
        ] {
            assert_eq!(shown(name, annotations), expected, "{name}");
        }
    }

    #[test]
    fn a_name_is_read_as_words() {
        assert_eq!(words("createHTTPIssue_in-repo2"), ["create", "httpissue", "in", "repo2"]);
        assert_eq!(words("__"), Vec::<String>::new());
    }
}
