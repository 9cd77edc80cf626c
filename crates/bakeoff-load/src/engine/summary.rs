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
    let saturation = saturation(
        (record.own.cpu + record.own.wait).as_secs_f64(),
        seconds * plan.threads as f64,
        &record.lag,
    );
    let offered_rps = per_second(planned + record.dropped, seconds);
    let piled_up = plan.arrivals.is_open()
        && piled_up(&QueueEvidence {
            planned,
            open_at_end: (planned + record.dropped)
                .saturating_sub(record.ended_in_time + hangs(&record, &service, plan)),
            // No more than the connections can be in service; all others wait for one.
            explained: (offered_rps * mean_s(&service)).min(plan.connections as f64),
            growth: record.trend.growth(),
        });
    let complete = planned > 0 && record.completed as f64 >= RATE_HELD * planned as f64;
    let achieved_rps = per_second(response.len(), served_seconds(seconds, window, &record));
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
        offered_rps,
        achieved_rps,
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
        rate_held: !plan.arrivals.is_open() || (complete && !piled_up),
        piled_up,
        shed: record.shed,
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

fn per_second(count: u64, seconds: f64) -> f64 {
    if seconds > 0.0 {
        count as f64 / seconds
    } else {
        0.0
    }
}

/// The measured time: the window, or what was used of it when a count or a stop ended the load earlier. A count ends an
/// open loop where its next request would have been due, and a closed loop with its last response.
fn measured_seconds(plan: &Plan, window: Window, record: &Record) -> f64 {
    let counted = plan.max_requests.is_some() && !plan.arrivals.is_open();
    let end = match (record.stopped_ns, record.count_end_ns) {
        (Some(stopped), count_end) => stopped.min(count_end.unwrap_or(u64::MAX)),
        (None, Some(count_end)) => count_end,
        (None, None) if counted || plan.duration == Plan::WITHOUT_LIMIT => record.last_ns,
        (None, None) => window.end_ns,
    };
    end.min(window.end_ns).saturating_sub(window.begin_ns) as f64 / 1e9
}

/// The time in which the responses came: the measured time, or where a count ended an open loop, which may have been
/// shorter than a response takes, the time until the last request ended.
fn served_seconds(seconds: f64, window: Window, record: &Record) -> f64 {
    let until_last_s = record.last_ns.saturating_sub(window.begin_ns) as f64 / 1e9;
    match record.count_end_ns {
        Some(_) => seconds.max(until_last_s),
        None => seconds,
    }
}

/// Of the requests that were sent and timed out, those that waited in no queue: where other responses took far less
/// than the timeout, the server has lost them.
fn hangs(record: &Record, service: &Histogram<u64>, plan: &Plan) -> u64 {
    const FAR_LESS: f64 = 0.1;
    if mean_s(service) <= FAR_LESS * plan.timeout.as_secs_f64() {
        record.hung
    } else {
        0
    }
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

/// The facts from which [`piled_up`] decides.
struct QueueEvidence {
    planned: u64,
    /// Requests that were open or waiting when the measured time ended, or waited until it was too late.
    open_at_end: u64,
    /// Requests that are open at any instant because a response takes time: rate × mean service time (Little's law).
    explained: f64,
    /// Seconds by which the response time grew a second.
    growth: f64,
}

/// A server that cannot keep up has a growing queue. Responses after the end would hide it, so the requests that are
/// open at the end count; a queue within the server lets the response time grow by the requests that it is behind.
fn piled_up(evidence: &QueueEvidence) -> bool {
    let planned = evidence.planned as f64;
    let behind = evidence.open_at_end as f64 - evidence.explained;
    behind.max(evidence.growth * planned) > (1.0 - RATE_HELD) * planned + 1.0
}

#[cfg(test)]
mod tests {
    use super::{QueueEvidence, piled_up};

    #[test]
    fn requests_pile_up_unless_the_service_time_explains_the_open_ones() {
        let cases = [
            ("all complete", 1_000, 0, 0.0, 0.0, false),
            ("nothing planned", 0, 0, 0.0, 0.0, false),
            ("one in a hundred open", 1_000, 10, 0.0, 0.0, false),
            ("two in a hundred open", 1_000, 20, 0.0, 0.0, true),
            ("a long service time", 1_000, 100, 95.0, 0.0, false),
            (
                "a queue that was only emptied after the end",
                1_000,
                300,
                5.0,
                0.0,
                true,
            ),
            ("the last of few still open", 5, 1, 0.0, 0.0, false),
            ("a queue within the server", 1_000, 90, 95.0, 0.02, true),
            (
                "a response time that grows a little",
                1_000,
                90,
                95.0,
                0.009,
                false,
            ),
        ];
        for (case, planned, open_at_end, explained, growth, piles_up) in cases {
            let evidence = QueueEvidence {
                planned,
                open_at_end,
                explained,
                growth,
            };
            assert_eq!(piled_up(&evidence), piles_up, "{case}");
        }
    }
}
