//! The end of the time for a warm-up, on the monotonic clock.

use std::time::{Duration, Instant};

/// An instant at which something has to end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline(Instant);

impl Deadline {
    /// That many seconds from now.
    pub(super) fn after_s(seconds: f64) -> Deadline {
        Deadline(Instant::now() + Duration::from_secs_f64(seconds.max(0.0)))
    }

    /// The time that is left.
    pub(super) fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Whether it has passed.
    pub(super) fn is_over(self) -> bool {
        self.left().is_zero()
    }
}
