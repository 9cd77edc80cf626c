//! The number of requests that are due at any instant, for any course of the rate. Each instant is computed on its
//! own, so that rounding cannot add up over hours. Which request has which number is decided in
//! [`crate::pace::pacer`].
//!
//! With Λ(t) the integral of the rate, a unit-rate process whose n-th point is at Sₙ becomes one of that rate by tₙ =
//! Λ⁻¹(Sₙ) [time change; Daley & Vere-Jones, An Introduction to the Theory of Point Processes, §7.4].

use crate::error::LoadError;
use crate::plan::Stage;

/// The rate over time.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Schedule {
    legs: Vec<Leg>,
    /// The rate after the last leg.
    tail: Leg,
}

/// A stage, with the time and the requests before it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Leg {
    start_s: f64,
    due_before: f64,
    stage: Stage,
}

impl Schedule {
    /// A constant rate.
    pub(crate) fn steady(rate_rps: f64) -> Result<Self, LoadError> {
        Self::staged(&[Stage {
            from_rps: rate_rps,
            to_rps: rate_rps,
            seconds: 0.0,
        }])
    }

    /// One stage after the other, the last one's end rate held thereafter.
    pub(crate) fn staged(stages: &[Stage]) -> Result<Self, LoadError> {
        let wrong = |what, value: f64, must| LoadError::Plan {
            what,
            value: value.to_string(),
            must,
        };
        let is_rate = |rate: f64| (0.0..=1e9).contains(&rate);
        let (mut start_s, mut due_before, mut legs) = (0.0, 0.0, Vec::new());
        for &stage in stages {
            for rate in [stage.from_rps, stage.to_rps] {
                if !is_rate(rate) {
                    return Err(wrong("rate_rps", rate, "from 0 to 1e9 requests a second"));
                }
            }
            if !(0.0..=1e9).contains(&stage.seconds) {
                return Err(wrong("stage.seconds", stage.seconds, "from 0 to 1e9 seconds"));
            }
            legs.push(Leg {
                start_s,
                due_before,
                stage,
            });
            start_s += stage.seconds;
            due_before += stage.due();
        }
        let last = stages.last().map_or(0.0, |stage| stage.to_rps);
        if last == 0.0 && due_before == 0.0 {
            return Err(wrong("rate_rps", last, "above 0 somewhere"));
        }
        let stage = Stage {
            from_rps: last,
            to_rps: last,
            seconds: f64::INFINITY,
        };
        Ok(Self {
            legs,
            tail: Leg {
                start_s,
                due_before,
                stage,
            },
        })
    }

    /// The instant, in nanoseconds, at which `due` requests are due; `None` if that many never are.
    pub(crate) fn instant_ns(&self, due: f64) -> Option<u64> {
        let leg = self
            .legs
            .iter()
            .find(|leg| due < leg.due_before + leg.stage.due())
            .unwrap_or(&self.tail);
        leg.instant_s(due).map(|s| (s * 1e9).round() as u64)
    }

    /// The rate at an instant, requests a second.
    pub(crate) fn rate_rps(&self, at_ns: u64) -> f64 {
        let at_s = at_ns as f64 / 1e9;
        let mut legs = self.legs.iter();
        let leg = legs.find(|leg| at_s < leg.start_s + leg.stage.seconds);
        let Leg { start_s, stage, .. } = leg.unwrap_or(&self.tail);
        if stage.from_rps == stage.to_rps {
            return stage.from_rps;
        }
        stage.from_rps + (stage.to_rps - stage.from_rps) * (at_s - start_s) / stage.seconds
    }
}

impl Stage {
    /// The number of requests of the whole stage.
    fn due(&self) -> f64 {
        (self.from_rps + self.to_rps) / 2.0 * self.seconds
    }
}

impl Leg {
    /// Solves from·t + (to − from)·t²/2L = due for t. The usual form of the root subtracts two nearly equal numbers
    /// where the rate hardly changes; this form adds them.
    fn instant_s(&self, due: f64) -> Option<f64> {
        let (from, wanted) = (self.stage.from_rps, due - self.due_before);
        if wanted <= 0.0 {
            return Some(self.start_s);
        }
        let slope = (self.stage.to_rps - from) / self.stage.seconds;
        let root = (from * from + 2.0 * slope * wanted).max(0.0).sqrt();
        let divisor = from + root;
        (divisor > 0.0).then(|| self.start_s + 2.0 * wanted / divisor)
    }
}

#[cfg(test)]
mod tests {
    use super::Schedule;
    use crate::plan::Stage;

    fn stage(from_rps: f64, to_rps: f64, seconds: f64) -> Stage {
        Stage {
            from_rps,
            to_rps,
            seconds,
        }
    }

    #[test]
    fn a_steady_rate_is_exact_for_days() {
        let hour = 3_600_000_000_000;
        let cases: [(f64, u64, u64); 9] = [
            (100.0, 0, 0),
            (100.0, 1, 10_000_000),
            (100.0, 99, 990_000_000),
            (3.0, 1, 333_333_333),
            (3.0, 2, 666_666_667),
            (3.0, 3 * 3600, hour),
            (3.0, 3 * 3600 * 240 + 1, 240 * hour + 333_333_333),
            (20_000.0, 20_000 * 3600 * 24, 24 * hour),
            (0.5, 2, 4_000_000_000),
        ];
        for (rate, n, expected) in cases {
            let schedule = Schedule::steady(rate).unwrap();
            assert_eq!(
                schedule.instant_ns(n as f64),
                Some(expected),
                "request {n} at {rate}/s"
            );
        }
    }

    #[test]
    fn a_ramp_follows_its_integral() {
        // From 0 to 100/s in 10 s: t²·5 requests after t seconds, then 100/s.
        let schedule = Schedule::staged(&[stage(0.0, 100.0, 10.0)]).unwrap();
        for (due, expected) in [
            (0.0, 0.0),
            (5.0, 1.0),
            (20.0, 2.0),
            (500.0, 10.0),
            (700.0, 12.0_f64),
        ] {
            assert_eq!(
                schedule.instant_ns(due),
                Some((expected * 1e9) as u64),
                "{due} requests"
            );
        }
    }

    #[test]
    fn steps_follow_each_other_and_a_final_rate_of_zero_ends_the_load() {
        let schedule = Schedule::staged(&[
            stage(10.0, 10.0, 2.0),
            stage(50.0, 50.0, 1.0),
            stage(50.0, 0.0, 2.0),
        ])
        .unwrap();
        for (due, expected) in [
            (10.0, Some(1.0)),
            (20.0, Some(2.0)),
            (45.0, Some(2.5)),
            (70.0, Some(3.0)),
            // 50t − 12.5t² = 37.5 at t = 1.
            (107.5, Some(4.0)),
            (121.0, None),
        ] {
            let expected = expected.map(|s: f64| (s * 1e9) as u64);
            assert_eq!(schedule.instant_ns(due), expected, "{due} requests");
        }
    }

    #[test]
    fn the_rate_at_an_instant_is_that_of_its_stage() {
        let stages = [stage(0.0, 100.0, 10.0), stage(50.0, 50.0, 5.0)];
        let schedule = Schedule::staged(&stages).unwrap();
        for (at_s, expected) in [(0, 0.0), (5, 50.0), (9, 90.0), (10, 50.0), (100, 50.0)] {
            assert_eq!(
                schedule.rate_rps(at_s * 1_000_000_000),
                expected,
                "after {at_s} s"
            );
        }
    }

    #[test]
    fn impossible_rates_are_refused() {
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e10] {
            assert!(Schedule::steady(rate).is_err(), "{rate}");
        }
        assert!(Schedule::staged(&[]).is_err());
        assert!(Schedule::staged(&[stage(1.0, 1.0, -1.0)]).is_err());
    }
}
