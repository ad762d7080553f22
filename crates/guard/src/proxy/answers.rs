//! What a client is told when the guard answers in a server's place.

use bounden_base::Json;
use bounden_mcp::{CallResult, Id, Message, RpcError, code};
use bounden_policy::detect::{Kind, Kinds, mask, mask_json};
use bounden_policy::{Decision, FiredRule, Obligation, Reason, Verdict};

/// The answer to a call that may not happen.
pub(super) fn refused_call(id: Id, shown: &str, decision: &Decision) -> Message {
    if decision.reason == Reason::UndeclaredTool {
        let message = format!("Unknown tool: {shown}");
        return Message::error(Some(id), RpcError::new(code::INVALID_PARAMS, message));
    }
    let denial = CallResult::denial(&sentence(decision), for_agent(decision));
    Message::result(id, denial.into_json())
}

/// The answer in the place of a result that the agent may not see.
pub(super) fn withheld_result(id: Id, decision: &Decision) -> Message {
    let text = format!("The tool has run, but its result is withheld. {}", sentence(decision));
    Message::result(id, CallResult::denial(&text, for_agent(decision)).into_json())
}

/// The answer of a server as the agent may see it: the message itself, or a
/// copy in which every text is masked.
pub(super) fn released(answer: Message, decision: &Decision) -> Message {
    let kinds: Kinds = decision
        .obligations
        .iter()
        .filter_map(|obligation| match obligation {
            Obligation::Redact(kinds) => Some(kinds),
            Obligation::Halt
            | Obligation::Escalate(_)
            | Obligation::Clarify
            | Obligation::Inform => None,
        })
        .flatten()
        .filter_map(|kind| Kind::named(kind))
        .collect();
    if kinds.is_empty() {
        return answer;
    }
    let bounden_mcp::Body::Response(response) = answer.into_body() else {
        let error = RpcError::new(code::INTERNAL_ERROR, "this is no answer");
        return Message::error(None, error);
    };
    match (response.id, response.outcome) {
        (Some(id), Ok(result)) => Message::result(id, mask_json(&result, kinds).into_owned()),
        (id, Err(error)) => {
            let message = mask(&error.message, kinds).into_owned();
            let data = error.data.map(|data| mask_json(&data, kinds).into_owned());
            Message::error(id, RpcError { message, data, ..error })
        }
        (None, Ok(_)) => {
            Message::error(None, RpcError::new(code::INTERNAL_ERROR, "a result without id"))
        }
    }
}

/// The decision without what only operators may see: values, witnesses, history.
fn for_agent(decision: &Decision) -> Json {
    let text = |text: &Option<String>| text.as_deref().map_or(Json::Null, Json::from);
    let rule = |rule: &FiredRule| {
        Json::object([
            ("id", Json::from(rule.id.as_str())),
            ("do", Json::from(rule.action.as_str())),
        ])
    };
    let acting = decision.rules.iter().filter(|rule| !rule.shadow);
    let reason = Json::from_serialize(&decision.reason).unwrap_or(Json::Null);
    let mut members = vec![
        ("verdict", Json::from(decision.verdict.name())),
        ("reason", reason),
        ("rules", acting.map(rule).collect()),
        ("detail", text(&decision.detail)),
        ("nearest", text(&decision.nearest)),
        ("escalate", text(&decision.escalate)),
        ("retryable", Json::from(decision.retryable)),
    ];
    if decision.verdict == Verdict::RequireApproval {
        members.push(("approval", Json::from(decision.id.as_str())));
    }
    Json::object(members)
}

/// The decision in words that help a model to go on.
fn sentence(decision: &Decision) -> String {
    let mut text = match decision.verdict {
        Verdict::RequireApproval => {
            let id = &decision.id;
            format!(
                "A person has to approve this call (approval {id}); repeat it unchanged afterwards."
            )
        }
        Verdict::Defer => "The answer depends on calls that are still under way.".to_owned(),
        Verdict::Escalate => "This case belongs to a person.".to_owned(),
        Verdict::Halt => "This session has ended: no further call will be permitted.".to_owned(),
        _ => "This is not permitted.".to_owned(),
    };
    let rules: Vec<_> =
        decision.rules.iter().filter(|rule| !rule.shadow).map(|rule| rule.id.as_str()).collect();
    if !rules.is_empty() {
        text.push_str(&format!(" Rule: {}.", rules.join(", ")));
    }
    if let Some(detail) = &decision.detail {
        text.push_str(&format!(" Reason: {detail}."));
    }
    if let Some(nearest) = &decision.nearest {
        text.push_str(&format!(" Permitted would be: {nearest}."));
    }
    if let Some(path) = &decision.escalate {
        text.push_str(&format!(" Escalate to: {path}."));
    }
    text
}

#[cfg(test)]
mod tests {
    use bounden_base::json::Limits;

    use super::*;

    fn decision(verdict: &str, rest: &str) -> Decision {
        let text = format!(
            r#"{{"id":"e7","verdict":"{verdict}","reason":"rule-fired","rules":[
                {{"id":"cap","do":"block","because":"sum of C-9 (480) > 500","witness":["e1"]}},
                {{"id":"trial","do":"block","because":"x","shadow":true}}],
                "retryable":false,"nearest":"args.amount <= 20","escalate":null{rest}}}"#
        );
        bounden_base::json::from_slice(text.as_bytes()).unwrap()
    }

    fn parse(text: &str) -> Message {
        Message::parse(text.as_bytes(), Limits::default()).unwrap()
    }

    #[test]
    fn a_denial_tells_the_agent_what_it_may_know() {
        let answer = refused_call(Id::number(4), "pay", &decision("block", ""));
        let answer = answer.text();
        assert!(answer.contains(r#""isError":true"#), "{answer}");
        assert!(answer.contains("Rule: cap. Permitted would be: args.amount <= 20."), "{answer}");
        for hidden in ["C-9", "e1", "trial"] {
            assert!(!answer.contains(hidden), "{answer}");
        }
    }

    #[test]
    fn an_approval_names_what_is_to_be_approved() {
        let answer = refused_call(Id::number(4), "pay", &decision("require_approval", ""));
        assert!(answer.text().contains(r#""approval":"e7""#), "{}", answer.text());
    }

    #[test]
    fn a_hidden_tool_is_an_unknown_one() {
        let mut hidden = decision("block", "");
        hidden.reason = Reason::UndeclaredTool;
        let answer = refused_call(Id::number(4), "pay", &hidden);
        assert!(answer.text().contains("-32602") && !answer.text().contains("cap"));
    }

    #[test]
    fn every_copy_of_a_result_is_masked() {
        let redact = decision("modify", r#","obligations":[{"redact":["email"]}]"#);
        let mail = "ann@mail.example";
        let result = format!(
            r#"{{"jsonrpc":"2.0","id":1,"result":{{"content":[{{"type":"text","text":"{{\"m\":\"{mail}\"}}"}},
              {{"type":"resource","resource":{{"uri":"x:1","text":"{mail}"}}}}],
              "structuredContent":{{"m":["{mail}"]}},"_meta":{{"note":"{mail}"}}}}}}"#
        );
        let error = format!(
            r#"{{"jsonrpc":"2.0","id":1,"error":{{"code":1,"message":"{mail}","data":["{mail}"]}}}}"#
        );
        for text in [result, error] {
            let masked = released(parse(&text), &redact);
            assert!(!masked.text().contains("ann@"), "{}", masked.text());
            assert!(masked.text().contains("[email]"), "{}", masked.text());
        }
    }

    #[test]
    fn without_a_redaction_bytes_stay_as_they_are() {
        let text = r#"{ "jsonrpc":"2.0", "id":1.0, "result":{"b":1e2, "a":"ann@mail.example"} }"#;
        assert_eq!(released(parse(text), &decision("allow", "")).text(), text);
    }
}
