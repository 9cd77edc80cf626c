//! The hierarchies of cgroups that this process is in: version 2, and of version 1 those whose controllers are used here. Only
//! reading, and handing controllers down to a folder of ours.

use std::fs;
use std::path::{Path, PathBuf};

/// The controllers of either version that are used.
const USED: [&str; 2] = ["pids", "memory"];

/// A hierarchy, and where this process is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hierarchy {
    /// The folder of this process's cgroup.
    pub(super) own: PathBuf,
    version: Version,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Version {
    One(&'static str),
    Two,
}

/// Those of this process.
pub(super) fn hierarchies() -> Vec<Hierarchy> {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let own = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    parse(&mounts, &own)
}

fn parse(mounts: &str, own: &str) -> Vec<Hierarchy> {
    let mut found = Vec::new();
    for mount in mounts.lines() {
        let fields: Vec<&str> = mount.split(' ').collect();
        let [_, place, kind, options, ..] = fields[..] else {
            continue;
        };
        let versions: Vec<Version> = match kind {
            "cgroup2" => vec![Version::Two],
            "cgroup" => USED
                .into_iter()
                .filter(|controller| options.split(',').any(|option| option == *controller))
                .map(Version::One)
                .collect(),
            _ => Vec::new(),
        };
        for version in versions {
            if let Some(path) = own.lines().find_map(|line| path_in(line, &version)) {
                let own = Path::new(place).join(path.trim_start_matches('/'));
                found.push(Hierarchy { own, version });
            }
        }
    }
    found
}

/// The path in a line of `/proc/self/cgroup`, `NUMBER:CONTROLLERS:PATH`, when the line is of that hierarchy.
fn path_in<'l>(line: &'l str, version: &Version) -> Option<&'l str> {
    let mut parts = line.splitn(3, ':').skip(1);
    let (controllers, path) = (parts.next()?, parts.next()?);
    let is_it = match version {
        Version::One(controller) => controllers.split(',').any(|other| other == *controller),
        Version::Two => controllers.is_empty(),
    };
    is_it.then_some(path)
}

impl Hierarchy {
    /// Asks for the controllers in `folder`, a cgroup of ours below this process's, and in those below it. Best effort: version 2
    /// hands nothing down from a cgroup that has processes itself, unless it is the root.
    pub(super) fn hand_down(&self, folder: &Path) {
        if self.version == Version::Two {
            for controller in USED {
                for above in [&self.own, folder] {
                    let _ = fs::write(above.join("cgroup.subtree_control"), format!("+{controller}"));
                }
            }
        }
    }

    /// What a cgroup of ours gives: controller, and in words what it does.
    pub(super) fn gives(&self, folder: &Path) -> Vec<(&'static str, String)> {
        let has = |file: &str| folder.join(file).exists();
        let of_two = [
            ("kill", "cgroup.kill", "`cgroup.kill` of version 2"),
            (
                "cpu",
                "cpu.stat",
                "each process's clock, beside `cpu.stat` of version 2",
            ),
            ("pids", "pids.max", "`pids.max` of version 2"),
            ("memory", "memory.max", "`memory.max` of version 2"),
        ];
        let of_one = [
            ("pids", "pids.max", "`pids.max` of version 1"),
            (
                "memory",
                "memory.limit_in_bytes",
                "counted by version 1, bounded by looking",
            ),
        ];
        match self.version {
            Version::Two => of_two
                .iter()
                .filter(|(_, file, _)| has(file))
                .map(|(controller, _, words)| (*controller, (*words).to_owned()))
                .collect(),
            Version::One(one) => of_one
                .iter()
                .filter(|(controller, file, _)| *controller == one && has(file))
                .map(|(controller, _, words)| (*controller, (*words).to_owned()))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Hierarchy, Version, parse};

    fn hierarchy(own: &str, version: Version) -> Hierarchy {
        Hierarchy {
            own: own.into(),
            version,
        }
    }

    #[test]
    fn a_hybrid_host_has_both_versions() {
        let mounts = "tmpfs /sys/fs/cgroup tmpfs rw 0 0\n\
                      cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0\n\
                      cgroup /sys/fs/cgroup/pids cgroup rw,relatime,pids 0 0\n\
                      cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0\n";
        let own = "8:pids:/user\n4:memory:/box\n0::/\n";
        let expected = [
            hierarchy("/sys/fs/cgroup/pids/user", Version::One("pids")),
            hierarchy("/sys/fs/cgroup/unified", Version::Two),
        ];
        assert_eq!(parse(mounts, own), expected);
    }

    #[test]
    fn a_modern_host_has_one() {
        let mounts = "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n";
        let expected = [hierarchy("/sys/fs/cgroup/user.slice/a.scope", Version::Two)];
        assert_eq!(parse(mounts, "0::/user.slice/a.scope\n"), expected);
        assert_eq!(parse("proc /proc proc rw 0 0\n", "0::/\n"), []);
    }
}
