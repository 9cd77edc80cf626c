//! The clocks of a load: time since its start, and CPU and waiting time of the generator's own threads.

use rustix::thread::clock_nanosleep_absolute;
use rustix::time::{ClockId, Timespec, clock_gettime};
use std::time::Duration;

/// Nanoseconds since a start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    start_ns: u64,
}

impl Clock {
    /// A clock whose start lies `span` ahead.
    pub(crate) fn starting_in(span: Duration) -> Self {
        Self {
            start_ns: monotonic_ns() + nanos(span),
        }
    }

    /// Sleeps until the start.
    pub(crate) fn wait_for_start(&self) {
        std::thread::sleep(Duration::from_nanos(self.start_ns.saturating_sub(monotonic_ns())));
    }

    /// Sleeps until an instant; returns at once if it has passed, and early on a signal.
    pub(crate) fn sleep_until(&self, at_ns: u64) {
        let at_ns = self.start_ns + at_ns;
        let at = Timespec {
            tv_sec: (at_ns / 1_000_000_000) as i64,
            tv_nsec: (at_ns % 1_000_000_000) as _,
        };
        // A signal that ends it early is no harm: the caller looks at the clock again.
        clock_nanosleep_absolute(ClockId::Monotonic, &at).ok();
    }

    /// Nanoseconds since the start; 0 before it.
    pub(crate) fn now_ns(&self) -> u64 {
        monotonic_ns().saturating_sub(self.start_ns)
    }
}

/// The kernel's monotonic clock. `Instant` reads the same one; a plain number spares its arithmetic on seconds and
/// nanoseconds, since the clock is read for every response.
fn monotonic_ns() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// A span in nanoseconds; one over 584 years becomes the maximum.
pub(crate) fn nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

/// The CPU and waiting time of a thread so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ThreadTime {
    /// CPU time.
    pub(crate) cpu: Duration,
    /// The time in which it was ready to run and had no core.
    pub(crate) wait: Duration,
}

impl ThreadTime {
    pub(crate) fn of_this_thread() -> Self {
        let cpu = clock_gettime(ClockId::ThreadCPUTime);
        let cpu = Duration::new(cpu.tv_sec.unsigned_abs(), cpu.tv_nsec.unsigned_abs() as u32);
        // "time on the core, time waiting for one, slices", in nanoseconds; absent without CONFIG_SCHED_INFO.
        let schedstat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
        let wait = schedstat
            .split_ascii_whitespace()
            .nth(1)
            .and_then(|field| field.parse().ok());
        Self {
            cpu,
            wait: Duration::from_nanos(wait.unwrap_or(0)),
        }
    }

    /// The difference to an earlier reading.
    pub(crate) fn since(self, earlier: Self) -> Self {
        Self {
            cpu: self.cpu.saturating_sub(earlier.cpu),
            wait: self.wait.saturating_sub(earlier.wait),
        }
    }
}
