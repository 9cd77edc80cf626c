//! One simulated day of one contender on one target: which of the two simulations runs, and what the intervals of the
//! inputs make of its results.

use super::day::Day;
use super::inputs::Inputs;
use super::requests::by_requests;
use super::seconds::by_seconds;
use super::setup::Setup;
use super::tally::Outcome;
use super::target::Target;
use super::tariff::Month;
use crate::range::Range;
use serde::{Deserialize, Serialize};

/// Up to this many instances a day may be simulated request by request.
const FEW_INSTANCES: u32 = 100;

/// How a day was simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Every request.
    Requests,
    /// In steps of a second.
    Seconds,
}

/// How long the simulations of a table may take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// The most requests of a day that are simulated one by one; a day with more is simulated in steps of a second.
    pub requests: f64,
    /// The same for the days beside the brief's: other knobs, other heights; none: there are no such days.
    pub beside: Option<f64>,
}

impl Effort {
    /// For a report: some tenths of a second for each contender.
    pub const REPORT: Effort = Effort {
        requests: 1.5e6,
        beside: Some(1e5),
    };
    /// The same without what only the page and `results.json` show beside the brief's day.
    pub const SUMMARY: Effort = Effort {
        requests: 1.5e6,
        beside: None,
    };
    /// Every request of the brief's day, as long as a hundred instances suffice.
    pub const EVERY_REQUEST: Effort = Effort {
        requests: f64::INFINITY,
        beside: Some(1e5),
    };
    /// The brief's day alone.
    pub const DAY: Effort = Effort {
        requests: 1e5,
        beside: None,
    };
}

/// A load over a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// Its curve.
    pub day: Day,
    /// Requests a second in the highest hour.
    pub peak_rps: f64,
}

/// A simulated day and its month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Simulated {
    /// How it was simulated.
    pub method: Method,
    /// The day.
    pub outcome: Outcome,
    /// The month.
    pub month: Month,
}

/// The setup of a contender's day on a target.
#[must_use]
pub fn setup(inputs: &Inputs, target: &Target, load: &Load) -> Setup {
    let policy = target.policy_with_start(inputs.start_s.value);
    Setup::day(
        inputs.instance(target),
        policy,
        load.day,
        load.peak_rps,
        target.step_s(),
    )
}

/// Simulates a day, request by request where few instances suffice and it has at most `most_requests`.
#[must_use]
pub fn simulate(
    inputs: &Inputs,
    target: &Target,
    load: &Load,
    month_hours: f64,
    most_requests: f64,
    seed: u64,
) -> Simulated {
    let setup = setup(inputs, target, load);
    let in_seconds = by_seconds(&setup, seed);
    let is_small = in_seconds.instances_peak <= FEW_INSTANCES && setup.requests_a_day() <= most_requests;
    let (method, outcome) = if is_small {
        (Method::Requests, by_requests(&setup, seed))
    } else {
        (Method::Seconds, in_seconds)
    };
    Simulated {
        method,
        outcome,
        month: month(target, &outcome, month_hours),
    }
}

fn month(target: &Target, outcome: &Outcome, month_hours: f64) -> Month {
    target
        .tariff
        .month(outcome, target.policy.min_instances, month_hours)
}

/// What the intervals of the inputs make of the mean number of instances and of the cost of a month, around a simulated
/// day: each input alone at the ends of its interval, and the differences added up in quadrature, since the inputs'
/// errors do not depend on each other [JCGM 100:2008, Guide to the expression of uncertainty in measurement, 5.1.2].
#[must_use]
pub fn intervals(
    inputs: &Inputs,
    target: &Target,
    load: &Load,
    month_hours: f64,
    around: &Simulated,
    seed: u64,
) -> (Range, Range, Range) {
    let values = |inputs: &Inputs| {
        let outcome = by_seconds(&setup(inputs, target, load), seed);
        let month = month(target, &outcome, month_hours);
        [outcome.instances_mean, month.net, month.gross]
    };
    let middle = values(inputs);
    let mut squares = [[0.0; 2]; 3];
    for ends in inputs.at_the_ends() {
        let ends = ends.map(|end| values(&end));
        for (index, squares) in squares.iter_mut().enumerate() {
            let changes = ends.map(|end| end[index] - middle[index]);
            squares[0] += changes.into_iter().fold(0.0, f64::min).powi(2);
            squares[1] += changes.into_iter().fold(0.0, f64::max).powi(2);
        }
    }
    let around = [
        around.outcome.instances_mean,
        around.month.net,
        around.month.gross,
    ];
    let range = |index: usize| Range {
        value: around[index],
        low: (around[index] - squares[index][0].sqrt()).max(0.0),
        high: around[index] + squares[index][1].sqrt(),
    };
    (range(0), range(1), range(2))
}
