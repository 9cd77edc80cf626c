//! The load at the brief's rate: open loop, Poisson arrivals, every response checked, and the cost for the contender's
//! process tree. A trial's latency and CPU time come from here only.

use super::machine::{MachineCounters, MachineSpeed};
use super::{database_use, gates, summary};
use crate::fault::of_lab;
use crate::host::{StallMeter, Yardstick};
use crate::lab::Lab;
use crate::probe::kit::other_status::OtherStatus;
use crate::probe::kit::service_level;
use crate::process::cpu::CpuReading;
use crate::server::{self, Server};
use bakeoff_core::brief::Brief;
use bakeoff_core::evidence::{DatabaseCount, Environment, Fault, LoadSummary, Observation, Stage, Trial};
use bakeoff_load::{Arrivals, FailureKind, LoadReport, Plan, Tick};
use std::time::{Duration, Instant};

/// Load of the same kind before the measured time, in which the generator opens its connections.
const RUN_IN: Duration = Duration::from_millis(150);

/// How late a tick may be handled, beside what all are, for its reading of CPU time to count.
const LATENESS_S: f64 = 0.02;

/// CPU time of the server at an instant, with the correct responses so far.
#[derive(Debug, Clone, Copy)]
struct Mark {
    cpu: CpuReading,
    /// CPU time of the database, in seconds; none where it is not the lab's own.
    database_s: Option<f64>,
    correct: u64,
    at: Instant,
    /// The same instant by the generator's clock, at which the responses were counted, in seconds.
    tick_s: f64,
}

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
    let measured = drive(lab, server, &plan(lab, seed, seconds))?;
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
        served_rps: served_rps(&measured.marks),
        ..summary::summary(report, server_cpu_s(&measured.marks, report.seconds))
    });
    observe(
        trial,
        brief,
        cpu_us_per_request(&measured.marks),
        measured.peak_mb,
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

fn plan(lab: &Lab<'_>, seed: u64, seconds: f64) -> Plan {
    let load = &lab.config.brief.load;
    Plan {
        arrivals: Arrivals::Poisson {
            rate_rps: load.peak_rps,
        },
        connections: load.connections_at(load.peak_rps) as usize,
        duration: Duration::from_secs_f64(seconds),
        warm: RUN_IN,
        timeout: service_level::timeout(&load.slo),
        seed,
        cores: lab.cores.generator.clone(),
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
                database_s: lab.services.database_cpu_s(),
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

/// The first and the last mark whose CPU time was read when its responses were counted: on a busy machine a tick is
/// handled late, and what it reads belongs to later responses too. The outermost ones where no two were in time, as in
/// a load of few ticks.
fn ends_in_time(marks: &[Mark]) -> Option<(&Mark, &Mark)> {
    let (begin, end) = (marks.first()?, marks.last()?);
    let late_s = |mark: &Mark| mark.at.duration_since(begin.at).as_secs_f64() - (mark.tick_s - begin.tick_s);
    let mut usual: Vec<f64> = marks.iter().map(late_s).collect();
    usual.sort_by(f64::total_cmp);
    let usual_s = usual[usual.len() / 2];
    let in_time = |mark: &&Mark| (late_s(mark) - usual_s).abs() <= LATENESS_S;
    let (first, last) = (marks.iter().find(in_time)?, marks.iter().rev().find(in_time)?);
    Some(if last.at > first.at {
        (first, last)
    } else {
        (begin, end)
    })
}

/// CPU time of the tree per correct response between the first and the last mark, in µs.
fn cpu_us_per_request(marks: &[Mark]) -> Option<f64> {
    let (first, last) = ends_in_time(marks)?;
    let responses = last.correct.saturating_sub(first.correct);
    (responses > 0).then(|| last.cpu.since_s(&first.cpu) * 1e6 / responses as f64)
}

/// Correct responses a second between the first and the last mark.
fn served_rps(marks: &[Mark]) -> Option<f64> {
    let (first, last) = ends_in_time(marks)?;
    let between_s = last.at.duration_since(first.at).as_secs_f64();
    let responses = last.correct.saturating_sub(first.correct);
    (between_s > 0.0).then(|| responses as f64 / between_s)
}

/// What the responses cost the database: where no request needs it, nothing.
fn observe_database(trial: &mut Trial, measured: &Measured) {
    let Some(count) = measured.database else { return };
    let cpu_us = database_cpu_us_per_request(&measured.marks);
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

/// CPU time of the database per correct response between the first and the last mark, in µs.
fn database_cpu_us_per_request(marks: &[Mark]) -> Option<f64> {
    let (first, last) = ends_in_time(marks)?;
    let responses = last.correct.saturating_sub(first.correct);
    let used_s = last.database_s? - first.database_s?;
    (responses > 0 && used_s > 0.0).then(|| used_s * 1e6 / responses as f64)
}

/// CPU time of the tree, extrapolated from the marks to `seconds`, because the marks do not span the whole load.
fn server_cpu_s(marks: &[Mark], seconds: f64) -> f64 {
    let Some((first, last)) = ends_in_time(marks) else {
        return 0.0;
    };
    let between_s = last.at.duration_since(first.at).as_secs_f64();
    if between_s > 0.0 {
        last.cpu.since_s(&first.cpu) * seconds / between_s
    } else {
        0.0
    }
}

fn observe(
    trial: &mut Trial,
    brief: &Brief,
    cpu_us: Option<f64>,
    peak_mb: f64,
    other_status: Option<String>,
) {
    let mut add = |metric: &str, value: f64, note: Option<String>| {
        trial.observations.push(Observation {
            note,
            ..Observation::new(metric, value)
        });
    };
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

#[cfg(test)]
mod tests {
    use super::{CpuReading, Mark, cpu_us_per_request, served_rps};
    use std::time::{Duration, Instant};

    /// Marks every quarter second of a server that takes 0.5 ms for each of 400 requests a second; each tick is handled
    /// so late.
    fn marks(late_s: &[f64]) -> Vec<Mark> {
        let began = Instant::now();
        let mark = |(number, late_s): (u32, &f64)| {
            let tick_s = f64::from(number) * 0.25;
            let at_s = tick_s + late_s;
            Mark {
                cpu: CpuReading {
                    processes_s: at_s * 400.0 * 0.5e-3,
                    cgroup_s: None,
                },
                database_s: None,
                correct: u64::from(number) * 100,
                at: began + Duration::from_secs_f64(at_s),
                tick_s,
            }
        };
        (0..).zip(late_s).map(mark).collect()
    }

    #[test]
    fn responses_count_in_the_time_in_which_they_came() {
        let served = served_rps(&marks(&[0.0; 9])).unwrap();
        assert!((served - 400.0).abs() < 1e-6, "{served}");
        assert_eq!(served_rps(&marks(&[0.0])), None);
    }

    #[test]
    fn a_tick_that_was_handled_late_is_no_end() {
        let cpu_us = |late_s: &[f64]| cpu_us_per_request(&marks(late_s)).unwrap();
        assert!((cpu_us(&[0.0; 9]) - 500.0).abs() < 1e-6);
        let late_at_an_end = [0.0, 0.001, 0.0, 0.0, 0.001, 0.0, 0.0, 0.0, 0.2];
        assert!((cpu_us(&late_at_an_end) - 500.0).abs() < 5.0);
        let late_at_the_begin = [0.24, 0.0, 0.001, 0.0, 0.0, 0.001, 0.0, 0.0, 0.0];
        assert!((cpu_us(&late_at_the_begin) - 500.0).abs() < 5.0);
        // Two ticks tell nothing of which one was late.
        assert!((cpu_us(&[0.0, 0.1]) - 700.0).abs() < 1e-6);
        assert_eq!(cpu_us_per_request(&[]), None);
    }
}
