//! How much of a run is left, in words. Forecasts nothing: the schedule does; reads no clock: the caller passes what it
//! shows.

use bakeoff_core::words::number;
use jiff::{SignedDuration, ZonedDateTime};

/// The rest of the measuring, as the schedule forecast it when the last step began.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Remaining {
    left_s: f64,
}

impl Remaining {
    pub(super) const fn new(left_s: f64) -> Remaining {
        Remaining { left_s }
    }

    /// The time that is left, in seconds, `since_s` seconds after the forecast.
    pub(super) fn seconds(self, since_s: f64) -> f64 {
        (self.left_s - since_s).max(0.0)
    }

    /// `about 3 min 20 s left, until 10:42`.
    pub(super) fn words(self, since_s: f64, now: &ZonedDateTime) -> String {
        let seconds = self.seconds(since_s);
        // In steps that do not pretend to more than a forecast knows.
        let step_s = match seconds {
            s if s > 600.0 => 60.0,
            s if s > 60.0 => 10.0,
            _ => 5.0,
        };
        let left = number::duration_s((seconds / step_s).ceil() * step_s);
        match now.checked_add(SignedDuration::from_secs(seconds as i64)) {
            Ok(end) => format!("about {left} left, until {}", end.strftime("%H:%M")),
            Err(_) => format!("about {left} left"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Remaining;

    #[test]
    fn the_rest_shrinks_while_a_step_runs_and_is_never_negative() {
        let remaining = Remaining::new(118.0);
        assert_eq!(remaining.seconds(0.0), 118.0);
        assert_eq!(remaining.seconds(100.0), 18.0);
        assert_eq!(remaining.seconds(200.0), 0.0);
        let now = "2026-11-24T10:40:30[UTC]".parse().unwrap();
        assert_eq!(remaining.words(0.0, &now), "about 2 min left, until 10:42");
    }
}
