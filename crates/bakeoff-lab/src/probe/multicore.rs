//! `multicore_speedup`: computing requests a second with a process on every processor, over the same with one
//! process on one. The client costs next to nothing, so it may share a processor with a server; that it does
//! is said.

use super::collatz;
use super::trial_table::Context;
use crate::server::Server;
use bakeoff_core::evidence::{Caution, Detail, Observation, Point};
use bakeoff_load::{Arrivals, Plan, Target};
use std::thread;
use std::time::Duration;

/// The size of the problem.
const N: u64 = 3_000;

/// Clients for each process, so that a process that got fewer of them still has work.
const CLIENTS: usize = 4;

/// Between the first requests of two clients.
const APART: Duration = Duration::from_millis(3);

/// How long each of the two is driven.
const TIME: Duration = Duration::from_millis(300);

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, String> {
    let all = context.lab.cores.all();
    let one = match context.lab.config.brief.load.cores {
        1 => rate_rps(context, context.server, 1)?,
        _ => Started::new(context, 1)?.rate_rps(context)?,
    };
    let many = Started::new(context, all.len())?.rate_rps(context)?;
    Ok(vec![observation(all.len(), one, many)])
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
}

impl Started {
    /// Starts it on the last processors.
    pub(super) fn new(context: &Context<'_>, processes: usize) -> Result<Started, String> {
        let all = context.lab.cores.all();
        let cores = &all[all.len().saturating_sub(processes)..];
        let workers = u32::try_from(processes).unwrap_or(1);
        let server =
            Server::start(context.lab, context.prepared, workers, cores).map_err(|fault| fault.message)?;
        Ok(Started { server, processes })
    }

    /// Computing requests a second of enough clients for all processes.
    pub(super) fn rate_rps(&self, context: &Context<'_>) -> Result<f64, String> {
        rate_rps(context, &self.server, self.processes)
    }
}

/// Requests a second of all clients together. Each opens its connection a moment after the one before, as clients do:
/// of many that come in the same instant, a process that accepts all that wait would leave nothing to the others.
fn rate_rps(context: &Context<'_>, server: &Server, workers: usize) -> Result<f64, String> {
    let target = server.target();
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS * workers)
            .map(|number| {
                scope.spawn(move || {
                    thread::sleep(APART * number as u32);
                    client_rps(context, target)
                })
            })
            .collect();
        clients
            .into_iter()
            .map(|client| client.join().map_err(|_| "a client panicked".to_owned())?)
            .sum()
    })
}

/// Requests a second of one client that waits for each answer: one over the mean service time, which no edge of the
/// window disturbs.
fn client_rps(context: &Context<'_>, target: &Target) -> Result<f64, String> {
    let plan = Plan {
        arrivals: Arrivals::Closed,
        connections: 1,
        duration: TIME,
        timeout: Duration::from_secs(10),
        seed: context.seed,
        cores: context.lab.cores.generator.clone(),
        ..Plan::default()
    };
    let mix = [collatz::request(N)];
    let report = bakeoff_load::run(target, &mix, &plan, &mut |_| {}, context.lab.config.stop)
        .map_err(|error| error.to_string())?;
    match report.correct {
        0 => Err(super::first_failure(&report)),
        _ => Ok(1e6 / report.service.mean().max(1.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::{observation, serial_share};

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
