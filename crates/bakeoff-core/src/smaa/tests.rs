//! Worked examples of the literature, and properties that every decision has.

use super::{Criterion, Decision, Evidence, Measure, Problem, Region, Statement, decide};
use crate::metric::Scale;
use crate::value::{Ends, ValueFunction};
use proptest::prelude::{ProptestConfig, prop, prop_assert, prop_assert_eq, proptest};

const UNIT: ValueFunction = ValueFunction {
    zero: 0.0,
    one: 1.0,
    scale: Scale::Linear,
    ends: Ends::Open,
};

/// A problem of one measure a criterion, from rows by alternative.
fn problem(rows: &[(&str, Vec<Evidence>)], statements: &[Statement], samples: u32) -> Problem {
    let criteria: Vec<Criterion> = (0..rows[0].1.len())
        .map(|place| Criterion {
            name: format!("c{}", place + 1),
            measures: vec![Measure {
                name: "value".to_owned(),
                value: UNIT,
                evidence: rows.iter().map(|(_, row)| row[place].clone()).collect(),
            }],
        })
        .collect();
    let names = criteria.iter().map(|criterion| criterion.name.clone()).collect();
    Problem {
        joint: false,
        alternatives: rows.iter().map(|(name, _)| (*name).to_owned()).collect(),
        region: Region::new(names, statements).unwrap(),
        criteria,
        samples,
        seed: 1,
    }
}

fn exact(values: &[f64]) -> Vec<Evidence> {
    values.iter().map(|value| Evidence::Exact(*value)).collect()
}

/// Normal evidence that depends on the seed in a fixed way.
pub(super) fn normal_problem(alternatives: usize, criteria: usize, samples: u32, seed: u64) -> Problem {
    let draw = |a: usize, c: usize| ((a * 7 + c * 13 + seed as usize * 5) % 11) as f64 / 20.0 + 0.2;
    let names: Vec<String> = (0..alternatives).map(|a| format!("a{a}")).collect();
    let rows: Vec<(&str, Vec<Evidence>)> = names
        .iter()
        .enumerate()
        .map(|(a, name)| {
            let row = (0..criteria).map(|c| Evidence::Normal {
                mean: draw(a, c),
                sd: 0.02 + draw(c, a) / 10.0,
            });
            (name.as_str(), row.collect())
        })
        .collect();
    Problem {
        joint: false,
        seed,
        ..problem(&rows, &[], samples)
    }
}

#[track_caller]
fn near(got: &[f64], want: &[f64], within: f64) {
    assert_eq!(got.len(), want.len());
    for (got, want) in got.iter().zip(want) {
        assert!(
            (got - want).abs() <= within,
            "{got} is not within {within} of {want}"
        );
    }
}

const SAMPLES: u32 = 400_000;
/// Half width at 99.99 % of a probability from this number of samples.
const WITHIN: f64 = 0.003_2;

fn three() -> Vec<(&'static str, Vec<Evidence>)> {
    vec![
        ("A", exact(&[1.0, 0.0, 0.5])),
        ("B", exact(&[0.0, 1.0, 0.5])),
        ("C", exact(&[0.6, 0.6, 0.0])),
    ]
}

#[test]
fn worked_example_1_uniform_weights() {
    let got = decide(&problem(&three(), &[], SAMPLES));
    let ab = [29.0 / 60.0, 34.0 / 165.0, 41.0 / 132.0];
    near(&got.ranks[0], &ab, WITHIN);
    near(&got.ranks[1], &ab, WITHIN);
    near(&got.ranks[2], &[1.0 / 30.0, 97.0 / 165.0, 25.0 / 66.0], WITHIN);
    near(
        got.central_weights[0].as_ref().unwrap(),
        &[2609.0 / 5220.0, 821.0 / 5220.0, 179.0 / 522.0],
        WITHIN,
    );
    near(
        got.central_weights[2].as_ref().unwrap(),
        &[17.0 / 36.0, 17.0 / 36.0, 1.0 / 18.0],
        WITHIN,
    );
    near(&[got.pairwise[0][2]], &[37.0 / 55.0], WITHIN);
    near(&[got.expected_value[0].value], &[0.5], 1e-12);
}

#[test]
fn worked_example_2_ordered_weights() {
    let got = decide(&problem(&three(), &Statement::order(&[0, 1, 2], 3), SAMPLES));
    near(&got.ranks[0], &[0.9, 0.1, 0.0], WITHIN);
    near(&got.ranks[1], &[0.0, 1.0 / 14.0, 13.0 / 14.0], WITHIN);
    near(&got.ranks[2], &[0.1, 29.0 / 35.0, 1.0 / 14.0], WITHIN);
    assert_eq!(got.central_weights[1], None);
    assert_eq!(got.confidence[1], None);
    near(&[got.pairwise[0][2]], &[0.9], WITHIN);
}

#[test]
fn worked_example_3_normal_evidence() {
    let normal = |mean, sd| Evidence::Normal { mean, sd };
    let rows = [
        ("A", vec![normal(0.7, 0.10), normal(0.4, 0.05), normal(0.6, 0.20)]),
        ("B", vec![normal(0.5, 0.05), normal(0.6, 0.10), normal(0.5, 0.10)]),
    ];
    let got = decide(&problem(&rows, &[Statement::Exact(vec![0.5, 0.3, 0.2])], SAMPLES));
    near(&[got.p_best(0), got.pairwise[0][1]], &[0.776057760868; 2], WITHIN);
    near(&[got.expected_loss[0]], &[0.010210313866], 2e-4);
    near(
        &[got.expected_value[0].value, got.expected_value[1].value],
        &[0.59, 0.53],
        1e-9,
    );
    near(&[got.confidence[0].unwrap()], &[0.776057760868], 0.012);
}

#[test]
fn worked_example_4_a_copy_reorders_nobody() {
    let equal = [Statement::Exact(vec![1.0; 3])];
    let mut rows = vec![
        ("A", exact(&[1.0, 9.0, 8.0])),
        ("B", exact(&[9.0, 1.0, 9.0])),
        ("C", exact(&[1.0, 1.0, 1.0])),
    ];
    let before = decide(&problem(&rows, &equal, 4_096));
    assert_eq!(before.order(), [1, 0, 2]);
    rows.push(("D", exact(&[9.0, 1.0, 9.0])));
    let after = decide(&problem(&rows, &equal, 4_096));
    assert_eq!(after.order(), [1, 3, 0, 2]);
    near(&after.ranks[1], &[0.5, 0.5, 0.0, 0.0], 1e-12);
}

#[test]
fn a_narrow_region_answers_like_its_middle() {
    let share = |criterion, low, high| Statement::Share { criterion, low, high };
    let narrow = [share(0, 0.5, 0.500_001), share(1, 0.3, 0.300_001)];
    let normal = |mean, sd| Evidence::Normal { mean, sd };
    let rows = [
        ("A", vec![normal(0.7, 0.10), normal(0.4, 0.05), normal(0.6, 0.20)]),
        ("B", vec![normal(0.5, 0.05), normal(0.6, 0.10), normal(0.5, 0.10)]),
    ];
    let got = decide(&problem(&rows, &narrow, 100_000));
    near(&[got.p_best(0)], &[0.776057760868], 2.0 * WITHIN);
}

#[test]
fn missing_evidence_widens_the_result_without_a_penalty() {
    let rows = [("A", vec![Evidence::Missing]), ("B", exact(&[0.5]))];
    let got = decide(&problem(&rows, &[], 100_000));
    near(&[got.p_best(0)], &[0.5], 2.0 * WITHIN);
    near(
        &[
            got.expected_value[0].value,
            got.expected_value[0].low,
            got.expected_value[0].high,
        ],
        &[0.5, 0.025, 0.975],
        0.01,
    );
}

#[test]
fn the_document_has_the_documented_form() {
    let json = decide(&problem(&three(), &Statement::order(&[0, 1, 2], 3), 2_000)).to_json();
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    for key in [
        "alternatives",
        "rank_acceptability",
        "central_weights",
        "confidence",
        "pairwise",
        "expected_value",
        "expected_loss",
        "entropy_bits",
        "samples",
        "monte_carlo_error",
        "second_opinion",
    ] {
        assert!(document.get(key).is_some(), "`{key}` is missing");
    }
    assert!(document["central_weights"]["B"].is_null());
    assert_eq!(document["rank_acceptability"]["A"].as_array().unwrap().len(), 3);
    assert_eq!(
        json,
        decide(&problem(&three(), &Statement::order(&[0, 1, 2], 3), 2_000)).to_json()
    );
}

fn rows_of(scores: &[Vec<f64>], sd: f64) -> Vec<(String, Vec<Evidence>)> {
    let row = |values: &Vec<f64>| {
        values
            .iter()
            .map(|mean| Evidence::Normal { mean: *mean, sd })
            .collect()
    };
    scores
        .iter()
        .enumerate()
        .map(|(place, values)| (format!("a{place}"), row(values)))
        .collect()
}

fn decide_rows(rows: &[(String, Vec<Evidence>)], samples: u32) -> Decision {
    let rows: Vec<(&str, Vec<Evidence>)> = rows
        .iter()
        .map(|(name, row)| (name.as_str(), row.clone()))
        .collect();
    decide(&problem(&rows, &[], samples))
}

fn tables() -> impl proptest::strategy::Strategy<Value = Vec<Vec<f64>>> {
    prop::collection::vec(prop::collection::vec(0.0_f64..1.0, 3), 2..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn first_ranks_sum_to_one_and_so_does_every_rank(scores in tables()) {
        let got = decide_rows(&rows_of(&scores, 0.1), 3_000);
        for rank in 0..scores.len() {
            let of_rank: f64 = got.ranks.iter().map(|ranks| ranks[rank]).sum();
            let of_alternative: f64 = got.ranks[rank].iter().sum();
            prop_assert!((of_rank - 1.0).abs() < 1e-9 && (of_alternative - 1.0).abs() < 1e-9);
        }
        prop_assert!((got.second_opinion.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        prop_assert!(got.expected_loss.iter().all(|loss| *loss >= 0.0));
    }

    #[test]
    fn an_alternative_more_changes_nothing_among_the_rest(scores in tables(), more in prop::collection::vec(0.0_f64..1.0, 3)) {
        let rows = rows_of(&scores, 0.1);
        let before = decide_rows(&rows, 2_000);
        let mut with = rows.clone();
        with.insert(0, ("another".to_owned(), rows_of(&[more], 0.1).remove(0).1));
        let after = decide_rows(&with, 2_000);
        for a in 0..scores.len() {
            prop_assert_eq!(before.expected_value[a], after.expected_value[a + 1]);
            for b in 0..scores.len() {
                prop_assert_eq!(before.pairwise[a][b], after.pairwise[a + 1][b + 1]);
            }
        }
    }

    #[test]
    fn a_permutation_permutes_the_answer(scores in tables()) {
        let rows = rows_of(&scores, 0.1);
        let before = decide_rows(&rows, 2_000);
        let reversed: Vec<_> = rows.iter().rev().cloned().collect();
        let after = decide_rows(&reversed, 2_000);
        for a in 0..scores.len() {
            prop_assert_eq!(&before.ranks[a], &after.ranks[scores.len() - 1 - a]);
        }
    }

    #[test]
    fn the_unit_of_a_measure_changes_nothing(scores in tables(), factor in 0.01_f64..1000.0) {
        let rows = rows_of(&scores, 0.1);
        let rows: Vec<(&str, Vec<Evidence>)> = rows.iter().map(|(name, row)| (name.as_str(), row.clone())).collect();
        let plain = problem(&rows, &[], 2_000);
        let mut other_unit = plain.clone();
        for measure in other_unit.criteria.iter_mut().flat_map(|criterion| &mut criterion.measures) {
            measure.value = ValueFunction { one: factor, ..UNIT };
            for evidence in &mut measure.evidence {
                if let Evidence::Normal { mean, sd } = evidence {
                    (*mean, *sd) = (*mean * factor, *sd * factor);
                }
            }
        }
        let (plain, other) = (decide(&plain), decide(&other_unit));
        for place in 0..scores.len() {
            prop_assert!((plain.expected_value[place].value - other.expected_value[place].value).abs() < 1e-9);
            prop_assert!((plain.p_best(place) - other.p_best(place)).abs() < 1e-3);
        }
    }

    #[test]
    fn more_evidence_narrows(scores in tables()) {
        let width = |decision: &Decision, place: usize| decision.scores[place][0].high - decision.scores[place][0].low;
        let (few, many) = (decide_rows(&rows_of(&scores, 0.1), 2_000), decide_rows(&rows_of(&scores, 0.05), 2_000));
        let nothing: Vec<(String, Vec<Evidence>)> =
            (0..scores.len()).map(|place| (format!("a{place}"), vec![Evidence::Missing; 3])).collect();
        let none = decide_rows(&nothing, 2_000);
        for place in 0..scores.len() {
            prop_assert!(width(&many, place) < width(&few, place) && width(&few, place) < width(&none, place));
            prop_assert!((none.expected_value[place].value - 0.5).abs() < 1e-9);
        }
    }

    #[test]
    fn what_dominates_never_loses(scores in prop::collection::vec(0.0_f64..0.9, 3)) {
        let above: Vec<f64> = scores.iter().map(|score| score + 0.05).collect();
        let got = decide_rows(&rows_of(&[scores, above], 1e-6), 2_000);
        prop_assert_eq!(got.p_best(1), 1.0);
        prop_assert_eq!(got.expected_loss[1], 0.0);
    }
}
