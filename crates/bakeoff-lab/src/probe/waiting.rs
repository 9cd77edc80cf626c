//! `waiting_rps`: answers a second on a route that waits, with many clients that wait for them. What is still
//! waiting when the time ends is dropped, so this probe runs after those that want a server without work.

use super::NoEvidence;
use super::trial_table::Context;
use bakeoff_core::evidence::Observation;
use bakeoff_load::{Arrivals, LoadReport, Plan, Tick};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Clients that ask, wait and ask again.
const CLIENTS: usize = 256;

/// So many times longer it is waited for a first answer.
const PATIENCE: u32 = 4;

/// How often the clock is looked at.
const LOOK: Duration = Duration::from_millis(2);

/// Answers a second, without the error of counting whole waves in a time that is no multiple of theirs: where
/// every client was answered, by Little's law, clients over mean service time; else answers over the time to
/// the last of them.
fn rate_rps(report: &LoadReport) -> f64 {
    let (answers, service) = (report.correct as f64, &report.service);
    if report.correct >= CLIENTS as u64 {
        CLIENTS as f64 * 1e6 / service.mean().max(1.0)
    } else {
        answers * 1e6 / service.max().max(1) as f64
    }
}

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let time = Duration::from_secs_f64(context.shape.waiting_s);
    let plan = Plan {
        arrivals: Arrivals::Closed,
        connections: CLIENTS,
        duration: time * PATIENCE,
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
                    time * PATIENCE
                }
            };
            while began.elapsed() < limit() && !context.lab.interrupted() {
                thread::sleep(LOOK);
            }
            ended.store(true, Ordering::Relaxed);
        });
        bakeoff_load::run(context.server.target(), &mix, &plan, &mut watch, &ended)
    });
    let report = report.map_err(|error| error.to_string())?;
    if report.correct == 0 {
        return Err(super::first_failure(&report).into());
    }
    Ok(vec![super::observation("waiting_rps", rate_rps(&report))])
}
