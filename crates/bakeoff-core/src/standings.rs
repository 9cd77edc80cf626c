//! The order of the field: that of the verdict, by expected score, then by name; then the references and the
//! contenders that a veto removed, each in the same order; then those that were not measured. A contender has a rank
//! only if it can be chosen. Reasons in words are not made here.

use crate::evidence::Run;
use crate::judgement::Judgement;
use crate::verdict::{Verdict, VetoReason};

/// Where a contender stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Its rank, from 1; contenders with the same expected score share one.
    Ranked(usize),
    /// It was measured as a reference, and cannot be chosen.
    Reference,
    /// It was measured, and a veto removed it.
    Vetoed,
    /// There is nothing to judge it by.
    NotMeasured,
}

/// A contender and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing<'a> {
    /// The contender's name.
    pub contender: &'a str,
    /// Where it stands.
    pub place: Place,
}

/// Every contender of the run and of its judgement, in the order of the field.
#[must_use]
pub fn standings<'a>(run: &'a Run, judgement: &'a Judgement) -> Vec<Standing<'a>> {
    let verdict = &judgement.verdict;
    let mut field: Vec<Standing<'a>> = names(run, judgement)
        .into_iter()
        .map(|contender| Standing {
            contender,
            place: place(verdict, contender),
        })
        .collect();
    field.sort_by(|a, b| {
        class(a)
            .cmp(&class(b))
            .then(score(verdict, b.contender).total_cmp(&score(verdict, a.contender)))
            .then(a.contender.cmp(b.contender))
    });
    number(verdict, &mut field);
    field
}

/// Expected scores that come this near are the same.
const SAME: f64 = 1e-9;

/// Gives each contender that can be chosen its rank.
fn number(verdict: &Verdict, field: &mut [Standing<'_>]) {
    let mut rank = 0;
    let mut last: Option<f64> = None;
    for (index, standing) in field.iter_mut().enumerate() {
        if let Place::Ranked(slot) = &mut standing.place {
            let score = score(verdict, standing.contender);
            // Two contenders that nothing separates share a rank, and the next one skips a number, as in sports.
            if last.is_none_or(|last| last != score && last - score >= SAME) {
                rank = index + 1;
            }
            *slot = rank;
            last = Some(score);
        }
    }
}

const fn class(standing: &Standing<'_>) -> u8 {
    match standing.place {
        Place::Ranked(_) => 0,
        Place::Reference => 1,
        Place::Vetoed => 2,
        Place::NotMeasured => 3,
    }
}

/// The expected score, by which the verdict finds its leader: P(best) splits among similar contenders, so a copy could
/// move its original down. A contender without a score comes last.
fn score(verdict: &Verdict, name: &str) -> f64 {
    let score = verdict.expected_value.get(name).map(|range| range.value);
    score
        .filter(|value| value.is_finite())
        .unwrap_or(f64::NEG_INFINITY)
}

fn place(verdict: &Verdict, name: &str) -> Place {
    let vetoes = || verdict.vetoes.iter().filter(|veto| veto.contender == name);
    let not_measured = vetoes().any(|veto| matches!(veto.reason, VetoReason::NotMeasured(_)));
    let is_reference = verdict.references.iter().any(|reference| reference == name);
    match (is_reference, vetoes().next().is_some()) {
        _ if not_measured => Place::NotMeasured,
        (true, _) => Place::Reference,
        (false, true) => Place::Vetoed,
        (false, false) if verdict.p_best.contains_key(name) => Place::Ranked(0),
        // A contender without a simulation has no rank, even where no veto is written down.
        (false, false) => Place::NotMeasured,
    }
}

fn names<'a>(run: &'a Run, judgement: &'a Judgement) -> Vec<&'a str> {
    let verdict = &judgement.verdict;
    let recorded = run.contenders.iter().map(|record| record.name.as_str());
    let judged = verdict.p_best.keys().map(String::as_str);
    let vetoed = verdict.vetoes.iter().map(|veto| veto.contender.as_str());
    let estimated = judgement
        .metrics
        .iter()
        .map(|estimate| estimate.contender.as_str());
    let mut names: Vec<&str> = Vec::new();
    for name in recorded.chain(judged).chain(vetoed).chain(estimated) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::{Place, standings};
    use crate::evidence::{Part, Run};
    use crate::fixture::{Fixture, brief};
    use crate::judge::{JudgeOptions, judge};
    use crate::judgement::Judgement;
    use crate::range::Range;
    use crate::verdict::{Veto, VetoReason};
    use proptest::prelude::*;
    use std::sync::OnceLock;

    const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

    /// A run of six contenders and its judgement, made once: a case changes the verdict only.
    fn judged() -> &'static (Run, Judgement) {
        static JUDGED: OnceLock<(Run, Judgement)> = OnceLock::new();
        JUDGED.get_or_init(|| {
            let run = Fixture::new(&NAMES.map(|name| (name, 1.0))).blocks(2).run();
            let brief = brief();
            let options = JudgeOptions {
                samples: 50,
                seed: 1,
                only: Vec::new(),
            };
            let judgement = judge(&run, &brief, &brief.preferences, &options);
            (run, judgement)
        })
    }

    proptest! {
        #[test]
        fn rows_are_in_the_order_of_the_expected_score_and_the_vetoed_are_last(
            scores in prop::collection::vec(0_u8..6, NAMES.len()),
            p_best in prop::collection::vec(0.0_f64..1.0, NAMES.len()),
            vetoed in prop::collection::vec(any::<bool>(), NAMES.len()),
        ) {
            let (run, mut judgement) = judged().clone();
            let verdict = &mut judgement.verdict;
            verdict.vetoes.clear();
            for (place, name) in NAMES.into_iter().enumerate() {
                let value = f64::from(scores[place]) / 5.0;
                verdict.expected_value.insert(name.to_owned(), Range { value, low: value, high: value });
                verdict.p_best.insert(name.to_owned(), p_best[place]);
                if vetoed[place] {
                    verdict.vetoes.push(Veto {
                        contender: name.to_owned(),
                        reason: VetoReason::NeedNotCovered { need: "pdf".to_owned(), note: None },
                    });
                }
            }
            let field = standings(&run, &judgement);
            prop_assert_eq!(field.len(), NAMES.len());
            let score = |name: &str| judgement.verdict.expected_value[name].value;
            for pair in field.windows(2) {
                let (above, below) = (pair[0], pair[1]);
                match (above.place, below.place) {
                    (Place::Ranked(first), Place::Ranked(second)) => {
                        let (a, b) = (score(above.contender), score(below.contender));
                        prop_assert!(a >= b);
                        prop_assert_eq!(first == second, a == b);
                    }
                    (Place::Vetoed, other) => prop_assert_eq!(other, Place::Vetoed),
                    (Place::Ranked(_), Place::Vetoed) => {}
                    places => return Err(TestCaseError::fail(format!("{places:?}"))),
                }
            }
        }
    }

    #[test]
    fn a_reference_stands_behind_the_ranked_and_has_no_rank() {
        let mut run = Fixture::new(&[("a", 1.3), ("b", 1.0), ("c", 1.6)]).run();
        run.contenders[1].part = Part::Reference;
        let brief = brief();
        let options = JudgeOptions {
            samples: 500,
            ..JudgeOptions::default()
        };
        let judgement = judge(&run, &brief, &brief.preferences, &options);
        let field: Vec<(&str, Place)> = standings(&run, &judgement)
            .into_iter()
            .map(|standing| (standing.contender, standing.place))
            .collect();
        let expected = [
            ("a", Place::Ranked(1)),
            ("c", Place::Ranked(2)),
            ("b", Place::Reference),
        ];
        assert_eq!(field, expected);
    }

    #[test]
    fn the_choice_of_the_verdict_is_the_first_row() {
        let contenders = [("a", 1.3), ("b", 1.0), ("c", 1.6)];
        let run = Fixture::new(&contenders).run();
        let brief = brief();
        let options = JudgeOptions {
            samples: 500,
            seed: 1,
            only: Vec::new(),
        };
        let judgement = judge(&run, &brief, &brief.preferences, &options);
        let field = standings(&run, &judgement);
        assert_eq!(judgement.verdict.choice.as_deref(), Some(field[0].contender));
        assert_eq!(judgement.verdict.runner_up.as_deref(), Some(field[1].contender));
        assert_eq!(field[0].place, Place::Ranked(1));
    }
}
