//! `connection_kb`: what the process tree grows by for each idle keep-alive connection that has been served
//! once, to 10,000 of them, or as many as come to stand within its time.

use super::pause::until_at_rest;
use super::trial_table::Context;
use bakeoff_core::evidence::{Caution, Observation};
use bakeoff_load::{IdleConnections, RequestSpec};
use std::thread;
use std::time::{Duration, Instant};

/// How many are opened at most, and by how many openers at once.
const MOST: usize = 10_000;
const OPENERS: usize = 4;

/// How long they are opened.
const TIME: Duration = Duration::from_millis(1_200);

/// The fewest from which the growth of each is told.
const FEWEST: usize = 100;

/// Growth below this cannot be told from the pages that come and go, in KB for each connection.
const SEEN_FROM_KB: f64 = 0.5;

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, String> {
    let request = context
        .lab
        .request("json")?
        .pop()
        .ok_or("the contract has no scenario `json`")?;
    let before_mb = context.server.process().memory().mb;
    let opened = open(context, &request);
    let after_mb = context.server.process().memory().mb;
    let alive: usize = opened.iter().map(|(idle, _)| idle.alive()).sum();
    let reason = opened.iter().find_map(|(_, reason)| reason.clone());
    drop(opened);
    until_at_rest(context);
    if alive < FEWEST {
        let why = reason.unwrap_or_else(|| "the others were closed".to_owned());
        return Err(format!("{alive} idle connections stood after {TIME:?}: {why}"));
    }
    let grown_kb = (after_mb - before_mb) * 1024.0 / alive as f64;
    let mut observation = Observation {
        note: Some(format!("{alive} connections")),
        ..Observation::new("connection_kb", grown_kb.max(SEEN_FROM_KB))
    };
    if grown_kb < SEEN_FROM_KB {
        let reached =
            format!("grew by less than {SEEN_FROM_KB} KB a connection, which is the least that can be told");
        observation.cautions.push(Caution::Partial { reached });
    }
    Ok(vec![observation])
}

/// As many connections as come to stand, and why there are not more.
fn open(context: &Context<'_>, request: &RequestSpec) -> Vec<(IdleConnections, Option<String>)> {
    let deadline = Instant::now() + TIME;
    thread::scope(|scope| {
        let openers: Vec<_> = (0..OPENERS)
            .map(|_| {
                scope.spawn(|| {
                    let most = MOST / OPENERS;
                    let (idle, error) =
                        IdleConnections::open_until(context.server.target(), request, most, deadline);
                    (idle, error.map(|error| error.to_string()))
                })
            })
            .collect();
        openers
            .into_iter()
            .filter_map(|opener| opener.join().ok())
            .collect()
    })
}
