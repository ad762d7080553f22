//! `bounden lsp`: the language server, over standard input and output.

mod file;
mod protocol;
mod server;

use std::process::ExitCode;

use lsp_server::{Connection, Message};

use crate::exit::Failure;
use server::Server;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Taken from clients that say so; there is no other way
    #[arg(long, hide = true)]
    stdio: bool,
}

pub(crate) fn run(_: &Args) -> Result<ExitCode, Failure> {
    let (connection, threads) = Connection::stdio();
    let is_in_order = serve(&connection);
    drop(connection);
    let failed = |error| Failure::unavailable(format!("the client cannot be read: {error}"));
    threads.join().map_err(failed)?;
    Ok(if is_in_order { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Answers until the client says `exit`, or is gone; whether it said `shutdown` before.
fn serve(connection: &Connection) -> bool {
    let mut server = Server::default();
    while let Some(message) = next(connection, &mut server) {
        let answers = match message {
            Message::Request(request) => vec![server.answer(request).into()],
            Message::Notification(notification) if notification.method == "exit" => {
                return server.is_shut_down();
            }
            Message::Notification(notification) => server.note(notification),
            // The only thing that the client is asked for is to watch files.
            Message::Response(_) => Vec::new(),
        };
        if !answers.into_iter().all(|answer| connection.sender.send(answer).is_ok()) {
            return false;
        }
    }
    false
}

/// The next message. Documents are checked when none is waiting, so that
/// typing quickly does not queue up findings about texts that are gone.
fn next(connection: &Connection, server: &mut Server) -> Option<Message> {
    match connection.receiver.try_recv() {
        Ok(message) => return Some(message),
        Err(error) if error.is_disconnected() => return None,
        Err(_) => {}
    }
    for findings in server.published() {
        connection.sender.send(findings.into()).ok()?;
    }
    connection.receiver.recv().ok()
}
