//! A server as a child process: one message a line on its pipes.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bounden_base::json::Limits;
use bounden_mcp::{Lines, Message};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::ConnectError;

/// Longest line that a server may send, in bytes.
const LINE_LIMIT: usize = 16 << 20;
/// How much of the end of stderr is kept for messages, in bytes.
const STDERR_KEPT: usize = 4096;

pub(crate) struct Process {
    child: Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
    lines: Lines,
    stderr: Arc<Mutex<VecDeque<u8>>>,
    listener: JoinHandle<()>,
}

impl Process {
    pub(crate) fn start(
        command: &[String],
        directory: Option<&Path>,
        environment: &BTreeMap<String, String>,
    ) -> Result<Self, ConnectError> {
        let [program, arguments @ ..] = command else { return Err(ConnectError::NoCommand) };
        let mut command = Command::new(program);
        command.args(arguments).envs(environment).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(directory) = directory {
            command.current_dir(directory);
        }
        let failed = |error| ConnectError::Start(program.clone(), error);
        let mut child = command.spawn().map_err(failed)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdin), Some(stdout), Some(pipe)) = pipes else {
            return Err(failed(std::io::ErrorKind::BrokenPipe.into()));
        };
        let stderr = Arc::default();
        let listener = tokio::spawn(keep_tail(pipe, Arc::clone(&stderr)));
        Ok(Self { child, stdin, stdout, lines: Lines::new(LINE_LIMIT), stderr, listener })
    }

    pub(crate) async fn send(&mut self, message: &Message) -> Result<(), ConnectError> {
        let sent = self.stdin.write_all(message.to_line().as_bytes()).await;
        match sent {
            Ok(()) => Ok(self.stdin.flush().await?),
            Err(_) => Err(self.ended().await),
        }
    }

    pub(crate) async fn receive(&mut self) -> Result<Message, ConnectError> {
        let mut chunk = vec![0; 8192];
        loop {
            if let Some(line) = self.lines.pop() {
                return Ok(Message::parse(&line?, Limits::default())?);
            }
            let read = self.stdout.read(&mut chunk).await?;
            if read == 0 {
                return Err(self.ended().await);
            }
            self.lines.push(chunk.get(..read).unwrap_or_default());
        }
    }

    /// The last that the server said on stderr.
    pub(crate) fn stderr(&self) -> String {
        let mut tail = self.stderr.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        String::from_utf8_lossy(tail.make_contiguous()).into_owned()
    }

    /// Closes the server's input, waits for its end and kills it after `grace`.
    pub(crate) async fn close(self, grace: Duration) -> Result<(), ConnectError> {
        let Self { mut child, stdin, .. } = self;
        drop(stdin);
        if timeout(grace, child.wait()).await.is_err() {
            child.kill().await?;
        }
        Ok(())
    }

    /// What to say of a server whose pipes are closed. Its last words may
    /// still be on their way.
    async fn ended(&mut self) -> ConnectError {
        let _ = timeout(Duration::from_millis(500), &mut self.listener).await;
        ConnectError::Ended(self.stderr())
    }
}

async fn keep_tail(mut pipe: ChildStderr, tail: Arc<Mutex<VecDeque<u8>>>) {
    let mut chunk = vec![0; 1024];
    while let Ok(read @ 1..) = pipe.read(&mut chunk).await {
        let mut tail = tail.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        tail.extend(chunk.get(..read).unwrap_or_default());
        let excess = tail.len().saturating_sub(STDERR_KEPT);
        tail.drain(..excess);
    }
}
