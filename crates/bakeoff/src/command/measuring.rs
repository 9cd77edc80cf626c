//! The arguments that `run` and `plan` share, and the plan that follows from them. Does not measure.

use crate::duration;
use crate::field::Field;
use bakeoff_core::brief::Brief;
use bakeoff_core::plan::{LaunchBudget, Plan, ProbeCosts, TrialBudget};
use bakeoff_lab::probe;
use clap::Args;
use std::path::PathBuf;

/// What is measured, and for how long.
#[derive(Debug, Clone, Args)]
pub(crate) struct Measuring {
    /// The brief [default: bakeoff.toml]
    pub(crate) brief: Option<PathBuf>,
    /// Maximum time for measuring, for example 90s, 5m or 1h30m [default: what a full answer takes; `bakeoff plan`
    /// shows it]
    #[arg(long, value_name = "TIME", value_parser = duration::seconds)]
    pub(crate) budget: Option<f64>,
    /// Measure N blocks in each of three launches and run all of them, even if the verdict is clear earlier
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) blocks: Option<u32>,
    /// Measure only these contenders and variants, each as a candidate
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Seed of all random choices: the order of launches and trials, the requests and their times
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Shorten every limit of launches and trials to this share of it: for tests, whose servers need not be warm
    #[arg(long, value_name = "SHARE", hide = true)]
    time_share: Option<f64>,
}

impl Measuring {
    /// The share to which limits are shortened; 1 outside of tests.
    #[must_use]
    pub(crate) fn time_share(&self) -> f64 {
        self.time_share.unwrap_or(1.0)
    }

    /// The plan for the contenders of a field that can run.
    #[must_use]
    pub(crate) fn plan(&self, field: &Field, brief: &Brief) -> Plan {
        let plan = Plan {
            only: self.only.clone(),
            ..plan_of(field.ready(), self.budget, self.seed, brief)
        };
        let plan = match self.time_share {
            Some(share) => shortened(plan, share),
            None => plan,
        };
        match self.blocks {
            Some(count) => plan.with_blocks(count),
            None => plan,
        }
    }
}

/// The plan for these contenders on this machine, within a budget in seconds; without one, that of a full answer.
#[must_use]
pub(crate) fn plan_of(contenders: Vec<String>, budget_s: Option<f64>, seed: u64, brief: &Brief) -> Plan {
    let plan = match budget_s {
        Some(budget_s) => Plan::new(contenders, budget_s, seed, probe_costs()),
        None => Plan::full(contenders, seed, probe_costs()),
    };
    plan.with_rate(brief.load.peak_rps)
}

/// The same plan with that share of each limit.
fn shortened(plan: Plan, share: f64) -> Plan {
    let (launch, trial) = (plan.launch, plan.trial);
    let launch = LaunchBudget {
        warm_max_s: launch.warm_max_s * share,
        rest_s: launch.rest_s * share,
        wake_max_s: launch.wake_max_s * share,
        pause_share: launch.pause_share * share,
    };
    let trial = TrialBudget {
        warm_max_s: trial.warm_max_s * share,
        wake_s: trial.wake_s * share,
        measure_s: trial.measure_s * share,
        ..trial
    };
    plan.with_limits(launch, trial)
}

/// The probes that this machine can run, in the order of the probe table.
fn probe_costs() -> ProbeCosts {
    let probes = probe::costs().into_iter();
    probes.map(|cost| (cost.typical_s, cost.ends_server)).collect()
}
