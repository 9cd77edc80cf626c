//! The curve of a day: how the load is spread over 24 hours. It says nothing of weekdays, seasons or growth.

use serde::{Deserialize, Serialize};

/// Hours of a day.
pub const HOURS: usize = 24;

/// Seconds of an hour, and of a day.
const HOUR_S: f64 = 3600.0;
/// Seconds of a day.
pub(super) const DAY_S: u32 = 86_400;

/// The shares of 24 hours, relative to each other: 0 or more, not all 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day {
    shares: [f64; HOURS],
}

impl Day {
    /// A day of these shares; none where one is below 0 or no number, or all are 0.
    #[must_use]
    pub fn new(shares: [f64; HOURS]) -> Option<Day> {
        let sound = shares.iter().all(|share| share.is_finite() && *share >= 0.0);
        (sound && shares.iter().any(|share| *share > 0.0)).then_some(Day { shares })
    }

    /// The day of a brief that states none. An assumption, no measurement: a service of one time zone, quietest from 3
    /// to 5 at night with a tenth of the highest hour, busiest from 19 to 21.
    #[must_use]
    pub const fn assumed() -> Day {
        Day {
            shares: [
                35.0, 22.0, 14.0, 10.0, 10.0, 13.0, 22.0, 36.0, 52.0, 64.0, 71.0, 75.0, 78.0, 77.0, 76.0,
                76.0, 78.0, 82.0, 89.0, 97.0, 100.0, 92.0, 74.0, 53.0,
            ],
        }
    }

    /// The same load at every hour.
    #[must_use]
    pub const fn level() -> Day {
        Day { shares: [1.0; HOURS] }
    }

    /// The shares as they were stated.
    #[must_use]
    pub const fn shares(&self) -> &[f64; HOURS] {
        &self.shares
    }

    /// The mean hour as a share of the highest one, above 0 and at most 1.
    #[must_use]
    pub fn mean_of_peak(&self) -> f64 {
        self.shares.iter().sum::<f64>() / HOURS as f64 / self.highest()
    }

    /// The rate in a second of the day, as a share of the highest hour's: linear between the middles of the hours, and
    /// the same within a minute. Days follow each other.
    #[must_use]
    pub fn share_at(&self, second: u32) -> f64 {
        let minute = (second % DAY_S) / 60;
        let hours = (f64::from(minute) * 60.0 + 30.0) / HOUR_S - 0.5;
        let before = hours.floor();
        let part = hours - before;
        let at = |hour: f64| self.shares[(hour as i64).rem_euclid(HOURS as i64) as usize];
        (at(before) * (1.0 - part) + at(before + 1.0) * part) / self.highest()
    }

    fn highest(&self) -> f64 {
        self.shares.iter().copied().fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY_S, Day, HOURS};

    #[test]
    fn the_day_has_the_load_of_its_shares() {
        for day in [Day::assumed(), Day::level()] {
            let mean = (0..DAY_S)
                .step_by(60)
                .map(|second| day.share_at(second))
                .sum::<f64>()
                / 1440.0;
            assert!((mean - day.mean_of_peak()).abs() < 1e-9, "{mean}");
            assert!((day.share_at(0) - day.share_at(DAY_S)).abs() < 1e-12);
        }
        let at_half_past_eight = Day::assumed().share_at(20 * 3600 + 1800);
        assert!((at_half_past_eight - 1.0).abs() < 0.01, "{at_half_past_eight}");
    }

    #[test]
    fn shares_are_numbers_of_0_or_more() {
        assert!(Day::new([0.0; HOURS]).is_none());
        assert!(Day::new([-1.0; HOURS]).is_none());
        assert!(Day::new([f64::NAN; HOURS]).is_none());
        assert!(Day::new([2.0; HOURS]).is_some());
    }
}
