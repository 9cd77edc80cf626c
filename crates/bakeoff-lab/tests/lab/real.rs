//! Two real contenders of this repository, one trial each, from a clean folder: shapes, never speed.

use crate::bench::{Bench, SHAPE, planned, repository, value};
use bakeoff_core::contender;
use bakeoff_lab::{ContenderSource, Lab, Origin, Prepared};

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
    let mix = [("read-item", 60.0), ("list-items", 25.0), ("create-item", 15.0)];
    let cache = std::env::var_os("BAKEOFF_TEST_CACHE").map(std::path::PathBuf::from);
    let bench = match cache {
        Some(cache) => Bench::with_cache(&mix, 100.0, cache),
        None => Bench::new(&mix, 100.0),
    };
    let lab = Lab::open(bench.config()).unwrap();
    let wanted =
        std::env::var("BAKEOFF_TEST_CONTENDERS").unwrap_or_else(|_| "node-http python-flask".to_owned());
    for name in wanted.split(' ') {
        let prepared = prepare(&bench, name);
        let checked = lab.check(&prepared).unwrap();
        assert_eq!(checked.fault, None);
        let broken: Vec<_> = checked
            .cases
            .iter()
            .filter(|case| case.failure.is_some())
            .collect();
        assert!(broken.is_empty(), "{name}: {broken:#?}");
        assert!(checked.cases.len() > 40);
        let trial = lab.trial(&prepared, &planned(name, 0), &SHAPE, 0.0).unwrap();
        assert_eq!(trial.faults, [], "{name}: {:#?}", trial.faults);
        assert!(value(&trial, "cpu_us_per_request").is_some_and(|value| value > 1.0));
        assert!(trial.load.as_ref().is_some_and(|load| load.correct > 50));
        println!("{name}: {:.2} s, {:.2?}", trial.seconds, bench.record.phases());
        for observation in &trial.observations {
            println!("  {} {:.3}", observation.metric, observation.value);
        }
        println!("  {:?} {:?}", trial.warm_up, trial.cautions);
    }
}
