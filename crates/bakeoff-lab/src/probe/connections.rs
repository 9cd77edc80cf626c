//! `connection_kb`: what the process tree grows by for each idle keep-alive connection that has been served
//! once, to 10,000 of them, or as many as come to stand within their time. Memory is looked at on the way, while nothing is opened, which
//! gives the curve. Some servers take no more than a number of their own setting; that is the number at which it ends then. A server of its own: closing thousands of connections, of which
//! some servers have a thread each, would be work under the next probe, and so would what an earlier one has left be here.

use super::NoEvidence;
use super::pause::until_at_rest;
use super::trial_table::Context;
use crate::server::{Server, Setup};
use bakeoff_core::evidence::{Caution, Detail, Observation, Point};
use bakeoff_load::{IdleConnections, LoadError, RequestSpec};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// At how many memory is looked at; the last is the most that are opened.
const STEPS: [usize; 4] = [1_000, 2_500, 5_000, 10_000];

/// Openers at once: enough to keep a server busy, few enough for any listener's queue.
const OPENERS: usize = 32;

/// How many an opener opens before it looks at the others' number.
const BATCH: usize = 4;

/// How long they are opened, all steps together.
const TIME: Duration = Duration::from_secs(8);

/// How many are opened and closed before.
const WARMING: usize = 64;

/// An opener that gets none in so long gives up.
const PATIENCE: Duration = Duration::from_secs(1);

/// The fewest from which the growth of each is told.
const FEWEST: usize = 100;

/// Growth below this cannot be told from the pages that come and go, in KB for each connection.
const SEEN_FROM_KB: f64 = 0.5;

/// What stands, and why not more.
#[derive(Default)]
struct Standing {
    idle: Vec<IdleConnections>,
    reason: Option<String>,
}

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let request = context
        .lab
        .request("json")?
        .pop()
        .ok_or("the contract has no scenario `json`")?;
    let setup = Setup::of_the_brief(context.lab);
    let server = Server::start_as(context.lab, context.prepared, &setup)?;
    let observation = tell(&context.of(&server), &request);
    Ok(vec![
        observation.map_err(|reason| NoEvidence::of(&server, &reason))?,
    ])
}

/// Opens them step by step and looks at the memory.
fn tell(context: &Context<'_>, request: &RequestSpec) -> Result<Observation, String> {
    let memory_mb = || context.server.process().memory().mb;
    warm(context, request);
    let deadline = Instant::now() + TIME;
    let mut standing = Standing::default();
    let mut points = vec![point(0, memory_mb())];
    for most in STEPS {
        open_up_to(context, request, most, deadline, &mut standing);
        let alive = standing.alive();
        points.push(point(alive, memory_mb()));
        if alive < most || context.lab.interrupted() {
            break;
        }
    }
    told(points, standing.reason)
}

/// What a server makes with its first requests is not of the connections that are counted.
fn warm(context: &Context<'_>, request: &RequestSpec) {
    let deadline = Instant::now() + PATIENCE;
    open_up_to(context, request, WARMING, deadline, &mut Standing::default());
    until_at_rest(context);
}

/// Opens until so many stand, or the time is over, or an opener gets none any more.
fn open_up_to(
    context: &Context<'_>,
    request: &RequestSpec,
    most: usize,
    deadline: Instant,
    standing: &mut Standing,
) {
    let wanted = most.saturating_sub(standing.alive());
    let begun = AtomicUsize::new(0);
    let open = || {
        let mut mine = Standing::default();
        while mine.reason.is_none() && Instant::now() < deadline && !context.lab.interrupted() {
            let before = begun.fetch_add(BATCH, Ordering::Relaxed);
            let count = BATCH.min(wanted.saturating_sub(before));
            if count == 0 {
                break;
            }
            let until = deadline.min(Instant::now() + PATIENCE);
            let (idle, error) = IdleConnections::open_until(context.server.target(), request, count, until);
            mine.reason = error.filter(|_| Instant::now() < deadline).map(in_words);
            mine.idle.push(idle);
        }
        mine
    };
    let opened: Vec<Standing> = thread::scope(|scope| {
        let openers: Vec<_> = (0..OPENERS).map(|_| scope.spawn(open)).collect();
        openers
            .into_iter()
            .filter_map(|opener| opener.join().ok())
            .collect()
    });
    for one in opened {
        standing.idle.extend(one.idle);
        standing.reason = standing.reason.take().or(one.reason);
    }
}

fn in_words(error: LoadError) -> String {
    match error {
        LoadError::Connections { reason, .. } => format!("on the next one {reason}"),
        other => other.to_string(),
    }
}

impl Standing {
    fn alive(&self) -> usize {
        self.idle.iter().map(IdleConnections::alive).sum()
    }
}

/// The growth for each connection, from the first point to the last.
fn told(points: Vec<Point>, reason: Option<String>) -> Result<Observation, String> {
    let (before, after) = (points[0], points[points.len() - 1]);
    let alive = after.x as usize;
    if alive < FEWEST {
        let why = reason.unwrap_or_else(|| "the others were closed".to_owned());
        return Err(format!("{alive} idle connections stood after {TIME:?}: {why}"));
    }
    let grown_kb = (after.y - before.y) * 1024.0 / after.x;
    let most = STEPS[STEPS.len() - 1];
    let why = match reason {
        _ if alive >= most => String::new(),
        Some(reason) => format!(", and no more: {reason}"),
        None => format!(", which is as many as came to stand in {} s", TIME.as_secs_f64()),
    };
    let mut observation = Observation {
        note: Some(format!("{alive} connections{why}")),
        detail: Some(Detail {
            interval: None,
            points,
        }),
        ..Observation::new("connection_kb", grown_kb.max(SEEN_FROM_KB))
    };
    if grown_kb < SEEN_FROM_KB {
        let reached =
            format!("grew by less than {SEEN_FROM_KB} KB a connection, which is the least that can be told");
        observation.cautions.push(Caution::Partial { reached });
    }
    Ok(observation)
}

fn point(connections: usize, mb: f64) -> Point {
    Point {
        x: connections as f64,
        y: mb,
        range: None,
    }
}

#[cfg(test)]
mod tests {
    use super::{point, told};

    #[test]
    fn the_growth_is_that_of_all_that_stand() {
        let all = told(vec![point(0, 50.0), point(10_000, 150.0)], None).unwrap();
        assert!((all.value - 10.24).abs() < 1e-9);
        assert_eq!(all.note.as_deref(), Some("10000 connections"));
        let full = told(
            vec![point(0, 50.0), point(4_096, 90.0)],
            Some("timed out".to_owned()),
        );
        assert_eq!(
            full.unwrap().note.as_deref(),
            Some("4096 connections, and no more: timed out")
        );
        let flat = told(vec![point(0, 50.0), point(5_000, 50.0)], None).unwrap();
        assert_eq!((flat.value, flat.cautions.len()), (0.5, 1));
        assert!(told(vec![point(0, 50.0), point(20, 51.0)], None).is_err());
    }
}
