//! `drain_lost`: what is lost when the server is told to stop under the brief's load, as every deployment does. Only what had reached it counts: a
//! connection that is refused goes to another instance. It is the trial's own server, warm as one is that is replaced in production, and so the last probe.

use super::NoEvidence;
use super::level;
use super::pause::pause;
use super::trial_table::Context;
use bakeoff_core::evidence::{Caution, Observation};
use bakeoff_load::{Arrivals, FailureKind, Keep, LoadReport, Plan, RequestRecord, send_once};
use nix::sys::signal::Signal;
use std::thread;
use std::time::{Duration, Instant};

/// Load before the measured time.
const WARM: Duration = Duration::from_millis(100);

/// From then until it is told.
const UNTIL_TOLD: Duration = Duration::from_millis(300);

/// How long load goes on after that.
const AFTER: Duration = Duration::from_millis(300);

/// How long the server may take to end: as long as `docker stop` waits before it kills. Gunicorn's threaded workers keep connections
/// that clients hold open for 2 s more, so that a request that is on its way is answered.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long it may take until the clients of an earlier probe, which are gone, have been served.
const UNTIL_FREE: Duration = Duration::from_secs(5);

/// How often it is looked whether it has ended.
const LOOK: Duration = Duration::from_millis(5);

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    // Whoever is asked in the order of arrival answers this when nobody waits any more.
    let free = send_once(context.server.target(), "GET", "/health", &[], None, UNTIL_FREE);
    free.map_err(|(kind, reason)| format!("before it was told to stop: {kind}: {reason}"))?;
    let Told { report, told, ended } = tell_under_load(context)?;
    let told_s = told.duration_since(report.begun).as_secs_f64();
    let before = report.requests.iter().filter(|ending| ending.at_s < told_s);
    if before.filter(|ending| ending.failed.is_none()).count() == 0 {
        return Err(super::first_failure(&report).into());
    }
    let mut observation = Observation::new("drain_lost", lost(&report.requests, told_s) as f64);
    match ended {
        Some(took) => observation.note = Some(format!("ended {} ms after it was told", took.as_millis())),
        None => {
            let reached = format!(
                "had not ended {} s after it was told, and was killed",
                PATIENCE.as_secs()
            );
            observation.cautions.push(Caution::Partial { reached });
        }
    }
    Ok(vec![observation])
}

/// Requests that failed from then on for another reason than that no connection was to be had.
fn lost(endings: &[RequestRecord], told_s: f64) -> usize {
    endings
        .iter()
        .filter(|ending| ending.at_s >= told_s)
        .filter(|ending| ending.failed.is_some_and(|kind| kind != FailureKind::Connect))
        .count()
}

/// The brief's load, when in it the server was told to stop, and how long after that it ended, if it did.
struct Told {
    report: LoadReport,
    told: Instant,
    ended: Option<Duration>,
}

fn tell_under_load(context: &Context<'_>) -> Result<Told, String> {
    let load = &context.lab.config.brief.load;
    let plan = Plan {
        arrivals: Arrivals::Poisson {
            rate_rps: load.peak_rps,
        },
        connections: level::connections(load.peak_rps, &load.slo),
        warm: WARM,
        duration: UNTIL_TOLD + AFTER,
        timeout: level::patience(&load.slo),
        seed: context.seed,
        cores: context.lab.cores.generator.clone(),
        keep: Keep::Each,
        ..Plan::default()
    };
    let mix = context.lab.whole_mix();
    let server = context.server;
    thread::scope(|scope| {
        let load = scope
            .spawn(|| bakeoff_load::run(server.target(), &mix, &plan, &mut |_| {}, context.lab.config.stop));
        pause(context, WARM + UNTIL_TOLD);
        let told = Instant::now();
        server.process().signal(server.process().pid(), Signal::SIGTERM);
        let ended = wait_for_its_end(context, told);
        let report = load.join().map_err(|_| "the load panicked".to_owned())?;
        let report = report.map_err(|error| error.to_string())?;
        Ok(Told { report, told, ended })
    })
}

/// How long after it was told the server ended; none when it did not.
fn wait_for_its_end(context: &Context<'_>, told: Instant) -> Option<Duration> {
    while told.elapsed() < PATIENCE && !context.lab.interrupted() {
        if context.server.process().exited().is_some() {
            return Some(told.elapsed());
        }
        thread::sleep(LOOK);
    }
    None
}
