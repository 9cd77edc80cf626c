//! Weights: what the user states about priorities, and no more. Statements become linear rules on the simplex of
//! weights, and all weightings that keep the rules are equally likely. There are no defaults: without a statement
//! every weighting is possible.

mod chain;
pub(super) mod columns;
mod contradiction;
mod linear;
mod matrix;
mod sampler;
mod statement;

pub use contradiction::Contradiction;
pub use statement::Statement;

use super::stream::{CHUNK, Streams};
use columns::WeightColumns;
use sampler::Sampler;

/// All weightings that fit the statements, each equally likely.
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

    /// The region of no statement: every weighting.
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
        let streams = Streams::new(seed);
        let mut columns = WeightColumns::new(self.names.len());
        let mut drawn = Vec::with_capacity(count);
        for chunk in 0..count.div_ceil(CHUNK) {
            self.sampler.fill(&streams, chunk, &mut columns);
            let wanted = (count - drawn.len()).min(CHUNK);
            drawn.extend((0..wanted).map(|sample| columns.sample(sample)));
        }
        drawn
    }
}
