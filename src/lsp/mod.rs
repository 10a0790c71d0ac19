//! What an editor asks while somebody writes: one [`Session`] behind the language server protocol.
//!
//! A plain loop: it takes in all messages that are there, brings the session up to date once, sends
//! what is said now of the files, and answers.

mod answers;
mod context;
mod findings;
mod text;
mod words;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use lsp_server::{Connection, ErrorCode, ExtractError, Message, Notification, Request, Response};
use lsp_types::notification::{
    DidChangeTextDocument, DidChangeWatchedFiles, DidCloseTextDocument, DidOpenTextDocument,
    Notification as _, PublishDiagnostics, ShowMessage,
};
use lsp_types::request::{
    CodeActionRequest, Completion, DocumentSymbolRequest, FoldingRangeRequest, Formatting,
    GotoDefinition, HoverRequest, RegisterCapability, Request as _, Shutdown,
};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CompletionOptions,
    DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, FoldingRangeProviderCapability,
    GlobPattern, HoverProviderCapability, InitializeParams, MessageType, OneOf,
    PublishDiagnosticsParams, Registration, RegistrationParams, ServerCapabilities,
    ShowMessageParams, TextDocumentSyncCapability, TextDocumentSyncKind, Uri,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::diagnostics::Finding;
use crate::live::{Ground, Session};
use crate::workspace::{CONFIG_FILE, Workspace};
use findings::Board;

/// Why a server ended before it was asked to.
#[derive(Debug)]
pub enum Failed {
    /// What is wrong with the form: without one, nothing can be said of the data.
    Form(Vec<Finding>),
    /// The editor does not keep to the protocol, or has gone away.
    Protocol,
}

/// Speaks with an editor over standard input and output until it is done.
///
/// `folder` is the folder people work in; `None` for the one that the editor has opened.
///
/// # Errors
/// As [`Failed`] says.
pub fn serve(folder: Option<&Path>, template: Option<&Path>) -> Result<(), Failed> {
    let (connection, threads) = Connection::stdio();
    let served = converse(&connection, folder, template);
    // Its writer ends when nobody can send any more.
    drop(connection);
    threads.join().map_err(|_| Failed::Protocol)?;
    served
}

fn converse(
    connection: &Connection,
    folder: Option<&Path>,
    template: Option<&Path>,
) -> Result<(), Failed> {
    let (id, client) = connection.initialize_start().map_err(|_| Failed::Protocol)?;
    let client: InitializeParams = serde_json::from_value(client).map_err(|_| Failed::Protocol)?;
    let answer = serde_json::json!({
        "capabilities": capabilities(),
        "serverInfo": { "name": "jixiao", "version": env!("CARGO_PKG_VERSION") },
    });
    connection.initialize_finish(id, answer).map_err(|_| Failed::Protocol)?;
    let root = match folder {
        Some(folder) => folder.to_owned(),
        None => opened(&client).unwrap_or_default(),
    };
    let root = std::path::absolute(&root).unwrap_or(root);
    let workspace = Workspace::new(text::workspace_around(&root));
    let editor = Editor { connection, client: Client::of(&client) };
    editor.ask_to_watch();
    let mut ground = Ground::open(&workspace, template).map_err(Failed::Form)?;
    let mut session = Session::new(&workspace, &ground).put_down();
    let mut open = HashMap::new();
    let mut board = Board::default();
    let mut asked = Vec::new();
    loop {
        let going_on = session.go_on(&ground);
        let mut server = Server { editor: &editor, session: going_on, template, open, board };
        match server.run(asked) {
            Ended::Done => return Ok(()),
            Ended::OnOtherGround(requests) => asked = requests,
        }
        let Server { session: ended, open: still_open, board: shown, .. } = server;
        (session, open, board) = (ended.put_down(), still_open, shown);
        match Ground::open(&workspace, template) {
            Ok(new) => ground = new,
            Err(findings) => editor.tell(&findings),
        }
    }
}

/// The folder that an editor has opened.
#[expect(deprecated, reason = "some editors still say it in the old way alone")]
fn opened(client: &InitializeParams) -> Option<PathBuf> {
    let first = client.workspace_folders.as_ref().and_then(|folders| folders.first());
    first.map(|folder| &folder.uri).or(client.root_uri.as_ref()).and_then(text::path)
}

fn capabilities() -> ServerCapabilities {
    ServerCapabilities {
        // Files are small; a whole one cannot come to be another than the editor's.
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::FULL)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(["\"", "[", "{", "="].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, CodeActionKind::SOURCE_FIX_ALL]),
            ..CodeActionOptions::default()
        })),
        ..ServerCapabilities::default()
    }
}

/// What an editor can do.
#[derive(Debug, Clone, Copy)]
struct Client {
    /// It puts the cursor where something is to be filled in.
    has_snippets: bool,
    /// It tells of files that other programs change.
    watches: bool,
}

impl Client {
    fn of(client: &InitializeParams) -> Self {
        let capabilities = &client.capabilities;
        let completion = capabilities.text_document.as_ref().and_then(|it| it.completion.as_ref());
        let item = completion.and_then(|it| it.completion_item.as_ref());
        let workspace = capabilities.workspace.as_ref();
        let watched = workspace.and_then(|it| it.did_change_watched_files.as_ref());
        Self {
            has_snippets: item.and_then(|it| it.snippet_support).unwrap_or(false),
            watches: watched.and_then(|it| it.dynamic_registration).unwrap_or(false),
        }
    }
}

/// The editor at the other end.
struct Editor<'c> {
    connection: &'c Connection,
    client: Client,
}

impl Editor<'_> {
    /// Sends a message. Whether it has gone away shows when nothing comes any more.
    fn send(&self, message: impl Into<Message>) {
        let _ = self.connection.sender.send(message.into());
    }

    fn notify<N: lsp_types::notification::Notification>(&self, params: N::Params) {
        self.send(Notification::new(N::METHOD.to_owned(), params));
    }

    fn publish(&self, uri: Uri, diagnostics: Vec<lsp_types::Diagnostic>) {
        self.notify::<PublishDiagnostics>(PublishDiagnosticsParams::new(uri, diagnostics, None));
    }

    /// Shows what is wrong with what is in no file that is open.
    fn tell(&self, findings: &[Finding]) {
        for finding in findings {
            let message = format!("{}：{}", finding.file(), finding.message);
            self.notify::<ShowMessage>(ShowMessageParams { typ: MessageType::ERROR, message });
        }
    }

    /// Asks to be told of files that other programs change.
    fn ask_to_watch(&self) {
        if !self.client.watches {
            return;
        }
        let watcher = |pattern: &str| FileSystemWatcher {
            glob_pattern: GlobPattern::String(pattern.to_owned()),
            kind: None,
        };
        let options = DidChangeWatchedFilesRegistrationOptions {
            watchers: vec![watcher("**/data/**"), watcher(&format!("**/{CONFIG_FILE}"))],
        };
        let registration = Registration {
            id: "files".to_owned(),
            method: DidChangeWatchedFiles::METHOD.to_owned(),
            register_options: serde_json::to_value(options).ok(),
        };
        let params = RegistrationParams { registrations: vec![registration] };
        let id = "watch".to_owned().into();
        self.send(Request::new(id, RegisterCapability::METHOD.to_owned(), params));
    }
}

/// How a server came to its end.
#[derive(Debug)]
enum Ended {
    /// The editor is done.
    Done,
    /// What everything is judged by is another now; so it is for what was asked last.
    OnOtherGround(Vec<Request>),
}

struct Server<'s, 'g> {
    editor: &'s Editor<'s>,
    session: Session<'g>,
    template: Option<&'s Path>,
    /// The files that are open in the editor, by the paths that findings name, with their texts.
    open: HashMap<PathBuf, String>,
    board: Board,
}

impl Server<'_, '_> {
    /// Serves until the editor is done; `requests` are those that are there already.
    fn run(&mut self, mut requests: Vec<Request>) -> Ended {
        // What is wrong in the newest year is there to be seen before any file is opened.
        if let Ok(years) = self.session.workspace().years()
            && let Some(newest) = years.last()
        {
            self.session.open(newest);
        }
        let receiver = &self.editor.connection.receiver;
        loop {
            self.refresh();
            for request in std::mem::take(&mut requests) {
                if request.method == Shutdown::METHOD {
                    self.editor.send(Response::new_ok(request.id, ()));
                } else {
                    self.answer(request);
                }
            }
            let Ok(first) = receiver.recv() else { return Ended::Done };
            let mut is_other_ground = false;
            // Of several key strokes that are there, only the last is worth looking at.
            for message in std::iter::once(first).chain(receiver.try_iter()) {
                match message {
                    Message::Request(request) => requests.push(request),
                    Message::Notification(notification) if notification.method == "exit" => {
                        return Ended::Done;
                    }
                    Message::Notification(it) => is_other_ground |= self.notified(it),
                    // It was asked for nothing that matters.
                    Message::Response(_) => {}
                }
            }
            if is_other_ground {
                return Ended::OnOtherGround(requests);
            }
        }
    }

    /// Takes in what an editor tells; whether what everything is judged by may be another now.
    fn notified(&mut self, notification: Notification) -> bool {
        let notification = match params::<DidOpenTextDocument>(notification) {
            Ok(it) => {
                self.edited(&it.text_document.uri, it.text_document.text);
                return false;
            }
            Err(other) => other,
        };
        let notification = match params::<DidChangeTextDocument>(notification) {
            Ok(it) => {
                if let Some(change) = it.content_changes.into_iter().last() {
                    self.edited(&it.text_document.uri, change.text);
                }
                return false;
            }
            Err(other) => other,
        };
        let notification = match params::<DidCloseTextDocument>(notification) {
            Ok(it) => {
                if let Some(path) = text::path(&it.text_document.uri) {
                    self.open.remove(&path);
                    self.session.close(&path);
                }
                return false;
            }
            Err(other) => other,
        };
        match params::<DidChangeWatchedFiles>(notification) {
            Ok(it) => {
                let paths: Vec<PathBuf> =
                    it.changes.iter().filter_map(|change| text::path(&change.uri)).collect();
                paths.iter().for_each(|path| self.session.changed(path));
                paths.iter().any(|path| self.is_ground(path))
            }
            Err(_) => false,
        }
    }

    /// Whether everything is judged by what is in a file.
    fn is_ground(&self, path: &Path) -> bool {
        let root = self.session.workspace().root();
        let is_data = path.starts_with(root.join("data"));
        let is_form = self.template.is_some_and(|template| path.starts_with(template));
        path == root.join(CONFIG_FILE) || (is_form && !is_data)
    }

    /// Takes a file for what it is in the editor.
    fn edited(&mut self, uri: &Uri, text: String) {
        let Some(path) = text::path(uri) else { return };
        if let Some(place) = self.session.place(&path) {
            self.session.open(&place.year);
            self.session.edit(&path, text.as_bytes());
        }
        self.open.insert(path, text);
    }

    /// Brings everything up to date, and shows what is said now.
    fn refresh(&mut self) {
        let changed = self.session.refresh();
        for (uri, diagnostics) in self.board.refresh(&self.session, &changed) {
            if let Ok(uri) = uri.parse() {
                self.editor.publish(uri, diagnostics);
            }
        }
    }

    fn answer(&self, request: Request) {
        let id = request.id.clone();
        let response = match request.method.as_str() {
            Completion::METHOD => respond::<Completion>(request, |it| self.complete(&it)),
            HoverRequest::METHOD => respond::<HoverRequest>(request, |it| self.hover(&it)),
            GotoDefinition::METHOD => respond::<GotoDefinition>(request, |it| self.related(&it)),
            CodeActionRequest::METHOD => {
                respond::<CodeActionRequest>(request, |it| Some(self.actions(&it)))
            }
            DocumentSymbolRequest::METHOD => {
                respond::<DocumentSymbolRequest>(request, |it| self.symbols(&it))
            }
            FoldingRangeRequest::METHOD => {
                respond::<FoldingRangeRequest>(request, |it| self.folds(&it))
            }
            Formatting::METHOD => self.format(request),
            other => {
                let message = format!("没有 {other}");
                Response::new_err(id, ErrorCode::MethodNotFound as i32, message)
            }
        };
        self.editor.send(response);
    }
}

/// What a notification says, if it is one of this kind; a malformed one says nothing.
fn params<N>(notification: Notification) -> Result<N::Params, Notification>
where
    N: lsp_types::notification::Notification,
{
    notification.extract(N::METHOD).map_err(|error| match error {
        ExtractError::MethodMismatch(other) => other,
        ExtractError::JsonError { method, .. } => Notification::new(method, ()),
    })
}

/// Answers a request of this kind.
fn respond<R>(request: Request, answer: impl FnOnce(R::Params) -> R::Result) -> Response
where
    R: lsp_types::request::Request,
    R::Params: DeserializeOwned,
    R::Result: Serialize,
{
    let id = request.id.clone();
    match request.extract::<R::Params>(R::METHOD) {
        Ok((id, params)) => Response::new_ok(id, answer(params)),
        Err(_) => {
            let message = "请求的内容看不懂".to_owned();
            Response::new_err(id, ErrorCode::InvalidParams as i32, message)
        }
    }
}
