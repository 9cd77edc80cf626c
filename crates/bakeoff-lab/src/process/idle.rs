//! The wait until a process tree is idle: the only place where idleness is defined. It measures nothing else.

use super::supervised::Supervised;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The polling interval, long enough that the kernel's accounting of a busy process shows.
const POLL: Duration = Duration::from_millis(30);

/// A tree that uses less of one processor than this share between two polls is idle at that poll.
const IDLE_SHARE: f64 = 0.10;

/// It must be idle at this many polls in a row, because a start-up pauses between its steps.
const IDLE_POLLS: u32 = 3;

/// Waits until the tree is idle, for at most `limit`, or until `stop`.
pub(crate) fn wait_until_idle(process: &Supervised, limit: Duration, stop: &AtomicBool) {
    let until = Instant::now() + limit;
    let mut idle_polls = 0;
    let mut before_s = process.cpu_s();
    while idle_polls < IDLE_POLLS && Instant::now() < until && !stop.load(Ordering::Relaxed) {
        thread::sleep(POLL);
        let now_s = process.cpu_s();
        let busy_share = (now_s - before_s) / POLL.as_secs_f64();
        idle_polls = if busy_share < IDLE_SHARE {
            idle_polls + 1
        } else {
            0
        };
        before_s = now_s;
    }
}
