//! What is left of the measuring time, what the steps that must still run take of it, and what remains for probes and
//! repeats. Does not choose steps.

use super::costs::Costs;
use super::history::{History, ended_with_its_session};
use super::probes::{due_at_retirement, never_ran};
use crate::entrant::Entrant;
use crate::evidence::{Launch, Run, Trial};
use crate::plan::{ALLOWANCE, BudgetRule, PlannedBlock, PlannedRound};

/// A rounding error must not cost a step, in seconds.
const ROUNDING_S: f64 = 1e-6;

/// The measuring time of a run, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// The time that the run may take.
    pub total_s: f64,
    /// The time that it has taken. Launches that were made again because their session had ended count for nothing.
    pub spent_s: f64,
}

impl Budget {
    /// The budget of a run as its evidence shows it. That of a full answer follows what its steps turn out to take.
    #[must_use]
    pub fn of(run: &Run) -> Budget {
        BudgetTracker::of(History::new(&run.plan, run)).budget
    }

    fn fits(self, seconds: f64) -> bool {
        self.spent_s + ALLOWANCE * seconds <= self.total_s + ROUNDING_S
    }
}

/// A budget, what its history has spent of it, and what the steps to come take.
#[derive(Debug)]
pub(super) struct BudgetTracker<'r> {
    history: History<'r>,
    costs: Costs<'r>,
    budget: Budget,
    /// The budget as the history itself shows it.
    shown: Budget,
}

impl<'r> BudgetTracker<'r> {
    /// With the budget that the history shows.
    pub(super) fn of(history: History<'r>) -> BudgetTracker<'r> {
        let costs = Costs::learned(&history);
        let total_s = match history.plan().budget_rule {
            BudgetRule::Given => history.plan().budget_s,
            BudgetRule::FullAnswer => ALLOWANCE * full_answer_s(&history, &costs),
        };
        let shown = Budget {
            total_s,
            spent_s: spent_s(&history, &costs),
        };
        BudgetTracker {
            history,
            costs,
            budget: shown,
            shown,
        }
    }

    /// With this budget.
    pub(super) fn new(history: History<'r>, budget: Budget) -> BudgetTracker<'r> {
        BudgetTracker {
            budget,
            ..BudgetTracker::of(history)
        }
    }

    /// As it was when a block began.
    pub(super) fn before(&self, block: &PlannedBlock) -> BudgetTracker<'r> {
        let then = BudgetTracker::of(self.history.before(block));
        let budget = Budget {
            total_s: then.shown.total_s + (self.budget.total_s - self.shown.total_s),
            spent_s: then.shown.spent_s + (self.budget.spent_s - self.shown.spent_s),
        };
        BudgetTracker { budget, ..then }
    }

    pub(super) fn history(&self) -> &History<'r> {
        &self.history
    }

    pub(super) fn costs(&self) -> &Costs<'r> {
        &self.costs
    }

    /// Whether steps that take that many seconds fit into the budget.
    pub(super) fn fits(&self, seconds: f64) -> bool {
        self.budget.fits(seconds)
    }

    /// Whether a round that has not begun fits, without probes, when the one before it is over.
    pub(super) fn fits_round(&self, round: &PlannedRound) -> bool {
        let plan = self.history.plan();
        if plan.budget_rule == BudgetRule::FullAnswer && round.index < plan.min_rounds() {
            return true;
        }
        // An interrupt saves no time for a further round: the servers that it stopped would have been stopped by now.
        let launches = self.history.launches().iter();
        let stopped = launches
            .filter(|launch| self.history.is_of_last_round(launch) && self.history.was_stopped_early(launch));
        let budget = Budget {
            spent_s: self.budget.spent_s + stopped.count() as f64 * self.costs.end_s(),
            ..self.budget
        };
        budget.fits(round_s(&self.history, &self.costs, round))
    }

    /// Whether a block that has not begun fits into a round whose launches live, without probes and with their ends.
    pub(super) fn fits_block(&self, round: &PlannedRound, block: &PlannedBlock) -> bool {
        let (history, costs) = (&self.history, &self.costs);
        let living = |entrant: &Entrant| history.living(round, entrant);
        let pending = history
            .pending(block)
            .filter(|planned| living(&planned.entrant).is_some());
        let trials_s: f64 = pending.map(|planned| costs.later_trial_s(&planned.entrant)).sum();
        let ends = history.active().filter_map(|entrant| living(&entrant));
        let ends_s: f64 = ends.map(|launch| retirement_s(history, costs, launch)).sum();
        self.fits(trials_s + ends_s)
    }

    /// Whether what is left of a round fits, the launches included that failed and are made once more.
    pub(super) fn fits_rest_of(&self, round: &PlannedRound) -> bool {
        self.fits(rest_of_round_s(&self.history, &self.costs, round))
    }

    /// The time that remains for probes and repeats, in seconds: without the steps that must still run, and without
    /// what they may exceed their expected times by.
    pub(super) fn left_for_probes_s(&self) -> f64 {
        let left_s = self.budget.total_s - self.budget.spent_s;
        left_s - ALLOWANCE * self.necessary_s(left_s)
    }

    /// The time of the probes that have not run once for every contender, in seconds. That of a full answer is no time
    /// for repeats.
    pub(super) fn reserved_for_probes_s(&self) -> f64 {
        match self.history.plan().budget_rule {
            BudgetRule::Given => 0.0,
            BudgetRule::FullAnswer => ALLOWANCE * first_probes_s(&self.history, &self.costs),
        }
    }

    /// The time of the steps that must still run: those of the round that has begun, and those of as many further ones
    /// of the plan's least as fit.
    fn necessary_s(&self, left_s: f64) -> f64 {
        let (history, costs) = (&self.history, &self.costs);
        let begun_s = history
            .round()
            .map_or(0.0, |round| rest_of_round_s(history, costs, round));
        let mut necessary_s = begun_s;
        for round in rounds_to_come(history) {
            let more_s = necessary_s + round_s(history, costs, round);
            // A full answer has all of them.
            let is_given = history.plan().budget_rule == BudgetRule::Given;
            if is_given && ALLOWANCE * more_s > left_s + ROUNDING_S {
                break;
            }
            necessary_s = more_s;
        }
        necessary_s
    }
}

/// The measuring time of a history, in seconds: that of its steps. The time between them, in which advice is computed,
/// is not part of it, and neither is that of launches that were made again.
pub(super) fn spent_s(history: &History<'_>, costs: &Costs<'_>) -> f64 {
    let launches = history.launches().iter();
    let launches_s: f64 = launches.map(|launch| launch_s(history, costs, launch)).sum();
    let trials = history.trials().iter();
    let trials_s: f64 = trials.map(|trial| trial.seconds + repeated_s(trial)).sum();
    launches_s + trials_s
}

/// The time of a launch and of its end, in seconds. What an interrupt cost or saved is no part of it.
fn launch_s(history: &History<'_>, costs: &Costs<'_>, launch: &Launch) -> f64 {
    let begin_s = if history.is_remade(launch) {
        0.0
    } else {
        launch.seconds
    };
    let end_s = if history.was_stopped_early(launch) && !history.is_of_last_round(launch) {
        costs.end_s()
    } else {
        history.end(launch).map_or(0.0, |end| end.seconds)
    };
    begin_s + end_s
}

/// The time of the first attempt of a disturbed trial, in seconds.
fn repeated_s(trial: &Trial) -> f64 {
    trial
        .first_attempt
        .as_ref()
        .map_or(0.0, |attempt| attempt.seconds)
}

/// The time of a full answer, as the history shows it: what its rounds have taken without repeats and without probes
/// that ran again, what is left of them, and what racing has saved, which goes to those that can still become the
/// choice.
fn full_answer_s(history: &History<'_>, costs: &Costs<'_>) -> f64 {
    let plan = history.plan();
    let (rounds, blocks) = (plan.min_rounds(), plan.min_blocks());
    let launches = history.launches().iter().filter(|launch| launch.round < rounds);
    let launches_s: f64 = launches.map(|launch| launch_s(history, costs, launch)).sum();
    let trials = history.trials().iter().enumerate();
    let trials = trials.filter(|(_, trial)| trial.block < blocks);
    let trials_s: f64 = trials
        .map(|(place, trial)| trial.seconds - again_s(history, place, trial))
        .sum();
    let begun = history.round().filter(|round| round.index < rounds);
    let begun_s = begun.map_or(0.0, |round| rest_of_round_s(history, costs, round));
    let to_come_s: f64 = rounds_to_come(history)
        .map(|round| round_s(history, costs, round))
        .sum();
    let rest_s = begun_s + to_come_s + first_probes_s(history, costs);
    launches_s + trials_s + rest_s + saved_s(history, costs)
}

/// The time of the probes of a trial, if they had all run before, in seconds.
fn again_s(history: &History<'_>, place: usize, trial: &Trial) -> f64 {
    let earlier = history.trials()[..place]
        .iter()
        .filter(|other| other.entrant == trial.entrant);
    let passed: u32 = earlier
        .filter(|other| other.load.is_some())
        .map(|other| other.slots.count)
        .sum();
    if passed as usize >= history.plan().probe_costs_s.len() {
        trial.probes_s
    } else {
        0.0
    }
}

/// The time of the probes that have not run once for every contender that still runs, in seconds.
fn first_probes_s(history: &History<'_>, costs: &Costs<'_>) -> f64 {
    let contenders = history.active().filter(|entrant| !entrant.is_twin());
    contenders
        .map(|entrant| costs.probes_s(&entrant, never_ran(history, &entrant)))
        .sum()
}

/// The time that the launches and trials would have taken which racing has left out of the plan's least rounds.
fn saved_s(history: &History<'_>, costs: &Costs<'_>) -> f64 {
    let plan = history.plan();
    let entrants = plan.entrants();
    let saved = entrants.iter().map(|entrant| {
        let Some(after) = history.raced_out_after(entrant.name()) else {
            return 0.0;
        };
        let rounds = plan.min_rounds().saturating_sub(after);
        f64::from(rounds) * one_round_s(history, costs, entrant, false, entrants.len() as u32)
    });
    saved.sum()
}

/// The rounds of the plan's least that have not begun.
fn rounds_to_come<'r>(history: &History<'r>) -> impl Iterator<Item = &'r PlannedRound> {
    let next = history.round().map_or(0, |round| round.index + 1);
    let rounds = next..history.plan().min_rounds();
    let planned = history.plan().rounds.iter();
    planned.filter(move |round| rounds.contains(&round.index))
}

/// A whole round of those who still run, without probes, in seconds.
fn round_s(history: &History<'_>, costs: &Costs<'_>, round: &PlannedRound) -> f64 {
    let active: Vec<Entrant> = history.active().collect();
    let is_next = history
        .following_round()
        .is_some_and(|next| next.index == round.index);
    let each = active.iter().map(|entrant| {
        let is_first = is_next && history.is_first_launch(entrant, u32::MAX);
        one_round_s(history, costs, entrant, is_first, active.len() as u32)
    });
    each.sum()
}

/// The launch of an entrant in a round of that many entrants, its trials without probes and its end, in seconds;
/// `is_first` is whether it is the entrant's first launch.
pub(super) fn one_round_s(
    history: &History<'_>,
    costs: &Costs<'_>,
    entrant: &Entrant,
    is_first: bool,
    entrants: u32,
) -> f64 {
    let later = history.plan().blocks_of_a_launch().saturating_sub(1);
    costs.launch_s(entrant, is_first)
        + costs.first_trial_s(entrant, entrants)
        + f64::from(later) * costs.later_trial_s(entrant)
        + costs.end_s()
}

/// The end of a launch with the probes that are due then because its trials have passed their places, in seconds.
fn retirement_s(history: &History<'_>, costs: &Costs<'_>, launch: &Launch) -> f64 {
    let slots = due_at_retirement(history, launch);
    let entrant = &launch.entrant;
    costs.end_s() + costs.probes_s(entrant, slots) - costs.awake_probes_s(entrant, slots)
}

/// What is left of a round that has begun, without probes to come, in seconds.
fn rest_of_round_s(history: &History<'_>, costs: &Costs<'_>, round: &PlannedRound) -> f64 {
    let active: Vec<Entrant> = history.active().collect();
    let each = active.iter().map(|entrant| {
        let lives = history.living(round, entrant).is_some();
        let pending = history.pending_of(round, entrant);
        let must_start = !lives && pending > 0;
        let is_first = history.is_first_launch(entrant, u32::MAX);
        // An interrupt changes nothing: a launch that is made again counts for nothing, and its end counts once.
        let last = history.launches_in(round, entrant).next_back();
        let is_free = last.is_some_and(ended_with_its_session);
        let launch_s = if must_start && !is_free {
            costs.launch_s(entrant, is_first)
        } else {
            0.0
        };
        let end_s = match last {
            Some(last) if lives || must_start || is_free => retirement_s(history, costs, last),
            None if must_start => costs.end_s(),
            _ => 0.0,
        };
        let is_first_trial = !history.has_observed_rest(round, entrant);
        let trials_s = match pending {
            0 => 0.0,
            more if is_first_trial => {
                costs.first_trial_s(entrant, active.len() as u32)
                    + f64::from(more - 1) * costs.later_trial_s(entrant)
            }
            more => f64::from(more) * costs.later_trial_s(entrant),
        };
        launch_s + trials_s + end_s
    });
    each.sum()
}

#[cfg(test)]
mod tests;
