//! From a record to a report: totals, rates, and two judgements on whether the figures can be trusted: was the rate
//! held, and was the generator itself the limit?

use crate::engine::interval::Window;
use crate::engine::recorder::{KindRecord, Record, Tally};
use crate::failure::{Failure, FailureKind};
use crate::histogram::{empty, merge};
use crate::plan::Plan;
use crate::report::{LabelReport, LoadReport, Saturation, Second};
use crate::request::mix::{Mix, RequestKind};
use hdrhistogram::Histogram;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The rate is held if at least this share of the planned requests got a complete response.
const RATE_HELD: f64 = 0.99;
/// The generator is the limit if its threads ran or waited for a core for at least this share of the time.
const BUSY: f64 = 0.9;
/// The generator is late if the 99th percentile of its lag is above this, µs.
const LATE_US: u64 = 1_000;

/// Makes the report of a load. `series` is its seconds, `start` the instant from which the record counts.
pub(crate) fn summarize(
    mix: &Mix,
    plan: &Plan,
    window: Window,
    record: Record,
    series: Vec<Second>,
    start: Instant,
) -> LoadReport {
    let (mut response, mut service) = (empty(), empty());
    for kind in &record.by_kind {
        merge(&mut response, &kind.response);
        merge(&mut service, &kind.service);
    }
    let planned: u64 = record.by_kind.iter().map(|kind| kind.planned).sum();
    let seconds = measured_seconds(plan, window, &record);
    let per_second = |count: u64| {
        if seconds > 0.0 {
            count as f64 / seconds
        } else {
            0.0
        }
    };
    let saturation = saturation(
        (record.own.cpu + record.own.wait).as_secs_f64(),
        seconds * plan.threads as f64,
        &record.lag,
    );
    let rate_held = !plan.arrivals.is_open()
        || rate_held(&RateEvidence {
            planned,
            completed: record.completed,
            open_at_end: planned + record.dropped - record.completed_in_time,
            explained: per_second(planned) * mean_s(&service),
        });
    // Each thread ends its requests in order; the whole is in order only after sorting.
    let mut requests = record.requests;
    requests.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
    LoadReport {
        planned,
        sent: record.sent,
        completed: record.completed,
        correct: response.len(),
        begun: start + Duration::from_nanos(window.begin_ns),
        seconds,
        offered_rps: per_second(planned),
        achieved_rps: per_second(response.len()),
        response,
        service,
        failed: record.failed,
        lag: record.lag,
        by_label: by_label(mix, record.by_kind),
        failures: failures(mix, record.failures),
        requests,
        series,
        own_cpu_s: record.own.cpu.as_secs_f64(),
        own_wait_s: record.own.wait.as_secs_f64(),
        saturation,
        rate_held,
        reconnects: record.reconnects,
        unsolicited_responses: record.unsolicited,
        body_bytes: record.body_bytes,
        dropped: record.dropped,
        due: record.occupancy.due(),
        mean_in_flight: record.occupancy.mean_over(seconds),
    }
}

fn by_label(mix: &Mix, by_kind: Vec<KindRecord>) -> Vec<LabelReport> {
    let report = |(kind, record): (&RequestKind, KindRecord)| LabelReport {
        label: kind.label.clone(),
        planned: record.planned,
        correct: record.response.len(),
        other_status: record.other_status,
        response: record.response,
        service: record.service,
    };
    mix.kinds().iter().zip(by_kind).map(report).collect()
}

fn failures(mix: &Mix, tallies: BTreeMap<(FailureKind, usize), Tally>) -> Vec<Failure> {
    let failure = |((kind, label), tally): ((FailureKind, usize), Tally)| Failure {
        kind,
        label: mix.kinds()[label].label.clone(),
        count: tally.count,
        example: tally.example,
    };
    tallies.into_iter().map(failure).collect()
}

fn mean_s(histogram: &Histogram<u64>) -> f64 {
    if histogram.is_empty() {
        0.0
    } else {
        histogram.mean() / 1e6
    }
}

/// The measured time: the window, or what was used of it when a count or a stop ended the load earlier.
fn measured_seconds(plan: &Plan, window: Window, record: &Record) -> f64 {
    let end = match (record.stopped_ns, plan.max_requests) {
        (Some(stopped), _) => stopped.min(window.end_ns),
        (None, Some(_)) => record.last_ns.min(window.end_ns),
        (None, None) => window.end_ns,
    };
    end.saturating_sub(window.begin_ns) as f64 / 1e9
}

fn saturation(taken_s: f64, thread_seconds: f64, lag: &Histogram<u64>) -> Saturation {
    let share = if thread_seconds > 0.0 {
        taken_s / thread_seconds
    } else {
        0.0
    };
    let lag_p99_us = if lag.is_empty() {
        0
    } else {
        lag.value_at_quantile(0.99)
    };
    match (share, lag_p99_us) {
        (share, _) if share >= BUSY => Saturation::CpuBound {
            share: share.min(1.0),
        },
        (_, lag_p99_us) if lag_p99_us > LATE_US => Saturation::Late { lag_p99_us },
        _ => Saturation::Fine,
    }
}

/// The facts from which [`rate_held`] decides.
struct RateEvidence {
    planned: u64,
    completed: u64,
    /// Requests that were open or waiting when the measured time ended.
    open_at_end: u64,
    /// Requests that are open at any instant because a response takes time: rate × mean service time (Little's law).
    explained: f64,
}

/// A server that cannot keep up has a growing queue. Responses after the end would hide it, so the requests that are
/// open at the end count too.
fn rate_held(evidence: &RateEvidence) -> bool {
    let planned = evidence.planned as f64;
    let behind = (evidence.open_at_end as f64 - evidence.explained).max(0.0);
    evidence.planned > 0
        && evidence.completed as f64 >= RATE_HELD * planned
        && behind <= (1.0 - RATE_HELD) * planned + 1.0
}

#[cfg(test)]
mod tests {
    use super::{RateEvidence, rate_held};

    #[test]
    fn the_rate_is_held_if_the_service_time_explains_the_open_requests() {
        let cases = [
            ("all complete", 1_000, 1_000, 0, 0.0, true),
            ("nothing planned", 0, 0, 0, 0.0, false),
            ("one in a hundred incomplete", 1_000, 990, 10, 0.0, true),
            ("two in a hundred incomplete", 1_000, 980, 20, 0.0, false),
            (
                "a long service time, all complete later",
                1_000,
                1_000,
                100,
                95.0,
                true,
            ),
            (
                "a queue that was only emptied after the end",
                1_000,
                1_000,
                300,
                5.0,
                false,
            ),
            ("the last of few still open", 5, 5, 1, 0.0, true),
        ];
        for (case, planned, completed, open_at_end, explained, held) in cases {
            assert_eq!(
                rate_held(&RateEvidence {
                    planned,
                    completed,
                    open_at_end,
                    explained
                }),
                held,
                "{case}"
            );
        }
    }
}
