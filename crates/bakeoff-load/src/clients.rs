//! Clients that are no load: a single request, connections that stay open and idle, clients that are slow on purpose,
//! one WebSocket, and a fleet of thousands. They use the same wire as the load; all but the fleet block, and none
//! follows a plan or records latencies of a load.

pub(crate) mod blocking;
pub(crate) mod fleet;
pub(crate) mod idle;
pub(crate) mod once;
pub(crate) mod reach;
pub(crate) mod slow;
pub(crate) mod websocket_client;
