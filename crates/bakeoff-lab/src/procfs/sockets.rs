//! Sockets in `/proc`: the ones that a process holds, and the ones that listen on a loopback port. It only reads; who
//! may listen where is decided by the caller.

use std::collections::BTreeSet;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A socket that accepts connections to the loopback address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ListeningSocket {
    /// The number by which the kernel identifies it.
    pub(crate) inode: u64,
    /// The number of the user who owns it.
    pub(crate) user: u32,
}

/// The sockets that accept connections to the loopback address at `port`, in the network namespace of this thread.
pub(crate) fn listening_on(port: u16) -> Vec<ListeningSocket> {
    // `self` would be the namespace of the main thread, and a trial's thread may be in another.
    let tables = ["/proc/thread-self/net/tcp", "/proc/thread-self/net/tcp6"];
    let texts = tables.iter().filter_map(|path| fs::read_to_string(path).ok());
    texts.flat_map(|text| parse(&text, port)).collect()
}

/// The sockets that a process holds, by their inodes; none without permission to read them.
pub(crate) fn held_by(pid: i32) -> Option<BTreeSet<u64>> {
    super::inodes(pid, "socket:[")
}

/// The ports on which these sockets accept connections, in the network namespace of this thread.
pub(crate) fn ports_of(held: &BTreeSet<u64>) -> BTreeSet<u16> {
    const LISTEN: &str = "0A";
    let tables = ["/proc/thread-self/net/tcp", "/proc/thread-self/net/tcp6"];
    let texts = tables.iter().filter_map(|path| fs::read_to_string(path).ok());
    let of_line = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let inode: u64 = fields.get(9)?.parse().ok()?;
        let (_, port) = fields.get(1)?.split_once(':')?;
        let is_ours = *fields.get(3)? == LISTEN && held.contains(&inode);
        is_ours.then_some(u16::from_str_radix(port, 16).ok()?)
    };
    texts
        .flat_map(|text| text.lines().filter_map(of_line).collect::<Vec<_>>())
        .collect()
}

/// The listening sockets in a table of `/proc/net` that accept connections to the loopback address at `port`.
fn parse(text: &str, port: u16) -> Vec<ListeningSocket> {
    const LISTEN: &str = "0A";
    let of_line = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (address, its_port) = fields.get(1)?.split_once(':')?;
        let accepts = u16::from_str_radix(its_port, 16).ok()? == port
            && *fields.get(3)? == LISTEN
            && accepts_loopback(self::address(address)?);
        accepts.then_some(ListeningSocket {
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

fn accepts_loopback(address: IpAddr) -> bool {
    let address = address.to_canonical();
    address.is_unspecified() || address == IpAddr::V4(Ipv4Addr::LOCALHOST)
}

#[cfg(test)]
mod tests {
    use super::{ListeningSocket, parse};

    #[test]
    #[cfg(target_endian = "little")]
    fn only_sockets_that_accept_loopback_connections_count() {
        let text = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
            0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11 1\n\
            1: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12 1\n\
            2: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 13 1\n\
            3: 0200007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 14 1\n\
            4: 0100007F:1F90 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 15 1\n";
        let of = |inode, user| ListeningSocket { inode, user };
        assert_eq!(parse(text, 8080), [of(11, 1000), of(13, 0)]);
        let six = "  sl\n\
            0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 0:0 00:0 0  7 0 21 1\n\
            1: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A 0:0 00:0 0  7 0 22 1\n\
            2: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 0:0 00:0 0  7 0 23 1\n";
        assert_eq!(parse(six, 8080), [of(21, 7), of(22, 7)]);
    }
}
