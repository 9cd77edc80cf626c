//! Whether stopping early would have given the choice of the whole run: sessions drawn from its blocks, each stopped when the advice says so.
//! Deliberately on stored evidence: it measures the rule, not the machine.

use super::{Next, advise};
use crate::brief::{Brief, Preferences};
use crate::evidence::{Run, Trial};
use crate::judge::{JudgeOptions, judge};
use crate::plan::PlannedBlock;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// What came of the sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// How many sessions.
    pub sessions: u32,
    /// Sessions in which the choice at the stop was that of all blocks.
    pub same_choice: u32,
    /// Blocks of all sessions together.
    pub blocks: u32,
    /// Blocks that were measured before the stops.
    pub measured: u32,
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
    let mut stored: Vec<u32> = run.trials.iter().map(|trial| trial.block).collect();
    stored.sort_unstable();
    stored.dedup();
    let blocks = stored.len() as u32;
    let mut rehearsal = Rehearsal {
        sessions,
        same_choice: 0,
        blocks: blocks * sessions,
        measured: 0,
    };
    for _ in 0..sessions {
        let whole = session(run, &stored, &mut random);
        let so_far = |count: u32| {
            let trials = whole
                .trials
                .iter()
                .filter(|trial| trial.block < count)
                .cloned()
                .collect();
            Run {
                trials,
                ..without_trials(&whole)
            }
        };
        let choice = |run: &Run| judge(run, brief, preferences, options).verdict.choice;
        let stops = |count: &u32| advise(&so_far(*count), brief, preferences, options).next == Next::Stop;
        let measured = (1..=blocks).find(stops).unwrap_or(blocks);
        rehearsal.measured += measured;
        rehearsal.same_choice += u32::from(choice(&so_far(measured)) == choice(&whole));
    }
    rehearsal
}

/// A run whose blocks are drawn from the stored ones.
fn session(run: &Run, stored: &[u32], random: &mut ChaCha8Rng) -> Run {
    let mut session = without_trials(run);
    let block_s = run
        .trials
        .iter()
        .map(|trial| trial.at_s + trial.seconds)
        .fold(0.0, f64::max)
        / stored.len().max(1) as f64;
    session.plan.blocks = (0..stored.len() as u32)
        .map(|index| PlannedBlock {
            index,
            trials: Vec::new(),
        })
        .collect();
    for block in 0..stored.len() as u32 {
        let from = stored[random.random_range(0..stored.len())];
        let drawn = run.trials.iter().filter(|trial| trial.block == from).cloned();
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
    }
}

#[cfg(test)]
mod tests {
    use super::rehearse;
    use crate::brief::Preferences;
    use crate::judge::JudgeOptions;
    use crate::judge::tests::{Planted, brief};

    #[test]
    fn stopping_early_gives_the_choice_of_the_whole_session() {
        let run = Planted::new(&[("a", 1.0), ("b", 1.15), ("c", 1.8)])
            .blocks(20)
            .run();
        let options = JudgeOptions {
            samples: 2_000,
            seed: 3,
        };
        let rehearsal = rehearse(&run, &brief(), &Preferences::default(), &options, 12);
        assert_eq!((rehearsal.same_choice, rehearsal.blocks), (12, 240));
        assert!(rehearsal.measured * 2 <= rehearsal.blocks, "{rehearsal:?}");
    }
}
