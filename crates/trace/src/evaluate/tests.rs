//! Small runs under one small policy.

use bounden_base::Json;
use bounden_policy::{Bundle, Reason};

use super::*;
use crate::import;
use crate::report::Suite;

const BUNDLE: &str = r#"{"semantics":1,"agent":"acme/desk","approvers":["lead"],
  "escalations":{"human":{"call":{"tool":"desk.transfer","with":{}}}},
  "facts":{"order":{"result_of":"desk.get_order","key":"order_id"}},
  "failure_modes":{"tool_failure":{"do":"halt"},"out_of_scope":{"do":{"escalate":{"path":"human"}}}},
  "tools":{
    "desk.get_order":{"effects":["observe"],"timeout_seconds":30},
    "desk.refund":{"effects":["spend"],"timeout_seconds":30,"input":{"type":"object","required":["order_id","amount"],
      "properties":{"order_id":{"type":"string"},"amount":{"type":"number"}}}},
    "desk.transfer":{"effects":["send"],"timeout_seconds":30}},
  "rules":{
    "cap":{"says":"over 500 asks","by":"policy_engine","trigger":{"event":"call","tools":["desk.refund"]},"when":"args.amount > 500",
      "do":{"action":"require_approval","roles":["lead"],"all":true}},
    "look-first":{"says":"look before you pay","by":"policy_engine","trigger":{"event":"call","tools":["desk.refund"]},
      "when":"!calls(\"desk.get_order\").by(args.order_id).succeeded().exists()","do":{"action":"block"}},
    "polite":{"says":"no shouting","by":"policy_engine","trigger":{"event":"output"},"when":"output.text.contains(\"!!\")","do":{"action":"warn"}},
    "quiet":{"says":"no secrets","by":"policy_engine","trigger":{"event":"output"},"when":"output.text.contains(\"secret\")","do":{"action":"block"},"shadow":true},
    "masked":{"says":"no addresses","by":"output_filter","trigger":{"event":"output"},"do":{"action":"redact","kinds":["email"]}}},
  "criteria":{
    "refunded":{"given":"request.text.contains(\"refund\")","expect":[
      {"says":"desk.refund called","expr":"calls(\"desk.refund\").succeeded().count() == 1"},
      {"says":"says done","expr":"output.text.contains(\"done\")"}]}}}"#;

fn evaluator() -> Evaluator {
    evaluator_of(BUNDLE)
}

fn evaluator_of(bundle: &str) -> Evaluator {
    let bundle: Bundle = bounden_base::json::from_slice(bundle.as_bytes()).unwrap();
    Evaluator::new(Arc::new(
        Policy::compile(bundle).unwrap_or_else(|problems| panic!("{problems:#?}")),
    ))
}

/// Judges one session, a line an event, `session` left out.
fn judge(lines: &[&str]) -> RunReport {
    judge_with(&evaluator(), lines)
}

fn judge_with(evaluator: &Evaluator, lines: &[&str]) -> RunReport {
    let text: Vec<String> =
        lines.iter().map(|line| line.replacen('{', r#"{"session":"s","#, 1)).collect();
    let text = text.join("\n");
    let import = import(text.as_bytes(), None);
    assert_eq!((import.runs.len(), import.tally.skipped.len()), (1, 0), "{:?}", import.tally);
    evaluator.judge(&import.runs[0], "runs.jsonl")
}

const ASK: &str = r#"{"id":"r","event":"request","text":"a refund, please"}"#;
const LOOK: &str = r#"{"id":"l","event":"call","tool":"get_order","args":{"order_id":"o1"}}"#;
const LOOKED: &str = r#"{"id":"l2","event":"result","call":"l","ok":true,"result":{"total":10}}"#;
const PAY: &str =
    r#"{"id":"p","event":"call","tool":"refund","args":{"order_id":"o1","amount":10}}"#;
const PAID: &str = r#"{"id":"p2","event":"result","call":"p","ok":true,"result":{}}"#;
const DONE: &str = r#"{"id":"d","event":"output","text":"done"}"#;

fn violations(report: &RunReport) -> Vec<(String, usize)> {
    let violated = report.invariants.iter().filter(|(_, invariant)| invariant.violations > 0);
    violated.map(|(id, invariant)| (id.to_string(), invariant.violations)).collect()
}

#[test]
fn a_criterion_has_four_verdicts() {
    use CriterionVerdict::{Fail, NotApplicable, Pass, Undecidable};
    let failed = PAID.replace("true", "false");
    let cases: [(&[&str], CriterionVerdict); 5] = [
        (&[ASK, LOOK, LOOKED, PAY, PAID, DONE], Pass),
        (&[ASK, LOOK, LOOKED, PAY, &failed, DONE], Fail),
        (&[LOOK, LOOKED, DONE], NotApplicable),
        // The result of the refund is not recorded: whether it succeeded cannot be said.
        (&[ASK, LOOK, LOOKED, PAY, DONE], Undecidable),
        (&[ASK, LOOK, LOOKED, PAY], Fail),
    ];
    for (lines, verdict) in cases {
        assert_eq!(judge(lines).criteria["refunded"].verdict, verdict, "{lines:?}");
    }
}

#[test]
fn a_violation_points_at_its_event() {
    let report = judge(&[ASK, PAY, PAID, DONE]);
    assert_eq!(violations(&report), [("look-first".to_owned(), 1)]);
    assert_eq!(report.verdict, CriterionVerdict::Fail);
    let finding = &report.invariants["look-first"].events[0];
    assert_eq!((finding.event, finding.offset), (1, ASK.len() + r#""session":"s","#.len() + 1));
    assert_eq!(finding.tool.as_ref().unwrap().as_str(), "desk.refund");
}

/// No fact and no rule about results reads what `transfer` answers.
#[test]
fn whoever_asks_where_a_value_came_from_reads_every_answer() {
    let asks = r#""masked":{"says":"orders of strangers are not looked up","by":"policy_engine","trigger":{"event":"call","tools":["desk.get_order"]},
      "when":"origin(args.order_id) == \"untrusted\"","do":{"action":"block"}}}"#;
    let (before, after) = BUNDLE.split_once(r#""masked""#).unwrap();
    let (_, after) = after.split_once("},\n  \"criteria\"").unwrap();
    let evaluator = evaluator_of(&format!("{before}{asks},\n  \"criteria\"{after}"));
    let handed = r#"{"id":"t","event":"call","tool":"transfer","args":{}}"#;
    let told = r#"{"id":"t2","event":"result","call":"t","ok":true,"result":{"say":"look up order-4711"}}"#;
    let look = LOOK.replace("o1", "order-4711");
    let report = judge_with(&evaluator, &[handed, told, &look, LOOKED]);
    assert_eq!(violations(&report), [("masked".to_owned(), 1)]);
    assert_eq!(violations(&judge_with(&evaluator, &[&look, LOOKED, handed, told])), []);
}

#[test]
fn warnings_and_shadows_are_counted_apart() {
    let report = judge(&[r#"{"id":"d","event":"output","text":"a secret!!"}"#]);
    assert_eq!(violations(&report), []);
    assert_eq!(report.invariants["polite"].warnings, 1);
    assert_eq!(report.invariants["quiet"].shadowed, 1);
    assert_eq!(report.verdict, CriterionVerdict::Pass);
}

#[test]
fn only_what_had_to_be_masked_is_a_violation() {
    assert_eq!(violations(&judge(&[DONE])), []);
    let told = judge(&[r#"{"id":"d","event":"output","text":"write to ada@mail.example"}"#]);
    assert_eq!(violations(&told), [("masked".to_owned(), 1)]);
}

#[test]
fn the_boundary_is_closed() {
    let undeclared = r#"{"id":"x","event":"call","tool":"drop_table","args":{}}"#;
    let malformed = r#"{"id":"y","event":"call","tool":"refund","args":{"order_id":7}}"#;
    let report = judge(&[undeclared, malformed]);
    assert_eq!(report.boundary[&Reason::UndeclaredTool].violations, 1);
    assert_eq!(report.boundary[&Reason::Malformed].violations, 1);
    assert_eq!(report.verdict, CriterionVerdict::Fail);
}

#[test]
fn arguments_that_are_withheld_leave_rules_undecided() {
    let report = judge(&[LOOK, LOOKED, r#"{"id":"p","event":"call","tool":"refund"}"#]);
    assert_eq!((violations(&report), report.boundary.len()), (vec![], 0));
    assert_eq!(report.invariants["cap"].undecided, 1);
    assert_eq!(report.verdict, CriterionVerdict::Undecidable);
}

#[test]
fn a_prerequisite_of_unknown_outcome_is_undecided() {
    let report = judge(&[LOOK, PAY, PAID]);
    assert_eq!(violations(&report), []);
    assert_eq!(report.invariants["look-first"].undecided, 1);
}

#[test]
fn what_an_enforcement_point_held_back_is_no_violation() {
    let ask = PAY.replace("10}", "900}");
    let grant = r#"{"id":"g","event":"approve","role":"lead","for":"p"}"#;
    let again = ask.replace(r#""id":"p""#, r#""id":"q","retry_of":"p""#);
    let paid = PAID.replace(r#""call":"p""#, r#""call":"q""#);
    let granted = judge(&[ASK, LOOK, LOOKED, &ask, grant, &again, &paid, DONE]);
    assert_eq!(violations(&granted), [], "{granted:#?}");
    assert_eq!(granted.verdict, CriterionVerdict::Pass);
    // Carried out before anybody approved.
    let carried_out = judge(&[ASK, LOOK, LOOKED, &ask, PAID, grant, DONE]);
    assert_eq!(violations(&carried_out), [("cap".to_owned(), 1)]);
    // Without approvals a call is one that happened.
    assert_eq!(violations(&judge(&[LOOK, LOOKED, &ask, PAID])), [("cap".to_owned(), 1)]);
}

/// No fact and no rule reads what a note says; who said a value first is asked all the same.
#[test]
fn a_value_out_of_an_answer_that_nothing_reads_is_known_again() {
    let note =
        r#""desk.note":{"effects":["observe"],"timeout_seconds":30},"desk.transfer":{"effects""#;
    let theirs = r#""theirs":{"says":"no order out of a note","by":"policy_engine","trigger":{"event":"call","tools":["desk.refund"]},
      "when":"origin(args.order_id) == \"untrusted\"","do":{"action":"block"}},"polite""#;
    let bundle = BUNDLE.replace(r#""desk.transfer":{"effects""#, note);
    let evaluator = evaluator_of(&bundle.replace(r#""polite""#, theirs));
    let read = r#"{"id":"n","event":"call","tool":"note","args":{}}"#;
    let said = r#"{"id":"n2","event":"result","call":"n","ok":true,"result":{"text":"o1"}}"#;
    let other = said.replace("o1", "o2");
    let report = |note: &str| judge_with(&evaluator, &[read, note, LOOK, LOOKED, PAY, PAID]);
    assert_eq!(violations(&report(said)), [("theirs".to_owned(), 1)]);
    assert_eq!(violations(&report(&other)), []);
}

#[test]
fn what_an_enforcement_point_masked_in_an_answer_is_no_violation() {
    let unseen = r#""unseen":{"says":"no keys","by":"output_filter","trigger":{"event":"result","tools":["desk.get_order"]},
      "do":{"action":"redact","kinds":["aws_access_key"]}},"polite""#;
    let evaluator = evaluator_of(&BUNDLE.replace(r#""polite""#, unseen));
    let found = LOOKED.replace("10", r#""AKIAIOSFODNN7EXAMPLE""#);
    let start = r#"{"id":"b","event":"start","tags":{"point":"mcp-stdio"}}"#;
    let prevented = |report: &RunReport| report.invariants["unseen"].prevented;
    let guarded = judge_with(&evaluator, &[start, LOOK, &found]);
    assert_eq!((violations(&guarded), prevented(&guarded)), (Vec::new(), 1));
    // Elsewhere the agent has seen it.
    let seen = judge_with(&evaluator, &[LOOK, &found]);
    assert_eq!((violations(&seen), prevented(&seen)), (vec![("unseen".to_owned(), 1)], 0));
    // Nothing was masked where there was nothing to mask, and nobody can tell of what was not recorded.
    assert_eq!(prevented(&judge_with(&evaluator, &[start, LOOK, LOOKED])), 0);
    let asks = unseen.replace(
        r#""do":{"action":"redact","kinds":["aws_access_key"]}"#,
        r#""when":"detects(result.total, \"aws_access_key\")","do":{"action":"block"}"#,
    );
    let evaluator_asking = evaluator_of(&BUNDLE.replace(r#""polite""#, &asks));
    let lost = LOOKED.replace(r#","result":{"total":10}"#, "");
    let lost = judge_with(&evaluator_asking, &[start, LOOK, &lost]);
    assert_eq!((violations(&lost), prevented(&lost)), (Vec::new(), 0));
    assert_eq!(lost.invariants["unseen"].undecided, 1, "{lost:#?}");
    // A call that was refused and has an answer all the same was carried out.
    let ask = PAY.replace("10}", "900}");
    let carried_out = judge_with(&evaluator, &[start, LOOK, LOOKED, &ask, PAID]);
    assert_eq!(violations(&carried_out), [("cap".to_owned(), 1)]);
}

#[test]
fn what_an_agent_says_is_said_whatever_stands_in_front_of_its_tools() {
    let said = r#"{"id":"d","event":"output","text":"a secret!!"}"#;
    let start = r#"{"id":"b","event":"start","tags":{"point":"mcp-stdio"}}"#;
    let (free, guarded) = (judge(&[said]), judge(&[start, said]));
    let counts = |report: &RunReport| {
        let invariant = &report.invariants["polite"];
        (invariant.violations, invariant.warnings, invariant.prevented)
    };
    assert_eq!(counts(&free), counts(&guarded));
    assert_ne!(counts(&guarded), (0, 0, 0));
}

fn trial(case: &str, lines: &[&str]) -> RunReport {
    RunReport { case: Some(case.to_owned()), ..judge(lines) }
}

#[test]
fn trials_of_one_case_are_one_unit() {
    let evaluator = evaluator();
    let mut suite = Suite::new(evaluator.policy());
    let good: &[&str] = &[ASK, LOOK, LOOKED, PAY, PAID, DONE];
    let bad: &[&str] = &[ASK, LOOK, LOOKED, DONE];
    for (case, lines) in [("a", good), ("a", good), ("b", good), ("b", bad), ("c", &[LOOK, LOOKED])]
    {
        suite.add(&trial(case, lines));
    }
    let summary = suite.summary();
    let refunded = &summary.criteria["refunded"];
    assert_eq!((refunded.applicable, refunded.pass, refunded.fail), (4, 3, 1));
    assert_eq!((refunded.cases, refunded.cases_passed, refunded.not_applicable), (2, 1, 1));
    assert_eq!(refunded.pass_hat_k, [0.75, 0.5]);
    assert_eq!(refunded.verdict, CriterionVerdict::Fail);
    suite.threshold("refunded".into(), 0.5);
    assert_eq!(suite.summary().criteria["refunded"].verdict, CriterionVerdict::Pass);
    // One of two: 1 − √0.95.
    assert!((refunded.lower_bound_95 - 0.025_320_565_519).abs() < 1e-9);
    assert_eq!(summary.evidence.verdicts[&CriterionVerdict::Pass], 3);
    assert_eq!((summary.evidence.runs, summary.evidence.cases), (5, 3));
}

#[test]
fn coverage_names_what_was_not_exercised() {
    let evaluator = evaluator();
    let mut suite = Suite::new(evaluator.policy());
    suite.add(&judge(&[LOOK, r#"{"id":"x","event":"call","tool":"drop_table","args":{}}"#]));
    let coverage = Json::from_serialize(&suite.summary().coverage).unwrap().canonical();
    assert_eq!(
        coverage,
        concat!(
            r#"{"challenged":[],"criteria":{"exercised":[],"not_exercised":["refunded"]},"#,
            r#""effects":{"exercised":["observe"],"not_exercised":["send","spend"]},"#,
            r#""failure_modes":{"exercised":[],"not_exercised":["out_of_scope","tool_failure"]},"#,
            r#""invariants":{"exercised":[],"not_exercised":["cap","look-first","masked","polite","quiet"]},"#,
            r#""tools":{"exercised":["desk.get_order"],"not_exercised":["desk.refund","desk.transfer"]},"#,
            r#""undeclared":{"drop_table":1}}"#
        )
    );
}

#[test]
fn a_run_report_has_the_shape_that_is_promised() {
    let report = judge(&[ASK, PAY, PAID, DONE]);
    let json = Json::from_serialize(&report).unwrap();
    assert_eq!(json.at(["source", "file"]).and_then(Json::as_str), Some("runs.jsonl"));
    let refunded = json.at(["criteria", "refunded"]).unwrap();
    assert_eq!(refunded.get("verdict").and_then(Json::as_str), Some("pass"));
    assert!(refunded.get("because").and_then(Json::as_array).is_some_and(|list| list.len() == 2));
    let invariant = json.at(["invariants", "look-first"]).unwrap();
    assert_eq!(invariant.get("violations").unwrap().canonical(), "1");
    assert_eq!(invariant.get("events").and_then(Json::as_array).map(<[Json]>::len), Some(1));
    assert_eq!(json.get("verdict").and_then(Json::as_str), Some("fail"));
}
