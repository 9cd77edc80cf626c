//! Whether a contender can run on a target: what the lab found under its contract, the memory that it needs, and a
//! runtime that can still be deployed.

use super::platform::Platform;
use super::target::Target;
use crate::evidence::{Caution, ContenderRecord, Unfit};
use crate::range::Range;

/// Why it cannot; empty where it can. `memory_mb` is what all of its processes use under load; `day` that of the run.
#[must_use]
pub fn unfit(record: &ContenderRecord, memory_mb: Option<Range>, target: &Target, day: &str) -> Vec<Unfit> {
    let seen = record
        .platforms
        .iter()
        .filter(|check| check.platform == target.platform)
        .flat_map(|check| &check.unfit);
    let mut found: Vec<Unfit> = seen.cloned().collect();
    let knows_memory = found
        .iter()
        .any(|unfit| matches!(unfit, Unfit::MemoryOverClass { .. }));
    // The low end: a limit within the interval may hold.
    if let Some(needs) = memory_mb.filter(|needs| !knows_memory && needs.low > target.memory_mb) {
        found.push(Unfit::MemoryOverClass {
            needs_mb: Some(needs.value),
            has_mb: target.memory_mb,
        });
    }
    if target.platform == Platform::AppEngine {
        let ended = record.support.iter().filter_map(|part| part.caution_on(day));
        found.extend(ended.filter_map(|caution| match caution {
            Caution::RuntimeEnded { runtime, ended } => Some(Unfit::RuntimeEnded { runtime, ended }),
            _ => None,
        }));
    }
    found
}
