//! The servers behind a proxy: started or reached anew for each client.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use bounden_mcp::{Incoming, Lines, Message};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::link::LinkError;
use crate::proxy::{Endpoint, FromServer, Naming, QUEUE};

/// A server, by the name that the policy gives it.
#[derive(Clone)]
pub struct Server {
    /// The name.
    pub name: String,
    /// Where it is.
    pub reach: Reach,
}

/// Where a server is.
#[derive(Clone)]
pub enum Reach {
    /// A program to start, with its arguments; it speaks over its standard streams.
    Command(Vec<String>),
    /// Somewhere else.
    Remote(Dial),
}

/// Opens the two queues of messages to and from a remote server.
pub type Dial = Arc<
    dyn Fn() -> Result<(mpsc::Sender<Message>, mpsc::Receiver<Incoming>), String> + Send + Sync,
>;

/// The proxy cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A server does not start.
    #[error("the server `{0}` cannot be started: {1}")]
    Start(String, io::Error),
    /// A server's address is none.
    #[error("the server `{0}` cannot be reached: {1}")]
    Reach(String, String),
    /// The owner cannot be reached.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// A server's name cannot be told from its tools' names.
    #[error("`{0}` cannot be the name of a server here")]
    Name(String),
}

/// Longest line in either direction, in bytes.
pub(crate) const LINE_LIMIT: usize = 16 << 20;
/// How long a server may take to end after its input was closed.
pub(crate) const GRACE: Duration = Duration::from_secs(5);

/// The servers of one proxy, started.
pub(crate) struct Upstream {
    pub(crate) endpoints: Vec<Endpoint>,
    pub(crate) messages: mpsc::Receiver<FromServer>,
    pub(crate) children: Children,
}

/// The processes among the servers; they end with this value.
pub(crate) struct Children(Vec<Child>);

impl Upstream {
    pub(crate) fn start(naming: &Naming, servers: &[Server]) -> Result<Self, ServeError> {
        let (says, messages) = mpsc::channel(QUEUE);
        let mut upstream = Self { endpoints: Vec::new(), messages, children: Children(Vec::new()) };
        for (index, server) in servers.iter().enumerate() {
            if !naming.allows(&server.name) {
                return Err(ServeError::Name(server.name.clone()));
            }
            let to = match &server.reach {
                Reach::Command(command) => {
                    let failed = |error| ServeError::Start(server.name.clone(), error);
                    upstream.start_program(index, command, says.clone()).map_err(failed)?
                }
                Reach::Remote(dial) => {
                    let failed = |why| ServeError::Reach(server.name.clone(), why);
                    let (to, from) = dial().map_err(failed)?;
                    tokio::spawn(hear_remote(index, from, says.clone()));
                    to
                }
            };
            upstream.endpoints.push(Endpoint { name: server.name.clone(), to });
        }
        Ok(upstream)
    }

    fn start_program(
        &mut self,
        index: usize,
        command: &[String],
        says: mpsc::Sender<FromServer>,
    ) -> io::Result<mpsc::Sender<Message>> {
        let mut child = spawn(command)?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let (to, outbox) = mpsc::channel(QUEUE);
        tokio::spawn(write_messages(stdin, outbox));
        tokio::spawn(hear_program(index, stdout, says));
        self.children.0.push(child);
        Ok(to)
    }
}

impl Children {
    /// Waits for each child; one that lingers is killed.
    pub(crate) async fn end(self) -> Vec<ExitStatus> {
        let mut statuses = Vec::new();
        for mut child in self.0 {
            if let Ok(Ok(status)) = timeout(GRACE, child.wait()).await {
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

async fn hear_program(
    server: usize,
    mut output: impl AsyncRead + Unpin,
    proxy: mpsc::Sender<FromServer>,
) {
    let mut lines = Lines::new(LINE_LIMIT);
    while fill(&mut output, &mut lines).await {
        while let Some(line) = lines.pop() {
            let incoming = Some(Incoming::of_line(line));
            if proxy.send(FromServer { server, incoming }).await.is_err() {
                return;
            }
        }
    }
    // Where the proxy has ended first, nobody has to know.
    let _ = proxy.send(FromServer { server, incoming: None }).await;
}

async fn hear_remote(
    server: usize,
    mut from: mpsc::Receiver<Incoming>,
    proxy: mpsc::Sender<FromServer>,
) {
    while let Some(incoming) = from.recv().await {
        if proxy.send(FromServer { server, incoming: Some(incoming) }).await.is_err() {
            return;
        }
    }
    // Where the proxy has ended first, nobody has to know.
    let _ = proxy.send(FromServer { server, incoming: None }).await;
}

/// Whether more came; a broken pipe is an end like any other.
pub(crate) async fn fill(input: &mut (impl AsyncRead + Unpin), lines: &mut Lines) -> bool {
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
pub(crate) async fn write_messages(
    mut output: impl AsyncWrite + Unpin,
    mut messages: mpsc::Receiver<Message>,
) -> io::Result<()> {
    while let Some(message) = messages.recv().await {
        output.write_all(message.to_line().as_bytes()).await?;
        output.flush().await?;
    }
    output.shutdown().await
}
