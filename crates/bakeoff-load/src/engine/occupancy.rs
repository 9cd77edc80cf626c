//! How many measured requests are in flight, over time: counted up when one is due, counted down when it ends, and
//! summed up by the clock. It knows no latency, so that latencies can be held against it (Little's law). A request
//! costs a few additions, and nothing is allocated.

/// The measured requests in flight on one thread, or on several merged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Occupancy {
    /// Requests that have fallen due.
    due: u64,
    /// Those of them that have not ended.
    open: u64,
    /// Up to when `area_ns` counts.
    until_ns: u64,
    /// The number in flight summed up over time, in requests × nanoseconds.
    area_ns: u128,
}

impl Occupancy {
    /// A request that was due at `due_ns` is seen at `now_ns`: it has been in flight since it was due.
    pub(crate) fn enter(&mut self, due_ns: u64, now_ns: u64) {
        self.pass(now_ns);
        self.due += 1;
        self.open += 1;
        self.area_ns += u128::from(self.until_ns.saturating_sub(due_ns));
    }

    /// A request has ended.
    pub(crate) fn leave(&mut self, now_ns: u64) {
        self.pass(now_ns);
        self.open = self.open.saturating_sub(1);
        // A loop may look back by a few microseconds; what was counted beyond the end is taken back.
        self.area_ns -= u128::from(self.until_ns - now_ns);
    }

    /// Time has passed.
    pub(crate) fn pass(&mut self, now_ns: u64) {
        let span_ns = now_ns.saturating_sub(self.until_ns);
        self.area_ns += u128::from(self.open) * u128::from(span_ns);
        self.until_ns = self.until_ns.max(now_ns);
    }

    /// Adds another thread's.
    pub(crate) fn add(&mut self, other: Self) {
        self.due += other.due;
        self.open += other.open;
        self.until_ns = self.until_ns.max(other.until_ns);
        self.area_ns += other.area_ns;
    }

    /// Requests that have fallen due.
    pub(crate) fn due(&self) -> u64 {
        self.due
    }

    /// The mean number in flight over `seconds`; 0 of no time.
    pub(crate) fn mean_over(&self, seconds: f64) -> f64 {
        if seconds > 0.0 {
            self.area_ns as f64 / 1e9 / seconds
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Occupancy;
    use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};

    #[test]
    fn the_mean_is_the_time_in_flight_over_all_time() {
        let mut occupancy = Occupancy::default();
        // Two overlap for half a second; the second one was due a quarter of a second before it was seen.
        occupancy.enter(0, 0);
        occupancy.enter(250_000_000, 500_000_000);
        occupancy.leave(1_000_000_000);
        occupancy.leave(1_500_000_000);
        assert_eq!(occupancy.due(), 2);
        assert!((occupancy.mean_over(2.0) - (1.0 + 1.25) / 2.0).abs() < 1e-12);
        assert_eq!(occupancy.mean_over(0.0), 0.0);
    }

    #[test]
    fn the_requests_of_several_threads_add_up() {
        let one = |from, to| {
            let mut occupancy = Occupancy::default();
            occupancy.enter(from, from);
            occupancy.leave(to);
            occupancy
        };
        let mut sum = one(0, 1_000_000_000);
        sum.add(one(500_000_000, 1_000_000_000));
        assert_eq!(sum.due(), 2);
        assert!((sum.mean_over(1.0) - 1.5).abs() < 1e-12);
    }

    proptest! {
        /// Little's law: in any order of the events, the area is the sum of the times in flight.
        #[test]
        fn the_area_is_the_sum_of_the_times_in_flight(spans in prop::collection::vec((0_u64..1_000, 0_u64..200, 0_u64..500), 1..60)) {
            // (due, seen so much later, ended so much later)
            let mut events: Vec<(u64, bool, u64)> = Vec::new();
            for (due, late, takes) in &spans {
                events.push((due + late, true, *due));
                events.push((due + late + takes, false, *due));
            }
            // Of one instant the beginnings first: nothing ends before it began.
            events.sort_by_key(|(at, begins, _)| (*at, !begins));
            let mut occupancy = Occupancy::default();
            for (at, begins, due) in events {
                if begins { occupancy.enter(due, at) } else { occupancy.leave(at) }
            }
            let in_flight: u64 = spans.iter().map(|(_, late, takes)| late + takes).sum();
            prop_assert_eq!(occupancy.due(), spans.len() as u64);
            prop_assert!((occupancy.mean_over(1e-9) - in_flight as f64).abs() < 1e-6);
        }
    }
}
