//! Two judged runs beside each other: what changed, with intervals. The runs share no launch and no block, so the error
//! of a change combines the errors of both (Welch). Many figures are compared at once, so a change counts only if its
//! interval at 95 % for all of them together (Bonferroni) excludes zero change, and, in evidence without launches, if
//! it is larger than the difference between the twins of either run. A yardstick shows how fast the machine was in each
//! run; a time or a rate that changed by no more than the yardstick has not changed. It names no cause: two runs may
//! differ in version, machine and hour as well.

mod change;
mod repeats;
#[cfg(test)]
mod tests;
pub(crate) mod within;

pub use change::{Change, Direction};
pub use repeats::{Deviations, Found, Repeats, repeats};

use crate::evidence::Run;
use crate::judgement::{Judgement, MetricEstimate};
use crate::metric::{METRICS, Metric};
use crate::plan::MIN_BLOCKS;
use crate::power::noise;
use crate::range::Range;
use crate::verdict::Outcome;
use serde::Serialize;

/// The share of comparisons of the same with the same in which something counts as changed.
const ERROR: f64 = 0.05;

/// Two runs beside each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// What the earlier run said.
    pub before: Answer,
    /// What the later run said.
    pub after: Answer,
    /// How fast the machine was in each; none where one of the two did not record it, or another version did.
    pub machine: Option<Machine>,
    /// One for each contender × metric that both runs have an estimate of.
    pub pairs: Vec<Pair>,
}

/// What the same piece of work took in each of two runs: the median over trials, in ms.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Machine {
    /// In the earlier run.
    pub before_ms: f64,
    /// In the later run.
    pub after_ms: f64,
}

impl Machine {
    fn of(before: &Run, after: &Run) -> Option<Machine> {
        if before.version != after.version {
            return None;
        }
        Some(Machine {
            before_ms: yardstick_ms(before)?,
            after_ms: yardstick_ms(after)?,
        })
    }

    /// How many times as slow it was in the later run as in the earlier one.
    #[must_use]
    pub fn times_as_slow(&self) -> f64 {
        self.after_ms / self.before_ms
    }

    /// By how much a metric may have changed because of that, on its scale.
    fn may_move(&self, metric: &Metric) -> f64 {
        if metric.exposure.follows_machine_speed() {
            self.times_as_slow().ln().abs()
        } else {
            0.0
        }
    }
}

/// The median over the trials that recorded it, in ms.
fn yardstick_ms(run: &Run) -> Option<f64> {
    let times = run
        .trials
        .iter()
        .filter_map(|trial| trial.environment.yardstick_ms);
    let mut times: Vec<f64> = times.filter(|ms| ms.is_finite() && *ms > 0.0).collect();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied()
}

/// What a run said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The run's id.
    pub run: String,
    /// The version that measured.
    pub version: String,
    /// Which of the four answers.
    pub outcome: Outcome,
    /// The choice, when there is one.
    pub choice: Option<String>,
}

/// A contender's estimate of a metric in both runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// Whose.
    pub contender: String,
    /// The metric's id.
    pub metric: String,
    /// The estimate of the earlier run with its 95 % interval, in the metric's unit.
    pub before: Range,
    /// The same of the later run.
    pub after: Range,
    /// Whether the two intervals overlap.
    pub overlap: bool,
    /// How it changed; none where one of the two has no logarithm and so no ratio.
    pub change: Option<Change>,
}

impl Comparison {
    /// The runs `before` and `after`, each with its judgement.
    #[must_use]
    pub fn new(before: (&Run, &Judgement), after: (&Run, &Judgement)) -> Comparison {
        let both = in_both(before.1, after.1);
        let machine = Machine::of(before.0, after.0);
        let error = ERROR / both.len().max(1) as f64;
        let pairs = both.into_iter().map(|(metric, one, other)| {
            let floors = [before.1, after.1].map(|judgement| floor(judgement, metric));
            let moved = machine.map_or(0.0, |machine| machine.may_move(metric));
            pair(metric, one, other, error, floors[0].max(floors[1]).max(moved))
        });
        Comparison {
            before: answer(before),
            after: answer(after),
            machine,
            pairs: pairs.collect(),
        }
    }

    /// How many pairs have intervals that overlap.
    #[must_use]
    pub fn overlapping(&self) -> usize {
        self.pairs.iter().filter(|pair| pair.overlap).count()
    }

    /// Whether both runs give the same answer.
    #[must_use]
    pub fn same_outcome(&self) -> bool {
        self.before.outcome == self.after.outcome && self.before.choice == self.after.choice
    }

    /// The pairs that changed in one direction, the largest change first.
    #[must_use]
    pub fn changed(&self, direction: Direction) -> Vec<&Pair> {
        let size = |pair: &&Pair| pair.change.as_ref().map_or(0.0, Change::size);
        let mut changed: Vec<&Pair> = self
            .pairs
            .iter()
            .filter(|pair| pair.went() == direction)
            .collect();
        changed.sort_by(|a, b| size(b).total_cmp(&size(a)));
        changed
    }
}

impl Pair {
    /// Which way it went; `Same` where the change is unknown.
    #[must_use]
    pub fn went(&self) -> Direction {
        self.change
            .as_ref()
            .map_or(Direction::Same, |change| change.direction)
    }
}

fn answer((run, judgement): (&Run, &Judgement)) -> Answer {
    Answer {
        run: run.id.clone(),
        version: run.version.clone(),
        outcome: judgement.verdict.outcome,
        choice: judgement.verdict.choice.clone(),
    }
}

/// A metric with the estimates of it in both runs.
type InBoth<'a> = (&'static Metric, &'a MetricEstimate, &'a MetricEstimate);

fn in_both<'a>(before: &'a Judgement, after: &'a Judgement) -> Vec<InBoth<'a>> {
    let mut both = Vec::new();
    for one in before.metrics.iter().filter(|one| one.estimate.is_some()) {
        let same = |other: &&MetricEstimate| {
            other.contender == one.contender && other.metric == one.metric && other.estimate.is_some()
        };
        let metric = METRICS.iter().find(|metric| metric.id == one.metric);
        both.extend(
            metric
                .zip(after.metrics.iter().find(same))
                .map(|(metric, other)| (metric, one, other)),
        );
    }
    both
}

fn pair(metric: &Metric, one: &MetricEstimate, other: &MetricEstimate, error: f64, floor: f64) -> Pair {
    let (before, after) = (one.estimate.unwrap_or(NOTHING), other.estimate.unwrap_or(NOTHING));
    Pair {
        contender: one.contender.clone(),
        metric: one.metric.clone(),
        before,
        after,
        overlap: before.low <= after.high && after.low <= before.high,
        change: Change::between(
            metric,
            (&before, degrees(one)),
            (&after, degrees(other)),
            error,
            floor,
        ),
    }
}

/// The degrees of freedom of an estimate's interval; of an exact one those of blocks, which change nothing.
fn degrees(estimate: &MetricEstimate) -> f64 {
    let of_blocks = f64::from(estimate.n.max(MIN_BLOCKS) - 1);
    estimate.degrees.unwrap_or(of_blocks)
}

const NOTHING: Range = Range {
    value: 0.0,
    low: 0.0,
    high: 0.0,
};

/// How far apart the twins of a run may be on a metric, as a logarithm of the ratio; 0 where it is unknown, and where
/// the twins test the intervals, which then hold all that they show.
fn floor(judgement: &Judgement, metric: &Metric) -> f64 {
    let floor = judgement.verdict.noise_floor.as_ref();
    let floor = floor.filter(|floor| floor.predicted.is_empty());
    noise(floor.and_then(|floor| floor.ratios.get(metric.id)))
}
