//! Processes that the lab starts: it finds them even if they hide, watches them, and kills them. Nothing about
//! contenders or databases: a process here is a program with a working folder and a log.

pub(crate) mod affinity;
pub(crate) mod cpu;
pub(crate) mod escaped;
pub(crate) mod foreign;
mod idle;
pub(crate) mod lab_instance;
pub(crate) mod leftovers;
pub(crate) mod log;
pub(crate) mod memory;
pub(crate) mod pause;
pub(crate) mod port;
pub(crate) mod process_tree;
pub(crate) mod program;
mod roots;
pub(crate) mod run_delay;
pub(crate) mod snapshot;
pub(crate) mod supervised;
pub(crate) mod usage;
pub(crate) mod view;

pub(crate) use idle::wait_until_idle;
pub(crate) use program::Program;
pub(crate) use snapshot::Snapshot;
pub(crate) use supervised::Supervised;

use std::io;
use std::net::TcpListener;

/// A port of the loopback address that was free a moment ago.
pub(crate) fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Makes this process the reaper of its descendants' orphans, so that none gets out of sight, and raises the limit of
/// open files to the maximum.
pub(crate) fn adopt_orphans_and_raise_limits() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    // Both are best effort: without them the lab still finds orphans by their mark, and opens fewer connections.
    let _ = nix::sys::prctl::set_child_subreaper(true);
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE)
        && soft < hard
    {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
    }
}
