//! `multicore_speedup`: computing requests a second with one process per processor, over the same with one process on
//! one. Each contender gets a problem size of its own, so that a request is long compared with its cost to the client
//! and short compared with the measured time. Clients may share a processor with a server; a caution says so.

use crate::probe::kit::{Context, IDLE_LIMIT, NoEvidence, collatz, first_failure};
use crate::server::{Server, Setup};
use bakeoff_core::evidence::{Caution, Detail, Observation, Point};
use bakeoff_load::{Arrivals, Plan, Target};
use std::thread;
use std::time::Duration;

/// The problem sizes, rising, and the least duration of a request at the chosen one.
const SIZES: [u64; 5] = [300, 1_000, 3_000, 10_000, 30_000];
const LONG_ENOUGH: Duration = Duration::from_millis(2);

/// Requests per size; the fastest counts.
const TRIES: u64 = 3;

/// Clients per process, so that a process with fewer connections still has work.
const CLIENTS: usize = 4;

/// The interval between the first requests of two clients.
const STAGGER: Duration = Duration::from_millis(3);

/// The load before measuring, which warms cold processes up, and the least measured time, each of two times.
const WARM: Duration = Duration::from_millis(120);
const TIME: Duration = Duration::from_millis(250);

/// Each client has time for this many responses, even where one process serves all clients in turn, up to a limit.
const RESPONSES: u32 = 6;
const MAX_TIME: Duration = Duration::from_secs(1);

/// A process that used less than this share of a processor did not serve.
const SERVING_SHARE: f64 = 0.1;

/// How many attempts there are to have all processes serve.
const ATTEMPTS: usize = 2;

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let all = context.lab.cores.all();
    let problem = problem(context)?;
    let many = Started::new(context, all.len(), problem)?;
    let single = match context.lab.config.brief.load.cores {
        1 => None,
        _ => Some(Started::new(context, 1, problem)?),
    };
    let one_rps = || match &single {
        Some(single) => single.rate_rps(context),
        None => Ok(rate_rps(context, context.server, problem, 1)?),
    };
    // The order one, many, many, one cancels an even drift of the machine.
    let (first, second) = (one_rps()?, many.rate_rps(context)?);
    let (third, fourth) = (many.rate_rps(context)?, one_rps()?);
    let one = f64::midpoint(first.rps, fourth.rps);
    let mut observation = observation(all.len(), one, f64::midpoint(second.rps, third.rps));
    let serving = second.serving.min(third.serving);
    if serving < all.len() {
        let reached = format!("{serving} of {} processes served the clients", all.len());
        observation.cautions.push(Caution::Partial { reached });
    }
    Ok(vec![observation])
}

/// The rate of the clients, and how many processes served them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    /// Requests a second.
    pub(super) rps: f64,
    /// Processes that served them.
    pub(super) serving: usize,
}

/// The problem in the requests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Problem {
    size: u64,
    /// The duration of a request without others.
    alone: Duration,
}

impl Problem {
    /// The measured time for this many clients.
    fn window(self, clients: usize) -> Duration {
        (self.alone * RESPONSES * clients as u32).clamp(TIME, MAX_TIME)
    }
}

/// The smallest problem that takes long enough, or the largest.
pub(super) fn problem(context: &Context<'_>) -> Result<Problem, String> {
    let mut problem = Problem {
        size: SIZES[0],
        alone: Duration::ZERO,
    };
    for size in SIZES {
        let plan = Plan {
            max_requests: Some(TRIES),
            ..plan(context, Duration::from_secs(10), Duration::ZERO)
        };
        let report = context.drive(&[collatz::request(size)], &plan)?;
        if report.correct == 0 {
            return Err(first_failure(&report));
        }
        let alone = Duration::from_micros(report.service.min());
        problem = Problem { size, alone };
        if alone >= LONG_ENOUGH {
            break;
        }
    }
    Ok(problem)
}

/// The speed-up, given the rates of one process and of one for each of `processors`.
fn observation(processors: usize, one_rps: f64, many_rps: f64) -> Observation {
    let speedup = many_rps / one_rps;
    let point = |processes: usize, rps: f64| Point {
        x: processes as f64,
        y: rps,
        range: None,
    };
    Observation {
        note: Some(format!(
            "{processors} processes on {processors} processors over one on one; serial share {:.2} (Karp and Flatt)",
            serial_share(speedup, processors as f64)
        )),
        cautions: vec![Caution::SharedCores],
        detail: Some(Detail {
            interval: None,
            points: vec![point(1, one_rps), point(processors, many_rps)],
        }),
        ..Observation::new("multicore_speedup", speedup)
    }
}

/// The serial share of a speed-up: α of the Universal Scalability Law when β is 0, at least 0
/// [A. H. Karp & H. P. Flatt, Communications of the ACM 33(5), 1990].
fn serial_share(speedup: f64, processors: f64) -> f64 {
    ((1.0 / speedup - 1.0 / processors) / (1.0 - 1.0 / processors)).max(0.0)
}

/// A server with a processor for each of its processes.
pub(super) struct Started {
    server: Server,
    processes: usize,
    problem: Problem,
}

impl Started {
    /// Starts it on the last processors.
    pub(super) fn new(
        context: &Context<'_>,
        processes: usize,
        problem: Problem,
    ) -> Result<Started, NoEvidence> {
        let all = context.lab.cores.all();
        let cores = &all[all.len().saturating_sub(processes)..];
        let workers = u32::try_from(processes).unwrap_or(1);
        let setup = Setup {
            workers,
            cores: cores.to_vec(),
            ..Setup::of_the_brief(context.lab)
        };
        let server = context.start(&setup)?;
        Ok(Started {
            server,
            processes,
            problem,
        })
    }

    /// Computing requests a second of enough clients for all processes.
    pub(super) fn rate_rps(&self, context: &Context<'_>) -> Result<Rate, NoEvidence> {
        rate_rps(context, &self.server, self.problem, self.processes)
            .map_err(|reason| NoEvidence::of(&self.server, &reason))
    }
}

/// Requests a second of all clients together, with all processes serving if possible. Waits until the server is idle:
/// it responds as soon as one process is ready, and clients that connect earlier would all stay with that one.
fn rate_rps(
    context: &Context<'_>,
    server: &Server,
    problem: Problem,
    processes: usize,
) -> Result<Rate, String> {
    server.enter_network().map_err(|fault| fault.message)?;
    server.wait_until_idle(context.lab, IDLE_LIMIT);
    let serving_from_s = SERVING_SHARE * problem.window(CLIENTS * processes).as_secs_f64();
    let mut seen = Rate { rps: 0.0, serving: 0 };
    for _ in 0..ATTEMPTS {
        let before = server.process().cpu_by_member();
        let rps = clients_rps(context, server.target(), problem, processes)?;
        let after = server.process().cpu_by_member();
        let served = after.iter().filter(|(stat, now_s)| {
            let then = before.iter().find(|(earlier, _)| earlier.pid == stat.pid);
            now_s - then.map_or(0.0, |(_, then_s)| *then_s) >= serving_from_s
        });
        let serving = served.count();
        if serving >= seen.serving {
            seen = Rate { rps, serving };
        }
        if serving >= processes {
            break;
        }
    }
    Ok(seen)
}

/// Requests a second of the clients for this many processes. Each connects a moment after the one before, because a
/// process that accepts all waiting connections would leave none to the others.
fn clients_rps(
    context: &Context<'_>,
    target: &Target,
    problem: Problem,
    processes: usize,
) -> Result<f64, String> {
    let all = CLIENTS * processes;
    let rps = thread::scope(|scope| {
        let clients: Vec<_> = (0..all)
            .map(|number| {
                scope.spawn(move || {
                    thread::sleep(STAGGER * number as u32);
                    let warm = WARM + STAGGER * (all - number) as u32;
                    client_rps(
                        context,
                        target,
                        problem.size,
                        &plan(context, problem.window(all), warm),
                    )
                })
            })
            .collect();
        clients
            .into_iter()
            .map(|client| client.join().map_err(|_| "a client panicked".to_owned())?)
            .sum::<Result<f64, String>>()
    })?;
    match rps {
        0.0 => Err(NO_RESPONSE.to_owned()),
        rps => Ok(rps),
    }
}

/// The reason when no client got a response.
const NO_RESPONSE: &str = "no client got a response in time";

/// Requests a second of one client in a closed loop: one over the mean service time, which the edges of the measured
/// time do not disturb. 0 for a client that the server kept waiting while it served others; a wrong response is an
/// error.
fn client_rps(context: &Context<'_>, target: &Target, size: u64, plan: &Plan) -> Result<f64, String> {
    let mix = [collatz::request(size)];
    let report = bakeoff_load::run(target, &mix, plan, &mut |_| {}, context.lab.config.stop)
        .map_err(|error| error.to_string())?;
    match (report.correct, report.failures.is_empty()) {
        (0, true) => Ok(0.0),
        (0, false) => Err(first_failure(&report)),
        _ => Ok(1e6 / report.service.mean().max(1.0)),
    }
}

/// The plan of one client in a closed loop.
fn plan(context: &Context<'_>, duration: Duration, warm: Duration) -> Plan {
    Plan {
        arrivals: Arrivals::Closed,
        connections: 1,
        duration,
        warm,
        timeout: Duration::from_secs(10),
        seed: context.seed,
        cores: context.lab.cores.generator.clone(),
        ..Plan::default()
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_TIME, Problem, TIME, observation, serial_share};
    use std::time::Duration;

    #[test]
    fn clients_that_share_a_process_have_time_for_some_responses() {
        let taking = |ms| Problem {
            size: 300,
            alone: Duration::from_millis(ms),
        };
        assert_eq!(taking(2).window(4), TIME);
        assert_eq!(taking(12).window(8), Duration::from_millis(576));
        assert_eq!(taking(200).window(8), MAX_TIME);
    }

    #[test]
    fn the_serial_share_of_a_speed_up_is_that_of_karp_and_flatt() {
        assert!(serial_share(2.0, 2.0).abs() < 1e-12);
        assert!((serial_share(1.0, 2.0) - 1.0).abs() < 1e-12);
        // Amdahl's law with a tenth in series, on eight processors.
        let speedup = 1.0 / (0.1 + 0.9 / 8.0);
        assert!((serial_share(speedup, 8.0) - 0.1).abs() < 1e-12);
        assert_eq!(serial_share(2.2, 2.0), 0.0);
    }

    #[test]
    fn the_observation_has_both_rates_as_points() {
        let observation = observation(2, 100.0, 180.0);
        assert!((observation.value - 1.8).abs() < 1e-12);
        let points = observation.detail.unwrap().points;
        assert_eq!(
            points.iter().map(|point| (point.x, point.y)).collect::<Vec<_>>(),
            [(1.0, 100.0), (2.0, 180.0)]
        );
        assert!(observation.note.unwrap().contains("serial share 0.11"));
    }
}
