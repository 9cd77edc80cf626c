//! Runs of services that ran already, replayed on their stored blocks: some of the blocks are drawn, and in each the
//! trials of equal services are dealt to their names anew. So it shows how often a run of that length tells services
//! apart which are the same, or which differ by a known amount. It measures nothing.

use crate::brief::Brief;
use crate::entrant::Entrant;
use crate::evidence::{Run, Trial};
use crate::judge::{JudgeOptions, answer_of};
use crate::parallel;
use crate::verdict::Outcome;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeSet;

/// The answers of `replays` runs of `blocks` blocks each: outcome and leader. `stored` is a run of services that ran
/// already; `equals` are those that are the same, to which the twin belongs if it is one of theirs. Blocks of which a
/// trial is lacking are left out.
#[must_use]
pub fn replay_blocks(
    stored: &Run,
    brief: &Brief,
    options: &JudgeOptions,
    equals: &[String],
    blocks: usize,
    replays: u32,
) -> Vec<(Outcome, Option<String>)> {
    let mut random = ChaCha8Rng::seed_from_u64(options.seed);
    let seeds: Vec<u64> = (0..replays).map(|_| random.random()).collect();
    let whole = whole_blocks(stored);
    parallel::map(&seeds, |seed| {
        let run = drawn(stored, &whole, equals, blocks, *seed);
        answer_of(&run, brief, &brief.preferences, options)
    })
}

/// The blocks in which each entrant has a trial.
fn whole_blocks(run: &Run) -> Vec<u32> {
    let entrants = run.plan.entrants();
    let all: BTreeSet<u32> = run.trials.iter().map(|trial| trial.block).collect();
    let has = |block: u32, entrant: &Entrant| {
        let mut trials = run.trials.iter();
        trials.any(|trial| trial.block == block && trial.entrant == *entrant)
    };
    let is_whole = |block: &u32| entrants.iter().all(|entrant| has(*block, entrant));
    all.into_iter().filter(is_whole).collect()
}

/// A run with some of the blocks, in which equal services are dealt to their names anew.
fn drawn(stored: &Run, whole: &[u32], equals: &[String], blocks: usize, seed: u64) -> Run {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut chosen = whole.to_vec();
    chosen.shuffle(&mut random);
    chosen.truncate(blocks);
    let is_equal = |entrant: &Entrant| equals.iter().any(|name| name == entrant.name());
    let seats: Vec<Entrant> = stored.plan.entrants().into_iter().filter(is_equal).collect();
    let launch_of = |entrant: &Entrant| {
        let mut launches = stored.launches.iter();
        launches
            .find(|launch| launch.entrant == *entrant)
            .map(|launch| launch.id)
    };
    let mut trials: Vec<Trial> = Vec::new();
    for block in chosen {
        let mut hands = seats.clone();
        hands.shuffle(&mut random);
        for trial in stored.trials.iter().filter(|trial| trial.block == block) {
            let seat = hands.iter().position(|hand| *hand == trial.entrant);
            let entrant = seat.map_or(&trial.entrant, |seat| &seats[seat]);
            trials.push(Trial {
                entrant: entrant.clone(),
                launch: launch_of(entrant),
                ..trial.clone()
            });
        }
    }
    Run {
        trials,
        ..stored.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::replay_blocks;
    use crate::evidence::{Obstacle, Run, Running};
    use crate::fixture::{Fixture, brief};
    use crate::judge::JudgeOptions;
    use crate::metric::METRICS;
    use crate::verdict::Outcome;

    fn stored(factor: f64) -> Run {
        let mut run = Fixture::new(&[("a", 1.0), ("b", factor)])
            .twin_of("a")
            .launches(1)
            .blocks(12)
            .run();
        for record in &mut run.contenders {
            record.running = Some(Running {
                url: format!("http://127.0.0.1/{}", record.name),
                watched: None,
            });
            record.observations.clear();
            // As from outside: nothing but the load is known.
            let unknown = METRICS.iter().filter(|metric| !metric.exposure.at_rate());
            let unknown = unknown.map(|metric| {
                (
                    metric.id.to_owned(),
                    Obstacle::FromOutside { wants_process: false },
                )
            });
            record.no_evidence = unknown.collect();
        }
        run
    }

    fn chosen(run: &Run, equals: &[&str]) -> usize {
        let options = JudgeOptions {
            samples: 1_000,
            ..JudgeOptions::default()
        };
        let equals: Vec<String> = equals.iter().map(|name| (*name).to_owned()).collect();
        let answers = replay_blocks(run, &brief(), &options, &equals, 6, 20);
        assert!(answers.iter().all(|(outcome, _)| *outcome != Outcome::Undecided));
        answers
            .iter()
            .filter(|(outcome, _)| *outcome == Outcome::Choose)
            .count()
    }

    #[test]
    fn equal_services_are_not_told_apart_and_different_ones_are() {
        assert!(chosen(&stored(1.0), &["a", "b"]) <= 1);
        assert_eq!(chosen(&stored(1.3), &["a"]), 20);
    }
}
