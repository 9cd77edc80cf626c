//! `compute_ms`: how long one loop takes in the language itself. One client, one request after the other; the first
//! ones do not count, because they may include compilation. Nothing about concurrency.

use crate::probe::kit::{Context, NoEvidence, first_failure};
use bakeoff_core::evidence::Observation;
use bakeoff_load::{Arrivals, Plan};
use std::time::Duration;

/// The size of the problem.
const N: u64 = 10_000;

/// The requests before those that count: one that may compile, and two that show how long one takes.
const FIRST: [u64; 2] = [1, 2];

/// The time that those that count take, in µs, unless their number is at its bounds.
const COUNTED_US: f64 = 400e3;

/// The bounds of their number.
const COUNTED: (f64, f64) = (2.0, 100.0);

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let [compiling, showing] = FIRST;
    drive(context, compiling)?;
    let about_us = drive(context, showing)?;
    let (fewest, most) = COUNTED;
    let mean_us = drive(context, (COUNTED_US / about_us).clamp(fewest, most) as u64)?;
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
