//! Judges: from the evidence of a run, under a brief and its preferences, to estimates, scores, the verdict and its words. Everything is computed
//! anew each time, so other weights never measure again and the same run gives the same judgement to the last byte. Deliberately total:
//! whatever is missing widens the answer, and no evidence is an answer too.
//!
//! The order of things: [estimates](crate::estimate) of what the gates let count, vetoes, scores by [absolute value functions](crate::value),
//! [SMAA-2](crate::smaa) over those that no veto removed, one of the [three answers](answer), flips, [sentences].

pub mod answer;
mod curves;
mod field;
mod flips;
mod gates;
pub mod margin;
mod metrics;
mod observed;
pub mod priorities;
mod scored;
mod twins;
mod vetoes;

use crate::brief::{Brief, Preferences};
use crate::entrant::Entrant;
use crate::evidence::Run;
use crate::judgement::{Judgement, Words};
use crate::parallel;
use crate::sentences::{self, Facts};
use crate::smaa::{Contradiction, Region};
use crate::verdict::{NoiseFloor, Outcome, Veto};
use field::Field;
use margin::Margin;
use metrics::Measured;
use observed::Turns;
use scored::Scored;

/// How the simulation runs, and whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgeOptions {
    /// How many samples: 9,604 give probabilities within ± 0.01.
    pub samples: u32,
    /// The seed: the same gives the same bytes.
    pub seed: u64,
    /// The contenders to judge; empty: all of the run. Which metrics count is told by the whole run all the same, so whoever is left out moves
    /// no number of the others.
    pub only: Vec<String>,
}

impl Default for JudgeOptions {
    /// 20,000 samples: probabilities within ± 0.007.
    fn default() -> JudgeOptions {
        JudgeOptions {
            samples: 20_000,
            seed: 1,
            only: Vec::new(),
        }
    }
}

impl JudgeOptions {
    /// Whether a contender is judged.
    #[must_use]
    pub fn concern(&self, contender: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == contender)
    }
}

/// Judges a run under a brief, with preferences that may differ from the brief's own.
///
/// Preferences that contradict each other count as none, and the verdict's first reason says so; whoever takes them from a
/// user asks [`priorities::region`] first. The twin is no alternative.
#[must_use]
pub fn judge(run: &Run, brief: &Brief, preferences: &Preferences, options: &JudgeOptions) -> Judgement {
    let case = Case::new(run, brief, preferences, options);
    let field = case.field();
    let margin = field.margins(run).into_iter().next();
    let mut verdict = field.verdict(margin.as_ref(), options);
    verdict.noise_floor = case.noise_floor();
    let mut judgement = Judgement {
        metrics: case
            .measured
            .iter()
            .flatten()
            .map(|measured| measured.shown.clone())
            .collect(),
        criteria: field.criterion_scores(),
        weights: field.weight_summaries(),
        curves: curves::of_contenders(&case.turns),
        verdict,
        words: Words::default(),
    };
    let facts = Facts::new(run, brief, &judgement, margin, case.contradiction);
    let (words, reasons) = (sentences::words(&facts), sentences::reasons(&facts));
    judgement.words = words;
    judgement.verdict.reasons = reasons;
    judgement
}

/// The answer and the choice alone.
#[must_use]
pub fn answer_of(
    run: &Run,
    brief: &Brief,
    preferences: &Preferences,
    options: &JudgeOptions,
) -> (Outcome, Option<String>) {
    let case = Case::new(run, brief, preferences, options);
    let field = case.field();
    let margin = field.margins(run).into_iter().next();
    let verdict = field.verdict(margin.as_ref(), options);
    (verdict.outcome, verdict.choice)
}

/// What separates the leader from each other contender that fits, the runner-up first; empty with fewer than two that fit.
#[must_use]
pub fn margins(run: &Run, brief: &Brief, preferences: &Preferences, options: &JudgeOptions) -> Vec<Margin> {
    Case::new(run, brief, preferences, options).field().margins(run)
}

/// A run with all that is known before anything is weighed.
struct Case<'a> {
    run: &'a Run,
    brief: &'a Brief,
    options: &'a JudgeOptions,
    turns: Vec<Turns<'a>>,
    measured: Vec<Vec<Measured>>,
    scored: Vec<Scored<'a>>,
    vetoes: Vec<Veto>,
    region: Region,
    contradiction: Option<Contradiction>,
}

impl<'a> Case<'a> {
    fn new(run: &'a Run, brief: &'a Brief, preferences: &Preferences, options: &'a JudgeOptions) -> Case<'a> {
        let turns = Turns::all(run);
        let measured: Vec<Vec<Measured>> = parallel::map(&turns, |turns| {
            metrics::of_contender(turns, brief, run.host.cores, options.seed)
        });
        let scored = scored::asked(brief, run.host.cores, &measured);
        let (turns, measured): (Vec<_>, Vec<_>) = turns
            .into_iter()
            .zip(measured)
            .filter(|(turns, _)| options.concern(&turns.record.name))
            .unzip();
        let veto = |(turns, measured): (&Turns, &Vec<Measured>)| {
            let shown: Vec<_> = measured.iter().map(|measured| &measured.shown).collect();
            vetoes::against(turns, &shown, brief)
        };
        let vetoes = turns.iter().zip(&measured).flat_map(veto).collect();
        let criteria = brief.criterion_ids();
        let (region, contradiction) = match priorities::region(preferences, &criteria) {
            Ok(region) => (region, None),
            Err(contradiction) => (Region::everything(criteria), Some(contradiction)),
        };
        Case {
            run,
            brief,
            options,
            turns,
            measured,
            scored,
            vetoes,
            region,
            contradiction,
        }
    }

    fn field(&self) -> Field<'_> {
        Field::new(self)
    }

    fn noise_floor(&self) -> Option<NoiseFloor> {
        let name = self.run.plan.twin_of.as_deref()?;
        let original = self.turns.iter().find(|turns| turns.record.name == name)?;
        let twin = Turns::new(original.record, &Entrant::twin_of(name), &self.run.trials);
        (!twin.trials.is_empty()).then(|| twins::noise_floor(original, &twin))
    }
}

#[cfg(test)]
mod tests;
