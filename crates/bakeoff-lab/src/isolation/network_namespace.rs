//! A network namespace of the lab: a loopback interface and nothing else. No other program can listen on a port there,
//! and its processes cannot reach the network. A namespace belongs to a thread and to what the thread starts, so
//! installing contenders, which needs the network, happens outside. There is no bridge to the outside.

use nix::errno::Errno;
use nix::libc;
use nix::sched::{CloneFlags, setns, unshare};
use nix::sys::socket::{
    AddressFamily, MsgFlags, NetlinkAddr, SockFlag, SockProtocol, SockType, recv, sendto, socket,
};
use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsRawFd;
use std::thread;

/// What it does, in words.
pub(super) const WORDS: &str =
    "a network namespace of the run: no other program shares its loopback interface, and it has no route out";

/// The index of the loopback interface in a new namespace.
const LOOPBACK: i32 = 1;

/// A namespace; the kernel removes it with its last thread and its last open file.
#[derive(Debug)]
pub(super) struct NetworkNamespace {
    namespace: File,
}

impl NetworkNamespace {
    /// Creates one, on a thread of its own, because the calling thread must stay outside.
    ///
    /// # Errors
    /// Why that is not possible, in words.
    pub(super) fn create() -> Result<NetworkNamespace, String> {
        let maker = thread::spawn(make);
        let made = maker.join();
        made.unwrap_or_else(|_| Err("the thread that creates it panicked".to_owned()))
            .map(|namespace| NetworkNamespace { namespace })
    }

    /// Moves the calling thread into it.
    pub(super) fn enter(&self) -> Result<(), String> {
        setns(&self.namespace, CloneFlags::CLONE_NEWNET)
            .map_err(|errno| format!("the network namespace cannot be entered: {errno}"))
    }
}

fn make() -> Result<File, String> {
    unshare(CloneFlags::CLONE_NEWNET).map_err(|errno| match errno {
        Errno::EPERM => "creating one needs root or CAP_SYS_ADMIN".to_owned(),
        other => format!("creating one fails: {other}"),
    })?;
    bring_loopback_up().map_err(|errno| format!("its loopback interface stays down: {errno}"))?;
    let probe = || TcpStream::connect(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?);
    probe().map_err(|error| format!("its loopback interface does not work: {error}"))?;
    File::open("/proc/thread-self/ns/net").map_err(|error| format!("`/proc/thread-self/ns/net`: {error}"))
}

/// Sends the request over rtnetlink(7) and reads the reply.
fn bring_loopback_up() -> nix::Result<()> {
    let socket = socket(
        AddressFamily::Netlink,
        SockType::Raw,
        SockFlag::SOCK_CLOEXEC,
        SockProtocol::NetlinkRoute,
    )?;
    let kernel = NetlinkAddr::new(0, 0);
    sendto(socket.as_raw_fd(), &loopback_up(), &kernel, MsgFlags::empty())?;
    let mut reply = [0; 64];
    let length = recv(socket.as_raw_fd(), &mut reply, MsgFlags::empty())?;
    outcome(&reply[..length])
}

/// The request: `struct nlmsghdr`, then `struct ifinfomsg`, in the machine's byte order.
fn loopback_up() -> [u8; 32] {
    let flags = (libc::NLM_F_REQUEST | libc::NLM_F_ACK) as u16;
    let up = libc::IFF_UP as u32;
    let mut message = [0; 32];
    message[0..4].copy_from_slice(&32_u32.to_ne_bytes());
    message[4..6].copy_from_slice(&libc::RTM_NEWLINK.to_ne_bytes());
    message[6..8].copy_from_slice(&flags.to_ne_bytes());
    message[20..24].copy_from_slice(&LOOPBACK.to_ne_bytes());
    message[24..28].copy_from_slice(&up.to_ne_bytes());
    message[28..32].copy_from_slice(&up.to_ne_bytes());
    message
}

/// The result in the kernel's reply: after the header follows a negative error number, or 0 for success.
fn outcome(reply: &[u8]) -> nix::Result<()> {
    let number = reply
        .get(16..20)
        .and_then(|bytes| bytes.try_into().ok())
        .map(i32::from_ne_bytes);
    match number {
        Some(0) => Ok(()),
        Some(number) => Err(Errno::from_raw(-number)),
        None => Err(Errno::EBADMSG),
    }
}

#[cfg(test)]
mod tests {
    use super::NetworkNamespace;
    use std::net::{TcpListener, TcpStream};
    use std::thread;

    #[test]
    fn a_namespace_separates_its_ports_from_the_outside_in_both_directions() {
        let Ok(network) = NetworkNamespace::create() else {
            eprintln!("not tested: this user may not create a network namespace");
            return;
        };
        let outside = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = outside.local_addr().unwrap();
        let inside = thread::spawn(move || {
            network.enter().unwrap();
            assert!(
                TcpStream::connect(address).is_err(),
                "the namespace reaches the outside"
            );
            // The same port is free inside, and connections inside reach it.
            let listener = TcpListener::bind(address).unwrap();
            assert!(TcpStream::connect(address).is_ok());
            listener
        });
        let inside = inside.join().unwrap();
        assert!(
            TcpStream::connect(address).is_ok(),
            "this thread is still outside"
        );
        drop(outside);
        assert!(
            TcpStream::connect(address).is_err(),
            "{inside:?} is reachable from outside"
        );
    }
}
