//! The handshake of the legacy era.

use bounden_base::Json;

/// The versions of the legacy era, oldest first.
pub const LEGACY_VERSIONS: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

/// What a client offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InitializeParams {
    /// The version that the client wants to speak.
    pub protocol_version: String,
    /// What the client can do.
    pub capabilities: Json,
    /// The client's name and version.
    pub client_info: Json,
}

/// What a server answers; the whole result is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InitializeResult(Json);

/// The version that a server answers to an offer: the same where it speaks
/// it, its newest otherwise (lifecycle, version negotiation).
#[must_use]
pub fn negotiate(offered: &str) -> &'static str {
    let [.., newest] = LEGACY_VERSIONS;
    LEGACY_VERSIONS.into_iter().find(|version| *version == offered).unwrap_or(newest)
}

impl InitializeParams {
    /// Reads the parameters; `None` where a required member is missing.
    #[must_use]
    pub fn from_json(params: &Json) -> Option<Self> {
        Some(Self {
            protocol_version: params.get("protocolVersion")?.as_str()?.to_owned(),
            capabilities: params.get("capabilities")?.clone(),
            client_info: params.get("clientInfo")?.clone(),
        })
    }

    /// The parameters as sent.
    #[must_use]
    pub fn to_json(&self) -> Json {
        Json::object([
            ("protocolVersion", Json::from(self.protocol_version.as_str())),
            ("capabilities", self.capabilities.clone()),
            ("clientInfo", self.client_info.clone()),
        ])
    }
}

impl InitializeResult {
    /// Reads a result; `None` where a required member is missing.
    #[must_use]
    pub fn from_json(result: Json) -> Option<Self> {
        result.get("protocolVersion")?.as_str()?;
        result.get("capabilities")?.as_object()?;
        result.get("serverInfo")?.as_object()?;
        Some(Self(result))
    }

    /// An answer of these parts.
    #[must_use]
    pub fn new(protocol_version: &str, capabilities: Json, server_info: Json) -> Self {
        Self(Json::object([
            ("protocolVersion", Json::from(protocol_version)),
            ("capabilities", capabilities),
            ("serverInfo", server_info),
        ]))
    }

    /// The version that both sides speak from now on.
    #[must_use]
    pub fn protocol_version(&self) -> &str {
        self.0.get("protocolVersion").and_then(Json::as_str).unwrap_or_default()
    }

    /// The server's name and version, and whatever else it says of itself.
    #[must_use]
    pub fn server_info(&self) -> &Json {
        self.0.get("serverInfo").unwrap_or(&Json::Null)
    }

    /// The same answer without one capability.
    #[must_use]
    pub fn without_capability(self, name: &str) -> Self {
        let Json::Object(mut members) = self.0 else { return self };
        if let Some(Json::Object(capabilities)) = members.get_mut("capabilities") {
            capabilities.remove(name);
        }
        Self(Json::Object(members))
    }

    /// Whether the server says that it has this capability.
    #[must_use]
    pub fn has_capability(&self, name: &str) -> bool {
        self.0.at(["capabilities", name]).is_some()
    }

    /// The whole answer.
    #[must_use]
    pub fn into_json(self) -> Json {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_version_is_kept_and_another_answered_with_the_newest() {
        assert_eq!(negotiate("2024-11-05"), "2024-11-05");
        assert_eq!(negotiate("2026-07-28"), "2025-11-25");
    }

    #[test]
    fn one_capability_is_taken_away() {
        let answer = br#"{"protocolVersion":"2025-11-25","serverInfo":{"name":"s"},
            "capabilities":{"tools":{},"tasks":{}},"instructions":"be kind"}"#;
        let answer = InitializeResult::from_json(Json::parse(answer).unwrap()).unwrap();
        assert!(answer.has_capability("tasks"));
        let answer = answer.without_capability("tasks");
        assert!(!answer.has_capability("tasks") && answer.has_capability("tools"));
        assert_eq!(answer.into_json().get("instructions"), Some(&Json::from("be kind")));
    }
}
