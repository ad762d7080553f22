//! What the server says it can do, and messages to and from values.

use lsp_server::{ErrorCode, Notification, Request, RequestId, Response};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CompletionOptions, DidChangeWatchedFilesRegistrationOptions,
    FileSystemWatcher, GlobPattern, HoverProviderCapability, InitializeResult, OneOf,
    PositionEncodingKind, Registration, RegistrationParams, SaveOptions, ServerCapabilities,
    ServerInfo, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
    notification::{DidChangeWatchedFiles, Notification as _},
    request::{RegisterCapability, Request as _},
};
use serde::Serialize;
use serde_json::Value;

use crate::commands::check::input::CONTRACTS;

/// A request that is not answered with a result.
pub(super) struct Refusal {
    code: ErrorCode,
    message: String,
}

impl Refusal {
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// The answer to a request.
pub(super) fn response(id: RequestId, outcome: Result<Value, Refusal>) -> Response {
    match outcome {
        Ok(result) => Response::new_ok(id, result),
        Err(refusal) => Response::new_err(id, refusal.code as i32, refusal.message),
    }
}

/// Answers a request of one kind.
pub(super) fn asked<R: lsp_types::request::Request>(
    params: Value,
    answer: impl FnOnce(R::Params) -> R::Result,
) -> Result<Value, Refusal> {
    let invalid = |error: serde_json::Error| {
        Refusal::new(ErrorCode::InvalidParams, format!("{}: {error}", R::METHOD))
    };
    value(&answer(serde_json::from_value(params).map_err(invalid)?))
}

/// A result as JSON.
pub(super) fn value(result: &impl Serialize) -> Result<Value, Refusal> {
    let failed = |error: serde_json::Error| {
        Refusal::new(ErrorCode::InternalError, format!("the answer cannot be written: {error}"))
    };
    serde_json::to_value(result).map_err(failed)
}

/// A notification of one kind.
pub(super) fn notification<N: lsp_types::notification::Notification>(
    params: N::Params,
) -> Notification {
    Notification::new(N::METHOD.to_owned(), params)
}

/// What the server can do.
pub(super) fn capabilities() -> InitializeResult {
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        save: Some(SaveOptions::default().into()),
        ..TextDocumentSyncOptions::default()
    };
    let triggers = [".", " ", "\"", "'", "[", "{", ",", "@"];
    let kinds = vec![CodeActionKind::QUICKFIX, CodeActionKind::SOURCE_FIX_ALL];
    InitializeResult {
        capabilities: ServerCapabilities {
            position_encoding: Some(PositionEncodingKind::UTF16),
            text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
            hover_provider: Some(HoverProviderCapability::Simple(true)),
            completion_provider: Some(CompletionOptions {
                trigger_characters: Some(triggers.map(str::to_owned).to_vec()),
                ..CompletionOptions::default()
            }),
            definition_provider: Some(OneOf::Left(true)),
            document_symbol_provider: Some(OneOf::Left(true)),
            code_action_provider: Some(
                CodeActionOptions {
                    code_action_kinds: Some(kinds),
                    ..CodeActionOptions::default()
                }
                .into(),
            ),
            ..ServerCapabilities::default()
        },
        server_info: Some(ServerInfo {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    }
}

/// Asks the client to say when pinned tools change on the disk.
pub(super) fn watch_contracts() -> Option<Request> {
    let watchers = vec![FileSystemWatcher {
        glob_pattern: GlobPattern::String(format!("**/{CONTRACTS}")),
        kind: None,
    }];
    let options = DidChangeWatchedFilesRegistrationOptions { watchers };
    let registration = Registration {
        id: "contracts".to_owned(),
        method: DidChangeWatchedFiles::METHOD.to_owned(),
        register_options: Some(serde_json::to_value(options).ok()?),
    };
    let params = RegistrationParams { registrations: vec![registration] };
    let id = RequestId::from("watch-contracts".to_owned());
    Some(Request::new(id, RegisterCapability::METHOD.to_owned(), params))
}
