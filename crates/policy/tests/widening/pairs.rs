//! Random pairs of policies without history, most of them alike.

use std::fmt::Write as _;
use std::sync::Arc;

use bounden_base::{Json, json};
use bounden_policy::{Bundle, Policy};

/// Random numbers, the same for the same seed (Steele, Lea and Flood 2014).
pub(crate) struct Dice(u64);

/// Two policies that are compared.
pub(crate) struct Pair {
    pub(crate) before: Arc<Policy>,
    pub(crate) after: Arc<Policy>,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(most).unwrap()).unwrap()
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }
}

impl Pair {
    pub(crate) fn random(dice: &mut Dice) -> Self {
        loop {
            let tool = Tool::random(dice);
            let rules = Rules::random(dice, &tool);
            let (other_tool, other_rules) = match dice.below(8) {
                0 => (tool.clone(), Rules::random(dice, &tool)),
                1 | 2 => (tool.changed(dice), rules.clone()),
                _ => (tool.clone(), rules.changed(dice, &tool)),
            };
            if let (Some(before), Some(after)) =
                (rules.compiled(&tool), other_rules.compiled(&other_tool))
            {
                return if dice.one_in(2) {
                    Self { before, after }
                } else {
                    Self { before: after, after: before }
                };
            }
        }
    }

    /// Both bundles on one line, as the solver reads them.
    pub(crate) fn line(&self) -> String {
        let bundle = |policy: &Policy| policy.canonical().to_owned();
        format!(r#"{{"before":{},"after":{}}}"#, bundle(&self.before), bundle(&self.after))
    }
}

/// The arguments of a tool.
#[derive(Clone)]
struct Tool {
    /// Name, schema, and whether it is required.
    members: Vec<(&'static str, String, bool)>,
    is_closed: bool,
}

impl Tool {
    fn random(dice: &mut Dice) -> Self {
        let names =
            ["amount", "count", "rate", "who", "kind", "flag", "items", "words", "mixed", "dest"];
        let mut members = Vec::new();
        for name in names {
            if dice.below(5) < 3 {
                let required = name == "mixed" || dice.one_in(2);
                members.push((name, schema(dice, name), required));
            }
        }
        if members.is_empty() {
            members.push(("amount", schema(dice, "amount"), true));
        }
        Self { members, is_closed: dice.one_in(3) }
    }

    fn changed(&self, dice: &mut Dice) -> Self {
        let mut changed = self.clone();
        let place = dice.below(changed.members.len());
        let (name, of, required) = &mut changed.members[place];
        match dice.below(4) {
            0 => *required = !*required,
            1 => changed.is_closed = !changed.is_closed,
            _ => *of = schema(dice, name),
        }
        changed
    }

    fn schema(&self) -> String {
        let members: Vec<String> =
            self.members.iter().map(|(name, schema, _)| format!(r#""{name}":{schema}"#)).collect();
        let required: Vec<String> = self
            .members
            .iter()
            .filter(|(_, _, required)| *required)
            .map(|(name, _, _)| format!(r#""{name}""#))
            .collect();
        let closed = if self.is_closed { r#","additionalProperties":false"# } else { "" };
        format!(
            r#"{{"type":"object","required":[{}],"properties":{{{}}}{closed}}}"#,
            required.join(","),
            members.join(",")
        )
    }
}

fn schema(dice: &mut Dice, name: &str) -> String {
    let most = |dice: &mut Dice, of: &[&str]| dice.pick(of).to_owned();
    match name {
        "amount" => format!(
            r#"{{"type":"number","multipleOf":{},"minimum":{},"maximum":{}}}"#,
            most(dice, &["0.01", "0.5"]),
            most(dice, &["0", "1"]),
            most(dice, &["20", "100", "1000"])
        ),
        "count" => {
            format!(r#"{{"type":"integer","minimum":0,"maximum":{}}}"#, most(dice, &["3", "20"]))
        }
        "rate" => most(
            dice,
            &[
                r#"{"type":"number"}"#,
                r#"{"type":"number","exclusiveMinimum":0}"#,
                r#"{"type":["number","null"],"maximum":50}"#,
            ],
        ),
        "who" => format!(
            r#"{{"type":"string"{}{}}}"#,
            most(dice, &["", r#","minLength":1"#, r#","minLength":3"#]),
            most(dice, &["", r#","maxLength":5"#])
        ),
        "kind" => most(
            dice,
            &[
                r#"{"type":"string","enum":["gift","loan","fee"]}"#,
                r#"{"type":["string","null"],"enum":["gift","loan",null]}"#,
                r#"{"enum":["gift","loan"]}"#,
            ],
        ),
        "flag" => r#"{"type":"boolean"}"#.to_owned(),
        "items" => format!(
            r#"{{"type":"array","maxItems":{}{},"items":{{"type":"integer","minimum":0,"maximum":9}}}}"#,
            most(dice, &["1", "2", "3"]),
            most(dice, &["", r#","minItems":1"#])
        ),
        "words" => {
            r#"{"type":"array","maxItems":2,"items":{"type":"string","maxLength":3}}"#.to_owned()
        }
        "mixed" => most(
            dice,
            &["{}", r#"{"type":["string","integer","null"]}"#, r#"{"type":["number","boolean"]}"#],
        ),
        _ => format!(
            r#"{{"type":"object","required":["bank"],"properties":{{"bank":{{"type":"string"}},"level":{{"type":"integer","minimum":0,"maximum":5}}}}{}}}"#,
            most(dice, &["", r#","additionalProperties":false"#])
        ),
    }
}

/// The rules of one policy: each a trigger, a predicate and an action.
#[derive(Clone)]
struct Rules(Vec<(String, String, String)>);

const ACTIONS: [&str; 5] = [
    r#"{"action":"block"}"#,
    r#"{"action":"warn"}"#,
    r#"{"action":"halt"}"#,
    r#"{"action":"require_approval","roles":["lead"],"all":true}"#,
    r#"{"action":"escalate","path":"desk"}"#,
];
const TRIGGERS: [&str; 4] = [
    r#"{"event":"call","tools":["t.pay"]}"#,
    r#"{"event":"call","tools":["t.*"]}"#,
    r#"{"event":"call"}"#,
    r#"{"event":"call","tools":["t.look"]}"#,
];

impl Rules {
    fn random(dice: &mut Dice, tool: &Tool) -> Self {
        let count = 1 + dice.below(3);
        Self((0..count).map(|_| rule(dice, tool)).collect())
    }

    fn changed(&self, dice: &mut Dice, tool: &Tool) -> Self {
        let mut rules = self.0.clone();
        for _ in 0..=dice.below(2) {
            let place = dice.below(rules.len());
            match dice.below(6) {
                0 => rules.push(rule(dice, tool)),
                1 if rules.len() > 1 => drop(rules.remove(place)),
                2 => rules[place].2 = dice.pick(&ACTIONS).to_owned(),
                _ => rules[place].1 = edited(dice, &rules[place].1),
            }
        }
        Self(rules)
    }

    fn compiled(&self, tool: &Tool) -> Option<Arc<Policy>> {
        let mut rules = String::new();
        for (index, (trigger, when, action)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let when = Json::from(when.as_str()).canonical();
            write!(rules, r#"{comma}"r{index}":{{"says":"s","by":"policy_engine","trigger":{trigger},"when":{when},"do":{action}}}"#).unwrap();
        }
        let text = format!(
            r#"{{"semantics":1,"agent":"a","approvers":["lead"],"escalations":{{"desk":{{"webhook":"https://desk.example/"}}}},
            "tools":{{"t.pay":{{"effects":["spend"],"timeout_seconds":9,"input":{}}},"t.look":{{"effects":["observe"],"timeout_seconds":9}}}},
            "rules":{{{rules}}}}}"#,
            tool.schema()
        );
        let bundle: Bundle = json::from_slice(text.as_bytes()).unwrap();
        Policy::compile(bundle).ok().map(Arc::new)
    }
}

fn rule(dice: &mut Dice, tool: &Tool) -> (String, String, String) {
    let action = dice.pick(&ACTIONS).to_owned();
    if dice.one_in(6) {
        let trigger = TRIGGERS[dice.below(4)];
        return (trigger.to_owned(), untyped(dice), action);
    }
    let reach = if dice.one_in(5) { 3 } else { 1 };
    let trigger = TRIGGERS[dice.below(reach)];
    (trigger.to_owned(), predicate(dice, tool, 2), action)
}

/// The same predicate with one operator or constant changed.
fn edited(dice: &mut Dice, when: &str) -> String {
    let changes = [
        (" > ", " >= "),
        (" >= ", " > "),
        (" < ", " <= "),
        (" == ", " != "),
        (" != ", " == "),
        (" && ", " || "),
        (" || ", " && "),
        ("5", "7"),
        ("2", "3"),
        ("10", "9.99"),
        ("1", "2"),
        ("gift", "loan"),
        ("\"a\"", "\"ab\""),
        ("startsWith", "contains"),
        (".all(", ".exists("),
        ("exists_one", "exists"),
        ("[a-z]", "[a-m]"),
        (" in [", " in [\"fee\", "),
        ("!has", "has"),
    ];
    for _ in 0..8 {
        let (from, to) = changes[dice.below(changes.len())];
        if when.contains(from) {
            return when.replacen(from, to, 1);
        }
    }
    format!("!({when})")
}

fn predicate(dice: &mut Dice, tool: &Tool, depth: usize) -> String {
    if depth == 0 || dice.one_in(3) {
        return guarded(dice, tool);
    }
    let a = predicate(dice, tool, depth - 1);
    let b = predicate(dice, tool, depth - 1);
    match dice.below(7) {
        0..=2 => format!("({a}) && ({b})"),
        3 | 4 => format!("({a}) || ({b})"),
        5 => format!("!({a})"),
        _ => format!("({a}) ? ({b}) : ({})", guarded(dice, tool)),
    }
}

/// An atom that reads nothing that need not be there.
fn guarded(dice: &mut Dice, tool: &Tool) -> String {
    let (name, schema, required) = &tool.members[dice.below(tool.members.len())];
    if dice.one_in(8) {
        return format!("has(args.{name})");
    }
    let atom = atom(dice, tool, name);
    let mut optional: Vec<&str> = Vec::new();
    for (other, schema, required) in &tool.members {
        let is_read = atom.contains(&format!("args.{other}"));
        if is_read && (!required || schema.contains("null") || schema == "{}") {
            optional.push(other);
        }
    }
    if optional.is_empty() && *required && !schema.contains("null") {
        return atom;
    }
    let all: Vec<String> = optional.iter().map(|name| format!("has(args.{name})")).collect();
    let none: Vec<String> = optional.iter().map(|name| format!("!has(args.{name})")).collect();
    let all = if all.is_empty() { "true".to_owned() } else { all.join(" && ") };
    match dice.below(4) {
        0 if !none.is_empty() => format!("{} || {atom}", none.join(" || ")),
        1 => format!("({all}) ? ({atom}) : {}", dice.pick(&["true", "false"])),
        _ => format!("{all} && {atom}"),
    }
}

const COMPARED: [&str; 6] = [">", ">=", "<", "<=", "==", "!="];

fn atom(dice: &mut Dice, tool: &Tool, name: &str) -> String {
    let has = |other: &str| tool.members.iter().any(|(name, _, _)| *name == other);
    let compared = dice.pick(&COMPARED);
    let number = dice.pick(&["0", "1", "2", "5", "10", "10.5", "99.99"]);
    let text = dice.pick(&["a", "ab", "ba", "gift", "root", ""]);
    match name {
        "amount" => match dice.below(6) {
            0 if has("count") => format!("args.amount + args.count * 2 {compared} {number}"),
            1 if has("count") => format!("args.amount - args.count {compared} {number}"),
            2 if has("count") => format!("args.amount {compared} args.count"),
            3 => format!("args.amount * 3 {compared} {number}"),
            _ => format!("args.amount {compared} {number}"),
        },
        "count" => match dice.below(5) {
            0 => format!("args.count % {} == 1", dice.pick(&["2", "3"])),
            1 => format!("args.count in [1, 2, {number}]"),
            _ => format!("args.count {compared} {number}"),
        },
        "rate" => format!("args.rate {compared} {number}"),
        "who" => match dice.below(9) {
            0 => format!("args.who.startsWith(\"{text}\")"),
            1 => format!("args.who.endsWith(\"{text}\")"),
            2 => format!("args.who.contains(\"{text}\")"),
            3 => format!("size(args.who) {compared} {}", dice.pick(&["0", "1", "2", "3", "5"])),
            4 => format!("args.who in [\"{text}\", \"root\"]"),
            5 => format!(
                "args.who.matches(\"{}\")",
                dice.pick(&["[a-z]+", "a[0-9]{2}", "(a|b)*", "[^a]b?"])
            ),
            6 => format!("args.who {} \"{text}\"", dice.pick(&["<", "<=", ">", ">="])),
            7 if has("kind") => "args.who == args.kind".to_owned(),
            _ => format!("args.who {} \"{text}\"", dice.pick(&["==", "!="])),
        },
        "kind" => match dice.below(3) {
            0 => format!("args.kind in [\"{text}\", \"loan\"]"),
            1 => format!("args.kind != \"{text}\""),
            _ => format!("args.kind == \"{}\"", dice.pick(&["gift", "loan", "fee"])),
        },
        "flag" => dice.pick(&["args.flag", "!args.flag", "args.flag == true"]).to_owned(),
        "items" => {
            let item = dice.pick(&["0", "2", "5", "9"]);
            match dice.below(7) {
                0 => format!("args.items.all(i, i {compared} {item})"),
                1 => format!("args.items.exists(i, i {compared} {item})"),
                2 => format!("args.items.exists_one(i, i {compared} {item})"),
                3 => format!("{item} in args.items"),
                4 if has("count") => format!("args.items.exists(i, i {compared} args.count)"),
                5 => format!("args.items.exists(i, i > {item} && i < 8)"),
                _ => format!("size(args.items) {compared} {}", dice.pick(&["0", "1", "2"])),
            }
        }
        "words" => match dice.below(4) {
            0 => format!("args.words.all(w, w != \"{text}\")"),
            1 => format!("args.words.exists(w, w.startsWith(\"{text}\"))"),
            2 if has("who") => "args.who in args.words".to_owned(),
            _ => format!("\"{text}\" in args.words"),
        },
        "mixed" => match dice.below(4) {
            0 => format!("args.mixed {compared} {number}"),
            1 => format!("args.mixed == \"{text}\""),
            2 => format!("args.mixed in [\"{text}\", \"b\"]"),
            _ => "args.mixed == true".to_owned(),
        },
        _ => match dice.below(3) {
            0 => format!("args.dest.bank == \"{text}\""),
            1 => format!(
                "has(args.dest.level) && args.dest.level {compared} {}",
                dice.pick(&["0", "2", "5"])
            ),
            _ => format!("!has(args.dest.level) || args.dest.bank.startsWith(\"{text}\")"),
        },
    }
}

/// A predicate over arguments that nobody has typed.
fn untyped(dice: &mut Dice) -> String {
    let (compared, number) = (dice.pick(&COMPARED), dice.pick(&["1", "2.5", "5"]));
    let guard = dice.pick(&["has(args.x) && ", "has(args.x.y) && ", "!has(args.x) || ", ""]);
    let atom = match dice.below(6) {
        0 => "args.x == \"a\"".to_owned(),
        1 => "args.x == args.z".to_owned(),
        2 => format!("args.x.y {compared} {number}"),
        3 => "args.x in [1, 2]".to_owned(),
        4 => "args.x == true".to_owned(),
        _ => format!("args.x {compared} {number}"),
    };
    format!("{guard}{atom}")
}
