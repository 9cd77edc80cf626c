//! `waiting_rps`: responses a second on a route that waits, with many clients in a closed loop. It drops requests that
//! still wait when the time ends, so it runs after all probes that need an idle server.

use crate::probe::kit::{Context, NoEvidence, first_failure};
use bakeoff_core::evidence::Observation;
use bakeoff_load::{Arrivals, LoadReport, Plan, Tick};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The time in the shortest trial, and the share of each further second of load.
const LEAST: Duration = Duration::from_millis(350);
const SHARE: f64 = 0.2;

/// The number of clients.
const CLIENTS: usize = 256;

/// Until the first response, the probe waits this many times its length.
const FIRST_RESPONSE_FACTOR: u32 = 4;

/// The polling interval of the clock.
const POLL: Duration = Duration::from_millis(2);

/// Responses a second, without the error of counting whole waves in a time that is no multiple of theirs: when every
/// client had a response, clients over mean service time (Little's law), else responses over the time to the last one.
fn rate_rps(report: &LoadReport) -> f64 {
    let (responses, service) = (report.correct as f64, &report.service);
    if report.correct >= CLIENTS as u64 {
        CLIENTS as f64 * 1e6 / service.mean().max(1.0)
    } else {
        responses * 1e6 / service.max().max(1) as f64
    }
}

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let time = context.time(LEAST, SHARE);
    let plan = Plan {
        arrivals: Arrivals::Closed,
        connections: CLIENTS,
        duration: time * FIRST_RESPONSE_FACTOR,
        timeout: Duration::from_secs(30),
        seed: context.seed,
        cores: context.lab.cores.generator.clone(),
        ..Plan::default()
    };
    let mix = context.lab.request("wait")?;
    let (ended, answered) = (AtomicBool::new(false), AtomicBool::new(false));
    let mut watch = |tick: &Tick| answered.store(tick.correct_total > 0, Ordering::Relaxed);
    let report = thread::scope(|scope| {
        scope.spawn(|| {
            let began = Instant::now();
            let limit = || {
                if answered.load(Ordering::Relaxed) {
                    time
                } else {
                    time * FIRST_RESPONSE_FACTOR
                }
            };
            while began.elapsed() < limit() && !context.lab.interrupted() {
                thread::sleep(POLL);
            }
            ended.store(true, Ordering::Relaxed);
        });
        bakeoff_load::run(context.server.target(), &mix, &plan, &mut watch, &ended)
    });
    let report = report.map_err(|error| error.to_string())?;
    if report.correct == 0 {
        return Err(first_failure(&report).into());
    }
    Ok(vec![Observation::new("waiting_rps", rate_rps(&report))])
}
