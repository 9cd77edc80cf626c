//! Faults, cautions and quality checks, gathered from a run. Nothing is dropped and nothing is weighed: the judgement
//! did that.

use crate::document::Document;
use crate::field::{entrants, field};
use crate::launches::launches;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{Caution, Fault, Gate, GateOutcome, Launch};
use std::collections::BTreeMap;

/// A fault, and the blocks and launches in which it occurred.
pub(crate) struct Finding<'a> {
    pub(crate) entrant: Entrant,
    pub(crate) fault: &'a Fault,
    /// Empty when it happened outside of trials.
    pub(crate) blocks: Vec<u32>,
    /// Counted from 1 among the entrant's; those in which it happened before the first trial, or at the end.
    pub(crate) launches: Vec<usize>,
}

/// All faults, contenders in the order of the field; the same fault of several blocks or launches is one finding.
pub(crate) fn faults<'a>(document: &Document<'a>) -> Vec<Finding<'a>> {
    let mut findings: Vec<Finding<'a>> = Vec::new();
    let field = field(document);
    for row in &field {
        let outside = row.record.into_iter().flat_map(|record| &record.faults);
        findings.extend(outside.map(|fault| Finding {
            entrant: Entrant::contender(row.name),
            fault,
            blocks: Vec::new(),
            launches: Vec::new(),
        }));
    }
    for entrant in entrants(document, &field) {
        for row in launches(document.run, &entrant) {
            for fault in of_launch(row.launch) {
                finding_of(&mut findings, &entrant, fault)
                    .launches
                    .push(row.number);
            }
        }
    }
    for trial in &document.run.trials {
        for fault in &trial.faults {
            finding_of(&mut findings, &trial.entrant, fault)
                .blocks
                .push(trial.block);
        }
    }
    findings
}

/// What went wrong in a launch outside of its trials.
pub(crate) fn of_launch(launch: &Launch) -> impl Iterator<Item = &Fault> {
    let at_its_end = launch.end.iter().flat_map(|end| &end.faults);
    launch.faults.iter().chain(at_its_end)
}

/// The finding of that fault, which is a new one where there is none yet.
fn finding_of<'f, 'a>(
    findings: &'f mut Vec<Finding<'a>>,
    entrant: &Entrant,
    fault: &'a Fault,
) -> &'f mut Finding<'a> {
    let same = findings
        .iter()
        .position(|finding| is_same(finding, entrant, fault));
    let place = same.unwrap_or_else(|| {
        findings.push(Finding {
            entrant: entrant.clone(),
            fault,
            blocks: Vec::new(),
            launches: Vec::new(),
        });
        findings.len() - 1
    });
    &mut findings[place]
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

/// Outcomes of one entrant's launches and trials at one gate.
#[derive(Default)]
pub(crate) struct GateCount {
    pub(crate) passed: usize,
    pub(crate) weak: usize,
    pub(crate) failed: usize,
    /// The measurement of the last one that did not pass, and the limit.
    pub(crate) example: Option<String>,
}

/// Outcomes of that entrant's launches and trials at that gate.
pub(crate) fn gate_count(document: &Document<'_>, entrant: &Entrant, gate: Gate) -> GateCount {
    let mut count = GateCount::default();
    let run = document.run;
    let launches = run.launches.iter().filter(|launch| launch.entrant == *entrant);
    let trials = run.trials.iter().filter(|trial| trial.entrant == *entrant);
    // The twins are compared once for the whole run, so the result counts for the contender that has a twin.
    let floor = document.judgement.verdict.noise_floor.as_ref();
    let twins = floor
        .filter(|floor| entrant.is_contender(&floor.contender))
        .and_then(|floor| floor.gate.as_ref());
    for result in launches
        .flat_map(|launch| &launch.gates)
        .chain(trials.flat_map(|trial| &trial.gates))
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
