//! The day of a command: it decides which runtimes are still supported. A stored run has its own day and asks no clock.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// This instant, for the age of what a cache keeps.
#[must_use]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// Today in UTC, as the start of a run is.
#[must_use]
pub(crate) fn today() -> Date {
    Timestamp::now().to_zoned_datetime(TimeZone::UTC).date()
}
