//! Faults, cautions and quality checks, gathered from a run. Nothing is dropped and nothing is weighed: the judgement
//! did that.

use crate::document::Document;
use crate::field::field;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{Caution, Fault, Gate, GateOutcome};
use std::collections::BTreeMap;

/// A fault and the blocks in which it occurred.
pub(crate) struct Finding<'a> {
    pub(crate) entrant: Entrant,
    pub(crate) fault: &'a Fault,
    /// Empty when it happened outside of trials.
    pub(crate) blocks: Vec<u32>,
}

/// All faults, contenders in the order of the field; the same fault of several blocks is one finding.
pub(crate) fn faults<'a>(document: &Document<'a>) -> Vec<Finding<'a>> {
    let mut findings: Vec<Finding<'a>> = Vec::new();
    for row in field(document) {
        let outside = row.record.into_iter().flat_map(|record| &record.faults);
        findings.extend(outside.map(|fault| Finding {
            entrant: Entrant::contender(row.name),
            fault,
            blocks: Vec::new(),
        }));
    }
    for trial in &document.run.trials {
        for fault in &trial.faults {
            let same = findings
                .iter_mut()
                .find(|finding| is_same(finding, &trial.entrant, fault));
            match same {
                Some(finding) => finding.blocks.push(trial.block),
                None => findings.push(Finding {
                    entrant: trial.entrant.clone(),
                    fault,
                    blocks: vec![trial.block],
                }),
            }
        }
    }
    findings
}

fn is_same(finding: &Finding<'_>, entrant: &Entrant, fault: &Fault) -> bool {
    finding.entrant == *entrant
        && finding.fault.at == fault.at
        && finding.fault.owner == fault.owner
        && finding.fault.message == fault.message
}

/// A kind of caution and the estimates that have it.
pub(crate) struct CautionGroup<'a> {
    pub(crate) id: &'static str,
    /// The gravest example, in words.
    pub(crate) example: String,
    /// The metrics, by contender.
    pub(crate) weakens: BTreeMap<&'a str, Vec<&'a str>>,
}

/// All cautions of all estimates, by kind, the most frequent kind first.
pub(crate) fn cautions<'a>(document: &Document<'a>) -> Vec<CautionGroup<'a>> {
    let mut groups: BTreeMap<&'static str, (f64, CautionGroup<'a>)> = BTreeMap::new();
    for estimate in &document.judgement.metrics {
        for caution in &estimate.cautions {
            let (gravest, group) = groups
                .entry(caution.id())
                .or_insert_with(|| (f64::NEG_INFINITY, empty(caution)));
            if caution.severity() > *gravest {
                *gravest = caution.severity();
                group.example = caution.to_string();
            }
            let metrics = group.weakens.entry(&estimate.contender).or_default();
            if !metrics.contains(&estimate.metric.as_str()) {
                metrics.push(&estimate.metric);
            }
        }
    }
    let mut groups: Vec<_> = groups.into_values().map(|(_, group)| group).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.count()));
    groups
}

fn empty<'a>(caution: &Caution) -> CautionGroup<'a> {
    CautionGroup {
        id: caution.id(),
        example: caution.to_string(),
        weakens: BTreeMap::new(),
    }
}

impl CautionGroup<'_> {
    /// How many estimates have it.
    pub(crate) fn count(&self) -> usize {
        self.weakens.values().map(Vec::len).sum()
    }
}

/// Outcomes of one entrant's trials at one gate.
#[derive(Default)]
pub(crate) struct GateCount {
    pub(crate) passed: usize,
    pub(crate) weak: usize,
    pub(crate) failed: usize,
    /// The measurement of the last trial that did not pass, and the limit.
    pub(crate) example: Option<String>,
}

/// Outcomes of that entrant's trials at that gate.
pub(crate) fn gate_count(document: &Document<'_>, entrant: &Entrant, gate: Gate) -> GateCount {
    let mut count = GateCount::default();
    let trials = document
        .run
        .trials
        .iter()
        .filter(|trial| trial.entrant == *entrant);
    // The twins are compared once for the whole run, so the result counts for the contender that has a twin.
    let floor = document.judgement.verdict.noise_floor.as_ref();
    let twins = floor
        .filter(|floor| entrant.is_contender(&floor.contender))
        .and_then(|floor| floor.gate.as_ref());
    for result in trials
        .flat_map(|trial| &trial.gates)
        .chain(twins)
        .filter(|result| result.gate == gate)
    {
        match result.outcome {
            GateOutcome::Passed => count.passed += 1,
            GateOutcome::Weak => count.weak += 1,
            GateOutcome::Failed => count.failed += 1,
        }
        if result.outcome != GateOutcome::Passed {
            count.example = Some(format!("{}; required: {}", result.measured, result.limit));
        }
    }
    count
}
