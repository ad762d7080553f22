//! The documents that an editor has open, and the answers to what it asks of them.

use std::collections::BTreeMap;

use bounden_lsp::Document;
use lsp_server::{ErrorCode, Message, Notification, Request, Response};
use lsp_types::notification::{
    DidChangeTextDocument, DidChangeWatchedFiles, DidCloseTextDocument, DidOpenTextDocument,
    DidSaveTextDocument, Initialized, Notification as _, PublishDiagnostics,
};
use lsp_types::request::{
    CodeActionRequest, Completion, DocumentSymbolRequest, GotoDefinition, HoverRequest, Initialize,
    Request as _, Shutdown,
};
use lsp_types::{
    Diagnostic, DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    InitializeParams, Location, PublishDiagnosticsParams, TextDocumentItem,
    TextDocumentPositionParams, Uri,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::file;
use super::protocol::{Refusal, asked, capabilities, notification, response, watch_contracts};

/// A language server between two messages.
#[derive(Default)]
pub(super) struct Server {
    stage: Stage,
    can_watch: bool,
    open: BTreeMap<String, Open>,
}

/// How far the client has come.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Starting,
    Running,
    ShutDown,
}

/// A document that is open in the editor.
struct Open {
    uri: Uri,
    language: String,
    version: i32,
    document: Document,
    /// Whether what the editor shows of it is about an earlier text.
    is_stale: bool,
    /// Whether the editor was told of findings.
    is_shown: bool,
}

impl Open {
    /// The document, if it is an intent as it stands.
    fn intent(&self) -> Option<&Document> {
        let is_intent = file::is_intent(&self.uri, &self.language, self.document.text());
        is_intent.then_some(&self.document)
    }

    /// What the editor has to show from now on, if that is anything new.
    fn news(&mut self) -> Option<Notification> {
        if !std::mem::take(&mut self.is_stale) {
            return None;
        }
        let diagnostics = self.intent().map(|document| document.diagnostics(&self.uri));
        let was_shown = std::mem::replace(&mut self.is_shown, diagnostics.is_some());
        let found = diagnostics.or_else(|| was_shown.then(Vec::new))?;
        Some(findings(self.uri.clone(), found, Some(self.version)))
    }
}

impl Server {
    /// Whether the client has said that it wants no more answers.
    pub(super) fn is_shut_down(&self) -> bool {
        self.stage == Stage::ShutDown
    }

    pub(super) fn answer(&mut self, request: Request) -> Response {
        let Request { id, method, params, .. } = request;
        let outcome = match (self.stage, method.as_str()) {
            (Stage::Starting, Initialize::METHOD) => self.initialize(params),
            (Stage::Starting, _) => {
                Err(Refusal::new(ErrorCode::ServerNotInitialized, "`initialize` comes first"))
            }
            (Stage::Running, Shutdown::METHOD) => {
                self.stage = Stage::ShutDown;
                Ok(Value::Null)
            }
            (Stage::Running, method) => self.ask(method, params),
            (Stage::ShutDown, _) => {
                Err(Refusal::new(ErrorCode::InvalidRequest, "the server is shut down"))
            }
        };
        response(id, outcome)
    }

    /// Takes a notification; one that is not understood is passed over, as the
    /// protocol demands.
    pub(super) fn note(&mut self, told: Notification) -> Vec<Message> {
        let Notification { method, params, .. } = told;
        match method.as_str() {
            _ if self.stage != Stage::Running => {}
            Initialized::METHOD if self.can_watch => {
                return watch_contracts().map(Message::from).into_iter().collect();
            }
            DidOpenTextDocument::METHOD => self.take(params, Self::opened),
            DidChangeTextDocument::METHOD => self.take(params, Self::changed),
            DidCloseTextDocument::METHOD => {
                let closed: Option<DidCloseTextDocumentParams> = read(params);
                return closed.into_iter().filter_map(|params| self.closed(params)).collect();
            }
            DidSaveTextDocument::METHOD | DidChangeWatchedFiles::METHOD => self.pin(),
            _ => {}
        }
        Vec::new()
    }

    /// What editors have to show of the documents that changed.
    pub(super) fn published(&mut self) -> Vec<Notification> {
        self.open.values_mut().filter_map(Open::news).collect()
    }

    fn initialize(&mut self, params: Value) -> Result<Value, Refusal> {
        self.stage = Stage::Running;
        asked::<Initialize>(params, |params: InitializeParams| {
            let workspace = params.capabilities.workspace;
            let watched = workspace.and_then(|workspace| workspace.did_change_watched_files);
            self.can_watch = watched.and_then(|files| files.dynamic_registration) == Some(true);
            capabilities()
        })
    }

    fn ask(&self, method: &str, params: Value) -> Result<Value, Refusal> {
        match method {
            HoverRequest::METHOD => asked::<HoverRequest>(params, |params| {
                let at = params.text_document_position_params;
                self.at(&at)?.hover(at.position)
            }),
            Completion::METHOD => asked::<Completion>(params, |params| {
                let at = params.text_document_position;
                Some(self.at(&at)?.completion(at.position).into())
            }),
            GotoDefinition::METHOD => asked::<GotoDefinition>(params, |params| {
                let at = params.text_document_position_params;
                let range = self.at(&at)?.definition(at.position)?;
                Some(Location::new(at.text_document.uri, range).into())
            }),
            DocumentSymbolRequest::METHOD => asked::<DocumentSymbolRequest>(params, |params| {
                Some(self.document(&params.text_document.uri)?.symbols().into())
            }),
            CodeActionRequest::METHOD => asked::<CodeActionRequest>(params, |params| {
                let uri = &params.text_document.uri;
                let only = params.context.only.as_deref();
                let actions = self.document(uri)?.code_actions(uri, params.range, only);
                Some(actions.into_iter().map(Into::into).collect())
            }),
            Initialize::METHOD => {
                Err(Refusal::new(ErrorCode::InvalidRequest, "the server is initialized already"))
            }
            _ => Err(Refusal::new(ErrorCode::MethodNotFound, format!("no method `{method}`"))),
        }
    }

    fn at(&self, place: &TextDocumentPositionParams) -> Option<&Document> {
        self.document(&place.text_document.uri)
    }

    fn document(&self, uri: &Uri) -> Option<&Document> {
        self.open.get(uri.as_str())?.intent()
    }

    fn take<P: DeserializeOwned>(&mut self, params: Value, act: impl FnOnce(&mut Self, P)) {
        if let Some(params) = read(params) {
            act(self, params);
        }
    }

    fn opened(&mut self, params: DidOpenTextDocumentParams) {
        let TextDocumentItem { uri, language_id: language, version, text } = params.text_document;
        let document = Document::new(text, file::pinned(&uri));
        let name = uri.as_str().to_owned();
        let open = Open { uri, language, version, document, is_stale: true, is_shown: false };
        self.open.insert(name, open);
    }

    fn changed(&mut self, params: DidChangeTextDocumentParams) {
        let Some(open) = self.open.get_mut(params.text_document.uri.as_str()) else { return };
        open.version = params.text_document.version;
        open.document.change(params.content_changes);
        open.is_stale = true;
    }

    /// A closed document has no findings in the editor.
    fn closed(&mut self, params: DidCloseTextDocumentParams) -> Option<Message> {
        let open = self.open.remove(params.text_document.uri.as_str())?;
        Some(findings(open.uri, Vec::new(), None).into())
    }

    /// Reads again what is pinned beside each document.
    fn pin(&mut self) {
        for open in self.open.values_mut() {
            open.document.pin(file::pinned(&open.uri));
            open.is_stale = true;
        }
    }
}

fn findings(uri: Uri, diagnostics: Vec<Diagnostic>, version: Option<i32>) -> Notification {
    notification::<PublishDiagnostics>(PublishDiagnosticsParams { uri, diagnostics, version })
}

/// What a notification says; one that cannot be read is told of on stderr, for
/// it has no answer.
fn read<P: DeserializeOwned>(params: Value) -> Option<P> {
    serde_json::from_value(params)
        .map_err(|error| eprintln!("a notification was passed over: {error}"))
        .ok()
}
