//! A puppet's WebSocket: echoes what it is sent, and passes broadcasts on to every open socket of the puppet.

use super::Stage;
use serde_json::Value;
use std::io::{self, Write as _};
use std::net::TcpStream;
use std::sync::{Mutex, PoisonError};
use tungstenite::protocol::frame::Frame;
use tungstenite::protocol::frame::coding::{Data, OpCode};
use tungstenite::protocol::{Role, WebSocketContext};
use tungstenite::{Error, Message};

/// The open sockets of a puppet, by the number of their connection.
#[derive(Debug, Default)]
pub(super) struct Room {
    sockets: Mutex<Vec<(u64, TcpStream)>>,
}

impl Room {
    /// Grants a socket and takes it in at once, so that whoever knows of it hears every broadcast from then on.
    pub(super) fn enter(&self, connection: u64, stream: &TcpStream, grant: &[u8]) -> io::Result<()> {
        let mut stream = stream.try_clone()?;
        let mut sockets = self.lock();
        stream.write_all(grant)?;
        sockets.push((connection, stream));
        Ok(())
    }

    fn leave(&self, connection: u64) {
        self.lock().retain(|(other, _)| *other != connection);
    }

    /// Sends a text to one socket or to all.
    fn say(&self, text: &str, to: impl Fn(u64) -> bool) -> io::Result<()> {
        let mut bytes = Vec::new();
        let frame = Frame::message(text.to_owned(), OpCode::Data(Data::Text), true);
        frame.format(&mut bytes).map_err(io::Error::other)?;
        for (_, stream) in self.lock().iter().filter(|(connection, _)| to(*connection)) {
            // Who has gone meanwhile hears nothing.
            drop((&mut &*stream).write_all(&bytes));
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(u64, TcpStream)>> {
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Talks until one of the two ends it: a text with `"type": "broadcast"` goes to every socket, any other message comes back.
pub(super) fn talk(
    stream: &mut TcpStream,
    connection: u64,
    unread: Vec<u8>,
    stage: &Stage,
) -> io::Result<()> {
    let talked = answer_all(stream, connection, unread, stage);
    stage.room.leave(connection);
    talked
}

fn answer_all(stream: &mut TcpStream, connection: u64, unread: Vec<u8>, stage: &Stage) -> io::Result<()> {
    let mut context = WebSocketContext::from_partially_read(unread, Role::Server, None);
    while !stage.is_stopped() {
        match context.read(stream) {
            Ok(Message::Text(text)) if is_broadcast(&text) => stage.room.say(&text, |_| true)?,
            Ok(Message::Text(text)) => stage.room.say(&text, |other| other == connection)?,
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
