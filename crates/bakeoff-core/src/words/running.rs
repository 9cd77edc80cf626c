//! That an answer is about services as they run now, with what it therefore leaves open. It ranks nobody.

use super::facts::Facts;
use super::number::list;
use crate::evidence::Watched;
use crate::metric::metric;

/// The sentence; empty where the lab started the contenders.
pub(super) fn as_they_run_now(facts: &Facts) -> String {
    if !facts.is_about_running_services() {
        return String::new();
    }
    let titles: Vec<&str> = facts
        .run
        .contenders
        .iter()
        .map(|record| facts.title(&record.name))
        .collect();
    let sizes = [size(facts, "cpu_us_per_request"), size(facts, "latency_ms_p50")];
    let sizes: Vec<String> = sizes.into_iter().flatten().collect();
    let size = if sizes.is_empty() {
        String::new()
    } else {
        format!(" (a standard deviation of {})", list(&sizes))
    };
    format!(
        "The answer is about {} as they run now: one process each, which nobody started anew. How far the same program \
         differs from one start to the next{size} is not in it.{}{}",
        list(&titles),
        unknown(facts),
        watched(facts)
    )
}

/// The criteria of which nothing can be known from outside.
fn unknown(facts: &Facts) -> String {
    let is_unknown = |criterion: &String| {
        let of_criterion = facts.brief.metrics_of(criterion);
        let mut estimates = facts.judgement.metrics.iter();
        !estimates.any(|one| of_criterion.contains(&one.metric.as_str()) && one.is_asked())
    };
    let criteria = facts.brief.criterion_ids();
    let names: Vec<String> = criteria
        .iter()
        .filter(|criterion| is_unknown(criterion))
        .map(|criterion| facts.criterion_words(criterion))
        .collect();
    if names.is_empty() {
        return String::new();
    }
    format!(
        " Nothing is known from outside of {}, so the answer gives them no weight.",
        list(&names)
    )
}

/// The standard deviation between launches that the metric's row states, as a factor.
fn size(facts: &Facts, id: &str) -> Option<String> {
    let is_known = facts
        .judgement
        .metrics
        .iter()
        .any(|estimate| estimate.metric == id && estimate.estimate.is_some());
    let launch = metric(id)?.levels.launch;
    is_known.then(|| format!("× {:.2} in {}", launch.exp(), facts.metric_words(id)))
}

/// Whose CPU time and memory counted.
fn watched(facts: &Facts) -> String {
    let records = facts.run.contenders.iter();
    let named: Vec<String> = records
        .filter_map(|record| {
            let watched: &Watched = record.running.as_ref()?.watched.as_ref()?;
            Some(format!("{watched} for {}", facts.title(&record.name)))
        })
        .collect();
    if named.is_empty() {
        return String::new();
    }
    format!(
        " CPU time and memory are those of {}, also where that only passes requests on.",
        list(&named)
    )
}
