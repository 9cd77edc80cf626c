//! The probes of a running contender: one row each. Deliberately a table: what runs in which block is read
//! here and nowhere else.

use super::{
    blocking, compute, concurrency, connections, crash, drain, fanout, highest_rate, multicore, overload,
    routes, slow_clients, streams, waiting,
};
use crate::event::Phase;
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::server::Server;
use bakeoff_core::contender::Contender;
use bakeoff_core::evidence::Observation;
use bakeoff_core::plan::{self, TrialShape};
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
    pub(crate) shape: &'c TrialShape,
    /// The trial's seed.
    pub(crate) seed: u64,
    /// The most answers a second that a closed loop got, once a probe has asked for it.
    pub(crate) capacity: OnceLock<Result<f64, String>>,
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
    /// In which blocks it runs.
    pub(crate) every: Every,
    /// Observes, or says why there is no evidence.
    pub(crate) observe: fn(&Context<'_>) -> Result<Vec<Observation>, String>,
}

/// In which blocks a probe runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Every {
    /// In each.
    Block,
    /// In the first, and in three of five, not the same three for all contenders, so that blocks take about the same time.
    ThreeOfFive,
    /// In those in which its turn comes, which the plan tells from what all of them take.
    Turn {
        /// What it takes, as far as is known, in seconds.
        takes_s: f64,
    },
}

impl Every {
    /// Whether it runs in that block for that contender.
    pub(crate) fn is_due(self, block: u32, contender: &str) -> bool {
        let turn: u32 = contender.bytes().map(u32::from).sum();
        match self {
            Every::Block | Every::Turn { .. } => true,
            // The first block is the one that is whole however short the time is.
            Every::ThreeOfFive => block == 0 || matches!((block + turn) % 5, 0 | 1 | 3),
        }
    }
}

/// Every probe, in the order in which they run: the last ones leave the server in a state that is worth
/// nothing.
pub(crate) const TRIAL_PROBES: &[TrialProbe] = &[
    TrialProbe {
        name: "compute",
        metrics: &["compute_ms"],
        scenarios: &["compute"],
        least_cores: 1,
        phase: Phase::Compute,
        every: Every::Block,
        observe: compute::observe,
    },
    TrialProbe {
        name: "multicore",
        metrics: &["multicore_speedup"],
        scenarios: &["compute"],
        least_cores: 2,
        phase: Phase::Multicore,
        every: Every::ThreeOfFive,
        observe: multicore::observe,
    },
    TrialProbe {
        name: "connections",
        metrics: &["connection_kb"],
        scenarios: &["json"],
        least_cores: 1,
        phase: Phase::Connections,
        every: Every::ThreeOfFive,
        observe: connections::observe,
    },
    TrialProbe {
        name: "blocking",
        metrics: &["blocking_ms_p99"],
        scenarios: &["json", "compute"],
        least_cores: 1,
        phase: Phase::Blocking,
        every: Every::Block,
        observe: blocking::observe,
    },
    TrialProbe {
        name: "highest-rate",
        metrics: &["rate_rps_slo"],
        scenarios: &[],
        least_cores: 1,
        phase: Phase::HighestRate,
        every: Every::Turn { takes_s: 3.6 },
        observe: highest_rate::observe,
    },
    TrialProbe {
        name: "slow-clients",
        metrics: &["slow_client_ms_p99"],
        scenarios: &["json"],
        least_cores: 1,
        phase: Phase::SlowClients,
        every: Every::Turn { takes_s: 1.3 },
        observe: slow_clients::observe,
    },
    TrialProbe {
        name: "concurrency",
        metrics: &["usl_contention", "usl_coherency", "usl_peak"],
        scenarios: &[],
        least_cores: 1,
        phase: Phase::Concurrency,
        every: Every::Turn { takes_s: 2.4 },
        observe: concurrency::observe,
    },
    TrialProbe {
        name: "drain",
        metrics: &["drain_lost"],
        scenarios: &[],
        least_cores: 1,
        phase: Phase::Drain,
        every: Every::Turn { takes_s: 1.8 },
        observe: drain::observe,
    },
    TrialProbe {
        name: "overload",
        metrics: &["overload_goodput", "recovery_s"],
        scenarios: &[],
        least_cores: 1,
        phase: Phase::Overload,
        every: Every::Turn { takes_s: 2.8 },
        observe: overload::observe,
    },
    TrialProbe {
        name: "streams",
        metrics: &["stream_mb_growth"],
        scenarios: &["upload", "download"],
        least_cores: 1,
        phase: Phase::Streams,
        every: Every::Turn { takes_s: 2.8 },
        observe: streams::observe,
    },
    TrialProbe {
        name: "crash",
        metrics: &["crash_recovery_ms", "crash_lost"],
        scenarios: &[],
        least_cores: 1,
        phase: Phase::Crash,
        every: Every::Turn { takes_s: 3.4 },
        observe: crash::observe,
    },
    TrialProbe {
        name: "fanout",
        metrics: &["socket_fanout_ms_p99"],
        scenarios: &["socket"],
        least_cores: 1,
        phase: Phase::Fanout,
        every: Every::Turn { takes_s: 2.4 },
        observe: fanout::observe,
    },
    TrialProbe {
        name: "routes",
        metrics: &["routes_cost"],
        scenarios: &[],
        least_cores: 1,
        phase: Phase::Routes,
        every: Every::Turn { takes_s: 3.2 },
        observe: routes::observe,
    },
    TrialProbe {
        name: "waiting",
        metrics: &["waiting_rps"],
        scenarios: &["wait"],
        least_cores: 1,
        phase: Phase::Waiting,
        every: Every::Block,
        observe: waiting::observe,
    },
];

/// The names of the probes whose turn a block is.
pub(crate) fn taking_turns(shape: &TrialShape, block: u32) -> Vec<&'static str> {
    let (names, takes_s): (Vec<&str>, Vec<f64>) = TRIAL_PROBES
        .iter()
        .filter_map(|probe| match probe.every {
            Every::Turn { takes_s } => Some((probe.name, takes_s)),
            Every::Block | Every::ThreeOfFive => None,
        })
        .unzip();
    plan::turns(&takes_s, shape.turns_s, block)
        .into_iter()
        .map(|place| names[place])
        .collect()
}

impl TrialProbe {
    /// Whether it takes turns with others.
    pub(crate) fn takes_turns(&self) -> bool {
        matches!(self.every, Every::Turn { .. })
    }

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
    use super::{Every, TRIAL_PROBES};
    use bakeoff_core::metric::metric;
    use bakeoff_core::plan::ALL_TURNS_S;

    #[test]
    fn every_probe_observes_metrics_of_the_table() {
        for id in TRIAL_PROBES.iter().flat_map(|probe| probe.metrics) {
            assert!(metric(id).is_some(), "`{id}` is a metric");
        }
    }

    #[test]
    fn the_plan_knows_what_all_turns_take() {
        let all_s: f64 = TRIAL_PROBES
            .iter()
            .filter_map(|probe| match probe.every {
                Every::Turn { takes_s } => Some(takes_s),
                Every::Block | Every::ThreeOfFive => None,
            })
            .sum();
        assert!((all_s - ALL_TURNS_S).abs() < 0.05, "{all_s}");
    }

    #[test]
    fn the_fewest_blocks_give_each_contender_three_turns() {
        for contender in ["node-http", "python-flask", "python-fastapi"] {
            let turns = (0..5)
                .filter(|block| Every::ThreeOfFive.is_due(*block, contender))
                .count();
            assert!((3..=4).contains(&turns), "{contender}");
        }
    }
}
