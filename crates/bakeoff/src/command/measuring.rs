//! The arguments that `run` and `plan` share, and the plan that follows from them. Does not measure.

use crate::brief_file::BriefFile;
use crate::domain::Domain;
use crate::duration;
use crate::exit::Failure;
use crate::field::Field;
use bakeoff_core::brief::Brief;
use bakeoff_core::contender::{Contender, starts_prepared};
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
    /// Measure this contender and its variants whose runtime begins from a prepared state, in all of three launches,
    /// which warm up on the brief's processors alone; `--only` adds others beside them
    #[arg(long, value_name = "NAME", conflicts_with = "tiers")]
    pub(crate) starts: Option<String>,
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

    /// The contenders that the command line names: the tiers or the starts of one, and those of `--only`.
    ///
    /// # Errors
    /// A contender without tiers, or without a prepared start.
    pub(crate) fn names(&self, domain: &Domain) -> Result<Vec<String>, Failure> {
        let mut names = match (&self.tiers, &self.starts) {
            (Some(of), _) => tiers_of(domain, of)?,
            (None, Some(of)) => starts_of(domain, of)?,
            (None, None) => return Ok(self.only.clone()),
        };
        let others = self.only.iter().filter(|name| !names.contains(name)).cloned();
        let others: Vec<String> = others.collect();
        names.extend(others);
        Ok(names)
    }

    /// The plan for the contenders of a field that can run.
    #[must_use]
    pub(crate) fn plan(&self, field: &Field, file: &BriefFile) -> Plan {
        let plan = Plan {
            compared: self.compared(),
            only: self.only.clone(),
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
        let plan = match self.starts {
            Some(_) => alone(plan),
            None => plan,
        };
        // Racing would drop the tiers, which are slower by intention, before they can be separated.
        let plan = match self
            .blocks
            .or(self.compares_variants().then_some(COMPARED_BLOCKS))
        {
            Some(count) => plan.with_blocks(count),
            None => plan,
        };
        match self.tiers.as_ref().and_then(|_| place_of_computing()) {
            Some(place) => plan.with_probe_in_each_trial(place),
            None => plan,
        }
    }

    /// The words that ask for a contender and its variants; none without such.
    fn compared(&self) -> Vec<String> {
        let tiers = self.tiers.iter().map(|of| ["--tiers", of]);
        let starts = self.starts.iter().map(|of| ["--starts", of]);
        tiers.chain(starts).flatten().map(str::to_owned).collect()
    }

    /// Whether it compares a contender with its variants, and chooses nobody early.
    fn compares_variants(&self) -> bool {
        self.tiers.is_some() || self.starts.is_some()
    }
}

/// The place of the probe that computes, which tells tiers apart, in the probe table of this machine.
fn place_of_computing() -> Option<u32> {
    let mut costs = (0..).zip(probe::costs());
    costs
        .find(|(_, cost)| cost.metrics.contains(&COMPUTING))
        .map(|(place, _)| place)
}

/// The blocks of each of three launches, where tiers or starts are measured.
const COMPARED_BLOCKS: u32 = 3;

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
    let found = tiers(of).into_iter().map(|(_, name)| name).collect();
    with_variants(domain, of, found, "with fewer compilers", |name| {
        !tiers(name).is_empty()
    })
}

/// A contender and its variants whose runtime begins from a prepared state.
fn starts_of(domain: &Domain, of: &str) -> Result<Vec<String>, Failure> {
    let prepared = |of: &str| -> Vec<String> {
        let variants = domain.variants_of(of).map(|entry| &entry.contender);
        let prepared = variants.filter(|variant| starts_prepared(&variant.runtime_flags()));
        prepared.map(|variant| variant.name.clone()).collect()
    };
    let what = "that begin from a prepared state";
    with_variants(domain, of, prepared(of), what, |name| !prepared(name).is_empty())
}

/// A contender with those of its variants, or which ones have some.
fn with_variants(
    domain: &Domain,
    of: &str,
    found: Vec<String>,
    what: &str,
    has_some: impl Fn(&str) -> bool,
) -> Result<Vec<String>, Failure> {
    if found.is_empty() {
        let have = domain
            .without_variants()
            .map(|entry| entry.contender.name.as_str());
        let have: Vec<&str> = have.filter(|name| has_some(name)).collect();
        let near = nearest(of, have.iter().copied());
        let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
        return Err(Failure::usage(
            format!("`{of}` has no variants {what}"),
            format!("{near}those that have some: {}", have.join(", ")),
        ));
    }
    Ok(std::iter::once(of.to_owned()).chain(found).collect())
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

/// The same plan, where every launch warms up on the brief's processors alone.
fn alone(plan: Plan) -> Plan {
    let (launch, trial) = (plan.launch, plan.trial);
    plan.with_limits(
        LaunchBudget {
            alone: true,
            ..launch
        },
        trial,
    )
}

/// The same plan with that share of each limit.
fn shortened(plan: Plan, share: f64) -> Plan {
    let (launch, trial) = (plan.launch, plan.trial);
    let launch = LaunchBudget {
        warm_max_s: launch.warm_max_s * share,
        rest_s: launch.rest_s * share,
        wake_max_s: launch.wake_max_s * share,
        pause_share: launch.pause_share * share,
        ..launch
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
    use super::{starts_of, tiers_of};
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

    #[test]
    fn starts_are_a_contender_and_its_variants_that_begin_from_a_prepared_state() {
        let domain = Domain::open(Path::new(".")).unwrap();
        let expected = ["java-spring", "java-spring@aot"];
        assert_eq!(starts_of(&domain, "java-spring").unwrap(), expected);
        let failure = starts_of(&domain, "node-fastify").unwrap_err();
        let words = "`node-fastify` has no variants that begin from a prepared state";
        assert!(failure.text.contains(words), "{}", failure.text);
    }
}
