//! `bakeoff plan [BRIEF]`: what `run` would measure, how long a full answer takes, and what a shorter budget leaves
//! out. It starts nothing and stores nothing.

use crate::brief_file::BriefFile;
use crate::browsers::Visits;
use crate::changes::Unknown;
use crate::command::measuring::Measuring;
use crate::exit::{Exit, Failure};
use crate::field::Field;
use crate::machine;
use bakeoff_core::evidence::{Part, Status};
use bakeoff_core::metric::{METRICS, Reduce};
use bakeoff_core::plan::{Plan as RunPlan, PlannedRound};
use bakeoff_core::schedule::{LeftOut, left_out};
use bakeoff_core::words::number::{count, duration_s, list};
use bakeoff_core::words::table;
use bakeoff_lab::probe;
use clap::Args;
use serde_json::{Value, json};

/// The responses that must lie beyond a percentile.
const BEYOND: f64 = 10.0;

/// Show what `run` would measure, and how long a full answer takes
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
        let field = Field::choose(
            &file.domain,
            &file.brief,
            &self.measuring.names(&file.domain)?,
            &machine::runtimes(&file.domain),
        )?;
        field.require_enough()?;
        let plan = self.measuring.plan(&field, &file);
        if self.json {
            println!("{:#}", as_json(&plan));
        } else {
            say!("{}", plan_in_words(&file, &field, &plan));
        }
        Ok(Exit::Done)
    }
}

/// The plan, with the time of a full answer and what it leaves out of one.
fn as_json(plan: &RunPlan) -> Value {
    let left = left_out(plan);
    let mut document = serde_json::to_value(plan).expect("a plan has only string keys and finite numbers");
    document["full_answer_s"] = json!(left.full_answer_s);
    document["planned_s"] = json!(left.planned_s);
    document["left_out"] = if left.is_nothing() {
        Value::Null
    } else {
        json!({
            "rounds": left.of_rounds.saturating_sub(left.rounds),
            "blocks": left.of_blocks.saturating_sub(left.blocks),
            "metrics": metrics_of(&left.probes),
        })
    };
    document
}

/// The plan for a reader.
#[must_use]
pub(crate) fn plan_in_words(file: &BriefFile, field: &Field, plan: &RunPlan) -> String {
    let brief = &file.brief;
    let left = left_out(plan);
    let mut lines = vec![
        format!("{}: {}", brief.name, brief.question),
        format!(
            "load: {} requests a second within {} ms (p99) over {} connections, on {} core{}, {} MB",
            brief.load.peak_rps,
            brief.load.slo.p99_ms,
            brief.load.connections_at(brief.load.peak_rps),
            brief.load.cores,
            if brief.load.cores == 1 { "" } else { "s" },
            brief.load.memory_mb
        ),
        full_answer_in_words(plan, &left),
        format!(
            "this plan: about {} of measuring, at most {}; seed {}",
            duration_s(left.planned_s.round()),
            duration_s(plan.budget_s.round()),
            plan.seed
        ),
    ];
    lines.extend(Unknown::of(field, &file.domain).in_words());
    lines.extend(Visits::of(field, &file.domain).in_words());
    lines.extend(left_out_in_words(&left));
    lines.extend(too_few_responses(plan, &left, brief.load.peak_rps));
    lines.push(format!(
        "each trial: a wake-up, {:.1} s of load, and {:.1} s on average for probes, which differ from block to block",
        plan.trial.measure_s, plan.trial.probe_s
    ));
    let references = field
        .records
        .iter()
        .filter(|record| record.part == Part::Reference);
    lines.extend(references.map(|record| {
        format!(
            "{}: a reference, measured to show what its runtime does without a framework; it is no candidate",
            record.name
        )
    }));
    let unable = field
        .records
        .iter()
        .filter(|record| record.status != Status::Ready);
    lines.extend(unable.flat_map(|record| {
        let faults = record.faults.iter();
        faults.map(|fault| format!("{}: {}", record.name, fault.message))
    }));
    let rounds = plan.rounds.iter().take(left.of_rounds.max(left.rounds) as usize);
    let rows: Vec<Vec<String>> = rounds.map(row).collect();
    lines.push(String::new());
    lines.push(table::aligned(&["round", "launches", "blocks"], &rows));
    lines.join("\n")
}

fn full_answer_in_words(plan: &RunPlan, left: &LeftOut) -> String {
    let twin = if plan.twin_of.is_some() { " and a twin" } else { "" };
    format!(
        "a full answer takes about {}: {} launches of each of {}{twin}, {} of each launch, and every probe",
        duration_s(left.full_answer_s.round()),
        left.of_rounds,
        count(plan.contenders.len(), "contender"),
        count((left.of_blocks / left.of_rounds.max(1)) as usize, "block")
    )
}

/// What a budget leaves out of a full answer, one line for each thing; none where it leaves out nothing.
#[must_use]
pub(crate) fn left_out_in_words(left: &LeftOut) -> Vec<String> {
    let mut lines = Vec::new();
    let rounds = left.of_rounds.saturating_sub(left.rounds);
    if rounds > 0 {
        lines.push(format!(
            "left out: {rounds} of {} launches of each contender",
            left.of_rounds
        ));
    }
    if left.blocks < left.of_blocks {
        lines.push(format!(
            "left out: {} of {} blocks",
            left.of_blocks - left.blocks,
            left.of_blocks
        ));
    }
    let metrics = metrics_of(&left.probes);
    if !metrics.is_empty() {
        lines.push(format!("left out: {}", list(&metrics)));
    }
    if left.is_undecided() {
        lines.push(
            "a verdict needs two launches and five blocks: this budget ends as \"not decided yet\""
                .to_owned(),
        );
    }
    if !lines.is_empty() {
        let full = duration_s(left.full_answer_s.round());
        lines.push(format!(
            "without --budget, or with one of {full}, nothing is left out"
        ));
    }
    lines
}

/// The metrics of the probes at these places of the probe table.
fn metrics_of(places: &[u32]) -> Vec<&'static str> {
    let probes = probe::costs();
    let places = places.iter().filter_map(|place| probes.get(*place as usize));
    places.flat_map(|probe| probe.metrics.iter().copied()).collect()
}

/// The percentiles that this load can never tell, for lack of responses.
fn too_few_responses(plan: &RunPlan, left: &LeftOut, rate_rps: f64) -> Vec<String> {
    let responses = rate_rps * plan.trial.measure_s * f64::from(left.blocks);
    let percentiles = METRICS.iter().filter_map(|metric| match metric.reduce {
        Reduce::ResponseQuantile(q) => Some((metric.id, BEYOND / (1.0 - q))),
        _ => None,
    });
    let lacking = percentiles.filter(|(_, needed)| responses < *needed);
    let line = |(id, needed): (&str, f64)| {
        format!(
            "too few responses for {id}: it needs {needed:.0} of each contender, and this plan has about {responses:.0}"
        )
    };
    lacking.map(line).collect()
}

fn row(round: &PlannedRound) -> Vec<String> {
    let launches = round.launches.iter().map(|launch| launch.entrant.to_string());
    let ends = round.blocks.first().zip(round.blocks.last());
    let blocks = ends.map_or_else(String::new, |(first, last)| {
        format!("{} to {}", first.index + 1, last.index + 1)
    });
    vec![
        (round.index + 1).to_string(),
        launches.collect::<Vec<_>>().join(", "),
        blocks,
    ]
}

#[cfg(test)]
mod tests {
    use super::left_out_in_words;
    use bakeoff_core::schedule::LeftOut;

    #[test]
    fn a_full_answer_leaves_out_nothing_and_a_short_one_says_what_it_costs() {
        let full = LeftOut {
            full_answer_s: 870.0,
            planned_s: 830.0,
            rounds: 3,
            of_rounds: 3,
            blocks: 6,
            of_blocks: 6,
            probes: Vec::new(),
        };
        assert_eq!(left_out_in_words(&full), Vec::<String>::new());
        let short = LeftOut {
            rounds: 1,
            blocks: 2,
            ..full
        };
        assert_eq!(
            left_out_in_words(&short),
            [
                "left out: 2 of 3 launches of each contender",
                "left out: 4 of 6 blocks",
                "a verdict needs two launches and five blocks: this budget ends as \"not decided yet\"",
                "without --budget, or with one of 14 min 30 s, nothing is left out",
            ]
        );
    }
}
