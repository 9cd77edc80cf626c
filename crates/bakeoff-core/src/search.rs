//! Searches the highest rate that a server holds, from noisy results "held" and "not held". It keeps a belief about
//! that rate on a grid, tries the median of the belief next, and updates it with Bayes' rule. This is probabilistic
//! bisection [Waeber, Frazier & Henderson, SIAM Journal on Control and Optimization 51(3), 2013] with a psychometric
//! function for the results, as in QUEST [Watson & Pelli, Perception & Psychophysics 33(2), 1983]. It ends with an
//! interval, where a single ramp ends with a number. The rate it finds is held in every second try. The caller drives
//! the load.

use crate::range::Range;

/// Places of the grid.
const PLACES: usize = 600;

/// How steeply the answer is taken to turn around the highest rate: one that is 10 % above it is held in a quarter of
/// the tries, one that is 20 % above in a tenth. Real servers turn more steeply, so the interval is wide rather than
/// narrow.
const STEEPNESS: f64 = 12.0;

/// The share of answers that something else decides: a disturbance of the machine, a lull in the arrivals.
const LAPSES: f64 = 0.04;

/// Whether a rate was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// It was.
    Yes,
    /// It was not.
    No,
}

/// A belief about the highest rate that is held.
#[derive(Debug, Clone, PartialEq)]
pub struct RateSearch {
    /// Rates, rising by the same ratio.
    rates: Vec<f64>,
    /// How probable each is; sums to 1.
    belief: Vec<f64>,
}

impl RateSearch {
    /// Nothing is known but that it lies between `low` and `high`, both above 0 and the second larger.
    #[must_use]
    pub fn between(low: f64, high: f64) -> RateSearch {
        let step = (high / low).ln() / (PLACES - 1) as f64;
        RateSearch {
            rates: (0..PLACES)
                .map(|place| low * (step * place as f64).exp())
                .collect(),
            belief: vec![1.0 / PLACES as f64; PLACES],
        }
    }

    /// The rate to try next: it is as probable to be too high as too low.
    #[must_use]
    pub fn next_rate(&self) -> f64 {
        self.quantile(0.5)
    }

    /// Turns the belief by what a try at `rate` gave.
    pub fn learn(&mut self, rate: f64, held: Held) {
        for (highest, belief) in self.rates.iter().zip(&mut self.belief) {
            let is_held = LAPSES + (1.0 - 2.0 * LAPSES) / (1.0 + (rate / highest).powf(STEEPNESS));
            *belief *= match held {
                Held::Yes => is_held,
                Held::No => 1.0 - is_held,
            };
        }
        let sum: f64 = self.belief.iter().sum();
        for belief in &mut self.belief {
            *belief /= sum;
        }
    }

    /// The highest rate that is held, with the central 95 % of the belief.
    #[must_use]
    pub fn range(&self) -> Range {
        Range {
            value: self.quantile(0.5),
            low: self.quantile(0.025),
            high: self.quantile(0.975),
        }
    }

    /// Whether it seems that not even the lowest rate that was looked at is held.
    #[must_use]
    pub fn is_at_the_low_end(&self) -> bool {
        let lowest = self.rates.first();
        lowest.is_some_and(|lowest| self.quantile(0.5) < lowest * 1.1)
    }

    fn quantile(&self, share: f64) -> f64 {
        let mut sum = 0.0;
        for (rate, belief) in self.rates.iter().zip(&self.belief) {
            sum += belief;
            if sum >= share {
                return *rate;
            }
        }
        self.rates.last().copied().unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests;
