//! Random calls, as events of Bounden and as requests to Cedar.

use bounden_base::{Decimal, Json};
use bounden_policy::Event;
use proptest::prelude::*;

/// A call, which need not fit its schema.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    tool: &'static str,
    principal: &'static str,
    args: Json,
}

/// Members whose numbers are `decimal` in Cedar.
const DECIMAL: &str = "amount";

impl Call {
    pub(crate) fn event(&self) -> Event {
        crate::event(self.tool, self.principal, &self.args)
    }

    /// The request as the head of the policies says it has to be made.
    pub(crate) fn request(&self) -> Json {
        let named = |kind: &str, name: &str| {
            Json::from(format!("Bounden::{kind}::{}", Json::from(name).canonical()))
        };
        Json::object([
            ("principal", named("Principal", self.principal)),
            ("action", named("Action", self.tool)),
            ("resource", named("Agent", "acme/\"desk\"")),
            ("context", Json::object([("args", cedar(&self.args))])),
        ])
    }
}

/// A value as Cedar's JSON has it: nulls are left out, amounts are decimals.
fn cedar(value: &Json) -> Json {
    let Some(members) = value.as_object() else { return value.clone() };
    let members = members.iter().filter(|(_, value)| **value != Json::Null);
    Json::object(members.map(|(name, value)| match value {
        Json::Number(number) if name == DECIMAL => (name.clone(), decimal(*number)),
        other => (name.clone(), cedar(other)),
    }))
}

fn decimal(number: Decimal) -> Json {
    let text = number.to_string();
    let text = if text.contains('.') { text } else { format!("{text}.0") };
    Json::object([("__extn", Json::object([("fn", "decimal".into()), ("arg", text.into())]))])
}

fn word() -> impl Strategy<Value = Json> {
    prop::sample::select(vec!["ann", "bob", "a*c", "abc", "abc", "a", "", "\\", "x\ny", "eve"])
        .prop_map(Json::from)
}

fn number(choices: &'static [&'static str]) -> impl Strategy<Value = Json> {
    prop::sample::select(choices).prop_map(|text| Json::Number(text.parse().unwrap()))
}

fn refund() -> impl Strategy<Value = Json> {
    let sometimes = |value: BoxedStrategy<Json>| prop::option::of(value);
    let todo = (sometimes(word().boxed()), sometimes(number(&["0", "2", "3", "4"]).boxed()))
        .prop_map(|(k, m)| {
            let k = k.map(|k| ("k", k));
            Json::object(k.into_iter().chain(m.map(|m| ("m", m))))
        });
    let listed = prop::sample::select(vec!["ann", "bob", "a*c"]).prop_map(Json::from);
    (
        prop::option::weighted(0.97, prop_oneof![9 => listed, 1 => word()]),
        prop::option::weighted(
            0.97,
            number(&["0", "5", "0.25", "12", "499.9999", "500", "899.99", "900", "901", "-1"]),
        ),
        number(&["-6", "-5", "-2", "0", "3", "12", "20", "39", "40"]),
        sometimes(
            prop_oneof![Just(Json::from("USD")), Just(Json::from("EUR")), Just(Json::Null)].boxed(),
        ),
        sometimes(word().boxed()),
        sometimes(any::<bool>().prop_map(Json::from).boxed()),
        sometimes(prop::collection::vec(word(), 0..3).prop_map(Json::from_iter).boxed()),
        sometimes(todo.boxed()),
        prop::option::weighted(0.03, word()),
    )
        .prop_map(|(who, amount, n, currency, note, flag, tags, todo, unknown)| {
            let members = [
                ("who", who),
                ("amount", amount),
                ("n", Some(n)),
                ("currency", currency),
                ("note", note),
                ("flag", flag),
                ("tags", tags),
                ("to-do", todo),
                ("unknown", unknown),
            ];
            Json::object(members.into_iter().filter_map(|(name, value)| Some((name, value?))))
        })
}

fn read() -> impl Strategy<Value = Json> {
    (prop::option::of(word()), prop::option::of(number(&["0", "3", "9", "10"]))).prop_map(
        |(who, n)| {
            let who = who.map(|who| ("who", who));
            Json::object(who.into_iter().chain(n.map(|n| ("n", n))))
        },
    )
}

pub(crate) fn call() -> impl Strategy<Value = Call> {
    let about = prop_oneof![
        6 => refund().prop_map(|args| ("pay.refund", args)),
        2 => read().prop_map(|args| ("web.read", args)),
        1 => read().prop_map(|args| ("web.write", args)),
    ];
    let principal = prop::sample::select(vec!["u1", "u2", "u3"]);
    (about, principal).prop_map(|((tool, args), principal)| Call { tool, principal, args })
}
