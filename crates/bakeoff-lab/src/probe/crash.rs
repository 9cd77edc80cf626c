//! `crash_recovery_ms` and `crash_lost`: the process that serves is killed under the brief's load. Two processes serve, or as many as the brief has
//! cores, so that there is somebody to go on; which of them is the worker is told by the CPU time that they use. Where one process is all there
//! is, the service is down, and the lab does not start it again: no evidence, with that reason.

use super::NoEvidence;
use super::level;
use super::pause::{pause, until_at_rest};
use super::trial_table::Context;
use crate::server::Server;
use bakeoff_core::evidence::{Caution, Observation};
use bakeoff_load::{Arrivals, Keep, LoadReport, Plan, RequestRecord};
use nix::sys::signal::Signal;
use std::thread;
use std::time::{Duration, Instant};

/// The fewest processes that serve.
const FEWEST_WORKERS: u32 = 2;

/// Load before the measured time, in which cold processes warm.
const WARM: Duration = Duration::from_millis(400);

/// How long it is watched who works.
const WATCHED: Duration = Duration::from_millis(200);

/// How long load goes on after the kill.
const AFTER: Duration = Duration::from_millis(1_600);

/// A process below this share of the busiest one's CPU time does not serve.
const SERVES_FROM: f64 = 0.1;

/// What was killed, and when.
struct Killed {
    at: Instant,
    processes_before: usize,
}

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let workers = context.lab.config.brief.load.cores.max(FEWEST_WORKERS);
    let server = Server::start(context.lab, context.prepared, workers, &context.lab.cores.server)?;
    // It answers as soon as one of them is there; whoever is killed has others beside it.
    until_at_rest(&context.of(&server));
    let (report, killed) =
        kill_under_load(context, &server).map_err(|reason| NoEvidence::of(&server, &reason))?;
    let processes_after = server.process().cpu_by_member().len();
    server.end();
    let killed_s = killed.at.duration_since(report.begun).as_secs_f64();
    let slo = &context.lab.config.brief.load.slo;
    let back_s = level::back_after(&report.requests, killed_s, killed_s + AFTER.as_secs_f64(), slo);
    let replaced = processes_after >= killed.processes_before;
    let mut recovery = Observation::new(
        "crash_recovery_ms",
        back_s.filter(|_| replaced).unwrap_or(AFTER.as_secs_f64()) * 1e3,
    );
    let why = match (back_s, replaced) {
        (Some(_), true) => None,
        (_, false) => Some("no process took the place of the killed one"),
        (None, true) => Some("the service level was not back"),
    };
    if let Some(why) = why {
        let reached = format!(
            "{why} within {} s, which is as long as was waited",
            AFTER.as_secs_f64()
        );
        recovery.cautions.push(Caution::Partial { reached });
    }
    recovery.note = Some(format!("one of {workers} processes killed"));
    let lost = Observation {
        note: recovery.note.clone(),
        ..Observation::new("crash_lost", lost(&report.requests, killed_s) as f64)
    };
    Ok(vec![recovery, lost])
}

/// Requests that got no right answer from then on.
fn lost(endings: &[RequestRecord], killed_s: f64) -> usize {
    endings
        .iter()
        .filter(|ending| ending.at_s >= killed_s && ending.failed.is_some())
        .count()
}

/// The brief's load, in which the process that serves most is killed.
fn kill_under_load(context: &Context<'_>, server: &Server) -> Result<(LoadReport, Killed), String> {
    let load = &context.lab.config.brief.load;
    let plan = Plan {
        arrivals: Arrivals::Poisson {
            rate_rps: load.peak_rps,
        },
        connections: level::connections(load.peak_rps, &load.slo),
        warm: WARM,
        duration: WATCHED + AFTER + Duration::from_millis(100),
        timeout: level::patience(&load.slo),
        seed: context.seed,
        cores: context.lab.cores.generator.clone(),
        keep: Keep::Each,
        ..Plan::default()
    };
    let mix = context.lab.whole_mix();
    thread::scope(|scope| {
        let load = scope
            .spawn(|| bakeoff_load::run(server.target(), &mix, &plan, &mut |_| {}, context.lab.config.stop));
        let killed = kill_the_busiest(context, server);
        let report = load.join().map_err(|_| "the load panicked".to_owned())?;
        Ok((report.map_err(|error| error.to_string())?, killed?))
    })
}

/// Kills the process below the root that used most CPU time meanwhile.
fn kill_the_busiest(context: &Context<'_>, server: &Server) -> Result<Killed, String> {
    pause(context, WARM);
    let before = server.process().cpu_by_member();
    pause(context, WATCHED);
    let after = server.process().cpu_by_member();
    let used = |pid: i32, now_s: f64| {
        let then = before.iter().find(|(stat, _)| stat.pid == pid);
        now_s - then.map_or(0.0, |(_, then_s)| *then_s)
    };
    let most_s = after
        .iter()
        .map(|(stat, now_s)| used(stat.pid, *now_s))
        .fold(0.0, f64::max);
    let worker = after
        .iter()
        .filter(|(stat, _)| stat.pid != server.process().pid())
        .max_by(|(a, a_s), (b, b_s)| used(a.pid, *a_s).total_cmp(&used(b.pid, *b_s)))
        .filter(|(stat, now_s)| most_s > 0.0 && used(stat.pid, *now_s) >= SERVES_FROM * most_s);
    let Some((worker, _)) = worker else {
        return Err(
            "one process serves, and nothing would start it again: when it is killed the service is down"
                .to_owned(),
        );
    };
    let at = Instant::now();
    server.process().signal(worker.pid, Signal::SIGKILL);
    Ok(Killed {
        at,
        processes_before: after.len(),
    })
}
