//! `blocking_ms_p99`: the response time of light requests while a computing one is always in flight. The computing
//! client sends again as soon as it has a response; the light requests keep their own even rate. The times of failed
//! light requests are not included.

use crate::probe::kit::{Context, NoEvidence, first_failure};
use bakeoff_core::evidence::{Caution, Observation};
use bakeoff_load::{Arrivals, Plan};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// The time in the shortest trial, and the share of each further second of load.
const LEAST: Duration = Duration::from_millis(400);
const SHARE: f64 = 0.3;

/// The size of the computing request.
const N: u64 = 20_000;

/// The timeout of a light request.
const TIMEOUT: Duration = Duration::from_secs(3);

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let done = AtomicBool::new(false);
    let time = context.time(LEAST, SHARE);
    let light = thread::scope(|scope| {
        let heavy = scope.spawn(|| compute_until(context, &done));
        let light = context.drive_light_requests(time, TIMEOUT);
        done.store(true, Ordering::Relaxed);
        heavy
            .join()
            .map_err(|_| "the computing client panicked".to_owned())??;
        light
    })?;
    if light.correct == 0 {
        return Err(first_failure(&light).into());
    }
    let mut observation = Observation::new(
        "blocking_ms_p99",
        light.response.value_at_quantile(0.99) as f64 / 1e3,
    );
    let failed = light.planned - light.correct;
    if failed > 0 {
        let reached = format!(
            "{failed} of {} light requests failed, and their times are not included",
            light.planned
        );
        observation.cautions.push(Caution::Partial { reached });
    }
    Ok(vec![observation])
}

fn compute_until(context: &Context<'_>, done: &AtomicBool) -> Result<(), String> {
    let plan = Plan {
        arrivals: Arrivals::Closed,
        connections: 1,
        duration: Duration::from_secs(60),
        timeout: Duration::from_secs(20),
        seed: context.seed,
        cores: context.lab.cores.generator.clone(),
        ..Plan::default()
    };
    let report = bakeoff_load::run(
        context.server.target(),
        &[context.computing(N)?],
        &plan,
        &mut |_| {},
        done,
    );
    report.map(|_| ()).map_err(|error| error.to_string())
}
