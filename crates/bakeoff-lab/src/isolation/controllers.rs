//! The resource controllers that reports list, each with what replaces it at T0 and what a cgroup or a namespace
//! adds. One row per controller. Words only: [`super::cgroup_hierarchy`] and [`super::network_namespace`] find out
//! what this machine has.

use std::collections::BTreeMap;

/// A controller in words.
struct Controller {
    name: &'static str,
    /// What replaces it without any privilege.
    at_t0: &'static str,
    /// What the kernel's controller would add.
    gain: &'static str,
}

const CONTROLLERS: [Controller; 7] = [
    Controller {
        name: "cpu",
        at_t0: "the kernel's clock of each process of the tree",
        gain: "also counts workers that start and end between two polls",
    },
    Controller {
        name: "cpuset",
        at_t0: "affinity, inherited by what a server starts",
        gain: "keeps a server that sets its own affinity on its processors",
    },
    Controller {
        name: "kill",
        at_t0: "by tree, group, mark and adoption, until nothing is left",
        gain: "kills all processes of a server in one step",
    },
    Controller {
        name: "memory",
        at_t0: "polled twice a second; a server above the limit is stopped",
        gain: "enforces the limit between two polls",
    },
    Controller {
        name: "network",
        at_t0: "the loopback interface, shared with the rest of the machine",
        gain: "keeps other programs off the ports of a run, and contenders off the network",
    },
    Controller {
        name: "pids",
        at_t0: "counted twice a second; a server above the limit is stopped",
        gain: "enforces the limit between two polls",
    },
    Controller {
        name: "pressure",
        at_t0: "of the whole machine, from `/proc/pressure`",
        gain: "measures how long the server's own tasks waited",
    },
];

/// Every controller with what replaces it at T0.
pub(super) fn at_t0() -> BTreeMap<String, String> {
    let rows = CONTROLLERS.iter();
    rows.map(|row| (row.name.to_owned(), row.at_t0.to_owned()))
        .collect()
}

/// The controllers that are missing here, each with what it would add.
pub(crate) fn missing(by_controller: &BTreeMap<String, String>) -> Vec<(&'static str, &'static str)> {
    let rows = CONTROLLERS.iter();
    rows.filter(|row| {
        by_controller
            .get(row.name)
            .is_some_and(|words| words == row.at_t0)
    })
    .map(|row| (row.name, row.gain))
    .collect()
}
