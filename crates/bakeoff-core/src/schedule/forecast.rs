//! How long a run will take and what it will have run then, from its plan and the evidence so far. Uses the rules of
//! the run itself; foresees no failure, no repeat, and no advice that leaves a contender out or stops the run.

use super::budget::{one_round_s, spent_s};
use super::costs::Costs;
use super::elapsed::elapsed_s;
use super::history::History;
use super::imagined::Imagined;
use crate::entrant::Entrant;
use crate::evidence::Run;
use crate::plan::{Plan, Probes};

/// What a run will have come to when it ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The measuring time of the whole run, in seconds.
    pub total_s: f64,
    /// The part of it that has passed, in seconds.
    pub spent_s: f64,
    /// Rounds of the whole run.
    pub rounds: u32,
    /// Blocks of the whole run.
    pub blocks: u32,
    /// Launches of the whole run.
    pub launches: u32,
    /// Trials of the whole run.
    pub trials: u32,
    /// The places of the probe table, counted from 0, that not every contender will have come to.
    pub probes_left_out: Vec<u32>,
}

impl Forecast {
    /// The measuring time that is left, in seconds.
    #[must_use]
    pub fn left_s(&self) -> f64 {
        (self.total_s - self.spent_s).max(0.0)
    }

    /// Of a run that has not begun.
    pub(super) fn of_plan(plan: &Plan) -> Forecast {
        Forecast::of(&Imagined::from_start(plan), plan, 0.0)
    }

    fn of(imagined: &Imagined<'_>, plan: &Plan, spent_s: f64) -> Forecast {
        let blocks = imagined.trials().chunk_by(|a, b| a.block == b.block).count() as u32;
        let left_out = imagined.probes_left_out();
        let places = left_out.places(plan.probe_costs_s.len());
        Forecast {
            total_s: imagined.spent_s(),
            spent_s,
            rounds: imagined.launches().last().map_or(0, |launch| launch.round + 1),
            blocks,
            launches: imagined.launches().len() as u32,
            trials: imagined.trials().len() as u32,
            probes_left_out: places.map(|place| place as u32).collect(),
        }
    }
}

/// What a run that follows this plan will have come to.
#[must_use]
pub fn forecast(plan: &Plan, run: &Run) -> Forecast {
    let history = History::new(plan, run);
    let so_far_s = spent_s(&history, &Costs::learned(&history));
    Forecast::of(&Imagined::from_here(plan, run, elapsed_s(run)), plan, so_far_s)
}

/// The time of one more round for those who still run, without those of `dropped`, in seconds.
#[must_use]
pub fn further_round_s(run: &Run, dropped: &[String], probes: Probes) -> f64 {
    let plan = &run.plan;
    let history = History::new(plan, run);
    let costs = Costs::learned(&history);
    let stays = |entrant: &Entrant| !dropped.iter().any(|name| name == entrant.name());
    let entrants: Vec<Entrant> = history.active().filter(stays).collect();
    let blocks = f64::from(plan.blocks_of_a_launch());
    let each = entrants.iter().map(|entrant| {
        let probes_s = match probes {
            Probes::Due if !entrant.is_twin() => blocks * plan.trial.probe_s * costs.slowness(entrant),
            _ => 0.0,
        };
        probes_s + one_round_s(&history, &costs, entrant, false, entrants.len() as u32)
    });
    each.sum()
}
