//! The probes of a running contender: one row each. Deliberately a table: what runs in which block is read
//! here and nowhere else.

use super::{blocking, compute, connections, multicore, waiting};
use crate::event::Phase;
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::server::Server;
use bakeoff_core::contender::Contender;
use bakeoff_core::evidence::Observation;
use bakeoff_core::plan::TrialShape;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Every {
    /// In each.
    Block,
    /// In the first, and in three of five, not the same three for all contenders, so that blocks take about the same time.
    ThreeOfFive,
}

impl Every {
    /// Whether it runs in that block for that contender.
    pub(crate) fn is_due(self, block: u32, contender: &str) -> bool {
        let turn: u32 = contender.bytes().map(u32::from).sum();
        match self {
            Every::Block => true,
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
        name: "waiting",
        metrics: &["waiting_rps"],
        scenarios: &["wait"],
        least_cores: 1,
        phase: Phase::Waiting,
        every: Every::Block,
        observe: waiting::observe,
    },
];

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
    use super::{Every, TRIAL_PROBES};
    use bakeoff_core::metric::metric;

    #[test]
    fn every_probe_observes_metrics_of_the_table() {
        for id in TRIAL_PROBES.iter().flat_map(|probe| probe.metrics) {
            assert!(metric(id).is_some(), "`{id}` is a metric");
        }
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
