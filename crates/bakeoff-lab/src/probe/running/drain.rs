//! `drain_lost`: the requests that are lost when the server gets SIGTERM under the brief's load, as in every
//! deployment. Only requests that had reached the server count: a refused connection goes to another instance. The
//! probe stops the launch itself, warm as one in production, and therefore runs at its end.

use crate::probe::kit::{Context, NoEvidence, first_failure, service_level};
use bakeoff_core::evidence::{Caution, Observation};
use bakeoff_load::{Arrivals, FailureKind, Keep, LoadReport, Plan, RequestRecord};
use nix::sys::signal::Signal;
use std::thread;
use std::time::{Duration, Instant};

/// Load before the measured time.
const WARM: Duration = Duration::from_millis(100);

/// The load from then until the signal.
const BEFORE: Duration = Duration::from_millis(300);

/// The load after the signal.
const AFTER: Duration = Duration::from_millis(300);

/// How long the server may take to exit: `docker stop` waits as long before it kills. Gunicorn's threaded workers keep
/// clients' open connections for 2 s, so that they can serve a request that is on its way.
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// How long the server may still serve the clients of an earlier probe, which are gone.
const FREE_LIMIT: Duration = Duration::from_secs(5);

/// The polling interval for the server's exit.
const POLL: Duration = Duration::from_millis(5);

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    // A server that works in the order of arrival responds to this when no earlier client waits any more.
    let server = context.server;
    let free = server.health().ask(server.target(), FREE_LIMIT);
    free.map_err(|(kind, reason)| format!("before SIGTERM: {kind}: {reason}"))?;
    let Stopped {
        report,
        signalled,
        exited,
    } = stop_under_load(context)?;
    let signal_s = signalled.duration_since(report.begun).as_secs_f64();
    let before = report.requests.iter().filter(|ending| ending.at_s < signal_s);
    if before.filter(|ending| ending.failed.is_none()).count() == 0 {
        return Err(first_failure(&report).into());
    }
    let mut observation = Observation::new("drain_lost", lost(&report.requests, signal_s) as f64);
    match exited {
        Some(took) => observation.note = Some(format!("exited {} ms after SIGTERM", took.as_millis())),
        None => {
            let reached = format!(
                "had not exited {} s after SIGTERM, and was killed",
                STOP_LIMIT.as_secs()
            );
            observation.cautions.push(Caution::Partial { reached });
        }
    }
    Ok(vec![observation])
}

/// Requests that failed after the signal for another reason than a refused connection.
fn lost(endings: &[RequestRecord], signal_s: f64) -> usize {
    endings
        .iter()
        .filter(|ending| ending.at_s >= signal_s)
        .filter(|ending| ending.failed.is_some_and(|kind| kind != FailureKind::Connect))
        .count()
}

/// The load, the instant of the signal, and the time from there to the exit, if the server exited.
struct Stopped {
    report: LoadReport,
    signalled: Instant,
    exited: Option<Duration>,
}

fn stop_under_load(context: &Context<'_>) -> Result<Stopped, String> {
    let load = &context.lab.config.brief.load;
    let plan = Plan {
        arrivals: Arrivals::Poisson {
            rate_rps: load.peak_rps,
        },
        connections: load.connections_at(load.peak_rps) as usize,
        warm: WARM,
        duration: BEFORE + AFTER,
        timeout: service_level::timeout(&load.slo),
        seed: context.seed,
        cores: context.lab.cores.generator.clone(),
        keep: Keep::Each,
        ..Plan::default()
    };
    let server = context.server;
    let stop = || {
        context.pause(WARM + BEFORE);
        let signalled = Instant::now();
        server.process().signal(server.process().pid(), Signal::SIGTERM);
        (signalled, wait_for_exit(context, signalled))
    };
    let mix = context.fresh_mix()?;
    let (report, (signalled, exited)) = context.drive_while(server, &mix, &plan, stop)?;
    Ok(Stopped {
        report,
        signalled,
        exited,
    })
}

/// The time from the signal to the server's exit; none when it did not exit in time.
fn wait_for_exit(context: &Context<'_>, signalled: Instant) -> Option<Duration> {
    while signalled.elapsed() < STOP_LIMIT && !context.lab.interrupted() {
        if context.server.process().exited().is_some() {
            return Some(signalled.elapsed());
        }
        thread::sleep(POLL);
    }
    None
}
