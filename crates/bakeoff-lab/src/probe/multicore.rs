//! `multicore_speedup`: computing requests a second with a process on every processor, over the same with one
//! process on one. The client costs next to nothing, so it may share a processor with a server; that it does
//! is said.

use super::collatz;
use super::trial_table::Context;
use crate::server::Server;
use bakeoff_core::evidence::{Caution, Observation};
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
    let workers = u32::try_from(all.len()).unwrap_or(1);
    let one = match context.lab.config.brief.load.cores {
        1 => rate_rps(context, context.server, 1)?,
        _ => with_server(context, 1, &all[all.len() - 1..])?,
    };
    let many = with_server(context, workers, &all)?;
    let mut observation = super::observation("multicore_speedup", many / one);
    observation.note = Some(format!(
        "{workers} processes on {workers} processors over one on one"
    ));
    observation.cautions.push(Caution::SharedCores);
    Ok(vec![observation])
}

fn with_server(context: &Context<'_>, workers: u32, cores: &[usize]) -> Result<f64, String> {
    let server =
        Server::start(context.lab, context.prepared, workers, cores).map_err(|fault| fault.message)?;
    let rate = rate_rps(context, &server, workers as usize);
    server.end();
    rate
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
