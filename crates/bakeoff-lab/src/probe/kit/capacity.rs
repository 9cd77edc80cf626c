//! The throughput of a closed loop of the brief's mix, as a starting point for other probes. No metric of its own: a
//! closed loop says nothing about how long users wait. It is kept with the trial, with who was busy in it.

use super::busy::Counters;
use super::{Context, first_failure};
use bakeoff_core::evidence::Capacity;
use bakeoff_load::{Arrivals, LoadReport, Plan};
use std::time::Duration;

/// The numbers of clients; the highest throughput counts.
const CLIENTS: [usize; 2] = [16, 64];

/// The number of clients where those wait for responses that wait, and the server has time left: as many as an overload
/// has.
const MORE_CLIENTS: usize = 256;

/// From this share of its processors on, a server has no time left, and more clients would only wait in its queue.
const BUSY: f64 = 0.9;

/// The shortest measured time of a loop that only compares numbers of clients.
const SHORTEST: Duration = Duration::from_millis(120);

/// The shortest measured time of the capacity: other figures are held against it, and the kernel counts the busy time
/// of processors in steps of 10 ms.
const CAPACITY_TIME: Duration = Duration::from_millis(300);

/// The measured time of the second attempt, when the first had too few responses.
const LONGER: Duration = Duration::from_millis(500);

/// A server that is warm at the brief's rate still gets faster when it has all it can do. The loop goes on in pieces
/// until [`PIECES_WITHOUT_GAIN`] in a row are not faster than the best before by [`GAIN`]; [`MOST_PIECES`] end it.
const PIECES_WITHOUT_GAIN: usize = 2;
const GAIN: f64 = 1.05;
const MOST_PIECES: usize = 10;

/// The throughput of the best of some closed loops in 1/s, when it rises no more; measured once per trial.
pub(crate) fn of(context: &Context<'_>) -> Result<f64, String> {
    let measure = || {
        let warm_rps = until_no_gain(|before_rps| again(context, before_rps))?;
        best_of(|clients, before_rps| {
            let before_rps = before_rps.unwrap_or(warm_rps);
            closed_loop(context, clients, before_rps, CAPACITY_TIME)
        })
    };
    let capacity = context.capacity.get_or_init(measure).clone()?;
    Ok(capacity.rps)
}

/// The closed loop with the highest throughput; `measure` gets its clients and the best throughput before it.
fn best_of(
    mut measure: impl FnMut(usize, Option<f64>) -> Result<Capacity, String>,
) -> Result<Capacity, String> {
    let [few, many] = CLIENTS;
    let mut best = measure(few, None)?;
    let loops = |best: &Capacity, clients: usize| match clients {
        MORE_CLIENTS => best.clients == many && best.server_cpu_share < BUSY,
        _ => true,
    };
    for clients in [many, MORE_CLIENTS] {
        if loops(&best, clients) {
            let here = measure(clients, Some(best.rps))?;
            if here.rps > best.rps {
                best = here;
            }
        }
    }
    Ok(best)
}

/// The throughput of a closed loop once more, in 1/s, with the clients of the best one if that was measured, after one
/// of `before_rps`.
pub(crate) fn again(context: &Context<'_>, before_rps: f64) -> Result<f64, String> {
    let [_, many] = CLIENTS;
    let clients = context
        .measured_capacity()
        .map_or(many, |best| best.clients.max(many));
    Ok(closed_loop(context, clients, before_rps, CAPACITY_TIME)?.rps)
}

/// The best of the pieces, each of which gets the best before it or 0.
fn until_no_gain(mut piece: impl FnMut(f64) -> Result<f64, String>) -> Result<f64, String> {
    let (mut best_rps, mut without_gain) = (0.0_f64, 0);
    for _ in 0..MOST_PIECES {
        let rps = piece(best_rps)?;
        without_gain = if rps > best_rps * GAIN {
            0
        } else {
            without_gain + 1
        };
        best_rps = best_rps.max(rps);
        if without_gain == PIECES_WITHOUT_GAIN {
            break;
        }
    }
    Ok(best_rps)
}

/// About how many responses a capacity of `rps` was counted from.
pub(crate) fn responses_at(rps: f64) -> f64 {
    rps * CAPACITY_TIME.as_secs_f64()
}

/// Responses a second of `clients`; `before_rps` as in [`closed_loop`].
pub(crate) fn closed_rps(context: &Context<'_>, clients: usize, before_rps: f64) -> Result<f64, String> {
    Ok(closed_loop(context, clients, before_rps, SHORTEST)?.rps)
}

/// Responses a second of `clients` that send again as soon as they have a response: clients over mean service time,
/// which the edges of the measured time do not disturb (the interactive response time law without think time). The
/// first wave, which all clients send at once, does not count; `before_rps`, the rate of fewer clients or 0, predicts
/// its length. It takes `shortest` or longer; with too few responses it measures once more, for longer.
fn closed_loop(
    context: &Context<'_>,
    clients: usize,
    before_rps: f64,
    shortest: Duration,
) -> Result<Capacity, String> {
    let wave = if before_rps > 0.0 {
        Duration::from_secs_f64((clients as f64 / before_rps).min(2.0))
    } else {
        Duration::ZERO
    };
    let (report, capacity) = closed(context, clients, wave, shortest)?;
    let (report, capacity) = if report.correct < clients as u64 {
        closed(context, clients, LONGER.max(wave * 2), shortest)?
    } else {
        (report, capacity)
    };
    let failed = report.planned - report.correct;
    if report.correct == 0 || failed > report.correct / 10 {
        return Err(first_failure(&report));
    }
    Ok(capacity)
}

/// A closed loop whose first wave takes about `wave`, and what it says.
fn closed(
    context: &Context<'_>,
    clients: usize,
    wave: Duration,
    shortest: Duration,
) -> Result<(LoadReport, Capacity), String> {
    let plan = Plan {
        arrivals: Arrivals::Closed,
        connections: clients,
        warm: Duration::from_millis(20).max(wave.mul_f64(1.2)),
        duration: shortest.max(wave.mul_f64(1.5)),
        timeout: Duration::from_secs(5),
        seed: context.seed,
        cores: context.lab.cores.generator.clone(),
        ..Plan::default()
    };
    let mix = context.fresh_mix()?;
    let before = Counters::read(context);
    let report = context.drive(&mix, &plan)?;
    let busy = before.until_now(context, &report);
    let capacity = Capacity {
        rps: clients as f64 * 1e6 / report.service.mean().max(1.0),
        clients,
        generator_cpu_share: report.own_cpu_s / report.seconds.max(1e-9),
        generator_lag_ms_p99: report.lag.value_at_quantile(0.99) as f64 / 1e3,
        server_cpu_share: busy.server,
        services_busy_share: busy.beside,
        busiest_service: busy.most,
    };
    Ok((report, capacity))
}

#[cfg(test)]
mod tests {
    use super::{MOST_PIECES, best_of as best_loop, until_no_gain};
    use bakeoff_core::evidence::Capacity;

    /// The clients of the loops, in order, against a server that carries `most_rps` and waits for `wait_s` in each
    /// response, and the throughput of the best.
    fn loops(most_rps: f64, wait_s: f64) -> (Vec<usize>, f64) {
        let mut asked = Vec::new();
        let best = best_loop(|clients, _| {
            asked.push(clients);
            let rps = (clients as f64 / wait_s).min(most_rps);
            Ok(Capacity {
                rps,
                clients,
                generator_cpu_share: 0.1,
                generator_lag_ms_p99: 0.1,
                server_cpu_share: rps / most_rps,
                services_busy_share: None,
                busiest_service: None,
            })
        });
        (asked, best.unwrap().rps)
    }

    #[test]
    fn clients_that_wait_do_not_hide_what_a_server_carries() {
        assert_eq!(loops(2_000.0, 0.001), (vec![16, 64], 2_000.0));
        assert_eq!(loops(2_000.0, 0.030), (vec![16, 64], 2_000.0), "64 fill it");
        assert_eq!(loops(5_000.0, 0.030), (vec![16, 64, 256], 5_000.0));
        // A server that 256 do not fill has their throughput.
        assert_eq!(loops(9_000.0, 0.050), (vec![16, 64, 256], 5_120.0));
    }

    /// The best of these pieces, and how many of them were asked for; the last goes on for ever.
    fn best_of(pieces: &[f64]) -> (f64, usize) {
        let mut asked = 0;
        let best = until_no_gain(|_| {
            asked += 1;
            Ok(pieces[(asked - 1).min(pieces.len() - 1)])
        });
        (best.unwrap(), asked)
    }

    #[test]
    fn a_server_is_driven_until_it_gets_no_faster() {
        assert_eq!(best_of(&[1_000.0]), (1_000.0, 3));
        assert_eq!(
            best_of(&[1_000.0, 990.0, 1_400.0, 1_900.0, 1_950.0, 1_800.0]),
            (1_950.0, 6)
        );
        let rising: Vec<f64> = (1..100).map(|n| f64::from(n) * 1_000.0).collect();
        assert_eq!(best_of(&rising).1, MOST_PIECES);
        assert_eq!(
            until_no_gain(|_| Err("refused".to_owned())),
            Err("refused".to_owned())
        );
    }
}
