//! WebSockets (RFC 6455) over any stream, blocking or not: the opening handshake, the socket, and the exchange of one
//! message for a request of a load. Framing is tungstenite's; clients that hold WebSockets are in [`crate::clients`].

pub(crate) mod exchange;
pub(crate) mod opening;
pub(crate) mod socket;
