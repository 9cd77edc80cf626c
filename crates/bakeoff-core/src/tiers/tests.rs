//! Tiers whose truth is planted.

use super::{COMPUTING, REQUESTS, Stage, Tiers, tiers};
use crate::compare::Direction;
use crate::evidence::Run;
use crate::fixture::{Fixture, brief};
use crate::judge::{JudgeOptions, judge};
use crate::lookup::Lookup;

const FLAGS: [&[&str]; 4] = [
    &[],
    &["--no-turbofan"],
    &["--no-turbofan", "--no-maglev"],
    &["--jitless"],
];

/// Fastify with these factors on every cost: all compilers, then fewer.
fn run(factors: [f64; 4]) -> Run {
    let names = ["f", "f@no-turbofan", "f@no-maglev", "f@jitless"];
    let field: Vec<(&'static str, f64)> = names.into_iter().zip(factors).collect();
    let mut run = Fixture::new(&field).launches(3).run();
    for (record, flags) in run.contenders.iter_mut().zip(FLAGS) {
        record.flags = Some(flags.iter().map(|flag| (*flag).to_owned()).collect());
        record.variant_of = (record.name != "f").then(|| "f".to_owned());
        record.runtime = "node 24.1.0".to_owned();
    }
    run
}

fn of(run: &Run) -> (Vec<Tiers>, Vec<String>) {
    let brief = brief();
    let options = JudgeOptions {
        samples: 200,
        seed: 1,
        only: Vec::new(),
    };
    let judgement = judge(run, &brief, &brief.preferences, &options);
    let found = tiers(run, &judgement, &brief);
    let facts = Lookup {
        run,
        judgement: &judgement,
        brief: &brief,
    };
    let words = found
        .iter()
        .flat_map(|tiers| crate::words::tiers::sentences(tiers, &facts));
    let words = words.collect();
    (found, words)
}

#[test]
fn flags_make_stages_and_a_gap_makes_none() {
    let stage = |flags: &[&str]| {
        let flags: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
        Stage::of_flags(&flags)
    };
    assert_eq!(
        FLAGS.map(stage),
        [
            Some(Stage::Full),
            Some(Stage::NoTurboFan),
            Some(Stage::NoMaglev),
            Some(Stage::Jitless)
        ]
    );
    let all = ["--no-opt", "--no-maglev", "--no-sparkplug"];
    assert_eq!(stage(&all), Some(Stage::NoSparkplug));
    assert_eq!(stage(&["--no-maglev"]), None, "TurboFan is left");
    assert_eq!(stage(&["--no-turbofan", "--max-old-space-size=64"]), None);
}

#[test]
fn a_planted_order_is_found_with_intervals_apart() {
    let (found, words) = of(&run([0.4, 0.6, 1.2, 2.4]));
    let [tiers] = &found[..] else { panic!("{found:?}") };
    let stages: Vec<Stage> = tiers.tiers.iter().map(|tier| tier.stage).collect();
    assert_eq!(
        stages,
        [Stage::Full, Stage::NoTurboFan, Stage::NoMaglev, Stage::Jitless]
    );
    let ids: Vec<&str> = tiers
        .figures
        .iter()
        .map(|figure| figure.metric.as_str())
        .collect();
    assert_eq!(ids, [COMPUTING, REQUESTS]);
    for figure in &tiers.figures {
        assert!(!figure.contradicts());
        let last = figure.last().unwrap();
        let range = last.to_full.unwrap().range;
        assert_eq!(last.stage, Stage::Jitless);
        assert!(
            range.low > 1.0 && range.low < 6.0 && 6.0 < range.high,
            "{range:?}"
        );
        assert!(figure.rows[0].to_full.is_none());
        assert_eq!(figure.rows[1].to_full, figure.rows[1].to_previous);
    }
    assert!(words[0].contains("machine code"), "{words:?}");
}

#[test]
fn what_cannot_be_told_apart_is_said_and_a_contradiction_too() {
    let (found, words) = of(&run([1.0, 1.01, 1.0, 1.02]));
    for figure in &found[0].figures {
        let went = figure.rows.iter().filter_map(|row| row.to_full);
        assert!(went.into_iter().all(|change| change.direction == Direction::Same));
        assert!(!figure.contradicts());
    }
    assert!(
        words.iter().any(|words| words.contains("cannot be told apart")),
        "{words:?}"
    );
    let (found, words) = of(&run([2.4, 1.2, 0.6, 0.4]));
    assert!(found[0].figures.iter().all(super::Figure::contradicts));
    assert!(words.iter().any(|words| words.contains("cheaper")), "{words:?}");
}

#[test]
fn other_runtimes_and_runs_without_flags_have_no_tiers() {
    let mut run = run([0.4, 0.6, 1.2, 2.4]);
    run.contenders[3].runtime = "node 20.20.2".to_owned();
    let (found, _) = of(&run);
    assert_eq!(found[0].tiers.len(), 3);
    assert_eq!(found[0].other_runtime, ["f@jitless"]);
    for record in &mut run.contenders {
        record.flags = None;
    }
    assert_eq!(of(&run).0, []);
}
