//! `results.json`, schema version 1; later versions only add fields. An unknown number is `null`, with the reason
//! beside it. It repeats nothing of the brief but its name. Contenders, metrics and criteria are in the order of the
//! field, which is that of the verdict.
//!
//! - `contenders[].runtime_facts`: what a runtime printed at its start: of a JVM collector, processors, heap.
//! - `contenders[].support`: how long runtime and framework are supported, by a dated table; absent where not known.
//! - `contenders[].rank`: from 1; equal scores share one; `null` for a contender that cannot be chosen.
//! - `contenders[].class`, `.data`, `.http`: the work that the manifest declares; `null` is not declared.
//! - `contenders[].part`: `candidate` or `reference`; `variant_of`: the contender of which it is a variant.
//! - `launches`: one for each start of a contender or its twin; empty in runs in which each trial was a launch of its
//!   own. The page draws their windows.
//! - `verdict.outcome`: `choose`, `keep-both`, `none` or `undecided`; of `undecided` `verdict.lacking` is what is
//!   missing and `verdict.decided_in_s` about how long measuring it takes.
//! - `verdict.little_evidence`: the criteria of which less than half of the values have evidence.
//! - `verdict.dropped`: the contenders that racing gave no further launch.
//! - `verdict.families`: P(best) of each family; `family_stacks` has how many stacks count for it. `references`: who is
//!   measured and no candidate.
//! - `compiled`: each contender of a compiled language beside the best stack of each other family, as ratios.
//! - `variants`: what each variant's setting changes, as ratios to its contender.
//! - `serverless`: App Engine and Cloud Run, simulated, where the brief's target is one of them; times in s, costs of a
//!   month in the target's currency. `targets[].rows[].check` is what was emulated here.
//! - `tiers`: what V8's compilers are worth, step by step, as ratios with intervals; absent in runs of one stage.
//! - `claims`: what people say: each with its verdict, its sentences, and the comparisons behind them.
//! - `metrics[].missing_kind`: the type of the reason in `missing`; `metrics[].missing_detail` has its numbers.

mod contenders;
mod launches;

use crate::claims::{self, ClaimRow};
use crate::document::Document;
use crate::error::RenderError;
use crate::field::in_order;
use bakeoff_core::estimate::OfLaunch;
use bakeoff_core::evidence::{Advice, Caution, GateResult, Host, StopReason};
use bakeoff_core::judgement::{
    CompiledEffect, LatencyCurve, MetricEstimate, Missing, VariantEffect, WeightSummary,
};
use bakeoff_core::lookup::Lookup;
use bakeoff_core::range::Range;
use bakeoff_core::serverless::table::Serverless;
use bakeoff_core::tiers::{Tiers, tiers};
use bakeoff_core::verdict::{
    FamilyShare, Flip, Lack, LittleEvidence, NoiseFloor, Outcome, SecondOpinion, Verdict,
};
use bakeoff_core::words::{self, Words, absence};
use contenders::Contender;
use launches::LaunchFigures;
use serde::Serialize;
use std::collections::BTreeMap;

const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Results<'a> {
    schema: u32,
    run: &'a str,
    version: &'a str,
    brief: BriefId<'a>,
    host: &'a Host,
    seed: u64,
    started: &'a str,
    finished: Option<&'a str>,
    stop: Option<&'a StopReason>,
    /// What was advised after each round: why it went on, whom it left out, and why it stopped. `reason` is a sentence.
    advice: Vec<Advice>,
    contenders: Vec<Contender<'a>>,
    launches: Vec<LaunchFigures<'a>>,
    metrics: Vec<Metric<'a>>,
    criteria: Vec<Criterion<'a>>,
    weights: &'a [WeightSummary],
    variants: &'a [VariantEffect],
    /// Absent where no contender's language is compiled.
    #[serde(skip_serializing_if = "<[CompiledEffect]>::is_empty")]
    compiled: &'a [CompiledEffect],
    verdict: VerdictRow<'a>,
    words: &'a Words,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    claims: Vec<ClaimRow<'a>>,
    /// What V8's compilers are worth, where the run holds two stages of one contender.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tiers: Vec<Tiers>,
    latency: &'a [LatencyCurve],
    #[serde(skip_serializing_if = "Option::is_none")]
    serverless: Option<&'a Serverless>,
}

#[derive(Serialize)]
struct BriefId<'a> {
    name: &'a str,
    sha256: &'a str,
    path: &'a str,
    question: &'a str,
}

#[derive(Serialize)]
struct Metric<'a> {
    contender: &'a str,
    metric: &'a str,
    criterion: Option<&'a str>,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    unit: Option<&'a str>,
    n: u32,
    gate: Option<&'a GateResult>,
    cautions: Vec<CautionWords<'a>>,
    missing: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing_kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing_detail: Option<&'a Missing>,
    score: Option<Range>,
    required: f64,
    ideal: f64,
    by_block: &'a [(u32, f64)],
    /// Launches that it rests on; 0 without evidence of launches.
    launches: u32,
    /// Degrees of freedom of the interval.
    degrees: Option<f64>,
    #[serde(skip_serializing_if = "<[OfLaunch]>::is_empty")]
    by_launch: &'a [OfLaunch],
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct CautionWords<'a> {
    #[serde(flatten)]
    caution: &'a Caution,
    words: String,
}

#[derive(Serialize)]
struct Criterion<'a> {
    contender: &'a str,
    criterion: &'a str,
    value: f64,
    low: f64,
    high: f64,
    missing: &'a [String],
}

/// The verdict in the fields that schema 1 promises; the types of the core are free to change.
#[derive(Serialize)]
struct VerdictRow<'a> {
    outcome: Outcome,
    choice: Option<&'a str>,
    runner_up: Option<&'a str>,
    p_best: &'a BTreeMap<String, f64>,
    ranks: &'a BTreeMap<String, Vec<f64>>,
    central_weights: &'a BTreeMap<String, Option<BTreeMap<String, f64>>>,
    confidence: &'a BTreeMap<String, Option<f64>>,
    pairwise: &'a BTreeMap<String, BTreeMap<String, f64>>,
    expected_value: &'a BTreeMap<String, Range>,
    expected_loss: &'a BTreeMap<String, f64>,
    entropy_bits: f64,
    flips: &'a [Flip],
    reasons: &'a [String],
    vetoes: Vec<VetoRow<'a>>,
    noise_floor: Option<&'a NoiseFloor>,
    monte_carlo_error: f64,
    samples: u32,
    second_opinion: Option<&'a SecondOpinion>,
    /// Those that share the first rank with the choice.
    level_with_choice: &'a [String],
    /// Whether the choice and the runner-up are within the noise or a tenth of each other at the brief's rate.
    level_at_rate: bool,
    /// What is lacking for an answer; empty unless the outcome is `undecided`.
    lacking: &'a [Lack],
    decided_in_s: Option<f64>,
    little_evidence: &'a [LittleEvidence],
    dropped: &'a [String],
    families: BTreeMap<&'a str, f64>,
    family_stacks: &'a [FamilyShare],
    references: &'a [String],
}

#[derive(Serialize)]
struct VetoRow<'a> {
    contender: &'a str,
    /// In words.
    reason: String,
    kind: &'static str,
}

/// The document as one JSON object, indented, with a newline at its end.
pub(crate) fn render(document: &Document<'_>) -> Result<String, RenderError> {
    let mut text = serde_json::to_string_pretty(&results(document))?;
    text.push('\n');
    Ok(text)
}

fn results<'a>(document: &Document<'a>) -> Results<'a> {
    let Lookup {
        run,
        judgement,
        brief,
    } = **document;
    let words = document.words;
    Results {
        schema: SCHEMA,
        run: &run.id,
        version: &run.version,
        brief: BriefId {
            name: &brief.name,
            sha256: &run.brief_sha256,
            path: &run.brief_path,
            question: &brief.question,
        },
        host: &run.host,
        seed: run.plan.seed,
        started: &run.started,
        finished: run.finished.as_deref(),
        stop: run.stop.as_ref(),
        advice: run.advice.iter().map(with_reason).collect(),
        contenders: contenders::rows(document),
        launches: launches::figures(document),
        metrics: in_order(document, &judgement.metrics, |estimate| {
            estimate.contender.as_str()
        })
        .into_iter()
        .map(|estimate| metric_row(document, estimate))
        .collect(),
        criteria: criteria(document),
        weights: &judgement.weights,
        variants: &judgement.variants,
        compiled: &judgement.compiled,
        verdict: verdict_row(&judgement.verdict, &words.reasons),
        words,
        claims: claims::rows(document),
        tiers: tiers(run, judgement, brief),
        latency: &judgement.curves,
        serverless: document.serverless,
    }
}

/// An advice with its reason in words, as it has been in every version.
fn with_reason(advice: &Advice) -> Advice {
    Advice {
        reason: words::advice::why(advice),
        ..advice.clone()
    }
}

fn verdict_row<'a>(verdict: &'a Verdict, reasons: &'a [String]) -> VerdictRow<'a> {
    let vetoes = verdict.vetoes.iter().map(|veto| VetoRow {
        contender: &veto.contender,
        reason: absence::veto(&veto.reason),
        kind: veto.reason.id(),
    });
    VerdictRow {
        outcome: verdict.outcome,
        choice: verdict.choice.as_deref(),
        runner_up: verdict.runner_up.as_deref(),
        p_best: &verdict.p_best,
        ranks: &verdict.ranks,
        central_weights: &verdict.central_weights,
        confidence: &verdict.confidence,
        pairwise: &verdict.pairwise,
        expected_value: &verdict.expected_value,
        expected_loss: &verdict.expected_loss,
        entropy_bits: verdict.entropy_bits,
        flips: &verdict.flips,
        reasons,
        vetoes: vetoes.collect(),
        noise_floor: verdict.noise_floor.as_ref(),
        monte_carlo_error: verdict.monte_carlo_error,
        samples: verdict.samples,
        second_opinion: verdict.second_opinion.as_ref(),
        level_with_choice: &verdict.level_with_choice,
        level_at_rate: verdict.level_at_rate,
        lacking: &verdict.lacking,
        decided_in_s: verdict.decided_in_s,
        little_evidence: &verdict.little_evidence,
        dropped: &verdict.dropped,
        families: verdict
            .families
            .iter()
            .map(|share| (share.family.as_str(), share.p_best))
            .collect(),
        family_stacks: &verdict.families,
        references: &verdict.references,
    }
}

fn metric_row<'a>(document: &Document<'a>, estimate: &'a MetricEstimate) -> Metric<'a> {
    let range = estimate.estimate;
    let with_words = |caution| CautionWords {
        caution,
        words: caution.to_string(),
    };
    Metric {
        contender: &estimate.contender,
        metric: &estimate.metric,
        criterion: document.brief.criterion_of(&estimate.metric),
        value: range.map(|range| range.value),
        low: range.map(|range| range.low),
        high: range.map(|range| range.high),
        unit: Some(document.brief.unit_of(&estimate.metric)),
        n: estimate.n,
        gate: estimate.gate.as_ref(),
        cautions: estimate.cautions.iter().map(with_words).collect(),
        missing: estimate.missing.as_ref().map(absence::missing),
        missing_kind: estimate.missing.as_ref().map(Missing::id),
        missing_detail: estimate.missing.as_ref().filter(|why| has_numbers(why)),
        score: estimate.score,
        required: estimate.anchor.0,
        ideal: estimate.anchor.1,
        by_block: &estimate.by_block,
        launches: estimate.launches,
        degrees: estimate.degrees,
        by_launch: &estimate.by_launch,
        note: estimate.note.as_deref(),
    }
}

/// Whether a reason holds numbers that a program may want.
const fn has_numbers(why: &Missing) -> bool {
    matches!(
        why,
        Missing::TooFewResponses { .. }
            | Missing::TooFewTrials { .. }
            | Missing::NotWarm { .. }
            | Missing::NeedsProcessors { .. }
            | Missing::ImpossibleValue { .. }
            | Missing::ImpossibleTrials { .. }
    )
}

fn criteria<'a>(document: &Document<'a>) -> Vec<Criterion<'a>> {
    let rows = in_order(document, &document.judgement.criteria, |row| {
        row.contender.as_str()
    });
    rows.into_iter()
        .map(|row| Criterion {
            contender: &row.contender,
            criterion: &row.criterion,
            value: row.score.value,
            low: row.score.low,
            high: row.score.high,
            missing: &row.missing,
        })
        .collect()
}
