//! The isolation that this machine has, at every tier that it allows.

use super::{Isolation, TierChoice, missing};
use crate::process::lab_instance::LabInstance;
use bakeoff_core::evidence::Tier;

#[test]
fn every_controller_is_listed_at_every_tier() {
    let isolation = Isolation::find(LabInstance::this(), TierChoice::Best, None).unwrap();
    let controllers: Vec<&str> = isolation.by_controller().keys().map(String::as_str).collect();
    assert_eq!(
        controllers,
        ["cpu", "cpuset", "kill", "memory", "network", "pids", "pressure"]
    );
    let folders = isolation.folders.clone();
    let kills = folders.iter().any(|folder| folder.join("cgroup.kill").exists());
    assert_eq!(isolation.tier() >= Tier::T1, kills);
    drop(isolation);
    assert!(
        folders.iter().all(|folder| !folder.exists()),
        "{folders:?} remain"
    );
}

#[test]
fn tier_t0_creates_nothing_and_misses_every_controller() {
    let isolation = Isolation::find(LabInstance::this(), TierChoice::Exactly(Tier::T0), None).unwrap();
    assert_eq!(isolation.tier(), Tier::T0);
    assert!(isolation.folders.is_empty() && isolation.network.is_none());
    assert_eq!(
        missing(isolation.by_controller()).len(),
        isolation.by_controller().len()
    );
}

#[test]
fn a_requested_tier_is_available_or_the_error_gives_the_reason() {
    for tier in [Tier::T1, Tier::T2] {
        match Isolation::find(LabInstance::this(), TierChoice::Exactly(tier), None) {
            Ok(isolation) => assert_eq!(isolation.tier(), tier),
            Err(reason) => assert!(reason.starts_with(&format!("{tier} needs ")), "{reason}"),
        }
    }
}
