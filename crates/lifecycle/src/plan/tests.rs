//! What an edit of the shipped example is said to change.

use bounden_testkit::{read, repository};

use super::*;
use crate::{Part, Release};

fn intent() -> String {
    String::from_utf8(read(repository().join("examples/support/behavior.intent"))).unwrap()
}

fn release(intent: &str) -> Release {
    let contracts = read(repository().join("examples/support/behavior.contracts.json"));
    Release::build(intent.as_bytes(), &contracts, &[]).unwrap()
}

fn side(release: &Release) -> Side<'_> {
    Side { body: release.body(), digest: release.digest(), bundle: release.policy().bundle() }
}

/// `CLASS id` of every item, for one replacement in the intent.
fn changed(from: &str, to: &str) -> Vec<String> {
    let text = intent();
    assert!(text.contains(from), "{from} is not there");
    let (base, next) = (release(&text), release(&text.replacen(from, to, 1)));
    let plan = Plan::of(Some(side(&base)), side(&next)).unwrap();
    assert_eq!(plan.material, plan.class > DiffClass::Reduction);
    let item = |item: &Item| format!("{:?} {}", item.class, item.id).replacen("Class", "", 1);
    plan.items.iter().map(item).collect()
}

#[test]
fn nothing_changes_between_a_body_and_itself() {
    let release = release(&intent());
    let plan = Plan::of(Some(side(&release)), side(&release)).unwrap();
    assert_eq!((plan.class, plan.material, plan.proved), (DiffClass::Equal, false, true));
    assert_eq!(plan.items, []);
}

#[test]
fn where_nothing_runs_every_tool_is_new() {
    let plan = Plan::of(None, side(&release(&intent()))).unwrap();
    assert_eq!(plan.class, DiffClass::Expansion);
    let sentences: Vec<_> = plan.items.iter().map(|item| item.sentence.as_str()).collect();
    let refund = "It may now call `billing.issue_refund`, which changes something and moves money.";
    assert!(sentences.contains(&refund), "{sentences:?}");
}

#[test]
fn a_bound_is_moved_up_or_down() {
    let cap = "when: args.amount > 500";
    assert_eq!(changed(cap, "when: args.amount > 600"), ["Expansion invariants.refund-cap"]);
    assert_eq!(changed(cap, "when: args.amount > 400.5"), ["Reduction invariants.refund-cap"]);
}

#[test]
fn another_rule_is_less_where_that_is_proven_and_more_where_a_call_shows_it() {
    let cap = "when: args.amount > 500";
    assert_eq!(changed(cap, "when: args.amount >= 500"), ["Reduction invariants.refund-cap"]);
    assert_eq!(changed(cap, "when: 500 < args.amount"), ["Reduction invariants.refund-cap"]);
    let (first, but) =
        ("succeeded().exists()'\n", "succeeded().exists() && args.order_id != \"A-0000\"'\n");
    assert_eq!(changed(first, but), ["Expansion invariants.order-looked-up-first"]);
    let total = "sum(args.amount) + args.amount > 500";
    // Totals of several windows: nobody can tell.
    let shorter = "within(\"7d\").sum(args.amount) + args.amount > 500";
    assert_eq!(
        changed(&format!("within(\"30d\").{total}"), shorter),
        ["Opaque invariants.refund-total"]
    );
    // A case that was handed over goes elsewhere, which no verdict shows.
    let rule = "do: require approval from support-lead";
    let (one, other) = ("do: escalate human-desk", "do: escalate operators");
    let text = intent().replacen(rule, one, 1);
    let (base, next) = (release(&text), release(&text.replacen(one, other, 1)));
    let plan = Plan::of(Some(side(&base)), side(&next)).unwrap();
    assert_eq!(plan.class, DiffClass::Opaque);
}

/// What was shown of the one change that a replacement makes.
fn proof(from: &str, to: &str) -> Proof {
    let text = intent();
    let (base, next) = (release(&text), release(&text.replacen(from, to, 1)));
    let mut plan = Plan::of(Some(side(&base)), side(&next)).unwrap();
    plan.items.remove(0).proof.unwrap()
}

#[test]
fn each_change_of_a_rule_says_what_was_shown() {
    let cap = "when: args.amount > 500";
    assert_eq!(proof(cap, "when: args.amount > 400"), Proof::Proved);
    let (first, but) =
        ("succeeded().exists()'\n", "succeeded().exists() && args.order_id != \"A-0000\"'\n");
    let Proof::Witness { shows, witness } = proof(first, but) else { panic!("no witness") };
    assert_eq!(shows, "It can now issue return, which was blocked.");
    let args = Json::object([("order_id", Json::from("A-0000"))]);
    assert_eq!(witness.get("args"), Some(&args));
    assert_eq!(witness.get("before").and_then(Json::as_str), Some("block"));
    assert_eq!(witness.get("after").and_then(Json::as_str), Some("allow"));
    let total = "sum(args.amount) + args.amount > 500";
    let unknown = proof(total, "sum(args.amount) + args.amount > 400");
    assert!(matches!(unknown, Proof::NotProven { .. }), "{unknown:?}");
    assert!(unknown.to_string().starts_with("Not proven: "), "{unknown}");
}

#[test]
fn a_rule_that_others_cover_can_go() {
    let twice = "invariants:\n  ask-early:\n    rule: Ask above 100\n    enforce: {by: policy_engine, trigger: call billing.issue_refund, when: args.amount > 100, do: require approval from support-lead}\n";
    let text = intent().replacen("invariants:\n", twice, 1);
    let start = text.find("  refund-cap:").unwrap();
    let without = text[..start].to_owned() + &text[text.find("  refund-total:").unwrap()..];
    let plan = Plan::of(Some(side(&release(&text))), side(&release(&without))).unwrap();
    assert_eq!((plan.class, plan.material), (DiffClass::Equal, false), "{:?}", plan.items);
    assert!(plan.items[0].sentence.ends_with("; what it stopped, others stop."));
    let json = plan.to_json().unwrap();
    let item = &json.get("items").and_then(Json::as_array).unwrap()[0];
    assert_eq!(item.get("proof").and_then(Json::as_str), Some("proved"));
}

#[test]
fn what_stops_less_by_a_change_elsewhere_has_an_item() {
    let items =
        changed("result_of: billing.get_order", "result_of: billing.get_order, key: order_id");
    assert!(!items.is_empty());
    let narrower = "do: require approval from support-lead\n  refund-total";
    let halting = "do: require approval from support-lead\n  always-one:\n    rule: One dollar at most\n    enforce: {by: policy_engine, trigger: call billing.issue_refund, do: set args.amount = 1}\n  refund-total";
    assert_eq!(
        changed(narrower, halting),
        [
            "Opaque invariants.always-one",
            "Opaque invariants.refund-cap",
            "Expansion invariants.refund-total"
        ]
    );
}

#[test]
fn the_sentence_names_both_bounds() {
    let text = intent();
    let (base, next) =
        (release(&text), release(&text.replace("args.amount > 500\n", "args.amount > 600\n")));
    let plan = Plan::of(Some(side(&base)), side(&next)).unwrap();
    let sentences: Vec<_> = plan.items.iter().map(|item| item.sentence.as_str()).collect();
    assert!(
        sentences.contains(&"`refund-cap` fires at args.amount > 600 instead of 500."),
        "{sentences:?}"
    );
}

#[test]
fn rules_come_and_go() {
    let text = intent();
    let rule = &text[text.find("  order-looked-up-first:").unwrap()
        ..text.find("  no-account-changes:").unwrap()];
    assert_eq!(changed(rule, ""), ["Expansion invariants.order-looked-up-first"]);
    let shadow = rule.replace("do: block\n", "do: block\n      enforce: shadow\n");
    assert_eq!(changed(rule, &shadow), ["Expansion invariants.order-looked-up-first"]);
    let reworded = rule.replace("only registered", "registered only");
    assert_eq!(changed(rule, &reworded), ["Equal invariants.order-looked-up-first"]);
    let milder = rule.replace("do: block\n", "do: warn\n");
    assert_eq!(changed(rule, &milder), ["Expansion invariants.order-looked-up-first"]);
}

#[test]
fn an_additional_denial_is_less_unless_something_can_see_it() {
    let more = "invariants:\n  never-on-sundays:\n    rule: No refunds\n    enforce: {by: policy_engine, trigger: call billing.issue_refund, when: args.amount > 1, do: ACTION}\n";
    let with = |action: &str| changed("invariants:\n", &more.replace("ACTION", action));
    assert_eq!(with("block"), ["Reduction invariants.never-on-sundays"]);
    assert_eq!(with("warn"), ["Equal invariants.never-on-sundays"]);
    let rewritten = with("set args.amount = 1");
    assert_eq!(rewritten.first().unwrap(), "Opaque invariants.never-on-sundays");
    let seen =
        more.replace("args.amount > 1", "calls(\"billing.issue_refund\").attempted().count() > 3");
    assert_eq!(
        changed("invariants:\n", &seen.replace("ACTION", "block")),
        ["Opaque invariants.never-on-sundays"]
    );
}

#[test]
fn budgets_are_numbers() {
    assert_eq!(
        changed("tool_calls: 25", "tool_calls: 26"),
        ["Expansion constraints.limits.tool_calls"]
    );
    assert_eq!(
        changed("tool_calls: 25", "tool_calls: 24"),
        ["Reduction constraints.limits.tool_calls"]
    );
    assert_eq!(changed("tool_calls: 25, ", ""), ["Expansion constraints.limits.tool_calls"]);
    assert_eq!(
        changed("{tool_calls: 15, usd", "{tool_calls: 16, usd"),
        ["Expansion environments.production.tool_calls"]
    );
    assert_eq!(changed("usd: 0.30}", "usd: 0.3000}"), [""; 0]);
}

#[test]
fn tools_and_their_effects() {
    assert_eq!(
        changed("effects: [observe]", "effects: [observe, update]"),
        ["Expansion tools.billing.get_order"]
    );
    // A claim that a tool does less is nothing that the guard could hold it to.
    assert_eq!(
        changed("effects: [spend, update]", "effects: [spend]"),
        ["Opaque tools.billing.issue_refund"]
    );
    let label = "effects: [create], labels: {result: internal}";
    assert_eq!(changed(label, "effects: [create]"), ["Opaque tools.billing.issue_return"]);
    let more = "tools:\n  billing.close_account: {effects: [delete]}\n";
    let items = changed("tools:\n", more);
    assert!(items.contains(&"Expansion tools.billing.close_account".to_owned()), "{items:?}");
}

#[test]
fn the_setting_counts_too() {
    assert_eq!(changed("memory: session", "memory: none"), ["Reduction constraints.memory"]);
    assert_eq!(changed("memory: session", "memory: shared"), ["Expansion constraints.memory"]);
    assert_eq!(
        changed("autonomy: on-the-loop", "autonomy: autonomous"),
        ["Expansion constraints.autonomy"]
    );
    assert_eq!(changed("residency: eu", "residency: us"), ["Opaque constraints.data.residency"]);
    assert_eq!(changed("gpt-5.2-2026-01-13", "gpt-5.2-2026-02-13"), ["Opaque models.allow.backup"]);
    assert_eq!(changed("--part, desk]", "--part, desk, --journal, j]"), ["Opaque servers.desk"]);
}

#[test]
fn no_change_of_the_intent_is_invisible() {
    assert_eq!(changed("version: 1.4.0", "version: 1.4.1"), ["Equal agent.version"]);
    assert_eq!(changed("Help shoppers", "Assist shoppers"), ["Opaque purpose"]);
    assert_eq!(changed("tier: medium", "tier: high"), ["Opaque agent.tier"]);
    assert_eq!(changed("retain_days: 90", "retain_days: 91"), ["Opaque constraints.logging"]);
    assert_eq!(changed("{security: 2}", "{security: 3}"), ["Opaque promotion.production"]);
    assert_eq!(changed("where is my parcel", "where is it"), ["Opaque scope.in"]);
    // Comments mean nothing, and so does the order of keys.
    assert_eq!(changed("# What an outdoor", "# What a"), [""; 0]);
}

#[test]
fn text_that_shapes_behaviour_is_opaque() {
    let text = intent();
    let contracts = read(repository().join("examples/support/behavior.contracts.json"));
    let with = |bytes: &'static [u8]| {
        let part = Part { kind: "prompt", path: "prompts/system.md", bytes };
        Release::build(text.as_bytes(), &contracts, &[part]).unwrap()
    };
    let (base, next) = (with(b"be kind"), with(b"be quick"));
    let plan = Plan::of(Some(side(&base)), side(&next)).unwrap();
    assert_eq!(plan.class, DiffClass::Opaque);
    assert_eq!(
        plan.items[0].sentence,
        "The content of the prompt `prompts/system.md` is another one."
    );
    let plan = Plan::of(Some(side(&base)), side(&release(&text))).unwrap();
    assert_eq!(plan.items[0].sentence, "The prompt `prompts/system.md` is gone.");
}

#[test]
fn a_tool_that_is_defined_differently_is_opaque() {
    let (folder, text) = (repository().join("examples/support"), intent());
    let contracts = String::from_utf8(read(folder.join("behavior.contracts.json"))).unwrap();
    let build =
        |contracts: &str| Release::build(text.as_bytes(), contracts.as_bytes(), &[]).unwrap();
    let base = build(&contracts);
    let next = build(&contracts.replacen("Look up an order", "Look up any order", 1));
    let plan = Plan::of(Some(side(&base)), side(&next)).unwrap();
    let item = plan.items.iter().find(|item| item.id == "tools.billing.get_order").unwrap();
    assert_eq!(item.class, DiffClass::Opaque);
}
