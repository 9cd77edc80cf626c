//! The messages of a case's WebSockets, step by step. Data only: the lab sends and receives them.

use super::fill::BodyFill;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One step: exactly one thing is sent, or one is awaited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SocketStep {
    /// On which socket, from 0. All sockets of the case are open before the first step.
    pub on: usize,
    /// Sends a text message.
    pub send: Option<String>,
    /// Sends a long text message, described.
    pub send_fill: Option<BodyFill>,
    /// Sends a binary message of this many bytes.
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

impl SocketStep {
    /// The keys that are set, `on` aside.
    #[must_use]
    pub fn kinds(&self) -> Vec<&'static str> {
        set([
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

/// The keys that are set.
pub(super) fn set<const N: usize>(keys: [(&'static str, bool); N]) -> Vec<&'static str> {
    keys.into_iter()
        .filter(|(_, is_set)| *is_set)
        .map(|(key, _)| key)
        .collect()
}
