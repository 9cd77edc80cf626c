//! The knobs of a target, and the settings of each that the report shows beside the one that the simulation began
//! with. One knob changes at a time.

use super::catalogue::Catalogue;
use super::platform::Platform;
use super::target::Target;
use crate::brief::Deploy;

/// A target with one knob at another setting.
pub(super) struct Turned {
    /// The knob, as the platform calls it.
    pub(super) knob: &'static str,
    /// The setting.
    pub(super) setting: String,
    /// The target with it.
    pub(super) target: Target,
}

/// Requests at a time.
const CONCURRENCY: [u32; 4] = [1, 10, 80, 250];
/// Shares of the processors, and of the places, that the autoscaler aims at.
const TARGETS: [f64; 3] = [0.5, 0.6, 0.95];
/// Kept instances.
const KEPT: [u32; 2] = [0, 1];
/// Classes of App Engine.
const CLASSES: [&str; 3] = ["F1", "F2", "F4"];
/// Processors of an instance of Cloud Run.
const VCPUS: [f64; 2] = [1.0, 2.0];

/// Every setting of every knob, those of the target itself left out.
pub(super) fn turned(target: &Target, deploy: &Deploy, table: &Catalogue) -> Vec<Turned> {
    let mut all = Vec::new();
    let (concurrency, cpu, places, kept) = match target.platform {
        Platform::AppEngine => (
            "max_concurrent_requests",
            "target_cpu_utilization",
            "target_throughput_utilization",
            "min_instances",
        ),
        Platform::CloudRun => (
            "concurrency",
            "CPU target",
            "concurrency target",
            "minimum instances",
        ),
    };
    let mut turn = |knob, setting: String, set: &dyn Fn(&mut Target)| {
        let mut other = target.clone();
        set(&mut other);
        if other != *target {
            all.push(Turned {
                knob,
                setting,
                target: other,
            });
        }
    };
    for places in CONCURRENCY
        .into_iter()
        .filter(|_| target.vcpu >= 1.0 || target.platform == Platform::AppEngine)
    {
        turn(concurrency, places.to_string(), &|target| {
            target.concurrency = places
        });
    }
    for share in TARGETS {
        turn(cpu, share.to_string(), &|target| target.policy.cpu_target = share);
    }
    for share in TARGETS {
        turn(places, share.to_string(), &|target| {
            target.policy.concurrency_target = share
        });
    }
    for instances in KEPT {
        turn(kept, instances.to_string(), &|target| {
            target.policy.min_instances = instances;
        });
    }
    all.extend(sizes(target, deploy, table));
    all
}

/// The other sizes of an instance.
fn sizes(target: &Target, deploy: &Deploy, table: &Catalogue) -> Vec<Turned> {
    let size = |knob, other: Option<Target>| {
        other
            .filter(|other| other.size != target.size)
            .map(|other| Turned {
                knob,
                setting: other.size.clone(),
                target: other,
            })
    };
    let sizes: Vec<Option<Turned>> = match target.platform {
        Platform::AppEngine => CLASSES
            .into_iter()
            .map(|class| size("instance_class", Target::app_engine(table, class, deploy)))
            .collect(),
        Platform::CloudRun => VCPUS
            .into_iter()
            .map(|vcpu| {
                let other = Target::cloud_run(table, vcpu, target.memory_mb, deploy);
                size("vCPU", Some(other))
            })
            .collect(),
    };
    sizes.into_iter().flatten().collect()
}
