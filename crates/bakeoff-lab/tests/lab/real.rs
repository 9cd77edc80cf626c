//! Two real contenders of this repository, one trial each: shapes, never speed. `BAKEOFF_TEST_CONTENDERS` names others,
//! as `"python-django node-hapi"`, and `BAKEOFF_TEST_PROBES` the probes that are asked alone.

use crate::bench::{Bench, SHAPE, live_once, planned, repository, value};
use crate::shipped;
use bakeoff_core::contender;
use bakeoff_lab::{Config, ContenderSource, Lab, Origin, Prepared, ResourceLimits};
use std::time::Instant;

/// The words of an environment variable, or of the default.
fn env_words(name: &str, default: &str) -> Vec<String> {
    let words = std::env::var(name).unwrap_or_else(|_| default.to_owned());
    words.split_whitespace().map(str::to_owned).collect()
}

fn prepare(bench: &Bench, name: &str) -> Prepared {
    let folder = repository("contenders").join(name);
    let text = std::fs::read_to_string(folder.join("contender.toml")).unwrap();
    let contender = contender::parse(&text, "contender.toml").unwrap();
    let source = ContenderSource::read(&folder).unwrap();
    let prepared = bench
        .prepare(&contender, &source)
        .unwrap_or_else(|fault| panic!("{fault:#?}"));
    let again = bench.prepare(&contender, &source).unwrap();
    assert_eq!(again.from, Origin::Cache);
    assert_eq!(again.folder, prepared.folder);
    prepared
}

#[test]
fn real_contenders_hold_the_contract_and_give_evidence() {
    // Scenarios that read rows beside those that change the same ones.
    let mix = [
        ("read-item", 40.0),
        ("list-items", 20.0),
        ("page", 5.0),
        ("create-item", 10.0),
        ("update-item", 15.0),
        ("place-order", 10.0),
    ];
    let mut bench = Bench::new(&mix, 100.0);
    bench.cache = shipped::cache();
    let names = env_words("BAKEOFF_TEST_CONTENDERS", "node-http python-fastapi");
    let all: Vec<Prepared> = names.iter().map(|name| prepare(&bench, name)).collect();
    // Those of a run: under some servers each socket has two threads, which the tests' own limits would not allow.
    let config = Config {
        limits: ResourceLimits::for_this_machine(1),
        ..bench.config()
    };
    let lab = Lab::open(config).unwrap();
    for prepared in &all {
        let name = prepared.contender.name.as_str();
        let checked = lab.check(prepared).unwrap();
        assert_eq!(checked.fault, None);
        let broken: Vec<_> = checked
            .cases
            .iter()
            .filter(|case| case.failure.is_some())
            .collect();
        assert!(broken.is_empty(), "{name}: {broken:#?}");
        assert!(checked.cases.len() > 40);
        let trial = live_once(&lab, prepared, &planned(name, 0), &SHAPE).unwrap();
        assert_eq!(trial.faults, [], "{name}: {:#?}", trial.faults);
        assert!(value(&trial, "cpu_us_per_request").is_some_and(|value| value > 1.0));
        assert!(trial.load.as_ref().is_some_and(|load| load.correct > 50));
        println!("{name}: {:.2} s, {:.2?}", trial.seconds, bench.record.phases());
        for observation in &trial.observations {
            println!("  {} {:.3}", observation.metric, observation.value);
        }
        println!(
            "  {:?} {:?}",
            trial.warm_up.map(|warm_up| warm_up.class),
            trial.cautions
        );
        for probe in env_words("BAKEOFF_TEST_PROBES", "conformance fanout routes") {
            let began = Instant::now();
            let seen = lab.probe(prepared, &probe, &SHAPE, 7);
            let seen = seen.unwrap_or_else(|reason| panic!("{name}, {probe}: {reason}"));
            assert!(!seen.is_empty(), "{name}: {probe} saw nothing");
            println!("{name}: {probe} took {:.2} s", began.elapsed().as_secs_f64());
            for one in seen {
                assert!(one.value.is_finite(), "{name}: {one:?}");
                println!(
                    "  {} {:.3} {:?} {:?}",
                    one.metric, one.value, one.note, one.cautions
                );
                println!(
                    "    {:?}",
                    one.detail
                        .map(|detail| detail.points.iter().map(|p| (p.x, p.y)).collect::<Vec<_>>())
                );
            }
        }
    }
}
