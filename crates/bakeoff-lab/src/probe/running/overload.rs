//! `overload_goodput` and `recovery_s`: the brief's rate, then twice the contender's capacity for half a second, then
//! the brief's rate again, in one open loop between two closed ones. Clients have a timeout of some seconds, as
//! browsers do, and never retry.

use crate::probe::kit::{Context, NoEvidence, capacity, service_level};
use bakeoff_core::evidence::{Caution, Detail, Observation, Point};
use bakeoff_load::{Arrivals, Keep, Plan, RequestRecord, Saturation, Spacing, Stage};
use std::time::Duration;

/// How long each part takes, in seconds.
const BEFORE_S: f64 = 0.3;
const OVERLOAD_S: f64 = 0.5;
const AFTER_S: f64 = 1.8;

/// The overload, as a factor of the capacity.
const FACTOR: f64 = 2.0;

/// At the beginning of the overload there is no queue yet: responses count from this time on, in seconds.
const FULL_FROM_S: f64 = 0.1;

/// From this share of the capacity on, the brief's rate leaves no room to recover.
const NO_ROOM: f64 = 0.95;

/// Connections.
const CONNECTIONS: usize = 256;

/// The width of a point of the curve, in seconds.
const BIN_S: f64 = 0.1;

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let load = &context.lab.config.brief.load;
    let capacity_rps = capacity::of(context)?;
    let report = context.drive(&context.fresh_mix()?, &plan(context, load.peak_rps, capacity_rps))?;
    // The machine is not equally fast at all times, so the overload stands between two loops. A server that the
    // overload broke is no missing evidence.
    let after_rps = capacity::again(context, capacity_rps).unwrap_or(capacity_rps);
    let mut goodput = goodput(&report.requests, f64::midpoint(capacity_rps, after_rps));
    if matches!(report.saturation, Saturation::CpuBound { .. }) {
        let reached = "the generator reached its own limit, so the overload was less than twice the capacity"
            .to_owned();
        goodput.cautions.push(Caution::Partial { reached });
    }
    let mut observations = vec![goodput];
    if load.peak_rps < capacity_rps * NO_ROOM {
        observations.push(recovery(&report.requests, &load.slo));
    }
    Ok(observations)
}

fn plan(context: &Context<'_>, peak_rps: f64, capacity_rps: f64) -> Plan {
    let stage = |rate_rps: f64, seconds: f64| Stage {
        from_rps: rate_rps,
        to_rps: rate_rps,
        seconds,
    };
    let slo = &context.lab.config.brief.load.slo;
    Plan {
        arrivals: Arrivals::Stages {
            spacing: Spacing::Poisson,
            stages: vec![
                stage(peak_rps, BEFORE_S),
                stage(capacity_rps * FACTOR, OVERLOAD_S),
                stage(peak_rps, AFTER_S),
            ],
        },
        connections: CONNECTIONS,
        duration: Duration::from_secs_f64(BEFORE_S + OVERLOAD_S + AFTER_S),
        timeout: service_level::timeout(slo),
        seed: context.seed,
        cores: context.lab.cores.generator.clone(),
        keep: Keep::Each,
        ..Plan::default()
    }
}

/// Correct responses during the overload, over the throughput of closed loops.
fn goodput(endings: &[RequestRecord], capacity_rps: f64) -> Observation {
    let full = BEFORE_S + FULL_FROM_S..BEFORE_S + OVERLOAD_S;
    let right = |ending: &&RequestRecord| ending.failed.is_none() && full.contains(&ending.at_s);
    let count = endings.iter().filter(right).count() as f64;
    let rate = count / (full.end - full.start);
    let share = rate / capacity_rps;
    let half = share * counting_error(count, capacity::responses_at(capacity_rps));
    let points = bins().map(|(from_s, middle_s)| {
        let within = |ending: &&RequestRecord| {
            ending.failed.is_none() && (from_s..from_s + BIN_S).contains(&ending.at_s)
        };
        let of_bin = endings.iter().filter(within).count();
        point(middle_s, of_bin as f64 / BIN_S)
    });
    Observation {
        note: Some(format!(
            "{:.0} a second of {capacity_rps:.0}, the throughput of a closed loop",
            rate
        )),
        detail: Some(Detail {
            interval: Some(((share - half).max(0.0), share + half)),
            points: points.collect(),
        }),
        ..Observation::new("overload_goodput", share)
    }
}

/// Half of the 95 % interval of a ratio of two counts, as a share of it, when both scatter as Poisson counts do.
fn counting_error(one: f64, other: f64) -> f64 {
    /// The 97.5 % quantile of the standard normal.
    const Z: f64 = 1.959_964;
    Z * (1.0 / one.max(1.0) + 1.0 / other.max(1.0)).sqrt()
}

/// The time from the end of the overload until the service level recovers.
fn recovery(endings: &[RequestRecord], slo: &bakeoff_core::brief::Slo) -> Observation {
    let over_s = BEFORE_S + OVERLOAD_S;
    let back_s = service_level::recovered_after(endings, over_s, over_s + AFTER_S, slo);
    let mut observation = Observation {
        detail: Some(Detail {
            interval: None,
            points: response_times(endings),
        }),
        ..Observation::new("recovery_s", back_s.unwrap_or(AFTER_S))
    };
    if back_s.is_none() {
        let reached = format!("not recovered within {AFTER_S} s, the time that the probe waited");
        observation.cautions.push(Caution::Partial { reached });
    }
    observation
}

/// The median response time of the requests due in each bin, in ms; a failed request counts with the time until its
/// failure.
fn response_times(endings: &[RequestRecord]) -> Vec<Point> {
    let median = |(from_s, middle_s): (f64, f64)| {
        let mut times: Vec<f64> = endings
            .iter()
            .filter(|ending| (from_s..from_s + BIN_S).contains(&ending.due_s))
            .map(|ending| (ending.at_s - ending.due_s) * 1e3)
            .collect();
        times.sort_by(f64::total_cmp);
        Some(point(middle_s, *times.get(times.len() / 2)?))
    };
    bins().filter_map(median).collect()
}

/// The beginning of each bin on the clock of the load, and its middle in seconds from the beginning of the overload.
fn bins() -> impl Iterator<Item = (f64, f64)> {
    let count = ((BEFORE_S + OVERLOAD_S + AFTER_S) / BIN_S).round() as u32;
    (0..count).map(|bin| {
        let from_s = f64::from(bin) * BIN_S;
        (from_s, from_s + BIN_S / 2.0 - BEFORE_S)
    })
}

fn point(x: f64, y: f64) -> Point {
    Point {
        x: (x * 1e3).round() / 1e3,
        y,
        range: None,
    }
}

#[cfg(test)]
mod tests {
    use super::{BEFORE_S, OVERLOAD_S, counting_error, goodput, recovery};
    use bakeoff_core::brief::Slo;
    use bakeoff_load::{FailureKind, RequestRecord};

    /// A server that serves `capacity_rps` requests a second in order of arrival; it refuses above a queue of
    /// `refuses`.
    fn served(capacity_rps: f64, refuses: Option<usize>) -> Vec<RequestRecord> {
        let mut due: Vec<f64> = Vec::new();
        let mut add = |from_s: f64, to_s: f64, rate: f64| {
            let count = ((to_s - from_s) * rate).round() as u32;
            due.extend((0..count).map(|n| from_s + f64::from(n) / rate));
        };
        let over_s = BEFORE_S + OVERLOAD_S;
        add(0.0, BEFORE_S, 100.0);
        add(BEFORE_S, over_s, capacity_rps * 2.0);
        add(over_s, over_s + 1.8, 100.0);
        let mut free_s = 0.0_f64;
        due.into_iter()
            .map(|due_s| {
                let queue = ((free_s - due_s) * capacity_rps).max(0.0) as usize;
                if refuses.is_some_and(|most| queue >= most) {
                    let failed = Some(FailureKind::Status);
                    return RequestRecord {
                        due_s,
                        at_s: due_s,
                        failed,
                    };
                }
                free_s = free_s.max(due_s) + 1.0 / capacity_rps;
                RequestRecord {
                    due_s,
                    at_s: free_s,
                    failed: None,
                }
            })
            .collect()
    }

    const SLO: Slo = Slo {
        p99_ms: 50.0,
        error_rate: 0.001,
    };

    #[test]
    fn recovery_takes_as_long_as_the_queue_needs_to_drain() {
        // Half a second at twice 1,000 leaves 500 requests; 900 a second more leave than come.
        let endings = served(1_000.0, None);
        let goodput = goodput(&endings, 1_000.0).value;
        assert!((goodput - 1.0).abs() < 0.02, "{goodput}");
        let recovery = recovery(&endings, &SLO).value;
        let expected = (0.5 - 0.05) / 0.9;
        assert!((recovery - expected).abs() < 0.03, "{recovery}");
    }

    #[test]
    fn few_responses_tell_a_goodput_less_surely() {
        assert!((counting_error(400.0, 400.0) - 1.959_964 * (2.0_f64 / 400.0).sqrt()).abs() < 1e-12);
        let (low, high) = goodput(&served(1_000.0, None), 1_000.0)
            .detail
            .and_then(|detail| detail.interval)
            .expect("counts have an error");
        assert!(
            low > 0.8 && low < 1.0 && high > 1.0 && high < 1.2,
            "{low} to {high}"
        );
    }

    #[test]
    fn a_server_that_refuses_excess_requests_recovers_at_once() {
        let endings = served(1_000.0, Some(20));
        assert!((goodput(&endings, 1_000.0).value - 1.0).abs() < 0.02);
        assert!(recovery(&endings, &SLO).value < 0.03);
    }
}
