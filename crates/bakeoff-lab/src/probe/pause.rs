//! Waiting within a probe. Deliberately the only place where a probe waits for nothing but time: the user's interrupt ends it.

use super::trial_table::Context;
use std::thread;
use std::time::{Duration, Instant};

/// How often the interrupt is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// Waits so long, or until the user interrupts.
pub(super) fn pause(context: &Context<'_>, span: Duration) {
    let until = Instant::now() + span;
    while !context.lab.interrupted() {
        match until.checked_duration_since(Instant::now()) {
            Some(left) if !left.is_zero() => thread::sleep(left.min(LOOK)),
            _ => return,
        }
    }
}

/// How often, how many times in a row and below which share of a processor the server is seen at rest, and for how long that is waited for.
const REST_LOOK: Duration = Duration::from_millis(25);
const REST_LOOKS: u32 = 2;
const REST_SHARE: f64 = 0.15;
const REST_LIMIT: Duration = Duration::from_secs(1);

/// Waits until the server has done what a probe left it to do, as closing what was open, so that the next one does not find it at work.
pub(super) fn until_at_rest(context: &Context<'_>) {
    let until = Instant::now() + REST_LIMIT;
    let mut resting = 0;
    let mut before_s = context.server.process().cpu_s();
    while resting < REST_LOOKS && Instant::now() < until && !context.lab.interrupted() {
        thread::sleep(REST_LOOK);
        let now_s = context.server.process().cpu_s();
        let is_resting = now_s - before_s < REST_SHARE * REST_LOOK.as_secs_f64();
        resting = if is_resting { resting + 1 } else { 0 };
        before_s = now_s;
    }
}
