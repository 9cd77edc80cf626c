//! The emulated contract of a platform: servers with one planted break each, and one without.

use crate::bench::{Bench, fake_manifest, processes_with};
use bakeoff_core::evidence::{PlatformCheck, Unfit};
use bakeoff_core::serverless::platform::Platform;
use bakeoff_core::serverless::target::Target;
use bakeoff_lab::Lab;

fn check(lab: &Lab<'_>, bench: &Bench, behaviour: &str, platform: Platform) -> PlatformCheck {
    let prepared = bench.fake_from("platform.py", &fake_manifest(behaviour));
    let mut target = Target::on(platform, &bench.brief.deploy).unwrap();
    // The tests look at what is found: a quarter of a processor would only make them slower.
    target.vcpu = 1.0;
    lab.check_platform(&prepared, &target).unwrap()
}

/// Whether the break was found, and nothing else; where this machine cannot emulate the condition it is said.
#[track_caller]
fn found(check: &PlatformCheck, condition: &str, is_it: impl Fn(&Unfit) -> bool) {
    if check.not_emulated.iter().any(|lack| lack.contains(condition)) {
        eprintln!("not tested: {:?}", check.not_emulated);
        return;
    }
    let is_alone = check.unfit.len() == 1 && is_it(&check.unfit[0]);
    assert!(is_alone, "{check:#?}");
}

#[test]
fn each_planted_break_of_the_contract_is_found_and_none_without_one() {
    let bench = Bench::new(&[("json", 1.0)], 50.0);
    let lab = Lab::open(bench.config()).unwrap();
    let app_engine = |behaviour| check(&lab, &bench, behaviour, Platform::AppEngine);

    let good = app_engine("keeps");
    assert!(good.unfit.is_empty(), "{good:#?}");
    assert!(good.stop_ms.is_some_and(|ms| ms < 3_000.0), "{good:#?}");
    assert!(good.used_mb.is_some_and(|mb| mb > 1.0 && mb < 384.0), "{good:#?}");
    let timed = good.not_emulated.iter().all(|lack| !lack.contains("processor"));
    assert_eq!(good.start_ms.len(), if timed { 3 } else { 0 }, "{good:#?}");
    eprintln!("not emulated here: {:?}", good.not_emulated);

    found(&app_engine("deaf"), "port", |unfit| {
        matches!(unfit, Unfit::IgnoresPort { .. })
    });
    found(
        &app_engine("writes"),
        "file system",
        |unfit| matches!(unfit, Unfit::WritesOutside { seen } if seen.contains("cache.json")),
    );
    found(&app_engine("writes-later"), "file system", |unfit| {
        matches!(unfit, Unfit::WritesOutside { .. })
    });
    found(
        &app_engine("hungry"),
        "memory of",
        |unfit| matches!(unfit, Unfit::MemoryOverClass { has_mb, .. } if *has_mb == 384.0),
    );
    found(
        &app_engine("lingers"),
        "stop",
        |unfit| matches!(unfit, Unfit::StopsTooSlowly { allowed_s, took_s: None } if *allowed_s == 3.0),
    );
    drop(lab);
    assert_eq!(processes_with("server.py lingers"), Vec::<String>::new());
    assert_eq!(processes_with("server.py deaf"), Vec::<String>::new());
}
