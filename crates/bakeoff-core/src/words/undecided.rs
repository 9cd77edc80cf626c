//! The words of a verdict that is not decided yet: what is lacking of whom, what would bring it, and about how long
//! that takes. It leaves open who is best.

use super::facts::Facts;
use super::number::{Quantity, list, probability};
use super::{absence, level};
use crate::evidence::StopReason;
use crate::metric::{METRICS, Reduce};
use crate::verdict::{Lack, Lacking};

/// The sentence that can be repeated in a meeting.
pub(super) fn answer(facts: &Facts) -> String {
    format!(
        "For `{}`, the choice is not decided yet: {}; {}.",
        facts.brief.name,
        lacking(facts),
        way_out(facts)
    )
}

/// Why it is not decided, and who leads so far.
pub(super) fn because(facts: &Facts) -> String {
    let so_far = match (
        level::leaders(facts),
        &facts.verdict().choice,
        &facts.verdict().runner_up,
    ) {
        (Some(leaders), ..) => format!("; so far {} share the first place", list(&leaders)),
        (None, Some(choice), Some(_)) => format!(
            "; so far {} leads, and is the best choice with a probability of {}",
            facts.title(choice),
            probability(facts.p_best(choice))
        ),
        (None, ..) => String::new(),
    };
    format!("{}{so_far}", why_it_ended(facts))
}

/// What would decide it, after "unless".
pub(super) fn unless(facts: &Facts) -> String {
    match facts.verdict().decided_in_s {
        Some(seconds) => format!(
            "about {} more of measuring is spent on what is lacking",
            Quantity::new(seconds, "s").in_prose()
        ),
        None if facts.run.trials.is_empty() => "something is measured".to_owned(),
        None => "a further run brings CPU time or latency".to_owned(),
    }
}

/// What is lacking, the contenders that lack the same together.
fn lacking(facts: &Facts) -> String {
    let verdict = facts.verdict();
    let mut groups: Vec<(Vec<&str>, Vec<Lacking>)> = Vec::new();
    for lacks in verdict.lacking.chunk_by(|a, b| a.contender == b.contender) {
        let (name, of) = (lacks[0].contender.as_str(), of_one(lacks));
        match groups.iter_mut().find(|(_, known)| *known == of) {
            Some((names, _)) => names.push(name),
            None => groups.push((vec![name], of)),
        }
    }
    let sentences: Vec<String> = groups
        .iter()
        .map(|(names, of)| sentence(facts, names, of))
        .collect();
    sentences.join("; ")
}

fn of_one(lacks: &[Lack]) -> Vec<Lacking> {
    lacks.iter().map(|lack| lack.of).collect()
}

fn sentence(facts: &Facts, names: &[&str], of: &[Lacking]) -> String {
    let (has, was) = match names.len() {
        1 => ("has", "was"),
        _ => ("have", "were"),
    };
    let titles: Vec<&str> = names.iter().map(|name| facts.title(name)).collect();
    let who = list(&titles);
    if of
        .iter()
        .any(|lacking| matches!(lacking, Lacking::Blocks { has: 0, .. }))
    {
        return format!("{who} {was} not measured");
    }
    let counted = of.iter().filter_map(|lacking| match lacking {
        Lacking::Launches { has, needed } => Some(format!("{has} of the {needed} launches")),
        Lacking::Blocks { has, needed } => Some(format!("{has} of the {needed} blocks")),
        Lacking::CpuTimeAndLatency => None,
    });
    let counted: Vec<String> = counted.collect();
    let mut parts = Vec::new();
    if !counted.is_empty() {
        parts.push(format!("{} that an answer needs", list(&counted)));
    }
    if of.contains(&Lacking::CpuTimeAndLatency) {
        parts.push(format!(
            "no evidence of CPU time or latency{}",
            reason(facts, names)
        ));
    }
    format!("{who} {has} {}", list(&parts))
}

/// Why there is no latency, where it is the same for all of them.
fn reason(facts: &Facts, names: &[&str]) -> String {
    let latency = METRICS
        .iter()
        .find(|metric| matches!(metric.reduce, Reduce::ResponseQuantile(_)));
    let of_one = |name: &&str| {
        let estimate = facts.estimate(name, latency?.id)?;
        Some(absence::missing(estimate.missing.as_ref()?))
    };
    let mut reasons: Vec<String> = names.iter().filter_map(of_one).collect();
    reasons.dedup();
    match &reasons[..] {
        [one] => format!(" ({one})"),
        _ => String::new(),
    }
}

/// How long it takes to measure what is lacking.
fn way_out(facts: &Facts) -> String {
    match facts.verdict().decided_in_s {
        Some(seconds) => format!(
            "about {} more of measuring would bring what is lacking",
            Quantity::new(seconds, "s").in_prose()
        ),
        None if facts.is_about_running_services() => {
            "the same command with `--dry-run` shows what a full answer measures".to_owned()
        }
        None if facts.run.trials.is_empty() => "`bakeoff plan` says how long a full answer takes".to_owned(),
        None => "more measuring of the same kind would not bring it".to_owned(),
    }
}

fn why_it_ended(facts: &Facts) -> &'static str {
    match &facts.run.stop {
        Some(StopReason::BudgetSpent) => "the budget ended before enough was measured",
        Some(StopReason::Interrupted) => "the run was interrupted before enough was measured",
        Some(StopReason::LabFailed(_)) => "the lab failed before enough was measured",
        Some(StopReason::PlanDone | StopReason::Settled(_)) => "the plan ended before enough was measured",
        None => "the run has not ended",
    }
}
