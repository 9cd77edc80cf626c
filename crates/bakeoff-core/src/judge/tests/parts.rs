//! Families, references and variants: who counts for what, and what each leaves alone.

use super::judged;
use crate::brief::Preferences;
use crate::evidence::{Part, Run, Status};
use crate::fixture::{Fixture, brief};
use crate::judge::{JudgeOptions, judge};
use crate::judgement::Judgement;
use crate::verdict::{FamilyShare, Outcome};

/// A run of contenders of several families: name, factor, family.
fn run_of(field: &[(&'static str, f64, &str)]) -> Run {
    let factors: Vec<(&'static str, f64)> = field.iter().map(|(name, factor, _)| (*name, *factor)).collect();
    let mut run = Fixture::new(&factors).launches(3).blocks(6).run();
    for (record, (_, _, family)) in run.contenders.iter_mut().zip(field) {
        record.family = (*family).to_owned();
    }
    run
}

const FIELD: [(&str, f64, &str); 5] = [
    ("express", 1.1, "node"),
    ("fastify", 1.0, "node"),
    ("http", 0.9, "node"),
    ("flask", 1.05, "python"),
    ("django", 1.6, "python"),
];

fn share<'a>(judgement: &'a Judgement, family: &str) -> &'a FamilyShare {
    let mut shares = judgement.verdict.families.iter();
    shares
        .find(|share| share.family == family)
        .expect("the family is in the field")
}

fn sum(judgement: &Judgement) -> f64 {
    judgement.verdict.families.iter().map(|share| share.p_best).sum()
}

#[test]
fn the_probabilities_of_families_sum_to_one_and_to_those_of_their_contenders() {
    let judgement = judged(&run_of(&FIELD));
    assert!(
        (sum(&judgement) - 1.0).abs() < 1e-9,
        "{:?}",
        judgement.verdict.families
    );
    let own: f64 = ["express", "fastify", "http"]
        .iter()
        .map(|name| judgement.verdict.p_best[*name])
        .sum();
    let node = share(&judgement, "node");
    assert!((node.p_best - own).abs() < 1e-9, "{node:?}");
    assert_eq!((node.stacks, node.measured, node.fit), (3, 3, 3));
    assert_eq!(
        judgement.verdict.families[0].family, "node",
        "the likeliest first"
    );
}

#[test]
fn a_family_whose_members_all_fail_keeps_its_row() {
    let mut field = FIELD;
    (field[3].1, field[4].1) = (12.0, 13.0);
    let mut run = run_of(&field);
    let judgement = judged(&run);
    let python = share(&judgement, "python");
    assert_eq!(
        (python.p_best, python.stacks, python.measured, python.fit),
        (0.0, 2, 2, 0)
    );
    assert!((sum(&judgement) - 1.0).abs() < 1e-9);
    for record in &mut run.contenders[3..] {
        record.status = Status::PrepareFailed;
    }
    for name in ["flask", "django"] {
        run.trials.retain(|trial| trial.entrant.name() != name);
        run.launches.retain(|launch| launch.entrant.name() != name);
    }
    assert_eq!(share(&judged(&run), "python").measured, 0);
}

#[test]
fn a_reference_is_measured_and_changes_nothing_among_the_candidates() {
    let whole = run_of(&FIELD);
    let mut with_reference = whole.clone();
    with_reference.contenders[2].part = Part::Reference;
    let mut without = whole;
    without.contenders.remove(2);
    without.trials.retain(|trial| trial.entrant.name() != "http");
    without.launches.retain(|launch| launch.entrant.name() != "http");
    without.plan.contenders.retain(|name| name != "http");
    let (with, without) = (judged(&with_reference), judged(&without));
    assert_eq!(with.verdict.references, ["http"]);
    assert_eq!(with.verdict.choice, without.verdict.choice);
    assert_eq!(with.verdict.p_best, without.verdict.p_best);
    assert_eq!(with.verdict.ranks, without.verdict.ranks);
    assert_eq!(with.verdict.families, without.verdict.families);
    assert!(!with.verdict.p_best.contains_key("http"));
    assert!(
        with.verdict.expected_value.contains_key("http"),
        "it has its numbers"
    );
    assert!(
        with.metrics
            .iter()
            .any(|one| one.contender == "http" && one.estimate.is_some())
    );
}

#[test]
fn a_reference_that_is_named_is_a_candidate() {
    let mut run = run_of(&FIELD);
    run.contenders[2].part = Part::Reference;
    let options = JudgeOptions {
        only: vec!["http".to_owned(), "django".to_owned()],
        ..JudgeOptions::default()
    };
    let verdict = judge(&run, &brief(), &Preferences::default(), &options).verdict;
    assert_eq!(
        (verdict.outcome, verdict.choice.as_deref()),
        (Outcome::Choose, Some("http"))
    );
    assert!(verdict.references.is_empty());
}

#[test]
fn a_reference_leaves_nothing_open_and_meets_no_brief() {
    let mut run = run_of(&FIELD);
    run.contenders[2].part = Part::Reference;
    run.trials
        .retain(|trial| trial.entrant.name() != "http" || trial.block < 1);
    let lacking = judged(&run).verdict.lacking;
    assert!(lacking.is_empty(), "{lacking:?}");
    let mut alone = run_of(&[("http", 1.0, "node"), ("heavy", 9.0, "node")]);
    alone.contenders[0].part = Part::Reference;
    let verdict = judged(&alone).verdict;
    assert_eq!((verdict.outcome, verdict.choice), (Outcome::None, None));
}

/// The second contender as a variant of the first.
fn with_variant() -> Run {
    let mut run = run_of(&FIELD);
    run.contenders[1].variant_of = Some("express".to_owned());
    run
}

#[test]
fn a_variant_can_be_chosen_and_does_not_count_for_its_family() {
    let judgement = judged(&with_variant());
    assert!(judgement.verdict.p_best["fastify"] > 0.0);
    let node = share(&judgement, "node");
    assert_eq!((node.stacks, node.fit), (2, 2));
    let mut without = with_variant();
    without.contenders.remove(1);
    without.trials.retain(|trial| trial.entrant.name() != "fastify");
    without
        .launches
        .retain(|launch| launch.entrant.name() != "fastify");
    without.plan.contenders.retain(|name| name != "fastify");
    assert_eq!(judgement.verdict.families, judged(&without).verdict.families);
    assert!((sum(&judgement) - 1.0).abs() < 1e-9);
}

#[test]
fn a_variant_shows_what_its_setting_changes() {
    let judgement = judged(&with_variant());
    let [effect] = &judgement.variants[..] else {
        panic!("{:?}", judgement.variants)
    };
    assert_eq!(
        (effect.contender.as_str(), effect.of.as_str()),
        ("fastify", "express")
    );
    let cpu = effect.ratios["cpu_us_per_request"];
    assert!((cpu.value - 1.0 / 1.1).abs() < 0.08, "{cpu:?}");
    assert!(cpu.low < cpu.value && cpu.value < cpu.high, "{cpu:?}");
    assert!(judged(&run_of(&FIELD)).variants.is_empty());
}

#[test]
fn only_variants_and_references_leave_no_family() {
    let mut run = with_variant();
    for (place, record) in run.contenders.iter_mut().enumerate() {
        if place != 1 {
            record.part = Part::Reference;
        }
    }
    let judgement = judged(&run);
    assert!(judgement.verdict.families.is_empty());
    assert_eq!(judgement.verdict.choice.as_deref(), Some("fastify"));
}

/// The families of a field of any size and any parts sum to one, or to nothing where nobody counts.
mod properties {
    use super::{FIELD, Part, judge, run_of, sum};
    use crate::brief::Preferences;
    use crate::fixture::brief;
    use crate::judge::JudgeOptions;
    use proptest::prelude::{ProptestConfig, prop, prop_assert, proptest};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        #[test]
        fn the_families_sum_to_one(
            parts in prop::collection::vec(0_u8..3, FIELD.len()),
            speed in 0.0_f64..1.0,
        ) {
            let mut run = run_of(&FIELD);
            for (record, part) in run.contenders.iter_mut().zip(&parts) {
                match part {
                    0 => record.part = Part::Reference,
                    1 => record.variant_of = Some("another".to_owned()),
                    _ => {}
                }
            }
            let preferences = Preferences {
                weights: Some([("speed".to_owned(), 0.1 + speed), ("architecture".to_owned(), 1.0)].into()),
                ..Preferences::default()
            };
            let options = JudgeOptions { samples: 500, ..JudgeOptions::default() };
            let judgement = judge(&run, &brief(), &preferences, &options);
            let expected = if parts.contains(&2) { 1.0 } else { 0.0 };
            prop_assert!((sum(&judgement) - expected).abs() < 1e-9, "{:?}", judgement.verdict.families);
        }
    }
}

#[test]
fn a_compiled_language_stands_beside_the_best_stack_of_each_other_family() {
    let field = [&FIELD[..], &[("jdk", 0.3, "java"), ("spring", 0.6, "java")]].concat();
    let mut run = run_of(&field);
    for record in &mut run.contenders {
        if ["http", "jdk"].contains(&record.name.as_str()) {
            record.part = Part::Reference;
        }
    }
    let judgement = judged(&run);
    let pairs: Vec<(&str, &str)> = judgement
        .compiled
        .iter()
        .map(|effect| (effect.contender.as_str(), effect.of.as_str()))
        .collect();
    let expected = [
        ("jdk", "fastify"),
        ("jdk", "flask"),
        ("spring", "fastify"),
        ("spring", "flask"),
    ];
    assert_eq!(
        pairs, expected,
        "no reference and no variant stands for its family"
    );
    let cpu = judgement.compiled[0].ratios["cpu_us_per_request"];
    assert!((cpu.value - 0.3).abs() < 0.05, "{cpu:?}");
    assert!(cpu.low < cpu.value && cpu.value < cpu.high, "{cpu:?}");
    assert_eq!(judgement.verdict.families.len(), 3);
    assert!((sum(&judgement) - 1.0).abs() < 1e-9);
    assert!(judged(&run_of(&FIELD)).compiled.is_empty());
}
