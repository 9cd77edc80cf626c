//! Light requests at an even rate, whatever else happens to the server: the scenario `json`. Deliberately no metric of its own: what they suffer
//! from is the matter of the probes that use them.

use super::trial_table::Context;
use bakeoff_load::{Arrivals, LoadReport, Plan};
use std::time::Duration;

/// Light requests a second.
const RATE_RPS: f64 = 200.0;

/// Their connections.
const CONNECTIONS: usize = 16;

/// Drives them for `time`, each given up after `timeout`.
pub(super) fn drive(context: &Context<'_>, time: Duration, timeout: Duration) -> Result<LoadReport, String> {
    let plan = Plan {
        arrivals: Arrivals::Constant { rate_rps: RATE_RPS },
        connections: CONNECTIONS,
        duration: time,
        warm: Duration::from_millis(100),
        timeout,
        seed: context.seed,
        cores: context.lab.cores.generator.clone(),
        ..Plan::default()
    };
    super::drive(context, &context.lab.request("json")?, &plan)
}
