//! The load at the brief's rate: open loop, Poisson arrivals, every answer checked, and what it cost the
//! contender's process tree. Deliberately the only place from which a trial's latency and CPU time come.

use super::environment::{Disturbance, Speed};
use super::{database, gates, summary};
use crate::fault::of_lab;
use crate::host::{StallMeter, Yardstick};
use crate::lab::Lab;
use crate::process::cpu::CpuReading;
use crate::process::memory::{Counted, Memory};
use crate::server::{self, Server};
use bakeoff_core::brief::Load;
use bakeoff_core::evidence::{Caution, Environment, Fault, LoadSummary, Observation, Stage, Trial};
use bakeoff_load::{Arrivals, FailureKind, LoadReport, Plan, Tick};
use std::thread;
use std::time::{Duration, Instant};

/// The fewest and the most connections of the generator.
const CONNECTIONS: (usize, usize) = (32, 1_024);

/// Load of the same kind before the measured time, in which the connections are opened.
const RUN_IN: Duration = Duration::from_millis(150);

/// After so long a request is given up, unless the service level asks for more patience.
const TIMEOUT: Duration = Duration::from_secs(2);

/// How often memory is sampled.
const MEMORY_EVERY: Duration = Duration::from_millis(200);

/// What the server had used when so many answers had been right.
#[derive(Debug, Clone, Copy)]
struct Mark {
    cpu: CpuReading,
    correct: u64,
    at: Instant,
}

/// Twice what is in flight when every answer takes as long as the service level allows (Little's law), so that a server within it is never kept waiting for a
/// connection.
fn connections(load: &Load) -> usize {
    let in_flight = load.peak_rps * load.slo.p99_ms / 1e3;
    ((in_flight * 2.0).ceil() as usize).clamp(CONNECTIONS.0, CONNECTIONS.1)
}

/// Drives the load and adds what came of it to the trial.
pub(super) fn at_the_briefs_rate(
    lab: &Lab<'_>,
    server: &Server,
    seed: u64,
    seconds: f64,
    trial: &mut Trial,
) -> Result<(), Fault> {
    let brief = lab.config.brief;
    let mix = lab.whole_mix();
    let plan = Plan {
        arrivals: Arrivals::Poisson {
            rate_rps: brief.load.peak_rps,
        },
        connections: connections(&brief.load),
        duration: Duration::from_secs_f64(seconds),
        warm: RUN_IN,
        timeout: TIMEOUT.max(Duration::from_secs_f64(brief.load.slo.p99_ms * 4.0 / 1e3)),
        seed,
        cores: lab.cores.generator.clone(),
        ..Plan::default()
    };
    let look_ms = Yardstick::look_ms(&lab.cores.server);
    let counted = database::Before::read(lab);
    let before = Disturbance::read(lab, server);
    let mut marks: Vec<Mark> = Vec::new();
    let mut watch = |tick: &Tick| {
        if tick.at_s >= 0.0 {
            marks.push(Mark {
                cpu: server.cpu(),
                correct: tick.correct_total,
                at: Instant::now(),
            });
        }
    };
    let stalls = StallMeter::start(&lab.cores.all());
    let (report, peak_mb) = with_peak_memory(server, || {
        bakeoff_load::run(server.target(), &mix, &plan, &mut watch, lab.config.stop)
    });
    let stalls = stalls.finish();
    let report = report.map_err(|error| of_lab(Stage::Load, error.to_string()))?;
    if let Some(fault) = server.stranger() {
        // Some of the answers were another program's: nothing of the load counts.
        return Err(fault);
    }
    let environment = before.until_now(lab, server, &report);
    let counted = counted.until_now(lab, &report);
    let environment = Environment {
        stalled_share: stalls.map(|seen| seen.share),
        longest_stall_ms: stalls.map(|seen| seen.longest_ms),
        ..environment
    };
    trial.environment = Speed::until_now(lab, look_ms).told(environment);
    let cpu_us = cpu_us_per_request(&marks);
    let limits = gates::Limits {
        error_rate: brief.load.slo.error_rate,
        shared_cores: lab.cores.is_shared(),
    };
    gates::judge(&report, trial, &limits);
    trial.curves = summary::curves(&report);
    trial.load = Some(LoadSummary {
        database: counted,
        ..summary::summary(&report, server_cpu_s(&marks, report.seconds))
    });
    observe(trial, brief, cpu_us, peak_mb);
    let held_back = gates::throttled(trial);
    let found = finding(&report, server, held_back.as_ref());
    trial.faults.extend(held_back.into_iter().chain(found));
    let sessions = server::POOL * brief.load.cores;
    let unasked = counted.and_then(|count| database::judge(&count, report.seconds, sessions, trial));
    trial.faults.extend(unasked);
    Ok(())
}

/// What the load found out about the contender. A rate that it could not hold because it was held back is not its fault.
fn finding(report: &LoadReport, server: &Server, held_back: Option<&Fault>) -> Option<Fault> {
    let wrong = report
        .failures
        .iter()
        .find(|failure| failure.kind == FailureKind::Check);
    if server.process().exited().is_some() {
        Some(server.fault(Stage::Load, "ended under load"))
    } else if report.correct == 0 {
        let example = report
            .failures
            .first()
            .map_or_else(String::new, |failure| format!(": {}", failure.example));
        Some(server.fault(Stage::Load, &format!("no request was answered right{example}")))
    } else if let Some(failure) = wrong {
        let words = format!(
            "{} wrong answers to `{}`: {}",
            failure.count, failure.label, failure.example
        );
        Some(server.fault(Stage::Load, &words))
    } else if held_back.is_none() && gates::answered_share(report) < gates::ANSWERED_SHARE {
        let words = format!(
            "cannot hold {:.0} requests a second: {:.0} % of them were answered",
            report.offered_rps,
            gates::answered_share(report) * 100.0
        );
        Some(server.fault(Stage::Load, &words))
    } else {
        None
    }
}

/// CPU time of the tree for each correct answer between the first and the last mark, in µs.
fn cpu_us_per_request(marks: &[Mark]) -> Option<f64> {
    let (first, last) = (marks.first()?, marks.last()?);
    let answers = last.correct.saturating_sub(first.correct);
    (answers > 0).then(|| last.cpu.since_s(&first.cpu) * 1e6 / answers as f64)
}

/// CPU time of the tree between the first and the last mark, as it would be over `seconds`.
fn server_cpu_s(marks: &[Mark], seconds: f64) -> f64 {
    let (Some(first), Some(last)) = (marks.first(), marks.last()) else {
        return 0.0;
    };
    let between_s = last.at.duration_since(first.at).as_secs_f64();
    if between_s > 0.0 {
        last.cpu.since_s(&first.cpu) * seconds / between_s
    } else {
        0.0
    }
}

fn observe(trial: &mut Trial, brief: &bakeoff_core::brief::Brief, cpu_us: Option<f64>, peak_mb: f64) {
    let mut add = |metric: &str, value: f64, note: Option<String>| {
        trial.observations.push(Observation {
            metric: metric.to_owned(),
            value,
            note,
            cautions: Vec::new(),
            detail: None,
        });
    };
    add("memory_mb_peak", peak_mb, None);
    let Some(cpu_us) = cpu_us else { return };
    add("cpu_us_per_request", cpu_us, None);
    let price = &brief.deploy.price;
    // A million requests take cpu_us seconds of a processor, and 1e6 / peak_rps seconds in which the memory
    // is held.
    let cores = cpu_us / 3600.0 * price.core_hour;
    let memory = peak_mb / 1024.0 * (1e6 / brief.load.peak_rps) / 3600.0 * price.gb_hour;
    add(
        "cost_per_million",
        cores + memory,
        Some(format!("in {}", price.currency)),
    );
}

/// Memory as an observation, with a caution where pages that processes share were counted in each of them.
pub(super) fn memory(metric: &str, memory: Memory) -> Observation {
    let reached = "pages that processes share are counted in each of them: the kernel does not tell PSS";
    let caution = Caution::Partial {
        reached: reached.to_owned(),
    };
    let cautions = if memory.counted == Counted::Rss {
        vec![caution]
    } else {
        Vec::new()
    };
    Observation {
        metric: metric.to_owned(),
        value: memory.mb,
        note: None,
        cautions,
        detail: None,
    }
}

/// What `work` returns, and the most memory that the server's tree held meanwhile, in MB.
fn with_peak_memory<T>(server: &Server, work: impl FnOnce() -> T) -> (T, f64) {
    let done = std::sync::mpsc::channel::<()>();
    thread::scope(|scope| {
        let sampler = scope.spawn(move || {
            let mut peak_mb = server.process().memory().mb;
            while done.1.recv_timeout(MEMORY_EVERY) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                peak_mb = peak_mb.max(server.process().memory().mb);
            }
            peak_mb.max(server.process().memory().mb)
        });
        let result = work();
        drop(done.0);
        (result, sampler.join().unwrap_or(0.0))
    })
}
