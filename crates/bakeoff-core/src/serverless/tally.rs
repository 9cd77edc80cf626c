//! What a simulation counts, and what it makes of that: `Tally` grows while the time passes, [`Outcome`] is read of
//! it at the end. It has no prices: `tariff` has.

use super::day::DAY_S;
use crate::estimate::histogram::{bucket_of, micros_of};
use serde::{Deserialize, Serialize};

/// How long requests waited for a place, as counts by bucket of the latency histograms.
#[derive(Debug, Clone, Default)]
struct Waits {
    counts: Vec<f64>,
    /// The sum of all waiting times, in s.
    sum_s: f64,
    /// Requests.
    count: f64,
    /// Requests that waited at all.
    waited: f64,
}

impl Waits {
    fn add(&mut self, seconds: f64, count: f64) {
        let bucket = bucket_of((seconds * 1e6) as u64) as usize;
        if bucket >= self.counts.len() {
            self.counts.resize(bucket + 1, 0.0);
        }
        self.counts[bucket] += count;
        self.sum_s += seconds * count;
        self.count += count;
        if seconds > 0.0 {
            self.waited += count;
        }
    }

    fn quantile_s(&self, q: f64) -> f64 {
        let wanted = q * self.count;
        let mut so_far = 0.0;
        for (bucket, count) in self.counts.iter().enumerate() {
            so_far += count;
            if so_far >= wanted && *count > 0.0 {
                return micros_of(bucket as u32) as f64 / 1e6;
            }
        }
        0.0
    }
}

/// What is counted while the time passes.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    waits: Waits,
    /// Seconds that passed.
    pub(super) seconds: f64,
    /// Seconds of instances, from their start to their end.
    pub(super) instance_s: f64,
    /// Seconds of instances that start.
    pub(super) starting_s: f64,
    /// Seconds of instances with a request.
    pub(super) busy_s: f64,
    /// How often an instance got a request after it had none.
    pub(super) busy_periods: f64,
    /// The most instances at a time.
    pub(super) peak: u32,
    /// Instances that were started.
    pub(super) starts: u64,
    /// Requests on instances × seconds.
    pub(super) in_flight_s: f64,
    /// Requests that got no place in time.
    pub(super) refused: f64,
}

impl Tally {
    /// `count` requests got a place after they waited that long.
    pub(super) fn placed(&mut self, waited_s: f64, count: f64) {
        self.waits.add(waited_s, count);
    }

    /// That number of instances exists.
    pub(super) fn exist(&mut self, instances: u32) {
        self.peak = self.peak.max(instances);
    }

    /// What came of it.
    pub(super) fn outcome(&self, step_s: f64) -> Outcome {
        let (seconds, requests) = (
            self.seconds.max(f64::MIN_POSITIVE),
            self.waits.count + self.refused,
        );
        let days = seconds / f64::from(DAY_S);
        let of_served = self.waits.count.max(f64::MIN_POSITIVE);
        Outcome {
            requests_a_day: requests / days,
            instances_mean: self.instance_s / seconds,
            instances_peak: self.peak,
            instance_hours_a_day: self.instance_s / 3600.0 / days,
            paid_hours_a_day: (self.in_steps(step_s) + self.starting_s) / 3600.0 / days,
            cold_starts_a_day: self.starts as f64 / days,
            waits: self.waits.waited / of_served,
            wait_mean_s: self.waits.sum_s / of_served,
            wait_p50_s: self.waits.quantile_s(0.5),
            wait_p99_s: self.waits.quantile_s(0.99),
            service_mean_s: self.in_flight_s / of_served,
            refused: self.refused / requests.max(f64::MIN_POSITIVE),
        }
    }

    /// Seconds of instances with a request, each time rounded up to a step; what overlaps counts once. A time of
    /// exponential length with mean `m` takes 1 ÷ (1 − e^(−step/m)) steps on average, and the pause after it,
    /// exponential too, lasts beyond what was rounded up with probability e^(−rate × rounded).
    fn in_steps(&self, step_s: f64) -> f64 {
        let there = (self.instance_s - self.starting_s).max(self.busy_s);
        let idle_s = there - self.busy_s;
        if self.busy_periods <= 0.0 || idle_s <= 0.0 {
            return self.busy_s;
        }
        let mean_s = self.busy_s / self.busy_periods;
        let steps = 1.0 / -(-step_s / mean_s).exp_m1();
        let rounded_s = (steps * step_s - mean_s).max(0.0);
        there - idle_s * (-self.busy_periods / idle_s * rounded_s).exp()
    }
}

/// What a simulated day had.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Requests a day.
    pub requests_a_day: f64,
    /// Mean number of instances, those included that start.
    pub instances_mean: f64,
    /// The most at a time.
    pub instances_peak: u32,
    /// Hours of instances a day, from start to end.
    pub instance_hours_a_day: f64,
    /// Hours of instances a day in which they start or have a request, in steps of the price list.
    pub paid_hours_a_day: f64,
    /// Instances started a day.
    pub cold_starts_a_day: f64,
    /// The share of the served requests that wait for a place.
    pub waits: f64,
    /// Mean wait for a place, in s.
    pub wait_mean_s: f64,
    /// Median of the wait, in s.
    pub wait_p50_s: f64,
    /// 99th percentile of the wait, in s.
    pub wait_p99_s: f64,
    /// Mean time on an instance, in s.
    pub service_mean_s: f64,
    /// The share of all requests that got no place in time.
    pub refused: f64,
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn waits_are_those_of_requests_that_got_a_place() {
        let mut tally = Tally {
            seconds: 86_400.0,
            refused: 10.0,
            ..Tally::default()
        };
        tally.placed(0.0, 90.0);
        tally.placed(2.0, 10.0);
        let outcome = tally.outcome(0.1);
        assert!((outcome.requests_a_day - 110.0).abs() < 1e-9);
        assert!((outcome.refused - 10.0 / 110.0).abs() < 1e-12);
        assert!((outcome.wait_mean_s - 0.2).abs() < 1e-12);
        assert!((outcome.waits - 0.1).abs() < 1e-12);
        assert_eq!(outcome.wait_p50_s, 0.0);
        assert!((outcome.wait_p99_s - 2.0).abs() < 0.002);
    }

    #[test]
    fn short_times_are_paid_in_whole_steps_and_long_ones_nearly_as_they_are() {
        let paid = |busy_s, busy_periods| {
            let tally = Tally {
                seconds: 86_400.0,
                instance_s: 86_400.0,
                busy_s,
                busy_periods,
                ..Tally::default()
            };
            tally.outcome(0.1).paid_hours_a_day * 3600.0
        };
        // 1,000 requests of 5 ms, one after the other.
        assert!((paid(5.0, 1_000.0) - 100.0).abs() < 0.2);
        // A hundred times 60 s: half a step more for each.
        assert!((paid(6_000.0, 100.0) - 6_005.0).abs() < 0.1);
        // Never more than the instance was there.
        assert!((paid(80_000.0, 1e9) - 86_400.0).abs() < 1e-6);
        // 23 a second, each of 0.3 ms: nine in ten steps have one.
        assert!((paid(596.0, 1_987_200.0) / 86_400.0 - 0.9).abs() < 0.01);
    }
}
