//! Instances that serve, counted by their requests in flight. Requests in flight are alike (exponential service), so
//! counts are enough: which instance has which request changes nothing. It has no time and starts nothing.

use super::queue::Rates;

/// The instances of a service.
#[derive(Debug)]
pub(super) struct Pool<'r> {
    rates: &'r Rates,
    /// Instances that take requests, by their requests in flight.
    ready: Vec<u32>,
    /// Instances that take no more, and end with their last request.
    ending: Vec<u32>,
    /// All that take requests.
    pub(super) instances: u32,
    /// All that end.
    pub(super) ending_instances: u32,
    /// Of both, those with a request.
    pub(super) busy: u32,
    /// Requests in flight.
    pub(super) in_flight: u64,
    /// Completions a second.
    pub(super) rate: f64,
    /// No instance that takes requests has fewer.
    least: usize,
}

impl<'r> Pool<'r> {
    pub(super) fn new(rates: &'r Rates) -> Pool<'r> {
        let places = rates.places();
        Pool {
            rates,
            ready: vec![0; places + 1],
            ending: vec![0; places + 1],
            instances: 0,
            ending_instances: 0,
            busy: 0,
            in_flight: 0,
            rate: 0.0,
            least: places,
        }
    }

    /// An instance more.
    pub(super) fn add(&mut self) {
        self.ready[0] += 1;
        self.instances += 1;
        self.least = 0;
    }

    /// An instance fewer, of those with the fewest requests: it ends with its last request.
    pub(super) fn remove(&mut self) {
        if self.instances == 0 {
            return;
        }
        let n = self.fewest();
        self.ready[n] -= 1;
        self.instances -= 1;
        if n > 0 {
            self.ending[n] += 1;
            self.ending_instances += 1;
        }
    }

    /// The fewest requests of an instance that takes requests.
    fn fewest(&mut self) -> usize {
        while self.least < self.rates.places() && self.ready[self.least] == 0 {
            self.least += 1;
        }
        self.least
    }

    /// Whether an instance takes a request.
    pub(super) fn has_room(&mut self) -> bool {
        self.instances > 0 && self.fewest() < self.rates.places()
    }

    /// Gives a request to an instance with the fewest, which has room; whether that one had none.
    pub(super) fn take(&mut self) -> bool {
        let n = self.fewest();
        self.ready[n] -= 1;
        self.ready[n + 1] += 1;
        self.in_flight += 1;
        self.rate += self.rates.at(n + 1) - self.rates.at(n);
        self.busy += u32::from(n == 0);
        n == 0
    }

    /// Ends a request, the one at `at` of the total rate.
    pub(super) fn finish(&mut self, mut at: f64) {
        let mut last = None;
        for n in self.fewest().max(1)..=self.rates.places() {
            if self.ready[n] > 0 {
                last = Some((n, false));
                at -= f64::from(self.ready[n]) * self.rates.at(n);
                if at < 0.0 {
                    return self.end(n, false);
                }
            }
        }
        if self.ending_instances > 0 {
            for n in 1..=self.rates.places() {
                if self.ending[n] > 0 {
                    last = Some((n, true));
                    at -= f64::from(self.ending[n]) * self.rates.at(n);
                    if at < 0.0 {
                        break;
                    }
                }
            }
        }
        if let Some((n, is_ending)) = last {
            self.end(n, is_ending);
        }
    }

    fn end(&mut self, n: usize, is_ending: bool) {
        self.in_flight -= 1;
        self.rate += self.rates.at(n - 1) - self.rates.at(n);
        self.busy -= u32::from(n == 1);
        if is_ending {
            self.ending[n] -= 1;
            if n > 1 {
                self.ending[n - 1] += 1;
            } else {
                self.ending_instances -= 1;
            }
        } else {
            self.ready[n] -= 1;
            self.ready[n - 1] += 1;
            self.least = self.least.min(n - 1);
        }
    }

    /// Adds up the rate anew, since the last bits of millions of changes add up too.
    pub(super) fn refresh(&mut self) {
        let of = |counts: &[u32]| -> f64 {
            let counts = counts.iter().enumerate();
            counts
                .map(|(n, count)| f64::from(*count) * self.rates.at(n))
                .sum()
        };
        self.rate = of(&self.ready) + of(&self.ending);
    }
}

#[cfg(test)]
mod tests {
    use super::Pool;
    use crate::serverless::queue::Rates;

    #[test]
    fn requests_spread_evenly_and_an_instance_ends_with_its_last_one() {
        let rates = Rates::new(vec![0.0, 10.0, 15.0]);
        let mut pool = Pool::new(&rates);
        assert!(!pool.has_room());
        pool.add();
        pool.add();
        let had_none: Vec<bool> = (0..3).map(|_| pool.take()).collect();
        assert_eq!(had_none, [true, true, false]);
        assert!((pool.rate - 25.0).abs() < 1e-12);
        // One with one request ends; the other has two, so no place is left.
        pool.remove();
        assert!(!pool.has_room());
        assert_eq!((pool.instances, pool.ending_instances, pool.busy), (1, 1, 2));
        // The last of the rate belongs to what ends.
        pool.finish(24.9);
        assert_eq!((pool.instances, pool.ending_instances, pool.busy), (1, 0, 1));
        pool.finish(0.0);
        pool.refresh();
        assert!((pool.rate - 10.0).abs() < 1e-12);
        assert_eq!(pool.in_flight, 1);
        assert!(pool.has_room());
    }
}
