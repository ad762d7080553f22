//! Requests that are refused before any server hears of them.

use axum::extract::rejection::BytesRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bounden_base::Json;
use bounden_mcp::{Id, LEGACY_VERSIONS, Message, MessageError, RpcError, code};

use crate::link::LinkError;
use crate::upstream::ServeError;

/// An HTTP status with a JSON-RPC error that says why.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    body: String,
}

/// The server speaks none of the client's versions (2026-07-28).
const UNSUPPORTED_VERSION: i64 = -32022;

impl Refusal {
    pub(super) fn new(status: StatusCode, why: &str) -> Self {
        Self::of(status, None, RpcError::new(code::INVALID_REQUEST, why))
    }

    pub(super) fn internal(status: StatusCode, why: &str) -> Self {
        Self::of(status, None, RpcError::new(code::INTERNAL_ERROR, why))
    }

    /// A client of another era, which is told what is spoken here.
    pub(super) fn version(id: Id, wanted: &str) -> Self {
        let supported = LEGACY_VERSIONS.into_iter().map(Json::from).collect();
        let data = Json::object([("supported", supported), ("requested", Json::from(wanted))]);
        let error = RpcError {
            code: UNSUPPORTED_VERSION,
            message: format!("the version {wanted} is not spoken here"),
            data: Some(data),
        };
        Self::of(StatusCode::BAD_REQUEST, Some(id), error)
    }

    fn of(status: StatusCode, id: Option<Id>, error: RpcError) -> Self {
        Self { status, body: Message::error(id, error).text().to_owned() }
    }
}

impl From<MessageError> for Refusal {
    fn from(error: MessageError) -> Self {
        let told = error.to_rpc();
        Self::of(StatusCode::BAD_REQUEST, error.id, told)
    }
}

impl From<BytesRejection> for Refusal {
    fn from(rejection: BytesRejection) -> Self {
        Self::new(rejection.status(), &rejection.body_text())
    }
}

impl From<LinkError> for Refusal {
    fn from(error: LinkError) -> Self {
        Self::internal(StatusCode::SERVICE_UNAVAILABLE, &error.to_string())
    }
}

impl From<ServeError> for Refusal {
    fn from(error: ServeError) -> Self {
        Self::internal(StatusCode::BAD_GATEWAY, &error.to_string())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let kind = [(header::CONTENT_TYPE, "application/json")];
        let mut response = (self.status, kind, self.body).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = header::HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}
