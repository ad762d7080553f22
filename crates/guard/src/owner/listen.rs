//! The owner's socket: any number of points, questions in order, answers as
//! they come.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::time::Duration;

use bounden_base::json;
use bounden_mcp::Lines;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::unix::OwnedWriteHalf;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::protocol::{Answer, Question, Request, Response};
use super::{Caller, Handle};
use crate::canary::prove_all;
use crate::home::{Home, Ownership};

/// Longest question, in bytes: the largest result of a tool, and some.
pub(crate) const LINE_LIMIT: usize = 32 << 20;

/// The owner's socket cannot be served.
#[derive(Debug, thiserror::Error)]
#[error("the owner's socket: {0}")]
pub struct ListenError(#[from] io::Error);

/// Serves the socket until nobody has been connected for `idle`.
///
/// # Errors
/// The socket cannot be bound.
pub async fn listen(
    home: &Home,
    _ownership: &Ownership,
    owner: Handle,
    idle: Duration,
) -> Result<(), ListenError> {
    let path = home.socket();
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    fs::set_permissions(&path, Permissions::from_mode(0o600))?;
    let owned_by = fs::metadata(&path)?.uid();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (stream, _) = accepted?;
                connections.spawn(serve(stream, owner.clone(), owned_by));
            }
            Some(_) = connections.join_next() => {}
            () = sleep(idle), if connections.is_empty() => break,
        }
    }
    fs::remove_file(&path)?;
    Ok(())
}

/// Serves one point until it leaves or says what is no question.
async fn serve(stream: UnixStream, owner: Handle, owned_by: u32) -> io::Result<()> {
    let caller = Caller { uid: stream.peer_cred()?.uid() };
    if caller.uid != owned_by && caller.uid != 0 {
        return Ok(());
    }
    let (mut reader, writer) = stream.into_split();
    let (answers, outbox) = mpsc::unbounded_channel();
    let writing = tokio::spawn(write(writer, outbox));
    let mut lines = Lines::new(LINE_LIMIT);
    let mut chunk = vec![0; 64 << 10];
    'connection: loop {
        let read = reader.read(&mut chunk).await?;
        if read == 0 {
            break;
        }
        lines.push(chunk.get(..read).unwrap_or_default());
        while let Some(line) = lines.pop() {
            let question = line.ok().and_then(|line| json::from_slice::<Question>(&line).ok());
            let Some(Question { id, request }) = question else { break 'connection };
            let answers = answers.clone();
            let answer = ask(&owner, request, caller);
            tokio::spawn(async move {
                let response = answer.await;
                // Where the point has left, nobody waits for the answer.
                let _ = answers.send(Answer { id, response });
            });
        }
    }
    drop(answers);
    writing.await.map_err(io::Error::other)?
}

/// Queues a request at once; its answer comes later. After a change of the
/// lock the invariants are tried anew.
fn ask(
    owner: &Handle,
    request: Request,
    caller: Caller,
) -> impl Future<Output = Response> + Send + use<> {
    let owner = owner.clone();
    let proving = matches!(request, Request::Prove);
    let reloading = matches!(request, Request::Reload | Request::Surface { lock: Some(_) });
    let before = reloading.then(|| owner.in_force().lock);
    let answer = owner.ask(request, caller);
    async move {
        if proving {
            return Response::Proofs(prove_all(&owner, caller).await);
        }
        let gone = |_| Response::Refused("the owner of the state has ended".to_owned());
        let response = answer.await.unwrap_or_else(gone);
        if before.is_some_and(|lock| lock != owner.in_force().lock) {
            tokio::spawn(async move { prove_all(&owner, caller).await });
        }
        response
    }
}

async fn write(
    mut writer: OwnedWriteHalf,
    mut answers: mpsc::UnboundedReceiver<Answer>,
) -> io::Result<()> {
    while let Some(answer) = answers.recv().await {
        let mut line = serde_json::to_vec(&answer)?;
        line.push(b'\n');
        writer.write_all(&line).await?;
    }
    Ok(())
}
