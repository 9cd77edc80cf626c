//! The field's decision as a verdict, by contender. The noise floor is added by the caller.

use super::Field;
use crate::judge::answer::outcome;
use crate::judge::flips;
use crate::judge::options::JudgeOptions;
use crate::judge::sufficient::Shortage;
use crate::margin::Margin;
use crate::range::Range;
use crate::smaa::{self, Decision};
use crate::verdict::{Flip, SecondOpinion, Verdict};
use std::collections::BTreeMap;

/// The probability that one alternative beats each other.
fn pairwise(decision: &Decision, place: usize) -> BTreeMap<String, f64> {
    let others = (0..decision.alternatives.len()).filter(|other| *other != place);
    let pair = |other: usize| {
        (
            decision.alternatives[other].clone(),
            decision.pairwise[place][other],
        )
    };
    others.map(pair).collect()
}

impl Field<'_> {
    /// The verdict; `shortage` is what is lacking for one, and `margin` is between the best two, where there are two.
    pub(in crate::judge) fn verdict(
        &self,
        shortage: Shortage,
        margin: Option<&Margin>,
        options: &JudgeOptions,
    ) -> Verdict {
        let order = self.decision.as_ref().map(Decision::order).unwrap_or_default();
        let name = |rank: usize| {
            order
                .get(rank)
                .map(|alternative| self.name(self.fit[*alternative]).to_owned())
        };
        let decision = self.decision.as_ref();
        let criteria = |weights: &Vec<f64>| {
            self.criteria
                .iter()
                .cloned()
                .zip(weights.iter().copied())
                .collect()
        };
        Verdict {
            outcome: outcome(decision, &shortage.lacking, margin, &self.brief.verdict),
            choice: name(0),
            runner_up: name(1),
            level_with_choice: decision.map_or_else(Vec::new, |decision| self.level_with(decision, &order)),
            level_at_rate: self.level_at_rate(&order),
            lacking: shortage.lacking,
            decided_in_s: shortage.seconds,
            little_evidence: self.little_evidence(),
            dropped: self.dropped(),
            p_best: self.by_name(|decision, place| decision.p_best(place), Some(0.0)),
            families: self.families(options),
            references: self.references.to_vec(),
            ranks: self.by_name(|decision, place| decision.ranks[place].clone(), None),
            central_weights: self.by_name(
                |decision, place| decision.central_weights[place].as_ref().map(criteria),
                None,
            ),
            confidence: self.by_name(|decision, place| decision.confidence[place], None),
            pairwise: self.by_name(pairwise, None),
            expected_value: self
                .by_name(|decision, place| decision.expected_value[place], None)
                .into_iter()
                .chain(self.values_of_the_measured_that_are_out())
                .collect(),
            expected_loss: self.by_name(|decision, place| decision.expected_loss[place], None),
            entropy_bits: decision.map_or(0.0, |decision| decision.entropy_bits),
            flips: self.flips(&order),
            vetoes: self.vetoes.to_vec(),
            noise_floor: None,
            monte_carlo_error: smaa::monte_carlo_error(options.samples),
            samples: options.samples,
            second_opinion: self.second_opinion(&order),
        }
    }

    /// A figure of the decision by name for the contenders that fit, and `otherwise` for the other candidates that were
    /// measured.
    fn by_name<T: Clone>(
        &self,
        of: impl Fn(&Decision, usize) -> T,
        otherwise: Option<T>,
    ) -> BTreeMap<String, T> {
        let fit = self.decision.iter().flat_map(|decision| {
            (0..decision.alternatives.len())
                .map(|place| (decision.alternatives[place].clone(), of(decision, place)))
        });
        let measured = self
            .out
            .iter()
            .filter(|place| self.contenders[**place].was_measured() && !self.is_reference(**place));
        let out = measured.filter_map(|place| Some((self.name(*place).to_owned(), otherwise.clone()?)));
        fit.chain(out).collect()
    }

    fn values_of_the_measured_that_are_out(&self) -> Vec<(String, Range)> {
        let Some(beside) = &self.beside else {
            return Vec::new();
        };
        let measured = self
            .out
            .iter()
            .enumerate()
            .filter(|(_, place)| self.contenders[**place].was_measured());
        measured
            .map(|(alternative, place)| (self.name(*place).to_owned(), beside.expected_value[alternative]))
            .collect()
    }

    fn flips(&self, order: &[usize]) -> Vec<Flip> {
        let (Some(decision), [leader, second, ..]) = (&self.decision, order) else {
            return Vec::new();
        };
        let mut found = flips::of_weights(decision, *leader);
        let estimates = |alternative: usize| &self.measured[self.fit[alternative]][..];
        let pair = flips::Pair {
            decision,
            leader: *leader,
            second: *second,
        };
        found.extend(flips::of_measurements(
            &pair,
            self.scored,
            estimates(*leader),
            estimates(*second),
        ));
        found
    }

    fn second_opinion(&self, order: &[usize]) -> Option<SecondOpinion> {
        let (decision, leader) = (self.decision.as_ref()?, order.first()?);
        let best = |a: &usize, b: &usize| decision.second_opinion[*a].total_cmp(&decision.second_opinion[*b]);
        let choice = order.iter().copied().rev().max_by(best)?;
        Some(SecondOpinion {
            p_best: self.by_name(|decision, place| decision.second_opinion[place], None),
            choice: decision.alternatives[choice].clone(),
            agrees: choice == *leader,
        })
    }
}
