//! The load at the brief's rate: open loop, Poisson arrivals, every answer checked, and what it cost the
//! contender's process tree. Deliberately the only place from which a trial's latency and CPU time come.

use super::gates;
use crate::fault::of_lab;
use crate::lab::Lab;
use crate::process::delay::{Processors, RunDelay, cpu_pressure_percent, load_1m};
use crate::server::Server;
use bakeoff_core::evidence::{
    Curve, CurveKind, Environment, FailureSummary, Fault, LoadSummary, Observation, Trial,
};
use bakeoff_load::{Arrivals, FailureKind, LoadReport, Plan, Tick, histogram};
use std::thread;
use std::time::{Duration, Instant};

/// Connections of the generator: enough for a server that answers within the service level, and few enough to
/// be what a proxy holds.
const CONNECTIONS: usize = 32;

/// Load of the same kind before the measured time, in which the connections are opened.
const RUN_IN: Duration = Duration::from_millis(150);

/// After so long a request is given up, unless the service level asks for more patience.
const TIMEOUT: Duration = Duration::from_secs(2);

/// How often memory is sampled.
const MEMORY_EVERY: Duration = Duration::from_millis(200);

/// What the server had used when so many answers had been right.
#[derive(Debug, Clone, Copy)]
struct Mark {
    cpu_s: f64,
    correct: u64,
    at: Instant,
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
        connections: CONNECTIONS,
        duration: Duration::from_secs_f64(seconds),
        warm: RUN_IN,
        timeout: TIMEOUT.max(Duration::from_secs_f64(brief.load.slo.p99_ms * 4.0 / 1e3)),
        seed,
        cores: lab.cores.generator.clone(),
        ..Plan::default()
    };
    let before = Disturbance::read(lab, server);
    let mut marks: Vec<Mark> = Vec::new();
    let mut watch = |tick: &Tick| {
        if tick.at_s >= 0.0 {
            marks.push(Mark {
                cpu_s: server.process().cpu_s(),
                correct: tick.correct_total,
                at: Instant::now(),
            });
        }
    };
    let (report, peak_mb) = with_peak_memory(server, || {
        bakeoff_load::run(server.target(), &mix, &plan, &mut watch, lab.config.stop)
    });
    let report = report.map_err(|error| of_lab("load", error.to_string()))?;
    trial.environment = before.until_now(lab, server, &report);
    let cpu_us = cpu_us_per_request(&marks);
    let limits = gates::Limits {
        error_rate: brief.load.slo.error_rate,
        shared_cores: lab.cores.is_shared(),
    };
    gates::judge(&report, trial, &limits);
    trial.curves = curves(&report);
    trial.load = Some(summary(&report, &marks));
    observe(trial, brief, cpu_us, peak_mb);
    trial.faults.extend(finding(&report, server));
    Ok(())
}

/// What the load found out about the contender.
fn finding(report: &LoadReport, server: &Server) -> Option<Fault> {
    let wrong = report
        .failures
        .iter()
        .find(|failure| failure.kind == FailureKind::Check);
    if server.process().exited().is_some() {
        Some(server.fault("load", "ended under load"))
    } else if report.correct == 0 {
        let example = report
            .failures
            .first()
            .map_or_else(String::new, |failure| format!(": {}", failure.example));
        Some(server.fault("load", &format!("no request was answered right{example}")))
    } else if let Some(failure) = wrong {
        let words = format!(
            "{} wrong answers to `{}`: {}",
            failure.count, failure.label, failure.example
        );
        Some(server.fault("load", &words))
    } else if !report.rate_held {
        let answered_rps = report.answered as f64 / report.seconds.max(1e-9);
        let words = format!(
            "cannot hold {:.0} requests a second: {answered_rps:.0} were answered",
            report.offered_rps
        );
        Some(server.fault("load", &words))
    } else {
        None
    }
}

/// CPU time of the tree for each correct answer between the first and the last mark, in µs.
fn cpu_us_per_request(marks: &[Mark]) -> Option<f64> {
    let (first, last) = (marks.first()?, marks.last()?);
    let answers = last.correct.saturating_sub(first.correct);
    (answers > 0).then(|| (last.cpu_s - first.cpu_s) * 1e6 / answers as f64)
}

fn observe(trial: &mut Trial, brief: &bakeoff_core::brief::Brief, cpu_us: Option<f64>, peak_mb: f64) {
    let mut add = |metric: &str, value: f64, note: Option<String>| {
        trial.observations.push(Observation {
            metric: metric.to_owned(),
            value,
            note,
            cautions: Vec::new(),
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

fn curves(report: &LoadReport) -> Vec<Curve> {
    let curve = |label: &str, kind: CurveKind, counts: &bakeoff_load::Histogram<u64>| Curve {
        label: label.to_owned(),
        kind,
        hdr: histogram::to_blob(counts),
    };
    let mut curves = vec![
        curve("all", CurveKind::Response, &report.response),
        curve("all", CurveKind::Service, &report.service),
    ];
    for label in &report.by_label {
        curves.push(curve(&label.label, CurveKind::Response, &label.response));
        curves.push(curve(&label.label, CurveKind::Service, &label.service));
    }
    curves
}

fn summary(report: &LoadReport, marks: &[Mark]) -> LoadSummary {
    let failures = report.failures.iter().map(|failure| FailureSummary {
        scenario: failure.label.clone(),
        kind: failure.kind.to_string(),
        count: failure.count,
        example: failure.example.clone(),
    });
    let (cpu_s, seconds) = match (marks.first(), marks.last()) {
        (Some(first), Some(last)) => (
            last.cpu_s - first.cpu_s,
            last.at.duration_since(first.at).as_secs_f64(),
        ),
        _ => (0.0, 0.0),
    };
    LoadSummary {
        planned: report.planned,
        correct: report.correct,
        failures: failures.collect(),
        seconds: report.seconds,
        offered_rps: report.offered_rps,
        achieved_rps: report.achieved_rps,
        send_lag_ms_p99: report.lag.value_at_quantile(0.99) as f64 / 1e3,
        generator_cpu_share: report.own_cpu_s / report.seconds.max(1e-9),
        server_cpu_s: if seconds > 0.0 {
            cpu_s * report.seconds / seconds
        } else {
            0.0
        },
    }
}

/// The 99th percentile of the response time of a trial, in ms.
pub(super) fn response_ms_p99(trial: &Trial) -> Option<f64> {
    let curve = trial
        .curves
        .iter()
        .find(|curve| curve.label == "all" && curve.kind == CurveKind::Response)?;
    let counts = histogram::from_blob(&curve.hdr).ok()?;
    (!counts.is_empty()).then(|| counts.value_at_quantile(0.99) as f64 / 1e3)
}

/// The machine's counters at one instant.
struct Disturbance {
    at: Instant,
    processors: Option<Processors>,
    on_server: Option<Processors>,
    server: Option<RunDelay>,
    server_cpu_s: f64,
}

impl Disturbance {
    fn read(lab: &Lab<'_>, server: &Server) -> Disturbance {
        Disturbance {
            at: Instant::now(),
            processors: Processors::read(&lab.cores.all()),
            on_server: Processors::read(&lab.cores.server),
            server_cpu_s: server.process().cpu_s(),
            server: RunDelay::read(&server.process().members()),
        }
    }

    /// Time for which others than the server used the server's processors, in seconds.
    fn others_s(&self, now: &Disturbance) -> Option<f64> {
        let busy_s = now
            .on_server
            .zip(self.on_server)
            .map(|(after, before)| after.busy_s - before.busy_s)?;
        Some((busy_s - (now.server_cpu_s - self.server_cpu_s)).max(0.0))
    }

    fn until_now(&self, lab: &Lab<'_>, server: &Server, report: &LoadReport) -> Environment {
        let now = Disturbance::read(lab, server);
        let seconds = now.at.duration_since(self.at).as_secs_f64().max(1e-9);
        let cores = lab.cores.all().len().max(1) as f64;
        let steal = self
            .processors
            .zip(now.processors)
            .map(|(before, after)| (after.steal_s - before.steal_s) / (seconds * cores));
        let delay = self
            .server
            .as_ref()
            .zip(now.server.as_ref())
            .map(|(before, after)| {
                let waited_s = after.since_s(before);
                // A server's own threads also wait for one another: only as much of it as others worked meanwhile
                // is theirs.
                self.others_s(&now)
                    .map_or(waited_s, |others_s| waited_s.min(others_s))
                    / seconds
            });
        Environment {
            steal_share: steal,
            server_run_delay_share: delay,
            generator_run_delay_share: Some(report.own_wait_s / report.seconds.max(1e-9)),
            cpu_pressure_percent: cpu_pressure_percent(),
            load_1m: load_1m(),
        }
    }
}
