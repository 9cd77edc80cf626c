//! A trial of a service that ran already: the load at the brief's rate, and what can be known from outside. Where its
//! processes are named, their CPU time and memory too. It neither starts nor stops anything.

use super::marks::{self, Mark};
use super::{gates, load, summary};
use crate::event::{Event, EventSink, Phase};
use crate::fault::{of_contender, of_lab};
use crate::host::{StallMeter, Yardstick};
use crate::probe::kit::other_status::OtherStatus;
use crate::process::foreign::ForeignTree;
use crate::procfs::machine::{ProcessorTime, cpu_pressure_percent, load_1m};
use bakeoff_core::brief::Brief;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{Environment, Fault, LoadSummary, Stage, Trial};
use bakeoff_core::schedule::ScheduledTrial;
use bakeoff_load::{FailureKind, LoadReport, Plan, RequestSpec, Target, Tick};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// The metrics that a service's processes show besides its responses.
pub(crate) fn of_processes(brief: &Brief) -> Vec<String> {
    let mut trial = Trial::new(0, Entrant::contender(""));
    load::observe(&mut trial, brief, Some(1.0), Some(1.0), None);
    trial.observations.into_iter().map(|seen| seen.metric).collect()
}

/// A service, and the requests for it.
pub(crate) struct Outside<'o> {
    pub(crate) brief: &'o Brief,
    pub(crate) mix: &'o [RequestSpec],
    pub(crate) target: &'o Target,
    /// Its processes, where they are named.
    pub(crate) tree: Option<&'o mut ForeignTree>,
    /// The processors on which generator and service may run.
    pub(crate) cores: &'o [usize],
    /// Whether the service may share processors with the generator.
    pub(crate) shares_cores: bool,
    pub(crate) yardstick: &'o Yardstick,
    pub(crate) events: &'o dyn EventSink,
    pub(crate) stop: &'o AtomicBool,
}

/// A load, and everything that was measured around it.
struct Measured {
    report: LoadReport,
    marks: Vec<Mark>,
    peak_mb: Option<f64>,
    environment: Environment,
}

/// Runs one trial; `at_s` is its start, in seconds since measuring began.
pub(crate) fn run(mut outside: Outside<'_>, scheduled: &ScheduledTrial, at_s: f64) -> Trial {
    let planned = &scheduled.planned;
    let events = outside.events;
    events.event(Event::TrialStarted {
        block: planned.block,
        position: planned.position,
        entrant: planned.entrant.clone(),
    });
    events.event(Event::TrialPhase {
        entrant: planned.entrant.clone(),
        phase: Phase::Measure,
    });
    let began = Instant::now();
    let mut trial = Trial {
        launch: Some(scheduled.launch),
        ..super::empty(planned, at_s)
    };
    if let Err(fault) = outside.measure(planned.seed, scheduled.budget.measure_s, &mut trial) {
        trial.faults.push(fault);
    }
    trial.gates.sort_by_key(|result| result.gate);
    trial.seconds = began.elapsed().as_secs_f64();
    super::announce(events, &trial);
    trial
}

/// A load that does not count, for as long: connections are opened and caches filled. Returns what it came to.
pub(crate) fn run_in(outside: &Outside<'_>, seed: u64, seconds: f64) -> Result<LoadReport, Fault> {
    let plan = load::plan(outside.brief, seed, seconds, &[]);
    bakeoff_load::run(
        outside.target,
        outside.mix,
        &plan,
        &mut |_: &Tick| {},
        outside.stop,
    )
    .map_err(|error| of_lab(Stage::Load, error.to_string()))
}

impl Outside<'_> {
    fn measure(&mut self, seed: u64, seconds: f64, trial: &mut Trial) -> Result<(), Fault> {
        let measured = self.drive(&load::plan(self.brief, seed, seconds, &[]))?;
        let report = &measured.report;
        trial.environment = measured.environment;
        let limits = gates::Limits {
            error_rate: self.brief.load.slo.error_rate,
            shared_cores: self.shares_cores,
        };
        gates::judge(report, trial, &limits);
        trial.curves = summary::curves(report);
        trial.load = Some(LoadSummary {
            served_rps: marks::served_rps(&measured.marks),
            ..summary::summary(report, marks::server_cpu_s(&measured.marks, report.seconds))
        });
        if self.tree.is_some() {
            load::observe(
                trial,
                self.brief,
                marks::cpu_us_per_request(&measured.marks),
                measured.peak_mb,
                OtherStatus::of(report).note(self.mix),
            );
        }
        trial.faults.extend(finding(report));
        Ok(())
    }

    /// Drives the load between readings of every counter; the yardstick first and last, because it uses processors
    /// itself.
    fn drive(&mut self, plan: &Plan) -> Result<Measured, Fault> {
        let yardstick_before = Yardstick::measure_ms(self.cores);
        let (before, began) = (ProcessorTime::read(self.cores), Instant::now());
        let mut tree = self.tree.as_deref_mut();
        let memory_before = tree.as_mut().map(|tree| tree.memory_mb());
        let mut marks: Vec<Mark> = Vec::new();
        let mut watch = |tick: &Tick| {
            // Ticks of the run-in are negative.
            if let Some(tree) = tree.as_mut().filter(|_| tick.at_s >= 0.0) {
                marks.push(Mark {
                    cpu: tree.cpu(),
                    database_s: None,
                    correct: tick.correct_total,
                    at: Instant::now(),
                    tick_s: tick.at_s,
                });
            }
        };
        let stalls = StallMeter::start(self.cores);
        let report = bakeoff_load::run(self.target, self.mix, plan, &mut watch, self.stop);
        let stalls = stalls.finish();
        let report = report.map_err(|error| of_lab(Stage::Load, error.to_string()))?;
        let seconds = began.elapsed().as_secs_f64().max(1e-9);
        let memory_after = tree.as_mut().map(|tree| tree.memory_mb());
        let steal = before.zip(ProcessorTime::read(self.cores));
        let environment = Environment {
            steal_share: steal.map(|(before, now)| {
                (now.steal_s - before.steal_s) / (seconds * self.cores.len().max(1) as f64)
            }),
            generator_run_delay_share: Some(report.own_wait_s / report.seconds.max(1e-9)),
            cpu_pressure_percent: cpu_pressure_percent(),
            load_1m: load_1m(),
            stalled_share: stalls.map(|seen| seen.share),
            longest_stall_ms: stalls.map(|seen| seen.longest_ms),
            ..Environment::default()
        };
        let yardstick_ms = yardstick_before
            .zip(Yardstick::measure_ms(self.cores))
            .map(|(before, after)| f64::midpoint(before, after));
        Ok(Measured {
            report,
            marks,
            peak_mb: memory_before
                .zip(memory_after)
                .map(|(before, after)| before.max(after)),
            environment: Environment {
                yardstick_ms,
                slowdown_ratio: yardstick_ms.and_then(|ms| self.yardstick.slowdown_ratio(ms)),
                ..environment
            },
        })
    }
}

/// What the load shows that the service did wrong.
fn finding(report: &LoadReport) -> Option<Fault> {
    let wrong = report
        .failures
        .iter()
        .find(|failure| failure.kind == FailureKind::Check);
    if report.correct == 0 {
        let example = report.failures.first();
        let example = example.map_or_else(String::new, |failure| format!(": {}", failure.example));
        return Some(of_contender(
            Stage::Load,
            format!("no correct response to any request{example}"),
        ));
    }
    if let Some(failure) = wrong {
        let words = format!(
            "{} wrong responses to `{}`: {}",
            failure.count, failure.label, failure.example
        );
        return Some(of_contender(Stage::Load, words));
    }
    let share = gates::response_share(report);
    (share < gates::RESPONSE_SHARE).then(|| {
        let words = format!(
            "cannot hold {:.0} requests a second: only {:.0} % of them got a response",
            report.offered_rps,
            share * 100.0
        );
        of_contender(Stage::Load, words)
    })
}
