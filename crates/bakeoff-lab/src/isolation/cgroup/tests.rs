//! What the kernel does for a cgroup of the lab. Where the kernel allows none, the lab's other tests cover T0.

use super::{CgroupLimits, LimitEvents};
use crate::isolation::{Isolation, Role, TierChoice};
use crate::process::lab_instance::LabInstance;
use crate::process::{Program, Supervised};
use bakeoff_core::evidence::Tier;
use std::thread;
use std::time::{Duration, Instant};

fn allowed() -> Option<Isolation> {
    let isolation = Isolation::find(LabInstance::this(), TierChoice::Best, None).unwrap();
    (isolation.tier() >= Tier::T1).then_some(isolation)
}

fn shell(script: &str) -> Supervised {
    Program::new("/bin/sh", "/")
        .arguments(["-c", script])
        .start(LabInstance::this())
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
fn a_cgroup_counts_its_processes_and_kills_them_when_dropped() {
    let Some(isolation) = allowed() else { return };
    let process = shell("while :; do :; done");
    let cgroup = isolation.cgroup(Role::Server, &CgroupLimits::default());
    cgroup.add_process(process.pid());
    wait_until("the cgroup counts CPU time", || {
        cgroup.cpu_s().is_some_and(|used_s| used_s > 0.0)
    });
    assert_eq!(cgroup.limit_events(), LimitEvents::default());
    drop(cgroup);
    wait_until("the process ends", || process.exited().is_some());
}

#[test]
fn a_worker_that_ended_between_two_polls_is_counted() {
    let Some(isolation) = allowed() else { return };
    let cgroup = isolation.cgroup(Role::Server, &CgroupLimits::default());
    // A grandchild works for a while, and no parent waits for it.
    let script = "read go; (sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done' &); sleep 60";
    let process = Program::new("/bin/sh", "/")
        .arguments(["-c", &script.replace("read go", "sleep 0.2")])
        .start(LabInstance::this())
        .unwrap();
    cgroup.add_process(process.pid());
    wait_until("the cgroup counts the worker", || {
        cgroup.cpu_s().is_some_and(|used_s| used_s > 0.05)
    });
    drop(process);
    assert!(cgroup.cpu_s().is_some_and(|used_s| used_s > 0.05));
}

#[test]
fn the_kernel_enforces_the_memory_limit() {
    let Some(isolation) = allowed() else { return };
    if isolation.by_controller()["memory"].starts_with("polled") {
        return;
    }
    let limits = CgroupLimits {
        memory_mb: Some(32.0),
        ..CgroupLimits::default()
    };
    let cgroup = isolation.cgroup(Role::Server, &limits);
    let process = shell("sleep 0.2; x=x; while :; do x=$x$x; done");
    cgroup.add_process(process.pid());
    wait_until("the kernel kills the process", || process.exited().is_some());
    assert!(cgroup.limit_events().killed > 0, "{:?}", cgroup.limit_events());
}

#[test]
fn the_kernel_enforces_the_process_limit() {
    let Some(isolation) = allowed() else { return };
    if isolation.by_controller()["pids"].starts_with("counted") {
        return;
    }
    let limits = CgroupLimits {
        processes: Some(1),
        ..CgroupLimits::default()
    };
    let cgroup = isolation.cgroup(Role::Server, &limits);
    let process = shell("sleep 0.2; while :; do sleep 60 & done");
    cgroup.add_process(process.pid());
    wait_until("the kernel refuses a process", || {
        cgroup.limit_events().refused > 0
    });
}

#[test]
fn a_process_that_sets_its_own_affinity_stays_on_its_processors() {
    let Some(isolation) = allowed() else { return };
    let cores = crate::cores::available();
    if isolation.by_controller()["cpuset"].starts_with("affinity") || cores.len() < 2 {
        return;
    }
    let (own, other) = (cores[0], cores[1]);
    let limits = CgroupLimits {
        cores: &[own],
        ..CgroupLimits::default()
    };
    let cgroup = isolation.cgroup(Role::Server, &limits);
    let process = shell(&format!(
        "sleep 0.2; taskset -p -c {other} $$; grep Cpus_allowed_list /proc/self/status; sleep 60"
    ));
    cgroup.add_process(process.pid());
    wait_until("the process prints its affinity", || {
        process.log().text().contains("Cpus_allowed_list")
    });
    let text = process.log().text();
    assert!(
        text.contains(&format!("Cpus_allowed_list:\t{own}\n")),
        "the process left its processors: {text}"
    );
}

#[test]
fn a_frozen_cgroup_uses_no_processor_and_goes_on_afterwards() {
    let Some(isolation) = allowed() else { return };
    let cgroup = isolation.cgroup(Role::Server, &CgroupLimits::default());
    let process = shell("while :; do :; done");
    cgroup.add_process(process.pid());
    let name = cgroup.name().unwrap();
    assert!(
        crate::procfs::cgroups(process.pid())
            .iter()
            .any(|path| path.ends_with(&name)),
        "{name}"
    );
    if !cgroup.freeze() {
        // An old kernel; the lab stops its processes with signals.
        return;
    }
    let frozen_s = process.cpu_s();
    thread::sleep(Duration::from_millis(50));
    assert_eq!(process.cpu_s(), frozen_s);
    cgroup.thaw();
    wait_until("the process goes on", || process.cpu_s() > frozen_s);
}
