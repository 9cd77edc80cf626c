//! The wait until a server has come to rest after its work. It only looks: who is paused or ended because it does not
//! rest is decided by the launch.

use crate::server::Server;
use bakeoff_core::evidence::WakeUp;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The time over which CPU time is compared: long enough that 0.5 % of a processor is far more than the clocks resolve,
/// short enough to be waited for after each trial.
const WINDOW: Duration = Duration::from_millis(300);

/// How long a server may take to come to rest: requests of clients that are gone are served to their end, and garbage
/// is collected by the one that made it.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// The same for a server that did not come to rest before, and will hardly do so now.
pub(super) const LITTLE_PATIENCE: Duration = Duration::from_secs(1);

/// The interval at which the user's interrupt is looked at.
const POLL: Duration = Duration::from_millis(20);

/// Waits until the server uses less than 0.5 % of a processor; whether it does within `patience`. A server that has
/// ended rests. The user's interrupt ends the wait.
pub(super) fn is_reached(server: &Server, patience: Duration, stop: &AtomicBool) -> bool {
    let until = Instant::now() + patience;
    loop {
        let (before, began) = (server.cpu(), Instant::now());
        pause(WINDOW, stop);
        let cores = server.cpu().since_s(&before) / began.elapsed().as_secs_f64();
        let ended = server.process().exited().is_some();
        if cores < WakeUp::RESTS_BELOW_CORES || ended {
            return true;
        }
        if Instant::now() >= until || stop.load(Ordering::Relaxed) {
            return false;
        }
    }
}

/// Waits for that time, or until the user interrupts.
pub(super) fn pause(time: Duration, stop: &AtomicBool) {
    let until = Instant::now() + time;
    while !stop.load(Ordering::Relaxed) {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        thread::sleep(left.min(POLL));
    }
}
