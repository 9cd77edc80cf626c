//! The hierarchies of cgroups that this process is in: version 2, and of version 1 those whose controllers are used here. Only
//! reading, and handing controllers down to a folder of ours.

use super::PREFIX;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// The controllers of version 1 that are used.
const OF_ONE: [&str; 5] = ["pids", "memory", "cpuset", "cpuacct", "cpu"];

/// The controllers of version 2 that are handed down. Not `cpu`, which would share processors out between cgroups.
const OF_TWO: [&str; 3] = ["pids", "memory", "cpuset"];

/// What the cgroup of this process is called while it stays in a folder of ours.
const LAB: &str = "lab";

/// A hierarchy, and where this process is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hierarchy {
    /// The folder of this process's cgroup, not counting one of ours that it was moved to.
    pub(super) own: PathBuf,
    /// Its root, as far as it can be seen from here.
    pub(super) mount: PathBuf,
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
            "cgroup" => OF_ONE
                .into_iter()
                .filter(|controller| options.split(',').any(|option| option == *controller))
                .map(Version::One)
                .collect(),
            _ => Vec::new(),
        };
        for version in versions {
            if let Some(path) = own.lines().find_map(|line| path_in(line, &version)) {
                let mount = PathBuf::from(place);
                let own = not_in_ours(&mount.join(path.trim_start_matches('/')));
                found.push(Hierarchy { own, mount, version });
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

/// The cgroup above ours, when another lab of this process has moved it there.
fn not_in_ours(own: &Path) -> PathBuf {
    let is_ours = |name: &OsStr| name.to_str().is_some_and(|name| name.starts_with(PREFIX));
    let above = own
        .parent()
        .filter(|above| own.file_name() == Some(OsStr::new(LAB)) && above.file_name().is_some_and(is_ours));
    above
        .and_then(Path::parent)
        .map_or_else(|| own.to_owned(), Path::to_owned)
}

impl Hierarchy {
    /// Whether cgroups are made in it; `cpu` of version 1 is only read.
    pub(super) fn holds_groups(&self) -> bool {
        self.version != Version::One("cpu")
    }

    /// Gives `folder`, a cgroup of ours below this process's, what those below it can have. Best effort. Version 2 hands nothing
    /// down from a cgroup that has processes itself, unless it is the root: then this process moves to one of ours.
    pub(super) fn hand_down(&self, folder: &Path) -> Option<Moved> {
        match self.version {
            Version::One("cpuset") => {
                // Of version 1: empty until it is filled, and an empty one takes no process in.
                for file in ["cpuset.mems", "cpuset.cpus"] {
                    if let Ok(above) = fs::read_to_string(self.own.join(file)) {
                        let _ = fs::write(folder.join(file), above);
                    }
                }
                None
            }
            Version::One(_) => None,
            Version::Two => {
                let missing = self.not_handed_down();
                enable("+", &missing, &self.own);
                let moved = if self.not_handed_down().is_empty() {
                    None
                } else {
                    self.make_way(folder, missing)
                };
                enable("+", &OF_TWO, folder);
                moved
            }
        }
    }

    /// Moves this process below `folder`, so that its cgroup can hand down `missing`; back again when that was of no use, because
    /// others are there as well.
    fn make_way(&self, folder: &Path, missing: Vec<&'static str>) -> Option<Moved> {
        if !self.move_this_process(&folder.join(LAB)) {
            return None;
        }
        enable("+", &missing, &self.own);
        let moved = Moved {
            own: self.own.clone(),
            folder: folder.to_owned(),
            added: missing,
        };
        if self.not_handed_down().is_empty() {
            Some(moved)
        } else {
            moved.take_back();
            None
        }
    }

    /// The controllers that this process's cgroup has, and those below it have not.
    fn not_handed_down(&self) -> Vec<&'static str> {
        let words = |file: &str| fs::read_to_string(self.own.join(file)).unwrap_or_default();
        let (had, handed) = (words("cgroup.controllers"), words("cgroup.subtree_control"));
        let has = |text: &str, name: &str| text.split_whitespace().any(|other| other == name);
        let used = OF_TWO.into_iter();
        used.filter(|name| has(&had, name) && !has(&handed, name))
            .collect()
    }

    fn move_this_process(&self, to: &Path) -> bool {
        let move_it = || {
            fs::create_dir(to)?;
            fs::write(to.join("cgroup.procs"), std::process::id().to_string())
        };
        move_it().is_ok()
    }

    /// What a cgroup of ours gives: controller, and in words what it does.
    pub(super) fn gives(&self, folder: &Path) -> Vec<(&'static str, &'static str)> {
        let rows: &[(&'static str, &str, &'static str)] = match self.version {
            Version::Two => &GIVEN_BY_TWO,
            Version::One(one) => GIVEN_BY_ONE
                .iter()
                .find(|(controller, _)| *controller == one)
                .map_or(&[], |(_, row)| std::slice::from_ref(row)),
        };
        rows.iter()
            .filter(|(_, file, _)| folder.join(file).exists())
            .map(|(controller, _, words)| (*controller, *words))
            .collect()
    }
}

/// That this process is in a cgroup of ours, so that the one above it can hand controllers down.
#[derive(Debug)]
pub(super) struct Moved {
    own: PathBuf,
    folder: PathBuf,
    /// The controllers that were handed down for our sake.
    added: Vec<&'static str>,
}

impl Moved {
    /// Brings it back, as far as nobody else needs what was handed down.
    pub(super) fn take_back(&self) {
        enable("-", &self.added, &self.folder);
        enable("-", &self.added, &self.own);
        let _ = fs::write(self.own.join("cgroup.procs"), std::process::id().to_string());
        let _ = fs::remove_dir(self.folder.join(LAB));
    }
}

fn enable(sign: &str, controllers: &[&str], in_folder: &Path) {
    for controller in controllers {
        let _ = fs::write(
            in_folder.join("cgroup.subtree_control"),
            format!("{sign}{controller}"),
        );
    }
}

/// Controller, the file by which it is known in a cgroup of ours, and what it does.
type Given = (&'static str, &'static str, &'static str);

const GIVEN_BY_TWO: [Given; 6] = [
    (
        "cpu",
        "cpu.stat",
        "`cpu.stat` of version 2 beside each process's clock, whichever is more",
    ),
    (
        "cpuset",
        "cpuset.cpus",
        "`cpuset.cpus` of version 2, besides affinity",
    ),
    ("kill", "cgroup.kill", "`cgroup.kill` of version 2"),
    (
        "memory",
        "memory.max",
        "`memory.max` of version 2, besides looking",
    ),
    ("pids", "pids.max", "`pids.max` of version 2, besides counting"),
    ("pressure", "cpu.pressure", "`cpu.pressure` of version 2"),
];

/// The same for each hierarchy of version 1.
const GIVEN_BY_ONE: [(&str, Given); 4] = [
    (
        "cpuacct",
        (
            "cpu",
            "cpuacct.usage",
            "`cpuacct.usage` of version 1 beside each process's clock, whichever is more",
        ),
    ),
    (
        "cpuset",
        (
            "cpuset",
            "cpuset.cpus",
            "`cpuset.cpus` of version 1, besides affinity",
        ),
    ),
    (
        "memory",
        (
            "memory",
            "memory.limit_in_bytes",
            "`memory.limit_in_bytes` of version 1, besides looking",
        ),
    ),
    (
        "pids",
        ("pids", "pids.max", "`pids.max` of version 1, besides counting"),
    ),
];

#[cfg(test)]
mod tests {
    use super::{Hierarchy, Version, parse};
    use std::fs;

    fn hierarchy(mount: &str, own: &str, version: Version) -> Hierarchy {
        Hierarchy {
            own: own.into(),
            mount: mount.into(),
            version,
        }
    }

    /// Files as a cgroup of version 2 has them, and a folder below; plain files take every write and hand nothing down.
    fn cgroup(handed_down: &str) -> (tempfile::TempDir, Hierarchy) {
        let own = tempfile::tempdir().unwrap();
        fs::write(
            own.path().join("cgroup.controllers"),
            "cpuset cpu io memory pids\n",
        )
        .unwrap();
        fs::write(own.path().join("cgroup.subtree_control"), handed_down).unwrap();
        fs::create_dir(own.path().join("ours")).unwrap();
        let place = own.path().to_str().unwrap();
        let of_it = hierarchy(place, place, Version::Two);
        (own, of_it)
    }

    #[test]
    fn what_is_handed_down_already_moves_nobody() {
        let (own, of_it) = cgroup("cpuset memory pids\n");
        assert!(of_it.hand_down(&own.path().join("ours")).is_none());
        assert!(!own.path().join("ours/lab").exists());
    }

    #[test]
    fn a_move_that_was_of_no_use_is_taken_back() {
        let (own, of_it) = cgroup("");
        assert_eq!(of_it.not_handed_down(), ["pids", "memory", "cpuset"]);
        assert!(of_it.hand_down(&own.path().join("ours")).is_none());
        let this = std::process::id().to_string();
        let members =
            |folder: &str| fs::read_to_string(own.path().join(folder).join("cgroup.procs")).unwrap();
        assert_eq!(members("ours/lab"), this, "it was tried");
        assert_eq!(members(""), this, "and taken back");
    }

    #[test]
    fn a_hybrid_host_has_both_versions() {
        let mounts = "tmpfs /sys/fs/cgroup tmpfs rw 0 0\n\
                      cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0\n\
                      cgroup /sys/fs/cgroup/pids cgroup rw,relatime,pids 0 0\n\
                      cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0\n";
        let own = "8:pids:/user\n4:memory:/box\n2:cpu,cpuacct:/\n0::/\n";
        let both = "/sys/fs/cgroup/cpu,cpuacct";
        let expected = [
            hierarchy(both, both, Version::One("cpuacct")),
            hierarchy(both, both, Version::One("cpu")),
            hierarchy(
                "/sys/fs/cgroup/pids",
                "/sys/fs/cgroup/pids/user",
                Version::One("pids"),
            ),
            hierarchy("/sys/fs/cgroup/unified", "/sys/fs/cgroup/unified", Version::Two),
        ];
        assert_eq!(parse(mounts, own), expected);
    }

    #[test]
    fn a_modern_host_has_one() {
        let mounts = "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n";
        let scope = "/sys/fs/cgroup/user.slice/a.scope";
        let expected = [hierarchy("/sys/fs/cgroup", scope, Version::Two)];
        assert_eq!(parse(mounts, "0::/user.slice/a.scope\n"), expected);
        let moved = "0::/user.slice/a.scope/bakeoff-1-2-3.4/lab\n";
        assert_eq!(
            parse(mounts, moved),
            expected,
            "where another lab moved us does not count"
        );
        assert_eq!(parse("proc /proc proc rw 0 0\n", "0::/\n"), []);
    }
}
