//! `compute_ms`: how long one loop takes in the language itself. One client, one request after the other; the first
//! does not count, because it may include compilation. Nothing about concurrency.

use crate::probe::kit::{Context, NoEvidence, first_failure};
use bakeoff_core::evidence::Observation;
use bakeoff_load::{Arrivals, Plan};
use std::time::Duration;

/// The size of the problem.
const N: u64 = 10_000;

/// The number of requests that count.
const REQUESTS: u64 = 2;

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    drive(context, 1)?;
    let mean_us = drive(context, REQUESTS)?;
    Ok(vec![Observation::new("compute_ms", mean_us / 1e3)])
}

/// The mean service time of that many requests, in µs.
fn drive(context: &Context<'_>, requests: u64) -> Result<f64, String> {
    let plan = Plan {
        arrivals: Arrivals::Closed,
        connections: 1,
        duration: Duration::from_secs(20),
        timeout: Duration::from_secs(20),
        seed: context.seed,
        cores: context.lab.cores.generator.clone(),
        max_requests: Some(requests),
        ..Plan::default()
    };
    let mix = [context.computing(N)?];
    let report = context.drive(&mix, &plan)?;
    if report.correct == requests {
        Ok(report.service.mean())
    } else {
        Err(first_failure(&report))
    }
}
