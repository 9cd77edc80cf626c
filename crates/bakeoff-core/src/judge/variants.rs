//! What settings change: each variant beside its contender, as ratios with intervals. The two are independent launches,
//! so their errors add up. Decides nothing.

use super::case::Case;
use super::metrics::Measured;
use super::observed::ContenderEvidence;
use super::twins;
use crate::judgement::VariantEffect;
use crate::range::Range;
use std::collections::BTreeMap;

/// Of every judged variant whose contender is judged too and that has a ratio to it, in the order of the run.
pub(super) fn effects(case: &Case) -> Vec<VariantEffect> {
    let contenders = case.contenders.iter().zip(&case.measured);
    contenders
        .filter_map(|(variant, measured)| effect(case, variant, measured))
        .collect()
}

fn effect(case: &Case, variant: &ContenderEvidence, measured: &[Measured]) -> Option<VariantEffect> {
    let of = variant.record.variant_of.as_deref()?;
    let base = case
        .contenders
        .iter()
        .position(|contender| contender.record.name == of)?;
    let ratio = |(one, base): (&Measured, &Measured)| {
        let ratio = twins::ratio(one, base)?;
        Some((one.shown.metric.clone(), ratio))
    };
    let pairs = measured.iter().zip(&case.measured[base]);
    let ratios: BTreeMap<String, Range> = pairs.filter_map(ratio).collect();
    (!ratios.is_empty()).then(|| VariantEffect {
        contender: variant.record.name.clone(),
        of: of.to_owned(),
        ratios,
    })
}
