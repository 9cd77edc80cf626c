//! When a load that a count of requests ends has had its last one fall due. The sending may lie behind that, so it is
//! counted apart: else a server that cannot keep up would decide how long the load was, and so what was offered.

use crate::pace::pacer::Pacer;

/// Follows the arrivals of one thread until its share of the count has fallen due.
#[derive(Debug)]
pub(crate) struct CountEnd {
    pacer: Pacer,
    left: u64,
    begin_ns: u64,
}

impl CountEnd {
    /// Follows the arrivals of `pacer` until `count` of them have fallen due from `begin_ns` on; `None` for a count
    /// of 0, and in a closed loop, where nothing falls due by the clock.
    pub(crate) fn of(pacer: &Pacer, count: u64, begin_ns: u64) -> Option<Self> {
        (count > 0 && pacer.is_open()).then(|| Self {
            pacer: pacer.clone(),
            left: count,
            begin_ns,
        })
    }

    /// The instant at which the first request beyond the count would be due, once the last of the count has fallen due
    /// by `now_ns`.
    pub(crate) fn by(&mut self, now_ns: u64) -> Option<u64> {
        while self.left > 0 && self.pacer.peek().is_some_and(|next| next.at_ns <= now_ns) {
            let last = self.pacer.take()?;
            self.left -= u64::from(last.at_ns >= self.begin_ns);
            if self.left == 0 {
                // A rate that falls to zero has no further request.
                return Some(self.pacer.peek().map_or(last.at_ns + 1, |next| next.at_ns));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::CountEnd;
    use crate::pace::pacer::Pacer;
    use crate::plan::{Arrivals, Departures};

    #[test]
    fn the_end_of_a_count_is_the_instant_of_the_next_request() {
        let arrivals = Arrivals::Constant { rate_rps: 100.0 };
        let pacer = |thread, threads| Pacer::new(&arrivals, Departures::Batched, 1, thread, threads).unwrap();
        let ms = 1_000_000;
        // Requests 0 to 19 fall due within 200 ms, however late anybody looks.
        for now in [190 * ms, 10_000 * ms] {
            let mut end = CountEnd::of(&pacer(0, 1), 20, 0).unwrap();
            assert_eq!(end.by(189 * ms), None);
            assert_eq!(end.by(now), Some(200 * ms));
        }
        // Those of a warm-up do not count; of two threads, each has its own numbers.
        assert_eq!(
            CountEnd::of(&pacer(0, 1), 5, 100 * ms).unwrap().by(500 * ms),
            Some(150 * ms)
        );
        assert_eq!(
            CountEnd::of(&pacer(1, 2), 5, 0).unwrap().by(500 * ms),
            Some(110 * ms)
        );
        assert!(CountEnd::of(&pacer(0, 1), 0, 0).is_none());
        let closed = Pacer::new(&Arrivals::Closed, Departures::Batched, 1, 0, 1).unwrap();
        assert!(CountEnd::of(&closed, 5, 0).is_none());
    }
}
