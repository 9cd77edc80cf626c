//! `socket_fanout_ms_p99`: how long a message takes to each of 1,000 WebSocket clients. One message after the other,
//! the next when the one before has arrived everywhere; a client that a message does not reach counts with the timeout.
//! A server of its own, the same for all contenders, with threads for all clients, because in some servers an open
//! socket holds a thread.

use crate::probe::kit::{Context, NoEvidence};
use crate::server::{Server, Setup};
use bakeoff_core::evidence::{Caution, Observation};
use bakeoff_load::{WebSocketFleet, histogram};
use std::time::{Duration, Instant};

/// The number of clients.
const CLIENTS: usize = 1_000;

/// Threads of the server: one for each client, and some for other requests.
const THREADS: u32 = 1_100;

/// The pause after opening: the server registers a client a moment after its socket is open.
const SETTLE: Duration = Duration::from_millis(200);

/// How long messages are sent, and the least number of messages.
const TIME: Duration = Duration::from_millis(500);
const MIN_MESSAGES: u32 = 3;

/// After this time a message counts as missed.
const TIMEOUT: Duration = Duration::from_secs(2);

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let setup = Setup {
        threads: THREADS,
        ..Setup::of_the_brief(context.lab)
    };
    let server = context.start(&setup)?;
    let observation = measure(context, &server);
    Ok(vec![
        observation.map_err(|reason| NoEvidence::of(&server, &reason))?,
    ])
}

/// Opens the sockets and broadcasts messages to them.
fn measure(context: &Context<'_>, server: &Server) -> Result<Observation, String> {
    let broken = |error: bakeoff_load::LoadError| error.to_string();
    let mut fleet = WebSocketFleet::open(server.target(), "/socket", CLIENTS).map_err(broken)?;
    fleet.hold(SETTLE).map_err(broken)?;
    let mut times = histogram::empty();
    let (mut sent, mut missed) = (0_u32, 0_usize);
    let began = Instant::now();
    while (sent < MIN_MESSAGES || began.elapsed() < TIME) && !context.lab.interrupted() {
        let text = format!(
            "{{\"type\":\"broadcast\",\"data\":\"message {sent} of {}\"}}",
            context.seed
        );
        let broadcast = fleet.broadcast(&text, TIMEOUT).map_err(broken)?;
        times
            .add(&broadcast.latency)
            .map_err(|error| format!("the times do not merge: {error}"))?;
        times.saturating_record_n(TIMEOUT.as_micros() as u64, broadcast.missed as u64);
        (sent, missed) = (sent + 1, missed + broadcast.missed);
    }
    let mut observation = Observation {
        note: Some(format!(
            "{sent} messages to {CLIENTS} clients; the server may use {THREADS} threads"
        )),
        ..Observation::new("socket_fanout_ms_p99", times.value_at_quantile(0.99) as f64 / 1e3)
    };
    if missed > 0 {
        let reached = format!(
            "{missed} of {} messages did not arrive within {} s and count with that time",
            u64::from(sent) * CLIENTS as u64,
            TIMEOUT.as_secs()
        );
        observation.cautions.push(Caution::Partial { reached });
    }
    Ok(observation)
}
