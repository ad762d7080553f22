//! Which tools are dangerous together, and what keeps them apart.

use super::*;
use crate::bundle::Bundle;

fn policy(agent: &str, tools: &str, rules: &str) -> Arc<Policy> {
    let text = format!(
        r#"{{"semantics":1,"agent":"{agent}","approvers":["lead"],"tools":{{{tools}}},"rules":{{
           "never":{{"says":"s","by":"tool_allowlist","trigger":{{"event":"call","tools":["nobody.*"]}},"do":{{"action":"block"}}}}{rules}}}}}"#
    );
    let bundle: Bundle = bounden_base::json::from_slice(text.as_bytes()).unwrap();
    Arc::new(Policy::compile(bundle).unwrap_or_else(|problems| panic!("{problems:#?}")))
}

fn tool(name: &str, effects: &str, label: &str) -> String {
    let label = if label.is_empty() { String::new() } else { format!(r#","label":"{label}""#) };
    format!(r#""{name}":{{"effects":[{effects}],"timeout_seconds":9{label}}}"#)
}

fn tools(tools: &[(&str, &str, &str)]) -> String {
    let tools = tools.iter().map(|(name, effects, label)| tool(name, effects, label));
    tools.collect::<Vec<_>>().join(",")
}

fn rule(id: &str, trigger: &str, when: &str, action: &str) -> String {
    format!(
        r#","{id}":{{"says":"s","by":"policy_engine","trigger":{{"event":"call","tools":["{trigger}"]}},"when":{},"do":{{"action":"{action}"}}}}"#,
        bounden_base::Json::from(when).canonical()
    )
}

fn told(combinations: impl Iterator<Item = Combination>) -> Vec<String> {
    combinations
        .map(|combination| {
            let parts = combination.parts.iter();
            let tools: Vec<&str> = parts.map(|part| part.tool.as_str()).collect();
            let standing = match &combination.standing {
                Standing::Open(witness) => format!("open after {}", witness.len()),
                Standing::Stopped { at, reason, by } => {
                    format!("stopped at {at}: {reason:?} {by:?}")
                }
            };
            format!("{}: {}: {standing}", combination.hazard.name(), tools.join(", "))
        })
        .collect()
}

const OFFICE: [(&str, &str, &str); 3] = [
    ("crm.look", r#""observe""#, "internal"),
    ("mail.send", r#""send""#, "internal"),
    ("web.read", r#""observe""#, ""),
];

#[test]
fn private_data_foreign_content_and_a_way_out() {
    let open = policy("a", &tools(&OFFICE), "");
    assert_eq!(
        told(combinations(&open)),
        ["exfiltration: crm.look, web.read, mail.send: open after 5"]
    );
    let guarded = policy(
        "a",
        &tools(&OFFICE),
        &rule("no-way-out", "@send", "labels(\"untrusted\")", "block"),
    );
    assert_eq!(
        told(combinations(&guarded)),
        [
            r#"exfiltration: crm.look, web.read, mail.send: stopped at mail.send: RuleFired [RuleId("no-way-out")]"#
        ]
    );
    // A warning lets it happen, and a rule in shadow does not act.
    let warned = policy("a", &tools(&OFFICE), &rule("w", "@send", "labels(\"untrusted\")", "warn"));
    assert!(combinations(&warned).all(|combination| combination.is_open()));
}

#[test]
fn two_of_the_three_are_none_and_public_data_is_not_private() {
    for left_out in 0..OFFICE.len() {
        let two: Vec<_> =
            OFFICE.iter().enumerate().filter(|(index, _)| *index != left_out).collect();
        let two: Vec<_> = two.into_iter().map(|(_, tool)| *tool).collect();
        assert_eq!(told(combinations(&policy("a", &tools(&two), ""))), [""; 0]);
    }
    let public = [("crm.look", r#""observe""#, "public"), OFFICE[1], OFFICE[2]];
    assert_eq!(told(combinations(&policy("a", &tools(&public), ""))), [""; 0]);
}

#[test]
fn the_other_hazards() {
    let shell = [
        ("box.run", r#""execute""#, "internal"),
        ("box.write", r#""create""#, "internal"),
        ("vault.read", r#""observe""#, "secret"),
        ("mail.send", r#""send""#, "internal"),
        ("iam.grant", r#""grant""#, "internal"),
        ("bank.pay", r#""spend""#, "internal"),
        ("one.all", r#""create","execute""#, "internal"),
    ];
    let found = told(combinations(&policy("a", &tools(&shell), "")));
    assert_eq!(
        found,
        [
            "leaked-secret: vault.read, mail.send: open after 3",
            "planted-code: box.write, box.run: open after 3",
            "self-grant: iam.grant, bank.pay: open after 3",
        ]
    );
}

#[test]
fn tools_that_the_same_rules_look_at_are_tried_once() {
    let box_tools = [
        ("one.all", r#""create","execute""#, "internal"),
        ("z.write", r#""create""#, "internal"),
        ("z.write_too", r#""create""#, "internal"),
    ];
    let open = policy("a", &tools(&box_tools), "");
    let found: Vec<Combination> = combinations(&open).collect();
    let [only] = found.as_slice() else { panic!("{found:#?}") };
    let alike: Vec<&str> = only.parts[0].alike.iter().map(ToolName::as_str).collect();
    assert_eq!((only.parts[0].tool.as_str(), alike), ("z.write", vec!["z.write_too", "one.all"]));

    let rule = rule("r", "z.write_too", "args.path == \"x\"", "block");
    let seen = told(combinations(&policy("a", &tools(&box_tools), &rule)));
    assert_eq!(
        seen,
        [
            "planted-code: z.write, one.all: open after 3",
            "planted-code: z.write_too, one.all: open after 3"
        ]
    );
}

#[test]
fn what_has_to_come_before_a_call_does_not_keep_tools_apart() {
    let box_tools = [
        ("box.look", r#""observe""#, "internal"),
        ("box.run", r#""execute""#, "internal"),
        ("box.write", r#""create""#, "internal"),
    ];
    let looked = rule(
        "look-first",
        "box.run",
        "!calls(\"box.look\").by(args.path).succeeded().exists()",
        "block",
    );
    let found: Vec<Combination> = combinations(&policy("a", &tools(&box_tools), &looked)).collect();
    let [only] = found.as_slice() else { panic!("{found:#?}") };
    let Standing::Open(witness) = &only.standing else { panic!("{only:#?}") };
    let tools = witness.iter().filter_map(|witnessed| match &witnessed.event.body {
        crate::EventBody::Call { tool, .. } => Some(tool.as_str()),
        _ => None,
    });
    assert_eq!(tools.collect::<Vec<_>>(), ["box.write", "box.look", "box.run"]);
}

#[test]
fn every_witness_is_permitted_by_an_engine_that_has_seen_nothing_else() {
    let open = policy("a", &tools(&OFFICE), "");
    for combination in combinations(&open) {
        let Standing::Open(witness) = combination.standing else { panic!("open") };
        let mut engine = crate::Reference::new(Arc::clone(&open));
        for witnessed in &witness {
            let decision = engine.decide(&witnessed.event).decision;
            assert!(decision.verdict.permits(), "{decision:?}");
        }
    }
}

#[test]
fn an_approval_and_a_budget_stand_between() {
    let asked = r#","ask":{"says":"s","by":"policy_engine","trigger":{"event":"call","tools":["@send"]},
        "do":{"action":"require_approval","roles":["lead"],"all":true}}"#;
    assert_eq!(
        told(combinations(&policy("a", &tools(&OFFICE), asked))),
        [
            r#"exfiltration: crm.look, web.read, mail.send: stopped at mail.send: ApprovalRequired [RuleId("ask")]"#
        ]
    );
    let mut bundle = policy("a", &tools(&OFFICE), "").bundle().clone();
    bundle.limits.tool_calls = Some(2);
    let limited = Arc::new(Policy::compile(bundle).unwrap());
    assert_eq!(
        told(combinations(&limited)),
        ["exfiltration: crm.look, web.read, mail.send: stopped at mail.send: BudgetExceeded []"]
    );
}

#[test]
fn what_two_agents_have_only_together() {
    let research = [("web.read", r#""observe""#, ""), ("team.ask", r#""send""#, "internal")];
    let clerk = [OFFICE[0], OFFICE[1]];
    let by = ToolName::from("team.ask");
    let no_way_out = rule("no-way-out", "@send", "labels(\"untrusted\")", "block");
    let (caller, callee) =
        (policy("research", &tools(&research), ""), policy("clerk", &tools(&clerk), &no_way_out));
    assert_eq!(told(combinations(&caller)), [""; 0]);
    assert_eq!(told(combinations(&callee)), [""; 0]);
    // The label does not cross over, so the clerk's rule does not help.
    assert_eq!(
        told(between(&caller, &callee, &by)),
        ["exfiltration: crm.look, web.read, mail.send: open after 7"]
    );
    let whose: Vec<String> = match between(&caller, &callee, &by).next().unwrap().standing {
        Standing::Open(witness) => witness.into_iter().map(|event| event.agent).collect(),
        Standing::Stopped { .. } => panic!("open"),
    };
    assert_eq!(whose, ["research", "research", "research", "clerk", "clerk", "clerk", "clerk"]);
    let careful = rule("not-after-reading", "team.ask", "labels(\"untrusted\")", "block");
    let caller = policy("research", &tools(&research), &careful);
    assert_eq!(
        told(between(&caller, &callee, &by)),
        [
            r#"exfiltration: crm.look, web.read, mail.send: stopped at team.ask: RuleFired [RuleId("not-after-reading")]"#
        ]
    );
    // The other way round, what the callee read comes back as a result of the tool.
    assert_eq!(
        told(between(
            &policy("clerk", &tools(&[OFFICE[0], OFFICE[1], research[1]]), &no_way_out),
            &policy("research", &tools(&research[..1]), ""),
            &by
        )),
        ["exfiltration: crm.look, web.read, mail.send: open after 9"]
    );
}
