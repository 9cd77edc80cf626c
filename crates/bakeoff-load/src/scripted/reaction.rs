//! The reaction of a scripted server to one request: a list of steps, and the usual lists. Nothing is sent here.

use crate::scripted::received::ReceivedRequest;
use std::time::Duration;
use tungstenite::handshake::derive_accept_key;

/// One thing that a scripted server does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Does nothing until this long after the previous step was due; the first counts from the request's arrival.
    Wait(Duration),
    /// Sends bytes.
    Send(Vec<u8>),
    /// Sends this many bytes of [the pattern](crate::pattern_byte), a piece at a time.
    Pattern(u64),
    /// Sends bytes one by one, with a pause after each.
    Drip {
        /// The bytes.
        bytes: Vec<u8>,
        /// The pause.
        every: Duration,
    },
    /// Sends these bytes, which grant a WebSocket, and serves it until the client ends it: a text with
    /// `"type": "broadcast"` goes to every open WebSocket of the server, any other is echoed.
    WebSocket(Vec<u8>),
    /// Reads and discards all that comes, until the client ends the connection.
    Ignore,
    /// Closes the sending half, and still reads.
    HalfClose,
    /// Closes the connection.
    Close,
    /// Resets the connection.
    Reset,
}

/// What a scripted server does to one request. Without any step the request gets no response.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reaction {
    /// The steps, in their order.
    pub steps: Vec<Step>,
}

impl Reaction {
    /// Never responds.
    pub fn silence() -> Self {
        Self::default()
    }

    /// A correct response: status 200 with a JSON body.
    pub fn ok() -> Self {
        Self::response(200, "application/json", "{\"message\":\"ok\"}")
    }

    /// A whole response with a `Content-Length`.
    pub fn response(status: u16, content_type: &str, body: &str) -> Self {
        Self::raw(format!(
            "HTTP/1.1 {status} Scripted\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ))
    }

    /// Grants the WebSocket that the request opens, and sends nothing more.
    pub fn upgrade(request: &ReceivedRequest) -> Self {
        Self::raw(grant(request))
    }

    /// Grants the WebSocket that the request opens, and echoes and broadcasts.
    pub fn websocket(request: &ReceivedRequest) -> Self {
        Self::default().then(Step::WebSocket(grant(request).into_bytes()))
    }

    /// Any bytes.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            steps: vec![Step::Send(bytes.into())],
        }
    }

    /// Waits before everything else.
    #[must_use]
    pub fn after(mut self, span: Duration) -> Self {
        self.steps.insert(0, Step::Wait(span));
        self
    }

    /// Adds a step at the end.
    #[must_use]
    pub fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Sends the same bytes one by one.
    #[must_use]
    pub fn dripping(mut self, every: Duration) -> Self {
        for step in &mut self.steps {
            if let Step::Send(bytes) = step {
                *step = Step::Drip {
                    bytes: std::mem::take(bytes),
                    every,
                };
            }
        }
        self
    }
}

/// The response that grants the WebSocket which the request opens.
fn grant(request: &ReceivedRequest) -> String {
    let key = request.header("sec-websocket-key").unwrap_or_default();
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: {}\r\n\r\n",
        derive_accept_key(key.as_bytes())
    )
}
