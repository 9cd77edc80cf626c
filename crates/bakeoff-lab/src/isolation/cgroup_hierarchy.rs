//! The cgroup hierarchies of this process: version 2, and the controllers of version 1 that the lab uses. This module
//! reads them and delegates controllers to a cgroup of the lab; it starts and kills nothing.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// How the names of the lab's cgroups begin; the mark of the lab instance follows.
pub(super) const PREFIX: &str = "bakeoff-";

/// The controllers of version 1 that the lab uses.
const OF_ONE: [&str; 5] = ["pids", "memory", "cpuset", "cpuacct", "cpu"];

/// The controllers of version 2 that are delegated. Not `cpu`, which would divide processor time between cgroups.
const OF_TWO: [&str; 3] = ["pids", "memory", "cpuset"];

/// The name of the cgroup that holds this process while it is below a cgroup of the lab.
const LAB: &str = "lab";

/// A hierarchy, and the place of this process in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hierarchy {
    /// The folder of this process's cgroup, before a lab moved it.
    pub(super) own: PathBuf,
    /// The root that is visible from here.
    pub(super) mount: PathBuf,
    version: Version,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Version {
    One(&'static str),
    Two,
}

/// All hierarchies of this process.
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
                let own = before_the_move(&mount.join(path.trim_start_matches('/')));
                found.push(Hierarchy { own, mount, version });
            }
        }
    }
    found
}

/// The path in a line of `/proc/self/cgroup`, `NUMBER:CONTROLLERS:PATH`, if the line belongs to that hierarchy.
fn path_in<'l>(line: &'l str, version: &Version) -> Option<&'l str> {
    let mut parts = line.splitn(3, ':').skip(1);
    let (controllers, path) = (parts.next()?, parts.next()?);
    let is_it = match version {
        Version::One(controller) => controllers.split(',').any(|other| other == *controller),
        Version::Two => controllers.is_empty(),
    };
    is_it.then_some(path)
}

/// The cgroup above the lab's, if another lab of this process moved the process there.
fn before_the_move(own: &Path) -> PathBuf {
    let is_ours = |name: &OsStr| name.to_str().is_some_and(|name| name.starts_with(PREFIX));
    let above = own
        .parent()
        .filter(|above| own.file_name() == Some(OsStr::new(LAB)) && above.file_name().is_some_and(is_ours));
    above
        .and_then(Path::parent)
        .map_or_else(|| own.to_owned(), Path::to_owned)
}

impl Hierarchy {
    /// Whether the lab creates cgroups in it. It only reads `cpu` of version 1.
    pub(super) fn takes_cgroups(&self) -> bool {
        self.version != Version::One("cpu")
    }

    /// Whether its cgroups can have a quota of processor time in version 1.
    pub(super) fn has_quotas_of_one(&self) -> bool {
        self.version == Version::One("cpu")
    }

    /// Delegates controllers to `folder`, a cgroup of the lab below this process's. Best effort. Version 2 delegates
    /// nothing from a cgroup that has processes itself, unless it is the root, so this process moves to a cgroup below.
    pub(super) fn delegate_controllers(&self, folder: &Path) -> Option<MovedProcess> {
        match self.version {
            Version::One("cpuset") => {
                // Version 1: a new cpuset is empty, and the kernel adds no process to an empty one.
                for file in ["cpuset.mems", "cpuset.cpus"] {
                    if let Ok(above) = fs::read_to_string(self.own.join(file)) {
                        let _ = fs::write(folder.join(file), above);
                    }
                }
                None
            }
            Version::One(_) => None,
            Version::Two => {
                let missing = self.not_delegated();
                enable("+", &missing, &self.own);
                let moved = if self.not_delegated().is_empty() {
                    None
                } else {
                    self.move_down(folder, missing)
                };
                enable("+", &OF_TWO, folder);
                moved
            }
        }
    }

    /// Moves this process below `folder`, so that its cgroup can delegate `missing`. Moves it back when the cgroup
    /// holds other processes too and still cannot delegate.
    fn move_down(&self, folder: &Path, missing: Vec<&'static str>) -> Option<MovedProcess> {
        if !self.move_this_process(&folder.join(LAB)) {
            return None;
        }
        enable("+", &missing, &self.own);
        let moved = MovedProcess {
            own: self.own.clone(),
            folder: folder.to_owned(),
            added: missing,
        };
        if self.not_delegated().is_empty() {
            Some(moved)
        } else {
            moved.move_back();
            None
        }
    }

    /// The controllers that this process's cgroup has and does not delegate yet.
    fn not_delegated(&self) -> Vec<&'static str> {
        let words = |file: &str| fs::read_to_string(self.own.join(file)).unwrap_or_default();
        let (available, delegated) = (words("cgroup.controllers"), words("cgroup.subtree_control"));
        let has = |text: &str, name: &str| text.split_whitespace().any(|other| other == name);
        let used = OF_TWO.into_iter();
        used.filter(|name| has(&available, name) && !has(&delegated, name))
            .collect()
    }

    fn move_this_process(&self, to: &Path) -> bool {
        let move_it = || {
            fs::create_dir(to)?;
            fs::write(to.join("cgroup.procs"), std::process::id().to_string())
        };
        move_it().is_ok()
    }

    /// The controllers that work in a cgroup of the lab, each with what it does, in words.
    pub(super) fn available_controllers(&self, folder: &Path) -> Vec<(&'static str, &'static str)> {
        let rows: &[(&'static str, &str, &'static str)] = match self.version {
            Version::Two => &AVAILABLE_IN_V2,
            Version::One(one) => AVAILABLE_IN_V1
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

/// This process was moved into a cgroup of the lab, so that the cgroup above can delegate controllers.
#[derive(Debug)]
pub(super) struct MovedProcess {
    own: PathBuf,
    folder: PathBuf,
    /// The controllers that were delegated for the lab.
    added: Vec<&'static str>,
}

impl MovedProcess {
    /// Moves it back and withdraws the delegated controllers, unless other processes need them.
    pub(super) fn move_back(&self) {
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

/// Controller, the file that shows that a cgroup has it, and what it does.
type Available = (&'static str, &'static str, &'static str);

const AVAILABLE_IN_V2: [Available; 6] = [
    (
        "cpu",
        "cpu.stat",
        "the larger of `cpu.stat` of version 2 and the processes' clocks",
    ),
    ("cpuset", "cpuset.cpus", "`cpuset.cpus` of version 2 and affinity"),
    ("kill", "cgroup.kill", "`cgroup.kill` of version 2"),
    ("memory", "memory.max", "`memory.max` of version 2 and polling"),
    ("pids", "pids.max", "`pids.max` of version 2 and polling"),
    ("pressure", "cpu.pressure", "`cpu.pressure` of version 2"),
];

/// The same for each hierarchy of version 1.
const AVAILABLE_IN_V1: [(&str, Available); 4] = [
    (
        "cpuacct",
        (
            "cpu",
            "cpuacct.usage",
            "the larger of `cpuacct.usage` of version 1 and the processes' clocks",
        ),
    ),
    (
        "cpuset",
        ("cpuset", "cpuset.cpus", "`cpuset.cpus` of version 1 and affinity"),
    ),
    (
        "memory",
        (
            "memory",
            "memory.limit_in_bytes",
            "`memory.limit_in_bytes` of version 1 and polling",
        ),
    ),
    (
        "pids",
        ("pids", "pids.max", "`pids.max` of version 1 and polling"),
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

    /// The files of a cgroup of version 2, and a folder below. Plain files accept every write and delegate nothing.
    fn cgroup(delegated: &str) -> (tempfile::TempDir, Hierarchy) {
        let own = tempfile::tempdir().unwrap();
        fs::write(
            own.path().join("cgroup.controllers"),
            "cpuset cpu io memory pids\n",
        )
        .unwrap();
        fs::write(own.path().join("cgroup.subtree_control"), delegated).unwrap();
        fs::create_dir(own.path().join("ours")).unwrap();
        let place = own.path().to_str().unwrap();
        let of_it = hierarchy(place, place, Version::Two);
        (own, of_it)
    }

    #[test]
    fn controllers_that_are_delegated_already_move_no_process() {
        let (own, of_it) = cgroup("cpuset memory pids\n");
        assert!(of_it.delegate_controllers(&own.path().join("ours")).is_none());
        assert!(!own.path().join("ours/lab").exists());
    }

    #[test]
    fn a_move_that_delegates_nothing_is_undone() {
        let (own, of_it) = cgroup("");
        assert_eq!(of_it.not_delegated(), ["pids", "memory", "cpuset"]);
        assert!(of_it.delegate_controllers(&own.path().join("ours")).is_none());
        let this = std::process::id().to_string();
        let members =
            |folder: &str| fs::read_to_string(own.path().join(folder).join("cgroup.procs")).unwrap();
        assert_eq!(members("ours/lab"), this, "the process moved");
        assert_eq!(members(""), this, "the process moved back");
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
        assert_eq!(parse(mounts, moved), expected, "a move by another lab is ignored");
        assert_eq!(parse("proc /proc proc rw 0 0\n", "0::/\n"), []);
    }
}
