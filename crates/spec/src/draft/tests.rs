//! Drafts of every kind pass the check, with few open points.

use bounden_base::{Diagnostic, Json};
use bounden_policy::{ServerContract, ServerInfo};

use super::*;
use crate::check::check;

/// A server that offers these tools: a name and MCP annotations each.
fn contracts(tools: &[(&str, &str)]) -> Contracts {
    let definition = |(name, annotations): &(&str, &str)| {
        let text = format!(
            r#"{{"name":"{name}","description":"Does {name}.","inputSchema":{{"type":"object","properties":{{"amount":{{"type":"number"}},"currency":{{"enum":["EUR"]}}}}}},"annotations":{annotations}}}"#
        );
        Json::parse(text.as_bytes()).unwrap()
    };
    let info = ServerInfo { name: "Shop".to_owned(), version: "2.3.1".to_owned() };
    let definitions = tools.iter().map(definition).collect();
    let contract = ServerContract::new("shop", String::new(), info, definitions).unwrap();
    Contracts { servers: BTreeMap::from([("shop".to_owned(), contract)]) }
}

fn server() -> BTreeMap<String, DraftServer> {
    let server = DraftServer {
        reach: Some(Reach::Command(vec!["shop-mcp".to_owned(), "--all".to_owned()])),
        pass_env: BTreeSet::from(["SHOP_KEY".to_owned()]),
        origin: ".mcp.json:3".to_owned(),
        places: BTreeMap::new(),
    };
    BTreeMap::from([("shop".to_owned(), server)])
}

fn draft(tools: &[(&str, &str)]) -> Draft {
    let (servers, contracts) = (server(), contracts(tools));
    Draft { agent: "shop".to_owned(), servers, contracts, ..Draft::default() }
}

fn rules(text: &str) -> Vec<NeverRule> {
    never_rules(text, "AGENTS.md")
}

/// The findings of a draft, none of them an error, at most five of them.
fn findings(draft: &Draft) -> Vec<Diagnostic> {
    let text = draft.text();
    let contracts = (!draft.contracts.servers.is_empty()).then_some(&draft.contracts);
    let found = check(text.as_bytes(), contracts).diagnostics;
    let shown = crate::case::show(text.as_bytes(), &found);
    assert!(found.iter().all(|problem| !problem.is_error()), "{shown}\n{text}");
    assert!(found.len() <= 5, "{shown}\n{text}");
    found
}

fn codes(draft: &Draft) -> Vec<String> {
    findings(draft).into_iter().map(|problem| problem.code).collect()
}

fn line(text: &str, with: &str) -> String {
    let found = text.lines().find(|line| line.contains(with));
    found.unwrap_or_else(|| panic!("{with} is not in\n{text}")).trim().to_owned()
}

#[test]
fn a_draft_of_a_server_names_its_guesses_and_where_they_are_from() {
    let draft = draft(&[("get_order", "{}"), ("issue_refund", "{}"), ("purge", "{}")]);
    assert_eq!(codes(&draft), ["B228"]);
    let text = draft.text();
    for (with, expected) in [
        (
            "shop: {command",
            r#"shop: {command: [shop-mcp, "--all"], pass_env: [SHOP_KEY], origin: ".mcp.json:3"}"#,
        ),
        (
            "shop.get_order:",
            r#"shop.get_order: {effects: [observe], version: "^2.3", origin: Shop 2.3.1}  # the name says get"#,
        ),
        (
            "shop.issue_refund:",
            r#"shop.issue_refund: {effects: [create, spend], version: "^2.3", money: {path: args.amount, currency: EUR, currency_path: args.currency}, origin: Shop 2.3.1}  # the name says issue, refund"#,
        ),
        ("trigger: call", "trigger: call @delete, @spend"),
        ("tier:", "tier: high"),
    ] {
        assert_eq!(line(&text, with), expected);
    }
}

#[test]
fn the_tier_follows_from_the_tools_unless_it_is_named() {
    for (tools, tier) in [
        (&[("get_order", "{}")][..], "low"),
        (&[("get_order", "{}"), ("add_note", "{}")], "medium"),
        (&[("frobnicate", "{}")], "high"),
    ] {
        assert_eq!(line(&draft(tools).text(), "tier:"), format!("tier: {tier}"));
    }
    let named = Draft { tier: Some(Tier::Low), ..draft(&[("frobnicate", "{}")]) };
    assert_eq!(line(&named.text(), "tier:"), "tier: low");
}

#[test]
fn rules_for_the_model_wait_for_a_mechanism() {
    let rules = rules("Never lie.\nNever lie: it is \"bad\" # really.\nDo not shout\u{200b}.\n");
    let draft = Draft { rules, ..draft(&[("get_order", "{}")]) };
    assert_eq!(codes(&draft), ["B228", "B202"]);
    let alone = Draft { contracts: Contracts::default(), servers: BTreeMap::new(), ..draft };
    let text = alone.text();
    assert_eq!(line(&text, "rule: Do not"), "rule: Do not shout.");
    assert!(text.contains("origin: AGENTS.md:3"), "{text}");
    findings(&alone);
}

#[test]
fn what_runs_show_is_marked_and_the_rest_is_left_out() {
    let tools = BTreeMap::from([("get_order".to_owned(), 3), ("mcp__shop__pay".to_owned(), 1)]);
    let observed = Observed {
        runs: 2,
        tools: tools.clone(),
        steps: 9,
        tool_calls: 4,
        seconds: Some(61),
        usd: Decimal::scaled(1_141_699, -7),
    };
    let offered = draft(&[("get_order", "{}"), ("pay", "{}"), ("purge", "{}")]);
    let draft = Draft { observed: Some(observed.clone()), ..offered };
    assert_eq!(codes(&draft), ["B228", "B228"]);
    let text = draft.text();
    assert!(
        line(&text, "shop.get_order:")
            .ends_with("origin: observed}  # the name says get; called 3 times")
    );
    assert!(line(&text, "shop.pay:").ends_with("called once"));
    assert_eq!(line(&text, "shop.purge"), "# shop.purge");
    assert_eq!(
        line(&text, "limits:"),
        "limits: {steps: 9, tool_calls: 4, usd: 0.12, seconds: 61, denied_calls: 5, origin: observed}"
    );
    assert_eq!(draft.unoffered(), Vec::<&str>::new());

    let strange = BTreeMap::from([("bank.close".to_owned(), 1)]);
    let strange = Observed { tools: strange, ..observed.clone() };
    assert_eq!(Draft { observed: Some(strange), ..draft }.unoffered(), ["bank.close"]);

    let alone = Draft { agent: "a".to_owned(), observed: Some(observed), ..Draft::default() };
    findings(&alone);
    assert!(line(&alone.text(), "recorded.get_order:").contains("origin: observed"));
}

#[test]
fn many_tools_that_spend_are_one_open_point() {
    let names: Vec<_> = (0..9).map(|number| format!("pay_{number}")).collect();
    let definition = |name: &String| {
        Json::parse(format!(r#"{{"name":"{name}","inputSchema":{{}}}}"#).as_bytes())
    };
    let definitions = names.iter().map(|name| definition(name).unwrap()).collect();
    let info = ServerInfo { name: "Bank".to_owned(), version: String::new() };
    let contract = ServerContract::new("shop", String::new(), info, definitions).unwrap();
    let contracts = Contracts { servers: BTreeMap::from([("shop".to_owned(), contract)]) };
    assert_eq!(codes(&Draft { contracts, ..draft(&[]) }), ["B228", "B232"]);
}

/// Whatever a server calls its tools and itself, the draft is one that can be read.
#[test]
fn hostile_names_stay_data() {
    let hints = "{}";
    for name in [
        "a: b",
        "x # y",
        "- z",
        "*",
        "{}",
        "\\u202egnp",
        "nul\\u0000",
        "get\\nrm",
        "é",
        "'",
        "\\\"",
    ] {
        let text = format!(
            r#"[{{"name":"{name}","inputSchema":{{}},"annotations":{hints},"description":"- {name}: # {name}"}}]"#
        );
        let definitions = Json::parse(text.as_bytes()).unwrap();
        let info = ServerInfo { name: "a: b # c".to_owned(), version: "x".to_owned() };
        let definitions = definitions.as_array().unwrap().to_vec();
        let contract = ServerContract::new("shop", String::new(), info, definitions).unwrap();
        let contracts = Contracts { servers: BTreeMap::from([("shop".to_owned(), contract)]) };
        let draft = Draft { contracts, ..draft(&[]) };
        findings(&draft);
        assert_eq!(draft.unwritable().len(), 1, "{name}");
    }
}
