//! The gates of a trial, each with its thresholds. Deliberately only asked here: what a gate that was missed
//! does to the numbers is the core's.

use super::steady::LEAST_WINDOWS;
use crate::contract::CaseResult;
use crate::fault::of_user;
use bakeoff_core::evidence::{Caution, Fault, Gate, GateOutcome, GateResult, Stage, Trial, WarmClass};
use bakeoff_load::{Failure, FailureKind, LoadReport, Saturation};

/// The generator's lag (p99) from which its lateness is said, and from which it disturbs what it measures, in
/// ms.
const LAG_MS: (f64, f64) = (2.0, 10.0);

/// The generator's share of its processor from which that is said, and from which it is the limit.
const GENERATOR_SHARE: (f64, f64) = (0.80, 0.97);

/// The share of time that the hypervisor may take before it is said, and before nothing counts.
const STEAL_SHARE: (f64, f64) = (0.03, 0.25);

/// The share of time that the server may wait for a processor before it is said, and before nothing counts.
const RUN_DELAY_SHARE: (f64, f64) = (0.05, 0.50);

/// The share of time for which a limit of processor time may hold everything back before it is said, and before nothing counts.
const THROTTLED_SHARE: (f64, f64) = (0.03, 0.25);

/// How many times as long the yardstick's work may take as in the run's other trials before it is said, and before nothing counts.
const TIMES_AS_LONG: (f64, f64) = (1.5, 3.0);

/// The share of time for which the machine may stand still before it is said, and before nothing counts.
const STALLED_SHARE: (f64, f64) = (0.01, 0.10);

/// The share of the due requests that must be answered.
pub(super) const ANSWERED_SHARE: f64 = 0.99;

/// What the brief and the machine set.
pub(super) struct Limits {
    /// The share of requests that may fail.
    pub(super) error_rate: f64,
    /// Whether server and generator share a processor.
    pub(super) shared_cores: bool,
}

/// The contract's gate before the load.
pub(super) fn contract(cases: &[CaseResult]) -> GateResult {
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

/// Asks every gate that the load answers, and notes what weakens the trial.
pub(super) fn judge(report: &LoadReport, trial: &mut Trial, limits: &Limits) {
    during(report, trial);
    let gates = [
        error_rate(report, limits.error_rate),
        generator(report),
        rate(report),
        steady(trial),
        quiet(trial),
    ];
    trial.gates.extend(gates);
    trial.cautions.extend(cautions(report, trial, limits));
}

fn during(report: &LoadReport, trial: &mut Trial) {
    let wrong = report.failures.iter();
    let wrong = wrong.filter(|failure| failure.kind == FailureKind::Check);
    wrong_answers(wrong, "under load", trial);
}

/// A wrong answer breaks the contract, however few there are: only a sample is looked at.
pub(super) fn wrong_answers<'f>(wrong: impl Iterator<Item = &'f Failure>, when: &str, trial: &mut Trial) {
    let count: u64 = wrong.map(|failure| failure.count).sum();
    let contract = trial.gates.iter_mut().find(|gate| gate.gate == Gate::Contract);
    if let Some(gate) = contract.filter(|_| count > 0) {
        gate.outcome = GateOutcome::Failed;
        gate.measured = format!("{count} wrong answers {when}");
    }
}

/// Failed when the rate is above the limit beyond what so few requests can tell (Wilson, 95 %); weak when it
/// is above it at all.
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

/// Failed when too few of the due requests were answered; weak when all were and some only after the time was over.
fn rate(report: &LoadReport) -> GateResult {
    let outcome = match answered_share(report) {
        share if share < ANSWERED_SHARE => GateOutcome::Failed,
        _ if report.rate_held => GateOutcome::Passed,
        _ => GateOutcome::Weak,
    };
    let behind = if outcome == GateOutcome::Weak {
        ", some of them only after the time was over"
    } else {
        ""
    };
    let measured = format!(
        "{:.1} % of the due requests answered{behind}",
        answered_share(report) * 100.0
    );
    result(
        Gate::RateHeld,
        outcome,
        measured,
        format!("at least {:.0} %, in time", ANSWERED_SHARE * 100.0),
    )
}

/// The share of the due requests that was answered, 0 to 1.
pub(super) fn answered_share(report: &LoadReport) -> f64 {
    report.completed as f64 / report.planned.max(1) as f64
}

fn steady(trial: &Trial) -> GateResult {
    let class = trial.warm_up.as_ref().map(|warm_up| warm_up.class);
    let words = match class {
        Some(WarmClass::Warm) => "settled, faster than at first",
        Some(WarmClass::Flat) => "settled from the first",
        Some(WarmClass::SlowingDown) => "settled, slower than at first",
        Some(WarmClass::NoSteadyState) | None => "not settled within its time",
    };
    let outcome = if matches!(class, None | Some(WarmClass::NoSteadyState)) {
        GateOutcome::Weak
    } else {
        GateOutcome::Passed
    };
    result(
        Gate::SteadyState,
        outcome,
        words.to_owned(),
        format!("{LEAST_WINDOWS} windows of one level at the end"),
    )
}

fn quiet(trial: &Trial) -> GateResult {
    let steal = trial.environment.steal_share.unwrap_or(0.0);
    let delay = trial.environment.server_run_delay_share.unwrap_or(0.0);
    let throttled = trial.environment.throttled_share.unwrap_or(0.0);
    let slow = trial.environment.slowdown_ratio.unwrap_or(1.0);
    let stalled = trial.environment.stalled_share.unwrap_or(0.0);
    let worst = level(steal, STEAL_SHARE)
        .max(level(stalled, STALLED_SHARE))
        .max(level(slow, TIMES_AS_LONG))
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
        measured += &format!(
            ", {:.1} % held back by a limit of processor time",
            throttled * 100.0
        );
    }
    if level(slow, TIMES_AS_LONG) > Level::Fine {
        measured += &format!(", the machine {slow:.1} times as slow as in the run's other trials");
    }
    if level(stalled, STALLED_SHARE) > Level::Fine {
        measured += &format!(
            ", the machine stood still for {:.1} % of the time, once for {:.0} ms",
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

/// A limit that somebody set above the lab and that spoils the trial: who set it can raise it.
pub(super) fn throttled(trial: &Trial) -> Option<Fault> {
    let share = trial.environment.throttled_share?;
    (level(share, THROTTLED_SHARE) == Level::Bad).then(|| {
        let words = "of the measured time a limit of processor time above the lab held everything back: raise it \
                     (`cpu.max`, or the CPU limit of the container)";
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

/// How far a figure is from its two thresholds.
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
