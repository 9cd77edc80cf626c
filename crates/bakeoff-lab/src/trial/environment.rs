//! What the machine did besides the measuring, from counters before and after it. Deliberately no judgement: what of it
//! is too much is asked at the gate.

use crate::lab::Lab;
use crate::process::delay::{Processors, RunDelay, cpu_pressure_percent, load_1m};
use crate::server::Server;
use bakeoff_core::evidence::Environment;
use bakeoff_load::LoadReport;
use std::time::Instant;

/// The machine's counters at one instant.
pub(super) struct Disturbance {
    at: Instant,
    processors: Option<Processors>,
    on_server: Option<Processors>,
    server: Option<RunDelay>,
    server_cpu_s: f64,
}

impl Disturbance {
    /// Reads them now.
    pub(super) fn read(lab: &Lab<'_>, server: &Server) -> Disturbance {
        Disturbance {
            at: Instant::now(),
            processors: Processors::read(&lab.cores.all()),
            on_server: Processors::read(&lab.cores.server),
            server_cpu_s: server.process().cpu_s(),
            server: RunDelay::read(&server.process().members()),
        }
    }

    /// Time for which others than the server used the server's processors, in seconds.
    fn others_s(&self, now: &Disturbance) -> Option<f64> {
        let busy_s = now
            .on_server
            .zip(self.on_server)
            .map(|(after, before)| after.busy_s - before.busy_s)?;
        Some((busy_s - (now.server_cpu_s - self.server_cpu_s)).max(0.0))
    }

    /// What happened between the reading and now.
    pub(super) fn until_now(&self, lab: &Lab<'_>, server: &Server, report: &LoadReport) -> Environment {
        let now = Disturbance::read(lab, server);
        let seconds = now.at.duration_since(self.at).as_secs_f64().max(1e-9);
        let cores = lab.cores.all().len().max(1) as f64;
        let steal = self
            .processors
            .zip(now.processors)
            .map(|(before, after)| (after.steal_s - before.steal_s) / (seconds * cores));
        let delay = self
            .server
            .as_ref()
            .zip(now.server.as_ref())
            .map(|(before, after)| {
                let waited_s = after.since_s(before);
                // A server's own threads also wait for one another: only as much of it as others worked meanwhile
                // is theirs.
                self.others_s(&now)
                    .map_or(waited_s, |others_s| waited_s.min(others_s))
                    / seconds
            });
        Environment {
            steal_share: steal,
            server_run_delay_share: delay,
            generator_run_delay_share: Some(report.own_wait_s / report.seconds.max(1e-9)),
            cpu_pressure_percent: cpu_pressure_percent(),
            load_1m: load_1m(),
            tier: Some(lab.isolation.tier()),
        }
    }
}
