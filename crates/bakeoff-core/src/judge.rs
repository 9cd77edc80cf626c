//! The judge: from the evidence of a run, a brief and its preferences to estimates, scores and a verdict, in numbers
//! and enums. It judges anew each time, so other weights need no new measurement and the same run gives the same
//! judgement to the last bit. Missing evidence widens the answer, and a run without evidence has an answer too. It
//! makes no words ([`crate::words`]).
//!
//! The order: [estimates](crate::estimate) of the observations that pass the gates, vetoes, scores by [absolute value
//! functions](crate::value), [SMAA-2](crate::smaa) over the contenders that have no veto, one of the [four
//! answers](answer), flips.

pub mod answer;
mod case;
mod compiled;
mod counting;
mod curves;
mod estimated;
mod field;
mod flips;
mod gates;
mod metrics;
mod missing;
mod observed;
mod options;
mod possible;
pub mod priorities;
mod rival;
mod scored;
mod sufficient;
#[cfg(test)]
mod tests;
mod twins;
mod variants;
mod vetoes;

pub use options::JudgeOptions;
pub use rival::Rival;

use crate::brief::{Brief, Preferences};
use crate::evidence::Run;
use crate::judgement::Judgement;
use crate::verdict::Outcome;
use case::Case;
use field::Field;

/// Judges a run under a brief, with preferences that may differ from the brief's own.
///
/// Preferences that contradict each other are ignored, and the judgement says so; a caller that takes them from a
/// user checks them with [`priorities::region`] first. The twin is no alternative.
#[must_use]
pub fn judge(run: &Run, brief: &Brief, preferences: &Preferences, options: &JudgeOptions) -> Judgement {
    let case = Case::new(run, brief, preferences, options);
    let field = Field::new(&case);
    let margins = field.margins(run);
    let mut verdict = field.verdict(sufficient::shortage(&case), margins.first(), options);
    verdict.noise_floor = case.noise_floor();
    let compiled = compiled::effects(&case, &verdict);
    Judgement {
        metrics: metrics::shown(&case.measured),
        criteria: field.criterion_scores(),
        weights: field.weight_summaries(),
        curves: curves::of_contenders(&case.contenders),
        verdict,
        margins,
        variants: variants::effects(&case),
        compiled,
        contradiction: case.contradiction.clone(),
    }
}

/// The outcome and the choice alone: a part of [`judge`] that costs less.
#[must_use]
pub fn answer_of(
    run: &Run,
    brief: &Brief,
    preferences: &Preferences,
    options: &JudgeOptions,
) -> (Outcome, Option<String>) {
    let case = Case::new(run, brief, preferences, options);
    let field = Field::new(&case);
    let verdict = field.verdict(sufficient::shortage(&case), field.margins(run).first(), options);
    (verdict.outcome, verdict.choice)
}

/// The contenders that fit, the leader first and then in the order of their expected values; empty where none fits.
#[must_use]
pub fn rivals(run: &Run, brief: &Brief, preferences: &Preferences, options: &JudgeOptions) -> Vec<Rival> {
    Field::new(&Case::new(run, brief, preferences, options)).rivals(run)
}
