//! The evidence so far as the schedule sees it: which launches live, which trials have run, and what came before a
//! block began. Does not decide anything.

use super::standing;
use crate::entrant::Entrant;
use crate::evidence::{Advice, ContenderRecord, EndReason, Launch, LaunchEnd, Run, Trial};
use crate::plan::{Plan, PlannedBlock, PlannedRound, PlannedTrial, Probes, StopRule};

/// A plan, and what has run of it until an instant.
#[derive(Debug, Clone, Copy)]
pub(super) struct History<'r> {
    plan: &'r Plan,
    records: &'r [ContenderRecord],
    /// In the order in which they began.
    launches: &'r [Launch],
    /// In the order in which they ended, block by block.
    trials: &'r [Trial],
    advice: &'r [Advice],
    /// This history leaves out what ended later, in seconds from the start of the measuring.
    until_s: f64,
}

impl<'r> History<'r> {
    pub(super) fn new(plan: &'r Plan, run: &'r Run) -> History<'r> {
        History::of(plan, &run.contenders, &run.launches, &run.trials, &run.advice)
    }

    /// The history of these documents; a contender without a record can run.
    pub(super) fn of(
        plan: &'r Plan,
        records: &'r [ContenderRecord],
        launches: &'r [Launch],
        trials: &'r [Trial],
        advice: &'r [Advice],
    ) -> History<'r> {
        History {
            plan,
            records,
            launches,
            trials,
            advice,
            until_s: f64::INFINITY,
        }
    }

    pub(super) fn plan(&self) -> &'r Plan {
        self.plan
    }

    pub(super) fn launches(&self) -> &'r [Launch] {
        self.launches
    }

    pub(super) fn trials(&self) -> &'r [Trial] {
        self.trials
    }

    pub(super) fn last_trial(&self) -> Option<&'r Trial> {
        self.trials.last()
    }

    /// The round that has begun last: the only one that can be unfinished.
    pub(super) fn round(&self) -> Option<&'r PlannedRound> {
        let index = self.launches.last()?.round;
        self.plan.rounds.iter().find(|round| round.index == index)
    }

    /// The round after it, or the first round of all.
    pub(super) fn following_round(&self) -> Option<&'r PlannedRound> {
        let last = self.launches.last().map(|launch| launch.round);
        self.plan.rounds.iter().find(|round| Some(round.index) > last)
    }

    /// How a launch has ended.
    pub(super) fn end<'l>(&self, launch: &'l Launch) -> Option<&'l LaunchEnd> {
        launch.end.as_ref().filter(|end| end.at_s < self.until_s)
    }

    /// The launches of an entrant, in the order in which they began.
    pub(super) fn launches_of(&self, entrant: &Entrant) -> impl DoubleEndedIterator<Item = &'r Launch> {
        self.launches
            .iter()
            .filter(move |launch| launch.entrant == *entrant)
    }

    /// The launches of an entrant in a round.
    pub(super) fn launches_in(
        &self,
        round: &PlannedRound,
        entrant: &Entrant,
    ) -> impl DoubleEndedIterator<Item = &'r Launch> {
        let index = round.index;
        self.launches_of(entrant)
            .filter(move |launch| launch.round == index)
    }

    /// The launch of an entrant whose server runs.
    pub(super) fn living(&self, round: &PlannedRound, entrant: &Entrant) -> Option<&'r Launch> {
        self.launches_in(round, entrant)
            .find(|launch| self.end(launch).is_none())
    }

    /// Whether a launch repeats one that ended with the session that started it. Its time counts for nothing: a run
    /// that was interrupted has the steps that it would have had.
    pub(super) fn is_remade(&self, launch: &Launch) -> bool {
        let is_before = |other: &&Launch| {
            other.id < launch.id && other.round == launch.round && other.entrant == launch.entrant
        };
        let before = self.launches.iter().rfind(is_before);
        before.is_some_and(ended_with_its_session)
    }

    /// Whether a launch with this id is the first of its entrant that comes to its first trial; the twin has none.
    pub(super) fn is_first_launch(&self, entrant: &Entrant, id: u32) -> bool {
        let mut earlier = self.launches_of(entrant).filter(|launch| launch.id < id);
        !entrant.is_twin() && !earlier.any(Launch::was_ready)
    }

    /// Whether a trial of an entrant has observed the first second after a rest in a round: the first that is not a
    /// repeat and came to its load. A launch that is made again observes it no second time.
    pub(super) fn has_observed_rest(&self, round: &PlannedRound, entrant: &Entrant) -> bool {
        self.trials
            .iter()
            .any(|trial| observes_rest(trial, round, entrant))
    }

    /// Whether this trial did, as the first of its entrant in its round.
    pub(super) fn is_first_of_round(&self, trial: &Trial) -> bool {
        let of_round = |round: &&PlannedRound| round.blocks.iter().any(|block| block.index == trial.block);
        let Some(round) = self.plan.rounds.iter().find(of_round) else {
            return false;
        };
        let mut own = self
            .trials
            .iter()
            .filter(|other| observes_rest(other, round, &trial.entrant));
        own.next().is_some_and(|first| first.block == trial.block) && trial.first_attempt.is_none()
    }

    /// Whether the server of a launch was stopped by the end of its session and is not made again, or not yet. Once its
    /// round is over, it would have been stopped anyway.
    pub(super) fn was_stopped_early(&self, launch: &Launch) -> bool {
        let is_later = |other: &Launch| {
            other.id > launch.id && other.round == launch.round && other.entrant == launch.entrant
        };
        ended_with_its_session(launch) && !self.launches.iter().any(is_later)
    }

    /// Whether a launch is of the round that has begun last.
    pub(super) fn is_of_last_round(&self, launch: &Launch) -> bool {
        self.launches
            .last()
            .is_some_and(|last| last.round == launch.round)
    }

    /// Whether the launches of a round are being retired, so that none of its trials runs any more.
    pub(super) fn is_retiring(&self, round: &PlannedRound) -> bool {
        self.launches
            .iter()
            .filter(|launch| launch.round == round.index)
            .filter_map(|launch| self.end(launch))
            .any(|end| end.reason == EndReason::Retired)
    }

    /// Whether a trial of a block has run.
    pub(super) fn has_begun(&self, block: &PlannedBlock) -> bool {
        self.trials.iter().any(|trial| trial.block == block.index)
    }

    /// Whether a trial of a round has run.
    pub(super) fn has_trials(&self, round: &PlannedRound) -> bool {
        round.blocks.iter().any(|block| self.has_begun(block))
    }

    /// The trials of a block that have not run and whose entrant still runs, in their order.
    pub(super) fn pending<'b>(&self, block: &'b PlannedBlock) -> impl Iterator<Item = &'b PlannedTrial> {
        let history = *self;
        let pending =
            move |planned: &&PlannedTrial| !history.has(planned) && history.is_active(&planned.entrant);
        block.trials.iter().filter(pending)
    }

    /// The number of trials of an entrant in a round that have not run, if it still runs.
    pub(super) fn pending_of(&self, round: &PlannedRound, entrant: &Entrant) -> u32 {
        if self.is_retiring(round) {
            return 0;
        }
        let trials = round.blocks.iter().flat_map(|block| &block.trials);
        let own = trials.filter(|planned| planned.entrant == *entrant);
        own.filter(|planned| !self.has(planned)).count() as u32
    }

    fn has(&self, planned: &PlannedTrial) -> bool {
        self.trials
            .iter()
            .any(|trial| trial.block == planned.block && trial.entrant == planned.entrant)
    }

    /// Whether an entrant gets another launch.
    pub(super) fn is_active(&self, entrant: &Entrant) -> bool {
        self.runs_without_racing(entrant) && !self.is_raced_out(entrant.name())
    }

    /// The same if racing had dropped nobody.
    fn runs_without_racing(&self, entrant: &Entrant) -> bool {
        let could_run = self
            .records
            .iter()
            .filter(|record| record.name == entrant.name())
            .all(|record| standing::could_run(record.status));
        // A twin goes with its contender, but not the other way round.
        let contender = Entrant::contender(entrant.name());
        could_run && !self.has_failed(&contender) && !self.has_failed(entrant)
    }

    fn has_failed(&self, entrant: &Entrant) -> bool {
        let launches: Vec<(&Launch, Option<&LaunchEnd>)> = self
            .launches_of(entrant)
            .map(|launch| (launch, self.end(launch)))
            .collect();
        standing::has_failed(entrant, &launches, self.trials)
    }

    /// The number of launches of an entrant in a round that failed by themselves.
    pub(super) fn failures_in(&self, round: &PlannedRound, entrant: &Entrant) -> usize {
        let failed = |launch: &&Launch| standing::failed_by_itself(launch, self.end(launch), self.trials);
        self.launches_in(round, entrant).filter(failed).count()
    }

    /// Whether racing has dropped a contender. Where the user wants all blocks, the advice is kept as evidence and not
    /// followed.
    fn is_raced_out(&self, name: &str) -> bool {
        self.plan.stop_rule == StopRule::Settled
            && self
                .advice
                .iter()
                .any(|advice| advice.dropped.iter().any(|dropped| dropped == name))
    }

    /// The rounds after which racing dropped a contender; none while it has not.
    pub(super) fn raced_out_after(&self, name: &str) -> Option<u32> {
        let dropped = |advice: &&Advice| advice.dropped.iter().any(|dropped| dropped == name);
        let advice = self.advice.iter().find(dropped)?;
        self.is_raced_out(name).then_some(advice.after_rounds)
    }

    /// All who can still run, in the order of the plan.
    pub(super) fn active(&self) -> impl Iterator<Item = Entrant> {
        let history = *self;
        let entrants = self.plan.entrants().into_iter();
        entrants.filter(move |entrant| history.is_active(entrant))
    }

    /// The number of contenders that can still run; the twin is none of them.
    pub(super) fn active_contenders(&self) -> u32 {
        self.active().filter(|entrant| !entrant.is_twin()).count() as u32
    }

    /// The advice after a round.
    pub(super) fn advice_after(&self, round: &PlannedRound) -> Option<&'r Advice> {
        self.advice
            .iter()
            .find(|advice| advice.after_rounds == round.index + 1)
    }

    /// Whether the blocks of a round have probes. Where the user wants all blocks, the advice is not followed.
    pub(super) fn advised_probes(&self, round: &PlannedRound) -> Probes {
        let before = self
            .advice
            .iter()
            .rfind(|advice| advice.after_rounds <= round.index);
        match (self.plan.stop_rule, before) {
            (StopRule::Settled, Some(advice)) => advice.probes,
            _ => Probes::Due,
        }
    }

    /// The history as it was when a block began; the whole when it has not.
    pub(super) fn before(&self, block: &PlannedBlock) -> History<'r> {
        let Some(begin) = self.trials.iter().position(|trial| trial.block == block.index) else {
            return *self;
        };
        let until_s = start_s(&self.trials[begin]);
        let launches = self
            .launches
            .iter()
            .take_while(|launch| launch.at_s < until_s)
            .count();
        History {
            launches: &self.launches[..launches],
            trials: &self.trials[..begin],
            until_s,
            ..*self
        }
    }
}

/// When the first attempt at a trial began, in seconds from the start of the measuring.
fn start_s(trial: &Trial) -> f64 {
    match &trial.first_attempt {
        Some(attempt) => attempt.at_s.min(trial.at_s),
        None => trial.at_s,
    }
}

/// Whether a trial belongs to an entrant in a round, is no repeat, and came to its load.
fn observes_rest(trial: &Trial, round: &PlannedRound, entrant: &Entrant) -> bool {
    trial.entrant == *entrant
        && trial.first_attempt.is_none()
        && trial.load.is_some()
        && round.blocks.iter().any(|block| block.index == trial.block)
}

/// Whether a launch ended with the session that started it.
pub(super) fn ended_with_its_session(launch: &Launch) -> bool {
    let ended = |end: &LaunchEnd| end.reason == EndReason::SessionEnded;
    launch.end.as_ref().is_some_and(ended)
}
