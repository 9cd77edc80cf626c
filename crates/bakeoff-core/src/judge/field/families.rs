//! The families of the field: how likely each has the best contender of all. Variants and references do not count: a
//! family with many settings of one stack would have the best of them more often. Ranks no contender.

use super::Field;
use crate::judge::options::JudgeOptions;
use crate::verdict::FamilyShare;

impl Field<'_> {
    /// The families of all that count, the likeliest first.
    pub(in crate::judge) fn families(&self, options: &JudgeOptions) -> Vec<FamilyShare> {
        let counts = |place: &usize| {
            let is_variant = self.contenders[*place].record.variant_of.is_some();
            !is_variant && !self.is_reference(*place)
        };
        let fit: Vec<usize> = self.fit.iter().copied().filter(counts).collect();
        // Every unknown has a stream of its own, so without the variants the simulations are the same.
        let without_variants = (fit.len() < self.fit.len()).then(|| self.decide(&fit, options));
        let decision = match &without_variants {
            Some(decision) => decision.as_ref(),
            None => self.decision.as_ref(),
        };
        let mut families: Vec<FamilyShare> = Vec::new();
        for place in (0..self.contenders.len()).filter(counts) {
            let contender = &self.contenders[place];
            let alternative = fit.iter().position(|other| *other == place);
            let p_best = alternative
                .zip(decision)
                .map(|(alternative, decision)| decision.p_best(alternative));
            let share = of_family(&mut families, &contender.record.family);
            share.p_best += p_best.unwrap_or(0.0);
            share.stacks += 1;
            share.measured += u32::from(contender.was_measured());
            share.fit += u32::from(alternative.is_some());
        }
        families.sort_by(|a, b| {
            let by_name = || a.family.cmp(&b.family);
            b.p_best.total_cmp(&a.p_best).then_with(by_name)
        });
        families
    }
}

/// The share of that family, a new one where there is none yet.
fn of_family<'f>(families: &'f mut Vec<FamilyShare>, family: &str) -> &'f mut FamilyShare {
    let known = families.iter().position(|share| share.family == family);
    let place = known.unwrap_or_else(|| {
        families.push(FamilyShare {
            family: family.to_owned(),
            p_best: 0.0,
            stacks: 0,
            measured: 0,
            fit: 0,
        });
        families.len() - 1
    });
    &mut families[place]
}
