//! Who was busy while a load ran: the server, and on the other processors the generator and the lab's services. It only
//! measures; the core decides whether the server was what was measured.

use super::Context;
use crate::process::cpu::CpuReading;
use crate::procfs::machine::ProcessorTime;
use bakeoff_core::evidence::Service;
use bakeoff_load::LoadReport;
use std::time::Instant;

/// Counters at the beginning of a load.
pub(super) struct Counters {
    at: Instant,
    server: CpuReading,
    beside: Option<ProcessorTime>,
    database_s: Option<f64>,
    upstream_calls: u64,
}

/// Shares of the time between two readings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Busy {
    /// CPU time of the server over the time of its processors.
    pub(super) server: f64,
    /// The busy share of the processors of generator and services.
    pub(super) beside: Option<f64>,
    /// The service that used most of them.
    pub(super) most: Option<Service>,
}

impl Counters {
    /// Reads them now.
    pub(super) fn read(context: &Context<'_>) -> Counters {
        let lab = context.lab;
        let services = context.server.workspace().services(lab);
        Counters {
            at: Instant::now(),
            server: context.server.cpu(),
            beside: ProcessorTime::read(&lab.cores.generator),
            database_s: services.database_cpu_s(),
            upstream_calls: services.upstream().calls(),
        }
    }

    /// Who was busy since then, in the load of that report.
    pub(super) fn until_now(&self, context: &Context<'_>, report: &LoadReport) -> Busy {
        let now = Counters::read(context);
        let cores = &context.lab.cores;
        let seconds = now.at.duration_since(self.at).as_secs_f64().max(1e-9);
        let server_s = now.server.since_s(&self.server);
        let busy_s = now
            .beside
            .zip(self.beside)
            .map(|(after, before)| after.busy_s - before.busy_s);
        // The report has the generator's time in the measured time only.
        let generator_s = report.own_cpu_s * seconds / report.seconds.max(1e-9);
        let used = Used {
            services_s: busy_s.map(|busy_s| (busy_s - generator_s).max(0.0)),
            database_s: now
                .database_s
                .zip(self.database_s)
                .map(|(after, before)| after - before),
            calls_upstream: now.upstream_calls > self.upstream_calls,
        };
        Busy {
            server: server_s / (seconds * cores.server.len().max(1) as f64),
            beside: busy_s.map(|busy_s| busy_s / (seconds * cores.generator.len().max(1) as f64)),
            most: used.most(),
        }
    }
}

/// What the lab's services used.
#[derive(Debug, Clone, Copy)]
struct Used {
    /// All but the generator on the processors beside the server's, in seconds.
    services_s: Option<f64>,
    /// The database, in seconds; none where it is not the lab's own.
    database_s: Option<f64>,
    /// Whether the upstream had any call.
    calls_upstream: bool,
}

impl Used {
    /// The service that used most. The upstream is a thread of this program, so its time is what is left.
    fn most(&self) -> Option<Service> {
        let database_s = self.database_s.unwrap_or(0.0);
        let rest_s = self.services_s.map_or(0.0, |all_s| (all_s - database_s).max(0.0));
        let upstream_s = if self.calls_upstream { rest_s } else { 0.0 };
        if upstream_s > database_s {
            Some(Service::Upstream)
        } else {
            (database_s > 0.0).then_some(Service::Database)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Used;
    use bakeoff_core::evidence::Service;

    #[test]
    fn the_service_that_used_most_is_named() {
        let used = |services_s, database_s, calls_upstream| Used {
            services_s,
            database_s,
            calls_upstream,
        };
        let cases = [
            (used(Some(0.9), Some(0.6), false), Some(Service::Database)),
            (used(Some(0.9), Some(0.6), true), Some(Service::Database)),
            (used(Some(0.9), Some(0.1), true), Some(Service::Upstream)),
            (used(Some(0.9), Some(0.0), false), None),
            (used(Some(0.9), None, true), Some(Service::Upstream)),
            (used(None, None, false), None),
        ];
        for (used, most) in cases {
            assert_eq!(used.most(), most, "{used:?}");
        }
    }
}
