//! The proxy on this process's own standard streams.

use std::process::ExitStatus;

use bounden_base::Digest;
use bounden_base::json::Limits;
use bounden_mcp::{Lines, Message, RpcError, code};
use tokio::io::AsyncRead;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};

use crate::point::Point;
use crate::proxy::{Naming, Proxy, QUEUE, Report};
use crate::upstream::{GRACE, LINE_LIMIT, ServeError, Server, Upstream, fill, write_messages};

/// Serves the client on standard input and output until it leaves or the
/// servers end, where the owner enforces `lock`. What server programs write to
/// standard error passes untouched.
///
/// # Errors
/// A server does not start, or the owner cannot be reached.
pub async fn serve_stdio(
    point: Point,
    lock: Option<Digest>,
    naming: Naming,
    servers: &[Server],
    report: Report,
) -> Result<Vec<ExitStatus>, ServeError> {
    let (client, to_client) = mpsc::channel(QUEUE);
    let (client_says, from_client) = mpsc::channel(QUEUE);
    let (left, client_left) = oneshot::channel();
    let Upstream { endpoints, messages, children } = Upstream::start(&naming, servers)?;
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
        () = proxy.run(from_client, messages) => {}
        () = ending => {}
    }
    let statuses = children.end().await;
    // The client may have closed its end; there is nobody left to tell.
    let _ = timeout(GRACE, writing).await;
    Ok(statuses)
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
