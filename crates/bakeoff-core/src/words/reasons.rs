//! The reasons of a verdict, each a sentence with its numbers: why this contender, how sure, which threshold it
//! misses, which change would make another one win, and what more measuring would bring.

use super::answer::way_out;
use super::facts::Facts;
use super::flip;
use super::laboratory::impossible_values;
use super::number::{
    Quantity, count, grouped, list, probability, score, score_difference, share, with_interval,
};
use super::remarks::{ahead_because, contradicted, disagreement};
use super::{absence, families, level, settings};
use crate::range::Range;
use crate::verdict::{Flip, NoiseFloor, Outcome, VetoReason};

/// At most this many changes of weight are listed: further ones lie further away.
const FLIPS_LISTED: usize = 3;

/// The runner-up's own case is made when it is the best there with at least this probability.
const WORTH_MENTIONING: f64 = 0.1;

pub(super) fn reasons(facts: &Facts) -> Vec<String> {
    let about_the_choice = [
        priorities_ignored(facts),
        families::reason(facts),
        why(facts),
        how_sure(facts),
        thresholds_missed(facts),
        level::at_the_briefs_rate(facts),
        weight_flips(facts),
        more_measuring(facts),
        second_opinion(facts),
        noise_floor(facts),
        case_for_the_runner_up(facts),
    ];
    about_the_choice
        .into_iter()
        .flatten()
        .chain(dropped(facts))
        .chain(settings::variants(facts))
        .chain(settings::starts(facts))
        .chain(settings::references(facts))
        .chain(settings::compiled(facts))
        .chain(vetoes(facts))
        .chain(impossible_values(facts))
        .collect()
}

fn priorities_ignored(facts: &Facts) -> Option<String> {
    let contradiction = facts.judgement.contradiction.as_ref()?;
    Some(format!(
        "The priorities contradict each other ({contradiction}), so they are ignored: all weightings count as equally likely."
    ))
}

fn in_brackets(range: &Range) -> String {
    with_interval(range.value, (range.low, range.high), score)
}

fn why(facts: &Facts) -> Option<String> {
    let verdict = facts.verdict();
    let (choice, second) = (verdict.choice.as_deref()?, verdict.runner_up.as_deref()?);
    let value = |name: &str| verdict.expected_value.get(name).map(in_brackets);
    if let Some(leaders) = level::leaders(facts) {
        return Some(format!(
            "{} have the same expected score, {} on a scale from 0 to 1.",
            list(&leaders),
            value(choice)?
        ));
    }
    Some(format!(
        "{} has the highest expected score, {} on a scale from 0 to 1; {} is next with {}. The main reason: {}.",
        facts.title(choice),
        value(choice)?,
        facts.title(second),
        value(second)?,
        ahead_because(facts)
    ))
}

fn how_sure(facts: &Facts) -> Option<String> {
    let verdict = facts.verdict();
    let (choice, second) = (verdict.choice.as_deref()?, verdict.runner_up.as_deref()?);
    let title = facts.title(choice);
    Some(format!(
        "{title} is the best of {} in {} of simulations and beats {} in {}. On average over all simulations, choosing {title} costs {} points of score compared with the best choice. \
         The {} simulations are accurate to ±{} percentage points.",
        verdict.ranks.len(),
        probability(facts.p_best(choice)),
        facts.title(second),
        probability(facts.pairwise(choice, second)),
        score_difference(verdict.expected_loss.get(choice).copied().unwrap_or(0.0)),
        grouped(u64::from(verdict.samples)),
        Quantity::new(verdict.monte_carlo_error * 100.0, "").in_prose()
    ))
}

/// Which thresholds are missed, when two are kept.
fn thresholds_missed(facts: &Facts) -> Option<String> {
    let verdict = facts.verdict();
    let thresholds = &facts.brief.verdict;
    let kept = verdict.outcome == Outcome::KeepBoth && verdict.level_with_choice.is_empty();
    let choice = verdict.choice.as_deref().filter(|_| kept)?;
    let close: Vec<String> = verdict
        .pairwise
        .get(choice)?
        .iter()
        .filter(|(_, p)| **p < thresholds.pairwise)
        .map(|(name, p)| format!("{} ({})", facts.title(name), probability(*p)))
        .collect();
    let mut missed = Vec::new();
    if !close.is_empty() {
        missed.push(format!(
            "it beats {} in less than {} of simulations",
            list(&close),
            share(thresholds.pairwise)
        ));
    }
    let ahead = facts.margin().map(|margin| margin.probability_ahead());
    if let Some(ahead) = ahead.filter(|ahead| *ahead < thresholds.separated) {
        missed.push(format!(
            "with average priorities it is ahead with a probability of {}, less than {}",
            probability(ahead),
            share(thresholds.separated)
        ));
    }
    if facts.p_best(choice) < thresholds.p_best {
        missed.push(format!(
            "it is the best in less than {} of simulations",
            share(thresholds.p_best)
        ));
    }
    let title = facts.title(choice);
    (!missed.is_empty()).then(|| format!("{title} is not a clear choice: {}.", list(&missed)))
}

fn weight_flips(facts: &Facts) -> Option<String> {
    facts.verdict().runner_up.as_ref()?;
    let flips = facts.verdict().flips.iter();
    let weights = flips.filter(|flip| matches!(flip, Flip::Weight { .. }));
    let listed: Vec<String> = weights
        .take(FLIPS_LISTED)
        .map(|flip| flip::winner_first(facts, flip))
        .collect();
    Some(if listed.is_empty() {
        "No other weight of a single criterion would change the choice.".to_owned()
    } else {
        format!("{}.", listed.join("; "))
    })
}

fn more_measuring(facts: &Facts) -> Option<String> {
    let verdict = facts.verdict();
    let margin = facts.margin().filter(|_| verdict.level_with_choice.is_empty())?;
    let (choice, second) = (verdict.choice.as_deref()?, verdict.runner_up.as_deref()?);
    let title = facts.title(choice);
    let advice = if verdict.outcome == Outcome::KeepBoth {
        format!("; {}", way_out(facts))
    } else {
        String::new()
    };
    let (step, step_s, gain) = if margin.has_launches() {
        let step = if facts.is_about_running_services() {
            "Another run of this length"
        } else {
            "Another round of launches"
        };
        (step, margin.round_s, margin.value_of_rounds(1))
    } else {
        ("Another block", margin.block_s, margin.value_of_blocks(1))
    };
    Some(format!(
        "With average priorities {title} leads {} by {}; the standard error is {} from measurement noise and {} from missing data, so {title} is ahead with a probability of {}. {step} takes {} and would raise the expected score of the choice by {}{advice}.",
        facts.title(second),
        score_difference(margin.lead),
        score_difference(margin.noise),
        score_difference(margin.missing),
        probability(margin.probability_ahead()),
        Quantity::new(step_s, "s").in_prose(),
        score_difference(gain),
    ))
}

fn second_opinion(facts: &Facts) -> Option<String> {
    let opinion = facts.verdict().second_opinion.as_ref()?;
    facts.verdict().runner_up.as_ref()?;
    if !facts.verdict().level_with_choice.is_empty() {
        return None;
    }
    let chance = probability(opinion.p_best.get(&opinion.choice).copied().unwrap_or(0.0));
    let choice = facts.title(&opinion.choice);
    Some(contradicted(facts).map_or_else(
        || {
            format!(
                "Even if strengths could not make up for weaknesses, {choice} would be the best choice ({chance})."
            )
        },
        |words| disagreement(&words),
    ))
}

fn noise_floor(facts: &Facts) -> Option<String> {
    let floor = facts.verdict().noise_floor.as_ref()?;
    let times = |ratio: f64| format!("{ratio:.2}");
    let of = |metric: &str| {
        let ratio = floor.ratios.get(metric)?;
        let ratio = with_interval(ratio.value, (ratio.low, ratio.high), times);
        Some(format!("{} × {ratio}", facts.metric_words(metric)))
    };
    // The most robust figure and the one that readers know; the page has all.
    // From outside the median is the most robust one.
    let median = facts
        .is_about_running_services()
        .then(|| of("latency_ms_p50"))
        .flatten();
    let ratios: Vec<String> = [of("cpu_us_per_request"), median, of("latency_ms_p99")]
        .into_iter()
        .flatten()
        .collect();
    (!ratios.is_empty()).then(|| {
        let title = facts.title(&floor.contender);
        let ratios = list(&ratios);
        if facts.is_about_running_services() {
            return twins(facts, floor, &format!("{title} got the load of each block a second time, under another name, to test the intervals. The second compared with the first: {ratios}."));
        }
        if !floor.predicted.is_empty() {
            return twins(facts, floor, &format!("{title} had launches of its own a second time, under another name, to test the intervals. The second compared with the first: {ratios}."));
        }
        format!(
            "{title} ran twice in every block to show the noise. The second run compared with the first: {ratios}. Smaller differences count as noise."
        )
    })
}

/// What the twins say of the model, after what they measured.
fn twins(facts: &Facts, floor: &NoiseFloor, measured: &str) -> String {
    if floor.widened.is_empty() {
        return format!("{measured} They lie as near to each other as launches and blocks predict.");
    }
    let metrics: Vec<String> = floor
        .widened
        .iter()
        .map(|(metric, factor)| format!("{} (× {factor:.2})", facts.metric_words(metric)))
        .collect();
    format!(
        "{measured} They lie further apart than launches and blocks predict, so the intervals of all contenders are wider: {}.",
        list(&metrics)
    )
}

/// With which priorities the runner-up would be the right choice.
fn case_for_the_runner_up(facts: &Facts) -> Option<String> {
    let verdict = facts.verdict();
    let second = verdict.runner_up.as_deref()?;
    let confidence = verdict.confidence.get(second).copied().flatten();
    let confidence = confidence.filter(|p| *p >= WORTH_MENTIONING)?;
    let central = verdict.central_weights.get(second)?.as_ref()?;
    let above = central
        .iter()
        .map(|(criterion, weight)| (weight - facts.mean_weight(criterion), criterion, *weight));
    let (gain, criterion, weight) = above.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (gain > 0.005).then(|| {
        format!(
            "{} would be the best choice, with a probability of {}, for a team to which {} counts for about {} ({} on average here).",
            facts.title(second),
            probability(confidence),
            facts.criterion_words(criterion),
            share(weight),
            share(facts.mean_weight(criterion))
        )
    })
}

/// Who got no further launch, in one sentence.
fn dropped(facts: &Facts) -> Option<String> {
    let names = &facts.verdict().dropped;
    let titles: Vec<&str> = names.iter().map(|name| facts.title(name)).collect();
    (!titles.is_empty()).then(|| {
        format!(
            "{} got no further launch, since no more measuring could have made it the choice.",
            list(&titles)
        )
    })
}

fn vetoes(facts: &Facts) -> Vec<String> {
    let verdict = facts.verdict();
    // Who was not measured yet is not out: the answer says what is lacking.
    let open = |name: &str| verdict.lacking.iter().any(|lack| lack.contender == name);
    let out = verdict.vetoes.iter().filter(|veto| !open(&veto.contender));
    let mut sentences: Vec<String> = out
        .map(|veto| {
            let (title, reason) = (facts.title(&veto.contender), absence::veto(&veto.reason));
            match (facts.is_reference(&veto.contender), &veto.reason) {
                (true, VetoReason::NotMeasured(_)) => format!("The reference {title} was {reason}."),
                (true, _) => format!("As a candidate, the reference {title} would be out: {reason}."),
                (false, _) => format!("{title} is out: {reason}."),
            }
        })
        .collect();
    if verdict.outcome == Outcome::None && !sentences.is_empty() {
        let field = count(facts.contenders(), "contender");
        sentences.insert(0, format!("None of {field} meets the brief."));
    }
    sentences
}
