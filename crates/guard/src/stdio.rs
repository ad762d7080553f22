//! The proxy on this process's own standard streams, with servers as children.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use bounden_base::Digest;
use bounden_base::json::Limits;
use bounden_mcp::{LineError, Lines, Message, RpcError, code};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

use crate::link::LinkError;
use crate::point::Point;
use crate::proxy::{Endpoint, FromServer, Naming, Proxy, QUEUE, Report};

/// A server to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerCommand {
    /// What the policy calls it.
    pub name: String,
    /// Program and arguments.
    pub command: Vec<String>,
}

/// The proxy cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A server does not start.
    #[error("the server `{0}` cannot be started: {1}")]
    Start(String, io::Error),
    /// The owner cannot be reached.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// A server's name cannot be told from its tools' names.
    #[error("`{0}` cannot be the name of a server here")]
    Name(String),
}

/// Longest line in either direction, in bytes.
const LINE_LIMIT: usize = 16 << 20;
/// How long a server may take to end after its input was closed.
const GRACE: Duration = Duration::from_secs(5);

/// Serves the client on standard input and output until it leaves or the
/// servers end, where the owner enforces `lock`. What the servers write to standard error passes untouched.
///
/// # Errors
/// A server does not start, or the owner cannot be reached.
pub async fn serve_stdio(
    point: Point,
    lock: Option<Digest>,
    naming: Naming,
    servers: &[ServerCommand],
    report: Report,
) -> Result<Vec<ExitStatus>, ServeError> {
    let (client, to_client) = mpsc::channel(QUEUE);
    let (client_says, from_client) = mpsc::channel(QUEUE);
    let (left, client_left) = oneshot::channel();
    let mut upstream = Upstream::start(&naming, servers)?;
    let endpoints = std::mem::take(&mut upstream.endpoints);
    let proxy = Proxy::new(point, lock, naming, client.clone(), endpoints, report).await?;
    let writing = tokio::spawn(write_messages(tokio::io::stdout(), to_client));
    tokio::spawn(async move {
        read_client(tokio::io::stdin(), &client_says, &client).await;
        // Nobody listens where the servers have ended first.
        let _ = left.send(());
    });
    let ending = async {
        // An error means that nobody is left to say so, which is the same.
        let _ = client_left.await;
        sleep(GRACE).await;
    };
    tokio::select! {
        () = proxy.run(from_client, upstream.messages) => {}
        () = ending => {}
    }
    let statuses = Children(upstream.children).end().await;
    // The client may have closed its end; there is nobody left to tell.
    let _ = tokio::time::timeout(GRACE, writing).await;
    Ok(statuses)
}

/// The servers of one proxy, started.
pub(crate) struct Upstream {
    pub(crate) endpoints: Vec<Endpoint>,
    pub(crate) messages: mpsc::Receiver<FromServer>,
    children: Vec<Child>,
}

struct Children(Vec<Child>);

impl Upstream {
    pub(crate) fn start(naming: &Naming, servers: &[ServerCommand]) -> Result<Self, ServeError> {
        let (says, messages) = mpsc::channel(QUEUE);
        let mut upstream = Self { endpoints: Vec::new(), messages, children: Vec::new() };
        for (index, server) in servers.iter().enumerate() {
            if !naming.allows(&server.name) {
                return Err(ServeError::Name(server.name.clone()));
            }
            let failed = |error| ServeError::Start(server.name.clone(), error);
            let mut child = spawn(&server.command).map_err(failed)?;
            let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
                return Err(failed(io::ErrorKind::BrokenPipe.into()));
            };
            let (to, outbox) = mpsc::channel(QUEUE);
            tokio::spawn(write_messages(stdin, outbox));
            tokio::spawn(read_server(index, stdout, says.clone()));
            upstream.endpoints.push(Endpoint { name: server.name.clone(), to });
            upstream.children.push(child);
        }
        Ok(upstream)
    }
}

impl Children {
    /// Waits for each child; one that lingers is killed.
    async fn end(self) -> Vec<ExitStatus> {
        let mut statuses = Vec::new();
        for mut child in self.0 {
            if let Ok(Ok(status)) = tokio::time::timeout(GRACE, child.wait()).await {
                statuses.push(status);
            } else {
                // It is dropped next, which kills it as well.
                let _ = child.kill().await;
            }
        }
        statuses
    }
}

fn spawn(command: &[String]) -> io::Result<Child> {
    let [program, arguments @ ..] = command else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the command is empty"));
    };
    let mut command = Command::new(program);
    command.args(arguments).kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn()
}

/// Reads the client's lines. Bad ones are answered here; no server sees them.
async fn read_client(
    mut input: impl AsyncRead + Unpin,
    proxy: &mpsc::Sender<Message>,
    client: &mpsc::Sender<Message>,
) {
    let mut lines = Lines::new(LINE_LIMIT);
    while fill(&mut input, &mut lines).await {
        while let Some(line) = lines.pop() {
            let sent = match line {
                Err(lost) => {
                    let error = RpcError::new(code::PARSE_ERROR, lost.to_string());
                    client.send(Message::error(None, error)).await
                }
                Ok(line) => match Message::parse(&line, Limits::default()) {
                    Ok(message) => proxy.send(message).await,
                    Err(error) => {
                        let told = error.to_rpc();
                        client.send(Message::error(error.id, told)).await
                    }
                },
            };
            if sent.is_err() {
                return;
            }
        }
    }
}

async fn read_server(
    index: usize,
    mut output: impl AsyncRead + Unpin,
    proxy: mpsc::Sender<FromServer>,
) {
    let mut lines = Lines::new(LINE_LIMIT);
    while fill(&mut output, &mut lines).await {
        while let Some(line) = lines.pop() {
            if proxy.send(heard(index, line)).await.is_err() {
                return;
            }
        }
    }
    // Where the proxy has ended first, nobody has to know.
    let _ = proxy.send(FromServer::Ended(index)).await;
}

/// What a line of a server is.
fn heard(index: usize, line: Result<Vec<u8>, LineError>) -> FromServer {
    let line = match line {
        Ok(line) => line,
        Err(lost) => return FromServer::Unreadable(index, lost.to_string()),
    };
    match Message::parse(&line, Limits::default()) {
        Ok(message) => FromServer::Message(index, message),
        Err(error) if line.trim_ascii_start().starts_with(b"{") => {
            FromServer::Unreadable(index, error.to_string())
        }
        // Some servers print other things than messages.
        Err(error) => FromServer::Noise(index, error.to_string()),
    }
}

/// Whether more came; a broken pipe is an end like any other.
async fn fill(input: &mut (impl AsyncRead + Unpin), lines: &mut Lines) -> bool {
    let mut chunk = vec![0; 64 << 10];
    match input.read(&mut chunk).await {
        Ok(0) | Err(_) => false,
        Ok(read) => {
            lines.push(chunk.get(..read).unwrap_or_default());
            true
        }
    }
}

/// Writes messages, one a line, until no more come or nobody reads them.
async fn write_messages(
    mut output: impl AsyncWrite + Unpin,
    mut messages: mpsc::Receiver<Message>,
) -> io::Result<()> {
    while let Some(message) = messages.recv().await {
        output.write_all(message.to_line().as_bytes()).await?;
        output.flush().await?;
    }
    output.shutdown().await
}
