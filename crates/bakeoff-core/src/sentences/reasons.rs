//! The reasons of a verdict, each a sentence with its numbers: why this one, why not the next, how sure, under which priorities another would
//! win, what to measure or decide next and what it would buy. Deliberately a list that is read to its end.

use super::Facts;
use super::absence;
use super::answer::{p_best, pairwise, way_out};
use super::number::{count, digits, list, part_of_value, probability, quantity, score, share};
use super::remarks::{because, contradicted, flip_words};
use crate::range::Range;
use crate::verdict::{Flip, Outcome};

/// Changes of weight that are told.
const FLIPS_TOLD: usize = 3;

/// Whom the next one is for is told when it is the best there with at least this probability.
const WORTH_TELLING: f64 = 0.1;

pub(super) fn reasons(facts: &Facts) -> Vec<String> {
    let mut told = vec![priorities_left_aside(facts)];
    told.extend([why(facts), how_sure(facts), threshold(facts)]);
    told.extend([
        priorities(facts),
        next(facts),
        second_opinion(facts),
        noise_floor(facts),
        central_weights(facts),
    ]);
    told.into_iter().flatten().chain(vetoes(facts)).collect()
}

fn priorities_left_aside(facts: &Facts) -> Option<String> {
    let contradiction = facts.contradiction.as_ref()?;
    Some(format!(
        "The priorities contradict each other ({contradiction}), so every weighting counts as likely as any other."
    ))
}

fn between(range: &Range) -> String {
    format!(
        "{} ({} to {})",
        score(range.value),
        score(range.low),
        score(range.high)
    )
}

fn why(facts: &Facts) -> Option<String> {
    let verdict = facts.verdict();
    let (choice, second) = (verdict.choice.as_deref()?, verdict.runner_up.as_deref()?);
    let value = |name: &str| verdict.expected_value.get(name).map(between);
    Some(format!(
        "{} has the highest expected value, {} of 1, before {} with {}, because {}.",
        facts.title(choice),
        value(choice)?,
        facts.title(second),
        value(second)?,
        because(facts)
    ))
}

fn how_sure(facts: &Facts) -> Option<String> {
    let verdict = facts.verdict();
    let (choice, second) = (verdict.choice.as_deref()?, verdict.runner_up.as_deref()?);
    Some(format!(
        "{} is the best of {} in {} of everything that is not known and beats {} in {}; choosing it gives away {} of value on average where another would have been better. \
         Simulated {} times, so probabilities are within {} points.",
        facts.title(choice),
        verdict.ranks.len(),
        probability(p_best(facts, choice)),
        facts.title(second),
        probability(pairwise(facts, choice, second)),
        part_of_value(verdict.expected_loss.get(choice).copied().unwrap_or(0.0)),
        super::number::grouped(f64::from(verdict.samples)),
        digits(verdict.monte_carlo_error * 100.0)
    ))
}

/// Which threshold is missed, when two are kept.
fn threshold(facts: &Facts) -> Option<String> {
    let verdict = facts.verdict();
    let choice = verdict
        .choice
        .as_deref()
        .filter(|_| verdict.outcome == Outcome::KeepBoth)?;
    let close: Vec<String> = verdict
        .pairwise
        .get(choice)?
        .iter()
        .filter(|(_, p)| **p < facts.brief.verdict.pairwise)
        .map(|(name, p)| format!("{} ({})", facts.title(name), probability(*p)))
        .collect();
    let mut missed = Vec::new();
    if !close.is_empty() {
        missed.push(format!(
            "it beats {} in less than {}",
            list(&close),
            share(facts.brief.verdict.pairwise)
        ));
    }
    if let Some(margin) = facts
        .margin
        .filter(|margin| margin.probability_ahead() < facts.brief.verdict.separated)
    {
        let ahead = probability(margin.probability_ahead());
        missed.push(format!(
            "with priorities settled it is ahead in {ahead}, less than {}",
            share(facts.brief.verdict.separated)
        ));
    }
    if p_best(facts, choice) < facts.brief.verdict.p_best {
        missed.push(format!(
            "it is the best in less than {}",
            share(facts.brief.verdict.p_best)
        ));
    }
    (!missed.is_empty()).then(|| {
        format!(
            "{} is not chosen outright: {}.",
            facts.title(choice),
            list(&missed)
        )
    })
}

fn priorities(facts: &Facts) -> Option<String> {
    facts.verdict().runner_up.as_ref()?;
    let weights = facts
        .verdict()
        .flips
        .iter()
        .filter(|flip| matches!(flip, Flip::Weight { .. }));
    let told: Vec<String> = weights
        .take(FLIPS_TOLD)
        .map(|flip| flip_words(facts, flip))
        .collect();
    Some(if told.is_empty() {
        "No weight of a single criterion changes the leader, the others in proportion.".to_owned()
    } else {
        format!("Another leads if {}.", told.join("; if "))
    })
}

fn next(facts: &Facts) -> Option<String> {
    let verdict = facts.verdict();
    let margin = facts.margin?;
    let (choice, second) = (verdict.choice.as_deref()?, verdict.runner_up.as_deref()?);
    Some(format!(
        "At the mean weights {} is ahead of {} by {} of value, standard error {} from measuring and {} from evidence that is missing, so ahead in {}; another block takes {} and is worth {} of value{}.",
        facts.title(choice),
        facts.title(second),
        part_of_value(margin.lead),
        part_of_value(margin.noise),
        part_of_value(margin.missing),
        probability(margin.probability_ahead()),
        quantity(margin.block_s, "s", ""),
        part_of_value(margin.value_of_blocks(1)),
        if verdict.outcome == Outcome::KeepBoth {
            format!("; {}", way_out(facts))
        } else {
            String::new()
        }
    ))
}

fn second_opinion(facts: &Facts) -> Option<String> {
    let opinion = facts.verdict().second_opinion.as_ref()?;
    facts.verdict().runner_up.as_ref()?;
    let chance = probability(opinion.p_best.get(&opinion.choice).copied().unwrap_or(0.0));
    Some(contradicted(facts).map_or_else(
        || format!("A judgement in which strengths cannot make up for weaknesses agrees, in {chance}."),
        |words| format!("A second opinion disagrees: {words}."),
    ))
}

fn noise_floor(facts: &Facts) -> Option<String> {
    let floor = facts.verdict().noise_floor.as_ref()?;
    let told: Vec<String> = ["cpu_us_per_request", "latency_ms_p99"]
        .iter()
        .filter_map(|metric| {
            let ratio = floor.ratios.get(*metric)?;
            let (value, low, high) = (ratio.value, ratio.low, ratio.high);
            Some(format!(
                "{} {value:.2} × ({low:.2} to {high:.2})",
                facts.metric_words(metric)
            ))
        })
        .collect();
    (!told.is_empty()).then(|| {
        let title = facts.title(&floor.contender);
        format!("{title} ran twice in every block; the second to the first: {}. No smaller difference is claimed.", list(&told))
    })
}

/// Whom the others are for.
fn central_weights(facts: &Facts) -> Option<String> {
    let verdict = facts.verdict();
    let second = verdict.runner_up.as_deref()?;
    let confidence = verdict
        .confidence
        .get(second)
        .copied()
        .flatten()
        .filter(|p| *p >= WORTH_TELLING)?;
    let central = verdict.central_weights.get(second)?.as_ref()?;
    let above = central
        .iter()
        .map(|(criterion, weight)| (weight - facts.weight(criterion), criterion, *weight));
    let (gain, criterion, weight) = above.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (gain > 0.005).then(|| {
        format!(
            "{} is for whom {} counts for about {} ({} on average here): there it is the best in {}.",
            facts.title(second),
            facts.criterion_words(criterion),
            share(weight),
            share(facts.weight(criterion)),
            probability(confidence)
        )
    })
}

fn vetoes(facts: &Facts) -> Vec<String> {
    let verdict = facts.verdict();
    let mut told: Vec<String> = verdict
        .vetoes
        .iter()
        .map(|veto| {
            format!(
                "{} is out: {}.",
                facts.title(&veto.contender),
                absence::veto(&veto.reason)
            )
        })
        .collect();
    if verdict.outcome == Outcome::None && !told.is_empty() {
        told.insert(
            0,
            format!("None of {} fits.", count(facts.contenders(), "contender")),
        );
    }
    told
}
