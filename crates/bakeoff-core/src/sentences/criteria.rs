//! One sentence of finding for each criterion. Deliberately about those that were measured: who was not has no place in it.

use super::Facts;
use super::number::{list, score};
use crate::criterion::Criterion;
use crate::judgement::MetricEstimate;
use crate::metric::METRICS;

/// (criterion id, sentence), in the order of the founding question.
pub(super) fn sentences(facts: &Facts) -> Vec<(String, String)> {
    Criterion::ALL
        .iter()
        .map(|criterion| (criterion.id().to_owned(), sentence(facts, *criterion)))
        .collect()
}

fn sentence(facts: &Facts, criterion: Criterion) -> String {
    let measured: Vec<&str> = facts
        .verdict()
        .expected_value
        .keys()
        .map(String::as_str)
        .collect();
    let mut scores: Vec<(&str, f64)> = measured
        .iter()
        .filter_map(|name| Some((*name, facts.score(name, criterion.id())?.score.value)))
        .collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let told: Vec<String> = METRICS
        .iter()
        .filter(|metric| metric.criterion == criterion)
        .filter_map(|metric| spread(facts, &measured, metric.id))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, words)| words)
        .into_iter()
        .collect();
    let most = told
        .first()
        .map(|words| format!("; what differs most is {words}"))
        .unwrap_or_default();
    match &scores[..] {
        [] => "No contender was measured, so there is no evidence.".to_owned(),
        [(name, value)] => format!("{} scores {}.", facts.title(name), score(*value)),
        _ if told.is_empty() => {
            let names: Vec<String> = METRICS
                .iter()
                .filter(|metric| metric.criterion == criterion)
                .map(|metric| facts.metric_words(metric.id))
                .collect();
            format!(
                "No two contenders differ in what was measured of {}.",
                list(&names)
            )
        }
        [(first, best), .., (last, worst)] => format!(
            "{} is ahead with {} of 1, {} is last with {}{most}.",
            facts.title(first),
            score(*best),
            facts.title(last),
            score(*worst)
        ),
    }
}

/// How far apart the scores of a metric lie, and from which value of whom to which of whom.
fn spread(facts: &Facts, contenders: &[&str], metric: &str) -> Option<(f64, String)> {
    let estimates: Vec<(&MetricEstimate, f64)> = contenders
        .iter()
        .filter_map(|name| facts.estimate(name, metric))
        .filter_map(|estimate| Some((estimate, estimate.score?.value)))
        .collect();
    let (best, high) = estimates.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let (worst, low) = estimates.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let value =
        |estimate: &MetricEstimate| estimate.estimate.map(|range| facts.quantity(range.value, metric));
    let words = format!(
        "{}, from {} ({}) to {} ({})",
        facts.metric_words(metric),
        value(best)?,
        facts.title(&best.contender),
        value(worst)?,
        facts.title(&worst.contender)
    );
    (high > low).then_some((high - low, words))
}
