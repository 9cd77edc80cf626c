//! Sentences about contenders that stand beside the candidates: what a variant's setting changes, what a prepared start
//! is worth, and what a reference shows. They choose nobody.

use super::absence;
use super::facts::Facts;
use super::number::{list, score, with_interval};
use super::work::not_the_same;
use crate::contender::{family_title, starts_prepared};
use crate::judgement::{CompiledEffect, VariantEffect};

/// One sentence for each variant whose contender was measured too.
pub(super) fn variants(facts: &Facts) -> Vec<String> {
    let effects = facts.judgement.variants.iter();
    effects.filter_map(|effect| variant(facts, effect)).collect()
}

fn variant(facts: &Facts, effect: &VariantEffect) -> Option<String> {
    let times = |ratio: f64| format!("{ratio:.2}");
    let of = |metric: &str| {
        let ratio = effect.ratios.get(metric)?;
        let ratio = with_interval(ratio.value, (ratio.low, ratio.high), times);
        Some(format!("{} × {ratio}", facts.metric_words(metric)))
    };
    // What a setting is asked about most; the page has all.
    let ratios = [
        of("cpu_us_per_request"),
        of("latency_ms_p99"),
        of("memory_mb_peak"),
        of("startup_ms"),
    ];
    let ratios: Vec<String> = ratios.into_iter().flatten().collect();
    (!ratios.is_empty()).then(|| {
        format!(
            "{} compared with {}: {}.",
            facts.title(&effect.contender),
            facts.title(&effect.of),
            list(&ratios)
        )
    })
}

/// One sentence for each variant whose runtime begins from a prepared state where that of its contender does not: the
/// start and the warm-up of both, with their intervals.
pub(super) fn starts(facts: &Facts) -> Vec<String> {
    let is_prepared = |name: &str| {
        let flags = facts.record(name).and_then(|record| record.flags.as_deref());
        flags.is_some_and(starts_prepared)
    };
    let effects = facts.judgement.variants.iter();
    let prepared = effects.filter(|effect| is_prepared(&effect.contender) && !is_prepared(&effect.of));
    prepared.filter_map(|effect| start(facts, effect)).collect()
}

fn start(facts: &Facts, effect: &VariantEffect) -> Option<String> {
    let (of, with) = (facts.title(&effect.of), facts.title(&effect.contender));
    let beside = |metric: &str| {
        let without = seen(facts, &effect.of, metric)?;
        let prepared = seen(facts, &effect.contender, metric)?;
        let ratio = effect.ratios.get(metric).map(|ratio| {
            let times = with_interval(ratio.value, (ratio.low, ratio.high), |ratio| {
                format!("{ratio:.2}")
            });
            format!(", × {times}")
        });
        let words = facts.metric_words(metric);
        Some(format!(
            "{words} {without} and {prepared}{}",
            ratio.unwrap_or_default()
        ))
    };
    let parts = [
        beside("startup_ms"),
        beside("warmup_s"),
        beside("warmup_requests"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("The start of {of}, and that of {with}: {}.", parts.join("; ")))
}

/// `1,900 ms (1,700 ms to 2,100 ms) in 3 launches`, or why there is no value; none where nothing is known of it.
fn seen(facts: &Facts, name: &str, metric: &str) -> Option<String> {
    let estimate = facts.estimate(name, metric)?;
    let Some(range) = estimate.estimate else {
        let why = estimate.missing.as_ref().map(absence::missing)?;
        return Some(format!("no value ({why})"));
    };
    let interval = with_interval(range.value, (range.low, range.high), |value| {
        facts.quantity(value, metric)
    });
    let launches = match estimate.launches {
        0 => String::new(),
        1 => " in 1 launch".to_owned(),
        several => format!(" in {several} launches"),
    };
    Some(format!("{interval}{launches}"))
}

/// One sentence for each contender of a compiled language: CPU time and computing beside the best stack of each family
/// that is not, with what differs in their work. None without a ratio of either.
pub(super) fn compiled(facts: &Facts) -> Vec<String> {
    let effects = &facts.judgement.compiled;
    let mut named: Vec<&str> = Vec::new();
    let mut sentences = Vec::new();
    for effect in effects {
        if named.contains(&effect.contender.as_str()) {
            continue;
        }
        named.push(&effect.contender);
        let of_one = effects.iter().filter(|other| other.contender == effect.contender);
        let parts: Vec<String> = of_one.filter_map(|effect| against(facts, effect)).collect();
        if !parts.is_empty() {
            let title = facts.title(&effect.contender);
            sentences.push(format!(
                "Compiled against interpreted: {title} beside {}.",
                list(&parts)
            ));
        }
    }
    sentences
}

/// `Fastify, the best Node.js stack: CPU time per request × 0.55 (0.50 to 0.61)`.
fn against(facts: &Facts, effect: &CompiledEffect) -> Option<String> {
    let of = |metric: &str| {
        let ratio = effect.ratios.get(metric)?;
        let ratio = with_interval(ratio.value, (ratio.low, ratio.high), |ratio| {
            format!("{ratio:.2}")
        });
        Some(format!("{} × {ratio}", facts.metric_words(metric)))
    };
    let ratios: Vec<String> = [of("cpu_us_per_request"), of("compute_ms")]
        .into_iter()
        .flatten()
        .collect();
    let family = family_title(&facts.record(&effect.of)?.family);
    let differs = not_the_same(facts, &effect.contender, &effect.of);
    let differs = differs.map_or_else(String::new, |words| format!(" ({words})"));
    (!ratios.is_empty()).then(|| {
        let title = facts.title(&effect.of);
        format!("{title} (the best {family} stack): {}{differs}", list(&ratios))
    })
}

/// One sentence for each reference that was measured.
pub(super) fn references(facts: &Facts) -> Vec<String> {
    let verdict = facts.verdict();
    let measured = verdict.references.iter().filter_map(|name| {
        let value = verdict.expected_value.get(name)?.value;
        let family = facts.record(name).map_or("", |record| record.family.as_str());
        Some(format!(
            "{} is a reference and no candidate: it shows what {} does without a framework, and scores {}. A brief that \
             names it under `[contenders]` makes it a candidate.",
            facts.title(name),
            family_title(family),
            score(value)
        ))
    });
    measured.collect()
}
