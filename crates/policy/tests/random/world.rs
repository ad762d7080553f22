//! Small random policies over three tools, and random events for them.

use std::sync::Arc;

use bounden_base::{Json, json};
use bounden_policy::{Bundle, Event, Policy, Problem};
use proptest::prelude::*;

const TOOLS: &str = r#"{
  "pay.refund":{"effects":["spend"],"timeout_seconds":40,"money":{"path":"args.amount","currency":"USD","currency_path":"args.currency"},
    "input":{"type":"object","required":["who","amount"],"properties":{"who":{"type":"string"},"amount":{"type":"number"},"currency":{"type":"string"},"n":{"type":"integer","minimum":0}}}},
  "pay.check":{"effects":["observe"],"label":"internal","timeout_seconds":40,
    "input":{"type":"object","required":["who"],"properties":{"who":{"type":"string"},"amount":{"type":"number","minimum":0}}}},
  "web.read":{"effects":["observe"],"timeout_seconds":40}}"#;

/// A chain over earlier calls without its end, and whether every call that it
/// counts has an amount.
pub(crate) fn chain() -> impl Strategy<Value = (String, bool)> + Clone {
    let scope = prop::sample::select(vec!["", r#".across("principal")"#, r#".across("agent")"#]);
    let key = prop::sample::select(vec!["", ".by(args.who)"]);
    let counting = prop::sample::select(vec!["", ".succeeded()", ".permitted()", ".attempted()"]);
    let when = prop::sample::select(vec![
        "",
        r#".within("60s")"#,
        r#".since("web.read")"#,
        r#".after("pay.check")"#,
        r#".where(args.who == "a")"#,
        ".where(args.amount > 20)",
        ".where(args.amount >= this.args.amount)",
        ".where(args.who == this.args.who)",
        ".where(has(args.n) && args.n > 1)",
    ]);
    (prop::sample::select(vec!["pay.refund", "pay.*"]), scope, key, counting, when).prop_map(
        |(tools, scope, key, counting, when)| {
            let has_amount = tools == "pay.refund";
            let when = if !has_amount && when.contains("args.amount") { "" } else { when };
            (format!(r#"calls("{tools}"){scope}{key}{counting}{when}"#), has_amount)
        },
    )
}

/// A predicate over `pay.refund` calls, in the language itself.
pub(crate) fn predicate() -> impl Strategy<Value = String> {
    let atom =
        (chain(), 0_u32..4, 0_u32..11).prop_map(|((chain, has_amount), bound, form)| match form {
            0 => format!("{chain}.count() >= {bound}"),
            1 => format!("{chain}.count() < {bound}"),
            2 => format!("!{chain}.exists()"),
            3 => format!("{chain}.count() == {bound}"),
            4 if has_amount => format!("{chain}.last().args.amount > {}", bound * 10),
            5 | 6 if has_amount => {
                format!("{chain}.sum(args.amount) + args.amount > {}", bound * 25)
            }
            7 => format!("args.amount > {}", bound * 20),
            8 => r#"labels("untrusted")"#.to_owned(),
            9 => format!("facts.check.level > {bound}"),
            _ => format!("{chain}.exists()"),
        });
    (atom.clone(), atom, 0_u8..4).prop_map(|(a, b, join)| match join {
        0 => format!("{a} && {b}"),
        1 => format!("{a} || {b}"),
        _ => a,
    })
}

/// Rules about `pay.refund` calls, as members of an object.
pub(crate) fn rules() -> impl Strategy<Value = String> {
    let action = prop::sample::select(vec![
        r#"{"action":"block"}"#,
        r#"{"action":"block"}"#,
        r#"{"action":"warn"}"#,
        r#"{"action":"halt"}"#,
        r#"{"action":"require_approval","roles":["lead"],"all":true}"#,
        r#"{"action":"require_approval","roles":["lead"],"all":true}"#,
        r#"{"action":"set","path":"args.n","value":"1"}"#,
        r#"{"action":"set","path":"args.amount","value":"args.amount > 30 ? 30 : args.amount"}"#,
    ]);
    let shadow = prop::bool::weighted(0.1);
    let late = prop::bool::weighted(0.2);
    prop::collection::vec((predicate(), action, shadow, late), 1..4).prop_map(|rules| {
        let rules = rules.into_iter().enumerate().map(|(index, (when, action, shadow, late))| {
            let rule = rule(&format!("r{index}"), &when, action);
            // A result can be answered with a few of the actions only.
            let is_possible = !action.contains("set") && !action.contains("require");
            let rule = if late && is_possible {
                rule.replace(r#""event":"call""#, r#""event":"result""#)
            } else {
                rule
            };
            if shadow { rule.replacen('{', r#"{"shadow":true,"#, 1) } else { rule }
        });
        rules.collect::<Vec<_>>().join(",")
    })
}

/// One rule about `pay.refund` calls, as a member of an object.
pub(crate) fn rule(id: &str, when: &str, action: &str) -> String {
    let when = Json::from(when).canonical();
    format!(
        r#""{id}":{{"says":"s","by":"policy_engine","trigger":{{"event":"call","tools":["pay.refund"]}},"when":{when},"do":{action}}}"#
    )
}

pub(crate) fn policy(rules: &str) -> Arc<Policy> {
    compiled(rules).unwrap_or_else(|problems| panic!("{rules}: {problems:?}"))
}

/// A policy of these rules, if they make sense.
pub(crate) fn compiled(rules: &str) -> Result<Arc<Policy>, Vec<Problem>> {
    let text = format!(
        r#"{{"semantics":1,"agent":"a","tools":{TOOLS},"approvers":["lead"],
        "facts":{{"check":{{"result_of":"pay.check","key":"who"}}}},"rules":{{{rules}}}}}"#
    );
    let bundle: Bundle = json::from_slice(text.as_bytes()).unwrap();
    Policy::compile(bundle).map(Arc::new)
}

/// One step: what, in which session, about which earlier call, how much, how much later.
pub(crate) type Step = (u8, u8, u8, u8, u8);

/// Turns steps into events, and remembers the calls that later ones are about.
#[derive(Default)]
pub(crate) struct Script {
    calls: Vec<Submitted>,
    events: usize,
    at: u64,
}

#[derive(Clone)]
struct Submitted {
    id: String,
    session: u8,
    tool: &'static str,
    args: String,
}

impl Script {
    pub(crate) fn of(steps: &[Step]) -> Vec<Event> {
        let mut script = Self::default();
        steps.iter().map(|step| script.event(*step)).collect()
    }

    pub(crate) fn event(&mut self, (kind, session, back, amount, later): Step) -> Event {
        self.events += 1;
        self.at += u64::from(later % 16);
        let id = format!("e{}", self.events);
        let earlier = self.earlier(back);
        let about = earlier.as_ref().map_or("e0", |call| call.id.as_str());
        // What is about a call is in its session, but for a few that try another one.
        let session = match &earlier {
            Some(call) if (6..=10).contains(&(kind % 14)) && !amount.is_multiple_of(13) => {
                call.session
            }
            _ => session % 4,
        };
        let body = match kind % 14 {
            0..=3 => self.call(&id, session, "pay.refund", refund(amount), ""),
            4 => {
                self.call(&id, session, "pay.check", format!(r#"{{"who":"{}"}}"#, who(amount)), "")
            }
            5 => self.call(&id, session, "web.read", "{}".to_owned(), ""),
            6 | 7 => format!(
                r#""event":"result","call":"{about}","ok":true,"result":{{"level":{}}}"#,
                amount % 5
            ),
            8 => format!(r#""event":"result","call":"{about}","ok":false,"result":{{}}"#),
            9 => format!(r#""event":"approve","role":"lead","for":"{about}""#),
            10 => match earlier.clone() {
                Some(call) if !amount.is_multiple_of(7) => {
                    let retry = format!(r#","retry_of":"{about}""#);
                    self.call(&id, session, call.tool, call.args, &retry)
                }
                _ => {
                    let retry = format!(r#","retry_of":"{about}""#);
                    self.call(&id, session, "pay.refund", refund(amount), &retry)
                }
            },
            11 => self.call(about, session, "pay.refund", refund(amount), ""),
            12 => self.call(&id, session, "pay.refund", format!(r#"{{"who":{amount}}}"#), ""),
            _ => self.call(&id, session, "pay.other", "{}".to_owned(), ""),
        };
        let id = if kind % 14 == 11 { about } else { &id };
        let principal = match (session, amount % 19) {
            (1, 0) => r#","principal":"x""#,
            (0 | 3, _) => r#","principal":"p""#,
            (1, _) => r#","principal":"q""#,
            _ => "",
        };
        let (hours, minutes, seconds) = (self.at / 3600, self.at / 60 % 60, self.at % 60);
        let time = format!("2026-01-01T{hours:02}:{minutes:02}:{seconds:02}Z");
        let text =
            format!(r#"{{"id":"{id}","session":"s{session}","at":"{time}"{principal},{body}}}"#);
        Event::from_json(&Json::parse(text.as_bytes()).unwrap()).unwrap()
    }

    fn earlier(&self, back: u8) -> Option<Submitted> {
        let reach = self.calls.len().min(6);
        let place = self.calls.len().checked_sub(usize::from(back).checked_rem(reach)? + 1)?;
        self.calls.get(place).cloned()
    }

    fn call(
        &mut self,
        id: &str,
        session: u8,
        tool: &'static str,
        args: String,
        more: &str,
    ) -> String {
        let body = format!(r#""event":"call","tool":"{tool}","args":{args}{more}"#);
        self.calls.push(Submitted { id: id.to_owned(), session, tool, args });
        body
    }
}

fn refund(amount: u8) -> String {
    let currency = if amount.is_multiple_of(11) { r#","currency":"EUR""# } else { "" };
    let optional = if amount.is_multiple_of(4) { r#","n":2"# } else { "" };
    // Few amounts, so that the same call is made again.
    let who = who(amount);
    // Some are beyond what sums can hold exactly.
    let amount = match amount % 23 {
        0 => "1e35".to_owned(),
        1 => "0.0000000000000000000000000000000001".to_owned(),
        _ => format!("{}.25", amount % 8 * 6),
    };
    format!(r#"{{"who":"{who}","amount":{amount}{currency}{optional}}}"#)
}

fn who(amount: u8) -> &'static str {
    match amount % 3 {
        0 => "a",
        1 => "b",
        _ => "c",
    }
}
