//! A coarse tick that is always there, so that a loop whose sockets are busy sleeps without a timer of its own: arming one
//! for each sleep costs a virtual machine more than it costs to look at the clock a hundred times a second.

use crate::error::LoadError;
use rustix::io::{Errno, read};
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// The time between ticks.
pub(crate) const TICK_NS: u64 = 10_000_000;

/// A timer that becomes readable with each tick.
#[derive(Debug)]
pub(crate) struct Ticker {
    timer: OwnedFd,
}

impl Ticker {
    pub(crate) fn start() -> Result<Self, LoadError> {
        let failed = |error: Errno| LoadError::system("starting a timer")(error);
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let timer = timerfd_create(TimerfdClockId::Monotonic, flags).map_err(failed)?;
        let tick = Timespec {
            tv_sec: 0,
            tv_nsec: TICK_NS as _,
        };
        let ticks = Itimerspec {
            it_interval: tick,
            it_value: tick,
        };
        timerfd_settime(&timer, TimerfdTimerFlags::empty(), &ticks).map_err(failed)?;
        Ok(Self { timer })
    }

    /// Takes note of the ticks so far, so that the next one wakes again.
    pub(crate) fn acknowledge(&self) {
        let mut ticks = [0_u8; 8];
        let noted = read(&self.timer, &mut ticks);
        debug_assert!(
            matches!(noted, Ok(8) | Err(Errno::AGAIN)),
            "a timer is read whole or was read before"
        );
    }
}

impl AsFd for Ticker {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.timer.as_fd()
    }
}
