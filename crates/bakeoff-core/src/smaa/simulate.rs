//! The simulation: chunks of samples on all threads of the machine. It works in columns, not rows, so that the
//! processor handles several samples at once. No result depends on which thread did what.

use super::detail::{Detail, KEPT_CHUNKS, Kept};
use super::problem::{Criterion, Problem};
use super::score::{Pair, Score};
use super::stream::{CHUNK, Streams};
use super::tally::{Chunk, Tally};
use super::weights::columns::{WeightColumns, in_order_of_names};
use crate::parallel;

/// Fewer chunks than this are not worth a thread.
const WORTH_A_THREAD: usize = 4;

/// What all samples came to.
pub(super) struct Outcome {
    pub(super) tally: Tally,
    pub(super) detail: Detail,
}

/// Simulates all samples, on as many threads as the machine offers.
pub(super) fn run(problem: &Problem, scores: &[Vec<Vec<Score>>]) -> Outcome {
    run_on(parallel::threads(), problem, scores)
}

/// Simulates all samples on a number of threads.
pub(super) fn run_on(threads: usize, problem: &Problem, scores: &[Vec<Vec<Score>>]) -> Outcome {
    let chunks = (problem.samples as usize).div_ceil(CHUNK).max(1);
    let threads = threads.min(chunks / WORTH_A_THREAD).max(1);
    let streams = Streams::new(problem.seed);
    let shares: Vec<usize> = (0..threads).collect();
    let mut parts = parallel::map_on(threads, &shares, |first| {
        let mut bench = Bench::new(problem, scores, &streams);
        let done: Vec<(Tally, Option<Kept>)> = (*first..chunks)
            .step_by(threads)
            .map(|chunk| bench.simulate(chunk))
            .collect();
        done.into_iter()
    });
    let (alternatives, criteria) = (problem.alternatives.len(), problem.criteria.len());
    let mut outcome = Outcome {
        tally: Tally::new(alternatives, criteria),
        detail: Detail::default(),
    };
    for chunk in 0..chunks {
        if let Some((tally, kept)) = parts[chunk % threads].next() {
            outcome.tally.add(&tally);
            outcome.detail.chunks.extend(kept);
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
    /// By criterion: the shares of its measures, and the order in which they are drawn.
    shares: Vec<(WeightColumns, Vec<usize>)>,
    values: Vec<Vec<f64>>,
    logs: Vec<Vec<f64>>,
    /// Of one alternative: the score on a criterion, and the whole value.
    branch: Vec<Pair>,
    whole: Vec<Pair>,
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
                .map(|criterion| {
                    let names = criterion.measures.iter().map(|measure| measure.name.as_str());
                    (
                        WeightColumns::new(criterion.measures.len()),
                        in_order_of_names(names),
                    )
                })
                .collect(),
            values: vec![column(); problem.alternatives.len()],
            logs: vec![column(); problem.alternatives.len()],
            branch: vec![[0.0; 2]; CHUNK],
            whole: vec![[0.0; 2]; CHUNK],
        }
    }

    fn simulate(&mut self, chunk: usize) -> (Tally, Option<Kept>) {
        let len = CHUNK.min((self.problem.samples as usize).max(1) - chunk * CHUNK);
        self.problem
            .region
            .sampler()
            .fill(self.streams, chunk, &mut self.weights);
        // What nobody can know anything of has no part in the answer.
        let is_empty = |criterion: &Criterion| criterion.measures.is_empty();
        let is_left_out: Vec<bool> = self.problem.criteria.iter().map(is_empty).collect();
        if is_left_out.contains(&true) {
            self.weights.leave_out(&is_left_out);
        }
        self.draw_shares(chunk);
        let mut kept =
            (chunk < KEPT_CHUNKS).then(|| Kept::new(self.values.len(), self.problem.criteria.len()));
        for alternative in 0..self.problem.alternatives.len() {
            self.draw_values(alternative, chunk, len, kept.as_mut());
        }
        if let Some(kept) = &mut kept {
            let keep = |columns: &[Vec<f64>]| columns.iter().map(|column| column[..len].to_vec()).collect();
            kept.values = keep(&self.values);
            kept.weights = keep(&self.weights.columns);
        }
        let columns = Chunk {
            len,
            values: &self.values,
            logs: &self.logs,
            weights: &self.weights.columns,
        };
        (Tally::of(&columns), kept)
    }

    /// Measures share their criterion's weight evenly over the simplex.
    fn draw_shares(&mut self, chunk: usize) {
        for (criterion, (shares, order)) in self.problem.criteria.iter().zip(&mut self.shares) {
            shares.fill_simplex(&mut self.streams.at(&["share", &criterion.name], chunk), order);
        }
    }

    fn draw_values(&mut self, alternative: usize, chunk: usize, len: usize, mut kept: Option<&mut Kept>) {
        let name = &self.problem.alternatives[alternative];
        self.whole.fill([0.0; 2]);
        let whole = &mut self.whole[..CHUNK];
        for (place, criterion) in self.problem.criteria.iter().enumerate() {
            let weights = &self.weights.columns[place][..CHUNK];
            let scores = &self.scores[alternative][place];
            let stream = |part: usize| {
                if self.problem.joint && scores[part].is_sampled() {
                    return self.streams.at(&["joint samples"], chunk);
                }
                let names = ["score", name, &criterion.name, &criterion.measures[part].name];
                self.streams.at(&names, chunk)
            };
            if let ([only], None) = (&scores[..], &kept) {
                only.draw(&mut stream(0), |sample, pair| {
                    whole[sample] = plus(whole[sample], weights[sample], pair);
                });
                continue;
            }
            self.branch.fill([0.0; 2]);
            let branch = &mut self.branch[..CHUNK];
            for (part, (score, shares)) in scores.iter().zip(&self.shares[place].0.columns).enumerate() {
                let shares = &shares[..CHUNK];
                score.draw(&mut stream(part), |sample, pair| {
                    branch[sample] = plus(branch[sample], shares[sample], pair);
                });
            }
            for sample in 0..CHUNK {
                whole[sample] = plus(whole[sample], weights[sample], branch[sample]);
            }
            if let Some(kept) = kept.as_deref_mut() {
                kept.scores[alternative][place] = branch[..len].iter().map(|[score, _]| *score).collect();
            }
        }
        let columns = self.values[alternative]
            .iter_mut()
            .zip(&mut self.logs[alternative]);
        for ((value, log), whole) in columns.zip(whole) {
            [*value, *log] = *whole;
        }
    }
}

/// A sum and a term that counts `factor` times.
fn plus(sum: Pair, factor: f64, term: Pair) -> Pair {
    [sum[0] + factor * term[0], sum[1] + factor * term[1]]
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Score, run_on};
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
            let values = |outcome: &Outcome| {
                outcome
                    .detail
                    .chunks
                    .iter()
                    .map(|kept| kept.values.clone())
                    .collect::<Vec<_>>()
            };
            assert_eq!(values(&one), values(&several));
        }
        assert_eq!(one.tally.samples, 20_500);
    }
}
