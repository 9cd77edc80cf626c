//! What is next in a round that has begun: launches, trials in the order of the blocks, retirements. Does not look
//! beyond the round.

use super::block::slots_of;
use super::budget::BudgetTracker;
use super::history::{History, ended_with_its_session};
use super::probes::{due_at_retirement, end_a_server};
use super::repeat;
use super::step::{ScheduledLaunch, ScheduledRetirement, ScheduledTrial, Step};
use crate::entrant::Entrant;
use crate::evidence::DisturbedAttempt;
use crate::plan::{PlannedBlock, PlannedLaunch, PlannedRound, PlannedTrial};

/// The most launches of an entrant in a round, those apart that were made again because their session had ended: one,
/// and one new launch after each of two ends that were the lab's.
const LAUNCHES: usize = 3;

/// The number of launches of an entrant in a round that may fail by themselves and be made once more.
const FAILURES: usize = 1;

/// The next step of a round; none when it is over.
pub(super) fn next_step(tracker: &BudgetTracker<'_>, round: &PlannedRound) -> Option<Step> {
    let history = tracker.history();
    let repeat = repeat::due(tracker, round);
    if let Some(planned) = launch_due(tracker, round, repeat.as_ref().map(|due| &due.planned.entrant)) {
        return Some(Step::Launch(scheduled_launch(history, planned)));
    }
    if let Some(due) = repeat
        && let Some(scheduled) = scheduled_trial(tracker, round, due.block, due.planned, Some(due.attempt))
    {
        return Some(Step::Repeat(scheduled));
    }
    next_trial(tracker, round)
        .map(Step::Trial)
        .or_else(|| next_retirement(history, round).map(Step::Retire))
}

/// The launch of a planned entrant that has work in the round and no server.
fn launch_due<'p>(
    tracker: &BudgetTracker<'_>,
    round: &'p PlannedRound,
    repeated: Option<&Entrant>,
) -> Option<&'p PlannedLaunch> {
    let history = tracker.history();
    round.launches.iter().find(|planned| {
        let entrant = &planned.entrant;
        history.living(round, entrant).is_none()
            && history.is_active(entrant)
            && (history.pending_of(round, entrant) > 0
                || repeated == Some(entrant)
                || must_be_made_again_to_retire(history, round, entrant))
            && may_be_launched(tracker, round, entrant)
    })
}

/// Whether the rules and the budget let an entrant without a server have one more launch in the round.
fn may_be_launched(tracker: &BudgetTracker<'_>, round: &PlannedRound, entrant: &Entrant) -> bool {
    let history = tracker.history();
    let last = history.launches_in(round, entrant).next_back();
    if last.is_none_or(ended_with_its_session) {
        return true;
    }
    let of_round = history.launches_in(round, entrant);
    let made = of_round.filter(|launch| !ended_with_its_session(launch)).count();
    made < LAUNCHES && history.failures_in(round, entrant) <= FAILURES && tracker.fits_rest_of(round)
}

/// Whether probes that end a server are due of an entrant whose launch ended with its session before its retirement.
fn must_be_made_again_to_retire(history: &History<'_>, round: &PlannedRound, entrant: &Entrant) -> bool {
    let last = history.launches_in(round, entrant).next_back();
    last.is_some_and(|last| {
        ended_with_its_session(last) && end_a_server(due_at_retirement(history, last), history.plan())
    })
}

/// The first trial that has not run and whose entrant has a server, in the order of the blocks. A block after the
/// round's first begins only if it fits into the budget.
fn next_trial(tracker: &BudgetTracker<'_>, round: &PlannedRound) -> Option<ScheduledTrial> {
    let history = tracker.history();
    if history.is_retiring(round) {
        return None;
    }
    let runnable = |planned: &&PlannedTrial| history.living(round, &planned.entrant).is_some();
    for (place, block) in round.blocks.iter().enumerate() {
        let Some(planned) = history.pending(block).find(runnable) else {
            continue;
        };
        let may_begin = place == 0 || history.has_begun(block) || tracker.fits_block(round, block);
        return may_begin
            .then(|| scheduled_trial(tracker, round, block, planned, None))
            .flatten();
    }
    None
}

fn next_retirement(history: &History<'_>, round: &PlannedRound) -> Option<ScheduledRetirement> {
    let mut living = round.launches.iter().filter_map(|planned| {
        let launch = history.living(round, &planned.entrant)?;
        Some((planned, launch))
    });
    let (planned, launch) = living.next()?;
    Some(ScheduledRetirement {
        launch: launch.id,
        slots: due_at_retirement(history, launch),
        budget: history.plan().trial,
        seed: planned.seed,
    })
}

/// The planned launch as the next of the run.
pub(super) fn scheduled_launch(history: &History<'_>, planned: &PlannedLaunch) -> ScheduledLaunch {
    let id = history.launches().len() as u32;
    ScheduledLaunch {
        id,
        planned: planned.clone(),
        budget: history.plan().launch,
        is_first: history.is_first_launch(&planned.entrant, id),
    }
}

/// A trial on the entrant's server, if it has one; `attempt` is the one that it repeats.
fn scheduled_trial(
    tracker: &BudgetTracker<'_>,
    round: &PlannedRound,
    block: &PlannedBlock,
    planned: &PlannedTrial,
    attempt: Option<DisturbedAttempt>,
) -> Option<ScheduledTrial> {
    let history = tracker.history();
    let launch = history.living(round, &planned.entrant)?;
    let slots = slots_of(&tracker.before(block), round, block, &planned.entrant);
    let observed = history.has_observed_rest(round, &planned.entrant);
    Some(ScheduledTrial {
        planned: planned.clone(),
        launch: launch.id,
        is_first_of_launch: attempt.is_none() && !observed,
        budget: history.plan().trial.with_slots(slots),
        first_attempt: attempt,
    })
}
