//! The tools of a draft: those that are offered, or those that runs have called.

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::Json;
use bounden_policy::{Effect, ServerInfo};

use super::{comment, runs, scalar_text, visible};
use crate::draft::effects::{Guess, guess};
use crate::draft::{Draft, Observed};
use crate::intent::VersionRange;
use crate::read::is_name;

/// The server of tools that recordings name without one.
const UNKNOWN: &str = "recorded";
/// Arguments that are amounts of money, by their usual names.
const AMOUNTS: [&str; 5] = ["amount", "total", "price", "sum", "value"];

/// One tool that the draft lets the agent call.
pub(super) struct DraftTool {
    /// `SERVER.TOOL`
    name: String,
    pub(super) guess: Guess,
    description: Option<String>,
    version: Option<String>,
    money: Option<String>,
    origin: String,
    /// How often recorded runs called it.
    calls: Option<u64>,
}

impl DraftTool {
    pub(super) fn server(&self) -> &str {
        self.name.split_once('.').map_or("", |(server, _)| server)
    }
}

/// The offered tools; with recorded runs, those that the runs called. Where
/// nothing is offered, what the runs called.
pub(super) fn of(draft: &Draft) -> Vec<DraftTool> {
    let offered = offered(draft);
    let Some(observed) = &draft.observed else { return offered };
    if draft.contracts.servers.is_empty() {
        let tools = observed.tools.iter().filter(|(name, _)| is_name(name));
        return tools.map(|(name, calls)| recorded(name, *calls)).collect();
    }
    let calls = calls(draft, observed);
    let called = offered.into_iter().filter_map(|tool| {
        let calls = *calls.get(&tool.name)?;
        Some(DraftTool { calls: Some(calls), origin: "observed".to_owned(), ..tool })
    });
    called.collect()
}

/// How often each offered tool was called.
fn calls(draft: &Draft, observed: &Observed) -> BTreeMap<String, u64> {
    let mut calls = BTreeMap::new();
    for (name, count) in &observed.tools {
        if let Some(tool) = draft.offered(name) {
            *calls.entry(tool).or_default() += count;
        }
    }
    calls
}

fn offered(draft: &Draft) -> Vec<DraftTool> {
    let mut tools = Vec::new();
    for (server, contract) in &draft.contracts.servers {
        let known = draft.servers.get(server);
        for (tool, pinned) in contract.tools.iter().filter(|(tool, _)| is_name(tool)) {
            let definition = pinned.definition();
            let guess = guess(tool, Some(definition));
            let place = known.and_then(|known| known.places.get(tool));
            let text = |member| definition.get(member).and_then(Json::as_str);
            tools.push(DraftTool {
                name: format!("{server}.{tool}"),
                description: text("description").or(text("title")).map(first_sentence),
                version: range(&contract.server_info.version),
                money: money(definition).filter(|_| guess.effects.contains(&Effect::Spend)),
                guess,
                origin: place.map_or_else(|| said_by(&contract.server_info), Clone::clone),
                calls: None,
            });
        }
    }
    tools
}

/// Who told of a tool that no file defines.
fn said_by(server: &ServerInfo) -> String {
    format!("{} {}", server.name, server.version).trim().to_owned()
}

fn recorded(name: &str, calls: u64) -> DraftTool {
    DraftTool {
        name: full_name(name),
        guess: guess(name, None),
        description: None,
        version: None,
        money: None,
        origin: "observed".to_owned(),
        calls: Some(calls),
    }
}

/// The name as `SERVER.TOOL`, as clients flatten it or without a server.
fn full_name(name: &str) -> String {
    let flat = name.strip_prefix("mcp__").unwrap_or(name).replacen("__", ".", 1);
    match flat.split_once('.') {
        Some((server, tool)) if !server.is_empty() && !tool.is_empty() => flat,
        _ => format!("{UNKNOWN}.{name}"),
    }
}

/// Servers that only recordings name; other servers are declared, so these are too.
pub(super) fn unknown_servers(draft: &Draft) -> BTreeSet<String> {
    if !draft.contracts.servers.is_empty() {
        return BTreeSet::new();
    }
    of(draft).iter().map(|tool| scalar_text(tool.server(), true)).collect()
}

pub(super) fn section(draft: &Draft, tools: &[DraftTool]) -> String {
    let mut text = "\n# What may be called; nothing else can be. The effects are guessed from names and from what the\n# servers say, so read each of them.\n".to_owned();
    if let Some(observed) = &draft.observed {
        text += &format!("# These are the tools that {} called.\n", runs(observed.runs));
        text += &never_called(draft, observed);
    }
    if tools.is_empty() {
        return text + "tools: {}\n";
    }
    text += "tools:\n";
    for tool in tools {
        text += &lines(tool);
    }
    text
}

fn never_called(draft: &Draft, observed: &Observed) -> String {
    let called = calls(draft, observed);
    let idle = draft.contracts.tools().map(|(name, _)| name.to_string());
    let idle: Vec<_> = idle.filter(|name| !called.contains_key(name)).collect();
    if idle.is_empty() {
        return String::new();
    }
    let lines = idle.chunks(4).map(|names| comment(&format!("  {}", names.join(", ")), ""));
    format!("# Offered and never called, so left out:\n{}", lines.collect::<String>())
}

fn lines(tool: &DraftTool) -> String {
    let effects: Vec<_> = tool.guess.effects.iter().map(|effect| effect.name()).collect();
    let mut members = vec![format!("effects: [{}]", effects.join(", "))];
    members.extend(tool.version.as_ref().map(|version| format!("version: \"{version}\"")));
    members.extend(tool.money.as_ref().map(|money| format!("money: {money}")));
    members.push(format!("origin: {}", scalar_text(&visible(&tool.origin), true)));
    let about = tool.description.as_ref().map_or(String::new(), |about| comment(about, "  "));
    let calls = match tool.calls {
        None => String::new(),
        Some(1) => "; called once".to_owned(),
        Some(calls) => format!("; called {calls} times"),
    };
    let because = comment(&format!("{}{calls}", tool.guess.because), "");
    let name = scalar_text(&visible(&tool.name), true);
    format!("{about}  {name}: {{{}}}  {because}", members.join(", "))
}

fn first_sentence(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    line.split_once(". ").map_or(line, |(first, _)| first).trim_end_matches('.').to_owned()
}

/// Compatible releases of one that is stated in numbers.
fn range(version: &str) -> Option<String> {
    let numbers: Vec<_> = version.split('.').take(2).collect();
    let range = format!("^{}", numbers.join("."));
    VersionRange::parse(&range).filter(|range| range.allows(version)).map(|_| range)
}

/// The argument that is an amount, where the schema says which currency it is in.
fn money(definition: &Json) -> Option<String> {
    let properties = definition.at(["inputSchema", "properties"])?;
    let is_number = |name: &&&str| {
        let kind = properties.at([**name, "type"]).and_then(Json::as_str);
        matches!(kind, Some("number" | "integer"))
    };
    let amount = AMOUNTS.iter().find(is_number)?;
    let currency = properties.get("currency")?;
    let listed = currency.get("enum").and_then(Json::as_array).filter(|all| all.len() == 1);
    let only = listed.and_then(|all| all.first());
    let stated = currency.get("const").or(only).and_then(Json::as_str)?;
    let is_code = stated.len() == 3 && stated.bytes().all(|byte| byte.is_ascii_uppercase());
    is_code.then(|| {
        format!("{{path: args.{amount}, currency: {stated}, currency_path: args.currency}}")
    })
}
