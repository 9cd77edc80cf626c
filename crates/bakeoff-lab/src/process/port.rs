//! Which process listens on a port of this machine: responses count as evidence only when they come from the server
//! itself. This module looks, in the network namespace of the calling thread; the server decides whose fault it is.

use crate::procfs::sockets::{ListeningSocket, held_by, listening_on};
use crate::procfs::{self, Stat};
use std::collections::BTreeSet;

/// A process that listens on another's port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ForeignListener {
    /// This process.
    Process {
        /// Its number.
        pid: i32,
        /// Its command line.
        command: String,
    },
    /// A process of the user with this number, which the lab has no permission to read.
    UnreadableOf(u32),
}

/// The process that accepts connections to `port` and is not one of `members`; none when that cannot be determined.
/// `members` is called again for each look.
pub(crate) fn foreign_listener(port: u16, members: impl Fn() -> Vec<Stat>) -> Option<ForeignListener> {
    let first: Vec<ListeningSocket> = foreign_sockets(port, &members());
    if first.is_empty() {
        return None;
    }
    // A second look, because a worker that was forked or ended between reading members and sockets looks foreign once.
    let socket = foreign_sockets(port, &members())
        .into_iter()
        .find(|socket| first.contains(socket))?;
    let holder = procfs::all()
        .into_iter()
        .find(|stat| held_by(stat.pid).is_some_and(|held| held.contains(&socket.inode)));
    Some(holder.map_or(ForeignListener::UnreadableOf(socket.user), |stat| {
        ForeignListener::Process {
            pid: stat.pid,
            command: procfs::command_line(stat.pid),
        }
    }))
}

/// The sockets on `port` that no member holds; none when a living member's sockets are unreadable.
fn foreign_sockets(port: u16, members: &[Stat]) -> Vec<ListeningSocket> {
    let mut held = BTreeSet::new();
    for member in members.iter().filter(|member| !member.is_zombie()) {
        match held_by(member.pid) {
            Some(sockets) => held.extend(sockets),
            None if procfs::stat(member.pid).is_some() => return Vec::new(),
            None => {}
        }
    }
    let all = listening_on(port).into_iter();
    all.filter(|socket| !held.contains(&socket.inode)).collect()
}

#[cfg(test)]
mod tests {
    use super::{ForeignListener, foreign_listener};
    use crate::procfs;
    use std::net::TcpListener;

    #[test]
    fn a_member_is_no_foreign_listener_and_any_other_process_is_one() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let this = std::process::id() as i32;
        let own = || procfs::stat(this).into_iter().collect();
        assert_eq!(foreign_listener(port, own), None);
        let found = foreign_listener(port, Vec::new);
        assert!(
            matches!(found, Some(ForeignListener::Process { pid, .. }) if pid == this),
            "{found:?}"
        );
        drop(listener);
        assert_eq!(foreign_listener(port, Vec::new), None);
    }
}
