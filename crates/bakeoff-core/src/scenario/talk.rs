//! What is said on the WebSockets of a case, turn by turn. Deliberately data only: speaking is the lab's work.

use super::BodyFill;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One turn of a talk: exactly one thing is sent, or one is awaited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Turn {
    /// On which socket, from 0. All that a talk names are open before the first turn.
    pub on: usize,
    /// Sends a text message.
    pub send: Option<String>,
    /// Sends a long text message, described.
    pub send_fill: Option<BodyFill>,
    /// Sends a binary message of so many bytes.
    pub send_binary: Option<usize>,
    /// Sends a ping with this text.
    pub ping: Option<String>,
    /// Awaits a text message that is this as data.
    pub json: Option<String>,
    /// Awaits a text message with these values: JSON pointer to value.
    pub json_at: BTreeMap<String, String>,
    /// Awaits a pong with this text.
    pub pong: Option<String>,
    /// Awaits that the server closes the socket with this code.
    pub closed: Option<u16>,
}

impl Turn {
    /// The keys that are set, `on` aside.
    #[must_use]
    pub fn kinds(&self) -> Vec<&'static str> {
        super::set([
            ("send", self.send.is_some()),
            ("send_fill", self.send_fill.is_some()),
            ("send_binary", self.send_binary.is_some()),
            ("ping", self.ping.is_some()),
            ("json", self.json.is_some()),
            ("json_at", !self.json_at.is_empty()),
            ("pong", self.pong.is_some()),
            ("closed", self.closed.is_some()),
        ])
    }
}
