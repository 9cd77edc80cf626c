//! The section "App Engine and Cloud Run" of a report, as numbers and enums: for both targets a row a contender, with
//! what it needs there, what a month costs, the knobs, and the way from one instance to a hundred thousand. A pure
//! function of the stored evidence, the brief and the dated table.

use super::catalogue::catalogue;
use super::day::Day;
use super::fit;
use super::inputs::{self, Inputs, NoInput};
use super::knobs;
use super::platform::Platform;
use super::simulate::{Effort, Load, Method, Simulated, intervals, simulate};
use super::target::{MOST_INSTANCES, NoTarget, Target};
use crate::evidence::{PlatformCheck, Unfit};
use crate::lookup::Lookup;
use crate::parallel;
use crate::range::Range;
use serde::{Deserialize, Serialize};

/// Both targets of a brief, simulated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Serverless {
    /// The curve of the day.
    pub day: Day,
    /// Whether the brief states no day, and it is the assumed one.
    pub day_is_assumed: bool,
    /// Requests a second in the highest hour.
    pub peak_rps: f64,
    /// The day of the price list and of the platforms' numbers, `YYYY-MM-DD`.
    pub table: String,
    /// The targets, the brief's own first.
    pub targets: Vec<OfTarget>,
    /// Targets of the brief that have no simulation.
    pub without: Vec<NoTarget>,
}

/// One target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfTarget {
    /// The target.
    pub target: Target,
    /// Contenders in the order of the run.
    pub rows: Vec<Row>,
}

/// A contender on a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Who.
    pub contender: String,
    /// Why it cannot run there; empty where nothing speaks against it.
    pub unfit: Vec<Unfit>,
    /// What the lab found under the emulated contract; none where it was not tried.
    pub check: Option<PlatformCheck>,
    /// What came of the simulation; none where something lacks for one.
    pub simulation: Option<Simulation>,
    /// What lacks for a simulation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lacks: Option<NoInput>,
}

/// The simulations of a contender on a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Simulation {
    /// What went in.
    pub inputs: Inputs,
    /// The brief's day.
    pub day: Simulated,
    /// Mean number of instances.
    pub instances: Range,
    /// The cost of a month.
    pub month: Range,
    /// The same before what is free.
    pub month_gross: Range,
    /// One knob at another setting.
    pub knobs: Vec<Knob>,
    /// From one instance to a hundred thousand.
    pub scales: Vec<Scale>,
}

/// A knob at another setting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Knob {
    /// The knob, as the platform calls it.
    pub knob: String,
    /// Its setting.
    pub setting: String,
    /// The brief's day with it.
    pub day: Simulated,
    /// The cost of a month.
    pub month: Range,
}

/// The brief's day at another height.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// Requests a second in the highest hour that the instances serve: what the intervals of the inputs leave open,
    /// since the instances are given.
    pub peak_rps: Range,
    /// The day, and the cost of its month.
    pub day: Simulated,
}

/// Simulates both targets of the brief for every contender; none where the brief's target has no autoscaler.
#[must_use]
pub fn of_run(facts: &Lookup<'_>, effort: Effort) -> Option<Serverless> {
    let (targets, without): (Vec<_>, Vec<_>) =
        Target::of_brief(facts.brief).into_iter().partition(Result::is_ok);
    if targets.is_empty() && without.is_empty() {
        return None;
    }
    let load = Load {
        day: facts.brief.load.day.unwrap_or(Day::assumed()),
        peak_rps: facts.brief.load.peak_rps,
    };
    let of_target = |target: Target| OfTarget {
        rows: parallel::map(&facts.run.contenders, |record| {
            row(facts, &record.name, &target, &load, effort)
        }),
        target,
    };
    Some(Serverless {
        day: load.day,
        day_is_assumed: facts.brief.load.day.is_none(),
        peak_rps: load.peak_rps,
        table: catalogue().date.clone(),
        targets: targets.into_iter().flatten().map(of_target).collect(),
        without: without.into_iter().filter_map(Result::err).collect(),
    })
}

fn row(facts: &Lookup<'_>, contender: &str, target: &Target, load: &Load, effort: Effort) -> Row {
    let record = facts.record(contender);
    let memory = inputs::memory_mb(facts, contender, target);
    let check = record.and_then(|record| {
        let mut checks = record.platforms.iter();
        checks.find(|check| check.platform == target.platform).cloned()
    });
    let (simulation, lacks) = match Inputs::of(facts, contender, target) {
        Ok(inputs) => (Some(simulation(facts, inputs, target, load, effort)), None),
        Err(lack) => (None, Some(lack)),
    };
    Row {
        contender: contender.to_owned(),
        unfit: record.map_or_else(Vec::new, |record| {
            fit::unfit(record, memory, target, facts.run.day())
        }),
        check,
        simulation,
        lacks,
    }
}

fn simulation(
    facts: &Lookup<'_>,
    inputs: Inputs,
    target: &Target,
    load: &Load,
    effort: Effort,
) -> Simulation {
    let (hours, seed) = (catalogue().month_hours, facts.run.plan.seed);
    let day = simulate(&inputs, target, load, hours, effort.requests, seed);
    let (instances, month, month_gross) = intervals(&inputs, target, load, hours, &day, seed);
    let in_proportion = |value: f64| by_the_interval_of(value, &month_gross);
    let (mut knobs, mut scales) = (Vec::new(), Vec::new());
    if let Some(most_requests) = effort.beside {
        for turned in knobs::turned(target, &facts.brief.deploy, catalogue()) {
            let day = simulate(&inputs, &turned.target, load, hours, most_requests, seed);
            knobs.push(Knob {
                knob: turned.knob.to_owned(),
                setting: turned.setting,
                month: in_proportion(day.month.net),
                day,
            });
        }
        for (peak_rps, day) in heights(&inputs, target, load, most_requests, seed) {
            scales.push(Scale { peak_rps, day });
        }
    }
    Simulation {
        inputs,
        day,
        instances,
        month,
        month_gross,
        knobs,
        scales,
    }
}

/// A value with the interval, in proportion, of what the same inputs make.
fn by_the_interval_of(value: f64, of: &Range) -> Range {
    let ratio = |end: f64| if of.value > 0.0 { end / of.value } else { 1.0 };
    Range {
        value,
        low: value * ratio(of.low),
        high: value * ratio(of.high),
    }
}

/// The brief's day as high as 1, 10, … 100,000 instances serve in the highest hour at the autoscaler's targets.
fn heights(
    inputs: &Inputs,
    target: &Target,
    load: &Load,
    most_requests: f64,
    seed: u64,
) -> impl Iterator<Item = (Range, Simulated)> {
    let of_one = rate_of_one(inputs, target);
    let powers = (0..6).map(|power| 10_u32.pow(power));
    powers
        .filter(|instances| *instances <= MOST_INSTANCES)
        .map(move |instances| {
            let mut limited = target.clone();
            // Peaks lie above the mean of the highest hour.
            limited.policy.max_instances = MOST_INSTANCES * 2;
            // A little less, so that noise around a whole number does not start another one.
            let times = |rate: f64| rate * f64::from(instances) * 0.97;
            let load = Load {
                peak_rps: times(of_one.value),
                ..*load
            };
            let hours = catalogue().month_hours;
            let peak_rps = Range {
                value: load.peak_rps,
                low: times(of_one.low),
                high: times(of_one.high),
            };
            (
                peak_rps,
                simulate(inputs, &limited, &load, hours, most_requests, seed),
            )
        })
}

/// Requests a second of one instance at the autoscaler's targets, with what the inputs' intervals make of it.
fn rate_of_one(inputs: &Inputs, target: &Target) -> Range {
    let policy = &target.policy;
    let rate = |inputs: &Inputs| {
        let instance = inputs.instance(target);
        instance.rate_at_targets(policy.cpu_target, policy.concurrency_target)
    };
    let value = rate(inputs);
    let (mut below, mut above) = (0.0_f64, 0.0_f64);
    for ends in inputs.at_the_ends() {
        let changes = ends.map(|end| rate(&end) - value);
        below = below.hypot(changes.into_iter().fold(0.0, f64::min));
        above = above.hypot(changes.into_iter().fold(0.0, f64::max));
    }
    Range {
        value,
        low: (value - below).max(0.0),
        high: value + above,
    }
}

impl Serverless {
    /// The table of a platform.
    #[must_use]
    pub fn of(&self, platform: Platform) -> Option<&OfTarget> {
        self.targets.iter().find(|of| of.target.platform == platform)
    }
}

impl OfTarget {
    /// Whether a day of it was simulated in steps of a second.
    #[must_use]
    pub fn has_steps(&self) -> bool {
        let simulations = self.rows.iter().filter_map(|row| row.simulation.as_ref());
        simulations
            .into_iter()
            .any(|simulation| simulation.day.method == Method::Seconds)
    }
}
