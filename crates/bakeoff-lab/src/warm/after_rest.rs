//! What the first second after a rest costs, before anything wakes the server: what users with quiet nights and short
//! bursts meet. It neither waits for the rest nor wakes the server.

use super::driver::Driver;
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::server::Server;
use bakeoff_core::evidence::{Fault, Observation, SettledLevel};

/// `after_rest_ratio`: CPU time a request in the first second after a rest ÷ that of the settled level, at the same
/// rate; none without a response. The second begins with new connections, as users come back. Waking restores the rows.
///
/// # Errors
/// As of [`super::waking::wake`].
pub(crate) fn first_second_after_rest(
    lab: &Lab<'_>,
    prepared: &Prepared,
    server: &Server,
    seed: u64,
    level: &SettledLevel,
) -> Result<Option<Observation>, Fault> {
    let mix = lab.mix(prepared)?;
    let mut driver = Driver::new(lab, prepared, server, seed);
    let cost_us = driver.first_second(&mix, level.rate_rps)?;
    Ok(cost_us.map(|cost_us| Observation {
        note: Some(format!(
            "{cost_us:.0} µs of CPU time a request in the first second, settled at {:.0} µs",
            level.cpu_us
        )),
        ..Observation::new("after_rest_ratio", cost_us / level.cpu_us)
    }))
}
