//! `routes_cost`: the cost of many routes for the start and for each request. The contender registers a number of
//! further routes one by one, as a large application does, and requests use the last of them. The seed draws the order
//! of few and many, so that a drift of the machine does not look like a cost.

use crate::probe::kit::{Context, NoEvidence, first_failure};
use crate::server::{Server, Setup};
use bakeoff_core::evidence::Observation;
use bakeoff_load::{Arrivals, BodyRule, Expect, Plan, RequestSpec, send_once};
use std::time::{Duration, Instant};

/// The two numbers of further routes.
const FEW: u32 = 10;
const MANY: u32 = 1_000;

/// The measured time, and the load before it that warms a cold server up.
const TIME: Duration = Duration::from_millis(200);
const WARM: Duration = Duration::from_millis(120);

/// The longest time of one response.
const PATIENCE: Duration = Duration::from_secs(5);

/// Start time and service time with one number of routes.
struct Timed {
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
            "with {MANY} routes instead of {FEW}, the start takes {start:.2} times and a response {service:.2} times as long"
        )),
        ..Observation::new("routes_cost", (start * service).sqrt())
    }])
}

fn start(context: &Context<'_>, routes: u32) -> Result<Timed, NoEvidence> {
    if context.lab.interrupted() {
        return Err("interrupted".into());
    }
    let setup = Setup {
        routes: Some(routes),
        ..Setup::of_the_brief(context.lab)
    };
    let server = context.start(&setup)?;
    let no_evidence = |reason: String| NoEvidence::of(&server, &reason);
    let first_s = first_response_s(&server, routes).map_err(no_evidence)?;
    Ok(Timed {
        start_s: server.startup().as_secs_f64() + first_s,
        service_us: service_us(context, &server, routes).map_err(no_evidence)?,
    })
}

/// The time to the first response of the last route. It is part of the start: some frameworks build their table of
/// routes at the first request that needs it, and `GET /health` may not.
fn first_response_s(server: &Server, routes: u32) -> Result<f64, String> {
    let began = Instant::now();
    send_once(server.target(), "GET", &path_of(routes), &[], None, PATIENCE)
        .map_err(|(_, reason)| format!("the first response of a route: {reason}"))?;
    Ok(began.elapsed().as_secs_f64())
}

/// The path of the last route.
fn path_of(routes: u32) -> String {
    format!("/routes/{routes}/4711")
}

/// The mean service time of the last route for one client, in µs.
fn service_us(context: &Context<'_>, server: &Server, routes: u32) -> Result<f64, String> {
    let request = RequestSpec {
        expect: Expect {
            status: vec![200],
            sampled: vec![BodyRule::Json(format!(
                "{{\"route\": {routes}, \"id\": \"4711\"}}"
            ))],
            ..Expect::default()
        },
        ..RequestSpec::get(&path_of(routes))
    };
    let plan = Plan {
        arrivals: Arrivals::Closed,
        connections: 1,
        warm: WARM,
        duration: TIME,
        timeout: PATIENCE,
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
        return Err(first_failure(&report));
    }
    Ok(report.service.mean())
}
