//! Weights: whatever the user says about priorities and no more. Statements become linear rules on the simplex of weights; what
//! fits them is equally likely. Deliberately no defaults: saying nothing is a statement too, and means every weighting.

mod chain;
mod contradiction;
mod linear;
mod matrix;
mod sampler;

pub use contradiction::Contradiction;

use sampler::Sampler;
pub(super) use sampler::{WeightColumns, in_order_of_names};

/// A statement about weights; criteria are told by their place.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// Weights are exactly these, relative to each other.
    Exact(Vec<f64>),
    /// `first` counts for at least as much as `second`.
    Before {
        /// The more important one.
        first: usize,
        /// The less important one.
        second: usize,
    },
    /// `first` counts for `low` to `high` times as much as `second`.
    Ratio {
        /// The one that is compared.
        first: usize,
        /// What it is compared with.
        second: usize,
        /// The smallest factor.
        low: f64,
        /// The largest factor.
        high: f64,
    },
    /// The share of the whole lies between the two, 0 to 1.
    Share {
        /// Whose.
        criterion: usize,
        /// The smallest share.
        low: f64,
        /// The largest share.
        high: f64,
    },
}

/// A linear rule: `sum of factor × weight ≤ limit`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rule {
    pub(super) factors: Vec<f64>,
    pub(super) limit: f64,
}

impl Statement {
    /// The statements of an order: each named criterion before the next, and the last named before all that are not named.
    #[must_use]
    pub fn order(named: &[usize], criteria: usize) -> Vec<Statement> {
        let pairs = named.windows(2).map(|pair| Statement::Before {
            first: pair[0],
            second: pair[1],
        });
        let unnamed = (0..criteria).filter(|place| !named.contains(place));
        let last = named.last().copied();
        let rest = last.into_iter().flat_map(move |first| {
            unnamed
                .clone()
                .map(move |second| Statement::Before { first, second })
        });
        pairs.chain(rest).collect()
    }

    /// In words, with the criteria's names.
    #[must_use]
    pub fn words(&self, names: &[String]) -> String {
        match self {
            Statement::Exact(weights) => {
                let parts: Vec<String> = names
                    .iter()
                    .zip(weights)
                    .map(|(name, weight)| format!("`{name}` = {weight}"))
                    .collect();
                format!("weights {}", parts.join(", "))
            }
            Statement::Before { first, second } => format!("`{}` before `{}`", names[*first], names[*second]),
            Statement::Ratio {
                first,
                second,
                low,
                high,
            } => {
                format!("`{}` {low} to {high} times `{}`", names[*first], names[*second])
            }
            Statement::Share { criterion, low, high } => {
                format!("`{}` between {low} and {high}", names[*criterion])
            }
        }
    }

    /// The rules that it makes for `criteria` weights that sum to one.
    pub(super) fn rules(&self, criteria: usize) -> Vec<Rule> {
        let rule = |terms: &[(usize, f64)], limit: f64| {
            let mut factors = vec![0.0; criteria];
            terms.iter().for_each(|(place, factor)| factors[*place] += factor);
            Rule { factors, limit }
        };
        match self {
            Statement::Exact(weights) => {
                let sum: f64 = weights.iter().sum();
                let share = |place: usize| weights[place] / sum;
                let both = |place| {
                    [
                        rule(&[(place, 1.0)], share(place)),
                        rule(&[(place, -1.0)], -share(place)),
                    ]
                };
                (0..criteria).flat_map(both).collect()
            }
            Statement::Before { first, second } => vec![rule(&[(*second, 1.0), (*first, -1.0)], 0.0)],
            Statement::Ratio {
                first,
                second,
                low,
                high,
            } => {
                vec![
                    rule(&[(*second, *low), (*first, -1.0)], 0.0),
                    rule(&[(*first, 1.0), (*second, -high)], 0.0),
                ]
            }
            Statement::Share { criterion, low, high } => {
                vec![
                    rule(&[(*criterion, -1.0)], -low),
                    rule(&[(*criterion, 1.0)], *high),
                ]
            }
        }
    }
}

/// All weights that fit what was said, each as likely.
#[derive(Debug, Clone)]
pub struct Region {
    names: Vec<String>,
    sampler: Sampler,
}

impl Region {
    /// The region that `statements` leave of the simplex over the criteria named `names`; at least one criterion.
    ///
    /// # Errors
    /// When nothing fits: the smallest set of statements that contradict each other.
    pub fn new(names: Vec<String>, statements: &[Statement]) -> Result<Region, Contradiction> {
        contradiction::check(&names, statements)?;
        let sampler = Sampler::new(&names, statements);
        Ok(Region { names, sampler })
    }

    /// Every weighting.
    #[must_use]
    pub fn everything(names: Vec<String>) -> Region {
        let sampler = Sampler::new(&names, &[]);
        Region { names, sampler }
    }

    /// The criteria's names.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The mean weights where they are known in closed form.
    #[must_use]
    pub fn exact_mean(&self) -> Option<Vec<f64>> {
        self.sampler.exact_mean(self.names.len())
    }

    pub(super) fn sampler(&self) -> &Sampler {
        &self.sampler
    }

    /// `count` weightings, each a list by criterion.
    #[must_use]
    pub fn draw(&self, count: usize, seed: u64) -> Vec<Vec<f64>> {
        let streams = super::stream::Streams::new(seed);
        let mut columns = WeightColumns::new(self.names.len());
        let mut drawn = Vec::with_capacity(count);
        for chunk in 0..count.div_ceil(super::stream::CHUNK) {
            self.sampler.fill(&streams, chunk, &mut columns);
            let wanted = (count - drawn.len()).min(super::stream::CHUNK);
            drawn.extend((0..wanted).map(|sample| columns.sample(sample)));
        }
        drawn
    }
}
