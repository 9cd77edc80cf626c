//! The simulation: chunks of samples over as many threads as the machine has. Columns, not rows, so that the processor works on several samples
//! at once. Deliberately no result that depends on which thread did what.

use super::Problem;
use super::detail::{Detail, KEPT_CHUNKS};
use super::score::Score;
use super::stream::{CHUNK, Streams};
use super::tally::{Chunk, Tally};
use super::weights::WeightColumns;
use rand::RngExt;
use std::thread;

/// Fewer chunks than this are not worth a thread.
const WORTH_A_THREAD: usize = 4;

/// What all samples came to.
pub(super) struct Outcome {
    pub(super) tally: Tally,
    pub(super) detail: Detail,
}

/// Simulates all samples, on as many threads as the machine offers.
pub(super) fn run(problem: &Problem, scores: &[Vec<Vec<Score>>]) -> Outcome {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    run_on(threads, problem, scores)
}

/// Simulates all samples on a number of threads.
pub(super) fn run_on(threads: usize, problem: &Problem, scores: &[Vec<Vec<Score>>]) -> Outcome {
    let chunks = (problem.samples as usize).div_ceil(CHUNK).max(1);
    let threads = threads.min(chunks / WORTH_A_THREAD).max(1);
    let streams = Streams::new(problem.seed);
    let work = |first: usize| -> Vec<(Tally, Option<Detail>)> {
        let mut bench = Bench::new(problem, scores, &streams);
        (first..chunks)
            .step_by(threads)
            .map(|chunk| bench.simulate(chunk))
            .collect()
    };
    let mut parts: Vec<Vec<(Tally, Option<Detail>)>> = thread::scope(|scope| {
        let others: Vec<_> = (1..threads)
            .map(|first| scope.spawn(move || work(first)))
            .collect();
        let own = work(0);
        let joined = others.into_iter().map(|other| {
            other
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        [own].into_iter().chain(joined).collect()
    });
    let (alternatives, criteria) = (problem.alternatives.len(), problem.criteria.len());
    let mut outcome = Outcome {
        tally: Tally::new(alternatives, criteria),
        detail: Detail::new(alternatives, criteria),
    };
    parts.iter_mut().for_each(|part| part.reverse());
    for chunk in 0..chunks {
        if let Some((tally, detail)) = parts[chunk % threads].pop() {
            outcome.tally.add(&tally);
            detail.iter().for_each(|detail| outcome.detail.append(detail));
        }
    }
    outcome
}

/// A thread's columns.
struct Bench<'a> {
    problem: &'a Problem,
    scores: &'a [Vec<Vec<Score>>],
    streams: &'a Streams,
    weights: WeightColumns,
    /// By criterion and measure: its share of the criterion.
    shares: Vec<Vec<Vec<f64>>>,
    values: Vec<Vec<f64>>,
    logs: Vec<Vec<f64>>,
}

impl<'a> Bench<'a> {
    fn new(problem: &'a Problem, scores: &'a [Vec<Vec<Score>>], streams: &'a Streams) -> Bench<'a> {
        let column = || vec![0.0; CHUNK];
        Bench {
            problem,
            scores,
            streams,
            weights: WeightColumns::new(problem.criteria.len()),
            shares: problem
                .criteria
                .iter()
                .map(|criterion| vec![column(); criterion.measures.len()])
                .collect(),
            values: vec![column(); problem.alternatives.len()],
            logs: vec![column(); problem.alternatives.len()],
        }
    }

    fn simulate(&mut self, chunk: usize) -> (Tally, Option<Detail>) {
        let len = CHUNK.min((self.problem.samples as usize).max(1) - chunk * CHUNK);
        self.problem
            .region
            .sampler()
            .fill(self.streams, chunk, &mut self.weights);
        self.draw_shares(chunk);
        let mut detail =
            (chunk < KEPT_CHUNKS).then(|| Detail::new(self.values.len(), self.problem.criteria.len()));
        for alternative in 0..self.problem.alternatives.len() {
            self.draw_values(alternative, chunk, len, detail.as_mut());
        }
        if let Some(detail) = &mut detail {
            let keep = |columns: &[Vec<f64>]| columns.iter().map(|column| column[..len].to_vec()).collect();
            detail.values = keep(&self.values);
            detail.weights = keep(&self.weights.columns);
        }
        let columns = Chunk {
            len,
            values: &self.values,
            logs: &self.logs,
            weights: &self.weights.columns,
        };
        (Tally::of(&columns), detail)
    }

    /// Measures share their criterion's weight evenly over the simplex.
    fn draw_shares(&mut self, chunk: usize) {
        for (criterion, shares) in self.problem.criteria.iter().zip(&mut self.shares) {
            if let [only] = &mut shares[..] {
                only.fill(1.0);
                continue;
            }
            let mut sums = [0.0; CHUNK];
            for (measure, share) in criterion.measures.iter().zip(shares.iter_mut()) {
                let mut random = self.streams.at(&["share", &criterion.name, &measure.name], chunk);
                for (share, sum) in share.iter_mut().zip(&mut sums) {
                    *share = -(1.0 - random.random::<f64>()).ln();
                    *sum += *share;
                }
            }
            for share in shares {
                share.iter_mut().zip(&sums).for_each(|(share, sum)| *share /= sum);
            }
        }
    }

    fn draw_values(&mut self, alternative: usize, chunk: usize, len: usize, mut detail: Option<&mut Detail>) {
        let name = &self.problem.alternatives[alternative];
        let (values, logs) = (&mut self.values[alternative], &mut self.logs[alternative]);
        values.fill(0.0);
        logs.fill(0.0);
        let (mut score, mut log) = ([0.0; CHUNK], [0.0; CHUNK]);
        let (mut branch, mut branch_log) = ([0.0; CHUNK], [0.0; CHUNK]);
        for (place, criterion) in self.problem.criteria.iter().enumerate() {
            let weights = &self.weights.columns[place];
            let draw = |part: usize, score: &mut [f64], log: &mut [f64]| {
                let names = ["score", name, &criterion.name, &criterion.measures[part].name];
                self.scores[alternative][place][part].draw(&mut self.streams.at(&names, chunk), score, log);
            };
            if let [_] = criterion.measures[..] {
                draw(0, &mut branch, &mut branch_log);
            } else {
                branch.fill(0.0);
                branch_log.fill(0.0);
                for (part, shares) in self.shares[place].iter().enumerate() {
                    draw(part, &mut score, &mut log);
                    add_products(&mut branch, shares, &score);
                    add_products(&mut branch_log, shares, &log);
                }
            }
            add_products(values, weights, &branch);
            add_products(logs, weights, &branch_log);
            if let Some(detail) = detail.as_deref_mut() {
                detail.scores[alternative][place] = branch[..len].to_vec();
            }
        }
    }
}

/// Adds the product of two columns to a third.
fn add_products(sums: &mut [f64], factors: &[f64], terms: &[f64]) {
    for ((sum, factor), term) in sums.iter_mut().zip(factors).zip(terms) {
        *sum += factor * term;
    }
}

#[cfg(test)]
mod tests {
    use super::{Score, run_on};
    use crate::smaa::tests::normal_problem;

    #[test]
    fn any_number_of_threads_gives_the_same_bits() {
        let problem = normal_problem(5, 3, 20_500, 9);
        let scores = Score::all(&problem);
        let one = run_on(1, &problem, &scores);
        for threads in [2, 3, 7] {
            let several = run_on(threads, &problem, &scores);
            assert_eq!(one.tally.ranks, several.tally.ranks);
            assert_eq!(one.tally.loss, several.tally.loss);
            assert_eq!(one.detail.values, several.detail.values);
        }
        assert_eq!(one.tally.samples, 20_500);
    }
}
