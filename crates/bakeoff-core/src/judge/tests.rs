//! Judging runs whose truth is known.

mod launches;
mod parts;
mod twins;

use super::{JudgeOptions, judge, priorities};
use crate::brief::Preferences;
use crate::criterion::Criterion;
use crate::evidence::{
    Caution, Fault, Gate, GateOutcome, NeedCover, Obstacle, Owner, Run, Stage, Status, Support,
    SupportedPart, Trial,
};
use crate::fixture::{BLOCKS, Fixture, brief, gate};
use crate::judgement::{CriterionScore, Judgement, MetricEstimate, Missing};
use crate::metric::METRICS;
use crate::verdict::{Flip, Outcome};
use crate::words::absence;

fn judged(run: &Run) -> Judgement {
    judge(run, &brief(), &Preferences::default(), &JudgeOptions::default())
}

/// The sentence that says why there is no evidence.
fn why(estimate: &MetricEstimate) -> Option<String> {
    estimate.missing.as_ref().map(absence::missing)
}

fn estimate<'a>(judgement: &'a Judgement, contender: &str, metric: &str) -> &'a MetricEstimate {
    judgement
        .metrics
        .iter()
        .find(|one| one.contender == contender && one.metric == metric)
        .unwrap()
}

#[test]
fn the_known_order_comes_out() {
    let judgement = judged(&Fixture::new(&[("slow", 3.0), ("fast", 1.0), ("middle", 1.6)]).run());
    let verdict = &judgement.verdict;
    assert_eq!(
        (verdict.outcome, verdict.choice.as_deref()),
        (Outcome::Choose, Some("fast"))
    );
    assert_eq!(verdict.runner_up.as_deref(), Some("middle"));
    assert!(verdict.p_best["fast"] > 0.99);
    let cpu = estimate(&judgement, "slow", "cpu_us_per_request");
    let range = cpu.estimate.unwrap();
    assert!(range.low < 900.0 && 900.0 < range.high, "{range:?}");
    assert_eq!(cpu.n, BLOCKS);
    assert_eq!(cpu.by_block.len(), BLOCKS as usize);
    let p99 = estimate(&judgement, "fast", "latency_ms_p99").estimate.unwrap();
    assert!(p99.low < p99.value && p99.value < p99.high);
    assert!((p99.value - 5.0).abs() < 0.5, "{p99:?}");
    assert_eq!(judgement.metrics.len(), 3 * measured_now());
    assert_eq!(judgement.criteria.len(), 3 * Criterion::ALL.len());
    assert!((verdict.p_best.values().sum::<f64>() - 1.0).abs() < 1e-9);
    assert_eq!(judgement.curves.len(), 6);
}

#[test]
fn twins_in_all_but_name_are_kept_both() {
    let judgement = judged(&Fixture::new(&[("one", 1.0), ("other", 1.0), ("slow", 2.0)]).run());
    assert_eq!(judgement.verdict.outcome, Outcome::KeepBoth);
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let run = Fixture::new(&[("slow", 2.0), ("fast", 1.0)]).run();
    let bytes = |judgement: &Judgement| serde_json::to_string(judgement).unwrap();
    assert_eq!(bytes(&judged(&run)), bytes(&judged(&run)));
}

#[test]
fn adding_or_removing_a_contender_changes_no_order() {
    let four = judged(&Fixture::new(&[("a", 1.0), ("b", 1.2), ("c", 1.3), ("d", 2.0)]).run());
    let mut run = Fixture::new(&[("a", 1.0), ("b", 1.2), ("c", 1.3), ("d", 2.0)]).run();
    run.contenders.retain(|record| record.name != "b");
    run.trials.retain(|trial| !trial.entrant.is_contender("b"));
    let three = judged(&run);
    for name in ["a", "c", "d"] {
        assert_eq!(
            four.verdict.expected_value[name],
            three.verdict.expected_value[name]
        );
    }
    assert_eq!(four.verdict.pairwise["a"]["c"], three.verdict.pairwise["a"]["c"]);
}

/// Leaves the observations of some metrics to one contender alone.
fn only_of(mut run: Run, owner: &str, metrics: &[&str]) -> Run {
    let kept = |name: &str, metric: &str| name == owner || !metrics.contains(&metric);
    for trial in &mut run.trials {
        let name = trial.entrant.name().to_owned();
        trial.observations.retain(|seen| kept(&name, &seen.metric));
    }
    for record in &mut run.contenders {
        let name = record.name.clone();
        record.observations.retain(|seen| kept(&name, &seen.metric));
    }
    run
}

fn judged_without(run: &Run, left_out: &str) -> Judgement {
    let names = run.contenders.iter().map(|record| record.name.clone());
    let options = JudgeOptions {
        only: names.filter(|name| name != left_out).collect(),
        ..JudgeOptions::default()
    };
    judge(run, &brief(), &Preferences::default(), &options)
}

/// The number of metrics that this version measures.
fn measured_now() -> usize {
    METRICS
        .iter()
        .filter(|metric| !metric.is_of_earlier_versions())
        .count()
}

#[test]
fn a_metric_of_earlier_versions_stands_where_there_is_evidence_of_it() {
    let mut run = Fixture::new(&[("a", 1.0), ("b", 1.1)]).run();
    let of_earlier = |run: &Run| {
        let judgement = judged(run);
        let metrics = judgement.metrics.iter();
        metrics.filter(|one| one.metric == "cognitive_complexity").count()
    };
    assert_eq!(of_earlier(&run), 0);
    let observation = crate::evidence::Observation::new("cognitive_complexity", 100.0);
    run.contenders[0].observations.push(observation);
    assert_eq!(of_earlier(&run), 2);
}

#[test]
fn leaving_out_the_only_contender_with_evidence_of_a_metric_changes_no_order() {
    let field = [("a", 1.0), ("b", 1.05), ("c", 1.3), ("d", 1.1)];
    let metrics = ["crash_lost", "crash_recovery_ms", "drain_lost", "install_mb"];
    let run = only_of(Fixture::new(&field).run(), "c", &metrics);
    let (whole, rest) = (judged(&run), judged_without(&run, "c"));
    assert_eq!(rest.verdict.ranks.len(), 3);
    assert_eq!(rest.metrics.len(), 3 * measured_now());
    for name in ["a", "b", "d"] {
        let value = |judgement: &Judgement| judgement.verdict.expected_value[name];
        assert_eq!(value(&whole), value(&rest));
        let others = |judgement: &Judgement| {
            let all = judgement.criteria.iter();
            let own: Vec<CriterionScore> = all.filter(|score| score.contender == name).cloned().collect();
            own
        };
        assert_eq!(others(&whole), others(&rest));
    }
}

#[test]
fn a_contender_that_is_out_may_be_the_only_one_with_evidence_of_a_metric() {
    let field = [("a", 1.0), ("b", 1.05), ("heavy", 8.0)];
    let run = only_of(Fixture::new(&field).run(), "heavy", &["crash_lost", "install_mb"]);
    let (whole, rest) = (judged(&run), judged_without(&run, "heavy"));
    assert_eq!((whole.verdict.vetoes.len(), rest.verdict.vetoes.len()), (1, 0));
    for name in ["a", "b"] {
        assert_eq!(
            whole.verdict.expected_value[name],
            rest.verdict.expected_value[name]
        );
    }
    assert_eq!(whole.verdict.pairwise, rest.verdict.pairwise);
}

#[test]
fn limits_broken_beyond_their_interval_are_vetoes() {
    let judgement = judged(&Fixture::new(&[("good", 1.0), ("heavy", 8.0)]).run());
    let verdict = &judgement.verdict;
    let reasons: Vec<String> = verdict
        .vetoes
        .iter()
        .map(|veto| absence::veto(&veto.reason))
        .collect();
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    assert!(reasons[0].starts_with("memory under load is 5"), "{reasons:?}");
    assert!(reasons[0].ends_with("over the limit of 512 MB"), "{reasons:?}");
    assert_eq!(verdict.p_best["heavy"], 0.0);
    assert!(!verdict.ranks.contains_key("heavy"));
    assert!(verdict.expected_value.contains_key("heavy"));
    assert_eq!(verdict.choice.as_deref(), Some("good"));
}

#[test]
fn a_rate_that_is_not_held_is_a_veto_and_no_latency() {
    let mut run = Fixture::new(&[("good", 1.0), ("short", 1.0)]).run();
    for trial in run
        .trials
        .iter_mut()
        .filter(|trial| trial.entrant.is_contender("short"))
    {
        trial.gates[1].outcome = GateOutcome::Failed;
        trial.load.as_mut().unwrap().achieved_rps = 310.0;
    }
    let judgement = judged(&run);
    let veto = &judgement.verdict.vetoes[0];
    assert_eq!(
        absence::veto(&veto.reason),
        "it cannot hold 400 requests/s over 40 connections: 310 correct responses/s on average, and 8 of 8 trials missed the rate"
    );
    let p99 = estimate(&judgement, "short", "latency_ms_p99");
    assert_eq!(p99.estimate, None);
    assert_eq!(p99.gate.as_ref().unwrap().gate, Gate::RateHeld);
    assert_eq!(
        why(p99).as_deref(),
        Some("failed the check `rate held` in 8 of 8 trials (what was; limit: what should be)")
    );
    assert!(estimate(&judgement, "short", "startup_ms").estimate.is_some());
}

#[test]
fn percentiles_that_machine_stalls_may_have_caused_are_no_evidence() {
    let mut run = Fixture::new(&[("fast", 1.0), ("slow", 2.0)]).run();
    let still = |run: &mut Run, block: Option<u32>, share: f64| {
        let of_block = |trial: &&mut crate::evidence::Trial| {
            trial.entrant.is_contender("fast") && block.is_none_or(|block| trial.block == block)
        };
        for trial in run.trials.iter_mut().filter(of_block) {
            trial.environment.stalled_share = Some(share);
        }
    };
    let undisturbed = judged(&run);
    still(&mut run, Some(0), 0.006);
    still(&mut run, Some(1), 0.03);
    let judgement = judged(&run);
    let n = |metric: &str| estimate(&judgement, "fast", metric).n;
    assert_eq!(
        n("latency_ms_p50"),
        BLOCKS,
        "half of all answers were not the machine's"
    );
    assert_eq!(n("latency_ms_p99"), BLOCKS - 1);
    assert_eq!(n("latency_ms_p999"), BLOCKS - 2);
    assert_eq!(n("cpu_us_per_request"), BLOCKS);
    let cautions = &estimate(&judgement, "fast", "latency_ms_p99").cautions;
    let said = cautions.iter().any(|caution| {
        matches!(caution, Caution::Partial { reached } if reached.contains("stalled for 0.6 % of the time (limit: below 0.5 %)"))
    });
    assert!(said, "{cautions:?}");
    assert_eq!(
        estimate(&judgement, "slow", "latency_ms_p999"),
        estimate(&undisturbed, "slow", "latency_ms_p999")
    );

    still(&mut run, None, 0.002);
    let judgement = judged(&run);
    let p999 = estimate(&judgement, "fast", "latency_ms_p999");
    assert_eq!(p999.estimate, None);
    let reason = why(p999).unwrap_or_default();
    assert!(
        reason.contains("the machine was stalled for 0.2 % of the time; limit: below 0.1 %"),
        "{reason}"
    );
}

#[test]
fn a_saturated_generator_is_no_fault_of_the_contender() {
    let mut run = Fixture::new(&[("good", 1.0), ("other", 1.0)]).run();
    for trial in run
        .trials
        .iter_mut()
        .filter(|trial| trial.entrant.is_contender("other"))
    {
        trial.gates[1].outcome = GateOutcome::Failed;
        trial.gates.push(gate(Gate::Generator, GateOutcome::Failed));
    }
    let judgement = judged(&run);
    assert!(
        judgement.verdict.vetoes.is_empty(),
        "{:?}",
        judgement.verdict.vetoes
    );
    assert_eq!(
        estimate(&judgement, "other", "cpu_us_per_request")
            .gate
            .as_ref()
            .unwrap()
            .gate,
        Gate::Generator
    );
}

#[test]
fn a_contender_that_fails_in_most_trials_is_out() {
    let mut run = Fixture::new(&[("good", 1.0), ("brittle", 0.9)]).run();
    let fault = Fault {
        owner: Owner::Contender,
        at: Stage::Start.into(),
        message: "it ended with exit code 3".into(),
        log: Vec::new(),
        obstacle: None,
    };
    for trial in run
        .trials
        .iter_mut()
        .filter(|trial| trial.entrant.is_contender("brittle") && trial.block > 0)
    {
        (trial.load, trial.observations, trial.curves) = (None, Vec::new(), Vec::new());
        trial.faults.push(fault.clone());
    }
    let judgement = judged(&run);
    assert_eq!(
        absence::veto(&judgement.verdict.vetoes[0].reason),
        "it fails in 7 of 8 trials; start: it ended with exit code 3"
    );
    let cpu = estimate(&judgement, "brittle", "cpu_us_per_request");
    assert_eq!((cpu.n, cpu.cautions.clone()), (1, vec![Caution::Once]));
}

#[test]
fn a_need_that_must_be_covered_vetoes() {
    let mut run = Fixture::new(&[("good", 1.0), ("bare", 0.9)]).run();
    run.contenders[1].needs.push(NeedCover {
        need: "postgres".to_owned(),
        covered: false,
        note: None,
    });
    let judgement = judged(&run);
    assert_eq!(judgement.verdict.choice.as_deref(), Some("good"));
    assert_eq!(
        absence::veto(&judgement.verdict.vetoes[0].reason),
        "no known package covers `postgres`, which the brief requires"
    );
}

#[test]
fn contenders_that_were_not_measured_are_listed_with_the_reason() {
    let mut run = Fixture::new(&[("good", 1.0), ("absent", 1.0)]).run();
    run.trials.retain(|trial| trial.entrant.is_contender("good"));
    run.contenders[1].status = Status::Unavailable;
    let judgement = judged(&run);
    assert_eq!(
        absence::veto(&judgement.verdict.vetoes[0].reason),
        "not measured: this machine lacks what it needs"
    );
    assert!(!judgement.verdict.expected_value.contains_key("absent"));
    let cpu = estimate(&judgement, "absent", "cpu_us_per_request");
    assert_eq!(
        why(cpu).as_deref(),
        Some("not measured: this machine lacks what it needs")
    );
}

#[test]
fn when_all_contenders_are_out_none_is_chosen() {
    let judgement = judged(&Fixture::new(&[("heavy", 8.0), ("heavier", 12.0)]).run());
    assert_eq!(judgement.verdict.outcome, Outcome::None);
    assert_eq!(judgement.verdict.choice, None);
}

#[test]
fn an_empty_run_is_an_answer_too() {
    let mut run = Fixture::new(&[("a", 1.0), ("b", 1.0)]).run();
    run.trials.clear();
    run.contenders
        .iter_mut()
        .for_each(|record| record.status = Status::Ready);
    let judgement = judged(&run);
    assert_eq!(judgement.verdict.outcome, Outcome::Undecided);
    run.contenders.clear();
    assert_eq!(judged(&run).verdict.outcome, Outcome::None);
}

#[test]
fn missing_evidence_widens_the_result_and_has_a_reason() {
    let mut run = Fixture::new(&[("a", 1.0), ("b", 1.0)]).run();
    for trial in run
        .trials
        .iter_mut()
        .filter(|trial| trial.entrant.is_contender("b"))
    {
        trial
            .observations
            .retain(|seen| !["waiting_rps", "blocking_ms_p99"].contains(&seen.metric.as_str()));
    }
    run.contenders[1]
        .no_evidence
        .insert("waiting_rps".into(), "it does not serve `wait`".into());
    let judgement = judged(&run);
    assert_eq!(
        why(estimate(&judgement, "b", "waiting_rps")).as_deref(),
        Some("it does not serve `wait`")
    );
    let width = |name: &str| {
        let score = judgement
            .criteria
            .iter()
            .find(|one| one.contender == name && one.criterion == "architecture")
            .unwrap();
        score.score.high - score.score.low
    };
    assert!(width("b") > 1.2 * width("a"));
}

#[test]
fn what_the_brief_does_not_ask_of_one_counts_for_nobody_and_is_no_lack() {
    let of_waiting = |obstacle: Option<Obstacle>| {
        let mut run = Fixture::new(&[("a", 1.0), ("b", 1.0)]).run();
        let of_b = |trial: &&mut Trial| trial.entrant.is_contender("b");
        for trial in run.trials.iter_mut().filter(of_b) {
            trial.observations.retain(|seen| seen.metric != "waiting_rps");
        }
        let obstacle = obstacle.map(|obstacle| ("waiting_rps".to_owned(), obstacle));
        run.contenders[1].no_evidence.extend(obstacle);
        let judgement = judged(&run);
        let score = judgement.criteria.into_iter();
        let mut score = score.filter(|one| one.contender == "b" && one.criterion == "architecture");
        score.next().unwrap()
    };
    assert_eq!(of_waiting(None).missing, ["waiting_rps"]);
    let scenario = "wait".to_owned();
    let asked = of_waiting(Some(Obstacle::NotAsked { scenario }));
    assert_eq!(asked.missing, Vec::<String>::new());
}

#[test]
fn metrics_that_no_contender_was_measured_in_have_no_share() {
    let run_of = |left_out: &[&str]| {
        let mut run = Fixture::new(&[("a", 1.0), ("b", 1.6)]).run();
        for trial in &mut run.trials {
            trial
                .observations
                .retain(|seen| !left_out.contains(&seen.metric.as_str()));
        }
        judged(&run)
    };
    let short = run_of(&["crash_recovery_ms", "crash_lost", "drain_lost"]);
    let width = |judgement: &Judgement| {
        let of_a = |one: &&CriterionScore| one.contender == "a" && one.criterion == "architecture";
        let score = judgement.criteria.iter().find(of_a).unwrap();
        assert_eq!(score.missing, Vec::<String>::new());
        score.score.high - score.score.low
    };
    assert!(
        width(&short) < 2.0 * width(&run_of(&[])),
        "nothing is made up for what nobody was asked"
    );
    assert!(estimate(&short, "a", "crash_lost").missing.is_some());
}

#[test]
fn cautions_stand_beside_the_number_they_weaken() {
    let mut run = Fixture::new(&[("a", 1.0), ("b", 1.1)]).blocks(3).run();
    run.trials[0].cautions.push(Caution::Steal { share: 0.02 });
    run.trials[2]
        .gates
        .push(gate(Gate::SteadyState, GateOutcome::Weak));
    let judgement = judged(&run);
    let ids = |metric: &str| {
        estimate(&judgement, "a", metric)
            .cautions
            .iter()
            .map(Caution::id)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        ids("cpu_us_per_request"),
        ["few-blocks", "no-steady-state", "steal"]
    );
    assert_eq!(ids("memory_mb_idle"), ["few-blocks"]);
    assert_eq!(
        ids("latency_ms_p999"),
        ["few-blocks", "few-samples", "no-steady-state", "steal"]
    );
    assert_eq!(ids("first_answer_s"), ["once"]);
    assert!(ids("dependencies").is_empty());
}

#[test]
fn the_twin_is_no_alternative_and_gives_the_noise_floor() {
    let judgement = judged(&Fixture::new(&[("a", 1.0), ("b", 1.1)]).twin_of("a").run());
    assert_eq!(judgement.verdict.p_best.len(), 2);
    let floor = judgement.verdict.noise_floor.unwrap();
    let cpu = floor.ratios["cpu_us_per_request"];
    assert!(cpu.low < 1.0 && 1.0 < cpu.high && cpu.high < 1.1, "{cpu:?}");
    assert!(floor.ratios.contains_key("latency_ms_p99"));
}

#[test]
fn priorities_move_the_choice_and_flips_say_where() {
    let mut run = Fixture::new(&[("quick", 1.0), ("easy", 1.4)]).noise(0.01).run();
    for observation in &mut run.contenders[0].observations {
        if [
            "contract_tokens",
            "complexity_of_hardest",
            "names_to_learn",
            "first_answer_s",
        ]
        .contains(&observation.metric.as_str())
        {
            observation.value *= 4.0;
        }
    }
    let judgement = judged(&run);
    let (chosen, flip) = (
        judgement.verdict.choice.clone().unwrap(),
        &judgement.verdict.flips[0],
    );
    let Flip::Weight {
        criterion,
        from,
        to,
        winner,
    } = flip
    else {
        panic!("{flip:?}")
    };
    let beyond = 0.01 * (to - from).signum();
    let criterion = Criterion::from_id(criterion).unwrap();
    assert_ne!(&chosen, winner);
    for (share, leader) in [(to - beyond, &chosen), (to + beyond, winner)] {
        let others = Criterion::ALL.into_iter().filter(|other| *other != criterion);
        let weights = others
            .map(|other| (other.id().to_owned(), (1.0 - share) / 5.0))
            .chain([(criterion.id().to_owned(), share)]);
        let preferences = Preferences {
            weights: Some(weights.collect()),
            ..Preferences::default()
        };
        let verdict = judge(&run, &brief(), &preferences, &JudgeOptions::default()).verdict;
        assert_eq!(verdict.choice.as_ref(), Some(leader), "at {share} of {criterion}");
    }
}

#[test]
fn a_measurement_flip_is_where_the_leader_changes() {
    let run = Fixture::new(&[("a", 1.0), ("b", 1.05)]).noise(0.01).run();
    let judgement = judged(&run);
    let flips: Vec<&Flip> = judgement
        .verdict
        .flips
        .iter()
        .filter(|flip| matches!(flip, Flip::Measurement { .. }))
        .collect();
    let exact = flips.iter().find_map(|flip| match flip {
        Flip::Measurement {
            contender,
            metric,
            to,
            ..
        } if contender == "a" && metric == "install_mb" => Some(*to),
        _ => None,
    });
    let to = exact.unwrap();
    for (factor, leader) in [(0.99, "a"), (1.01, "b")] {
        let mut moved = run.clone();
        let observation = moved.contenders[0]
            .observations
            .iter_mut()
            .find(|seen| seen.metric == "install_mb")
            .unwrap();
        observation.value = to * factor;
        assert_eq!(judged(&moved).verdict.choice.as_deref(), Some(leader));
    }
}

#[test]
fn contradictory_priorities_are_reported_and_ignored() {
    let preferences = Preferences {
        order: vec!["speed".to_owned(), "scalability".to_owned()],
        intervals: [("scalability".to_owned(), [0.6, 0.9])].into_iter().collect(),
        ..Preferences::default()
    };
    let error = priorities::region(&preferences, &brief().criterion_ids()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no weights fit all of: `speed` before `scalability`; `scalability` between 0.6 and 0.9"
    );
    let run = Fixture::new(&[("a", 1.0), ("b", 1.1)]).run();
    let judgement = judge(&run, &brief(), &preferences, &JudgeOptions::default());
    assert_eq!(judgement.contradiction, Some(error));
    assert!((judgement.weights[0].share.value - 1.0 / 6.0).abs() < 1e-12);
}

#[test]
fn exact_weights_on_one_criterion_show_its_scores_only() {
    let run = Fixture::new(&[("a", 1.0), ("b", 1.5)]).run();
    let only = |criterion: Criterion| Preferences {
        weights: Some([(criterion.id().to_owned(), 1.0)].into_iter().collect()),
        ..Preferences::default()
    };
    let speed = judge(&run, &brief(), &only(Criterion::Speed), &JudgeOptions::default());
    let learning = judge(
        &run,
        &brief(),
        &only(Criterion::LearningCurve),
        &JudgeOptions::default(),
    );
    assert_ne!(speed.verdict.expected_value, learning.verdict.expected_value);
    let score = speed
        .criteria
        .iter()
        .find(|one| one.contender == "a" && one.criterion == "speed")
        .unwrap();
    assert!((speed.verdict.expected_value["a"].value - score.score.value).abs() < 1e-12);
}

/// A measure of the brief's own: weeks to hire, fewer are better.
fn hiring(criterion: &str, values: &[(&str, f64)]) -> crate::brief::OwnMeasure {
    crate::brief::OwnMeasure {
        id: "hiring_weeks".to_owned(),
        title: "Time to hire".to_owned(),
        unit: "weeks".to_owned(),
        criterion: criterion.to_owned(),
        better: crate::metric::Better::Lower,
        worst: 20.0,
        best: 4.0,
        scale: crate::metric::Scale::Linear,
        ends: crate::value::Ends::Clipped,
        values: values
            .iter()
            .map(|(name, weeks)| ((*name).to_owned(), crate::smaa::Evidence::Exact(*weeks)))
            .collect(),
    }
}

#[test]
fn stated_and_measured_values_are_judged_alike() {
    let run = Fixture::new(&[("a", 1.0), ("b", 1.3)]).run();
    let mut asked = brief();
    asked.measures = vec![hiring("hiring", &[("a", 18.0), ("b", 5.0)])];
    let decided = |preferences: &Preferences| judge(&run, &asked, preferences, &JudgeOptions::default());
    let open = decided(&Preferences::default());
    let stated = estimate(&open, "b", "hiring_weeks");
    assert_eq!(stated.estimate.unwrap().value, 5.0);
    assert_eq!(stated.score.unwrap().value, 15.0 / 16.0);
    assert_eq!(stated.note.as_deref(), Some("stated in the brief"));
    assert_eq!(open.weights.len(), 7);
    assert_eq!(open.verdict.central_weights["a"].as_ref().unwrap().len(), 7);
    let hiring_first = Preferences {
        intervals: [("hiring".to_owned(), [0.6, 0.9])].into_iter().collect(),
        ..Preferences::default()
    };
    assert_eq!(decided(&hiring_first).verdict.choice.as_deref(), Some("b"));
}

#[test]
fn a_stated_measure_shares_the_weight_of_its_criterion() {
    let run = Fixture::new(&[("a", 1.0), ("b", 1.3)]).run();
    let mut asked = brief();
    asked.measures = vec![hiring("extensibility", &[("b", 5.0)])];
    let got = judge(&run, &asked, &Preferences::default(), &JudgeOptions::default());
    assert_eq!(got.weights.len(), 6);
    let score = got
        .criteria
        .iter()
        .find(|score| score.contender == "a" && score.criterion == "extensibility")
        .unwrap();
    assert_eq!(score.missing, ["hiring_weeks"]);
    let missing = &estimate(&got, "a", "hiring_weeks").missing;
    assert_eq!(*missing, Some(Missing::NotStated));
}

#[test]
fn a_brief_sets_the_thresholds_of_a_choice() {
    let run = Fixture::new(&[("one", 1.0), ("other", 1.0), ("slow", 2.0)]).run();
    let mut asked = brief();
    let outcome =
        |asked: &crate::brief::Brief| judge(&run, asked, &Preferences::default(), &JudgeOptions::default());
    assert_eq!(outcome(&asked).verdict.outcome, Outcome::KeepBoth);
    asked.verdict = crate::brief::Thresholds {
        p_best: 0.1,
        pairwise: 0.3,
        separated: 0.5,
    };
    assert_eq!(outcome(&asked).verdict.outcome, Outcome::Choose);
}

mod properties {
    use super::super::{JudgeOptions, judge};
    use super::only_of;
    use crate::brief::Preferences;
    use crate::entrant::Entrant;
    use crate::fixture::{Fixture, brief};
    use crate::metric::METRICS;
    use proptest::prelude::{ProptestConfig, prop, prop_assert_eq, proptest};
    use proptest::sample::subsequence;

    const OPTIONS: JudgeOptions = JudgeOptions {
        samples: 1_000,
        seed: 1,
        only: Vec::new(),
    };

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        /// On whole runs: a copy of a contender, and one left out, change no value and no order among the others.
        #[test]
        fn copying_or_removing_a_contender_changes_no_order(factors in prop::collection::vec(0.8_f64..2.5, 3..5), pick in 0_usize..3) {
            let names = ["a", "b", "c", "d"];
            let field: Vec<(&str, f64)> = names.into_iter().zip(factors).collect();
            let run = Fixture::new(&field).blocks(5).run();
            let decided = |run| judge(run, &brief(), &Preferences::default(), &OPTIONS).verdict;
            let (mut more, mut fewer) = (run.clone(), run.clone());
            let picked = names[pick];
            let mut copy = run.contenders[pick].clone();
            copy.name = "copy".to_owned();
            more.contenders.insert(0, copy);
            let trials = run.trials.iter().filter(|trial| trial.entrant.is_contender(picked)).cloned();
            more.trials.extend(trials.map(|trial| crate::evidence::Trial { entrant: Entrant::contender("copy"), ..trial }));
            fewer.contenders.retain(|record| record.name != picked);
            fewer.trials.retain(|trial| !trial.entrant.is_contender(picked));
            let (whole, more, fewer) = (decided(&run), decided(&more), decided(&fewer));
            for (name, _) in &field {
                prop_assert_eq!(whole.expected_value[*name], more.expected_value[*name]);
                for (other, _) in field.iter().filter(|(other, _)| other != name) {
                    prop_assert_eq!(whole.pairwise[*name][*other], more.pairwise[*name][*other]);
                    if *name != picked && *other != picked {
                        prop_assert_eq!(whole.pairwise[*name][*other], fewer.pairwise[*name][*other]);
                    }
                }
            }
        }

        /// Whichever metrics one contender alone has evidence of, and whether or not a limit puts it out: leaving it
        /// out changes nothing among the others.
        #[test]
        fn leaving_out_a_contender_removes_no_metric(
            factors in prop::collection::vec(0.8_f64..2.5, 3..5),
            pick in 0_usize..3,
            heavy in prop::bool::ANY,
            alone in subsequence(METRICS.iter().map(|metric| metric.id).collect::<Vec<_>>(), 1..METRICS.len()),
        ) {
            let names = ["a", "b", "c", "d"];
            let mut field: Vec<(&str, f64)> = names.into_iter().zip(factors).collect();
            let picked = names[pick];
            field[pick].1 *= if heavy { 8.0 } else { 1.0 };
            let run = only_of(Fixture::new(&field).blocks(5).run(), picked, &alone);
            let only = field.iter().map(|(name, _)| (*name).to_owned()).filter(|name| name != picked).collect();
            let decided = |options| judge(&run, &brief(), &Preferences::default(), options).verdict;
            let (whole, rest) = (decided(&OPTIONS), decided(&JudgeOptions { only, ..OPTIONS }));
            for (name, value) in &rest.expected_value {
                prop_assert_eq!(value, &whole.expected_value[name]);
                for (other, p) in &rest.pairwise[name] {
                    prop_assert_eq!(p, &whole.pairwise[name][other]);
                }
            }
            prop_assert_eq!(rest.expected_value.len(), field.len() - 1);
        }
    }
}

#[test]
fn a_runtime_past_its_end_weakens_every_number_of_its_contender_and_no_other() {
    let mut run = Fixture::new(&[("a", 1.0), ("b", 1.3)]).run();
    run.started = "2026-11-28T09:00:00Z".to_owned();
    run.contenders[0].support = vec![Support {
        part: SupportedPart::Runtime,
        what: "Node.js 20.20.2".to_owned(),
        line: Some("20".to_owned()),
        active_until: None,
        ends: Some("2026-04-30".to_owned()),
        older_than: Some("22".to_owned()),
        source: None,
        not_provided: None,
        table: "2026-11-28".to_owned(),
    }];
    let judgement = judged(&run);
    let ended = |one: &MetricEstimate| one.cautions.iter().any(|c| c.id() == "runtime-ended");
    for one in judgement.metrics.iter().filter(|one| one.estimate.is_some()) {
        assert_eq!(ended(one), one.contender == "a", "{}", one.metric);
    }
    let plain = judged(&Fixture::new(&[("a", 1.0), ("b", 1.3)]).run());
    assert_eq!(judgement.verdict.p_best, plain.verdict.p_best);
}
