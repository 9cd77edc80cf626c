//! `multicore_speedup`: computing requests a second with a process on every processor, over the same with one
//! process on one. The size of the problem is the contender's own, so that a request takes long beside what it costs the client, and short beside the
//! time in which requests are counted. The client may share a processor with a server; that it does is said.

use super::NoEvidence;
use super::collatz;
use super::pause::until_at_rest;
use super::trial_table::Context;
use crate::server::Server;
use bakeoff_core::evidence::{Caution, Detail, Observation, Point};
use bakeoff_load::{Arrivals, Plan, Target};
use std::thread;
use std::time::Duration;

/// The sizes of the problem that are tried, rising, and how long a request takes at the one that is used.
const SIZES: [u64; 5] = [300, 1_000, 3_000, 10_000, 30_000];
const LONG_ENOUGH: Duration = Duration::from_millis(2);

/// How often a size is tried; the quickest counts.
const TRIES: u64 = 3;

/// Clients for each process, so that a process that got fewer of them still has work.
const CLIENTS: usize = 4;

/// Between the first requests of two clients.
const APART: Duration = Duration::from_millis(3);

/// How long each is driven before it is measured, in which cold processes warm, and then at least, each of two times.
const WARM: Duration = Duration::from_millis(120);
const TIME: Duration = Duration::from_millis(250);

/// Each client has time for so many answers, even where one process serves all of them in turns, up to this long.
const ANSWERS: u32 = 6;
const AT_MOST: Duration = Duration::from_secs(1);

/// A process that used less of a processor meanwhile did not serve.
const SERVES_FROM: f64 = 0.1;

/// How often it is tried to have all processes serve.
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
    // One, many, many, one: an even drift of the machine is no speed-up.
    let (first, second) = (one_rps()?, many.rate_rps(context)?);
    let (third, fourth) = (many.rate_rps(context)?, one_rps()?);
    let one = f64::midpoint(first.rps, fourth.rps);
    let mut observation = observation(all.len(), one, f64::midpoint(second.rps, third.rps));
    let at_work = second.at_work.min(third.at_work);
    if at_work < all.len() {
        let reached = format!("{at_work} of {} processes served the clients", all.len());
        observation.cautions.push(Caution::Partial { reached });
    }
    Ok(vec![observation])
}

/// What clients got, and of how many processes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    /// Requests a second.
    pub(super) rps: f64,
    /// Processes that worked for them.
    pub(super) at_work: usize,
}

/// What the clients have computed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Problem {
    size: u64,
    /// What a request takes when it is alone.
    alone: Duration,
}

impl Problem {
    /// How long so many clients are counted.
    fn window(self, clients: usize) -> Duration {
        (self.alone * ANSWERS * clients as u32).clamp(TIME, AT_MOST)
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
        let report = super::drive(context, &[collatz::request(size)], &plan)?;
        if report.correct == 0 {
            return Err(super::first_failure(&report));
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
            "{processors} processes on {processors} processors over one on one: the share that is not done in parallel is {:.2}, by Karp and Flatt",
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

/// The serial share that a speed-up shows: α of the Universal Scalability Law when β is 0, at least 0 [A. H. Karp & H. P. Flatt, Communications of the
/// ACM 33(5), 1990].
fn serial_share(speedup: f64, processors: f64) -> f64 {
    ((1.0 / speedup - 1.0 / processors) / (1.0 - 1.0 / processors)).max(0.0)
}

/// A server of so many processes, each with a processor.
pub(super) struct Started {
    server: Server,
    processes: usize,
    problem: Problem,
}

impl Started {
    /// Starts it on the last processors, to compute that problem.
    pub(super) fn new(
        context: &Context<'_>,
        processes: usize,
        problem: Problem,
    ) -> Result<Started, NoEvidence> {
        let all = context.lab.cores.all();
        let cores = &all[all.len().saturating_sub(processes)..];
        let workers = u32::try_from(processes).unwrap_or(1);
        let server = Server::start(context.lab, context.prepared, workers, cores)?;
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

/// Requests a second of all clients together, with all processes at work where that can be had. A server answers as soon as one of its processes is there;
/// clients that came before the others would all stay with that one.
fn rate_rps(
    context: &Context<'_>,
    server: &Server,
    problem: Problem,
    processes: usize,
) -> Result<Rate, String> {
    until_at_rest(&context.of(server));
    let works_from_s = SERVES_FROM * problem.window(CLIENTS * processes).as_secs_f64();
    let mut seen = Rate { rps: 0.0, at_work: 0 };
    for _ in 0..ATTEMPTS {
        let before = server.process().cpu_by_member();
        let rps = clients_rps(context, server.target(), problem, processes)?;
        let after = server.process().cpu_by_member();
        let served = after.iter().filter(|(stat, now_s)| {
            let then = before.iter().find(|(earlier, _)| earlier.pid == stat.pid);
            now_s - then.map_or(0.0, |(_, then_s)| *then_s) >= works_from_s
        });
        let at_work = served.count();
        if at_work >= seen.at_work {
            seen = Rate { rps, at_work };
        }
        if at_work >= processes {
            break;
        }
    }
    Ok(seen)
}

/// Requests a second of the clients of so many processes. Each opens its connection a moment after the one before, as clients do:
/// of many that come in the same instant, a process that accepts all that wait would leave nothing to the others.
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
                    thread::sleep(APART * number as u32);
                    let warm = WARM + APART * (all - number) as u32;
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
        0.0 => Err(NOBODY.to_owned()),
        rps => Ok(rps),
    }
}

/// What is said when no client got an answer.
const NOBODY: &str = "no request of any client was answered in the time";

/// Requests a second of one client that waits for each answer: one over the mean service time, which no edge of the
/// window disturbs. A client that the server left waiting all the time, as it served others, has none; a wrong answer is an error.
fn client_rps(context: &Context<'_>, target: &Target, size: u64, plan: &Plan) -> Result<f64, String> {
    let mix = [collatz::request(size)];
    let report = bakeoff_load::run(target, &mix, plan, &mut |_| {}, context.lab.config.stop)
        .map_err(|error| error.to_string())?;
    match (report.correct, report.failures.is_empty()) {
        (0, true) => Ok(0.0),
        (0, false) => Err(super::first_failure(&report)),
        _ => Ok(1e6 / report.service.mean().max(1.0)),
    }
}

/// One client that waits for each answer.
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
    use super::{AT_MOST, Problem, TIME, observation, serial_share};
    use std::time::Duration;

    #[test]
    fn clients_that_wait_for_each_other_have_time_for_some_answers() {
        let taking = |ms| Problem {
            size: 300,
            alone: Duration::from_millis(ms),
        };
        assert_eq!(taking(2).window(4), TIME);
        assert_eq!(taking(12).window(8), Duration::from_millis(576));
        assert_eq!(taking(200).window(8), AT_MOST);
    }

    #[test]
    fn a_speed_up_shows_its_serial_share() {
        assert!(serial_share(2.0, 2.0).abs() < 1e-12);
        assert!((serial_share(1.0, 2.0) - 1.0).abs() < 1e-12);
        // Amdahl's law with a tenth in series, on eight processors.
        let speedup = 1.0 / (0.1 + 0.9 / 8.0);
        assert!((serial_share(speedup, 8.0) - 0.1).abs() < 1e-12);
        assert_eq!(serial_share(2.2, 2.0), 0.0);
    }

    #[test]
    fn the_figure_keeps_its_points() {
        let observation = observation(2, 100.0, 180.0);
        assert!((observation.value - 1.8).abs() < 1e-12);
        let points = observation.detail.unwrap().points;
        assert_eq!(
            points.iter().map(|point| (point.x, point.y)).collect::<Vec<_>>(),
            [(1.0, 100.0), (2.0, 180.0)]
        );
        assert!(observation.note.unwrap().contains("in parallel is 0.11"));
    }
}
