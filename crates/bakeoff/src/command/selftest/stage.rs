//! A scripted server and a load for it: the part that all tests share. It computes no figures.

use crate::interrupt::Interrupt;
use bakeoff_load::scripted::{Reaction, ReceivedRequest, ScriptedServer};
use bakeoff_load::{Arrivals, FailureKind, LoadError, LoadReport, Plan, RequestSpec, Target, run};
use std::time::Duration;

/// Evenly spaced requests for `seconds`, over four connections.
pub(super) fn even(rate_rps: f64, seconds: f64) -> Plan {
    Plan {
        arrivals: Arrivals::Constant { rate_rps },
        connections: 4,
        duration: Duration::from_secs_f64(seconds),
        ..Plan::default()
    }
}

/// Sends a load to a server with this script.
pub(super) fn drive(
    interrupt: &Interrupt,
    spec: RequestSpec,
    plan: &Plan,
    script: impl Fn(&ReceivedRequest) -> Reaction + Send + Sync + 'static,
) -> Result<LoadReport, LoadError> {
    let server = ScriptedServer::start(script).map_err(|source| LoadError::System {
        doing: "starting the server",
        source,
    })?;
    run(
        &Target::plain(server.address()),
        &[spec],
        plan,
        &mut |_| {},
        interrupt.flag(),
    )
}

/// The number of failures of one kind.
pub(super) fn failed(report: &LoadReport, kind: FailureKind) -> u64 {
    report
        .failures
        .iter()
        .filter(|failure| failure.kind == kind)
        .map(|failure| failure.count)
        .sum()
}

/// Milliseconds of microseconds.
pub(super) fn millis(us: u64) -> f64 {
    us as f64 / 1e3
}
