//! What an intent compiles to, and what is said where it does not.

use bounden_base::{Json, json};
use bounden_testkit::{read, repository};

use super::*;
use crate::{case, intent};

const HEAD: &str = "\
schema: behavior.intent/v1
agent: {id: a/b, version: 1.0.0}
purpose: Help.
scope: {in: {}, out: {}}
escalations: {people: {call: desk.hand_over, with: {queue: q}}}
tools:
  billing.pay: {effects: [spend], money: {path: args.amount, currency: USD}}
  billing.look: {effects: [observe]}
  desk.hand_over: {effects: [send]}
ownership: {approvers: {lead: {team: t}}}
bind:
  escalation: [desk.hand_over]
  facts: {order: {result_of: billing.look}}
  intents: {refund: {tag: intent=refund, text: '\\brefund'}, said: {text: 'x'}}
";

const RULE: &str =
    "invariants: {r: {rule: No., enforce: {by: tool_allowlist, deny: [\"account.*\"]}}}\n";

fn compiled(lines: &str) -> (Option<Bundle>, String) {
    let text = format!("{HEAD}{lines}");
    let (intent, mut problems) = intent::parse(text.as_bytes());
    let (policy, found) = compile(&intent.expect("the head reads"), None);
    problems.extend(found);
    (policy.map(|policy| policy.bundle().clone()), case::show(text.as_bytes(), &problems))
}

fn said(lines: &str) -> String {
    compiled(lines).1
}

#[test]
fn a_tool_says_which_of_the_declared_servers_offers_it() {
    let servers = "servers: {billing: {command: [x]}, desk: {command: [y]}}\n";
    let text = format!("{HEAD}{RULE}{servers}").replace("  billing.look:", "  look:");
    let (_, problems) = compile(&intent::parse(text.as_bytes()).0.unwrap(), None);
    assert!(case::show(text.as_bytes(), &problems).contains("error B111 \"look\" `look` does not say which server offers it; help: write `billing.look` or `desk.look`"));
}

/// The part of the bundle at this path, as canonical JSON.
fn part(lines: &str, path: &[&str]) -> String {
    let (bundle, said) = compiled(lines);
    let bundle = bundle.unwrap_or_else(|| panic!("{said}"));
    let bundle = Json::parse(json::to_canonical(&bundle).unwrap().as_bytes()).unwrap();
    bundle.at(path.iter().copied()).unwrap_or_else(|| panic!("{}", bundle.canonical())).canonical()
}

fn rule(enforce: &str) -> String {
    part(&format!("invariants: {{r: {{rule: No., enforce: {{{enforce}}}}}}}\n"), &["rules", "r"])
}

fn rule_said(enforce: &str) -> String {
    said(&format!("invariants: {{r: {{rule: No., enforce: {{{enforce}}}}}}}\n"))
}

/// The expressions of a criterion, one a line, `given` first.
fn criterion(lines: &str) -> String {
    let (bundle, said) = compiled(&format!("{RULE}success_criteria: {{c: {{{lines}}}}}\n"));
    let bundle = bundle.unwrap_or_else(|| panic!("{said}"));
    let criterion = &bundle.criteria["c"];
    let given = criterion.given.iter().map(|given| format!("given {given}"));
    given
        .chain(criterion.expect.iter().map(|clause| clause.expr.clone()))
        .collect::<Vec<_>>()
        .join("\n")
}

fn criterion_said(lines: &str) -> String {
    said(&format!("{RULE}success_criteria: {{c: {{{lines}}}}}\n"))
}

#[test]
fn the_example_compiles_without_a_finding() {
    let bytes = read(repository().join("examples/support/behavior.intent"));
    let (policy, problems) = compile(&intent::parse(&bytes).0.unwrap(), None);
    assert_eq!(case::show(&bytes, &problems), "");
    let bundle = policy.unwrap().bundle().clone();
    assert_eq!((bundle.tools.len(), bundle.rules.len(), bundle.criteria.len()), (4, 5, 4));
}

#[test]
fn the_example_compiles_against_its_contracts() {
    let folder = repository().join("examples/support");
    let bytes = read(folder.join("behavior.intent"));
    let contracts = Contracts::parse(&read(folder.join("behavior.contracts.json"))).unwrap();
    let (policy, problems) = compile(&intent::parse(&bytes).0.unwrap(), Some(&contracts));
    assert_eq!(case::show(&bytes, &problems), "");
    let bundle = policy.unwrap().bundle().clone();
    let tool = &bundle.tools["billing.issue_refund"];
    let pinned = contracts.tool(&"billing.issue_refund".into()).unwrap();
    assert_eq!(
        (tool.definition, tool.input.as_ref()),
        (Some(pinned.digest()), pinned.input_schema())
    );
    assert!(!bundle.tools.contains_key("billing.close_account"));
}

#[test]
fn a_rule_is_a_trigger_a_predicate_and_an_action() {
    assert_eq!(
        rule(
            "by: policy_engine, trigger: call billing.pay, when: args.amount > 5, do: require approval from lead"
        ),
        r#"{"by":"policy_engine","do":{"action":"require_approval","all":true,"roles":["lead"]},"says":"No.","trigger":{"event":"call","tools":["billing.pay"]},"when":"args.amount > 5"}"#
    );
    assert_eq!(
        rule("by: output_filter, trigger: log, do: \"redact email, phone\", enforce: shadow"),
        r#"{"by":"output_filter","do":{"action":"redact","kinds":["email","phone"]},"says":"No.","shadow":true,"trigger":{"event":"log"}}"#
    );
    assert_eq!(
        rule("by: tool_allowlist, deny: [\"account.*\", \"@delete\"]"),
        r#"{"by":"tool_allowlist","do":{"action":"block"},"says":"No.","trigger":{"event":"call","tools":["account.*","@delete"]}}"#
    );
    assert_eq!(
        part(
            "invariants: {r: {rule: No., enforce: {by: external, control: IAM, probe: {command: [x, y]}, attested_by: sec, renew: 30d}}}\n",
            &["external"]
        ),
        r#"{"r":{"attested_by":"sec","control":"IAM","probe":["x","y"],"says":"No."}}"#
    );
}

#[test]
fn every_kind_and_every_group_can_be_redacted_and_asked_for() {
    use bounden_policy::detect::{Kind, Kinds};
    let groups = Kinds::groups().map(|(group, _)| group);
    for name in Kind::all().map(Kind::name).chain(groups) {
        let kinds: Vec<_> = Kinds::named(name).unwrap().iter().map(Kind::name).collect();
        let redacts = rule(&format!("by: output_filter, trigger: log, do: redact {name}"));
        assert!(redacts.contains(&format!(r#""kinds":["{}"]"#, kinds.join("\",\""))), "{redacts}");
        let asks = rule(&format!(
            "by: scope_router, trigger: request, when: 'detects(request.text, \"{name}\")', do: block"
        ));
        assert!(asks.contains(&format!(r#"[\"{}\"]"#, kinds.join("\\\", \\\""))), "{asks}");
    }
}

#[test]
fn a_mechanism_without_its_keys_says_which() {
    assert_eq!(
        rule_said("by: policy_engine"),
        "error B115 \"policy_engine\" `policy_engine` needs `do`; help: add `do: block`\n\
         error B115 \"policy_engine\" `policy_engine` needs `trigger`; help: add `trigger: call SERVER.TOOL`"
    );
    assert!(
        rule_said("by: external, probe: {command: [x]}").contains("`external` needs `control`")
    );
    assert!(rule_said("by: tool_allowlist, deny: [x.y], when: \"true\"").contains(
        "B114 \"\\\"true\\\"\" `tool_allowlist` does not take `when`; help: it takes deny, enforce"
    ));
    assert!(rule_said("by: tool_allowlist, deny: []").contains("`tool_allowlist` needs `deny`"));
    assert!(rule_said("by: tool_allowlist, deny: [\"@pay\"]").contains("`@pay` denies no tool"));
    assert!(
        rule_said("by: output_filter, trigger: call billing.pay, do: block")
            .contains("`output_filter` cannot do this")
    );
    assert!(
        rule_said("by: scope_router, trigger: log, do: block")
            .contains("`scope_router` cannot do this")
    );
}

#[test]
fn errors_in_clauses_point_at_the_part_that_is_wrong() {
    assert_eq!(
        rule_said("by: policy_engine, trigger: call billing.pay, do: require approval of lead"),
        "error B113 \"of\" expected `approval from` and a role; help: write `require approval from lead`, `from lead, security` for both or `from lead or security` for either"
    );
    assert!(
        rule_said("by: policy_engine, trigger: 'calls billing.pay', do: block")
            .contains("B113 \"calls\" `calls` is no event")
    );
    assert_eq!(
        rule_said("by: policy_engine, trigger: request, do: escalate peple"),
        "error B110 \"escalate peple\" the escalation path `peple` is not declared; help: did you mean `people`?"
    );
}

#[test]
fn tools_carry_their_effects_and_belong_to_a_declared_server() {
    assert_eq!(
        part(RULE, &["tools", "billing.pay"]),
        r#"{"effects":["spend"],"money":{"currency":"USD","path":"args.amount"},"timeout_seconds":60}"#
    );
    assert!(said(&format!("{RULE}servers: {{biling: {{command: [x]}}, desk: {{command: [y]}}}}\n"))
        .starts_with("error B111 \"billing.pay\" the server `billing` of `billing.pay` is not declared; help: did you mean `biling.pay`?"));
    // Where the servers are pinned, a tool without one is none of theirs.
    let contracts = Contracts::parse(br#"{"schema":"behavior.contracts/v1","servers":{"billing":{"protocolVersion":"2025-11-25","serverInfo":{"name":"b","version":"1.4.0"},"tools":[{"name":"pay","inputSchema":{"type":"object"}}]}}}"#).unwrap();
    let text = format!("{HEAD}{RULE}").replace("billing.pay: {effects", "pay: {effects");
    let intent = intent::parse(text.as_bytes()).0.unwrap();
    let (_, problems) = compile(&intent, Some(&contracts));
    let shown = case::show(text.as_bytes(), &problems);
    assert!(
        shown.contains("error B111 \"pay\" `pay` does not say which server offers it; help: did you mean `billing.pay`?"),
        "{shown}"
    );
}

#[test]
fn contracts_pin_the_schemas_and_bound_the_releases() {
    let contracts = Contracts::parse(br#"{"schema":"behavior.contracts/v1","servers":{"billing":{"protocolVersion":"2025-11-25","serverInfo":{"name":"b","version":"1.4.0"},"tools":[{"name":"pay","inputSchema":{"type":"object"}},{"name":"lok","inputSchema":{"type":"object"}}]}}}"#).unwrap();
    let text = format!("{HEAD}{RULE}").replace("pay: {effects", "pay: {version: \">=2\", effects");
    let intent = intent::parse(text.as_bytes()).0.unwrap();
    let (_, problems) = compile(&intent, Some(&contracts));
    assert_eq!(
        case::show(text.as_bytes(), &problems),
        "error B120 \"\\\">=2\\\"\" the pinned release 1.4.0 of `billing` is outside this range; help: run `bounden resolve`, or change the range\n\
         error B121 \"billing.look\" no server offers the tool `billing.look`; help: did you mean `billing.lok`?\n\
         error B121 \"desk.hand_over\" no server offers the tool `desk.hand_over`; help: run `bounden resolve` to pin the tools that the servers offer now"
    );
}

#[test]
fn escalations_are_one_call_or_one_webhook() {
    let lines = |path: &str| {
        format!("{}{RULE}", HEAD.replace("{call: desk.hand_over, with: {queue: q}}", path))
    };
    let said = |path: &str| {
        let text = lines(path);
        let (intent, _) = intent::parse(text.as_bytes());
        case::show(text.as_bytes(), &compile(&intent.unwrap(), None).1)
    };
    assert_eq!(said("{webhook: \"https://x.example/\"}"), "");
    assert!(said("{}").contains("`people` is neither one call nor one webhook"));
    assert!(said("{call: desk.hand_over, webhook: \"https://x\"}").contains("B116"));
    assert!(said("{webhook: \"http://x.example/\"}").contains("over https only"));
    assert!(said("{call: desk.handover}").contains("did you mean `desk.hand_over`?"));
    assert!(said("{call: desk.hand_over, with: [q]}").contains("are a mapping"));
}

#[test]
fn failure_modes_keep_one_action_and_what_follows() {
    assert_eq!(
        part(
            &format!(
                "{RULE}failure_modes: {{ambiguous_request: {{do: clarify, max: 1, then: escalate people}}, pii_detected: {{do: continue, flag: audit, echo: never}}, budget_exceeded: {{do: halt, inform: true}}}}\n"
            ),
            &["failure_modes"]
        ),
        r#"{"ambiguous_request":{"do":{"clarify":{"max":1}},"then":"people"},"budget_exceeded":{"do":"halt","inform":true},"pii_detected":{"do":"continue","flag":"audit","never_echo":true}}"#
    );
    let mode = |text: &str| said(&format!("{RULE}failure_modes: {{{text}}}\n"));
    assert!(
        mode("ambiguous_request: {do: clarify}")
            .contains("says nothing of what follows the question")
    );
    assert!(
        mode("ambiguous_request: {do: clarify, max: 3, then: escalate people}")
            .contains("B126 \"3\" a request is clarified once")
    );
    assert!(mode("out_of_scope: {do: escalate peple}").contains("did you mean `people`?"));
    assert!(
        mode("tool_failure: {do: halt, then: try again}").contains("`try again` cannot follow")
    );
    assert!(mode("pii_detected: {do: continue}").contains("add `flag: audit, echo: never`"));
    assert!(mode("pii_detected: {do: halt, echo: once}").contains("`once` is no way to echo"));
}

#[test]
fn environments_only_narrow() {
    let lines = format!(
        "{RULE}constraints: {{limits: {{tool_calls: 20, steps: 30, usd: 0.5}}}}\nenvironments: {{production: {{limits: {{tool_calls: 10, seconds: 60}}}}, staging: {{limits: {{tool_calls: 50, usd: 0.75}}}}}}\n"
    );
    assert_eq!(part(&lines, &["limits"]), r#"{"steps":30,"tool_calls":20,"usd":"0.5"}"#);
    let intent = intent::parse(format!("{HEAD}{lines}").as_bytes()).0.unwrap();
    let shown = |environment| json::to_canonical(&limits_in(&intent, environment)).unwrap();
    assert_eq!(shown("production"), r#"{"seconds":60,"steps":30,"tool_calls":10,"usd":"0.5"}"#);
    assert_eq!(shown("staging"), shown("elsewhere"));
    assert_eq!(
        said(&lines),
        "warning B123 \"50\" `tool_calls` is looser in `staging` than everywhere and changes nothing; help: an environment can only narrow: write a smaller limit, or remove this one\n\
         warning B123 \"0.75\" `usd` is looser in `staging` than everywhere and changes nothing; help: an environment can only narrow: write a smaller limit, or remove this one"
    );
}

#[test]
fn windows_begin_before_they_end() {
    let window = |from: &str, to: &str| {
        format!("{RULE}windows: {{w: {{from: \"{from}\", to: \"{to}\"}}}}\n")
    };
    assert_eq!(
        part(&window("2026-12-20T00:00:00Z", "2027-01-02T00:00:00Z"), &["windows", "w"]),
        r#"{"from":"2026-12-20T00:00:00Z","to":"2027-01-02T00:00:00Z"}"#
    );
    assert!(
        said(&window("2027-12-20T00:00:00Z", "2027-01-02T00:00:00Z"))
            .contains("ends before it begins")
    );
}

#[test]
fn effects_of_a_criterion_count_calls() {
    assert_eq!(
        criterion(
            "effects: [{called: billing.pay}, {called: billing.pay, times: 1}, {called: \"billing.pay, billing.look\", at_least: 1, at_most: 2, ok: false}]"
        ),
        "calls(\"billing.pay\").succeeded().count() >= 1\n\
         calls(\"billing.pay\").succeeded().count() == 1\n\
         calls(\"billing.pay, billing.look\").permitted().count() >= 1\n\
         calls(\"billing.pay, billing.look\").permitted().count() <= 2"
    );
    assert_eq!(
        criterion(
            "effects: [{never: escalation}, {called: billing.pay, args: {amount: {le: 500, gt: -1}, to: \"C \\\"1\\\"\", kind: {in: [a, b]}, note: {prefix: x}}}]"
        ),
        "calls(\"desk.hand_over\").permitted().count() == 0\n\
         calls(\"billing.pay\").succeeded().where(has(args.amount) && args.amount <= 500 && has(args.amount) && args.amount > 0 - 1 && has(args.to) && args.to == \"C \\\"1\\\"\" && has(args.kind) && args.kind in [\"a\", \"b\"] && has(args.note) && args.note.startsWith(\"x\")).count() >= 1"
    );
}

#[test]
fn an_order_holds_for_each_later_call_and_needs_one_to_apply() {
    let order = "calls(\"billing.pay\").succeeded().after(\"billing.look\").count() == calls(\"billing.pay\").succeeded().count()";
    let before = "{before: {first: billing.look, then: billing.pay}}";
    assert_eq!(
        criterion(&format!("effects: [{before}]")),
        format!("given calls(\"billing.pay\").succeeded().exists()\n{order}")
    );
    assert_eq!(
        criterion(&format!("effects: [{before}, {{never: escalation}}]")),
        format!("{order}\ncalls(\"desk.hand_over\").permitted().count() == 0")
    );
    assert_eq!(
        criterion("effects: [{sequence: [billing.look, billing.pay, desk.hand_over]}]")
            .lines()
            .count(),
        2
    );
}

#[test]
fn a_tag_decides_the_intent_and_the_text_only_without_one() {
    let never = "effects: [{never: escalation}]";
    let given = |given: &str| {
        criterion(&format!("given: {{{given}}}, {never}")).lines().next().unwrap().to_owned()
    };
    assert_eq!(
        given("intent: refund"),
        "given has(tag(\"intent\")) ? tag(\"intent\") == \"refund\" : request.text.matches(\"(?is).*(?:\\\\brefund).*\")"
    );
    assert_eq!(given("intent: said"), "given request.text.matches(\"(?is).*(?:x).*\")");
    assert_eq!(
        given(
            "tag: lang=de, fact: 'order.age < 30 && tag(\"order.x\") == order.x', called: billing.look"
        ),
        "given tag(\"lang\") == \"de\" && (facts.order.age < 30 && tag(\"order.x\") == facts.order.x) && calls(\"billing.look\").succeeded().exists()"
    );
}

#[test]
fn what_the_user_is_told_is_looked_for_phrase_by_phrase() {
    assert_eq!(
        criterion(
            "expect: {says: [{any: [Done, \"all set\"]}, {all: [A, b]}, {none: [c]}], url: {prefix: \"https://r.example/\"}}"
        ),
        "output.text.lower().contains(\"done\") || output.text.lower().contains(\"all set\")\n\
         output.text.lower().contains(\"a\")\n\
         output.text.lower().contains(\"b\")\n\
         !output.text.lower().contains(\"c\")\n\
         output.text.matches(\"(?s)(?:.*[^A-Za-z0-9/?&=%#._~:@+-])?https://r\\\\.example/.*\")"
    );
}

#[test]
fn facts_and_budgets_are_clauses_too() {
    assert_eq!(
        criterion(
            "require: {all: [order.a == 1], any: [order.b == 1, order.c == 1]}, budget: {steps: 9, tool_calls: 3, usd: 0.5, seconds: 60}"
        ),
        "facts.order.a == 1\nfacts.order.b == 1 || facts.order.c == 1\nsession.steps <= 9\nsession.calls <= 3\nsession.seconds <= 60\nsession.cost <= 0.5"
    );
}

#[test]
fn what_cannot_be_lowered_says_what_to_write() {
    for (lines, expected) in [
        (
            "effects: [{called: biling.pay}]",
            "error B112 \"biling.pay\" no declared tool is called `biling.pay`; help: did you mean `billing.pay`?",
        ),
        (
            "effects: [{called: \"billing.look, billing.py\"}]",
            "error B112 \"billing.py\" no declared tool is called `billing.py`; help: did you mean `billing.pay`?",
        ),
        (
            "effects: [{never: effects}]",
            "error B118 \"effects\" `effects` is not bound to tools; help: write `bind: {effects: [SERVER.TOOL]}` with the tools that it stands for",
        ),
        (
            "effects: [{times: 1}]",
            "error B128 \"{times: 1}\" this item checks nothing, or several things; help: write one of `called`, `never`, `before` and `sequence` in each item",
        ),
        ("effects: [{called: billing.pay, never: billing.pay}]", "B128"),
        ("effects: [{never: billing.pay, times: 1}]", "B128 \"1\" only `called` is counted"),
        (
            "effects: [{called: billing.pay, args: {amount: {less: 1}}}]",
            "B127 \"less\" there is no matcher `less`; help: there are eq, ge, gt, in, le, lt, not_in, prefix, regex",
        ),
        ("effects: [{called: billing.pay, args: {amount: [1]}}]", "B127"),
        (
            "given: {intent: refnd}",
            "error B118 \"refnd\" the intent `refnd` is not bound; help: did you mean `refund`?",
        ),
        ("given: {tag: x}", "error B119 \"x\" `x` is no tag; help: write `NAME=VALUE`"),
        ("expect: {says: [{}]}", "B128"),
    ] {
        let said = criterion_said(lines);
        assert!(said.contains(expected), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}
