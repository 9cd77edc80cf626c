//! The one timer of a thread: it wakes the thread at a given instant or a little before. It is set only when it would
//! fire too late: on a virtual machine, setting a timer for each sleep and unsetting it for each response costs more
//! than the sleep.

use crate::error::LoadError;
use rustix::io::Errno;
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// The longest sleep, so that the ends of intervals and a stop are noticed.
pub(crate) const TICK_NS: u64 = 10_000_000;

/// A timer that becomes readable each time it fires. It is never read: watched edge-triggered, it wakes anyway, and a
/// read would be a system call for nothing.
#[derive(Debug)]
pub(crate) struct WakeTimer {
    timer: OwnedFd,
    /// When it fires next, by the clock of the load; in the past when it has fired, the maximum when unknown.
    next_ns: u64,
}

impl WakeTimer {
    pub(crate) fn new() -> Result<Self, LoadError> {
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let timer = timerfd_create(TimerfdClockId::Monotonic, flags).map_err(failed)?;
        Ok(Self {
            timer,
            next_ns: u64::MAX,
        })
    }

    /// Makes sure that it fires by `until_ns`, or within a tick if that is sooner.
    pub(crate) fn wake_by(&mut self, now_ns: u64, until_ns: u64) -> Result<(), LoadError> {
        let wanted_ns = until_ns.min(now_ns + TICK_NS);
        if self.next_ns <= now_ns || wanted_ns < self.next_ns {
            let times = Itimerspec {
                it_interval: span(0),
                // A span of 0 would disarm it.
                it_value: span(wanted_ns.saturating_sub(now_ns).max(1)),
            };
            timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &times).map_err(failed)?;
            self.next_ns = wanted_ns;
        }
        Ok(())
    }

    /// Instants count from another start from now on, so that the one it was set for means nothing.
    pub(crate) fn forget_clock(&mut self) {
        self.next_ns = u64::MAX;
    }
}

impl AsFd for WakeTimer {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.timer.as_fd()
    }
}

/// A span of at most a tick.
fn span(nanos: u64) -> Timespec {
    Timespec {
        tv_sec: 0,
        tv_nsec: nanos as _,
    }
}

fn failed(error: Errno) -> LoadError {
    LoadError::system("setting a timer")(error)
}
