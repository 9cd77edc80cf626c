//! What is found on this machine, whatever it allows.

use super::{Isolation, TierChoice, without};
use crate::process::owner::Owner;
use bakeoff_core::evidence::Tier;

#[test]
fn every_controller_is_told_of_whatever_is_allowed() {
    let isolation = Isolation::find(Owner::this(), TierChoice::Best).unwrap();
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
        "{folders:?} are left"
    );
}

#[test]
fn the_lowest_tier_makes_nothing_and_lacks_every_controller() {
    let isolation = Isolation::find(Owner::this(), TierChoice::Exactly(Tier::T0)).unwrap();
    assert_eq!(isolation.tier(), Tier::T0);
    assert!(isolation.folders.is_empty() && isolation.network.is_none());
    assert_eq!(
        without(isolation.by_controller()).len(),
        isolation.by_controller().len()
    );
}

#[test]
fn a_tier_is_had_as_it_was_asked_for_or_the_error_says_why_not() {
    for tier in [Tier::T1, Tier::T2] {
        match Isolation::find(Owner::this(), TierChoice::Exactly(tier)) {
            Ok(isolation) => assert_eq!(isolation.tier(), tier),
            Err(reason) => assert!(reason.starts_with(&format!("{tier} needs ")), "{reason}"),
        }
    }
}
