//! A step over WebSockets: it sends a message or waits for one, in order. Strict about the order: the next message must
//! be the expected one.

use super::case::{Expected, Mismatch, RESPONSE_LIMIT, shortened};
use bakeoff_core::scenario::SocketStep;
use bakeoff_load::{BodyRule, FailureKind, Target, WebSocketClient, WebSocketMessage, check_message};
use std::collections::BTreeMap;

/// Opens the sockets that the messages use, and exchanges the messages.
pub(super) fn run(
    target: &Target,
    path: &str,
    headers: &[(String, String)],
    turns: &[SocketStep],
) -> Result<(), Mismatch> {
    let mut sent = format!("GET {path} with an upgrade to WebSocket");
    let count = turns.iter().map(|turn| turn.on + 1).max().unwrap_or_default();
    let mut sockets = Vec::new();
    while sockets.len() < count {
        let socket = WebSocketClient::open(target, path, headers, RESPONSE_LIMIT);
        sockets.push(socket.map_err(|failure| unanswered(&sent, failure))?);
    }
    for turn in turns {
        let socket = &mut sockets[turn.on];
        match message(turn) {
            Some(message) => {
                sent = format!("{} on socket {} of {path}", message.described(), turn.on);
                message
                    .send(socket)
                    .map_err(|failure| unanswered(&sent, failure))?;
            }
            None => {
                let received = socket
                    .receive(RESPONSE_LIMIT)
                    .map_err(|failure| unanswered(&sent, failure))?;
                check_received(turn, &received).map_err(|broken| Mismatch {
                    sent: sent.clone(),
                    expected: Expected::Rule(broken),
                    received: format!("{} on socket {}", shown(&received), turn.on),
                })?;
            }
        }
    }
    Ok(())
}

fn unanswered(sent: &str, (kind, reason): (FailureKind, String)) -> Mismatch {
    Mismatch {
        sent: sent.to_owned(),
        expected: Expected::Response,
        received: format!("{kind}: {reason}"),
    }
}

/// A message to send.
enum Message {
    Text(String),
    Binary(usize),
    Ping(String),
}

fn message(turn: &SocketStep) -> Option<Message> {
    let filled = turn.send_fill.as_ref().map(|fill| fill.text());
    let text = turn.send.clone().or(filled).map(Message::Text);
    let ping = turn.ping.clone().map(Message::Ping);
    text.or(turn.send_binary.map(Message::Binary)).or(ping)
}

impl Message {
    fn send(&self, socket: &mut WebSocketClient) -> Result<(), (FailureKind, String)> {
        match self {
            Self::Text(text) => socket.send_text(text),
            Self::Binary(bytes) => socket.send_binary(&vec![7; *bytes]),
            Self::Ping(text) => socket.ping(text.as_bytes()),
        }
    }

    fn described(&self) -> String {
        match self {
            Self::Text(text) => shortened(text),
            Self::Binary(bytes) => format!("a binary message of {bytes} bytes"),
            Self::Ping(text) => format!("a ping `{text}`"),
        }
    }
}

/// Checks a received message against the expected one.
fn check_received(turn: &SocketStep, received: &WebSocketMessage) -> Result<(), String> {
    match (turn, received) {
        (
            SocketStep {
                closed: Some(code), ..
            },
            WebSocketMessage::Closed { code: Some(got), .. },
        ) if got == code => Ok(()),
        (
            SocketStep {
                closed: Some(code), ..
            },
            _,
        ) => Err(format!("the socket is closed with {code}")),
        (SocketStep { pong: Some(text), .. }, WebSocketMessage::Pong(bytes)) if bytes == text.as_bytes() => {
            Ok(())
        }
        (SocketStep { pong: Some(text), .. }, _) => Err(format!("a pong `{text}`")),
        (turn, WebSocketMessage::Text(text)) => {
            let mut rules: Vec<BodyRule> = turn.json.iter().cloned().map(BodyRule::Json).collect();
            rules.extend(turn.json_at.iter().map(|(pointer, value)| BodyRule::JsonAt {
                pointer: pointer.clone(),
                value: value.clone(),
            }));
            check_message(&rules, text, &BTreeMap::new())
        }
        _ => Err("a text message".to_owned()),
    }
}

fn shown(received: &WebSocketMessage) -> String {
    match received {
        WebSocketMessage::Text(text) => shortened(text),
        WebSocketMessage::Binary(bytes) => format!("a binary message of {} bytes", bytes.len()),
        WebSocketMessage::Pong(bytes) => format!("a pong `{}`", String::from_utf8_lossy(bytes)),
        WebSocketMessage::Closed { code, reason } => {
            let code = code.map_or("no code".to_owned(), |code| code.to_string());
            format!("the end of the socket with {code} {reason}")
                .trim_end()
                .to_owned()
        }
    }
}
