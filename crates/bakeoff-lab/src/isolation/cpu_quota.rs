//! CPU quotas that somebody set above the lab, on the container or on the session. The lab only reads them, at every
//! tier, and sets none itself: a quota would be measured instead of the server.

use super::cgroup_hierarchy::{Hierarchy, hierarchies};
use crate::procfs;
use std::fs;
use std::path::Path;

/// Time in which quotas stopped the lab and all else under the same quotas, summed over processors, in seconds; none
/// where the kernel does not count it.
pub(crate) fn throttled_s() -> Option<f64> {
    let of_levels: Vec<f64> = levels(&hierarchies())
        .filter_map(|level| throttled_at(&fs::read_to_string(level.join("cpu.stat")).ok()?))
        .collect();
    (!of_levels.is_empty()).then(|| of_levels.iter().sum())
}

/// The fewest processors that a quota above the lab allows; none without a quota.
pub(crate) fn quota_processors() -> Option<f64> {
    let hierarchies = hierarchies();
    levels(&hierarchies).filter_map(quota_at).min_by(f64::total_cmp)
}

/// The cgroup of this process and those above it, in each hierarchy.
fn levels(hierarchies: &[Hierarchy]) -> impl Iterator<Item = &Path> {
    hierarchies.iter().flat_map(|hierarchy| {
        hierarchy
            .own
            .ancestors()
            .take_while(|level| level.starts_with(&hierarchy.mount))
    })
}

/// From `cpu.stat`: microseconds in version 2, nanoseconds in version 1.
fn throttled_at(text: &str) -> Option<f64> {
    let field = |name: &str| procfs::number_after(text, name).map(|number| number as f64);
    field("throttled_usec ")
        .map(|us| us / 1e6)
        .or_else(|| field("throttled_time ").map(|ns| ns / 1e9))
}

fn quota_at(level: &Path) -> Option<f64> {
    let read = |file: &str| fs::read_to_string(level.join(file)).ok();
    let (quota, period) = match read("cpu.max") {
        Some(text) => {
            let (quota, period) = text.trim().split_once(' ')?;
            (quota.to_owned(), period.to_owned())
        }
        None => (read("cpu.cfs_quota_us")?, read("cpu.cfs_period_us")?),
    };
    let (quota, period): (f64, f64) = (quota.trim().parse().ok()?, period.trim().parse().ok()?);
    (quota > 0.0 && period > 0.0).then(|| quota / period)
}

#[cfg(test)]
mod tests {
    use super::{quota_at, throttled_at};
    use std::fs;

    #[test]
    fn both_versions_are_read_in_their_own_unit() {
        let two = "usage_usec 9\nnr_periods 4\nnr_throttled 3\nthrottled_usec 250000\n";
        let one = "nr_periods 4\nnr_throttled 3\nthrottled_time 250000000\n";
        assert_eq!(throttled_at(two), Some(0.25));
        assert_eq!(throttled_at(one), Some(0.25));
        assert_eq!(throttled_at("usage_usec 9\n"), None);
    }

    #[test]
    fn a_quota_is_read_as_a_number_of_processors() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(quota_at(folder.path()), None);
        fs::write(folder.path().join("cpu.cfs_quota_us"), "-1\n").unwrap();
        fs::write(folder.path().join("cpu.cfs_period_us"), "100000\n").unwrap();
        assert_eq!(quota_at(folder.path()), None, "-1 is no limit");
        fs::write(folder.path().join("cpu.cfs_quota_us"), "150000\n").unwrap();
        assert_eq!(quota_at(folder.path()), Some(1.5));
        fs::write(folder.path().join("cpu.max"), "max 100000\n").unwrap();
        assert_eq!(quota_at(folder.path()), None, "`max` is no limit");
        fs::write(folder.path().join("cpu.max"), "50000 100000\n").unwrap();
        assert_eq!(quota_at(folder.path()), Some(0.5));
    }
}
