//! The three short lines under the answer: *because*, *unless*, *beware*. Each goes on after its word, without a capital and without a full stop.
//! Deliberately the one or two that weigh most: the rest stands in the reasons.

use super::Facts;
use super::number::{count, digits, list, probability, score, share};
use crate::evidence::{Owner, Trial};
use crate::verdict::Flip;

/// What carried the choice.
pub(super) fn because(facts: &Facts) -> String {
    let verdict = facts.verdict();
    let Some(choice) = &verdict.choice else {
        return "every contender is out".to_owned();
    };
    let Some(second) = &verdict.runner_up else {
        return format!("{} out", are(facts.contenders().saturating_sub(1), "other"));
    };
    let criteria = facts.brief.criteria();
    let mut gains: Vec<(f64, String)> = criteria
        .iter()
        .filter_map(|criterion| {
            let of = |name: &str| facts.score(name, &criterion.id).map(|score| score.score.value);
            let (own, theirs) = (of(choice)?, of(second)?);
            let gain = facts.weight(&criterion.id) * (own - theirs);
            let most = telling(facts, choice, second, &criterion.id)
                .map(|metric| format!("; {metric}"))
                .unwrap_or_default();
            (gain > 0.0).then(|| {
                (
                    gain,
                    format!(
                        "{} ({} against {}{most})",
                        criterion.words,
                        score(own),
                        score(theirs)
                    ),
                )
            })
        })
        .collect();
    gains.sort_by(|a, b| b.0.total_cmp(&a.0));
    gains.truncate(2);
    let parts: Vec<String> = gains.into_iter().map(|(_, words)| words).collect();
    if parts.is_empty() {
        return format!(
            "it is level with {} on every criterion, and first by name",
            facts.title(second)
        );
    }
    format!("it is ahead of {} on {}", facts.title(second), list(&parts))
}

fn are(number: usize, one: &str) -> String {
    let verb = if number == 1 { "is" } else { "are" };
    format!("{} {verb}", count(number, one))
}

/// The metric of a criterion in which the first is furthest ahead, with both values.
fn telling(facts: &Facts, first: &str, second: &str, criterion: &str) -> Option<String> {
    let gains = facts
        .brief
        .metrics_of(criterion)
        .into_iter()
        .filter_map(|metric| {
            let (own, theirs) = (facts.estimate(first, metric)?, facts.estimate(second, metric)?);
            Some((
                own.score?.value - theirs.score?.value,
                metric,
                own.estimate?.value,
                theirs.estimate?.value,
            ))
        });
    let (gain, metric, own, theirs) = gains.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (gain > 0.0).then(|| {
        let (own, theirs) = (facts.quantity(own, metric), facts.quantity(theirs, metric));
        format!("{} {own} against {theirs}", facts.metric_words(metric))
    })
}

/// Under which priorities or measurements another wins.
pub(super) fn unless(facts: &Facts) -> String {
    let verdict = facts.verdict();
    if verdict.choice.is_none() {
        return "a limit of the brief is moved".to_owned();
    }
    if verdict.runner_up.is_none() {
        return "a contender that is out comes to fit".to_owned();
    }
    let measurement = verdict
        .flips
        .iter()
        .find(|flip| matches!(flip, Flip::Measurement { .. }));
    match (facts.nearest_weight_flip(), measurement) {
        (None, None) => "several things change at once: no weight of one criterion and no single measurement of the best two does it".to_owned(),
        (Some(one), None) | (None, Some(one)) => flip_words(facts, one),
        (Some(one), Some(other)) if winner(one) == winner(other) => {
            let (one, other, winner) = (condition(facts, one), condition(facts, other), facts.title(winner(one)));
            format!("{one}, or {other}: then {winner} leads")
        }
        (Some(one), Some(other)) => format!("{}, or {}", flip_words(facts, one), flip_words(facts, other)),
    }
}

/// One flip in words.
pub(super) fn flip_words(facts: &Facts, flip: &Flip) -> String {
    format!(
        "{}, where {} leads",
        condition(facts, flip),
        facts.title(winner(flip))
    )
}

fn winner(flip: &Flip) -> &str {
    let (Flip::Weight { winner, .. } | Flip::Measurement { winner, .. }) = flip;
    winner
}

/// What must hold for a flip.
fn condition(facts: &Facts, flip: &Flip) -> String {
    match flip {
        Flip::Weight {
            criterion, from, to, ..
        } => format!(
            "{} counts for {} than {} ({} now)",
            facts.criterion_words(criterion),
            if to > from { "more" } else { "less" },
            share(*to),
            share(*from)
        ),
        Flip::Measurement {
            contender,
            metric,
            from,
            to,
            ..
        } => format!(
            "{} of {} {} {} ({} now)",
            facts.metric_words(metric),
            facts.title(contender),
            if to > from { "rises above" } else { "falls below" },
            facts.quantity(*to, metric),
            facts.quantity(*from, metric)
        ),
    }
}

/// The worst finding about the chosen one, or about the one that comes closest.
pub(super) fn beware(facts: &Facts) -> String {
    let verdict = facts.verdict();
    let Some(name) = verdict
        .choice
        .as_deref()
        .or_else(|| facts.closest().first().copied())
    else {
        return "there is no evidence".to_owned();
    };
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
        .unwrap_or_else(|| "nothing was found against it; what was not measured was not seen".to_owned())
}

fn trials<'a>(facts: &'a Facts, name: &'a str) -> impl Iterator<Item = &'a Trial> {
    facts
        .run
        .trials
        .iter()
        .filter(move |trial| trial.entrant.is_contender(name))
}

fn faults(facts: &Facts, name: &str) -> Option<String> {
    let record = facts.record(name)?;
    let all = record
        .faults
        .iter()
        .chain(trials(facts, name).flat_map(|trial| &trial.faults));
    let own: Vec<_> = all.filter(|fault| fault.owner == Owner::Contender).collect();
    let first = own.first()?;
    Some(format!(
        "{} of {}: {}: {}",
        count(own.len(), "fault"),
        record.title,
        first.at,
        first.message
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
        let (failed, planned) = (
            super::number::grouped(failed as f64),
            super::number::grouped(planned as f64),
        );
        format!("{failed} of {planned} requests to {title} failed, most as `{kind}` in `{scenario}`")
    })
}

/// The second opinion, where it differs.
pub(super) fn contradicted(facts: &Facts) -> Option<String> {
    let opinion = facts.verdict().second_opinion.as_ref()?;
    let chance = opinion.p_best.get(&opinion.choice).copied().unwrap_or(0.0);
    (!opinion.agrees).then(|| {
        let (other, chance) = (facts.title(&opinion.choice), probability(chance));
        format!(
            "a judgement in which strengths cannot make up for weaknesses prefers {other}, best in {chance}"
        )
    })
}

fn weakest(facts: &Facts, name: &str) -> Option<String> {
    let own = facts
        .judgement
        .metrics
        .iter()
        .filter(|estimate| estimate.contender == name);
    let scored = own.filter_map(|estimate| Some((estimate.score?.value, estimate)));
    let (value, estimate) = scored.min_by(|a, b| a.0.total_cmp(&b.0))?;
    let (metric, title) = (estimate.metric.as_str(), facts.title(name));
    let (worst, best) = (
        facts.limit(estimate.anchor.0, metric),
        facts.limit(estimate.anchor.1, metric),
    );
    let now = facts.quantity(estimate.estimate?.value, metric);
    let metric = facts.metric_words(metric);
    Some(format!(
        "{title} is weakest in {metric}: {now} scores {}, where {worst} is 0 and {best} is 1",
        digits_of(value)
    ))
}

fn digits_of(value: f64) -> String {
    if value >= 0.1 { score(value) } else { digits(value) }
}

fn missing(facts: &Facts, name: &str) -> Option<String> {
    let own = facts
        .judgement
        .metrics
        .iter()
        .filter(|estimate| estimate.contender == name && estimate.missing.is_some());
    let metrics: Vec<String> = own.map(|estimate| facts.metric_words(&estimate.metric)).collect();
    (!metrics.is_empty()).then(|| {
        format!(
            "there is no evidence of {} for {}",
            list(&metrics),
            facts.title(name)
        )
    })
}
