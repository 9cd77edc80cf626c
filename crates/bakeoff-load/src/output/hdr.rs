//! The response times by second in HdrHistogram's log format, which its plotters read: one histogram a second, in
//! microseconds; the greatest value of each line in milliseconds.

use crate::histogram::from_blob;
use crate::report::LoadReport;
use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::IntervalLogWriterBuilder;
use std::io;
use std::time::{Duration, SystemTime};

/// The log has greatest values in milliseconds, and histograms in microseconds.
const MICROS_PER_MILLI: f64 = 1_000.0;

/// The log of the measured seconds; `began` is when the measured time began. Warm-up is left out.
///
/// # Errors
/// A histogram cannot be written; this never happens with a report that [`crate::run`] made.
pub fn hdr_log(report: &LoadReport, began: SystemTime) -> io::Result<String> {
    let mut log = Vec::new();
    let mut serializer = V2DeflateSerializer::new();
    let mut writer = IntervalLogWriterBuilder::new()
        .add_comment(
            "[Response times in microseconds, from the intended instant, correct responses, by second]",
        )
        .with_start_time(began)
        .with_base_time(began)
        .with_max_value_divisor(MICROS_PER_MILLI)
        .begin_log_with(&mut log, &mut serializer)?;
    for second in report.series.iter().filter(|second| second.second >= 0) {
        let histogram = from_blob(&second.response_blob).map_err(io::Error::other)?;
        let start = Duration::from_secs(second.second.unsigned_abs());
        writer
            .write_histogram(&histogram, start, Duration::from_secs(1), None)
            .map_err(|error| io::Error::other(format!("{error:?}")))?;
    }
    String::from_utf8(log).map_err(io::Error::other)
}
