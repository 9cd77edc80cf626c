//! Processes that the lab starts: found again whatever they do, watched, and ended. Deliberately nothing of
//! contenders or databases: a process here is a program with a place to run and a log.

pub(crate) mod cpu;
pub(crate) mod delay;
pub(crate) mod hidden;
pub(crate) mod launch;
pub(crate) mod leftovers;
pub(crate) mod log;
pub(crate) mod memory;
pub(crate) mod owner;
pub(crate) mod port;
mod procfs;
pub(crate) mod supervised;
pub(crate) mod tree;
pub(crate) mod usage;

pub(crate) use launch::Launch;
pub(crate) use supervised::Supervised;

use std::io;
use std::net::TcpListener;

/// A port of the loopback address that was free a moment ago.
pub(crate) fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Makes this process the one to which orphans of its descendants fall, so that none gets out of sight, and
/// allows as many open files as the system lets it.
pub(crate) fn adopt_orphans_and_raise_limits() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    // Both are best effort: without them orphans are still found by their mark, and fewer connections are
    // opened.
    let _ = nix::sys::prctl::set_child_subreaper(true);
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE)
        && soft < hard
    {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
    }
}
