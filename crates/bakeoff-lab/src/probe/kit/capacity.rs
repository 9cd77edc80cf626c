//! The throughput of a closed loop of the brief's mix, as a starting point for other probes. No metric of its own: a
//! closed loop says nothing about how long users wait.

use super::{Context, first_failure};
use bakeoff_load::{Arrivals, LoadReport, Plan};
use std::time::Duration;

/// The numbers of clients; the higher throughput counts.
const CLIENTS: [usize; 2] = [16, 64];

/// The shortest measured time.
const SHORTEST: Duration = Duration::from_millis(120);

/// The measured time of the second attempt, when the first had too few responses.
const LONGER: Duration = Duration::from_millis(500);

/// The throughput of the better of two closed loops in 1/s; measured once per trial.
pub(crate) fn of(context: &Context<'_>) -> Result<f64, String> {
    let measure = || {
        let mut most = 0.0_f64;
        for clients in CLIENTS {
            most = most.max(closed_rps(context, clients, most)?);
        }
        Ok(most)
    };
    context.capacity.get_or_init(measure).clone()
}

/// Responses a second of `clients` that send again as soon as they have a response: clients over mean service time,
/// which the edges of the measured time do not disturb (the interactive response time law without think time). The
/// first wave, which all clients send at once, does not count; `before_rps`, the rate of fewer clients or 0, predicts
/// its length. With too few responses it measures once more, for longer.
pub(crate) fn closed_rps(context: &Context<'_>, clients: usize, before_rps: f64) -> Result<f64, String> {
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
        return Err(first_failure(&report));
    }
    Ok(clients as f64 * 1e6 / report.service.mean().max(1.0))
}

/// A closed loop whose first wave takes about `wave`.
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
    context.drive(&context.lab.whole_mix(), &plan)
}
