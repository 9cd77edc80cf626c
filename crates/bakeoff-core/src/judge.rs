//! Judges: from the evidence of a run, under a brief and its preferences, to estimates, scores, the verdict and its words. Everything is computed
//! anew each time, so other weights never measure again and the same run gives the same judgement to the last byte. Deliberately total:
//! whatever is missing widens the answer, and no evidence is an answer too.
//!
//! The order of things: [estimates](crate::estimate) of what the gates let count, vetoes, scores by [absolute value functions](crate::value),
//! [SMAA-2](crate::smaa) over those that no veto removed, one of the [three answers](answer), flips, [sentences](crate::sentences).

pub mod answer;
mod curves;
mod field;
mod flips;
mod gates;
pub mod margin;
mod metrics;
mod observed;
pub mod priorities;
mod twins;
mod vetoes;

pub use vetoes::MUST_PREFIX;

use crate::brief::{Brief, Preferences};
use crate::evidence::Run;
use crate::judgement::Judgement;
use crate::plan::Plan;
use crate::sentences::{self, Facts};
use field::Field;
use metrics::Measured;
use observed::Turns;

/// How the simulation runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JudgeOptions {
    /// How many samples: 9,604 give probabilities within ± 0.01.
    pub samples: u32,
    /// The seed: the same gives the same bytes.
    pub seed: u64,
}

impl Default for JudgeOptions {
    /// 20,000 samples: probabilities within ± 0.007.
    fn default() -> JudgeOptions {
        JudgeOptions {
            samples: 20_000,
            seed: 1,
        }
    }
}

/// Judges a run under a brief, with preferences that may differ from the brief's own.
///
/// Preferences that contradict each other count as none, and the verdict's first reason says so; whoever takes them from a
/// user asks [`priorities::region`] first. The twin is no alternative.
#[must_use]
pub fn judge(run: &Run, brief: &Brief, preferences: &Preferences, options: &JudgeOptions) -> Judgement {
    let turns: Vec<Turns> = run
        .contenders
        .iter()
        .map(|record| Turns::new(record, &record.name, &run.trials))
        .collect();
    let measured: Vec<Vec<Measured>> = turns
        .iter()
        .map(|turns| metrics::of_contender(turns, brief, run.host.cores, options.seed))
        .collect();
    let vetoes = turns
        .iter()
        .zip(&measured)
        .flat_map(|(turns, measured)| {
            let shown: Vec<_> = measured.iter().map(|measured| &measured.shown).collect();
            vetoes::against(turns, &shown, brief)
        })
        .collect();
    let (region, contradiction) = match priorities::region(preferences) {
        Ok(region) => (region, None),
        Err(contradiction) => (priorities::everything(), Some(contradiction)),
    };
    let field = Field::new(&turns, &measured, vetoes, brief, run.host.cores, region, options);
    let margin = field.margin(run);
    let mut verdict = field.verdict(margin.as_ref(), options);
    verdict.noise_floor = run.plan.twin_of.as_deref().and_then(|name| {
        let original = turns.iter().find(|turns| turns.record.name == name)?;
        let twin = Turns::new(original.record, &Plan::twin_name(name), &run.trials);
        (!twin.trials.is_empty()).then(|| twins::noise_floor(original, &twin))
    });
    let mut judgement = Judgement {
        criteria: field.criterion_scores(),
        weights: field.weight_summaries(),
        curves: turns.iter().flat_map(curves::of_contender).collect(),
        metrics: Vec::new(),
        verdict,
        words: crate::judgement::Words::default(),
    };
    judgement.metrics = measured
        .into_iter()
        .flatten()
        .map(|measured| measured.shown)
        .collect();
    let facts = Facts::new(run, brief, &judgement, margin, contradiction);
    let (words, reasons) = (sentences::words(&facts), sentences::reasons(&facts));
    judgement.words = words;
    judgement.verdict.reasons = reasons;
    judgement
}

#[cfg(test)]
mod tests;
