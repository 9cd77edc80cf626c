//! `crash_recovery_ms` and `crash_lost`: the probe kills a serving process under the brief's load. The launch at its
//! end loses it where the brief has several cores, else a server of the probe's own with two processes, so that others
//! can go on; CPU time tells workers from the others. Where one process is all there is, the service is down and the
//! lab does not restart it: no evidence, with that reason.

use crate::probe::kit::{Context, IDLE_LIMIT, NoEvidence, service_level};
use crate::server::{Server, Setup};
use bakeoff_core::evidence::{Caution, Observation, Obstacle};
use bakeoff_load::{Arrivals, Keep, LoadReport, Plan, RequestRecord};
use nix::sys::signal::Signal;
use std::time::{Duration, Instant};

/// The fewest worker processes.
const MIN_WORKERS: u32 = 2;

/// Load before the measured time, which warms cold processes up.
const WARM: Duration = Duration::from_millis(400);

/// The time over which CPU use is compared to find a worker.
const WATCHED: Duration = Duration::from_millis(200);

/// The load after the kill.
const AFTER: Duration = Duration::from_millis(1_600);

/// A process below this share of the busiest one's CPU time is no worker.
const WORKER_SHARE: f64 = 0.1;

/// The kill of a worker.
struct Kill {
    at: Instant,
    processes_before: usize,
}

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let workers = context.lab.config.brief.load.cores;
    if workers >= MIN_WORKERS {
        return observe_crash(context, context.server, workers);
    }
    let setup = Setup {
        workers: MIN_WORKERS,
        ..Setup::of_the_brief(context.lab)
    };
    let server = context.start(&setup)?;
    observe_crash(context, &server, MIN_WORKERS)
}

/// Kills one of the server's processes and observes what follows.
fn observe_crash(
    context: &Context<'_>,
    server: &Server,
    workers: u32,
) -> Result<Vec<Observation>, NoEvidence> {
    // The first response may come from the first process; a kill before the others are ready would take the service
    // down.
    server.wait_until_idle(context.lab, IDLE_LIMIT);
    let (report, kill) = kill_under_load(context, server)?;
    let processes_after = server.process().cpu_by_member().len();
    let kill_s = kill.at.duration_since(report.begun).as_secs_f64();
    let slo = &context.lab.config.brief.load.slo;
    let recovered_s =
        service_level::recovered_after(&report.requests, kill_s, kill_s + AFTER.as_secs_f64(), slo);
    let replaced = processes_after >= kill.processes_before;
    let mut recovery = Observation::new(
        "crash_recovery_ms",
        recovered_s.filter(|_| replaced).unwrap_or(AFTER.as_secs_f64()) * 1e3,
    );
    let missing = match (recovered_s, replaced) {
        (Some(_), true) => None,
        (_, false) => Some("no process replaced the killed one"),
        (None, true) => Some("the service level did not recover"),
    };
    if let Some(missing) = missing {
        let reached = format!(
            "{missing} within {} s, the time that the probe waited",
            AFTER.as_secs_f64()
        );
        recovery.cautions.push(Caution::Partial { reached });
    }
    recovery.note = Some(format!("one of {workers} processes killed"));
    let lost = Observation {
        note: recovery.note.clone(),
        ..Observation::new("crash_lost", lost(&report.requests, kill_s) as f64)
    };
    Ok(vec![recovery, lost])
}

/// Requests after the kill without a correct response.
fn lost(endings: &[RequestRecord], kill_s: f64) -> usize {
    endings
        .iter()
        .filter(|ending| ending.at_s >= kill_s && ending.failed.is_some())
        .count()
}

/// Drives the brief's load and kills the busiest worker in it.
fn kill_under_load(context: &Context<'_>, server: &Server) -> Result<(LoadReport, Kill), NoEvidence> {
    let load = &context.lab.config.brief.load;
    let plan = Plan {
        arrivals: Arrivals::Poisson {
            rate_rps: load.peak_rps,
        },
        connections: load.connections_at(load.peak_rps) as usize,
        warm: WARM,
        duration: WATCHED + AFTER + Duration::from_millis(100),
        timeout: service_level::timeout(&load.slo),
        seed: context.seed,
        cores: context.lab.cores.generator.clone(),
        keep: Keep::Each,
        ..Plan::default()
    };
    let mix = context.fresh_mix()?;
    let driven = context.drive_while(server, &mix, &plan, || kill_busiest(context, server));
    let (report, kill) = driven.map_err(|reason| NoEvidence::of(server, &reason))?;
    Ok((report, kill.ok_or_else(|| without_worker(server))?))
}

/// Why no process below the root served: the server ended or was stopped, or the root alone serves.
fn without_worker(server: &Server) -> NoEvidence {
    if server.process().exited().is_some() || server.limit_violation().is_some() {
        NoEvidence::of(server, "it ended before a process was killed")
    } else {
        NoEvidence::from(Obstacle::OneProcess)
    }
}

/// Kills the process below the root that used most CPU time while it watched; none where the root alone serves.
fn kill_busiest(context: &Context<'_>, server: &Server) -> Option<Kill> {
    context.pause(WARM);
    let before = server.process().cpu_by_member();
    context.pause(WATCHED);
    let after = server.process().cpu_by_member();
    let used = |pid: i32, now_s: f64| {
        let then = before.iter().find(|(stat, _)| stat.pid == pid);
        now_s - then.map_or(0.0, |(_, then_s)| *then_s)
    };
    let most_s = after
        .iter()
        .map(|(stat, now_s)| used(stat.pid, *now_s))
        .fold(0.0, f64::max);
    let programs = server.process().programs();
    let worker = after
        .iter()
        .filter(|(stat, _)| !programs.contains(&stat.pid))
        .max_by(|(a, a_s), (b, b_s)| used(a.pid, *a_s).total_cmp(&used(b.pid, *b_s)))
        .filter(|(stat, now_s)| most_s > 0.0 && used(stat.pid, *now_s) >= WORKER_SHARE * most_s);
    let (worker, _) = worker?;
    let at = Instant::now();
    server.process().signal(worker.pid, Signal::SIGKILL);
    Some(Kill {
        at,
        processes_before: after.len(),
    })
}
