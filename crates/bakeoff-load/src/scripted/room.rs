//! The WebSockets of a scripted server: each echoes its messages, and a broadcast goes to all that are open.

use serde_json::Value;
use std::io::{self, Write as _};
use std::net::TcpStream;
use std::sync::{Mutex, PoisonError};
use tungstenite::protocol::frame::Frame;
use tungstenite::protocol::frame::coding::{Data, OpCode};
use tungstenite::protocol::{Role, WebSocketContext};
use tungstenite::{Error, Message};

/// The open WebSockets of a server, by the number of their connection.
#[derive(Debug, Default)]
pub(super) struct Room {
    sockets: Mutex<Vec<(u64, TcpStream)>>,
}

impl Room {
    /// Sends the granting response and adds the WebSocket to the room.
    pub(super) fn enter(&self, connection: u64, stream: &TcpStream, grant: &[u8]) -> io::Result<()> {
        let mut stream = stream.try_clone()?;
        // The lock is held over both: a client that has its grant receives every broadcast from then on.
        let mut sockets = self.lock();
        stream.write_all(grant)?;
        sockets.push((connection, stream));
        Ok(())
    }

    fn leave(&self, connection: u64) {
        self.lock().retain(|(other, _)| *other != connection);
    }

    /// Sends a text to the WebSockets that `to` selects.
    fn send(&self, text: &str, to: impl Fn(u64) -> bool) -> io::Result<()> {
        let mut bytes = Vec::new();
        let frame = Frame::message(text.to_owned(), OpCode::Data(Data::Text), true);
        frame.format(&mut bytes).map_err(io::Error::other)?;
        for (_, stream) in self.lock().iter().filter(|(connection, _)| to(*connection)) {
            // A client that has gone meanwhile is no error of the sender.
            drop((&mut &*stream).write_all(&bytes));
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(u64, TcpStream)>> {
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves a WebSocket until the client or the server ends it: a text with `"type": "broadcast"` goes to every WebSocket
/// of the room, any other message comes back.
pub(super) fn serve(
    stream: &mut TcpStream,
    connection: u64,
    unread: Vec<u8>,
    room: &Room,
    is_stopped: impl Fn() -> bool,
) -> io::Result<()> {
    let served = serve_messages(stream, connection, unread, room, is_stopped);
    room.leave(connection);
    served
}

fn serve_messages(
    stream: &mut TcpStream,
    connection: u64,
    unread: Vec<u8>,
    room: &Room,
    is_stopped: impl Fn() -> bool,
) -> io::Result<()> {
    let mut context = WebSocketContext::from_partially_read(unread, Role::Server, None);
    while !is_stopped() {
        match context.read(stream) {
            Ok(Message::Text(text)) if is_broadcast(&text) => room.send(&text, |_| true)?,
            Ok(Message::Text(text)) => room.send(&text, |other| other == connection)?,
            Ok(_) => {}
            Err(Error::Io(error))
                if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {}
            Err(_) => break,
        }
    }
    Ok(())
}

fn is_broadcast(text: &str) -> bool {
    let value: Option<Value> = serde_json::from_str(text).ok();
    value.is_some_and(|value| value["type"] == "broadcast")
}
