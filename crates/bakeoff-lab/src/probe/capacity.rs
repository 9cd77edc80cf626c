//! The most that a contender answers: a closed loop of the brief's mix, for other probes to begin from. Deliberately no metric of its own: what a closed loop
//! gets says nothing of how long users wait.

use super::trial_table::Context;
use bakeoff_load::{Arrivals, LoadReport, Plan};
use std::time::Duration;

/// The numbers of clients that are tried; the better one counts.
const CLIENTS: [usize; 2] = [16, 64];

/// The shortest measured time.
const SHORTEST: Duration = Duration::from_millis(120);

/// How long a wave is taken to be where the shortest time told nothing.
const LONGER: Duration = Duration::from_millis(500);

/// The most answers a second that the better of two closed loops got; asked for once in a trial.
pub(super) fn of(context: &Context<'_>) -> Result<f64, String> {
    let ask = || {
        let mut most = 0.0_f64;
        for clients in CLIENTS {
            most = most.max(closed_rps(context, clients, most)?);
        }
        Ok(most)
    };
    context.capacity.get_or_init(ask).clone()
}

/// Answers a second of so many clients that ask again as soon as they are answered: clients over mean service time, which the edges of the
/// time do not disturb (the response time law without time to think). The first wave, in which all ask at once, is not measured; how long it
/// takes is told from `before_rps`, the rate of fewer clients, 0 when there is none. Where too few were answered to tell, the time is made longer,
/// once.
pub(super) fn closed_rps(context: &Context<'_>, clients: usize, before_rps: f64) -> Result<f64, String> {
    let wave = if before_rps > 0.0 {
        Duration::from_secs_f64((clients as f64 / before_rps).min(2.0))
    } else {
        Duration::ZERO
    };
    let first = closed(context, clients, wave)?;
    let report = if first.correct < clients as u64 {
        closed(context, clients, LONGER.max(wave * 2))?
    } else {
        first
    };
    let failed = report.planned - report.correct;
    if report.correct == 0 || failed > report.correct / 10 {
        return Err(super::first_failure(&report));
    }
    Ok(clients as f64 * 1e6 / report.service.mean().max(1.0))
}

/// A closed loop whose first wave takes about so long.
fn closed(context: &Context<'_>, clients: usize, wave: Duration) -> Result<LoadReport, String> {
    let plan = Plan {
        arrivals: Arrivals::Closed,
        connections: clients,
        warm: Duration::from_millis(20).max(wave.mul_f64(1.2)),
        duration: SHORTEST.max(wave.mul_f64(1.5)),
        timeout: Duration::from_secs(5),
        seed: context.seed,
        cores: context.lab.cores.generator.clone(),
        ..Plan::default()
    };
    super::drive(context, &context.lab.whole_mix(), &plan)
}
