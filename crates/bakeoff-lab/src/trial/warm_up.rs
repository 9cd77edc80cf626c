//! The warm-up: a closed loop of the brief's mix in short windows, until CPU time per request has settled
//! ([`super::steady_state`]) or its time is over. A closed loop, so that a just-in-time compiler sees many requests in
//! little time, with more clients than pools and threads have places, so that all of these exist before the load. The
//! report shows its latencies; they score nothing.

use super::steady_state::{MIN_WINDOWS, class};
use crate::fault::{interrupted, of_lab};
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::server::{POOL, Server};
use bakeoff_core::evidence::{Fault, Stage, WarmClass, WarmUp, WarmWindow};
use bakeoff_load::{Arrivals, Failure, FailureKind, Plan, RequestSpec};
use std::time::{Duration, Instant};

/// The length of a window.
const WINDOW: Duration = Duration::from_millis(100);

/// The fewest clients of the closed loop, and the clients per database connection of the server. With few clients a
/// server opens the rest of its pool and its threads during the load: with 4, its p99.9 was five times as high.
const MIN_CLIENTS: usize = 32;
const CLIENTS_PER_CONNECTION: usize = 2;

/// The result of a warm-up.
pub(super) struct Warmed {
    /// The windows and their class.
    pub(super) warm_up: WarmUp,
    /// Responses that broke the contract, in order.
    pub(super) wrong: Vec<Failure>,
}

/// Drives the mix until it has settled, for at most about `max_s` seconds.
///
/// # Errors
/// The contender does not serve the mix, the generator failed, or the user interrupted.
pub(super) fn until_settled(
    lab: &Lab<'_>,
    prepared: &Prepared,
    server: &Server,
    seed: u64,
    max_s: f64,
) -> Result<Warmed, Fault> {
    let mix = lab.mix(prepared)?;
    let began = Instant::now();
    let mut windows: Vec<WarmWindow> = Vec::new();
    let mut cpu_us: Vec<f64> = Vec::new();
    let mut wrong: Vec<Failure> = Vec::new();
    loop {
        let driven = drive(
            lab,
            server,
            &mix,
            seed ^ (windows.len() as u64).wrapping_add(1).rotate_left(32),
        )?;
        if lab.interrupted() {
            return Err(interrupted());
        }
        let at_s = began.elapsed().as_secs_f64();
        wrong.extend(driven.wrong);
        if let Some((cpu, service_ms_p50)) = driven.window {
            cpu_us.push(cpu);
            windows.push(WarmWindow {
                at_s,
                cpu_us: cpu,
                service_ms_p50,
            });
        }
        let class = class(&cpu_us);
        // One window more than the last stretch needs: the first contains the cold code.
        let settled = class != WarmClass::NoSteadyState && windows.len() > MIN_WINDOWS;
        if settled || at_s >= max_s {
            let warm_up = WarmUp { class, windows };
            return Ok(Warmed { warm_up, wrong });
        }
    }
}

/// Clients for a server with this many processes.
fn clients(processes: u32) -> usize {
    let pools = (POOL * processes) as usize;
    (pools * CLIENTS_PER_CONNECTION).max(MIN_CLIENTS)
}

/// The result of one window.
struct Driven {
    /// CPU time of the server per correct response in µs, and the median service time in ms; none without a correct
    /// response.
    window: Option<(f64, f64)>,
    wrong: Vec<Failure>,
}

fn drive(lab: &Lab<'_>, server: &Server, mix: &[RequestSpec], seed: u64) -> Result<Driven, Fault> {
    let plan = Plan {
        arrivals: Arrivals::Closed,
        connections: clients(lab.config.brief.load.cores),
        duration: WINDOW,
        timeout: Duration::from_secs(2),
        seed,
        cores: lab.cores.generator.clone(),
        ..Plan::default()
    };
    let before = server.cpu();
    let report = bakeoff_load::run(server.target(), mix, &plan, &mut |_| {}, lab.config.stop)
        .map_err(|error| of_lab(Stage::WarmUp, error.to_string()))?;
    let used_s = server.cpu().since_s(&before);
    let responded = report.correct > 0;
    Ok(Driven {
        window: responded.then(|| {
            (
                used_s * 1e6 / report.correct as f64,
                report.service.value_at_quantile(0.5) as f64 / 1e3,
            )
        }),
        wrong: report
            .failures
            .into_iter()
            .filter(|failure| failure.kind == FailureKind::Check)
            .collect(),
    })
}
