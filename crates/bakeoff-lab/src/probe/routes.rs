//! `routes_cost`: what many routes cost the start and each request. The contender is told how many further routes to register, one by one as a large
//! application does, and the last one of them is asked for. Which comes first is drawn by the seed, so that a drift of the machine is no price.

use super::NoEvidence;
use super::trial_table::Context;
use crate::server::{Server, Setup};
use bakeoff_core::evidence::Observation;
use bakeoff_load::{Arrivals, BodyRule, Expect, Plan, RequestSpec};
use std::time::Duration;

/// How many routes are few, and how many are many.
const FEW: u32 = 10;
const MANY: u32 = 1_000;

/// How long the last route is asked for, and how long before that a cold server warms.
const TIME: Duration = Duration::from_millis(200);
const WARM: Duration = Duration::from_millis(120);

/// What a start with so many routes gave, in seconds and µs.
struct Started {
    start_s: f64,
    service_us: f64,
}

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let (few, many) = if context.seed.is_multiple_of(2) {
        let few = start(context, FEW)?;
        (few, start(context, MANY)?)
    } else {
        let many = start(context, MANY)?;
        (start(context, FEW)?, many)
    };
    let (start, service) = (many.start_s / few.start_s, many.service_us / few.service_us);
    Ok(vec![Observation {
        note: Some(format!(
            "start {start:.2} times, service time {service:.2} times as long with {MANY} routes as with {FEW}"
        )),
        ..Observation::new("routes_cost", (start * service).sqrt())
    }])
}

fn start(context: &Context<'_>, routes: u32) -> Result<Started, NoEvidence> {
    if context.lab.interrupted() {
        return Err("interrupted".into());
    }
    let setup = Setup {
        routes: Some(routes),
        ..Setup::of_the_brief(context.lab)
    };
    let server = Server::start_as(context.lab, context.prepared, &setup)?;
    let service_us = service_us(context, &server, routes);
    Ok(Started {
        start_s: server.startup().as_secs_f64(),
        service_us: service_us.map_err(|reason| NoEvidence::of(&server, &reason))?,
    })
}

/// The mean service time of the last route, in µs, of one client.
fn service_us(context: &Context<'_>, server: &Server, routes: u32) -> Result<f64, String> {
    let request = RequestSpec {
        expect: Expect {
            status: vec![200],
            sampled: vec![BodyRule::Json(format!("{{\"route\": {routes}}}"))],
            ..Expect::default()
        },
        ..RequestSpec::get(&format!("/routes/{routes}"))
    };
    let plan = Plan {
        arrivals: Arrivals::Closed,
        connections: 1,
        warm: WARM,
        duration: TIME,
        timeout: Duration::from_secs(5),
        seed: context.seed,
        cores: context.lab.cores.generator.clone(),
        ..Plan::default()
    };
    let report = bakeoff_load::run(
        server.target(),
        &[request],
        &plan,
        &mut |_| {},
        context.lab.config.stop,
    )
    .map_err(|error| error.to_string())?;
    if report.correct == 0 || report.correct < report.planned {
        return Err(super::first_failure(&report));
    }
    Ok(report.service.mean())
}
