//! Sentences about contenders that stand beside the candidates: what a variant's setting changes, and what a reference
//! shows. They choose nobody.

use super::facts::Facts;
use super::number::{list, score, with_interval};
use super::work::not_the_same;
use crate::contender::family_title;
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
