//! The gates (quality checks) of a trial's load, each with its thresholds, and that of the contract, which a launch has
//! too. It only applies them; the core decides what a failed gate does to the figures. The gate of the steady state
//! comes with the waking.

use crate::contract::case::CaseResult;
use crate::fault::of_user;
use bakeoff_core::evidence::{Caution, Fault, Gate, GateOutcome, GateResult, Stage, Trial};
use bakeoff_load::{Failure, FailureKind, LoadReport, Saturation};

/// Thresholds here are pairs: from the first on a gate warns, from the second on it fails.
///
/// The generator's lag (p99), in ms.
const LAG_MS: (f64, f64) = (2.0, 10.0);

/// The generator's share of its processor.
const GENERATOR_SHARE: (f64, f64) = (0.80, 0.97);

/// The share of time that the hypervisor took.
const STEAL_SHARE: (f64, f64) = (0.03, 0.25);

/// The share of time that the server waited for a processor.
const RUN_DELAY_SHARE: (f64, f64) = (0.05, 0.50);

/// The share of time in which a CPU quota stopped everything.
const THROTTLED_SHARE: (f64, f64) = (0.03, 0.25);

/// The yardstick's time, as a ratio to the run's other trials.
const SLOWDOWN: (f64, f64) = (1.5, 3.0);

/// The share of time in which the machine stalled.
const STALLED_SHARE: (f64, f64) = (0.01, 0.10);

/// The share of the due requests that need a response.
pub(super) const RESPONSE_SHARE: f64 = 0.99;

/// The limits of the brief and the machine.
pub(super) struct Limits {
    /// The share of requests that may fail.
    pub(super) error_rate: f64,
    /// Whether server and generator share a processor.
    pub(super) shared_cores: bool,
}

/// The contract's gate before any load.
pub(crate) fn contract(cases: &[CaseResult]) -> GateResult {
    let broken = cases.iter().filter(|case| case.failure.is_some()).count();
    GateResult {
        gate: Gate::Contract,
        outcome: if broken == 0 {
            GateOutcome::Passed
        } else {
            GateOutcome::Failed
        },
        measured: format!("{broken} of {} cases broken", cases.len()),
        limit: "none".to_owned(),
    }
}

/// Applies every gate of the load, and adds the cautions. Gates that the trial has already, as that of the steady
/// state, stay.
pub(super) fn judge(report: &LoadReport, trial: &mut Trial, limits: &Limits) {
    let wrong = report.failures.iter();
    let wrong = wrong.filter(|failure| failure.kind == FailureKind::Check);
    wrong_responses(wrong, "under load", &mut trial.gates);
    let gates = [
        error_rate(report, limits.error_rate),
        generator(report),
        rate(report),
        quiet(trial),
    ];
    trial.gates.extend(gates);
    trial.gates.sort_by_key(|result| result.gate);
    trial.cautions.extend(cautions(report, trial, limits));
}

/// A single wrong response fails the contract gate, because only a sample is checked. Where there was no such gate yet,
/// it is added.
pub(crate) fn wrong_responses<'f>(
    wrong: impl Iterator<Item = &'f Failure>,
    when: &str,
    gates: &mut Vec<GateResult>,
) {
    let count: u64 = wrong.map(|failure| failure.count).sum();
    let words = format!("{count} wrong responses {when}");
    match gates.iter_mut().find(|gate| gate.gate == Gate::Contract) {
        Some(gate) if count > 0 => {
            gate.outcome = GateOutcome::Failed;
            gate.measured = words;
        }
        Some(_) => {}
        None => {
            let outcome = if count > 0 {
                GateOutcome::Failed
            } else {
                GateOutcome::Passed
            };
            gates.push(result(Gate::Contract, outcome, words, "none".to_owned()));
        }
    }
}

/// Failed when the error rate is significantly above the limit (Wilson, 95 %); weak when it is above it at all.
fn error_rate(report: &LoadReport, limit: f64) -> GateResult {
    let failed = report.planned.saturating_sub(report.correct);
    let rate = failed as f64 / report.planned.max(1) as f64;
    let outcome = if rate <= limit {
        GateOutcome::Passed
    } else if wilson_low(failed as f64, report.planned as f64) <= limit {
        GateOutcome::Weak
    } else {
        GateOutcome::Failed
    };
    result(
        Gate::ErrorRate,
        outcome,
        format!("{failed} of {} requests failed", report.planned),
        format!("at most {:.2} %", limit * 100.0),
    )
}

/// The lower end of Wilson's 95 % interval of a share [Wilson, JASA 1927].
fn wilson_low(hits: f64, of: f64) -> f64 {
    if of <= 0.0 {
        return 0.0;
    }
    let z2 = 1.959_964_f64.powi(2);
    let share = hits / of;
    let centre = share + z2 / (2.0 * of);
    let spread = (z2 * (share * (1.0 - share) / of + z2 / (4.0 * of * of))).sqrt();
    ((centre - spread) / (1.0 + z2 / of)).max(0.0)
}

fn generator(report: &LoadReport) -> GateResult {
    let lag_ms = report.lag.value_at_quantile(0.99) as f64 / 1e3;
    let share = report.own_cpu_s / report.seconds.max(1e-9);
    let saturated = matches!(report.saturation, Saturation::CpuBound { .. });
    let outcome = match level(lag_ms, LAG_MS).max(level(share, GENERATOR_SHARE)) {
        Level::Bad => GateOutcome::Failed,
        Level::Notable => GateOutcome::Weak,
        Level::Fine if saturated => GateOutcome::Weak,
        Level::Fine => GateOutcome::Passed,
    };
    let measured = format!(
        "{:.0} % of its processor, {lag_ms:.2} ms late (p99)",
        share * 100.0
    );
    result(
        Gate::Generator,
        outcome,
        measured,
        format!("below {:.0} %, below {} ms", GENERATOR_SHARE.1 * 100.0, LAG_MS.1),
    )
}

/// Failed when too few of the due requests got a response; weak when some got it only after the measured time.
fn rate(report: &LoadReport) -> GateResult {
    let outcome = match response_share(report) {
        share if share < RESPONSE_SHARE => GateOutcome::Failed,
        _ if report.rate_held => GateOutcome::Passed,
        _ => GateOutcome::Weak,
    };
    let behind = if outcome == GateOutcome::Weak {
        ", some of them after the measured time"
    } else {
        ""
    };
    let measured = format!(
        "responses to {:.1} % of the due requests{behind}",
        response_share(report) * 100.0
    );
    result(
        Gate::RateHeld,
        outcome,
        measured,
        format!("at least {:.0} %, in time", RESPONSE_SHARE * 100.0),
    )
}

/// The share of the due requests with a response, 0 to 1.
pub(super) fn response_share(report: &LoadReport) -> f64 {
    report.completed as f64 / report.planned.max(1) as f64
}

fn quiet(trial: &Trial) -> GateResult {
    let steal = trial.environment.steal_share.unwrap_or(0.0);
    let delay = trial.environment.server_run_delay_share.unwrap_or(0.0);
    let throttled = trial.environment.throttled_share.unwrap_or(0.0);
    let slow = trial.environment.slowdown_ratio.unwrap_or(1.0);
    let stalled = trial.environment.stalled_share.unwrap_or(0.0);
    let worst = level(steal, STEAL_SHARE)
        .max(level(stalled, STALLED_SHARE))
        .max(level(slow, SLOWDOWN))
        .max(level(delay, RUN_DELAY_SHARE))
        .max(level(throttled, THROTTLED_SHARE));
    let outcome = match worst {
        Level::Bad => GateOutcome::Failed,
        Level::Notable => GateOutcome::Weak,
        Level::Fine => GateOutcome::Passed,
    };
    let mut measured = format!(
        "{:.1} % stolen, {:.1} % waited for a processor",
        steal * 100.0,
        delay * 100.0
    );
    if level(throttled, THROTTLED_SHARE) > Level::Fine {
        measured += &format!(", {:.1} % throttled by a CPU quota", throttled * 100.0);
    }
    if level(slow, SLOWDOWN) > Level::Fine {
        measured += &format!(", the machine {slow:.1} times as slow as in the run's other trials");
    }
    if level(stalled, STALLED_SHARE) > Level::Fine {
        measured += &format!(
            ", the machine stalled for {:.1} % of the time, at most {:.0} ms",
            stalled * 100.0,
            trial.environment.longest_stall_ms.unwrap_or(0.0)
        );
    }
    result(
        Gate::Quiet,
        outcome,
        measured,
        format!(
            "below {:.0} %, below {:.0} %",
            STEAL_SHARE.1 * 100.0,
            RUN_DELAY_SHARE.1 * 100.0
        ),
    )
}

/// A CPU quota from outside that spoils the trial, as a fault of the user, who can raise it.
pub(super) fn throttled(trial: &Trial) -> Option<Fault> {
    let share = trial.environment.throttled_share?;
    (level(share, THROTTLED_SHARE) == Level::Bad).then(|| {
        let words = "of the measured time a CPU quota above the lab stopped everything: raise it (`cpu.max`, or the CPU \
                     limit of the container)";
        of_user(Stage::CpuLimit, format!("for {:.0} % {words}", share * 100.0))
    })
}

fn cautions(report: &LoadReport, trial: &Trial, limits: &Limits) -> Vec<Caution> {
    let mut cautions = Vec::new();
    let share = report.own_cpu_s / report.seconds.max(1e-9);
    if share >= GENERATOR_SHARE.0 {
        cautions.push(Caution::GeneratorBusy { cpu_share: share });
    }
    let lag_ms_p99 = report.lag.value_at_quantile(0.99) as f64 / 1e3;
    if lag_ms_p99 >= LAG_MS.0 {
        cautions.push(Caution::GeneratorLate { lag_ms_p99 });
    }
    let environment = &trial.environment;
    let above = |share: Option<f64>, limit: f64| share.filter(|share| *share >= limit);
    cautions.extend(above(environment.steal_share, STEAL_SHARE.0).map(|share| Caution::Steal { share }));
    cautions.extend(
        above(environment.server_run_delay_share, RUN_DELAY_SHARE.0).map(|share| Caution::RunDelay { share }),
    );
    cautions.extend(limits.shared_cores.then_some(Caution::SharedCores));
    cautions
}

/// The position of a figure relative to its two thresholds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Fine,
    Notable,
    Bad,
}

fn level(value: f64, (notable, bad): (f64, f64)) -> Level {
    if value >= bad {
        Level::Bad
    } else if value >= notable {
        Level::Notable
    } else {
        Level::Fine
    }
}

fn result(gate: Gate, outcome: GateOutcome, measured: String, limit: String) -> GateResult {
    GateResult {
        gate,
        outcome,
        measured,
        limit,
    }
}

#[cfg(test)]
mod tests;
