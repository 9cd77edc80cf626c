//! What the kernel does for a cgroup of ours, where it lets us have one; where it does not, the lab's other tests hold T0.

use super::{Held, Limits};
use crate::isolation::{Isolation, Role, TierChoice};
use crate::process::owner::Owner;
use crate::process::{Launch, Supervised};
use bakeoff_core::evidence::Tier;
use std::thread;
use std::time::{Duration, Instant};

fn allowed() -> Option<Isolation> {
    let isolation = Isolation::find(Owner::this(), TierChoice::Best).unwrap();
    (isolation.tier() >= Tier::T1).then_some(isolation)
}

fn shell(script: &str) -> Supervised {
    Launch::new("/bin/sh", "/")
        .arguments(["-c", script])
        .start(Owner::this())
        .unwrap()
}

#[track_caller]
fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < until, "not within 20 s: {what}");
        thread::yield_now();
    }
}

#[test]
fn what_is_in_it_is_counted_and_ends_with_it() {
    let Some(isolation) = allowed() else { return };
    let process = shell("while :; do :; done");
    let group = isolation.group(Role::Server, &Limits::default());
    group.take_in(process.pid());
    wait_until("CPU time is counted", || {
        group.cpu_s().is_some_and(|used_s| used_s > 0.0)
    });
    assert_eq!(group.held(), Held::default());
    drop(group);
    wait_until("it has ended", || process.exited().is_some());
}

#[test]
fn a_worker_that_ended_unseen_is_still_counted() {
    let Some(isolation) = allowed() else { return };
    let group = isolation.group(Role::Server, &Limits::default());
    // The child of a child works for a while and is nobody's to wait for.
    let script = "read go; (sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done' &); sleep 60";
    let process = Launch::new("/bin/sh", "/")
        .arguments(["-c", &script.replace("read go", "sleep 0.2")])
        .start(Owner::this())
        .unwrap();
    group.take_in(process.pid());
    wait_until("the worker's time is counted", || {
        group.cpu_s().is_some_and(|used_s| used_s > 0.05)
    });
    drop(process);
    assert!(group.cpu_s().is_some_and(|used_s| used_s > 0.05));
}

#[test]
fn the_kernel_holds_the_bound_of_memory() {
    let Some(isolation) = allowed() else { return };
    if isolation.by_controller()["memory"].starts_with("looked at") {
        return;
    }
    let limits = Limits {
        memory_mb: Some(32.0),
        ..Limits::default()
    };
    let group = isolation.group(Role::Server, &limits);
    let process = shell("sleep 0.2; x=x; while :; do x=$x$x; done");
    group.take_in(process.pid());
    wait_until("it was killed", || process.exited().is_some());
    assert!(group.held().killed > 0, "{:?}", group.held());
}

#[test]
fn the_kernel_refuses_more_processes_than_the_bound() {
    let Some(isolation) = allowed() else { return };
    if isolation.by_controller()["pids"].starts_with("counted") {
        return;
    }
    let limits = Limits {
        processes: Some(1),
        ..Limits::default()
    };
    let group = isolation.group(Role::Server, &limits);
    let process = shell("sleep 0.2; while :; do sleep 60 & done");
    group.take_in(process.pid());
    wait_until("one was refused", || group.held().refused > 0);
}

#[test]
fn who_sets_its_own_affinity_stays_on_its_processors() {
    let Some(isolation) = allowed() else { return };
    let cores = crate::cores::available();
    if isolation.by_controller()["cpuset"].starts_with("affinity") || cores.len() < 2 {
        return;
    }
    let (own, other) = (cores[0], cores[1]);
    let limits = Limits {
        cores: &[own],
        ..Limits::default()
    };
    let group = isolation.group(Role::Server, &limits);
    let process = shell(&format!(
        "sleep 0.2; taskset -p -c {other} $$; grep Cpus_allowed_list /proc/self/status; sleep 60"
    ));
    group.take_in(process.pid());
    wait_until("it says where it runs", || {
        process.log().text().contains("Cpus_allowed_list")
    });
    let text = process.log().text();
    assert!(
        text.contains(&format!("Cpus_allowed_list:\t{own}\n")),
        "it left its processors: {text}"
    );
}
