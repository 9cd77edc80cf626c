//! The three short lines under the answer: *because*, *unless*, *beware*. Each continues after its word, without a
//! capital and without a full stop. They give the one or two points that weigh most; the reasons give the rest.

use super::facts::Facts;
use super::flip::{condition, condition_first, winner};
use super::number::{count, grouped, list, probability, score};
use super::{level, undecided, work};
use crate::evidence::{Owner, Trial};
use crate::judgement::MetricEstimate;
use crate::verdict::{Flip, Outcome};

/// A gap between two scores is explained by this many criteria at most.
const CRITERIA_NAMED: usize = 2;

/// What speaks for the choice, or why there is none yet.
pub(super) fn because(facts: &Facts) -> String {
    match facts.verdict().outcome {
        Outcome::Undecided => undecided::because(facts),
        Outcome::Choose | Outcome::KeepBoth | Outcome::None => ahead_because(facts),
    }
}

/// What speaks for the one that is ahead.
pub(super) fn ahead_because(facts: &Facts) -> String {
    let verdict = facts.verdict();
    let Some(choice) = &verdict.choice else {
        return "no contender meets the brief".to_owned();
    };
    let Some(second) = &verdict.runner_up else {
        return no_other_fits(facts.contenders().saturating_sub(1));
    };
    if let Some(leaders) = level::leaders(facts) {
        return format!("{} have the same expected score", list(&leaders));
    }
    let criteria = facts.brief.criteria();
    let mut gains: Vec<(f64, String)> = criteria
        .iter()
        .filter_map(|criterion| {
            let value = |name: &str| facts.score(name, &criterion.id).map(|score| score.score.value);
            let (own, theirs) = (value(choice)?, value(second)?);
            let gain = facts.mean_weight(&criterion.id) * (own - theirs);
            let metric = most_different_metric(facts, choice, second, &criterion.id)
                .map(|metric| format!("; {metric}"))
                .unwrap_or_default();
            let (words, own, theirs) = (&criterion.words, score(own), score(theirs));
            (gain > 0.0).then(|| (gain, format!("{words} ({own} against {theirs}{metric})")))
        })
        .collect();
    gains.sort_by(|a, b| b.0.total_cmp(&a.0));
    gains.truncate(CRITERIA_NAMED);
    let parts: Vec<String> = gains.into_iter().map(|(_, words)| words).collect();
    let not_the_same = work::not_the_same(facts, choice, second);
    let not_the_same = not_the_same.map_or_else(String::new, |words| format!("; {words}"));
    let second = facts.title(second);
    if parts.is_empty() {
        return format!("it scores no less than {second} on any criterion{not_the_same}");
    }
    format!("it scores higher than {second} on {}{not_the_same}", list(&parts))
}

fn no_other_fits(others: usize) -> String {
    match others {
        0 => "it is the only contender".to_owned(),
        1 => "the other contender does not meet the brief".to_owned(),
        _ => format!("the {} do not meet the brief", count(others, "other contender")),
    }
}

/// The metric of a criterion in which the first contender is furthest ahead of the second, with both values. Only where
/// their intervals lie apart: a difference that may be noise is no reason.
fn most_different_metric(facts: &Facts, first: &str, second: &str, criterion: &str) -> Option<String> {
    let metrics = facts.brief.metrics_of(criterion).into_iter();
    let gains = metrics.filter_map(|metric| {
        let (own, theirs) = (facts.estimate(first, metric)?, facts.estimate(second, metric)?);
        let (own_score, their_score) = (own.score?, theirs.score?);
        let gain = own_score.value - their_score.value;
        let is_sure = own_score.low > their_score.high;
        is_sure.then_some((gain, metric, own.estimate?.value, theirs.estimate?.value))
    });
    let (_, metric, own, theirs) = gains.max_by(|a, b| a.0.total_cmp(&b.0))?;
    let (own, theirs) = (facts.quantity(own, metric), facts.quantity(theirs, metric));
    Some(format!("{} {own} against {theirs}", facts.metric_words(metric)))
}

/// What would change the choice.
pub(super) fn unless(facts: &Facts) -> String {
    let verdict = facts.verdict();
    if verdict.outcome == Outcome::Undecided {
        return undecided::unless(facts);
    }
    if verdict.choice.is_none() {
        return "a limit of the brief were relaxed".to_owned();
    }
    if verdict.runner_up.is_none() {
        return "another contender met the brief".to_owned();
    }
    let measurement = verdict
        .flips
        .iter()
        .find(|flip| matches!(flip, Flip::Measurement { .. }));
    match (facts.nearest_weight_flip(), measurement) {
        (None, None) => "several things changed at once: no other weight of one criterion and no other value of one measurement would change the choice".to_owned(),
        (Some(one), None) | (None, Some(one)) => condition_first(facts, one),
        (Some(one), Some(other)) if winner(one) == winner(other) => {
            let (one, other, winner) = (condition(facts, one), condition(facts, other), facts.title(winner(one)));
            format!("{one}, or {other}: then {winner} would lead")
        }
        (Some(one), Some(other)) => format!("{}; or {}", condition_first(facts, one), condition_first(facts, other)),
    }
}

/// The worst finding about the choice, or about the contender that comes closest.
pub(super) fn beware(facts: &Facts) -> String {
    let verdict = facts.verdict();
    let chosen = verdict.choice.as_deref();
    let Some(name) = chosen.or_else(|| facts.closest().first().copied()) else {
        return "there is no evidence".to_owned();
    };
    // In the order of their weight: a fault says more than a low score.
    let findings = [
        faults(facts, name),
        failures(facts, name),
        contradicted(facts),
        weakest(facts, name),
        missing(facts, name),
    ];
    let mut findings = findings.into_iter().flatten();
    findings
        .next()
        .unwrap_or_else(|| "no weakness was found, but only what was measured can show one".to_owned())
}

fn trials<'a>(facts: &'a Facts, name: &'a str) -> impl Iterator<Item = &'a Trial> {
    let all = facts.run.trials.iter();
    all.filter(move |trial| trial.entrant.is_contender(name))
}

fn faults(facts: &Facts, name: &str) -> Option<String> {
    let record = facts.record(name)?;
    let in_trials = trials(facts, name).flat_map(|trial| &trial.faults);
    let all = record.faults.iter().chain(in_trials);
    let own: Vec<_> = all.filter(|fault| fault.owner == Owner::Contender).collect();
    let first = own.first()?;
    let (title, number) = (&record.title, count(own.len(), "fault"));
    let of_several = if own.len() > 1 { "; the first" } else { "" };
    Some(format!(
        "{title} had {number}{of_several}: {}: {}",
        first.at, first.message
    ))
}

fn failures(facts: &Facts, name: &str) -> Option<String> {
    let loads: Vec<_> = trials(facts, name)
        .filter_map(|trial| trial.load.as_ref())
        .collect();
    let planned: u64 = loads.iter().map(|load| load.planned).sum();
    let mut kinds: Vec<_> = loads.iter().flat_map(|load| &load.failures).collect();
    let failed: u64 = kinds.iter().map(|failure| failure.count).sum();
    kinds.sort_by_key(|failure| std::cmp::Reverse(failure.count));
    let most = kinds.first()?;
    let (title, kind, scenario) = (facts.title(name), &most.kind, &most.scenario);
    (failed > 0).then(|| {
        let (failed, planned) = (grouped(failed), grouped(planned));
        format!("{failed} of {planned} requests to {title} failed, mostly with `{kind}` in `{scenario}`")
    })
}

/// The sentence of a second opinion that differs.
pub(super) fn disagreement(contradicted: &str) -> String {
    format!("A second opinion disagrees: {contradicted}.")
}

/// The second opinion, where it differs.
pub(super) fn contradicted(facts: &Facts) -> Option<String> {
    let opinion = facts.verdict().second_opinion.as_ref()?;
    let chance = opinion.p_best.get(&opinion.choice).copied().unwrap_or(0.0);
    (!opinion.agrees).then(|| {
        let (other, chance) = (facts.title(&opinion.choice), probability(chance));
        format!("if strengths could not make up for weaknesses, {other} would be the best choice ({chance})")
    })
}

fn estimates<'a>(facts: &Facts<'a>, name: &'a str) -> impl Iterator<Item = &'a MetricEstimate> {
    let all = facts.judgement.metrics.iter();
    all.filter(move |estimate| estimate.contender == name)
}

fn weakest(facts: &Facts, name: &str) -> Option<String> {
    let scored = estimates(facts, name).filter_map(|estimate| Some((estimate.score?.value, estimate)));
    let (value, estimate) = scored.min_by(|a, b| a.0.total_cmp(&b.0))?;
    let (metric, title) = (estimate.metric.as_str(), facts.title(name));
    let (worst, best) = (
        facts.limit(estimate.anchor.0, metric),
        facts.limit(estimate.anchor.1, metric),
    );
    let now = facts.quantity(estimate.estimate?.value, metric);
    let (metric, score) = (facts.metric_words(metric), score(value));
    Some(format!(
        "the weakest point of {title} is {metric}: {now} (score {score}; {worst} scores 0 and {best} scores 1)"
    ))
}

fn missing(facts: &Facts, name: &str) -> Option<String> {
    let missing = estimates(facts, name).filter(|estimate| estimate.missing.is_some() && estimate.is_asked());
    let metrics: Vec<String> = missing
        .map(|estimate| facts.metric_words(&estimate.metric))
        .collect();
    let title = facts.title(name);
    (!metrics.is_empty()).then(|| format!("{title} has no evidence of {}", list(&metrics)))
}
