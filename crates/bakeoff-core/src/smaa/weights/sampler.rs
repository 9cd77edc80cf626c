//! How weights are drawn from a region: directly where its form allows it, by rejection where most draws fit, by a
//! walk inside it where few do. Nothing here depends on the alternatives, so all of them meet the same weights.

use super::chain::Chain;
use super::columns::{WeightColumns, in_order_of_names};
use super::statement::{Rule, Statement};
use crate::smaa::stream::{CHUNK, Streams};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Draws by which it is found out how much of the simplex fits.
const PILOT: usize = 4 * CHUNK;
/// With fewer than this many of the pilot draws fitting, the region is walked: a walk costs about as much as thirty
/// draws.
const FEWEST_FITTING: usize = PILOT / 30;

#[derive(Debug, Clone)]
pub(in crate::smaa) enum Sampler {
    /// One weighting only.
    Point(Vec<f64>),
    /// The whole simplex, or its part in which the `named` criteria come first and in that order.
    Ordered {
        named: Vec<usize>,
        canonical: Vec<usize>,
    },
    /// What fits the rules of the draws of another.
    Fitting { base: Box<Sampler>, rules: Vec<Rule> },
    /// A walk inside.
    Walk(Chain),
}

impl Sampler {
    /// For statements that some weights fit.
    pub(super) fn new(names: &[String], statements: &[Statement]) -> Sampler {
        let criteria = names.len();
        if let Some(point) = statements.iter().find_map(exact) {
            return Sampler::Point(point);
        }
        let canonical = in_order_of_names(names.iter().map(String::as_str));
        let (named, others) = leading_order(statements, criteria);
        let base = Sampler::Ordered { named, canonical };
        let rules: Vec<Rule> = others
            .iter()
            .flat_map(|statement| statement.rules(criteria))
            .collect();
        if rules.is_empty() {
            return base;
        }
        if fitting_of_pilot(&base, &rules, criteria) >= FEWEST_FITTING {
            return Sampler::Fitting {
                base: Box::new(base),
                rules,
            };
        }
        let all: Vec<Rule> = statements
            .iter()
            .flat_map(|statement| statement.rules(criteria))
            .collect();
        Sampler::Walk(Chain::new(&all, criteria))
    }

    /// The mean weights, where they are known in closed form: of the i-th largest of m uniform shares, (1/m) Σ 1/j
    /// over j from i to m.
    pub(super) fn exact_mean(&self, criteria: usize) -> Option<Vec<f64>> {
        match self {
            Sampler::Point(weights) => Some(weights.clone()),
            Sampler::Ordered { named, .. } => {
                let m = criteria as f64;
                let largest = |place: usize| (place + 1..=criteria).map(|j| 1.0 / j as f64).sum::<f64>() / m;
                let taken: f64 = (0..named.len()).map(largest).sum();
                let unnamed = (1.0 - taken) / (criteria - named.len()).max(1) as f64;
                let place = |criterion: usize| named.iter().position(|name| *name == criterion);
                Some(
                    (0..criteria)
                        .map(|criterion| place(criterion).map_or(unnamed, largest))
                        .collect(),
                )
            }
            Sampler::Fitting { .. } | Sampler::Walk(_) => None,
        }
    }

    /// Fills the columns with a chunk's weights: the same for the same seed and chunk, independent of earlier calls.
    pub(in crate::smaa) fn fill(&self, streams: &Streams, chunk: usize, columns: &mut WeightColumns) {
        self.draw(&mut streams.at(&["weights"], chunk), columns);
    }

    fn draw(&self, random: &mut impl Rng, columns: &mut WeightColumns) {
        match self {
            Sampler::Point(weights) => (0..CHUNK).for_each(|sample| columns.set(sample, weights)),
            Sampler::Walk(chain) => {
                chain.walk(random, CHUNK, |sample, weights| columns.set(sample, weights));
            }
            Sampler::Ordered { named, canonical } => {
                columns.fill_simplex(random, canonical);
                if !named.is_empty() {
                    for sample in 0..CHUNK {
                        let mut weights = columns.sample(sample);
                        put_in_order(&mut weights, named);
                        columns.set(sample, &weights);
                    }
                }
            }
            Sampler::Fitting { base, rules } => {
                let mut drawn = columns.clone();
                let mut taken = 0;
                while taken < CHUNK {
                    base.draw(random, &mut drawn);
                    for sample in 0..CHUNK {
                        let weights = drawn.sample(sample);
                        if taken < CHUNK && fits(rules, &weights) {
                            columns.set(taken, &weights);
                            taken += 1;
                        }
                    }
                }
            }
        }
    }
}

/// How many of [`PILOT`] draws fit.
fn fitting_of_pilot(base: &Sampler, rules: &[Rule], criteria: usize) -> usize {
    let mut random = ChaCha8Rng::seed_from_u64(0);
    let mut columns = WeightColumns::new(criteria);
    let mut fitting = 0;
    for _ in 0..PILOT / CHUNK {
        base.draw(&mut random, &mut columns);
        fitting += (0..CHUNK)
            .filter(|sample| fits(rules, &columns.sample(*sample)))
            .count();
    }
    fitting
}

/// Gives the largest weight to the first of `named`, the next to the second, and leaves the rest in the order drawn.
/// By symmetry this is uniform on the part of the simplex that the order allows.
fn put_in_order(weights: &mut [f64], named: &[usize]) {
    for (turn, place) in named.iter().enumerate() {
        let open = (0..weights.len()).filter(|other| !named[..turn].contains(other));
        if let Some(largest) = open.max_by(|a, b| weights[*a].total_cmp(&weights[*b])) {
            weights.swap(*place, largest);
        }
    }
}

fn fits(rules: &[Rule], weights: &[f64]) -> bool {
    rules.iter().all(|rule| {
        let sum: f64 = rule
            .factors
            .iter()
            .zip(weights)
            .map(|(factor, weight)| factor * weight)
            .sum();
        sum <= rule.limit
    })
}

fn exact(statement: &Statement) -> Option<Vec<f64>> {
    let Statement::Exact(weights) = statement else {
        return None;
    };
    let sum: f64 = weights.iter().sum();
    Some(weights.iter().map(|weight| weight / sum).collect())
}

/// The order at the front of the statements when it is a whole one (see [`Statement::order`]), and the other
/// statements.
fn leading_order(statements: &[Statement], criteria: usize) -> (Vec<usize>, Vec<Statement>) {
    let mut named: Vec<usize> = Vec::new();
    for statement in statements {
        match statement {
            Statement::Before { first, second } if named.is_empty() => named = vec![*first, *second],
            Statement::Before { first, second } if named.last() == Some(first) && !named.contains(second) => {
                named.push(*second);
            }
            _ => break,
        }
    }
    let longest_first = (1..=named.len()).rev().map(|length| &named[..length]);
    for candidate in longest_first {
        let whole = Statement::order(candidate, criteria);
        if statements.starts_with(&whole) {
            return (candidate.to_vec(), statements[whole.len()..].to_vec());
        }
    }
    (Vec::new(), statements.to_vec())
}

#[cfg(test)]
mod tests {
    use super::Sampler;
    use crate::smaa::weights::{Region, Statement};

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|place| format!("c{place}")).collect()
    }

    fn means(statements: &[Statement], criteria: usize) -> (Vec<f64>, Option<Vec<f64>>) {
        let region = Region::new(names(criteria), statements).unwrap();
        let drawn = region.draw(200_000, 3);
        let mean =
            |place: usize| drawn.iter().map(|weights| weights[place]).sum::<f64>() / drawn.len() as f64;
        ((0..criteria).map(mean).collect(), region.exact_mean())
    }

    #[test]
    fn the_means_of_orders_are_those_of_the_closed_form() {
        for named in [vec![], vec![2], vec![1, 0], vec![3, 2, 1, 0]] {
            let (drawn, exact) = means(&Statement::order(&named, 4), 4);
            for (drawn, exact) in drawn.iter().zip(exact.unwrap()) {
                assert!(
                    (drawn - exact).abs() < 0.002,
                    "{drawn} for {exact} with {named:?}"
                );
            }
        }
    }

    #[test]
    fn an_order_is_kept_by_every_draw() {
        let region = Region::new(names(5), &Statement::order(&[4, 1], 5)).unwrap();
        for weights in region.draw(2_000, 1) {
            assert!(weights[4] >= weights[1] && [0, 2, 3].iter().all(|rest| weights[1] >= weights[*rest]));
        }
    }

    #[test]
    fn wide_regions_are_drawn_directly_and_narrow_ones_walked() {
        let share = |low, high| {
            [Statement::Share {
                criterion: 0,
                low,
                high,
            }]
        };
        assert!(matches!(
            Sampler::new(&names(3), &share(0.1, 0.6)),
            Sampler::Fitting { .. }
        ));
        assert!(matches!(
            Sampler::new(&names(3), &share(0.1, 0.100_001)),
            Sampler::Walk(_)
        ));
        assert!(matches!(Sampler::new(&names(3), &[]), Sampler::Ordered { .. }));
        assert!(matches!(
            Sampler::new(&names(2), &[Statement::Exact(vec![3.0, 1.0])]),
            Sampler::Point(_)
        ));
    }

    #[test]
    fn rejection_and_walk_draw_the_same_distribution() {
        let ratio = [Statement::Ratio {
            first: 0,
            second: 1,
            low: 1.0,
            high: 3.0,
        }];
        let rules: Vec<_> = ratio.iter().flat_map(|statement| statement.rules(3)).collect();
        let walk = Sampler::Walk(super::Chain::new(&rules, 3));
        let streams = crate::smaa::stream::Streams::new(1);
        let mut columns = super::WeightColumns::new(3);
        let mut walked = [0.0; 3];
        for chunk in 0..100 {
            walk.fill(&streams, chunk, &mut columns);
            walked
                .iter_mut()
                .zip(&columns.columns)
                .for_each(|(sum, column)| *sum += column.iter().sum::<f64>() / 102_400.0);
        }
        for (walked, drawn) in walked.iter().zip(means(&ratio, 3).0) {
            assert!((walked - drawn).abs() < 0.005, "{walked} for {drawn}");
        }
    }
}
