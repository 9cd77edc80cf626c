//! What a puppet does to one request, as a list of steps; and the usual lists.

use super::Asked;
use std::time::Duration;
use tungstenite::handshake::derive_accept_key;

/// One thing that a puppet does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Does nothing until so long after the step before was due; the first counts from the request's arrival.
    Wait(Duration),
    /// Sends bytes.
    Send(Vec<u8>),
    /// Sends [the pattern](crate::pattern_byte), so many bytes of it, a window at a time.
    Pattern(u64),
    /// Sends bytes one by one, with a pause after each.
    Drip {
        /// The bytes.
        bytes: Vec<u8>,
        /// The pause.
        every: Duration,
    },
    /// Sends these bytes, which grant a WebSocket, and speaks it from then on, until the client ends it: a text with `"type": "broadcast"` goes to every open socket of the
    /// puppet, any other comes back.
    Talk(Vec<u8>),
    /// Reads whatever comes and does nothing with it, until the client ends the connection.
    Ignore,
    /// Sends no more, and still reads.
    HalfClose,
    /// Closes the connection.
    Close,
    /// Resets the connection.
    Reset,
}

/// What a puppet does to one request. Doing nothing at all leaves the request without an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Act {
    /// The steps, in their order.
    pub steps: Vec<Step>,
}

impl Act {
    /// Never answers.
    pub fn silence() -> Self {
        Self::default()
    }

    /// A right answer: status 200 with a JSON body.
    pub fn ok() -> Self {
        Self::answer(200, "application/json", "{\"message\":\"ok\"}")
    }

    /// A whole answer with a `Content-Length`.
    pub fn answer(status: u16, content_type: &str, body: &str) -> Self {
        Self::raw(format!(
            "HTTP/1.1 {status} Puppet\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ))
    }

    /// Grants the WebSocket that was asked for, and says no more.
    pub fn upgrade(asked: &Asked) -> Self {
        Self::raw(grant(asked))
    }

    /// Grants the WebSocket that was asked for, and echoes and broadcasts.
    pub fn socket(asked: &Asked) -> Self {
        Self::default().then(Step::Talk(grant(asked).into_bytes()))
    }

    /// Any bytes.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            steps: vec![Step::Send(bytes.into())],
        }
    }

    /// Waits first.
    #[must_use]
    pub fn after(mut self, span: Duration) -> Self {
        self.steps.insert(0, Step::Wait(span));
        self
    }

    /// Does this besides, at the end.
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

/// The answer that grants the WebSocket which was asked for.
fn grant(asked: &Asked) -> String {
    let key = asked.header("sec-websocket-key").unwrap_or_default();
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: {}\r\n\r\n",
        derive_accept_key(key.as_bytes())
    )
}
