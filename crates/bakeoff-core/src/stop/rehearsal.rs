//! Whether an early stop would have given the verdict of the whole run: draws sessions from its blocks and stops each
//! as the advice demands. Uses stored evidence only: it tests the rule, not the machine.

use super::advise;
use crate::brief::{Brief, Preferences};
use crate::evidence::{CurveKind, Label, Next, Run, Trial};
use crate::judge::{JudgeOptions, answer_of};
use crate::parallel;
use crate::plan::PlannedBlock;
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

/// Draws `sessions` sessions, each of as many blocks as the run has, with replacement.
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
    let mut stored: Vec<u32> = run.trials.iter().map(|trial| trial.block).collect();
    stored.sort_unstable();
    stored.dedup();
    let draws: Vec<Vec<u32>> = (0..sessions)
        .map(|_| {
            let draw = |_| stored[random.random_range(0..stored.len())];
            stored.iter().map(draw).collect()
        })
        .collect();
    let play = |draw: &Vec<u32>| {
        let whole = session(&run, draw);
        let so_far = |count: u32| {
            let trials = whole.trials.iter().filter(|trial| trial.block < count);
            Run {
                trials: trials.cloned().collect(),
                ..without_trials(&whole)
            }
        };
        let stops = |count: &u32| advise(&so_far(*count), brief, preferences, options).next == Next::Stop;
        let blocks = draw.len() as u32;
        let measured = (1..=blocks).find(stops).unwrap_or(blocks);
        let (outcome, choice) = answer_of(&so_far(measured), brief, preferences, options);
        Session {
            measured,
            outcome,
            choice,
        }
    };
    let (outcome, choice) = answer_of(&run, brief, preferences, options);
    Rehearsal {
        outcome,
        choice,
        blocks: stored.len() as u32,
        sessions: parallel::map(&draws, play),
    }
}

/// The run with only the histograms that an answer needs, because every session copies them.
fn with_response_times_only(run: &Run) -> Run {
    let slim = |trial: &Trial| {
        let mut trial = trial.clone();
        trial
            .curves
            .retain(|curve| curve.label == Label::All && curve.kind == CurveKind::Response);
        trial
    };
    Run {
        trials: run.trials.iter().map(slim).collect(),
        ..without_trials(run)
    }
}

/// A run of blocks drawn from the stored ones.
fn session(run: &Run, draw: &[u32]) -> Run {
    let mut session = without_trials(run);
    let block_s = run
        .trials
        .iter()
        .map(|trial| trial.at_s + trial.seconds)
        .fold(0.0, f64::max)
        / draw.len().max(1) as f64;
    session.plan.blocks = (0..draw.len() as u32)
        .map(|index| PlannedBlock {
            index,
            trials: Vec::new(),
        })
        .collect();
    for (block, from) in (0..).zip(draw) {
        let drawn = run.trials.iter().filter(|trial| trial.block == *from).cloned();
        session.trials.extend(drawn.map(|trial| Trial {
            block,
            at_s: f64::from(block) * block_s,
            ..trial
        }));
    }
    session
}

fn without_trials(run: &Run) -> Run {
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
        plan: run.plan.clone(),
        contenders: run.contenders.clone(),
        trials: Vec::new(),
        advice: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::rehearse;
    use crate::brief::Preferences;
    use crate::fixture::{Fixture, brief};
    use crate::judge::JudgeOptions;

    #[test]
    fn stopping_early_gives_the_choice_of_the_whole_session() {
        let run = Fixture::new(&[("a", 1.0), ("b", 1.15), ("c", 1.8)])
            .blocks(20)
            .run();
        let options = JudgeOptions {
            samples: 2_000,
            seed: 3,
            only: Vec::new(),
        };
        let rehearsal = rehearse(&run, &brief(), &Preferences::default(), &options, 12);
        assert_eq!((rehearsal.same_choice(), rehearsal.blocks), (12, 20));
        assert!(rehearsal.measured() * 2 <= 12 * rehearsal.blocks, "{rehearsal:?}");
        assert!(rehearsal.same_verdict() >= 11, "{rehearsal:?}");
    }
}
