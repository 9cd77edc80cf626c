//! One finding for each criterion, about the candidates that were measured.

use super::facts::Facts;
use super::number::{list, score};
use super::work;
use crate::judgement::MetricEstimate;
use crate::metric::metric;

/// (criterion id, finding), in the order of the founding question, the brief's own criteria last.
pub(super) fn findings(facts: &Facts) -> Vec<(String, String)> {
    let ids = facts.brief.criterion_ids().into_iter();
    ids.map(|id| {
        let finding = finding(facts, &id);
        (id, finding)
    })
    .collect()
}

/// The criteria of which less than half of the values have evidence, in a sentence; empty without one.
pub(super) fn little_evidence(facts: &Facts) -> String {
    let little = facts.verdict().little_evidence.iter();
    let parts: Vec<String> = little
        .map(|of| {
            let criterion = facts.criterion_words(&of.criterion);
            format!("{criterion} ({} of {})", of.known, of.of)
        })
        .collect();
    if parts.is_empty() {
        return String::new();
    }
    format!(
        "Less than half of the values have evidence on {}, so the answer says little about that.",
        list(&parts)
    )
}

fn finding(facts: &Facts, criterion: &str) -> String {
    let measured: Vec<&str> = facts
        .verdict()
        .expected_value
        .keys()
        .map(String::as_str)
        .filter(|name| !facts.is_reference(name))
        .collect();
    let value = |name: &str| Some(facts.score(name, criterion)?.score.value);
    let scored = measured.iter().filter_map(|name| Some((*name, value(name)?)));
    let mut scores: Vec<(&str, f64)> = scored.collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let finding = match &scores[..] {
        [] => return "No contender was measured.".to_owned(),
        [(name, value)] => format!("{} scores {} of 1.", facts.title(name), score(*value)),
        [(first, best), .., (last, worst)] => match widest(facts, &measured, criterion) {
            None => format!(
                "The contenders do not differ in {}.",
                metrics_of(facts, criterion)
            ),
            Some(difference) => format!(
                "{} scores highest ({} of 1), {} lowest ({}). The largest difference is {difference}.",
                facts.title(first),
                score(*best),
                facts.title(last),
                score(*worst)
            ),
        },
    };
    format!("{finding}{}", missing(facts, &measured, criterion))
}

fn metrics_of(facts: &Facts, criterion: &str) -> String {
    let is_mentioned = |id: &&str| metric(id).is_none_or(|row| facts.mentions(row));
    let own = facts.brief.metrics_of(criterion).into_iter().filter(is_mentioned);
    list(&own.map(|metric| facts.metric_words(metric)).collect::<Vec<_>>())
}

/// The metric in which contenders differ most, with the values of the best and the worst.
fn widest(facts: &Facts, contenders: &[&str], criterion: &str) -> Option<String> {
    let own = facts.brief.metrics_of(criterion).into_iter();
    let spreads = own.filter_map(|metric| spread(facts, contenders, metric));
    spreads.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, words)| words)
}

/// How much evidence is missing, in a sentence of its own.
fn missing(facts: &Facts, contenders: &[&str], criterion: &str) -> String {
    let own = facts.brief.metrics_of(criterion).into_iter();
    let all = own.flat_map(|metric| {
        contenders
            .iter()
            .filter_map(move |name| facts.estimate(name, metric))
    });
    let missing = all.clone().filter(|estimate| estimate.missing.is_some()).count();
    let verb = if missing == 1 { "is" } else { "are" };
    if missing == 0 {
        String::new()
    } else {
        format!(" {missing} of {} values {verb} missing.", all.count())
    }
}

/// The distance between the best and the worst score of a metric, and both values in words.
fn spread(facts: &Facts, contenders: &[&str], id: &str) -> Option<(f64, String)> {
    let estimates: Vec<(&MetricEstimate, f64)> = contenders
        .iter()
        .filter_map(|name| facts.estimate(name, id))
        .filter_map(|estimate| Some((estimate, estimate.score?.value)))
        .collect();
    let (best, high) = estimates.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let (worst, low) = estimates.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let value = |estimate: &MetricEstimate| estimate.estimate.map(|range| facts.quantity(range.value, id));
    let words = format!(
        "{}: {} ({}) against {} ({}){}",
        facts.metric_words(id),
        value(best)?,
        facts.title(&best.contender),
        value(worst)?,
        facts.title(&worst.contender),
        not_the_same_work(facts, id, &best.contender, &worst.contender)
    );
    (high > low).then_some((high - low, words))
}

/// That two values come from different work, where the metric is one that work changes; empty otherwise.
fn not_the_same_work(facts: &Facts, id: &str, one: &str, other: &str) -> String {
    let is_of_work = metric(id).is_some_and(|row| row.exposure.at_rate() || row.exposure.timed());
    let difference = is_of_work
        .then(|| work::not_the_same(facts, one, other))
        .flatten();
    difference.map_or_else(String::new, |difference| format!(", {difference}"))
}
