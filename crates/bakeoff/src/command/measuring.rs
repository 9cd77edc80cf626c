//! The arguments that `run` and `plan` share, and the plan that follows from them. Does not measure.

use crate::brief_file::BriefFile;
use crate::domain::Domain;
use crate::duration;
use crate::exit::Failure;
use crate::field::Field;
use bakeoff_core::brief::Brief;
use bakeoff_core::contender::Contender;
use bakeoff_core::diagnostic::nearest;
use bakeoff_core::plan::{LaunchBudget, Plan, ProbeCosts, TrialBudget};
use bakeoff_core::tiers::{COMPUTING, Stage};
use bakeoff_lab::probe::{self, ProbeCost};
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
    /// Measure this contender and its variants with fewer of V8's compilers, step by step, in all of three launches;
    /// `--only` adds others beside them
    #[arg(long, value_name = "NAME")]
    pub(crate) tiers: Option<String>,
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

    /// The contenders that the command line names: the tiers of one, and those of `--only`.
    ///
    /// # Errors
    /// A contender without tiers.
    pub(crate) fn names(&self, domain: &Domain) -> Result<Vec<String>, Failure> {
        let Some(of) = &self.tiers else {
            return Ok(self.only.clone());
        };
        let mut names = tiers_of(domain, of)?;
        let others = self.only.iter().filter(|name| !names.contains(name)).cloned();
        let others: Vec<String> = others.collect();
        names.extend(others);
        Ok(names)
    }

    /// The plan for the contenders of a field that can run.
    #[must_use]
    pub(crate) fn plan(&self, field: &Field, file: &BriefFile) -> Plan {
        let only = match self.tiers {
            Some(_) => field.records.iter().map(|record| record.name.clone()).collect(),
            None => self.only.clone(),
        };
        let plan = Plan {
            only,
            ..plan_with(
                field.ready(),
                self.budget,
                self.seed,
                &file.brief,
                asked_probes(field, file),
            )
        };
        let plan = match self.time_share {
            Some(share) => shortened(plan, share),
            None => plan,
        };
        // Racing would drop the tiers, which are slower by intention, before they can be separated.
        let plan = match self.blocks.or(self.tiers.as_ref().map(|_| TIERS_BLOCKS)) {
            Some(count) => plan.with_blocks(count),
            None => plan,
        };
        match self.tiers.as_ref().and_then(|_| place_of_computing()) {
            Some(place) => plan.with_probe_in_each_trial(place),
            None => plan,
        }
    }
}

/// The place of the probe that computes, which tells tiers apart, in the probe table of this machine.
fn place_of_computing() -> Option<u32> {
    let mut costs = (0..).zip(probe::costs());
    costs
        .find(|(_, cost)| cost.metrics.contains(&COMPUTING))
        .map(|(place, _)| place)
}

/// The blocks of each of three launches, where tiers are measured.
const TIERS_BLOCKS: u32 = 3;

/// A contender and its variants with fewer compilers, the most compilers first.
fn tiers_of(domain: &Domain, of: &str) -> Result<Vec<String>, Failure> {
    let stage = |name: &str| {
        let entry = domain.contenders.get(name)?;
        let contender = &entry.contender;
        Stage::of_flags(&contender.runtime_flags()).filter(|_| contender.family == "node")
    };
    let tiers = |of: &str| {
        let variants = domain.variants_of(of);
        let staged = variants.filter_map(|entry| {
            let name = &entry.contender.name;
            let stage = stage(name).filter(|stage| *stage != Stage::Full)?;
            Some((stage, name.clone()))
        });
        let mut staged: Vec<(Stage, String)> = staged.collect();
        staged.sort();
        staged
    };
    let found = tiers(of);
    if found.is_empty() {
        let have = domain
            .without_variants()
            .map(|entry| entry.contender.name.as_str());
        let have: Vec<&str> = have.filter(|name| !tiers(name).is_empty()).collect();
        let near = nearest(of, have.iter().copied());
        let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
        return Err(Failure::usage(
            format!("`{of}` has no variants with fewer compilers"),
            format!("{near}those that have some: {}", have.join(", ")),
        ));
    }
    let names = found.into_iter().map(|(_, name)| name);
    Ok(std::iter::once(of.to_owned()).chain(names).collect())
}

/// The plan for these contenders on this machine, each asked for everything, within a budget in seconds; without one,
/// that of a full answer.
#[must_use]
pub(crate) fn plan_of(contenders: Vec<String>, budget_s: Option<f64>, seed: u64, brief: &Brief) -> Plan {
    let probes = probe::costs().into_iter();
    let probes = probes.map(|cost| (cost.typical_s, cost.ends_server)).collect();
    plan_with(contenders, budget_s, seed, brief, probes)
}

fn plan_with(
    contenders: Vec<String>,
    budget_s: Option<f64>,
    seed: u64,
    brief: &Brief,
    probes: ProbeCosts,
) -> Plan {
    let plan = match budget_s {
        Some(budget_s) => Plan::new(contenders, budget_s, seed, probes),
        None => Plan::full(contenders, seed, probes),
    };
    plan.with_rate(brief.load.peak_rps)
}

/// The probes that this machine can run, in the order of the probe table. One that not all of the field are asked for
/// costs the others nothing.
fn asked_probes(field: &Field, file: &BriefFile) -> ProbeCosts {
    let contenders: Vec<&Contender> = field.entries.iter().map(|one| &one.entry.contender).collect();
    let share = |cost: &ProbeCost| {
        let asked = contenders
            .iter()
            .filter(|contender| cost.is_asked_of(contender, &file.domain.scenarios));
        asked.count() as f64 / contenders.len().max(1) as f64
    };
    let probes = probe::costs().into_iter();
    probes
        .map(|cost| (cost.typical_s * share(&cost), cost.ends_server))
        .collect()
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

#[cfg(test)]
mod tests {
    use super::tiers_of;
    use crate::domain::Domain;
    use std::path::Path;

    #[test]
    fn tiers_are_a_contender_and_its_variants_with_fewer_compilers_step_by_step() {
        let domain = Domain::open(Path::new(".")).unwrap();
        let stages = ["", "@no-turbofan", "@no-maglev", "@no-sparkplug", "@jitless"];
        let expected = stages.map(|stage| format!("node-fastify{stage}"));
        assert_eq!(tiers_of(&domain, "node-fastify").unwrap(), expected);
        let failure = tiers_of(&domain, "node-fastfy").unwrap_err();
        assert!(
            failure.text.contains("did you mean `node-fastify`?"),
            "{}",
            failure.text
        );
        assert!(tiers_of(&domain, "python-flask").is_err());
    }
}
