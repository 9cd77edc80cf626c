//! Findings about the lab itself: values that it measured and that cannot be true. They say nothing about a contender.

use super::absence;
use super::facts::Facts;
use crate::judgement::{MetricEstimate, Missing};

/// One sentence for each value that cannot be true.
pub(super) fn impossible_values(facts: &Facts) -> Vec<String> {
    let metrics = facts.judgement.metrics.iter();
    metrics
        .filter_map(|estimate| impossible_value(facts, estimate))
        .collect()
}

fn impossible_value(facts: &Facts, estimate: &MetricEstimate) -> Option<String> {
    let why = estimate.missing.as_ref()?;
    let is_impossible = matches!(why, Missing::ImpossibleValue(_) | Missing::ImpossibleTrials(_));
    is_impossible.then(|| {
        format!(
            "The {} of {} {}.",
            facts.metric_words(&estimate.metric),
            facts.title(&estimate.contender),
            absence::missing(why)
        )
    })
}
