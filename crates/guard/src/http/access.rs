//! Who may speak to the endpoint: hosts and origins, so that no web page does
//! it in a user's name, and bearer tokens, by which principals are known.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use axum::http::{HeaderMap, StatusCode, header};
use bounden_base::Digest;
use bounden_policy::PrincipalId;

use super::refusal::Refusal;

/// Who may speak to an endpoint, and as whom.
#[derive(Clone, Debug)]
pub struct Access {
    hosts: BTreeSet<String>,
    origins: BTreeSet<String>,
    /// By the digest of the token; `None` where everybody is let in.
    tokens: Option<BTreeMap<Digest, PrincipalId>>,
}

/// An endpoint for everybody has to stay on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("without tokens the endpoint has to listen on a loopback address, not on {0}")]
pub struct OpenToAll(SocketAddr);

impl Access {
    /// Everybody on this machine, as the principal `local`.
    ///
    /// # Errors
    /// `listening` is reachable from elsewhere.
    pub fn local(listening: SocketAddr) -> Result<Self, OpenToAll> {
        if !listening.ip().is_loopback() {
            return Err(OpenToAll(listening));
        }
        Ok(Self { tokens: None, ..Self::with_tokens(listening, BTreeMap::new()) })
    }

    /// Whoever has a token; the digests of the tokens say who that is.
    #[must_use]
    pub fn with_tokens(listening: SocketAddr, tokens: BTreeMap<Digest, PrincipalId>) -> Self {
        let port = listening.port();
        let names = [listening.ip().to_string(), "localhost".to_owned(), "[::1]".to_owned()];
        let hosts = names.map(|name| format!("{name}:{port}"));
        let origins = hosts.iter().map(|host| format!("http://{host}")).collect();
        Self { hosts: hosts.into(), origins, tokens: Some(tokens) }
    }

    /// Lets pages of this origin speak to the endpoint as well.
    #[must_use]
    pub fn and_origin(mut self, origin: &str) -> Self {
        self.origins.insert(origin.to_owned());
        self
    }

    /// Lets clients call the endpoint by this name as well, such as `guard.example:8080`.
    #[must_use]
    pub fn and_host(mut self, host: &str) -> Self {
        self.hosts.insert(host.to_owned());
        self
    }

    /// Whose request this is.
    pub(super) fn admit(&self, headers: &HeaderMap) -> Result<PrincipalId, Refusal> {
        let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        let forbidden = |why| Err(Refusal::new(StatusCode::FORBIDDEN, why));
        if text(header::ORIGIN).is_some_and(|origin| !self.origins.contains(origin)) {
            return forbidden("pages of this origin may not speak to the endpoint");
        }
        let Some(tokens) = &self.tokens else {
            // A name that leads here by a foreign DNS is not one of ours.
            if !text(header::HOST).is_some_and(|host| self.hosts.contains(host)) {
                return forbidden("the endpoint does not go by this name");
            }
            return Ok("local".into());
        };
        let token = text(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        // Comparing digests takes no time that tells anything of the token.
        let principal = token.and_then(|token| tokens.get(&Digest::of(token)));
        principal
            .cloned()
            .ok_or_else(|| Refusal::new(StatusCode::UNAUTHORIZED, "a bearer token is needed"))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    fn here() -> SocketAddr {
        "127.0.0.1:8080".parse().unwrap()
    }

    fn admits(access: &Access, headers: &[(HeaderName, &str)]) -> Option<String> {
        let pair = |(name, value): &(HeaderName, &str)| (name.clone(), value.parse().unwrap());
        let headers = headers.iter().map(pair).collect();
        access.admit(&headers).ok().map(|principal| principal.to_string())
    }

    #[test]
    fn an_open_endpoint_stays_on_this_machine_and_keeps_pages_out() {
        assert!(Access::local("0.0.0.0:8080".parse().unwrap()).is_err());
        let access = Access::local(here()).unwrap();
        let own = (header::HOST, "127.0.0.1:8080");
        assert_eq!(admits(&access, std::slice::from_ref(&own)).as_deref(), Some("local"));
        assert_eq!(admits(&access, &[]), None);
        assert_eq!(admits(&access, &[(header::HOST, "rebound.example:8080")]), None);
        let origin = |origin| [own.clone(), (header::ORIGIN, origin)];
        assert!(admits(&access, &origin("http://localhost:8080")).is_some());
        for foreign in ["https://evil.example", "null", "http://localhost:8081", ""] {
            assert_eq!(admits(&access, &origin(foreign)), None, "{foreign}");
        }
        let opened = access.and_origin("https://desk.example").and_host("guard.example");
        assert!(admits(&opened, &origin("https://desk.example")).is_some());
        assert!(admits(&opened, &[(header::HOST, "guard.example")]).is_some());
    }

    #[test]
    fn a_token_says_who_it_is() {
        let tokens = BTreeMap::from([(Digest::of("s3cret"), PrincipalId::from("desk-agent"))]);
        let access = Access::with_tokens("0.0.0.0:8080".parse().unwrap(), tokens);
        let bearer = |text| [(header::AUTHORIZATION, text)];
        assert_eq!(admits(&access, &bearer("Bearer s3cret")).as_deref(), Some("desk-agent"));
        for wrong in ["Bearer other", "Basic s3cret", "s3cret", "Bearer "] {
            assert_eq!(admits(&access, &bearer(wrong)), None, "{wrong}");
        }
        assert_eq!(admits(&access, &[]), None);
    }
}
