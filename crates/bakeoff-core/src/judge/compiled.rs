//! Compiled against interpreted: each contender of a compiled language beside the best stack of each other family, as
//! ratios with intervals. The best is the one with the highest expected value in this judgement. Decides nothing.

use super::case::Case;
use super::observed::ContenderEvidence;
use super::twins;
use crate::contender::is_compiled;
use crate::judgement::CompiledEffect;
use crate::verdict::Verdict;
use std::collections::{BTreeMap, BTreeSet};

/// Of every compiled contender and every family that is not, in the order of the run; empty where a run has only one
/// of the two kinds.
pub(super) fn effects(case: &Case, verdict: &Verdict) -> Vec<CompiledEffect> {
    let is_plain = |one: &&ContenderEvidence| one.record.variant_of.is_none();
    let all = || case.contenders.iter().filter(is_plain);
    let families: BTreeSet<&str> = all().map(|one| one.record.family.as_str()).collect();
    let others: Vec<&str> = families
        .into_iter()
        .filter(|family| !is_compiled(family))
        .collect();
    let compiled = all().filter(|one| is_compiled(&one.record.family));
    compiled
        .flat_map(|one| {
            others
                .iter()
                .filter_map(|family| effect(case, verdict, one, family))
        })
        .collect()
}

fn effect(
    case: &Case,
    verdict: &Verdict,
    compiled: &ContenderEvidence,
    family: &str,
) -> Option<CompiledEffect> {
    let value = |one: &&ContenderEvidence| {
        let value = verdict.expected_value.get(&one.record.name);
        value.map_or(f64::NEG_INFINITY, |value| value.value)
    };
    let is_candidate = |one: &&ContenderEvidence| {
        one.record.family == family
            && one.record.variant_of.is_none()
            && !case.references.contains(&one.record.name)
    };
    let candidates = case.contenders.iter().filter(is_candidate);
    let best = candidates.max_by(|one, other| value(one).total_cmp(&value(other)))?;
    let of = |name: &str| case.contenders.iter().position(|one| one.record.name == name);
    let (one, base) = (of(&compiled.record.name)?, of(&best.record.name)?);
    let pairs = case.measured[one].iter().zip(&case.measured[base]);
    let ratio = |(one, base)| {
        let one: &super::metrics::Measured = one;
        Some((one.shown.metric.clone(), twins::ratio(one, base)?))
    };
    let ratios: BTreeMap<_, _> = pairs.filter_map(ratio).collect();
    (!ratios.is_empty()).then(|| CompiledEffect {
        contender: compiled.record.name.clone(),
        of: best.record.name.clone(),
        ratios,
    })
}
