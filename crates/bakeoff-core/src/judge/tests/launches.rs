//! Judging runs of launches whose truth is known.

use super::{estimate, judged, why};
use crate::evidence::{
    Advice, Caution, Curve, CurveKind, EndReason, Gate, GateOutcome, LaunchEnd, Next, Run, Trial, WarmClass,
    Why,
};
use crate::fixture::{Fixture, curve, gate};
use crate::judgement::{Judgement, MetricEstimate, Missing};
use crate::metric::{METRICS, Reduce};
use crate::range::Range;
use crate::words::absence;
use proptest::prelude::{ProptestConfig, prop, prop_assert, prop_assert_eq, proptest};

const FIELD: [(&str, f64); 2] = [("a", 1.0), ("b", 1.5)];

/// Three launches of three blocks each.
pub(super) fn fixture() -> Fixture {
    Fixture::new(&FIELD).launches(3).blocks(9)
}

fn of<'a>(run: &'a mut Run, name: &'static str) -> impl Iterator<Item = &'a mut Trial> {
    run.trials
        .iter_mut()
        .filter(move |trial| trial.entrant.is_contender(name))
}

fn range(judgement: &Judgement, contender: &str, metric: &str) -> Range {
    estimate(judgement, contender, metric).estimate.unwrap()
}

pub(super) fn width(estimate: &MetricEstimate) -> f64 {
    let range = estimate.estimate.unwrap();
    (range.high / range.low).ln()
}

#[test]
fn blocks_and_launches_are_counted_each_for_itself() {
    let judgement = judged(&fixture().run());
    let cpu = estimate(&judgement, "b", "cpu_us_per_request");
    assert_eq!(
        (cpu.n, cpu.launches, cpu.by_block.len(), cpu.by_launch.len()),
        (9, 3, 9, 3)
    );
    let seen = cpu.estimate.unwrap();
    assert!(seen.low < 450.0 && 450.0 < seen.high, "{seen:?}");
    assert!(
        cpu.degrees.unwrap() >= 4.0 && cpu.cautions.is_empty(),
        "{:?}",
        cpu.cautions
    );
    for once in ["startup_ms", "warmup_requests", "after_rest_ratio", "drain_lost"] {
        let one = estimate(&judgement, "a", once);
        assert_eq!((one.n, one.launches), (3, 3), "{once}");
        assert!(one.cautions.is_empty(), "{once}: {:?}", one.cautions);
    }
    let p99 = estimate(&judgement, "a", "latency_ms_p99");
    assert_eq!((p99.n, p99.launches, p99.by_launch.len()), (9, 3, 3));
}

#[test]
fn launches_that_differ_widen_what_blocks_alone_would_not() {
    let judgement = |noise| judged(&fixture().noise(0.01).noise_of_launches(noise).run());
    let (alike, apart) = (judgement(0.0), judgement(0.3));
    for (metric, factor) in [("rate_rps_slo", 1.05), ("cpu_us_per_request", 1.5)] {
        let widths = [&alike, &apart].map(|judgement| width(estimate(judgement, "a", metric)));
        assert!(widths[1] > factor * widths[0], "{metric}: {widths:?}");
    }
}

#[test]
fn the_interval_of_a_percentile_follows_launches_and_then_their_blocks() {
    // From five launches on nothing that is known beforehand counts.
    let run = Fixture::new(&FIELD)
        .launches(5)
        .blocks(15)
        .noise(0.01)
        .noise_of_launches(0.3)
        .run();
    let launches_apart = judged(&run);
    let p50 = estimate(&launches_apart, "a", "latency_ms_p50");
    let means: Vec<f64> = p50
        .by_launch
        .iter()
        .map(|launch| mean_log(&launch.blocks))
        .collect();
    let mean = means.iter().sum::<f64>() / 5.0;
    let variance = means.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / 4.0;
    // Student's t of 4 degrees, to both sides. The merged percentile is no mean of logarithms, but near it.
    let expected = 2.0 * 2.776 * (variance / 5.0).sqrt();
    let ratio = width(p50) / expected;
    assert!((0.8..1.25).contains(&ratio), "{}, not {expected}", width(p50));
    // The same histograms, dealt so that each launch has those of three others: the same percentile, but launches that
    // are alike and blocks that lie apart within them.
    let mut run = run;
    let curves: Vec<Vec<Curve>> = of(&mut run, "a").map(|trial| trial.curves.clone()).collect();
    for (place, trial) in of(&mut run, "a").enumerate() {
        trial.curves = curves[place % 3 * 5 + place / 3].clone();
    }
    let blocks_apart = judged(&run);
    let dealt = estimate(&blocks_apart, "a", "latency_ms_p50");
    assert_eq!(dealt.estimate.unwrap().value, p50.estimate.unwrap().value);
    assert!(
        width(p50) > 1.2 * width(dealt),
        "{}, {}",
        width(p50),
        width(dealt)
    );
}

fn mean_log(blocks: &[(u32, f64)]) -> f64 {
    blocks.iter().map(|(_, value)| value.ln()).sum::<f64>() / blocks.len() as f64
}

#[test]
fn few_launches_are_a_caution() {
    let run = Fixture::new(&FIELD).launches(2).blocks(6).run();
    let judgement = judged(&run);
    let cpu = estimate(&judgement, "a", "cpu_us_per_request");
    assert_eq!(cpu.cautions, [Caution::FewLaunches { launches: 2 }]);
    assert_eq!(
        estimate(&judgement, "a", "startup_ms").cautions,
        [Caution::FewLaunches { launches: 2 }]
    );
}

#[test]
fn a_percentile_needs_responses_beyond_it_from_several_trials() {
    let mut run = fixture().run();
    let judgement = judged(&run);
    // 9 trials of 2,000 responses: 18 beyond the 99.9th percentile.
    assert!(estimate(&judgement, "a", "latency_ms_p999").estimate.is_some());
    run.trials.retain(|trial| trial.block < 4);
    let judgement = judged(&run);
    let p999 = estimate(&judgement, "a", "latency_ms_p999");
    assert_eq!(
        p999.missing,
        Some(Missing::TooFewResponses {
            beyond: 8,
            needed: 10,
            missing_requests: 2_000
        })
    );
    assert_eq!(
        why(p999).as_deref(),
        Some("only 8 responses lie beyond it, and 10 are needed; 2,000 more responses would bring them")
    );
    assert!(p999.estimate.is_none() && p999.by_block.is_empty() && p999.score.is_none());
    assert!(estimate(&judgement, "a", "latency_ms_p99").estimate.is_some());
    run.trials.retain(|trial| trial.block < 2);
    let p99 = &judged(&run);
    let p99 = estimate(p99, "a", "latency_ms_p99");
    assert_eq!(p99.missing, Some(Missing::TooFewTrials { trials: 2, needed: 3 }));
}

#[test]
fn all_percentiles_come_from_the_same_trials() {
    let mut run = fixture().run();
    of(&mut run, "a").for_each(|trial| trial.environment.stalled_share = Some(0.0));
    let undisturbed = judged(&run);
    // Below the service level's percentile: it counts for all of them. Above: for none.
    of(&mut run, "a").next().unwrap().environment.stalled_share = Some(0.006);
    of(&mut run, "a").nth(1).unwrap().environment.stalled_share = Some(0.03);
    let judgement = judged(&run);
    for metric in METRICS
        .iter()
        .filter(|metric| matches!(metric.reduce, Reduce::ResponseQuantile(_)))
    {
        assert_eq!(estimate(&judgement, "a", metric.id).n, 8, "{}", metric.id);
    }
    assert_eq!(estimate(&judgement, "a", "cpu_us_per_request").n, 9);
    assert_eq!(
        estimate(&judgement, "b", "latency_ms_p999"),
        estimate(&undisturbed, "b", "latency_ms_p999")
    );
    // The machine stood still for more of the whole time than lies beyond the percentile.
    of(&mut run, "a").for_each(|trial| trial.environment.stalled_share = Some(0.002));
    let judgement = judged(&run);
    let p999 = estimate(&judgement, "a", "latency_ms_p999");
    assert!(
        matches!(&p999.missing, Some(Missing::Gate { gate, missed: 9, of: 9 }) if gate.gate == Gate::Quiet)
    );
    assert!(estimate(&judgement, "a", "latency_ms_p99").estimate.is_some());
}

#[test]
fn trials_that_were_not_warm_do_not_count_for_what_needs_a_warm_server() {
    let mut run = fixture().run();
    let cold = of(&mut run, "a").next().unwrap();
    cold.wake_up.as_mut().unwrap().returned = false;
    cold.observations.iter_mut().for_each(|seen| seen.value *= 3.0);
    let judgement = judged(&run);
    let cpu = estimate(&judgement, "a", "cpu_us_per_request");
    assert_eq!(
        (cpu.n, cpu.cautions.as_slice()),
        (8, &[Caution::NotBackFromRest { trials: 1 }][..])
    );
    assert!(cpu.estimate.unwrap().value < 330.0);
    assert_eq!(estimate(&judgement, "a", "latency_ms_p50").n, 8);
    // Memory and what probes measure do not depend on it.
    assert_eq!(estimate(&judgement, "a", "memory_mb_peak").n, 9);
    assert_eq!(estimate(&judgement, "a", "waiting_rps").n, 9);
}

#[test]
fn what_never_settles_is_never_told_apart_by_less_than_it_still_changed() {
    let mut run = fixture().run();
    let settled = width(estimate(&judged(&run), "a", "cpu_us_per_request"));
    for launch in run
        .launches
        .iter_mut()
        .filter(|launch| launch.entrant.is_contender("a"))
    {
        launch
            .observations
            .retain(|seen| !seen.metric.starts_with("warmup"));
        launch.gates[1].outcome = GateOutcome::Failed;
        let warm_up = launch.warm_up.as_mut().unwrap();
        (warm_up.class, warm_up.level) = (WarmClass::NoSteadyState, None);
        warm_up.windows[7..]
            .iter_mut()
            .for_each(|window| window.cpu_us *= 0.7);
    }
    let judgement = judged(&run);
    let cpu = estimate(&judgement, "a", "cpu_us_per_request");
    assert_eq!((cpu.n, cpu.missing.as_ref()), (9, None));
    let changed = (1.0_f64 / 0.7).ln();
    assert!(
        (width(cpu) - settled - 2.0 * changed).abs() < 1e-6,
        "{}, {settled}",
        width(cpu)
    );
    assert!(
        matches!(cpu.cautions[..], [Caution::NotWarm { .. }]),
        "{:?}",
        cpu.cautions
    );
    let warm_up = estimate(&judgement, "a", "warmup_s");
    assert_eq!(warm_up.missing, Some(Missing::NotWarm { launches: 3 }));
    assert_eq!(
        why(warm_up).as_deref(),
        Some("it did not settle within the time for it, in any of its 3 launches")
    );
    assert!(estimate(&judgement, "a", "startup_ms").estimate.is_some());
}

#[test]
fn a_launch_that_drifts_counts_from_its_last_level_on() {
    let mut run = Fixture::new(&FIELD).launches(3).blocks(12).noise(0.01).run();
    for trial in of(&mut run, "a").take(2) {
        trial.load.as_mut().unwrap().server_cpu_s *= 5.0;
        trial.observations.iter_mut().for_each(|seen| seen.value *= 5.0);
    }
    let judgement = judged(&run);
    let cpu = estimate(&judgement, "a", "cpu_us_per_request");
    assert_eq!(cpu.n, 10);
    assert!(cpu.estimate.unwrap().value < 330.0);
    assert!(
        matches!(cpu.cautions[..], [Caution::StillWarmingUp { trials: 2, ratio }] if ratio < 0.25),
        "{:?}",
        cpu.cautions
    );
}

#[test]
fn no_estimate_uses_a_trial_that_another_server_disturbed() {
    let mut run = fixture().run();
    let undisturbed = judged(&run);
    // B does not rest while A's second trial runs.
    let disturbed = of(&mut run, "a").nth(1).unwrap();
    disturbed.environment.resting_cores = Some(0.8);
    disturbed.gates.push(gate(Gate::Quiet, GateOutcome::Failed));
    disturbed
        .observations
        .iter_mut()
        .for_each(|seen| seen.value *= 3.0);
    let judgement = judged(&run);
    let cpu = estimate(&judgement, "a", "cpu_us_per_request");
    assert_eq!((cpu.n, cpu.gate.as_ref().unwrap().gate), (8, Gate::Quiet));
    assert!(cpu.estimate.unwrap().value < 330.0);
    assert!(cpu.cautions.contains(&Caution::DisturbedByAnother { trials: 1 }));
    assert_eq!(
        estimate(&judgement, "b", "cpu_us_per_request"),
        estimate(&undisturbed, "b", "cpu_us_per_request")
    );
}

#[test]
fn what_a_launch_observes_at_its_end_counts_once_a_launch() {
    let mut run = fixture().run();
    let judgement = judged(&run);
    assert_eq!(estimate(&judgement, "a", "crash_recovery_ms").n, 3);
    let own = run
        .launches
        .iter_mut()
        .filter(|launch| launch.entrant.is_contender("a"));
    own.for_each(|launch| launch.end = Some(LaunchEnd::new(EndReason::SessionEnded, 100.0)));
    let judgement = judged(&run);
    assert_eq!(
        estimate(&judgement, "a", "crash_recovery_ms").missing,
        Some(Missing::NoTurn)
    );
    assert_eq!(estimate(&judgement, "b", "crash_recovery_ms").n, 3);
}

#[test]
fn what_racing_dropped_names_racing_as_the_reason() {
    let mut run = fixture().run();
    of(&mut run, "b").for_each(|trial| trial.observations.retain(|seen| seen.metric != "waiting_rps"));
    let unfinished = Why::Unfinished { rounds: 2, of: 3 };
    run.advice.push(Advice {
        dropped: vec!["b".to_owned()],
        ..Advice::unweighed(2, 6, Next::GoOn, unfinished)
    });
    let judgement = judged(&run);
    assert_eq!(
        estimate(&judgement, "b", "waiting_rps").missing,
        Some(Missing::DroppedByRacing)
    );
}

#[test]
fn a_launch_whose_check_failed_observes_nothing() {
    let mut run = fixture().run();
    run.launches[0].gates[0] = gate(Gate::Contract, GateOutcome::Failed);
    let judgement = judged(&run);
    assert_eq!(estimate(&judgement, "a", "startup_ms").n, 2);
}

#[test]
fn evidence_without_launches_has_nothing_of_what_needs_them() {
    let judgement = judged(&Fixture::new(&FIELD).run());
    let after_rest = estimate(&judgement, "a", "after_rest_ratio");
    assert_eq!(after_rest.missing, Some(Missing::EarlierVersion));
    let cpu = estimate(&judgement, "a", "cpu_us_per_request");
    assert_eq!((cpu.launches, cpu.by_launch.len()), (0, 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whichever trials stalls and cold wake-ups take away, the percentiles of a contender never cross.
    #[test]
    fn percentiles_of_a_contender_never_cross(
        stalls in prop::collection::vec(0.0_f64..0.02, 9),
        cold in prop::collection::vec(prop::bool::ANY, 9),
    ) {
        let mut run = fixture().run();
        for ((trial, share), cold) in of(&mut run, "a").zip(stalls).zip(cold) {
            trial.environment.stalled_share = Some(share);
            trial.wake_up.as_mut().unwrap().returned = !cold;
        }
        let judgement = judged(&run);
        let quantiles = METRICS.iter().filter(|metric| matches!(metric.reduce, Reduce::ResponseQuantile(_)));
        let own: Vec<&MetricEstimate> = quantiles.map(|metric| estimate(&judgement, "a", metric.id)).collect();
        let values: Vec<f64> = own.iter().filter_map(|one| Some(one.estimate?.value)).collect();
        prop_assert!(values.is_sorted(), "{:?}", values);
        let mut trials = own.iter().filter(|one| one.estimate.is_some()).map(|one| one.n);
        if let Some(first) = trials.next() {
            prop_assert!(trials.all(|n| n == first));
        }
    }

    /// What another contender's launches show changes nothing of a contender's estimates.
    #[test]
    fn estimates_of_a_contender_are_its_own(factor in 0.5_f64..3.0) {
        let mut run = fixture().run();
        let before = judged(&run);
        of(&mut run, "b").for_each(|trial| trial.observations.iter_mut().for_each(|seen| seen.value *= factor));
        let after = judged(&run);
        for metric in METRICS.iter().filter(|metric| !metric.is_of_earlier_versions()) {
            prop_assert_eq!(estimate(&before, "a", metric.id), estimate(&after, "a", metric.id));
        }
        let ratio = range(&after, "b", "cpu_us_per_request").value / range(&before, "b", "cpu_us_per_request").value;
        prop_assert!((ratio / factor - 1.0).abs() < 1e-9);
    }
}

#[test]
fn trials_that_are_too_slow_are_a_veto_where_one_of_them_hides_the_percentile() {
    let mut run = fixture().run();
    for (place, trial) in of(&mut run, "b").enumerate() {
        let scale = if place == 0 { 4_000.0 } else { 40.0 };
        trial.curves = vec![curve("all", CurveKind::Response, scale)];
    }
    let judgement = judged(&run);
    let p99 = estimate(&judgement, "b", "latency_ms_p99");
    assert_eq!(p99.missing, Some(Missing::TooFewTrials { trials: 1, needed: 3 }));
    let [veto] = &judgement.verdict.vetoes[..] else {
        panic!("{:?}", judgement.verdict.vetoes);
    };
    assert_eq!(veto.contender, "b");
    let words = absence::veto(&veto.reason);
    assert!(
        words.starts_with("99th percentile response time is over the limit of 50 ms in 9 of 9 trials, and "),
        "{words}"
    );
}
