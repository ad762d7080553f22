//! How a point reaches the owner of the state: in this process, or over its
//! socket, started where nobody listens there yet.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bounden_base::{Digest, json};
use bounden_mcp::Lines;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

use crate::home::Home;
use crate::owner::protocol::{Answer, Opening, Question, Request, Response, Surface};
use crate::owner::{Caller, Handle, LINE_LIMIT};

/// A way to the owner of the state.
#[derive(Clone, Debug)]
pub struct Link {
    questions: mpsc::UnboundedSender<Pending>,
}

/// The command that starts an owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Starter {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
}

/// The owner of the state cannot be reached; what depends on it is denied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the owner of the guard's state cannot be reached: {0}")]
pub struct LinkError(String);

#[derive(Debug)]
struct Pending {
    request: Request,
    reply: oneshot::Sender<Result<Response, LinkError>>,
}

/// How long an owner may take to start: it replays its journal.
const START_LIMIT: Duration = Duration::from_secs(20);
/// Between two tries to reach an owner that is starting.
const RETRY: Duration = Duration::from_millis(5);

impl LinkError {
    /// The owner answers something else than was asked for.
    pub(crate) fn unexpected(response: &Response) -> Self {
        match response {
            Response::Refused(why) => Self(why.clone()),
            other => Self(format!("it answered {other:?}")),
        }
    }
}

impl Link {
    /// A link to an owner in this process.
    #[must_use]
    pub fn local(owner: Handle, caller: Caller) -> Self {
        let (questions, mut inbox) = mpsc::unbounded_channel::<Pending>();
        tokio::spawn(async move {
            while let Some(Pending { request, reply }) = inbox.recv().await {
                let answer = owner.ask(request, caller);
                tokio::spawn(async move {
                    let answer = answer.await.map_err(|_| LinkError("it has ended".to_owned()));
                    // Whoever asked may have left.
                    let _ = reply.send(answer);
                });
            }
        });
        Self { questions }
    }

    /// A link over the owner's socket. With a `starter`, an owner is started
    /// where none listens, now or after it went away.
    #[must_use]
    pub fn over_socket(home: Home, starter: Option<Starter>) -> Self {
        let (questions, inbox) = mpsc::unbounded_channel();
        tokio::spawn(Wire { home, starter, openings: Vec::new() }.run(inbox));
        Self { questions }
    }

    /// Asks; requests arrive in the order of these calls.
    ///
    /// # Errors
    /// The owner cannot be reached or went away meanwhile.
    pub fn ask(
        &self,
        request: Request,
    ) -> impl Future<Output = Result<Response, LinkError>> + Send + use<> {
        let (reply, answer) = oneshot::channel();
        // Where the task is gone, the dropped sender says so.
        let _ = self.questions.send(Pending { request, reply });
        async move { answer.await.unwrap_or_else(|_| Err(LinkError("it went away".to_owned()))) }
    }

    /// What the policy in force has to do with tools.
    ///
    /// # Errors
    /// The owner cannot be reached, or enforces another lock than `lock`.
    pub async fn surface(&self, lock: Option<Digest>) -> Result<Surface, LinkError> {
        match self.ask(Request::Surface { lock }).await? {
            Response::Surface(surface) => Ok(surface),
            other => Err(LinkError::unexpected(&other)),
        }
    }
}

/// The task behind a link over a socket.
struct Wire {
    home: Home,
    starter: Option<Starter>,
    /// Sessions that were opened here, for an owner that has not heard of them.
    openings: Vec<Opening>,
}

struct Connection {
    reader: OwnedReadHalf,
    writer: OwnedWriteHalf,
    lines: Lines,
    chunk: Vec<u8>,
    last_id: u64,
    waiting: BTreeMap<u64, oneshot::Sender<Result<Response, LinkError>>>,
}

impl Wire {
    async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Pending>) {
        while let Some(first) = inbox.recv().await {
            match self.connect().await {
                // What was in flight when the connection broke is answered by
                // its dropped sender; it must not be asked twice.
                Ok(connection) => self.converse(connection, first, &mut inbox).await,
                Err(error) => drop(first.reply.send(Err(error))),
            }
        }
    }

    /// Carries questions and answers until the connection breaks.
    async fn converse(
        &mut self,
        mut connection: Connection,
        first: Pending,
        inbox: &mut mpsc::UnboundedReceiver<Pending>,
    ) {
        for opening in self.openings.clone() {
            let (reply, _) = oneshot::channel();
            let request = Request::Open(opening);
            if connection.ask(Pending { request, reply }).await.is_err() {
                return;
            }
        }
        let mut next = Some(first);
        loop {
            if let Some(pending) = next.take() {
                self.remember(&pending.request);
                if connection.ask(pending).await.is_err() {
                    return;
                }
            }
            tokio::select! {
                pending = inbox.recv() => match pending {
                    Some(pending) => next = Some(pending),
                    None => return,
                },
                answered = connection.answers() => if answered.is_err() { return },
            }
        }
    }

    fn remember(&mut self, request: &Request) {
        if let Request::Open(opening) = request
            && !self.openings.contains(opening)
        {
            self.openings.push(opening.clone());
        }
    }

    /// Reaches the owner, starting one where none listens.
    async fn connect(&self) -> Result<Connection, LinkError> {
        let deadline = Instant::now() + START_LIMIT;
        let mut started: Option<Child> = None;
        loop {
            let error = match UnixStream::connect(self.home.socket()).await {
                Ok(stream) => return Ok(Connection::new(stream)),
                Err(error) => error,
            };
            match (&mut started, &self.starter) {
                (None, None) => return Err(LinkError(format!("{error}; is it running?"))),
                (None, Some(starter)) => started = Some(self.start(starter)?),
                (Some(child), _) => {
                    // An owner that finds another one at work ends with success.
                    let failed = child.try_wait().ok().flatten().is_some_and(|end| !end.success());
                    if failed || Instant::now() > deadline {
                        let said = self.home.last_words();
                        return Err(LinkError(format!("{error}; it said: {said}")));
                    }
                }
            }
            sleep(RETRY).await;
        }
    }

    /// Starts an owner that outlives this process.
    fn start(&self, starter: &Starter) -> Result<Child, LinkError> {
        use std::os::unix::process::CommandExt as _;
        let start = || -> io::Result<Child> {
            let log = OpenOptions::new().create(true).append(true).open(self.home.log())?;
            let mut command = Command::new(&starter.program);
            command.args(&starter.arguments).process_group(0);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn()
        };
        start().map_err(|error| LinkError(format!("it cannot be started: {error}")))
    }
}

impl Connection {
    fn new(stream: UnixStream) -> Self {
        let (reader, writer) = stream.into_split();
        let (lines, chunk) = (Lines::new(LINE_LIMIT), vec![0; 64 << 10]);
        Self { reader, writer, lines, chunk, last_id: 0, waiting: BTreeMap::new() }
    }

    async fn ask(&mut self, pending: Pending) -> io::Result<()> {
        self.last_id += 1;
        let id = self.last_id;
        let mut line = serde_json::to_vec(&Question { id, request: pending.request })?;
        line.push(b'\n');
        self.waiting.insert(id, pending.reply);
        self.writer.write_all(&line).await
    }

    /// Hands out the answers that arrive next.
    async fn answers(&mut self) -> io::Result<()> {
        let read = self.reader.read(&mut self.chunk).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.lines.push(self.chunk.get(..read).unwrap_or_default());
        while let Some(line) = self.lines.pop() {
            let line = line.map_err(io::Error::other)?;
            let Answer { id, response } = json::from_slice(&line).map_err(io::Error::other)?;
            if let Some(reply) = self.waiting.remove(&id) {
                // Whoever asked may have left.
                let _ = reply.send(Ok(response));
            }
        }
        Ok(())
    }
}
