//! The procedure of a run, replayed on its stored launches: those of equal contenders are dealt to their names anew,
//! and schedule and advice decide as in a run, racing and stopping included. So every error rate that is stated is one
//! of the whole procedure. It measures nothing, and it ends where the stored evidence does.

use super::advise;
use crate::brief::{Brief, Preferences};
use crate::entrant::Entrant;
use crate::evidence::{
    CurveKind, DisturbedAttempt, EndReason, Label, Launch, LaunchEnd, Run, StopReason, Trial,
};
use crate::judge::{JudgeOptions, judge};
use crate::parallel;
use crate::plan::{Plan, StopRule};
use crate::schedule::{self, Budget, ScheduledLaunch, ScheduledRetirement, ScheduledTrial, Step};
use crate::verdict::Outcome;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most steps of a replay: without a bound a mistake in the schedule would never end.
const MOST_STEPS: usize = 100_000;

/// Who takes part in the replays of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cast {
    /// Contenders of the run that are copies of one another. Their launches, and those of the twin of one of them, are
    /// dealt anew in each replay.
    pub equals: Vec<String>,
    /// Those of them that take part.
    pub playing: Vec<String>,
    /// Others that take part, each with its own launches.
    pub others: Vec<String>,
}

/// What came of one replay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Replay {
    /// The answer.
    pub outcome: Outcome,
    /// The choice.
    pub choice: Option<String>,
    /// Probability of being the best, by contender.
    pub p_best: BTreeMap<String, f64>,
    /// Estimates of the metric that the caller names, by contender, in the metric's unit.
    pub estimates: BTreeMap<String, f64>,
    /// Launches that it took.
    pub launches: u32,
    /// Contenders that racing dropped.
    pub dropped: Vec<String>,
    /// Why it stopped; none where the stored evidence ended first.
    pub stop: Option<StopReason>,
}

impl Replay {
    /// The contender with the highest estimate of the metric.
    #[must_use]
    pub fn highest(&self) -> Option<&str> {
        let highest = self.estimates.iter().max_by(|a, b| a.1.total_cmp(b.1));
        highest.map(|(name, _)| name.as_str())
    }

    /// The highest probability of being the best.
    #[must_use]
    pub fn p_best_of_leader(&self) -> f64 {
        self.p_best.values().copied().fold(0.0, f64::max)
    }
}

/// Replays the procedure `replays` times with the evidence of `stored`, and judges each; `metric` is the id of the
/// metric whose estimates are kept. The stored run should have launches of every contender in each round, so one that
/// ran all of its plan.
#[must_use]
pub fn replay(
    stored: &Run,
    brief: &Brief,
    preferences: &Preferences,
    options: &JudgeOptions,
    cast: &Cast,
    metric: &str,
    replays: u32,
) -> Vec<Replay> {
    let stored = with_response_times_only(stored);
    let mut random = ChaCha8Rng::seed_from_u64(options.seed);
    let seeds: Vec<u64> = (0..replays).map(|_| random.random()).collect();
    parallel::map(&seeds, |seed| {
        let mut table = Table::deal(&stored, cast, *seed);
        let stop = table.play(brief, preferences, options);
        let judgement = judge(&table.run, brief, preferences, options);
        let of_metric = judgement
            .metrics
            .iter()
            .filter(|estimate| estimate.metric == metric);
        let estimates = of_metric.filter_map(|seen| Some((seen.contender.clone(), seen.estimate?.value)));
        let dropped = table.run.advice.iter().flat_map(|advice| &advice.dropped);
        Replay {
            outcome: judgement.verdict.outcome,
            choice: judgement.verdict.choice.clone(),
            estimates: estimates.collect(),
            launches: table.run.launches.len() as u32,
            dropped: dropped.cloned().collect(),
            p_best: judgement.verdict.p_best,
            stop,
        }
    })
}

/// A replay while it runs.
struct Table<'s> {
    stored: &'s Run,
    /// By round and entrant of the replay: whose launches of the stored run it holds.
    dealt: BTreeMap<(u32, Entrant), Entrant>,
    run: Run,
    /// The stored launch of each launch of the replay, by id.
    origins: Vec<&'s Launch>,
    clock_s: f64,
}

impl<'s> Table<'s> {
    /// Deals the launches of each round.
    fn deal(stored: &'s Run, cast: &Cast, seed: u64) -> Table<'s> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let run = opening(stored, cast);
        let seats = run.plan.entrants().into_iter();
        let (seats, own): (Vec<Entrant>, Vec<Entrant>) =
            seats.partition(|entrant| cast.playing.iter().any(|name| name == entrant.name()));
        let mut dealt = BTreeMap::new();
        for round in &run.plan.rounds {
            let mut hands: Vec<&Entrant> = Vec::new();
            for launch in stored
                .launches
                .iter()
                .filter(|launch| launch.round == round.index)
            {
                let is_equal = cast.equals.iter().any(|name| name == launch.entrant.name());
                if is_equal && !hands.contains(&&launch.entrant) {
                    hands.push(&launch.entrant);
                }
            }
            hands.shuffle(&mut random);
            let dealt_hands = seats
                .iter()
                .zip(hands)
                .map(|(seat, hand)| (seat.clone(), hand.clone()));
            let kept = own.iter().map(|entrant| (entrant.clone(), entrant.clone()));
            dealt.extend(
                dealt_hands
                    .chain(kept)
                    .map(|(seat, hand)| ((round.index, seat), hand)),
            );
        }
        Table {
            stored,
            dealt,
            run,
            origins: Vec::new(),
            clock_s: 0.0,
        }
    }

    /// Performs the steps of the schedule; returns why it stopped, or none where the stored evidence ended.
    fn play(
        &mut self,
        brief: &Brief,
        preferences: &Preferences,
        options: &JudgeOptions,
    ) -> Option<StopReason> {
        for _ in 0..MOST_STEPS {
            match schedule::next(&self.run.plan, &self.run, Budget::of(&self.run)) {
                Step::Launch(scheduled) => self.launch(&scheduled)?,
                Step::Trial(scheduled) => self.trial(&scheduled, None)?,
                Step::Repeat(scheduled) => {
                    let attempt = scheduled.first_attempt.clone();
                    self.run.trials.pop();
                    self.trial(&scheduled, attempt)?;
                }
                Step::Retire(scheduled) => self.retire(&scheduled),
                Step::Advise => {
                    let advice = advise(&self.run, brief, preferences, options);
                    self.run
                        .advice
                        .retain(|earlier| earlier.after_blocks != advice.after_blocks);
                    self.run.advice.push(advice);
                }
                Step::Stop(reason) => return Some(reason),
            }
        }
        None
    }

    /// The next launch that the entrant holds in this round.
    fn launch(&mut self, scheduled: &ScheduledLaunch) -> Option<()> {
        let planned = &scheduled.planned;
        let holds = self.dealt.get(&(planned.round, planned.entrant.clone()))?;
        let is_of_seat =
            |launch: &&Launch| launch.round == planned.round && launch.entrant == planned.entrant;
        let earlier = self.run.launches.iter().filter(is_of_seat).count();
        let is_held = |launch: &&Launch| launch.round == planned.round && launch.entrant == *holds;
        let origin = self.stored.launches.iter().filter(is_held).nth(earlier)?;
        let never_ready = |end: &&LaunchEnd| end.reason == EndReason::NeverReady;
        self.run.launches.push(Launch {
            id: scheduled.id,
            entrant: planned.entrant.clone(),
            at_s: self.clock_s,
            end: origin.end.as_ref().filter(never_ready).cloned(),
            ..origin.clone()
        });
        self.origins.push(origin);
        self.clock_s += origin.seconds;
        Some(())
    }

    /// The trial of the stored launch in that block. A launch without one has died before it.
    fn trial(&mut self, scheduled: &ScheduledTrial, attempt: Option<DisturbedAttempt>) -> Option<()> {
        let planned = &scheduled.planned;
        let origin = *self.origins.get(scheduled.launch as usize)?;
        let is_it = |trial: &&Trial| trial.launch == Some(origin.id) && trial.block == planned.block;
        let Some(stored) = self.stored.trials.iter().find(is_it) else {
            return self.died(scheduled.launch, origin);
        };
        let mut trial = Trial {
            position: planned.position,
            entrant: planned.entrant.clone(),
            launch: Some(scheduled.launch),
            ..stored.clone()
        };
        if let Some(first) = attempt {
            trial.first_attempt = Some(first);
        } else if let Some(first) = &mut trial.first_attempt {
            first.at_s = self.clock_s;
            self.clock_s += first.seconds;
        }
        trial.at_s = self.clock_s;
        self.clock_s += trial.seconds;
        self.run.trials.push(trial);
        Some(())
    }

    fn died(&mut self, id: u32, origin: &Launch) -> Option<()> {
        let end = origin.end.as_ref()?;
        let launch = self.run.launches.iter_mut().find(|launch| launch.id == id)?;
        if end.reason == EndReason::Retired || !launch.is_alive() {
            return None;
        }
        launch.end = Some(LaunchEnd {
            at_s: self.clock_s,
            ..end.clone()
        });
        Some(())
    }

    fn retire(&mut self, scheduled: &ScheduledRetirement) {
        let origin = self.origins.get(scheduled.launch as usize);
        let stored = origin.and_then(|launch| launch.end.as_ref());
        let retired = stored.filter(|end| end.reason == EndReason::Retired);
        let end = retired.map_or_else(
            || LaunchEnd::new(EndReason::Retired, self.clock_s),
            |end| LaunchEnd {
                at_s: self.clock_s,
                ..end.clone()
            },
        );
        self.clock_s += end.seconds;
        let mut launches = self.run.launches.iter_mut();
        if let Some(launch) = launches.find(|launch| launch.id == scheduled.launch) {
            launch.end = Some(end);
        }
    }
}

/// The run before its first step, with those who take part.
fn opening(stored: &Run, cast: &Cast) -> Run {
    let plays = |name: &str| {
        let mut names = cast.playing.iter().chain(&cast.others);
        names.any(|playing| playing == name)
    };
    let mut plan: Plan = stored.plan.clone();
    plan.stop_rule = StopRule::Settled;
    plan.contenders.retain(|name| plays(name));
    plan.twin_of = plan.twin_of.filter(|name| plays(name));
    for round in &mut plan.rounds {
        round.launches.retain(|planned| plays(planned.entrant.name()));
        for block in &mut round.blocks {
            block.trials.retain(|planned| plays(planned.entrant.name()));
        }
    }
    let contenders = stored.contenders.iter().filter(|record| plays(&record.name));
    Run {
        plan,
        contenders: contenders.cloned().collect(),
        launches: Vec::new(),
        trials: Vec::new(),
        advice: Vec::new(),
        claims: Vec::new(),
        stop: None,
        finished: None,
        ..stored.clone()
    }
}

/// The run with only the histograms that a judgement needs, because every replay copies them.
fn with_response_times_only(run: &Run) -> Run {
    let mut run = run.clone();
    for trial in &mut run.trials {
        trial
            .curves
            .retain(|curve| curve.label == Label::All && curve.kind == CurveKind::Response);
    }
    run
}

#[cfg(test)]
mod tests;
