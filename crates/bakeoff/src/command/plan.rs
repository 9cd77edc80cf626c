//! `bakeoff plan [BRIEF]`: what `run` would measure, and for how long. It starts nothing and stores nothing.

use crate::brief_file::BriefFile;
use crate::command::measuring::Measuring;
use crate::duration;
use crate::exit::{Exit, Failure};
use crate::field::Field;
use bakeoff_core::evidence::Status;
use bakeoff_core::plan::Plan as RunPlan;
use bakeoff_core::schedule::{probes_in_min_blocks, sufficient_budget_s};
use bakeoff_core::words::{number, table};
use bakeoff_lab::{Runtimes, probe};
use clap::Args;

/// Show what `run` would measure, and for how long
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff plan briefs/order-api.toml\n  bakeoff plan --budget 20m --only node-fastify,python-fastapi --json"
)]
pub(crate) struct Plan {
    #[command(flatten)]
    measuring: Measuring,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Plan {
    /// Prints the plan.
    ///
    /// # Errors
    /// A brief that is wrong, or fewer than two contenders that can run here.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let file = BriefFile::open(self.measuring.brief.as_deref())?;
        let field = Field::choose(&file.domain, &file.brief, &self.measuring.only, &Runtimes::find())?;
        field.require_enough()?;
        let plan = self.measuring.plan(&field);
        if self.json {
            let text =
                serde_json::to_string_pretty(&plan).expect("a plan has only string keys and finite numbers");
            println!("{text}");
        } else {
            println!("{}", plan_in_words(&file, &field, &plan));
        }
        Ok(Exit::Done)
    }
}

/// The plan for a reader.
#[must_use]
pub(crate) fn plan_in_words(file: &BriefFile, field: &Field, plan: &RunPlan) -> String {
    let brief = &file.brief;
    let trial = &plan.trial;
    let mut lines = vec![
        format!("{}: {}", brief.name, brief.question),
        format!(
            "load: {} requests a second within {} ms (p99) on {} core{}, {} MB",
            brief.load.peak_rps,
            brief.load.slo.p99_ms,
            brief.load.cores,
            if brief.load.cores == 1 { "" } else { "s" },
            brief.load.memory_mb
        ),
        format!(
            "each trial: up to {:.1} s of warm-up, {:.1} s of load, {:.1} s on average for probes, {} additional start{}",
            trial.warm_max_s,
            trial.measure_s,
            trial.probe_s,
            trial.extra_starts,
            if trial.extra_starts == 1 { "" } else { "s" }
        ),
        format!(
            "up to {} blocks of about {}, at most {} of measuring; seed {}",
            plan.blocks.len(),
            number::duration_s(plan.block_s().round()),
            number::duration_s(plan.budget_s),
            plan.seed
        ),
        probes_in_words(plan),
    ];
    for record in field
        .records
        .iter()
        .filter(|record| record.status != Status::Ready)
    {
        lines.extend(
            record
                .faults
                .iter()
                .map(|fault| format!("{}: {}", record.name, fault.message)),
        );
    }
    let rows: Vec<Vec<String>> = plan
        .blocks
        .iter()
        .map(|block| {
            let order: Vec<String> = block
                .trials
                .iter()
                .map(|trial| trial.entrant.to_string())
                .collect();
            vec![(block.index + 1).to_string(), order.join(", ")]
        })
        .collect();
    lines.push(String::new());
    lines.push(table::aligned(&["block", "order"], &rows));
    lines.join("\n")
}

/// Which probes will run, and the budget in which all of them do.
fn probes_in_words(plan: &RunPlan) -> String {
    let probes = probe::costs();
    let blocks = plan.min_blocks();
    let run = probes_in_min_blocks(plan);
    if run == probes.len() {
        return format!("probes: all {run} run within {blocks} blocks");
    }
    let missing: Vec<&str> = probes[run..]
        .iter()
        .flat_map(|probe| probe.metrics.iter().copied())
        .collect();
    let enough = sufficient_budget_s(plan).map_or_else(String::new, |enough_s| {
        format!("; all run with --budget {}", duration::argument(enough_s))
    });
    format!(
        "probes: about {run} of {} run within {blocks} blocks; not measured: {}{enough}",
        probes.len(),
        missing.join(", ")
    )
}
