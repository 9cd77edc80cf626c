//! The load at the brief's rate: open loop, Poisson arrivals, every response checked, and the cost for the contender's
//! process tree. A trial's latency and CPU time come from here only.

use super::machine::{MachineCounters, MachineSpeed};
use super::marks::{self, Mark};
use super::{database_use, gates, summary};
use crate::fault::of_lab;
use crate::host::{StallMeter, Yardstick};
use crate::lab::Lab;
use crate::probe::kit::other_status::OtherStatus;
use crate::probe::kit::service_level;
use crate::server::{self, Server};
use bakeoff_core::brief::Brief;
use bakeoff_core::evidence::{DatabaseCount, Environment, Fault, LoadSummary, Observation, Stage, Trial};
use bakeoff_load::{Arrivals, FailureKind, LoadReport, Plan, Tick};
use std::time::{Duration, Instant};

/// Load of the same kind before the measured time, in which the generator opens its connections.
const RUN_IN: Duration = Duration::from_millis(150);

/// A load, and everything that was measured around it.
struct Measured {
    report: LoadReport,
    marks: Vec<Mark>,
    peak_mb: f64,
    environment: Environment,
    database: Option<DatabaseCount>,
}

/// Drives the load and adds its results to the trial.
pub(super) fn at_the_briefs_rate(
    lab: &Lab<'_>,
    server: &Server,
    seed: u64,
    seconds: f64,
    trial: &mut Trial,
) -> Result<(), Fault> {
    let brief = lab.config.brief;
    let measured = drive(lab, server, &plan(brief, seed, seconds, &lab.cores.generator))?;
    let report = &measured.report;
    trial.environment = measured.environment;
    let limits = gates::Limits {
        error_rate: brief.load.slo.error_rate,
        shared_cores: lab.cores.is_shared(),
    };
    gates::judge(report, trial, &limits);
    trial.curves = summary::curves(report);
    trial.load = Some(LoadSummary {
        database: measured.database,
        served_rps: marks::served_rps(&measured.marks),
        ..summary::summary(report, marks::server_cpu_s(&measured.marks, report.seconds))
    });
    observe(
        trial,
        brief,
        marks::cpu_us_per_request(&measured.marks),
        Some(measured.peak_mb),
        OtherStatus::of(report).note(&lab.whole_mix()),
    );
    observe_database(trial, &measured);
    let throttled = gates::throttled(trial);
    let found = finding(report, server, throttled.as_ref());
    trial.faults.extend(throttled.into_iter().chain(found));
    let sessions = server::POOL * brief.load.cores;
    let bypassed = measured
        .database
        .and_then(|count| database_use::judge(&count, report.seconds, sessions, trial));
    trial.faults.extend(bypassed);
    Ok(())
}

/// The load at the brief's rate for that many seconds, from these processors; any, where none is named.
pub(super) fn plan(brief: &Brief, seed: u64, seconds: f64, cores: &[usize]) -> Plan {
    let load = &brief.load;
    Plan {
        arrivals: Arrivals::Poisson {
            rate_rps: load.peak_rps,
        },
        connections: load.connections_at(load.peak_rps) as usize,
        duration: Duration::from_secs_f64(seconds),
        warm: RUN_IN,
        timeout: service_level::timeout(&load.slo),
        seed,
        cores: cores.to_vec(),
        ..Plan::default()
    }
}

/// Drives the load between readings of every counter. The order matters: the yardstick first and last, because it uses
/// the server's processors itself.
fn drive(lab: &Lab<'_>, server: &Server, plan: &Plan) -> Result<Measured, Fault> {
    let yardstick_ms = Yardstick::measure_ms(&lab.cores.server);
    let count_before = database_use::CountBefore::read(server);
    let before = MachineCounters::read(lab, server);
    let mut marks: Vec<Mark> = Vec::new();
    let mut watch = |tick: &Tick| {
        // Ticks of the run-in are negative.
        if tick.at_s >= 0.0 {
            marks.push(Mark {
                cpu: server.cpu(),
                database_s: server.workspace().services(lab).database_cpu_s(),
                correct: tick.correct_total,
                at: Instant::now(),
                tick_s: tick.at_s,
            });
        }
    };
    let mix = lab.whole_mix();
    let stalls = StallMeter::start(&lab.cores.all());
    let (report, peak_mb) = server
        .with_peak_memory(|| bakeoff_load::run(server.target(), &mix, plan, &mut watch, lab.config.stop));
    let stalls = stalls.finish();
    let report = report.map_err(|error| of_lab(Stage::Load, error.to_string()))?;
    if let Some(fault) = server.foreign_listener() {
        // Some responses came from the other program, so nothing of the load counts.
        return Err(fault);
    }
    let environment = Environment {
        stalled_share: stalls.map(|seen| seen.share),
        longest_stall_ms: stalls.map(|seen| seen.longest_ms),
        ..before.until_now(lab, server, &report)
    };
    let database = count_before.until_now(lab, server, &report);
    let environment = MachineSpeed::since(lab, yardstick_ms).record_into(environment);
    Ok(Measured {
        report,
        marks,
        peak_mb,
        environment,
        database,
    })
}

/// The contender's fault in the load, if any. A rate that it missed because a quota throttled it is not its fault.
fn finding(report: &LoadReport, server: &Server, throttled: Option<&Fault>) -> Option<Fault> {
    let wrong = report
        .failures
        .iter()
        .find(|failure| failure.kind == FailureKind::Check);
    if server.process().exited().is_some() {
        Some(server.fault(Stage::Load, "exited under load"))
    } else if report.correct == 0 {
        let example = report
            .failures
            .first()
            .map_or_else(String::new, |failure| format!(": {}", failure.example));
        Some(server.fault(
            Stage::Load,
            &format!("no correct response to any request{example}"),
        ))
    } else if let Some(failure) = wrong {
        let words = format!(
            "{} wrong responses to `{}`: {}",
            failure.count, failure.label, failure.example
        );
        Some(server.fault(Stage::Load, &words))
    } else if throttled.is_none() && gates::response_share(report) < gates::RESPONSE_SHARE {
        let words = format!(
            "cannot hold {:.0} requests a second: only {:.0} % of them got a response",
            report.offered_rps,
            gates::response_share(report) * 100.0
        );
        Some(server.fault(Stage::Load, &words))
    } else {
        None
    }
}

/// What the responses cost the database: where no request needs it, nothing.
fn observe_database(trial: &mut Trial, measured: &Measured) {
    let Some(count) = measured.database else { return };
    let cpu_us = marks::database_cpu_us_per_request(&measured.marks);
    let cpu = cpu_us.map(|cpu_us| Observation::new("database_cpu_us_per_request", cpu_us));
    let statements = count.all.filter(|_| count.answers > 0).map(|all| {
        let of_each = |statements: u64| statements as f64 / count.answers as f64;
        Observation {
            note: Some(format!(
                "{:.2} of them begin or end a transaction",
                of_each(all.transaction_control)
            )),
            ..Observation::new("statements_per_request", of_each(all.total))
        }
    });
    trial.observations.extend(cpu.into_iter().chain(statements));
}

/// Adds what a load shows of the server's own use: memory, CPU time a request, and what both cost.
pub(super) fn observe(
    trial: &mut Trial,
    brief: &Brief,
    cpu_us: Option<f64>,
    peak_mb: Option<f64>,
    other_status: Option<String>,
) {
    let mut add = |metric: &str, value: f64, note: Option<String>| {
        trial.observations.push(Observation {
            note,
            ..Observation::new(metric, value)
        });
    };
    let Some(peak_mb) = peak_mb else { return };
    add("memory_mb_peak", peak_mb, None);
    let Some(cpu_us) = cpu_us else { return };
    add("cpu_us_per_request", cpu_us, other_status);
    let price = &brief.deploy.price;
    // A million requests take cpu_us seconds of a processor, and at the peak 1e6 / peak_rps seconds, in which the
    // server holds its memory.
    let cores = cpu_us / 3600.0 * price.core_hour;
    // Price lists sell 512 MB as half a GB, so their GB has 1,024 MB.
    let memory = peak_mb / 1024.0 * (1e6 / brief.load.peak_rps) / 3600.0 * price.gb_hour;
    add(
        "cost_per_million",
        cores + memory,
        Some(format!("in {}", price.currency)),
    );
}
