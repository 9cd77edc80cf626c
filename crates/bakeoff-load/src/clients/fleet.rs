//! Many WebSockets at once, held by one thread that never blocks: measures how long a broadcast takes to reach them
//! all. The meaning of the messages is the caller's matter.

mod member;

use crate::check::json::first_difference;
use crate::error::LoadError;
use crate::histogram::{empty, micros};
use crate::net::open_files::allow_open_files;
use crate::net::stream::Dialer;
use crate::net::target::Target;
use hdrhistogram::Histogram;
use member::{FleetMember, MemberEvent};
use rustix::event::epoll::{self, CreateFlags, Event};
use rustix::fs::Timespec;
use rustix::io::Errno;
use serde_json::Value;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

/// Open WebSockets; dropping it ends their connections.
///
/// All work happens in the caller's thread, within the calls: between them nothing is read, and the next call answers
/// the server's pings. [`WebSocketFleet::hold`] is such a call.
#[derive(Debug)]
pub struct WebSocketFleet {
    epoll: OwnedFd,
    members: Vec<FleetMember>,
    buffer: Vec<u8>,
}

/// How a broadcast reached a fleet.
#[derive(Debug, Clone, PartialEq)]
pub struct Broadcast {
    /// From sending to receipt, µs, for each socket that received it, the sender's own included.
    pub latency: Histogram<u64>,
    /// The sockets that did not receive it in time, or were lost meanwhile.
    pub missed: usize,
}

/// Sockets that are being opened at once: more could overflow the server's listen queue, and a retried SYN takes a
/// second.
const AT_ONCE: usize = 64;
/// Opening gives up after this long without one more open socket.
const PATIENCE: Duration = Duration::from_secs(10);

impl WebSocketFleet {
    /// Opens `n` WebSockets at `path`, at most 64 at a time.
    ///
    /// # Errors
    /// A socket could not be opened, or no further one opened within ten seconds.
    pub fn open(target: &Target, path: &str, n: usize) -> Result<Self, LoadError> {
        allow_open_files(n)?;
        let dialer = Dialer::new(target)?;
        let epoll = epoll::create(CreateFlags::CLOEXEC).map_err(LoadError::system("making an epoll"))?;
        let mut fleet = Self {
            epoll,
            members: Vec::with_capacity(n),
            buffer: vec![0; 16 * 1024],
        };
        let mut opened = 0;
        let mut deadline = Instant::now() + PATIENCE;
        while opened < n {
            let broken = |reason: String| LoadError::Connections {
                opened,
                wanted: n,
                reason,
            };
            while fleet.members.len() < n && fleet.members.len() - opened < AT_ONCE {
                fleet.dial(&dialer, target, path).map_err(broken)?;
            }
            if Instant::now() >= deadline {
                return Err(broken(format!("no socket within {} s", PATIENCE.as_secs())));
            }
            let before = opened;
            for index in fleet.wait(deadline)? {
                match fleet.members[index].advance(&fleet.epoll, index, &mut fleet.buffer, |_| {}) {
                    MemberEvent::Opened => opened += 1,
                    MemberEvent::Lost(reason) => {
                        return Err(LoadError::Connections {
                            opened,
                            wanted: n,
                            reason,
                        });
                    }
                    MemberEvent::Pending => {}
                }
            }
            if opened > before {
                deadline = Instant::now() + PATIENCE;
            }
        }
        Ok(fleet)
    }

    /// The number of open sockets, as of the last call.
    pub fn alive(&self) -> usize {
        self.members.iter().filter(|member| member.is_open()).count()
    }

    /// Sends `text` from the first open socket and waits until all have received it, at most `timeout`. A message
    /// counts if it equals `text` as JSON, or byte for byte if `text` is not JSON; others are ignored, so that two
    /// broadcasts need different texts.
    ///
    /// # Errors
    /// No socket is open, or the operating system refuses to wait for them.
    pub fn broadcast(&mut self, text: &str, timeout: Duration) -> Result<Broadcast, LoadError> {
        let Some(sender) = self.members.iter().position(FleetMember::is_open) else {
            return Err(LoadError::Connections {
                opened: 0,
                wanted: self.members.len(),
                reason: "every WebSocket has been closed".to_owned(),
            });
        };
        let open = self.alive();
        let expected: Option<Value> = serde_json::from_str(text).ok();
        let mut awaiting: Vec<bool> = self.members.iter().map(FleetMember::is_open).collect();
        let mut latency = empty();
        let sent = Instant::now();
        self.members[sender].send(&self.epoll, sender, text);
        while awaiting.contains(&true) && sent.elapsed() < timeout {
            for index in self.wait(sent + timeout)? {
                let mut came = None;
                let moved = self.members[index].advance(&self.epoll, index, &mut self.buffer, |message| {
                    let now = Instant::now();
                    if came.is_none() && is_same(text, expected.as_ref(), message) {
                        came = Some(now);
                    }
                });
                if let Some(now) = came.filter(|_| awaiting[index]) {
                    let nanos = now.duration_since(sent).as_nanos();
                    latency.saturating_record(micros(u64::try_from(nanos).unwrap_or(u64::MAX)));
                }
                awaiting[index] &= came.is_none() && !matches!(moved, MemberEvent::Lost(_));
            }
        }
        let missed = open - latency.len() as usize;
        Ok(Broadcast { latency, missed })
    }

    /// Keeps the sockets open for `span`: answers pings and notes which ones the server closes.
    ///
    /// # Errors
    /// The operating system refuses to wait for the sockets.
    pub fn hold(&mut self, span: Duration) -> Result<(), LoadError> {
        let end = Instant::now() + span;
        while Instant::now() < end {
            for index in self.wait(end)? {
                self.members[index].advance(&self.epoll, index, &mut self.buffer, |_| {});
            }
        }
        Ok(())
    }

    fn dial(&mut self, dialer: &Dialer, target: &Target, path: &str) -> Result<(), String> {
        let index = self.members.len();
        let member = FleetMember::dial(dialer, target, path, index as u64)?;
        member.watch(&self.epoll, index)?;
        self.members.push(member);
        Ok(())
    }

    /// The members whose sockets are ready; none after the deadline.
    fn wait(&self, deadline: Instant) -> Result<Vec<usize>, LoadError> {
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = Timespec {
            tv_sec: left.as_secs().min(3600) as _,
            tv_nsec: left.subsec_nanos() as _,
        };
        let mut events = [const { MaybeUninit::<Event>::uninit() }; 256];
        match epoll::wait(&self.epoll, &mut events, Some(&timeout)) {
            Ok((events, _)) => Ok(events.iter().map(|event| { event.data }.u64() as usize).collect()),
            Err(Errno::INTR) => Ok(Vec::new()),
            Err(error) => Err(LoadError::system("waiting for sockets")(error)),
        }
    }
}

fn is_same(text: &str, expected: Option<&Value>, message: &str) -> bool {
    message == text
        || expected.is_some_and(|expected| {
            serde_json::from_str(message).is_ok_and(|got| first_difference(expected, &got).is_none())
        })
}
