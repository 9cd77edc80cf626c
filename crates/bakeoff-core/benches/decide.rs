//! How long deciding takes: `cargo bench -p bakeoff-core --bench decide`, with a word after `--` for the cases whose name has it. Prints the best of
//! several runs of each case, the time that a user waits when nothing else runs. Deliberately no framework: two figures, each far above the clock's resolution.

use bakeoff_core::brief::{Brief, Deploy, Load, Needs, Preferences, Price, Slo, Team, Traffic};
use bakeoff_core::evidence::{
    ContenderRecord, Curve, CurveKind, Environment, Host, Observation, Run, Status, Trial,
};
use bakeoff_core::judge::{JudgeOptions, judge};
use bakeoff_core::metric::{METRICS, Reduce, Scale};
use bakeoff_core::plan::Plan;
use bakeoff_core::smaa::{Criterion, Evidence, Measure, Problem, Region, Statement, decide};
use bakeoff_core::value::{Ends, ValueFunction};
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer, V2DeflateSerializer};
use std::collections::BTreeMap;
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
        alternatives: (0..CONTENDERS).map(|a| format!("a{a}")).collect(),
        criteria: (0..6).map(criterion).collect(),
        region: Region::new(names, statements).expect("the statements of the benchmark fit"),
        samples,
        seed: 1,
    }
}

fn run(blocks: u32) -> Run {
    let names: Vec<String> = (0..CONTENDERS).map(|a| format!("contender-{a}")).collect();
    let trials = (0..blocks).flat_map(|block| {
        names
            .iter()
            .enumerate()
            .map(move |(place, name)| trial(block, place, name))
    });
    Run {
        id: "bench".into(),
        version: "0".into(),
        brief_path: String::new(),
        brief_text: String::new(),
        brief_sha256: String::new(),
        started: String::new(),
        finished: None,
        stop: None,
        host: Host {
            cores: 2,
            ..Host::default()
        },
        plan: Plan::new(names.clone(), 300.0, 1),
        contenders: names.iter().map(|name| record(name)).collect(),
        trials: trials.collect(),
    }
}

fn trial(block: u32, place: usize, name: &str) -> Trial {
    let factor = (1.0 + place as f64 / 10.0) * (1.0 + f64::from(block * 7 % 5) / 100.0);
    let blocks = METRICS
        .iter()
        .filter(|metric| matches!(metric.reduce, Reduce::MeanOfBlocks));
    let labels = ["all", "read-item", "list-items", "create-item"];
    let kinds = [CurveKind::Response, CurveKind::Service];
    Trial {
        block,
        position: place as u32,
        contender: name.to_owned(),
        at_s: 0.0,
        seconds: 5.0,
        observations: blocks
            .map(|metric| observation(metric.id, 20.0 * factor))
            .collect(),
        curves: labels
            .iter()
            .flat_map(|label| kinds.map(|kind| curve(label, kind, factor)))
            .collect(),
        load: None,
        warm_up: None,
        gates: Vec::new(),
        cautions: Vec::new(),
        faults: Vec::new(),
        environment: Environment::default(),
    }
}

fn observation(metric: &str, value: f64) -> Observation {
    Observation {
        metric: metric.to_owned(),
        value,
        note: None,
        cautions: Vec::new(),
        detail: None,
    }
}

fn curve(label: &str, kind: CurveKind, factor: f64) -> Curve {
    let mut histogram =
        Histogram::<u64>::new_with_bounds(1, 60_000_000, 3).expect("the bounds of every curve");
    for answer in 0..2_000_u32 {
        let micros = 800.0 * factor * 2000.0 / f64::from(2001 - answer).powf(0.7);
        histogram.record(micros as u64 + 1).expect("within the bounds");
    }
    let mut hdr = Vec::new();
    V2DeflateSerializer::new()
        .serialize(&histogram, &mut hdr)
        .expect("a vector takes all bytes");
    Curve {
        label: label.to_owned(),
        kind,
        hdr,
    }
}

fn record(name: &str) -> ContenderRecord {
    let exact = METRICS
        .iter()
        .filter(|metric| matches!(metric.reduce, Reduce::Exact));
    ContenderRecord {
        name: name.to_owned(),
        title: name.to_owned(),
        family: String::new(),
        language: String::new(),
        runtime: String::new(),
        framework: String::new(),
        server: String::new(),
        model: String::new(),
        homepage: String::new(),
        remarks: String::new(),
        versions: BTreeMap::new(),
        status: Status::Measured,
        not_served: Vec::new(),
        faults: Vec::new(),
        observations: exact.map(|metric| observation(metric.id, 0.5)).collect(),
        no_evidence: BTreeMap::new(),
    }
}

fn brief() -> Brief {
    Brief {
        name: "bench".into(),
        question: String::new(),
        load: Load {
            peak_rps: 400.0,
            cores: 1,
            memory_mb: 512.0,
            slo: Slo {
                p99_ms: 50.0,
                error_rate: 0.001,
            },
        },
        traffic: vec![Traffic {
            scenario: "read-item".into(),
            share: 1.0,
        }],
        team: Team::default(),
        needs: Needs::default(),
        deploy: Deploy {
            target: "container".into(),
            instance_class: None,
            price: Price {
                core_hour: 0.04,
                gb_hour: 0.005,
                currency: "USD".into(),
            },
        },
        preferences: Preferences::default(),
        only: Vec::new(),
        values: BTreeMap::new(),
    }
}
