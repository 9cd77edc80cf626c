//! One finding for each criterion, about the candidates that were measured.

use super::facts::Facts;
use super::number::{count, list, score};
use super::work;
use crate::judgement::MetricEstimate;
use crate::metric::metric;
use crate::range::Range;

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
        _ if !differ(facts, &measured, criterion) => match metrics_of(facts, criterion) {
            known if known.is_empty() => "Nothing was measured.".to_owned(),
            known => format!("The contenders do not differ in {known}."),
        },
        [(first, best), .., (last, worst)] => {
            let difference = widest(facts, &measured, criterion).map_or_else(
                || "No difference in a single metric is larger than its noise.".to_owned(),
                |difference| format!("The largest difference is {difference}."),
            );
            format!(
                "{} scores highest ({} of 1), {} lowest ({}). {difference}",
                facts.title(first),
                score(*best),
                facts.title(last),
                score(*worst)
            )
        }
    };
    format!("{finding}{}", missing(facts, &measured, criterion))
}

fn metrics_of(facts: &Facts, criterion: &str) -> String {
    let has_evidence = |id: &&str| {
        let estimates = &facts.judgement.metrics;
        estimates
            .iter()
            .any(|estimate| estimate.metric == *id && estimate.estimate.is_some())
    };
    let own = facts.brief.metrics_of(criterion).into_iter().filter(has_evidence);
    list(&own.map(|metric| facts.metric_words(metric)).collect::<Vec<_>>())
}

/// The estimates of a metric that have a score, with the score and its interval.
fn scored<'a>(facts: &'a Facts, contenders: &[&str], id: &str) -> Vec<(&'a MetricEstimate, Range)> {
    let estimates = contenders.iter().filter_map(|name| facts.estimate(name, id));
    estimates
        .filter_map(|estimate| Some((estimate, estimate.score?)))
        .collect()
}

/// Whether two contenders have different scores in a metric of the criterion.
fn differ(facts: &Facts, contenders: &[&str], criterion: &str) -> bool {
    facts.brief.metrics_of(criterion).into_iter().any(|id| {
        let scores = scored(facts, contenders, id);
        scores.iter().any(|(_, score)| score.value != scores[0].1.value)
    })
}

/// The metric in which contenders differ most, with the values of the better and the worse.
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
            .filter(|estimate| estimate.is_asked())
    });
    let missing = all.clone().filter(|estimate| estimate.missing.is_some()).count();
    let verb = |count: usize| if count == 1 { "is" } else { "are" };
    let missed = match missing {
        0 => String::new(),
        missing => format!(" {missing} of {} values {} missing.", all.count(), verb(missing)),
    };
    let not_asked = not_asked(facts, contenders, criterion);
    let nobody_asked = match not_asked {
        0 => String::new(),
        not_asked if facts.is_about_running_services() => {
            format!(" {} cannot be known from outside.", count(not_asked, "metric"))
        }
        not_asked => format!(
            " {} {} not asked here.",
            count(not_asked, "metric"),
            verb(not_asked)
        ),
    };
    format!("{missed}{nobody_asked}{}", sole(facts, contenders, criterion))
}

/// The metrics of a criterion for which the brief does not ask every contender.
fn not_asked(facts: &Facts, contenders: &[&str], criterion: &str) -> usize {
    let is_not_asked = |id: &&str| {
        let mut all = contenders.iter().filter_map(|name| facts.estimate(name, id));
        all.any(|estimate| !estimate.is_asked())
    };
    facts
        .brief
        .metrics_of(criterion)
        .into_iter()
        .filter(is_not_asked)
        .count()
}

/// That a criterion of several metrics rests on one of them; empty otherwise.
fn sole(facts: &Facts, contenders: &[&str], criterion: &str) -> String {
    let own = facts.brief.metrics_of(criterion);
    let known: Vec<&str> = own
        .iter()
        .copied()
        .filter(|id| !scored(facts, contenders, id).is_empty())
        .collect();
    match known[..] {
        [only] if own.len() > 1 => format!(" It rests on {} alone.", facts.metric_words(only)),
        _ => String::new(),
    }
}

/// The largest distance between two scores of a metric whose intervals lie apart, and both values in words: a larger
/// one may be noise.
fn spread(facts: &Facts, contenders: &[&str], id: &str) -> Option<(f64, String)> {
    let scores = scored(facts, contenders, id);
    let pairs = scores
        .iter()
        .flat_map(|better| scores.iter().map(move |worse| (better, worse)));
    let sure = pairs.filter(|((_, high), (_, low))| high.low > low.high);
    let by_distance = sure.map(|((best, high), (worst, low))| (high.value - low.value, best, worst));
    let (distance, best, worst) = by_distance.max_by(|a, b| a.0.total_cmp(&b.0))?;
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
    Some((distance, words))
}

/// That two values come from different work, where the metric is one that work changes; empty otherwise.
fn not_the_same_work(facts: &Facts, id: &str, one: &str, other: &str) -> String {
    let is_of_work = metric(id).is_some_and(|row| row.exposure.at_rate() || row.exposure.timed());
    let difference = is_of_work
        .then(|| work::not_the_same(facts, one, other))
        .flatten();
    difference.map_or_else(String::new, |difference| format!(", {difference}"))
}
