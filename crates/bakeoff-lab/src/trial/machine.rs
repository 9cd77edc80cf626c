//! What else the machine did during a load, from counters before and after it. It only measures; the quiet gate decides
//! what is too much.

use crate::host::Yardstick;
use crate::isolation::throttled_s;
use crate::lab::Lab;
use crate::process::cpu::CpuReading;
use crate::process::run_delay::RunDelay;
use crate::procfs::machine::{ProcessorTime, cpu_pressure_percent, load_1m};
use crate::server::Server;
use bakeoff_core::evidence::Environment;
use bakeoff_load::LoadReport;
use std::time::Instant;

/// The machine's counters at one instant.
pub(super) struct MachineCounters {
    at: Instant,
    processors: Option<ProcessorTime>,
    on_server: Option<ProcessorTime>,
    server: Option<RunDelay>,
    server_cpu: CpuReading,
    server_pressure_s: Option<f64>,
    throttled_s: Option<f64>,
}

/// The machine's speed around a load, and compared with earlier trials.
#[derive(Debug, Clone, Copy)]
pub(super) struct MachineSpeed {
    yardstick_ms: Option<f64>,
    slowdown_ratio: Option<f64>,
}

impl MachineSpeed {
    /// The mean of a measurement before the load and one now.
    pub(super) fn since(lab: &Lab<'_>, before_ms: Option<f64>) -> MachineSpeed {
        let after_ms = Yardstick::measure_ms(&lab.cores.server);
        let yardstick_ms = before_ms
            .zip(after_ms)
            .map(|(before, after)| f64::midpoint(before, after));
        MachineSpeed {
            yardstick_ms,
            slowdown_ratio: yardstick_ms.and_then(|ms| lab.yardstick.slowdown_ratio(ms)),
        }
    }

    /// Adds it to the environment.
    pub(super) fn record_into(self, environment: Environment) -> Environment {
        Environment {
            yardstick_ms: self.yardstick_ms,
            slowdown_ratio: self.slowdown_ratio,
            ..environment
        }
    }
}

impl MachineCounters {
    /// Reads them now.
    pub(super) fn read(lab: &Lab<'_>, server: &Server) -> MachineCounters {
        MachineCounters {
            at: Instant::now(),
            processors: ProcessorTime::read(&lab.cores.all()),
            on_server: ProcessorTime::read(&lab.cores.server),
            server_cpu: server.cpu(),
            server: RunDelay::read(&server.process().members()),
            server_pressure_s: server.cgroup().pressure_s(),
            throttled_s: throttled_s(),
        }
    }

    /// Time in which other tasks used the server's processors, in seconds.
    fn others_s(&self, now: &MachineCounters) -> Option<f64> {
        let busy_s = now
            .on_server
            .zip(self.on_server)
            .map(|(after, before)| after.busy_s - before.busy_s)?;
        Some((busy_s - now.server_cpu.since_s(&self.server_cpu)).max(0.0))
    }

    /// The share of the time in which the server's threads waited for a processor that other tasks used.
    fn run_delay_share(&self, now: &MachineCounters, seconds: f64) -> Option<f64> {
        let waited_s = now.server.as_ref()?.since_s(self.server.as_ref()?);
        // A server's threads also wait for each other, so only as much counts as other tasks worked in that time.
        let of_others_s = self
            .others_s(now)
            .map_or(waited_s, |others_s| waited_s.min(others_s));
        Some(of_others_s / seconds)
    }

    /// What happened since the reading.
    pub(super) fn until_now(&self, lab: &Lab<'_>, server: &Server, report: &LoadReport) -> Environment {
        let now = MachineCounters::read(lab, server);
        let seconds = now.at.duration_since(self.at).as_secs_f64().max(1e-9);
        let cores = lab.cores.all().len().max(1) as f64;
        let steal = self
            .processors
            .zip(now.processors)
            .map(|(before, after)| (after.steal_s - before.steal_s) / (seconds * cores));
        let share = |before: Option<f64>, after: Option<f64>, of_s: f64| {
            before
                .zip(after)
                .map(|(before, after)| ((after - before) / of_s).clamp(0.0, 1.0))
        };
        Environment {
            steal_share: steal,
            server_run_delay_share: self.run_delay_share(&now, seconds),
            generator_run_delay_share: Some(report.own_wait_s / report.seconds.max(1e-9)),
            cpu_pressure_percent: cpu_pressure_percent(),
            load_1m: load_1m(),
            tier: Some(lab.isolation.tier()),
            throttled_share: share(self.throttled_s, now.throttled_s, seconds * cores),
            server_pressure_share: share(self.server_pressure_s, now.server_pressure_s, seconds),
            server_cpu_processes_s: Some(now.server_cpu.processes_s - self.server_cpu.processes_s),
            server_cpu_cgroup_s: now.server_cpu.cgroup_since_s(&self.server_cpu),
            ..Environment::default()
        }
    }
}
