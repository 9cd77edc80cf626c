//! How long the machine itself stood still during a load: on each processor a thread sleeps two milliseconds, again and again. What it wakes late, less the
//! time for which the kernel counts it as ready and waiting for others, is time in which the processor was not there: a host that gave it to
//! another machine, a pause of the whole machine [after G. Tene, jHiccup]. Such time is charged to whoever happened to be measured, and no counter of a guest tells of
//! it. Deliberately by looking and not by `steal`, which many hosts do not tell.

use crate::cores::pin_this_thread;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long a sleep is: short beside the stalls that matter, long beside what a wake-up costs the processor.
const EVERY: Duration = Duration::from_millis(2);

/// What is late by less is the kernel's timer, or short beside any latency that a service level is about.
const SEEN_FROM: Duration = Duration::from_millis(3);

/// The most processors that are looked at.
const AT_MOST: usize = 16;

/// From when to when a processor was not there, in s since the look began.
type Stall = (f64, f64);

/// What was seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stalls {
    /// Share of the time in which one of the processors or more was not there, 0 to 1.
    pub(crate) share: f64,
    /// The longest, in ms.
    pub(crate) longest_ms: f64,
}

/// A look that goes on until it is asked.
pub(crate) struct StallMeter {
    began: Instant,
    over: Arc<AtomicBool>,
    looking: Vec<JoinHandle<Option<Vec<Stall>>>>,
}

impl StallMeter {
    /// Begins to look at those processors.
    pub(crate) fn start(cores: &[usize]) -> StallMeter {
        let began = Instant::now();
        let over = Arc::new(AtomicBool::new(false));
        let looking = cores.iter().take(AT_MOST).map(|&core| {
            let over = Arc::clone(&over);
            thread::spawn(move || look(core, began, &over))
        });
        StallMeter {
            began,
            looking: looking.collect(),
            over,
        }
    }

    /// What was seen since; none where the kernel does not count how long threads wait.
    pub(crate) fn finish(self) -> Option<Stalls> {
        let seconds = self.began.elapsed().as_secs_f64();
        self.over.store(true, Ordering::Relaxed);
        let mut stalls = Vec::new();
        for looking in self.looking {
            stalls.extend(looking.join().ok().flatten()?);
        }
        Some(told(stalls, seconds))
    }
}

fn look(core: usize, began: Instant, over: &AtomicBool) -> Option<Vec<Stall>> {
    pin_this_thread(&[core]);
    let counter = File::open("/proc/thread-self/schedstat").ok()?;
    let mut stalls = Vec::new();
    let mut waited = waited(&counter)?;
    while !over.load(Ordering::Relaxed) {
        let due = Instant::now() + EVERY;
        thread::sleep(EVERY);
        let late = due.elapsed();
        let now_waited = self::waited(&counter)?;
        let stalled = late.saturating_sub(now_waited.saturating_sub(waited));
        waited = now_waited;
        if stalled >= SEEN_FROM {
            let until_s = began.elapsed().as_secs_f64();
            stalls.push((until_s - stalled.as_secs_f64(), until_s));
        }
    }
    Some(stalls)
}

/// For how long a thread was ready and waited for a processor so far.
fn waited(counter: &File) -> Option<Duration> {
    let mut bytes = [0; 96];
    let length = counter.read_at(&mut bytes, 0).ok()?;
    let text = std::str::from_utf8(&bytes[..length]).ok()?;
    let ns = text.split(' ').nth(1)?.parse().ok()?;
    Some(Duration::from_nanos(ns))
}

/// Stalls of several processors that overlap are one.
fn told(mut stalls: Vec<Stall>, seconds: f64) -> Stalls {
    stalls.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut sum_s, mut longest_s, mut end_s) = (0.0, 0.0_f64, 0.0_f64);
    for (from_s, to_s) in stalls {
        sum_s += (to_s - from_s.max(end_s)).max(0.0);
        end_s = end_s.max(to_s);
        longest_s = longest_s.max(to_s - from_s);
    }
    Stalls {
        share: (sum_s / seconds.max(1e-9)).min(1.0),
        longest_ms: longest_s * 1e3,
    }
}

#[cfg(test)]
mod tests {
    use super::{StallMeter, Stalls, told};
    use std::thread;
    use std::time::{Duration, Instant};

    #[test]
    fn stalls_at_the_same_time_are_one() {
        assert_eq!(
            told(
                vec![(1.0, 1.25), (0.125, 0.25), (0.1875, 0.5), (0.1875, 0.25)],
                2.5
            ),
            Stalls {
                share: 0.25,
                longest_ms: 312.5
            }
        );
        let none = Stalls {
            share: 0.0,
            longest_ms: 0.0,
        };
        assert_eq!(told(Vec::new(), 1.0), none);
    }

    /// Work on the processor is waited for, and that is counted. A neighbour of this machine may stall it too, but not for so long.
    #[test]
    fn other_work_is_no_stall_and_a_planted_one_is_found() {
        let cores = crate::cores::available();
        let meter = StallMeter::start(&cores[..1]);
        let worker = thread::spawn(move || {
            crate::cores::pin_this_thread(&cores[..1]);
            let began = Instant::now();
            while began.elapsed() < Duration::from_millis(500) {}
        });
        worker.join().unwrap();
        let stalls = meter.finish().expect("this kernel counts how long threads wait");
        assert!(stalls.longest_ms < 400.0, "{stalls:?}");

        // A process that is stopped is not ready to run, as one whose processor is not there.
        let meter = StallMeter::start(&crate::cores::available()[..1]);
        let this = std::process::id();
        let stop = format!("kill -STOP {this}; sleep 0.5; kill -CONT {this}");
        let stopped = std::process::Command::new("sh").args(["-c", &stop]).status();
        assert!(stopped.unwrap().success());
        thread::sleep(Duration::from_millis(50));
        let stalls = meter.finish().expect("this kernel counts how long threads wait");
        assert!(stalls.longest_ms > 450.0 && stalls.share > 0.0, "{stalls:?}");
    }
}
