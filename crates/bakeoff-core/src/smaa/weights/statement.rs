//! Statements about weights, as a user makes them, and the linear rules that they become.

/// A statement about weights. Criteria are given by their place in the list of names.
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
pub(in crate::smaa) struct Rule {
    pub(super) factors: Vec<f64>,
    pub(super) limit: f64,
}

impl Statement {
    /// The statements of an order: each named criterion before the next, and the last named before all that are not
    /// named.
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
