//! `rate_rps_slo`: the highest rate of an open loop within the brief's service level, by a stochastic search that ends
//! with an interval. It tries no rate above the throughput of a closed loop, because in a short time even a queue that
//! grows without end can look held. Not one ramp, whose result depends on its slope.

use crate::probe::kit::other_status::OtherStatus;
use crate::probe::kit::{Context, NoEvidence, capacity, service_level};
use bakeoff_core::evidence::{Caution, Detail, Observation};
use bakeoff_core::search::{Held, RateSearch};
use bakeoff_load::{Arrivals, LoadReport, Plan, Saturation};
use std::time::Duration;

/// The number of tries.
const TRIES: u64 = 7;

/// The range of the search, as factors of the throughput of a closed loop.
const BETWEEN: (f64, f64) = (0.1, 1.02);

/// The shortest and the longest measured time of a try, in seconds.
const TIME_S: (f64, f64) = (0.3, 0.8);

/// Requests of a try, if they fit into the time.
const REQUESTS: f64 = 200.0;

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let capacity_rps = capacity::of(context)?;
    let mut search = RateSearch::between(capacity_rps * BETWEEN.0, capacity_rps * BETWEEN.1);
    let mut generator_busy = false;
    let mut other_status = OtherStatus::default();
    for number in 0..TRIES {
        let rate = search.next_rate();
        let (held, report) = hold(context, rate, number)?;
        generator_busy |= matches!(report.saturation, Saturation::CpuBound { .. });
        other_status.add(&report);
        search.learn(rate, held);
    }
    let range = search.range();
    let tries =
        format!("{TRIES} tries, none above {capacity_rps:.0} a second, the throughput of a closed loop");
    let conflicts = other_status.note(&context.lab.whole_mix());
    let note: Vec<String> = [tries].into_iter().chain(conflicts).collect();
    let mut observation = Observation {
        note: Some(note.join("; ")),
        detail: Some(Detail {
            interval: Some((range.low, range.high)),
            points: Vec::new(),
        }),
        ..Observation::new("rate_rps_slo", range.value)
    };
    if search.is_at_the_low_end() {
        let reached = format!(
            "the server held no rate down to {:.0} a second",
            capacity_rps * BETWEEN.0
        );
        observation.cautions.push(Caution::Partial { reached });
    }
    if generator_busy {
        let reached =
            "the generator reached its own limit in a try, so the contender may hold more".to_owned();
        observation.cautions.push(Caution::Partial { reached });
    }
    Ok(vec![observation])
}

/// Tries a rate. A run-in of half the measured time comes first, so that a growing queue exists when measuring starts.
fn hold(context: &Context<'_>, rate_rps: f64, number: u64) -> Result<(Held, LoadReport), String> {
    let slo = &context.lab.config.brief.load.slo;
    let time = Duration::from_secs_f64((REQUESTS / rate_rps).clamp(TIME_S.0, TIME_S.1));
    let plan = Plan {
        arrivals: Arrivals::Poisson { rate_rps },
        connections: context.lab.config.brief.load.connections_at(rate_rps) as usize,
        warm: time.mul_f64(0.5),
        duration: time,
        timeout: service_level::timeout(slo),
        seed: context.seed ^ (number + 1).rotate_left(40),
        cores: context.lab.cores.generator.clone(),
        ..Plan::default()
    };
    let report = context.drive(&context.fresh_mix()?, &plan)?;
    Ok((service_level::is_held(&report, slo), report))
}
