//! Contenders whose port, host names and database are fixed in their code: each launch has a network and services of
//! its own, and several programs are one contender.

use crate::bench::{
    Bench, LOAD_ONLY, SHAPE, end_of_launch, fake_manifest, launch_of, pids_with, planned, processes_with,
    trial_of_launch, value,
};
use bakeoff_core::brief::{DatabaseNames, OwnDatabase};
use bakeoff_core::contender::{Beside, Contender};
use bakeoff_core::evidence::{EndReason, Owner, Stage, Tier};
use bakeoff_core::plan::{ProbeSlots, TrialBudget};
use bakeoff_lab::{Config, Fleet, Lab, TierChoice};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::collections::BTreeMap;

/// The names that the fake has in its code.
fn names() -> DatabaseNames {
    DatabaseNames {
        name: Some("shop".to_owned()),
        user: Some("shop".to_owned()),
        password: Some("fixed".to_owned()),
        host: Some("shop-database".to_owned()),
        port: Some(5432),
    }
}

/// The fake under another name, with a program beside it.
fn fixed(name: &str) -> Contender {
    let mut manifest = fake_manifest("fixed");
    manifest.name = name.to_owned();
    manifest.start.command.push("{helper_port}".to_owned());
    manifest.start.port = Some(8099);
    manifest.start.beside = vec![Beside {
        name: "helper".to_owned(),
        command: ["{python}", "server.py", "helps"].map(str::to_owned).to_vec(),
        env: BTreeMap::new(),
    }];
    manifest
}

/// The load, and the last probe of [`SHAPE`], which starts a server of its own.
fn with_another_server() -> TrialBudget {
    let last = SHAPE.slots.count - 1;
    TrialBudget {
        slots: ProbeSlots {
            first: last,
            count: 1,
        },
        ..LOAD_ONLY
    }
}

#[test]
fn two_launches_have_the_same_fixed_port_host_and_database_at_once() {
    let mut bench = Bench::new(&[("json", 1.0)], 100.0);
    bench.brief.database = Some(OwnDatabase {
        scripts: Vec::new(),
        fixed: names(),
    });
    // The lowest tier: the networks of launches do not depend on that of the run.
    let config = Config {
        isolation: TierChoice::Exactly(Tier::T0),
        ..bench.config()
    };
    let lab = Lab::open(config).unwrap();
    let both = ["fake-one", "fake-two"].map(|name| bench.fake_with(&fixed(name)));
    let mut fleet = Fleet::new(&lab, &both);
    let launches = ["fake-one", "fake-two"].map(|name| planned(name, 1));
    for (id, place) in (0..).zip(&launches) {
        let launch = fleet.launch(&launch_of(id, place), 0.0).unwrap();
        if let Some(fault) = launch.faults.iter().find(|fault| fault.is_at(Stage::Isolation)) {
            // Without the rights, or beside a database of the user, the finding says what is needed.
            assert_eq!(fault.owner, Owner::User, "{fault:#?}");
            assert!(
                fault.message.contains("`port = 8099` in [start] is fixed"),
                "{fault:#?}"
            );
            return;
        }
        assert!(launch.is_alive(), "{launch:#?}");
    }
    for ((id, place), shape) in (0..).zip(&launches).zip([with_another_server(), LOAD_ONLY]) {
        let trial = fleet.trial(&trial_of_launch(id, place, &shape), 5.0).unwrap();
        assert_eq!(trial.faults, [], "{:#?}", trial.faults);
        assert!(value(&trial, "cpu_us_per_request").is_some());
        let beside = value(&trial, "connection_kb");
        assert_eq!(beside.is_some(), id == 0, "{:#?}", trial.observations);
    }
    assert_eq!(pids_with("server.py helps").len(), 2);
    // A service that lacks one of its programs is none.
    let helper = pids_with("server.py helps")[0];
    kill(Pid::from_raw(helper.cast_signed()), Signal::SIGKILL).unwrap();
    let (dead, end) = std::iter::repeat_with(|| fleet.ended_at_rest(7.0).pop())
        .flatten()
        .next()
        .unwrap();
    assert_eq!(end.reason, EndReason::Died, "{end:#?}");
    let end = fleet.retire(&end_of_launch(1 - dead, &LOAD_ONLY), 8.0).unwrap();
    assert_eq!(
        (end.reason, end.faults.len()),
        (EndReason::Retired, 0),
        "{end:#?}"
    );
    drop(fleet);
    for words in ["server.py fixed", "server.py helps"] {
        assert_eq!(processes_with(words), Vec::<String>::new());
    }
}
