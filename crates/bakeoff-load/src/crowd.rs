//! Many WebSockets at once, held by one thread that never blocks: how long a message takes to reach them all. What the messages
//! mean is the caller's matter.

mod member;

use crate::error::LoadError;
use crate::histogram::{empty, micros};
use crate::json::first_difference;
use crate::limits::allow_open_files;
use crate::stream::Dialer;
use crate::target::Target;
use hdrhistogram::Histogram;
use member::{Member, Moved};
use rustix::event::epoll::{self, CreateFlags, Event};
use rustix::fs::Timespec;
use rustix::io::Errno;
use serde_json::Value;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

/// Open WebSockets; dropping it ends their connections.
///
/// Everything happens in the caller's thread, within the calls: between them nothing is read, and pings of the server are
/// answered by the next call, of which [`Crowd::hold`] is one.
#[derive(Debug)]
pub struct Crowd {
    epoll: OwnedFd,
    members: Vec<Member>,
    buffer: Vec<u8>,
}

/// How a message reached a crowd.
#[derive(Debug, Clone, PartialEq)]
pub struct Broadcast {
    /// From the sending to the receipt, µs, of each socket that received it, the sender's own included.
    pub latency: Histogram<u64>,
    /// Sockets that did not receive it in time, or were lost meanwhile.
    pub missed: usize,
}

/// Sockets that are being opened at once, so that no listener's queue overflows.
const AT_ONCE: usize = 64;
/// So long without one more socket open, and the opening is given up.
const PATIENCE: Duration = Duration::from_secs(10);

impl Crowd {
    /// Opens `n` WebSockets at `path`, at most 64 at a time.
    ///
    /// # Errors
    /// The first socket that could not be opened, or none more was open within ten seconds.
    pub fn open(target: &Target, path: &str, n: usize) -> Result<Self, LoadError> {
        allow_open_files(n)?;
        let dialer = Dialer::new(target)?;
        let epoll = epoll::create(CreateFlags::CLOEXEC).map_err(LoadError::system("making an epoll"))?;
        let mut crowd = Self {
            epoll,
            members: Vec::with_capacity(n),
            buffer: vec![0; 16 * 1024],
        };
        let mut opened = 0;
        let mut deadline = Instant::now() + PATIENCE;
        while opened < n {
            let broken = |reason: String| LoadError::Idle {
                opened,
                wanted: n,
                reason,
            };
            while crowd.members.len() < n && crowd.members.len() - opened < AT_ONCE {
                crowd.dial(&dialer, target, path).map_err(broken)?;
            }
            if Instant::now() >= deadline {
                return Err(broken(format!("no socket within {} s", PATIENCE.as_secs())));
            }
            let before = opened;
            for index in crowd.wait(deadline)? {
                match crowd.members[index].advance(&crowd.epoll, index, &mut crowd.buffer, |_| {}) {
                    Moved::Opened => opened += 1,
                    Moved::Lost(reason) => {
                        return Err(LoadError::Idle {
                            opened,
                            wanted: n,
                            reason,
                        });
                    }
                    Moved::Pending => {}
                }
            }
            if opened > before {
                deadline = Instant::now() + PATIENCE;
            }
        }
        Ok(crowd)
    }

    /// How many are open, as far as has been seen.
    pub fn alive(&self) -> usize {
        self.members.iter().filter(|member| member.is_open()).count()
    }

    /// Sends `text` from the first socket that is open and waits until it has come to all of them, at most `timeout`. A message
    /// that equals `text` as JSON, or to the letter where it is no JSON, is the one that is waited for; others are passed over,
    /// so that two broadcasts need texts that differ.
    ///
    /// # Errors
    /// No socket is open, or the operating system refuses to wait.
    pub fn broadcast(&mut self, text: &str, timeout: Duration) -> Result<Broadcast, LoadError> {
        let Some(sender) = self.members.iter().position(Member::is_open) else {
            return Err(LoadError::Idle {
                opened: 0,
                wanted: self.members.len(),
                reason: "every socket has been closed".to_owned(),
            });
        };
        let everyone = self.alive();
        let expected: Option<Value> = serde_json::from_str(text).ok();
        let mut awaiting: Vec<bool> = self.members.iter().map(Member::is_open).collect();
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
                awaiting[index] &= came.is_none() && !matches!(moved, Moved::Lost(_));
            }
        }
        let missed = everyone - latency.len() as usize;
        Ok(Broadcast { latency, missed })
    }

    /// Holds the sockets for so long: answers pings and takes note of those that are closed.
    ///
    /// # Errors
    /// The operating system refuses to wait.
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
        let member = Member::dial(dialer, target, path, index as u64)?;
        member.watch(&self.epoll, index)?;
        self.members.push(member);
        Ok(())
    }

    /// The members whose sockets are ready, none after the deadline.
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
