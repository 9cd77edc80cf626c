//! The controllers that are told of, each with what does its work at T0 and what a cgroup or a namespace would add. A controller
//! is one row here. Deliberately only words: what is there is found by [`super::hierarchy`] and [`super::network`].

use std::collections::BTreeMap;

/// A controller in words.
struct Controller {
    name: &'static str,
    /// What does its work without any right.
    at_t0: &'static str,
    /// What more would be had with it.
    gain: &'static str,
}

const CONTROLLERS: [Controller; 7] = [
    Controller {
        name: "cpu",
        at_t0: "the kernel's clock of each process of the tree",
        gain: "counts workers that begin and end between two looks as well",
    },
    Controller {
        name: "cpuset",
        at_t0: "affinity, inherited by what a server starts",
        gain: "holds a server to its processors that sets its own affinity",
    },
    Controller {
        name: "kill",
        at_t0: "by tree, group, mark and adoption, until nothing is left",
        gain: "ends all of a server in one step",
    },
    Controller {
        name: "memory",
        at_t0: "looked at twice a second, and ended above the bound",
        gain: "holds the bound between two looks",
    },
    Controller {
        name: "network",
        at_t0: "the loopback interface, shared with the rest of the machine",
        gain: "keeps other programs off the ports of a run, and contenders off the network",
    },
    Controller {
        name: "pids",
        at_t0: "counted twice a second, and ended above the bound",
        gain: "holds the bound between two looks",
    },
    Controller {
        name: "pressure",
        at_t0: "of the whole machine, from `/proc/pressure`",
        gain: "tells how long the server's own tasks waited",
    },
];

/// Every controller with what does its work at T0.
pub(super) fn at_t0() -> BTreeMap<String, String> {
    let rows = CONTROLLERS.iter();
    rows.map(|row| (row.name.to_owned(), row.at_t0.to_owned()))
        .collect()
}

/// The controllers whose work is done as at T0, each with what more could be had.
pub(crate) fn without(by_controller: &BTreeMap<String, String>) -> Vec<(&'static str, &'static str)> {
    let rows = CONTROLLERS.iter();
    rows.filter(|row| {
        by_controller
            .get(row.name)
            .is_some_and(|words| words == row.at_t0)
    })
    .map(|row| (row.name, row.gain))
    .collect()
}
