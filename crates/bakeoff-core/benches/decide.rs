//! How long deciding takes: `cargo bench -p bakeoff-core --bench decide`, with a word after `--` for the cases whose
//! name has it. Prints the best of several runs of each case, the time that a user waits when nothing else runs.
//! It needs no framework: there are two figures, each far above the resolution of the clock.

use bakeoff_core::brief::Preferences;
use bakeoff_core::evidence::{CurveKind, Run};
use bakeoff_core::fixture::{Fixture, brief};
use bakeoff_core::judge::{JudgeOptions, judge};
use bakeoff_core::metric::{METRICS, Scale};
use bakeoff_core::smaa::{Criterion, Evidence, Measure, Problem, Region, Statement, decide};
use bakeoff_core::value::{Ends, ValueFunction};
use std::hint::black_box;
use std::time::{Duration, Instant};

const CONTENDERS: usize = 8;

fn main() {
    case(
        "decide: 1,000,000 samples, 8 alternatives, 6 criteria, all weights",
        || {
            let open = problem(1_000_000, &[]);
            move || decide(&open).to_json().len()
        },
    );
    case(
        "decide: 100,000 samples of a region of 10⁻¹⁰ of the simplex",
        || {
            let share = |criterion| Statement::Share {
                criterion,
                low: 0.1,
                high: 0.101,
            };
            let narrow = problem(100_000, &[share(0), share(1), share(2), share(3)]);
            move || decide(&narrow).to_json().len()
        },
    );
    for blocks in [5, 50, 125] {
        let trials = blocks * CONTENDERS as u32;
        case(
            &format!(
                "judge: {trials} trials, {} metrics, 20,000 samples",
                METRICS.len()
            ),
            || {
                let (run, brief) = (run(blocks), brief());
                move || {
                    judge(&run, &brief, &Preferences::default(), &JudgeOptions::default())
                        .metrics
                        .len()
                }
            },
        );
    }
}

/// Times what `prepare` gives, if the case is wanted.
fn case<W: Fn() -> usize>(name: &str, prepare: impl FnOnce() -> W) {
    let wanted = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    if wanted.is_some_and(|word| !name.contains(&word)) {
        return;
    }
    let work = prepare();
    let once = || {
        let start = Instant::now();
        black_box(work());
        start.elapsed()
    };
    let best = (0..7).map(|_| once()).min().unwrap_or(Duration::ZERO);
    println!("{:>8.1} ms  {name}", best.as_secs_f64() * 1e3);
}

fn problem(samples: u32, statements: &[Statement]) -> Problem {
    let criterion = |place: usize| Criterion {
        name: format!("c{place}"),
        measures: vec![Measure {
            name: "value".to_owned(),
            value: ValueFunction {
                zero: 0.0,
                one: 1.0,
                scale: Scale::Linear,
                ends: Ends::Clipped,
            },
            evidence: (0..CONTENDERS)
                .map(|a| Evidence::Normal {
                    mean: ((a * 7 + place * 3) % 10) as f64 / 12.0 + 0.1,
                    sd: 0.1,
                })
                .collect(),
        }],
    };
    let names: Vec<String> = (0..6).map(|place| format!("c{place}")).collect();
    Problem {
        joint: false,
        alternatives: (0..CONTENDERS).map(|a| format!("a{a}")).collect(),
        criteria: (0..6).map(criterion).collect(),
        region: Region::new(names, statements).expect("the statements of the benchmark fit"),
        samples,
        seed: 1,
    }
}

/// Eight contenders, and eight histograms a trial, as a brief with three scenarios leaves them.
fn run(blocks: u32) -> Run {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let field: Vec<(&str, f64)> = names
        .into_iter()
        .zip((10..).map(|tenths| f64::from(tenths) / 10.0))
        .collect();
    let labels = ["all", "read-item", "list-items", "create-item"];
    let kinds = [CurveKind::Response, CurveKind::Service];
    let curves: Vec<_> = labels
        .into_iter()
        .flat_map(|label| kinds.map(|kind| (label, kind)))
        .collect();
    Fixture::new(&field).blocks(blocks).curves(&curves).run()
}
