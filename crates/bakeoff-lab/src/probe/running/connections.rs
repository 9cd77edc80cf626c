//! `connection_kb`: the memory growth of the process tree per idle keep-alive connection that has had one response, up
//! to 10,000 connections or as many as open in time. Memory is read between the steps, while none is opened, which
//! gives the curve. Some servers limit connections by a setting of their own; the curve ends there. The probe has a
//! server of its own: closing thousands of connections, some with a thread each, would be work during the next probe,
//! and the work of an earlier probe would disturb this one.

use crate::probe::kit::{Context, IDLE_LIMIT, NoEvidence};
use crate::server::Setup;
use bakeoff_core::evidence::{Caution, Detail, Observation, Point};
use bakeoff_load::{IdleConnections, LoadError, RequestSpec};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Numbers of open connections at which memory is read; the last is the maximum.
const STEPS: [usize; 4] = [1_000, 2_500, 5_000, 10_000];

/// Concurrent openers: enough to keep a server busy, few enough for any listener's queue.
const OPENERS: usize = 32;

/// How many connections an opener takes from the shared counter at once.
const BATCH: usize = 4;

/// The time for all steps together.
const TIME: Duration = Duration::from_secs(8);

/// Connections that are opened and closed before the first reading.
const WARM_UP: usize = 64;

/// An opener that gets no connection for this long gives up.
const TIMEOUT: Duration = Duration::from_secs(1);

/// The fewest connections that give a figure.
const MIN_CONNECTIONS: usize = 100;

/// Smaller growth is indistinguishable from pages that come and go, in KB per connection.
const RESOLUTION_KB: f64 = 0.5;

/// The open connections, and why there are not more.
#[derive(Default)]
struct Open {
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
    let server = context.start(&setup)?;
    let observation = measure(&context.with_server(&server), &request);
    Ok(vec![
        observation.map_err(|reason| NoEvidence::of(&server, &reason))?,
    ])
}

/// Opens connections step by step and reads the memory after each step.
fn measure(context: &Context<'_>, request: &RequestSpec) -> Result<Observation, String> {
    let memory_mb = || context.server.process().memory().mb;
    warm_up(context, request);
    let deadline = Instant::now() + TIME;
    let mut open = Open::default();
    let mut points = vec![point(0, memory_mb())];
    for most in STEPS {
        open_up_to(context, request, most, deadline, &mut open);
        let alive = open.alive();
        points.push(point(alive, memory_mb()));
        if alive < most || context.lab.interrupted() {
            break;
        }
    }
    connection_observation(points, open.reason)
}

/// Warms the server up: memory that it allocates with its first requests does not belong to the connections.
fn warm_up(context: &Context<'_>, request: &RequestSpec) {
    let deadline = Instant::now() + TIMEOUT;
    open_up_to(context, request, WARM_UP, deadline, &mut Open::default());
    context.server.wait_until_idle(context.lab, IDLE_LIMIT);
}

/// Opens connections until `most` are open, the time is over, or an opener gets no more.
fn open_up_to(context: &Context<'_>, request: &RequestSpec, most: usize, deadline: Instant, open: &mut Open) {
    let wanted = most.saturating_sub(open.alive());
    let begun = AtomicUsize::new(0);
    let opener = || {
        let mut mine = Open::default();
        while mine.reason.is_none() && Instant::now() < deadline && !context.lab.interrupted() {
            let before = begun.fetch_add(BATCH, Ordering::Relaxed);
            let count = BATCH.min(wanted.saturating_sub(before));
            if count == 0 {
                break;
            }
            let until = deadline.min(Instant::now() + TIMEOUT);
            let (idle, error) = IdleConnections::open_until(context.server.target(), request, count, until);
            mine.reason = error.filter(|_| Instant::now() < deadline).map(in_words);
            mine.idle.push(idle);
        }
        mine
    };
    let opened: Vec<Open> = thread::scope(|scope| {
        let openers: Vec<_> = (0..OPENERS).map(|_| scope.spawn(opener)).collect();
        openers
            .into_iter()
            .filter_map(|opener| opener.join().ok())
            .collect()
    });
    for one in opened {
        open.idle.extend(one.idle);
        open.reason = open.reason.take().or(one.reason);
    }
}

fn in_words(error: LoadError) -> String {
    match error {
        LoadError::Connections { reason, .. } => format!("the next one: {reason}"),
        other => other.to_string(),
    }
}

impl Open {
    fn alive(&self) -> usize {
        self.idle.iter().map(IdleConnections::alive).sum()
    }
}

/// The growth per connection, from the first point to the last.
fn connection_observation(points: Vec<Point>, reason: Option<String>) -> Result<Observation, String> {
    let (before, after) = (points[0], points[points.len() - 1]);
    let alive = after.x as usize;
    if alive < MIN_CONNECTIONS {
        let why = reason.unwrap_or_else(|| "the server closed the others".to_owned());
        return Err(format!(
            "{alive} idle connections were open after {TIME:?}: {why}"
        ));
    }
    let grown_kb = (after.y - before.y) * 1_000.0 / after.x;
    let most = STEPS[STEPS.len() - 1];
    let why = match reason {
        _ if alive >= most => String::new(),
        Some(reason) => format!(", and no more: {reason}"),
        None => format!(", as many as opened in {} s", TIME.as_secs_f64()),
    };
    let mut observation = Observation {
        note: Some(format!("{alive} connections{why}")),
        detail: Some(Detail {
            interval: None,
            points,
        }),
        ..Observation::new("connection_kb", grown_kb.max(RESOLUTION_KB))
    };
    if grown_kb < RESOLUTION_KB {
        let reached =
            format!("grew by less than {RESOLUTION_KB} KB per connection, the resolution of this probe");
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
    use super::{connection_observation, point};

    #[test]
    fn the_growth_is_divided_by_the_open_connections() {
        let all = connection_observation(vec![point(0, 50.0), point(10_000, 150.0)], None).unwrap();
        assert!((all.value - 10.0).abs() < 1e-9);
        assert_eq!(all.note.as_deref(), Some("10000 connections"));
        let full = connection_observation(
            vec![point(0, 50.0), point(4_096, 90.0)],
            Some("timed out".to_owned()),
        );
        assert_eq!(
            full.unwrap().note.as_deref(),
            Some("4096 connections, and no more: timed out")
        );
        let flat = connection_observation(vec![point(0, 50.0), point(5_000, 50.0)], None).unwrap();
        assert_eq!((flat.value, flat.cautions.len()), (0.5, 1));
        assert!(connection_observation(vec![point(0, 50.0), point(20, 51.0)], None).is_err());
    }
}
