//! The tiers from outside: which network a contender reaches, who may listen on its port, and whether escaped processes
//! survive. Each test requests its tier; where this machine or user lacks it, the lab must give the reason.

use crate::bench::{Bench, LOAD_ONLY, live_once, pids_with, planned, processes_with, value};
use bakeoff_core::evidence::{FaultAt, Owner, Stage, Tier, Trial};
use bakeoff_lab::{Config, Lab, LabError, Prepared, TierChoice};
use std::fs;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// A lab at exactly that tier; none where it is not available.
fn lab_at(bench: &Bench, tier: Tier) -> Option<Lab<'_>> {
    let config = Config {
        isolation: TierChoice::Exactly(tier),
        ..bench.config()
    };
    match Lab::open(config) {
        Ok(lab) => {
            assert_eq!(lab.host().isolation, Some(tier));
            Some(lab)
        }
        Err(LabError::Isolation(reason)) => {
            assert!(reason.starts_with(&format!("{tier} needs ")), "{reason}");
            assert_ne!(tier, Tier::T0, "T0 needs nothing");
            println!("not tested: {reason}");
            None
        }
        Err(other) => panic!("{other}"),
    }
}

fn trial_of(lab: &Lab<'_>, prepared: &Prepared, block: u32) -> Trial {
    let name = &prepared.contender.name;
    live_once(lab, prepared, &planned(name, block), &LOAD_ONLY).unwrap()
}

fn owners(trial: &Trial) -> Vec<(Owner, FaultAt)> {
    let faults = trial.faults.iter();
    faults.map(|fault| (fault.owner, fault.at.clone())).collect()
}

#[test]
fn a_contender_reaches_the_machine_below_t2_and_nothing_at_t2() {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let outside = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let prepared = bench.fake(&format!("phones-{}", outside.local_addr().unwrap().port()));
    for tier in [Tier::T0, Tier::T1, Tier::T2] {
        let Some(lab) = lab_at(&bench, tier) else { continue };
        let trial = trial_of(&lab, &prepared, 0);
        assert_eq!(trial.environment.tier, trial.load.is_some().then_some(tier));
        if tier < Tier::T2 {
            assert_eq!(trial.faults, [], "{tier}: {:#?}", trial.faults);
            assert!(value(&trial, "cpu_us_per_request").is_some());
        } else {
            assert_eq!(
                owners(&trial),
                [(Owner::Contender, Stage::Start.into())],
                "{:#?}",
                trial.faults
            );
            let log = &trial.faults[0].log;
            assert!(log.iter().any(|line| line.contains("licence server")), "{log:?}");
        }
        let checked = lab.check(&prepared).unwrap();
        assert_eq!(checked.fault.is_some(), tier == Tier::T2, "{:?}", checked.fault);
    }
}

#[test]
fn both_counts_of_cpu_time_are_stored() {
    let bench = Bench::new(&[("json", 1.0)], 200.0);
    let prepared = bench.fake("good");
    for tier in [Tier::T0, Tier::T1] {
        let Some(lab) = lab_at(&bench, tier) else { continue };
        let environment = trial_of(&lab, &prepared, 1).environment;
        println!("{tier}: {environment:?}");
        let by_processes_s = environment.server_cpu_processes_s.unwrap();
        assert!(by_processes_s > 0.0);
        assert_eq!(environment.server_cpu_cgroup_s.is_some(), tier == Tier::T1);
        if let Some(by_cgroup_s) = environment.server_cpu_cgroup_s {
            // Nothing of this server ends or hides, so both have counted the same.
            let ratio = by_cgroup_s / by_processes_s;
            assert!((0.95..1.05).contains(&ratio), "{environment:?}");
        }
    }
}

/// Starts another server on the port of every contender `shares` as soon as that contender starts, until `stop`. It
/// gets the connections before the contender does.
fn steal_ports(program: &std::path::Path, stop: &AtomicBool) {
    let mut thieves: Vec<Child> = Vec::new();
    let mut robbed: Vec<u32> = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        for victim in pids_with("server.py shares") {
            let variables = fs::read_to_string(format!("/proc/{victim}/environ")).unwrap_or_default();
            let port = variables.split('\0').find_map(|pair| pair.strip_prefix("PORT="));
            let Some(port) = port.filter(|_| !robbed.contains(&victim)) else {
                continue;
            };
            robbed.push(victim);
            let mut thief = Command::new("python3");
            thief
                .arg(program)
                .arg("steals")
                .env("HOST", "127.0.0.1")
                .env("PORT", port)
                .stdin(Stdio::null());
            thieves.push(thief.spawn().unwrap());
        }
        thread::sleep(Duration::from_millis(5));
    }
    for mut thief in thieves {
        thief.kill().unwrap();
        thief.wait().unwrap();
    }
}

#[test]
fn a_foreign_listener_is_found_and_t2_rules_it_out() {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let prepared = bench.fake("shares");
    let program = prepared.folder.join("server.py");
    for tier in [Tier::T0, Tier::T2] {
        let Some(lab) = lab_at(&bench, tier) else { continue };
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| steal_ports(&program, &stop));
            let trial = trial_of(&lab, &prepared, 2);
            stop.store(true, Ordering::Relaxed);
            if tier == Tier::T0 {
                println!("{:#?}", trial.faults);
                assert_eq!(
                    owners(&trial),
                    [(Owner::User, Stage::Port.into())],
                    "{:#?}",
                    trial.faults
                );
                let message = &trial.faults[0].message;
                assert!(message.contains("server.py steals` (process "), "{message}");
                assert!(
                    trial.load.is_none(),
                    "responses of another program are no evidence"
                );
            } else {
                assert_eq!(trial.faults, [], "{:#?}", trial.faults);
                assert!(value(&trial, "cpu_us_per_request").is_some());
            }
        });
        let next = trial_of(&lab, &bench.fake("good"), 2);
        assert_eq!(next.faults, [], "the run goes on: {:#?}", next.faults);
        assert!(next.load.is_some(), "the run goes on");
    }
}

#[test]
fn an_escaped_process_cannot_hold_the_next_contenders_port() {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    for tier in [Tier::T0, Tier::T1] {
        let Some(lab) = lab_at(&bench, tier) else { continue };
        let haunting = bench.fake("haunts");
        let trial = trial_of(&lab, &haunting, 2);
        assert!(trial.load.is_some(), "{:#?}", trial.faults);
        let daemon = haunting.folder.join("server.py lurks");
        assert_eq!(
            processes_with(&daemon.display().to_string()),
            Vec::<String>::new(),
            "at {tier} the escaped process still runs"
        );
        let next = trial_of(&lab, &bench.fake("awaits"), 2);
        assert_eq!(next.faults, [], "{:#?}", next.faults);
        assert!(next.load.is_some(), "{:#?}", next.faults);
    }
}
