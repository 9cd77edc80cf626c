//! The arguments that `run` and `plan` share, and the plan that follows from them. Does not measure.

use crate::duration;
use crate::field::Field;
use bakeoff_core::plan::Plan;
use bakeoff_lab::probe;
use clap::Args;
use std::path::PathBuf;

/// What is measured, and for how long.
#[derive(Debug, Clone, Args)]
pub(crate) struct Measuring {
    /// The brief [default: bakeoff.toml]
    pub(crate) brief: Option<PathBuf>,
    /// Maximum time for measuring, for example 90s, 5m or 1h30m
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = duration::seconds)]
    pub(crate) budget: f64,
    /// Divide the time into N blocks and run all of them, even if the verdict is clear earlier
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) blocks: Option<u32>,
    /// Measure only these contenders
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Seed of all random choices: the order of the trials, the requests and their times
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
}

impl Measuring {
    /// The plan for the contenders of a field that can run.
    #[must_use]
    pub(crate) fn plan(&self, field: &Field) -> Plan {
        let plan = Plan::new(field.ready(), self.budget, self.seed, probe_costs_s());
        match self.blocks {
            Some(count) => plan.with_blocks(count),
            None => plan,
        }
    }
}

/// The typical time of each probe that this machine can run, in the order of the probe table, in seconds.
pub(crate) fn probe_costs_s() -> Vec<f64> {
    probe::costs().iter().map(|cost| cost.typical_s).collect()
}
