//! `slow_client_ms_p99`: what light requests suffer while many clients send theirs one byte a second, as over a bad line or on purpose. A light request
//! that fails stands among the times at its age, so that a server that answers nobody has its true, long time.

use super::NoEvidence;
use super::light;
use super::pause::pause;
use super::trial_table::Context;
use bakeoff_core::evidence::{Caution, Observation};
use bakeoff_load::SlowClients;
use std::time::Duration;

/// How many drip.
const CLIENTS: usize = 200;

/// Between two bytes of one of them.
const EVERY: Duration = Duration::from_secs(1);

/// For the server to have them all.
const SETTLE: Duration = Duration::from_millis(100);

/// How long the light requests are driven, and after how long each is given up.
const TIME: Duration = Duration::from_millis(900);
const TIMEOUT: Duration = Duration::from_secs(2);

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let slow =
        SlowClients::start(context.server.target(), CLIENTS, EVERY).map_err(|error| error.to_string())?;
    pause(context, SETTLE);
    let light = light::drive(context, TIME, TIMEOUT);
    let closed = slow.finish().closed;
    let light = light?;
    let mut times = light.response.clone();
    times
        .add(&light.failed)
        .map_err(|error| format!("the times do not merge: {error}"))?;
    if times.is_empty() {
        return Err(super::first_failure(&light).into());
    }
    let mut observation = Observation::new("slow_client_ms_p99", times.value_at_quantile(0.99) as f64 / 1e3);
    let failed = light.planned - light.correct;
    if failed > 0 {
        let reached = format!(
            "{failed} of {} light requests failed, and count with the time until then",
            light.planned
        );
        observation.cautions.push(Caution::Partial { reached });
    }
    if closed > 0 {
        observation.note = Some(format!(
            "{closed} of {CLIENTS} slow clients were closed meanwhile"
        ));
    }
    Ok(vec![observation])
}
