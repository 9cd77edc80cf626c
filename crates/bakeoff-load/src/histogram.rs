//! The histograms of latencies: one range and one precision for all, so that any two can be merged; and their
//! compressed form for storing. Percentiles are never averaged: merge, then read.

use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Deserializer, Serializer, V2DeflateSerializer};

/// The smallest latency that is recorded, µs; shorter ones count as this.
pub(crate) const LEAST_US: u64 = 1;

/// The largest latency that is recorded, µs; longer ones count as this.
pub const HIGHEST_US: u64 = 60_000_000;

/// An empty histogram of microseconds, 1 µs to 60 s, three significant digits.
pub fn empty() -> Histogram<u64> {
    Histogram::new_with_bounds(LEAST_US, HIGHEST_US, 3).expect("the bounds are constant and valid")
}

/// Microseconds of a span of nanoseconds, rounded to the nearest and at least 1.
pub(crate) fn micros(nanos: u64) -> u64 {
    (nanos.saturating_add(500) / 1_000).max(LEAST_US)
}

/// Merges `from` into `into`; both were made by [`empty`], or both by the same other range.
pub fn merge(into: &mut Histogram<u64>, from: &Histogram<u64>) {
    into.add(from).expect("both histograms have the same bounds");
}

/// The compressed form of a histogram: HdrHistogram's V2 encoding, deflated.
pub fn to_blob(histogram: &Histogram<u64>) -> Vec<u8> {
    let mut blob = Vec::new();
    V2DeflateSerializer::new()
        .serialize(histogram, &mut blob)
        .expect("writing to memory does not fail and the counts fit");
    blob
}

/// The histogram in a blob of [`to_blob`].
///
/// # Errors
/// The blob is not such a histogram.
pub fn from_blob(blob: &[u8]) -> Result<Histogram<u64>, String> {
    Deserializer::new()
        .deserialize(&mut &blob[..])
        .map_err(|e| format!("not a compressed histogram: {e}"))
}

#[cfg(test)]
mod tests {
    use super::{empty, from_blob, micros, to_blob};

    #[test]
    fn a_blob_gives_the_same_histogram_back() {
        let mut histogram = empty();
        for value in [1, 2, 999, 1_000_000, 60_000_000] {
            histogram.saturating_record(value);
        }
        assert_eq!(from_blob(&to_blob(&histogram)), Ok(histogram));
    }

    #[test]
    fn a_broken_blob_is_an_error() {
        assert!(from_blob(b"not a histogram").is_err());
        assert!(from_blob(&[]).is_err());
    }

    #[test]
    fn nanoseconds_are_rounded_to_microseconds_and_never_to_zero() {
        for (nanos, expected) in [(0, 1), (499, 1), (1_499, 1), (1_500, 2), (2_000_000, 2_000)] {
            assert_eq!(micros(nanos), expected, "{nanos} ns");
        }
    }
}
