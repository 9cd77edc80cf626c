//! The probes of a running contender: one row each, in the order in which they take turns. Deliberately a table: what is observed, at what price and
//! in which state the server is left is read here and nowhere else.

use super::{
    NoEvidence, blocking, compute, concurrency, connections, crash, drain, fanout, highest_rate, multicore,
    overload, processes, routes, slow_clients, streams, waiting,
};
use crate::event::Phase;
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::server::Server;
use bakeoff_core::contender::Contender;
use bakeoff_core::evidence::Observation;
use bakeoff_core::plan::{ProbeSlots, TrialBudget};
use std::sync::OnceLock;

/// What a probe is given.
pub(crate) struct Context<'c> {
    /// The lab.
    pub(crate) lab: &'c Lab<'c>,
    /// The contender.
    pub(crate) prepared: &'c Prepared,
    /// Its running server, warm.
    pub(crate) server: &'c Server,
    /// How long things take.
    pub(crate) shape: &'c TrialBudget,
    /// The trial's seed.
    pub(crate) seed: u64,
    /// The most answers a second that a closed loop got, once a probe has asked for it.
    pub(crate) capacity: OnceLock<Result<f64, String>>,
}

impl<'c> Context<'c> {
    /// The same with a server of the probe's own.
    pub(crate) fn of(&self, server: &'c Server) -> Context<'c> {
        Context {
            server,
            capacity: OnceLock::new(),
            ..*self
        }
    }
}

/// One row of the table.
pub(crate) struct TrialProbe {
    /// Its name in findings.
    pub(crate) name: &'static str,
    /// What it observes.
    pub(crate) metrics: &'static [&'static str],
    /// The scenarios that it asks for.
    pub(crate) scenarios: &'static [&'static str],
    /// The fewest processors that it needs.
    pub(crate) least_cores: usize,
    /// What the display says meanwhile.
    pub(crate) phase: Phase,
    /// What it takes on average, as far as is known, in seconds.
    pub(crate) takes_s: f64,
    /// What it leaves of the server; those that leave less run later in a trial.
    pub(crate) leaves: Leaves,
    /// Which server it asks; one that has ended is not asked.
    pub(crate) asks: Asks,
    /// Observes, or says why there is no evidence.
    pub(crate) observe: fn(&Context<'_>) -> Result<Vec<Observation>, NoEvidence>,
}

/// What a probe leaves of the trial's server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Leaves {
    /// As it was.
    Usable,
    /// With work for clients that are gone.
    AtWork,
    /// Ended.
    Ended,
}

/// Which server a probe asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asks {
    /// The trial's own, warm.
    TheTrials,
    /// Only such as it starts itself.
    ItsOwn,
}

/// Every probe, in the order in which they take turns: what is cheap or tells most for its time comes first, so that a short run has it.
pub(crate) const TRIAL_PROBES: &[TrialProbe] = &[
    TrialProbe {
        name: "compute",
        metrics: &["compute_ms"],
        scenarios: &["compute"],
        least_cores: 1,
        phase: Phase::Compute,
        takes_s: 0.2,
        leaves: Leaves::Usable,
        asks: Asks::TheTrials,
        observe: compute::observe,
    },
    TrialProbe {
        name: "blocking",
        metrics: &["blocking_ms_p99"],
        scenarios: &["json", "compute"],
        least_cores: 1,
        phase: Phase::Blocking,
        takes_s: 0.5,
        leaves: Leaves::Usable,
        asks: Asks::TheTrials,
        observe: blocking::observe,
    },
    TrialProbe {
        name: "waiting",
        metrics: &["waiting_rps"],
        scenarios: &["wait"],
        least_cores: 1,
        phase: Phase::Waiting,
        takes_s: 0.4,
        leaves: Leaves::AtWork,
        asks: Asks::TheTrials,
        observe: waiting::observe,
    },
    TrialProbe {
        name: "multicore",
        metrics: &["multicore_speedup"],
        scenarios: &["compute"],
        least_cores: 2,
        phase: Phase::Multicore,
        takes_s: 2.1,
        leaves: Leaves::Usable,
        asks: Asks::TheTrials,
        observe: multicore::observe,
    },
    TrialProbe {
        name: "connections",
        metrics: &["connection_kb"],
        scenarios: &["json"],
        least_cores: 1,
        phase: Phase::Connections,
        takes_s: 4.0,
        leaves: Leaves::Usable,
        asks: Asks::ItsOwn,
        observe: connections::observe,
    },
    TrialProbe {
        name: "slow-clients",
        metrics: &["slow_client_ms_p99"],
        scenarios: &["json"],
        least_cores: 1,
        phase: Phase::SlowClients,
        takes_s: 1.1,
        leaves: Leaves::Usable,
        asks: Asks::TheTrials,
        observe: slow_clients::observe,
    },
    TrialProbe {
        name: "concurrency",
        metrics: &["usl_contention", "usl_coherency", "usl_peak"],
        scenarios: &[],
        least_cores: 1,
        phase: Phase::Concurrency,
        takes_s: 1.4,
        leaves: Leaves::Usable,
        asks: Asks::TheTrials,
        observe: concurrency::observe,
    },
    TrialProbe {
        name: "drain",
        metrics: &["drain_lost"],
        scenarios: &[],
        least_cores: 1,
        phase: Phase::Drain,
        takes_s: 1.7,
        leaves: Leaves::Ended,
        asks: Asks::TheTrials,
        observe: drain::observe,
    },
    TrialProbe {
        name: "highest-rate",
        metrics: &["rate_rps_slo"],
        scenarios: &[],
        least_cores: 1,
        phase: Phase::HighestRate,
        takes_s: 3.9,
        leaves: Leaves::Usable,
        asks: Asks::TheTrials,
        observe: highest_rate::observe,
    },
    TrialProbe {
        name: "overload",
        metrics: &["overload_goodput", "recovery_s"],
        scenarios: &[],
        least_cores: 1,
        phase: Phase::Overload,
        takes_s: 2.9,
        leaves: Leaves::Usable,
        asks: Asks::TheTrials,
        observe: overload::observe,
    },
    TrialProbe {
        name: "streams",
        metrics: &["stream_mb_growth"],
        scenarios: &["upload", "download"],
        least_cores: 1,
        phase: Phase::Streams,
        takes_s: 1.7,
        leaves: Leaves::Usable,
        asks: Asks::TheTrials,
        observe: streams::observe,
    },
    TrialProbe {
        name: "fanout",
        metrics: &["socket_fanout_ms_p99"],
        scenarios: &["socket"],
        least_cores: 1,
        phase: Phase::Fanout,
        takes_s: 2.6,
        leaves: Leaves::Usable,
        asks: Asks::ItsOwn,
        observe: fanout::observe,
    },
    TrialProbe {
        name: "routes",
        metrics: &["routes_cost"],
        scenarios: &[],
        least_cores: 1,
        phase: Phase::Routes,
        takes_s: 2.2,
        leaves: Leaves::Usable,
        asks: Asks::ItsOwn,
        observe: routes::observe,
    },
    TrialProbe {
        name: "processes",
        metrics: &[
            "usl_processes_contention",
            "usl_processes_coherency",
            "usl_processes_peak",
        ],
        scenarios: &["compute"],
        least_cores: 3,
        phase: Phase::Processes,
        takes_s: 4.5,
        leaves: Leaves::Usable,
        asks: Asks::TheTrials,
        observe: processes::observe,
    },
    TrialProbe {
        name: "crash",
        metrics: &["crash_recovery_ms", "crash_lost"],
        scenarios: &[],
        least_cores: 1,
        phase: Phase::Crash,
        takes_s: 3.7,
        leaves: Leaves::Usable,
        asks: Asks::ItsOwn,
        observe: crash::observe,
    },
];

/// The probes that a machine of so many processors can run: those that take turns there.
pub(crate) fn of_machine(processors: usize) -> impl Iterator<Item = &'static TrialProbe> {
    TRIAL_PROBES
        .iter()
        .filter(move |probe| probe.least_cores <= processors)
}

/// The probes whose turn it is, in the order in which they run.
pub(crate) fn whose_turn(slots: ProbeSlots, processors: usize) -> Vec<&'static TrialProbe> {
    let all: Vec<&TrialProbe> = of_machine(processors).collect();
    let mut probes: Vec<&TrialProbe> = slots
        .places(all.len())
        .filter_map(|place| all.get(place).copied())
        .collect();
    probes.sort_by_key(|probe| probe.leaves);
    probes
}

impl TrialProbe {
    /// Why it cannot observe this contender here, if it cannot.
    pub(crate) fn obstacle(&self, lab: &Lab<'_>, contender: &Contender) -> Option<String> {
        let cores = lab.cores.all().len();
        if cores < self.least_cores {
            return Some(format!(
                "needs {} processors, and this machine has {cores}",
                self.least_cores
            ));
        }
        let missing = self
            .scenarios
            .iter()
            .find(|scenario| contender.source.not_served.iter().any(|not| not == *scenario))?;
        Some(format!("does not serve `{missing}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::{TRIAL_PROBES, of_machine, whose_turn};
    use bakeoff_core::metric::metric;
    use bakeoff_core::plan::ProbeSlots;

    #[test]
    fn every_probe_observes_metrics_of_the_table() {
        for id in TRIAL_PROBES.iter().flat_map(|probe| probe.metrics) {
            assert!(metric(id).is_some(), "`{id}` is a metric");
        }
    }

    #[test]
    fn what_ends_the_server_runs_last_whatever_its_turn() {
        for processors in [1, 2, 8] {
            let count = of_machine(processors).count() as u32;
            for first in 0..count {
                let probes = whose_turn(ProbeSlots { first, count }, processors);
                let names: Vec<&str> = probes.iter().map(|probe| probe.name).collect();
                assert_eq!(names.len(), count as usize);
                assert_eq!(names[names.len() - 2..], ["waiting", "drain"]);
            }
        }
        let two = whose_turn(ProbeSlots { first: 1, count: 2 }, 8);
        assert_eq!(
            [two[0].name, two[1].name],
            [TRIAL_PROBES[1].name, TRIAL_PROBES[2].name]
        );
    }

    #[test]
    fn few_processors_leave_out_what_needs_more() {
        let names = |processors| -> Vec<&str> { of_machine(processors).map(|probe| probe.name).collect() };
        assert!(!names(1).contains(&"multicore") && names(2).contains(&"multicore"));
        assert!(!names(2).contains(&"processes") && names(3).contains(&"processes"));
    }
}
