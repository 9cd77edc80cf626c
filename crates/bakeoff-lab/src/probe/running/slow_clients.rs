//! `slow_client_ms_p99`: the response time of light requests while many clients send one byte a second, over a bad line
//! or on purpose. A failed light request counts with the time until its failure, so that a server that responds to
//! nobody has its true, long time.

use crate::probe::kit::{Context, NoEvidence, first_failure};
use bakeoff_core::evidence::{Caution, Observation};
use bakeoff_load::SlowClients;
use std::time::Duration;

/// The number of slow clients.
const CLIENTS: usize = 200;

/// The time between two bytes of one slow client.
const EVERY: Duration = Duration::from_secs(1);

/// The pause after opening, in which the server accepts them all.
const SETTLE: Duration = Duration::from_millis(100);

/// The time of the light requests, and the timeout of each.
const TIME: Duration = Duration::from_millis(900);
const TIMEOUT: Duration = Duration::from_secs(2);

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let slow =
        SlowClients::start(context.server.target(), CLIENTS, EVERY).map_err(|error| error.to_string())?;
    context.pause(SETTLE);
    let light = context.drive_light_requests(TIME, TIMEOUT);
    let closed = slow.finish().closed;
    let light = light?;
    let mut times = light.response.clone();
    times
        .add(&light.failed)
        .map_err(|error| format!("the times do not merge: {error}"))?;
    if times.is_empty() {
        return Err(first_failure(&light).into());
    }
    let mut observation = Observation::new("slow_client_ms_p99", times.value_at_quantile(0.99) as f64 / 1e3);
    let failed = light.planned - light.correct;
    if failed > 0 {
        let reached = format!(
            "{failed} of {} light requests failed and count with the time until their failure",
            light.planned
        );
        observation.cautions.push(Caution::Partial { reached });
    }
    if closed > 0 {
        observation.note = Some(format!("the server closed {closed} of {CLIENTS} slow clients"));
    }
    Ok(vec![observation])
}
