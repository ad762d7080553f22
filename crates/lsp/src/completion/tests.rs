//! Completions in the shipped example, with its pinned tools, as it is being changed.

use bounden_policy::Contracts;
use lsp_types::CompletionTextEdit;

use crate::{Document, Pinned};

fn example() -> String {
    bounden_testkit::read_text(
        bounden_testkit::repository().join("examples/support/behavior.intent"),
    )
}

/// The example with `replacement` in the place of `text`; the cursor is at `¦`.
fn offered(text: &str, replacement: &str) -> Vec<String> {
    let example = example();
    assert!(example.contains(text), "{text}");
    let marked = example.replacen(text, replacement, 1);
    let at = marked.find('¦').unwrap();
    let path = bounden_testkit::repository().join("examples/support/behavior.contracts.json");
    let contracts = Contracts::parse(&bounden_testkit::read(path)).unwrap();
    let pinned = Pinned { contracts: Some(contracts), problem: None };
    let document = Document::new(marked.replacen('¦', "", 1), pinned);
    let items = document.completion(document.source.position(at));
    let mut texts: Vec<_> = items
        .into_iter()
        .map(|item| match item.text_edit.unwrap() {
            CompletionTextEdit::Edit(edit) => {
                let span = document.source.span(edit.range);
                format!("{}>{}", document.source.slice(span), edit.new_text)
            }
            CompletionTextEdit::InsertAndReplace(_) => unreachable!("never made"),
        })
        .collect();
    texts.sort();
    texts
}

#[test]
fn keys_are_those_that_are_not_there_yet() {
    assert_eq!(offered("  tier: medium", "  ¦"), [">origin: ", ">tier: "]);
    assert_eq!(offered("  tier: medium", "  ti¦"), ["ti>origin: ", "ti>tier: "]);
    assert_eq!(offered("  tier: medium", "  ti¦er: medium"), ["ti>origin", "ti>tier"]);
    let in_flow = offered("{retain_days: 90}", "{¦}");
    assert_eq!(in_flow, [">retain_days: "]);
}

#[test]
fn values_are_the_words_of_the_schema() {
    assert_eq!(offered("tier: medium", "tier: m¦"), ["m>high", "m>low", "m>medium"]);
    assert!(offered("effects: [observe]", "effects: [ob¦").contains(&"ob>observe".to_owned()));
    assert_eq!(offered("schema: behavior.intent/v1", "schema: ¦"), [">behavior.intent/v1"]);
    assert_eq!(offered("inform: true", "inform: ¦"), [">false", ">true"]);
}

#[test]
fn names_are_those_that_are_declared() {
    assert_eq!(offered("escalate: human-desk", "escalate: hu¦"), ["hu>human-desk", "hu>operators"]);
    assert_eq!(
        offered("{do: escalate human-desk}", "{do: esc¦}"),
        [
            "esc>clarify",
            "esc>continue",
            "esc>escalate human-desk",
            "esc>escalate operators",
            "esc>halt"
        ]
    );
    let actions = offered("do: require approval from support-lead", "do: require ap¦");
    assert!(actions.contains(&"require ap>require approval from support-lead".to_owned()));
    let triggers = offered("trigger: call billing.issue_refund", "trigger: call billing.is¦");
    assert!(triggers.contains(&"billing.is>billing.issue_refund".to_owned()), "{triggers:?}");
    assert!(triggers.contains(&"billing.is>@spend".to_owned()), "{triggers:?}");
    assert_eq!(offered("criterion: return-in-time", "criterion: ¦").len(), 4);
    assert_eq!(offered("from: staging", "from: ¦"), [">production", ">staging"]);
    assert_eq!(offered("given: {intent: return,", "given: {intent: ¦").len(), 3);
}

#[test]
fn tools_and_arguments_come_from_what_was_pinned() {
    assert_eq!(
        offered("  billing.get_order:", "  billing.cl¦\n  billing.get_order:"),
        ["billing.cl>billing.close_account: "]
    );
    let arguments = offered("when: args.amount > 500", "when: args.am¦");
    assert!(arguments.contains(&"am>amount".to_owned()), "{arguments:?}");
    assert!(arguments.iter().all(|text| text.starts_with("am>")), "{arguments:?}");
    assert!(offered("path: args.amount", "path: ¦").contains(&">args.amount".to_owned()));
    let history = offered("sum(args.amount) + args.amount > 500", "su¦");
    assert!(history.contains(&"su>sum(".to_owned()), "{history:?}");
    let texts = offered("'!calls(\"billing.get_order\")", "'!calls(\"b¦");
    assert!(texts.contains(&"b>billing.get_order".to_owned()), "{texts:?}");
    let facts = offered("fact: order.age_days < 30", "fact: order.¦");
    assert!(facts.contains(&">age_days".to_owned()), "{facts:?}");
    let clause = offered("args: {amount: {le: 500}}", "args: {am¦}");
    assert!(clause.contains(&"am>amount: ".to_owned()), "{clause:?}");
}

#[test]
fn nothing_is_offered_where_nothing_is_known() {
    assert!(offered("purpose: Help", "purpose: H¦").is_empty());
    assert!(offered("# What an outdoor", "# Wh¦").is_empty());
}

#[test]
fn no_place_in_a_broken_document_is_too_much() {
    let example = example();
    let text: String = example.chars().skip(3500).take(2500).collect();
    let mut answers = 0;
    for cut in (0..text.len()).filter(|at| text.is_char_boundary(*at)).step_by(59) {
        let broken = format!("{}\u{0}{{[\"{}", &text[..cut], &text[cut..]);
        let document = Document::new(broken, Pinned::default());
        for byte in [0, cut / 2, cut, cut + 3, text.len()] {
            let position = document.source.position(byte);
            answers += document.completion(position).len();
            answers += usize::from(document.hover(position).is_some());
            answers += usize::from(document.definition(position).is_some());
        }
        answers += document.symbols().len();
    }
    assert!(answers > 0);
}
