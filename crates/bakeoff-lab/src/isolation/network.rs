//! A network namespace of a lab's own: a loopback interface and nothing else. Nobody else's program can take or answer a port
//! there, and what is in it reaches nobody outside. A namespace belongs to a thread and to what that starts, so preparing, which
//! needs the network, stays outside. Deliberately no bridge to the world.

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
    "a namespace of the run's own: its loopback interface is shared with nobody and reaches nobody";

/// The number of the loopback interface in a namespace that is new.
const LOOPBACK: i32 = 1;

/// A namespace; it ends with the last that holds or is in it.
#[derive(Debug)]
pub(super) struct Network {
    namespace: File,
}

impl Network {
    /// Makes one, on a thread that ends with it.
    ///
    /// # Errors
    /// Why it cannot be had, in words.
    pub(super) fn create() -> Result<Network, String> {
        if crate::service::database_is_named() {
            return Err("the database that `DATABASE_URL` names is outside of it".to_owned());
        }
        let maker = thread::spawn(make);
        let made = maker.join();
        made.unwrap_or_else(|_| Err("the thread that makes it panicked".to_owned()))
            .map(|namespace| Network { namespace })
    }

    /// Brings the calling thread into it.
    pub(super) fn enter(&self) -> Result<(), String> {
        setns(&self.namespace, CloneFlags::CLONE_NEWNET)
            .map_err(|errno| format!("the network namespace cannot be entered: {errno}"))
    }
}

fn make() -> Result<File, String> {
    unshare(CloneFlags::CLONE_NEWNET).map_err(|errno| match errno {
        Errno::EPERM => "making one needs root or CAP_SYS_ADMIN".to_owned(),
        other => format!("making one fails: {other}"),
    })?;
    bring_loopback_up().map_err(|errno| format!("its loopback interface stays down: {errno}"))?;
    let try_it = || TcpStream::connect(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?);
    try_it().map_err(|error| format!("its loopback interface does not work: {error}"))?;
    File::open("/proc/thread-self/ns/net").map_err(|error| format!("`/proc/thread-self/ns/net`: {error}"))
}

/// Asks the kernel for it by rtnetlink(7), and reads its answer.
fn bring_loopback_up() -> nix::Result<()> {
    let socket = socket(
        AddressFamily::Netlink,
        SockType::Raw,
        SockFlag::SOCK_CLOEXEC,
        SockProtocol::NetlinkRoute,
    )?;
    let kernel = NetlinkAddr::new(0, 0);
    sendto(socket.as_raw_fd(), &loopback_up(), &kernel, MsgFlags::empty())?;
    let mut answer = [0; 64];
    let length = recv(socket.as_raw_fd(), &mut answer, MsgFlags::empty())?;
    outcome(&answer[..length])
}

/// The message: `struct nlmsghdr`, then `struct ifinfomsg`, in the machine's byte order.
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

/// What the kernel's answer says: after its header stands an error number below zero, or 0 when it is done.
fn outcome(answer: &[u8]) -> nix::Result<()> {
    let number = answer
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
    use super::Network;
    use std::net::{TcpListener, TcpStream};
    use std::thread;

    #[test]
    fn who_is_in_it_reaches_nobody_outside_and_is_reached_by_nobody() {
        let Ok(network) = Network::create() else {
            eprintln!("not asked: this user may not make a network namespace");
            return;
        };
        let outside = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = outside.local_addr().unwrap();
        let inside = thread::spawn(move || {
            network.enter().unwrap();
            assert!(TcpStream::connect(address).is_err(), "the world outside answers");
            // The same port is free in there, and answers in there.
            let listener = TcpListener::bind(address).unwrap();
            assert!(TcpStream::connect(address).is_ok());
            listener
        });
        let inside = inside.join().unwrap();
        assert!(TcpStream::connect(address).is_ok(), "this thread has not moved");
        drop(outside);
        assert!(
            TcpStream::connect(address).is_err(),
            "{inside:?} answers the world outside"
        );
    }
}
