//! `rate_rps_slo`: the highest rate of an open loop that is held within the brief's service level, by a stochastic search that ends with an interval.
//! No rate above what a closed loop gets is tried: in a short time a queue that grows for ever can still look held. Deliberately not one
//! ramp, whose answer depends on how fast it rises.

use super::NoEvidence;
use super::trial_table::Context;
use super::{capacity, level};
use bakeoff_core::evidence::{Caution, Detail, Observation};
use bakeoff_core::search::{Held, RateSearch};
use bakeoff_load::{Arrivals, Plan, Saturation};
use std::time::Duration;

/// How often a rate is tried.
const TRIES: u64 = 7;

/// The rates that are looked at, as parts of what a closed loop gets.
const BETWEEN: (f64, f64) = (0.1, 1.02);

/// The shortest and the longest measured time of a try, in seconds.
const TIME_S: (f64, f64) = (0.3, 0.8);

/// So many requests a try has, if they fit into the time.
const REQUESTS: f64 = 200.0;

/// How a try went.
struct Tried {
    held: Held,
    generator_busy: bool,
}

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let capacity_rps = capacity::of(context)?;
    let mut search = RateSearch::between(capacity_rps * BETWEEN.0, capacity_rps * BETWEEN.1);
    let mut generator_busy = false;
    for number in 0..TRIES {
        let rate = search.next_rate();
        let tried = hold(context, rate, number)?;
        generator_busy |= tried.generator_busy;
        search.learn(rate, tried.held);
    }
    let range = search.range();
    let mut observation = Observation {
        note: Some(format!(
            "{TRIES} tries, none above the {capacity_rps:.0} a second that a closed loop got"
        )),
        detail: Some(Detail {
            interval: Some((range.low, range.high)),
            points: Vec::new(),
        }),
        ..Observation::new("rate_rps_slo", range.value)
    };
    if search.is_at_the_low_end() {
        let reached = format!(
            "no rate down to {:.0} a second was held",
            capacity_rps * BETWEEN.0
        );
        observation.cautions.push(Caution::Partial { reached });
    }
    if generator_busy {
        let reached =
            "the generator was at its own limit in a try, so the contender may hold more".to_owned();
        observation.cautions.push(Caution::Partial { reached });
    }
    Ok(vec![observation])
}

/// Tries a rate: half as long as is measured comes before it, so that a queue that grows is there by then.
fn hold(context: &Context<'_>, rate_rps: f64, number: u64) -> Result<Tried, String> {
    let slo = &context.lab.config.brief.load.slo;
    let time = Duration::from_secs_f64((REQUESTS / rate_rps).clamp(TIME_S.0, TIME_S.1));
    let plan = Plan {
        arrivals: Arrivals::Poisson { rate_rps },
        connections: level::connections(rate_rps, slo),
        warm: time.mul_f64(0.5),
        duration: time,
        timeout: level::patience(slo),
        seed: context.seed ^ (number + 1).rotate_left(40),
        cores: context.lab.cores.generator.clone(),
        ..Plan::default()
    };
    let report = super::drive(context, &context.lab.whole_mix(), &plan)?;
    Ok(Tried {
        held: level::held(&report, slo),
        generator_busy: matches!(report.saturation, Saturation::CpuBound { .. }),
    })
}
