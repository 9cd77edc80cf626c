//! Whether an early stop would have given the verdict of the whole run: draws sessions from its rounds, in runs of
//! earlier versions from its blocks, and stops each as the advice demands. Uses stored evidence only: it tests the
//! rule, not the machine. Drops nobody on the way; `replay` plays the whole procedure.

use super::advise;
use crate::brief::{Brief, Preferences};
use crate::evidence::{CurveKind, Label, Launch, Next, Run, Trial};
use crate::judge::{JudgeOptions, answer_of};
use crate::parallel;
use crate::plan::{PlannedBlock, PlannedRound};
use crate::verdict::Outcome;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// The outcome of the sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// The answer of the whole run.
    pub outcome: Outcome,
    /// Its choice.
    pub choice: Option<String>,
    /// Blocks of the run, and of each session.
    pub blocks: u32,
    /// Each session, in the order drawn.
    pub sessions: Vec<Session>,
}

/// The outcome of one session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Blocks after which it stopped.
    pub measured: u32,
    /// The answer then.
    pub outcome: Outcome,
    /// The choice then.
    pub choice: Option<String>,
}

impl Rehearsal {
    /// Sessions with the choice of the whole run.
    #[must_use]
    pub fn same_choice(&self) -> usize {
        self.sessions
            .iter()
            .filter(|session| session.choice == self.choice)
            .count()
    }

    /// Sessions with the choice and the answer of the whole run.
    #[must_use]
    pub fn same_verdict(&self) -> usize {
        let same = |session: &&Session| session.choice == self.choice && session.outcome == self.outcome;
        self.sessions.iter().filter(same).count()
    }

    /// The number of blocks up to the stop, summed over the sessions.
    #[must_use]
    pub fn measured(&self) -> u32 {
        self.sessions.iter().map(|session| session.measured).sum()
    }
}

/// What sessions are drawn of: a round with its launches, or a block of a run of an earlier version.
#[derive(Debug)]
struct Unit {
    blocks: Vec<u32>,
    /// None where each trial was a launch of its own.
    round: Option<u32>,
}

/// Draws `sessions` sessions, each of as many rounds as the run has, with replacement.
#[must_use]
pub fn rehearse(
    run: &Run,
    brief: &Brief,
    preferences: &Preferences,
    options: &JudgeOptions,
    sessions: u32,
) -> Rehearsal {
    let mut random = ChaCha8Rng::seed_from_u64(options.seed);
    let run = with_response_times_only(run);
    let units = units(&run);
    let draws: Vec<Vec<&Unit>> = (0..sessions)
        .map(|_| {
            let draw = |_| &units[random.random_range(0..units.len())];
            units.iter().map(draw).collect()
        })
        .collect();
    let play = |draw: &Vec<&Unit>| {
        let whole = session(&run, draw);
        let stops = |count: &usize| {
            let so_far = first_of(&whole, draw, *count);
            advise(&so_far, brief, preferences, options).next == Next::Stop
        };
        let count = (1..=draw.len()).find(stops).unwrap_or(draw.len());
        let (outcome, choice) = answer_of(&first_of(&whole, draw, count), brief, preferences, options);
        Session {
            measured: blocks_of(&draw[..count]),
            outcome,
            choice,
        }
    };
    let (outcome, choice) = answer_of(&run, brief, preferences, options);
    Rehearsal {
        outcome,
        choice,
        blocks: units.iter().map(|unit| unit.blocks.len() as u32).sum(),
        sessions: parallel::map(&draws, play),
    }
}

/// The rounds of a run in which trials ran, or its blocks where it has no launches.
fn units(run: &Run) -> Vec<Unit> {
    let mut blocks: Vec<u32> = run.trials.iter().map(|trial| trial.block).collect();
    blocks.sort_unstable();
    blocks.dedup();
    if run.launches.is_empty() {
        let alone = |block| Unit {
            blocks: vec![block],
            round: None,
        };
        return blocks.into_iter().map(alone).collect();
    }
    let round_of = |block: &u32| {
        let of_block = run.trials.iter().filter(|trial| trial.block == *block);
        let ids: Vec<u32> = of_block.filter_map(|trial| trial.launch).collect();
        let launch = run.launches.iter().find(|launch| ids.contains(&launch.id));
        launch.map(|launch| launch.round)
    };
    let rounds = blocks.chunk_by(|a, b| round_of(a) == round_of(b));
    rounds
        .map(|blocks| Unit {
            round: blocks.first().and_then(round_of),
            blocks: blocks.to_vec(),
        })
        .collect()
}

fn blocks_of(units: &[&Unit]) -> u32 {
    units.iter().map(|unit| unit.blocks.len() as u32).sum()
}

/// The run with only the histograms that an answer needs, because every session copies them.
fn with_response_times_only(run: &Run) -> Run {
    let mut run = run.clone();
    for trial in &mut run.trials {
        trial
            .curves
            .retain(|curve| curve.label == Label::All && curve.kind == CurveKind::Response);
    }
    run.advice.clear();
    run
}

/// A run of rounds or blocks drawn from the stored ones. Blocks and launches are counted anew.
fn session(run: &Run, draw: &[&Unit]) -> Run {
    let mut session = without_evidence(run);
    let ends_s = run.trials.iter().map(|trial| trial.at_s + trial.seconds);
    let unit_s = ends_s.fold(0.0, f64::max) / draw.len().max(1) as f64;
    let mut next_block = 0;
    for (index, unit) in (0..).zip(draw) {
        let at_s = f64::from(index) * unit_s;
        let first_launch = session.launches.len() as u32;
        let stored = run
            .launches
            .iter()
            .filter(|launch| Some(launch.round) == unit.round);
        let stored: Vec<&Launch> = stored.collect();
        session
            .launches
            .extend((first_launch..).zip(&stored).map(|(id, launch)| Launch {
                id,
                round: index,
                at_s,
                ..(*launch).clone()
            }));
        let id_of = |stored_id: u32| {
            let place = stored.iter().position(|launch| launch.id == stored_id)?;
            Some(first_launch + place as u32)
        };
        let first_block = next_block;
        for from in &unit.blocks {
            let drawn = run.trials.iter().filter(|trial| trial.block == *from);
            session.trials.extend(drawn.map(|trial| Trial {
                block: next_block,
                at_s,
                launch: trial.launch.and_then(id_of),
                ..trial.clone()
            }));
            next_block += 1;
        }
        let blocks = (first_block..next_block).map(|index| PlannedBlock {
            index,
            trials: Vec::new(),
        });
        if unit.round.is_some() {
            session.plan.rounds.push(PlannedRound {
                index,
                launches: Vec::new(),
                blocks: blocks.collect(),
            });
        } else {
            session.plan.blocks.extend(blocks);
        }
    }
    session
}

/// A session as it was after that many of its rounds or blocks.
fn first_of(whole: &Run, draw: &[&Unit], count: usize) -> Run {
    let blocks = blocks_of(&draw[..count]);
    let launches = whole
        .launches
        .iter()
        .filter(|launch| (launch.round as usize) < count);
    let trials = whole.trials.iter().filter(|trial| trial.block < blocks);
    Run {
        launches: launches.cloned().collect(),
        trials: trials.cloned().collect(),
        plan: whole.plan.clone(),
        ..without_evidence(whole)
    }
}

/// The run with neither evidence nor planned rounds and blocks.
fn without_evidence(run: &Run) -> Run {
    let mut plan = run.plan.clone();
    plan.rounds.clear();
    plan.blocks.clear();
    Run {
        id: run.id.clone(),
        version: run.version.clone(),
        brief_path: run.brief_path.clone(),
        brief_text: run.brief_text.clone(),
        brief_sha256: run.brief_sha256.clone(),
        started: run.started.clone(),
        finished: run.finished.clone(),
        stop: run.stop.clone(),
        host: run.host.clone(),
        plan,
        contenders: run.contenders.clone(),
        launches: Vec::new(),
        trials: Vec::new(),
        advice: Vec::new(),
        claims: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::rehearse;
    use crate::brief::Preferences;
    use crate::fixture::{Fixture, brief};
    use crate::judge::JudgeOptions;

    const OPTIONS: JudgeOptions = JudgeOptions {
        samples: 2_000,
        seed: 3,
        only: Vec::new(),
    };

    #[test]
    fn stopping_early_gives_the_choice_of_the_whole_session() {
        let fixture = Fixture::new(&[("a", 1.0), ("b", 1.15), ("c", 1.8)]);
        let of_blocks = fixture.clone().blocks(20).run();
        let of_launches = fixture.launches(10).blocks(20).run();
        for run in [of_blocks, of_launches] {
            let rehearsal = rehearse(&run, &brief(), &Preferences::default(), &OPTIONS, 12);
            assert_eq!((rehearsal.same_choice(), rehearsal.blocks), (12, 20));
            assert!(rehearsal.measured() * 2 <= 12 * rehearsal.blocks, "{rehearsal:?}");
            assert!(rehearsal.same_verdict() >= 11, "{rehearsal:?}");
        }
    }
}
