//! Tool calls and their results.

use bounden_base::Json;
use bounden_base::json::{JsonText, Members};

use crate::message::{Message, Request, refuse_look_alikes};
use crate::method::TOOLS_CALL;
use crate::rpc::{Id, RpcError, code};

/// The parameters of `tools/call`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The tool's name.
    pub name: String,
    /// The arguments: an object, empty where none were given. They stay as they
    /// came until somebody needs the value.
    pub arguments: JsonText,
    /// Every other member, `_meta` included.
    rest: Members,
}

/// The result of `tools/call`; the whole result is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallResult(Json);

const MEMBERS: [&str; 4] = ["name", "arguments", "_meta", "task"];

impl Call {
    /// Reads the parameters of a request.
    ///
    /// # Errors
    /// `INVALID_PARAMS` where the name is missing or the arguments are no object.
    pub fn from_request(request: &Request) -> Result<Self, RpcError> {
        let refuse = |message: &str| RpcError::new(code::INVALID_PARAMS, message);
        let Some(Json::Object(members)) = &request.params else {
            return Err(refuse("`tools/call` needs `params`"));
        };
        refuse_look_alikes(members, &MEMBERS).map_err(|refusal| refuse(&refusal.to_string()))?;
        let mut rest = members.clone();
        let Some(Json::String(name)) = rest.remove("name") else {
            return Err(refuse("`params.name` has to be a string"));
        };
        let arguments = match &request.arguments {
            Some(text) if text.is_object() => text.clone(),
            Some(text) if text.as_str() != "null" => {
                return Err(refuse("`params.arguments` has to be an object"));
            }
            _ => JsonText::from(&Json::Object(Members::default())),
        };
        if !matches!(rest.get("_meta"), None | Some(Json::Object(_))) {
            return Err(refuse("`params._meta` has to be an object"));
        }
        Ok(Self { name, arguments, rest })
    }

    /// A call without anything beside its arguments.
    #[must_use]
    pub fn new(name: &str, arguments: Json) -> Self {
        Self { name: name.to_owned(), arguments: (&arguments).into(), rest: Members::default() }
    }

    /// What the client says about the request itself.
    #[must_use]
    pub fn meta(&self) -> Option<&Json> {
        self.rest.get("_meta")
    }

    /// Whether the client asks for a task, whose result arrives by another way.
    #[must_use]
    pub fn is_task(&self) -> bool {
        self.rest.contains_key("task")
    }

    /// The request that makes this call, with the arguments as they are written here.
    #[must_use]
    pub fn into_request(self, id: Id) -> Message {
        let mut params = self.rest;
        params.insert("name".to_owned(), Json::String(self.name));
        let (method, params) = (TOOLS_CALL.to_owned(), Some(Json::Object(params)));
        Request { id, method, params, arguments: Some(self.arguments) }.into_message()
    }
}

impl CallResult {
    /// Reads a result; `None` where its members have other types.
    #[must_use]
    pub fn from_json(result: Json) -> Option<Self> {
        let members = result.as_object()?;
        let fits = members.get("content").is_none_or(|content| content.as_array().is_some())
            && members.get("isError").is_none_or(|flag| flag.as_bool().is_some())
            && members.get("structuredContent").is_none_or(|value| value.as_object().is_some());
        let carries = members.contains_key("content") || members.contains_key("structuredContent");
        (fits && carries).then_some(Self(result))
    }

    /// A result of one text.
    #[must_use]
    pub fn text(text: &str, is_error: bool) -> Self {
        Self(Json::object([("content", text_content(text)), ("isError", Json::from(is_error))]))
    }

    /// A result with data, which older clients read as text.
    #[must_use]
    pub fn structured(value: Json) -> Self {
        Self(Json::object([
            ("content", text_content(&value.canonical())),
            ("isError", Json::from(false)),
            ("structuredContent", value),
        ]))
    }

    /// A denial: an error that the model can read, with the decision beside it
    /// as `{"bounden": …}`.
    #[must_use]
    pub fn denial(text: &str, decision: Json) -> Self {
        Self(Json::object([
            ("content", text_content(text)),
            ("isError", Json::from(true)),
            ("structuredContent", Json::object([("bounden", decision)])),
        ]))
    }

    /// Whether the tool says that it failed.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.0.get("isError").and_then(Json::as_bool).unwrap_or(false)
    }

    /// The content blocks.
    #[must_use]
    pub fn content(&self) -> &[Json] {
        self.0.get("content").and_then(Json::as_array).unwrap_or_default()
    }

    /// The data beside the content blocks.
    #[must_use]
    pub fn structured_content(&self) -> Option<&Json> {
        self.0.get("structuredContent")
    }

    /// What the tool returned, as a value: its data; else the JSON that its
    /// only text block holds; else all of its text.
    #[must_use]
    pub fn value(&self) -> Json {
        if let Some(value) = self.structured_content() {
            return value.clone();
        }
        let texts: Vec<_> =
            self.content().iter().filter_map(|block| block.get("text")?.as_str()).collect();
        match texts.as_slice() {
            [only] => Json::parse(only.as_bytes()).unwrap_or_else(|_| Json::from(*only)),
            several => Json::from(several.join("\n")),
        }
    }

    /// The result with nothing but its [`value`](Self::value), where it holds more:
    /// texts that say something else than its data, other blocks, members beside.
    #[must_use]
    pub fn reduced(&self) -> Option<Self> {
        let is_known =
            |name: &String| matches!(name.as_str(), "content" | "isError" | "structuredContent");
        let has_more = self.0.as_object().is_some_and(|members| !members.keys().all(is_known));
        let is_plain = |block: &&Json| {
            block
                .as_object()
                .is_some_and(|members| members.len() == 2 && block.get("text").is_some())
                && block.get("type").and_then(Json::as_str) == Some("text")
        };
        let says = |block: &Json, value: &Json| {
            let text = block.get("text").and_then(Json::as_str).unwrap_or_default();
            Json::parse(text.as_bytes()).is_ok_and(|said| said == *value)
        };
        let mut kept: Vec<Json> = self.content().iter().filter(is_plain).cloned().collect();
        if let Some(value) = self.structured_content() {
            kept.retain(|block| says(block, value));
        }
        if !has_more && kept.len() == self.content().len() {
            return None;
        }
        let withheld = "More of this result is withheld: the rules about results do not read it.";
        kept.push(text_block(withheld));
        let content = [("content", Json::Array(kept)), ("isError", Json::from(self.is_error()))];
        let data = self.structured_content().map(|value| ("structuredContent", value.clone()));
        Some(Self(Json::object(content.into_iter().chain(data))))
    }

    /// The whole result.
    #[must_use]
    pub fn as_json(&self) -> &Json {
        &self.0
    }

    /// The whole result.
    #[must_use]
    pub fn into_json(self) -> Json {
        self.0
    }
}

fn text_content(text: &str) -> Json {
    Json::Array(vec![text_block(text)])
}

fn text_block(text: &str) -> Json {
    Json::object([("type", Json::from("text")), ("text", Json::from(text))])
}

#[cfg(test)]
mod tests {
    use bounden_base::json::Limits;

    use super::*;
    use crate::Body;

    fn request(params: &str) -> Request {
        let text =
            format!(r#"{{"jsonrpc":"2.0","id":"7","method":"tools/call","params":{params}}}"#);
        match Message::parse(text.as_bytes(), Limits::default()).unwrap().into_body() {
            Body::Request(request) => request,
            other => panic!("{other:?}"),
        }
    }

    fn result(text: &str) -> CallResult {
        CallResult::from_json(Json::parse(text.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn a_result_is_reduced_to_its_value() {
        for whole in [
            r#"{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}],"isError":false}"#,
            r#"{"content":[{"type":"text","text":"{\"n\": 1}"}],"structuredContent":{"n":1.0}}"#,
            r#"{"content":[],"structuredContent":{"n":1}}"#,
        ] {
            assert!(result(whole).reduced().is_none(), "{whole}");
        }
        for more in [
            r#"{"content":[{"type":"text","text":"hidden"}],"structuredContent":{}}"#,
            r#"{"content":[{"type":"text","text":"a"},{"type":"resource","resource":{"uri":"x:y","text":"hidden"}}]}"#,
            r#"{"content":[{"type":"text","text":"a"}],"_meta":{"n":"hidden"}}"#,
            r#"{"content":[{"type":"text","text":"a","annotations":{"n":"hidden"}}]}"#,
            r#"{"content":[{"type":"image","data":"hidden","mimeType":"image/png"}],"isError":true}"#,
        ] {
            let (whole, reduced) = (result(more), result(more).reduced().unwrap());
            assert!(!reduced.as_json().canonical().contains("hidden"), "{more}");
            assert_eq!(reduced.is_error(), whole.is_error());
            assert_eq!(reduced.structured_content(), whole.structured_content());
        }
    }

    #[test]
    fn a_forwarded_call_keeps_all_and_the_form_of_its_arguments() {
        let params = r#"{"arguments": {"b":1.50, "a":"\u0061"} ,"name":"t","_meta":{"progressToken":3},"x":[]}"#;
        let call = Call::from_request(&request(params)).unwrap();
        assert_eq!(
            call.into_request(Id::text("7")).text(),
            r#"{"id":"7","jsonrpc":"2.0","method":"tools/call","params":{"arguments":{"b":1.50, "a":"\u0061"},"_meta":{"progressToken":3},"name":"t","x":[]}}"#
        );
    }

    #[test]
    fn a_call_that_is_made_here_reads_back() {
        let arguments = Json::object([("a", Json::from("\u{e9}\""))]);
        let request = Call::new("t", arguments.clone()).into_request(Id::number(1));
        let again = Message::parse(request.text().as_bytes(), Limits::default()).unwrap();
        assert_eq!(again.body(), request.body());
        let Body::Request(request) = again.body() else { panic!("{again:?}") };
        assert_eq!(Call::from_request(request).unwrap().arguments.value(), Ok(arguments));
    }

    #[test]
    fn no_arguments_are_an_empty_object() {
        for params in [r#"{"name":"t"}"#, r#"{"name":"t","arguments": null }"#] {
            let call = Call::from_request(&request(params)).unwrap();
            assert_eq!(call.arguments.as_str(), "{}", "{params}");
        }
    }

    #[test]
    fn to_other_methods_arguments_are_a_parameter_as_any_other() {
        let text = r#"{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"arguments":{"a":1},"name":"p"}}"#;
        let message = Message::parse(text.as_bytes(), Limits::default()).unwrap();
        let Body::Request(prompt) = message.into_body() else { panic!("{text}") };
        assert_eq!(prompt.arguments, None);
        let built = Message::request(prompt.id, &prompt.method, prompt.params);
        assert_eq!(
            built.text(),
            r#"{"id":1,"jsonrpc":"2.0","method":"prompts/get","params":{"arguments":{"a":1},"name":"p"}}"#
        );
    }

    #[test]
    fn parameters_of_another_shape_are_refused() {
        for params in [
            "{}",
            r#"{"name":1}"#,
            r#"{"name":"t","arguments":[]}"#,
            r#"{"name":"t","arguments":"{}"}"#,
            r#"{"name":"t","_meta":1}"#,
            r#"{"name":"t","Name":"u"}"#,
            r#"{"name":"t","Arguments":{}}"#,
        ] {
            let error = Call::from_request(&request(params)).unwrap_err();
            assert_eq!(error.code, code::INVALID_PARAMS, "{params}");
        }
    }

    #[test]
    fn a_result_is_a_value_whichever_way_it_came() {
        let data = Json::parse(br#"{"age_days":12}"#).unwrap();
        let as_text = r#"{"content":[{"type":"text","text":"{\"age_days\": 12}"}]}"#;
        assert_eq!(result(as_text).value(), data);
        assert_eq!(CallResult::structured(data.clone()).value(), data);
        let prose = r#"{"content":[{"type":"text","text":"a"},{"type":"image"},{"type":"text","text":"b"}]}"#;
        assert_eq!(result(prose).value(), Json::from("a\nb"));
    }

    #[test]
    fn a_denial_is_an_error_with_its_decision() {
        let denial = CallResult::denial("no", Json::object([("verdict", "block".into())]));
        assert!(denial.is_error());
        let verdict = denial.as_json().at(["structuredContent", "bounden", "verdict"]);
        assert_eq!(verdict, Some(&Json::from("block")));
    }

    #[test]
    fn a_result_of_another_shape_is_none() {
        for text in ["[]", "{}", r#"{"content":1}"#, r#"{"content":[],"isError":"no"}"#] {
            assert_eq!(
                CallResult::from_json(Json::parse(text.as_bytes()).unwrap()),
                None,
                "{text}"
            );
        }
    }
}
