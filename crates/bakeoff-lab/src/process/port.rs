//! Who listens on a port of this machine: the answers of a server count only when they are its own. Deliberately only looking,
//! in the network namespace of the calling thread; whose fault it is, is said where the server runs.

use super::procfs::{self, Stat};
use std::collections::BTreeSet;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A process that listens where another should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stranger {
    /// This one.
    Process {
        /// Its number.
        pid: i32,
        /// Its command line.
        command: String,
    },
    /// One that may not be looked at, of the user with this number.
    OfUser(u32),
}

/// A socket that takes connections to the loopback address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Listener {
    inode: u64,
    user: u32,
}

/// A process that takes connections to `port` and is not of `members`, which are asked for anew; none when it cannot be told.
pub(crate) fn stranger_on(port: u16, members: impl Fn() -> Vec<Stat>) -> Option<Stranger> {
    let first: Vec<Listener> = foreign(port, &members());
    if first.is_empty() {
        return None;
    }
    // Once more: a server that has just started a worker, or ended one, is not a stranger to itself.
    let listener = foreign(port, &members())
        .into_iter()
        .find(|listener| first.contains(listener))?;
    let holder = procfs::all()
        .into_iter()
        .find(|stat| sockets(stat.pid).is_some_and(|held| held.contains(&listener.inode)));
    Some(
        holder.map_or(Stranger::OfUser(listener.user), |stat| Stranger::Process {
            pid: stat.pid,
            command: procfs::command_line(stat.pid),
        }),
    )
}

/// The listeners on `port` that none of the members holds; none when there is a member that may not be looked at.
fn foreign(port: u16, members: &[Stat]) -> Vec<Listener> {
    let mut held = BTreeSet::new();
    for member in members.iter().filter(|member| !member.is_zombie()) {
        match sockets(member.pid) {
            Some(sockets) => held.extend(sockets),
            None if procfs::stat(member.pid).is_some() => return Vec::new(),
            None => {}
        }
    }
    let tables = ["/proc/thread-self/net/tcp", "/proc/thread-self/net/tcp6"];
    let texts = tables.iter().filter_map(|path| fs::read_to_string(path).ok());
    texts
        .flat_map(|text| parse(&text, port))
        .filter(|listener| !held.contains(&listener.inode))
        .collect()
}

/// The sockets that a process holds, by their numbers; none when they may not be looked at.
fn sockets(pid: i32) -> Option<BTreeSet<u64>> {
    let entries = fs::read_dir(format!("/proc/{pid}/fd")).ok()?;
    let number = |entry: fs::DirEntry| {
        let link = fs::read_link(entry.path()).ok()?;
        let inode = link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?;
        inode.parse().ok()
    };
    Some(entries.filter_map(Result::ok).filter_map(number).collect())
}

/// The listeners in a table of `/proc/net` that take connections to the loopback address at `port`.
fn parse(text: &str, port: u16) -> Vec<Listener> {
    const LISTENS: &str = "0A";
    let of_line = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (address, its_port) = fields.get(1)?.split_once(':')?;
        let takes = u16::from_str_radix(its_port, 16).ok()? == port
            && *fields.get(3)? == LISTENS
            && takes_loopback(self::address(address)?);
        takes.then_some(Listener {
            inode: fields.get(9)?.parse().ok()?,
            user: fields.get(7)?.parse().ok()?,
        })
    };
    text.lines().filter_map(of_line).collect()
}

/// The kernel prints each 32 bits of an address as a number of the machine's byte order.
fn address(digits: &str) -> Option<IpAddr> {
    let word = |at: usize| {
        let digits = digits.get(at * 8..at * 8 + 8)?;
        Some(u32::from_str_radix(digits, 16).ok()?.to_ne_bytes())
    };
    if digits.len() == 8 {
        return Some(Ipv4Addr::from(word(0)?).into());
    }
    let mut bytes = [0; 16];
    for at in 0..4 {
        bytes[at * 4..at * 4 + 4].copy_from_slice(&word(at)?);
    }
    Some(Ipv6Addr::from(bytes).into())
}

fn takes_loopback(address: IpAddr) -> bool {
    let address = address.to_canonical();
    address.is_unspecified() || address == IpAddr::V4(Ipv4Addr::LOCALHOST)
}

#[cfg(test)]
mod tests {
    use super::{Listener, Stranger, parse, stranger_on};
    use crate::process::procfs;
    use std::net::TcpListener;

    #[test]
    #[cfg(target_endian = "little")]
    fn only_who_takes_connections_to_the_loopback_address_counts() {
        let text = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
            0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11 1\n\
            1: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12 1\n\
            2: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 13 1\n\
            3: 0200007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 14 1\n\
            4: 0100007F:1F90 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 15 1\n";
        let of = |inode, user| Listener { inode, user };
        assert_eq!(parse(text, 8080), [of(11, 1000), of(13, 0)]);
        let six = "  sl\n\
            0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 0:0 00:0 0  7 0 21 1\n\
            1: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A 0:0 00:0 0  7 0 22 1\n\
            2: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 0:0 00:0 0  7 0 23 1\n";
        assert_eq!(parse(six, 8080), [of(21, 7), of(22, 7)]);
    }

    #[test]
    fn who_holds_the_port_is_no_stranger_and_anybody_else_is_one() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let this = std::process::id() as i32;
        let own = || procfs::stat(this).into_iter().collect();
        assert_eq!(stranger_on(port, own), None);
        let found = stranger_on(port, Vec::new);
        assert!(
            matches!(found, Some(Stranger::Process { pid, .. }) if pid == this),
            "{found:?}"
        );
        drop(listener);
        assert_eq!(stranger_on(port, Vec::new), None);
    }
}
