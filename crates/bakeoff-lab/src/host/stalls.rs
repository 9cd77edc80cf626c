//! Stalls of the machine during a load: on each processor a thread sleeps two milliseconds again and again. The time by
//! which it wakes late, minus its run delay, is time in which the processor did not run: the host gave it to another
//! machine, or paused the whole machine [after G. Tene, jHiccup]. No counter of a guest shows such time, and it would
//! count against the contender under test. By polling and not by `steal`, which many hosts do not report.

use crate::cores::pin_this_thread;
use crate::procfs;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// The length of a sleep: short compared with relevant stalls, long compared with the cost of a wake-up.
const SLEEP: Duration = Duration::from_millis(2);

/// Shorter delays are the kernel's timer, or short compared with any latency of a service level.
const MIN_STALL: Duration = Duration::from_millis(3);

/// The most processors with a thread.
const MAX_CORES: usize = 16;

/// Start and end of a stall of one processor, in s since the meter started.
type Stall = (f64, f64);

/// The stalls of a load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stalls {
    /// Share of the time in which at least one processor stalled, 0 to 1.
    pub(crate) share: f64,
    /// The longest, in ms.
    pub(crate) longest_ms: f64,
}

/// Threads that watch for stalls until [`StallMeter::finish`].
pub(crate) struct StallMeter {
    began: Instant,
    over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<Option<Vec<Stall>>>>,
}

impl StallMeter {
    /// Starts to watch these processors. Returns when every thread watches: a busy processor begins late with a new
    /// thread, and a stall before that would not be seen.
    pub(crate) fn start(cores: &[usize]) -> StallMeter {
        let began = Instant::now();
        let over = Arc::new(AtomicBool::new(false));
        let cores = &cores[..cores.len().min(MAX_CORES)];
        let ready = Arc::new(Barrier::new(cores.len() + 1));
        let threads = cores.iter().map(|&core| {
            let (over, ready) = (Arc::clone(&over), Arc::clone(&ready));
            thread::spawn(move || {
                pin_this_thread(&[core]);
                let counter = File::open("/proc/thread-self/schedstat");
                ready.wait();
                watch(&counter.ok()?, began, &over)
            })
        });
        let threads = threads.collect();
        ready.wait();
        StallMeter { began, over, threads }
    }

    /// The stalls since the start; none where the kernel does not count run delay.
    pub(crate) fn finish(self) -> Option<Stalls> {
        let seconds = self.began.elapsed().as_secs_f64();
        self.over.store(true, Ordering::Relaxed);
        let mut stalls = Vec::new();
        for thread in self.threads {
            stalls.extend(thread.join().ok().flatten()?);
        }
        Some(summarize(stalls, seconds))
    }
}

fn watch(counter: &File, began: Instant, over: &AtomicBool) -> Option<Vec<Stall>> {
    let mut stalls = Vec::new();
    let mut waited = waited(counter)?;
    while !over.load(Ordering::Relaxed) {
        let due = Instant::now() + SLEEP;
        thread::sleep(SLEEP);
        let late = due.elapsed();
        let now_waited = self::waited(counter)?;
        let stalled = late.saturating_sub(now_waited.saturating_sub(waited));
        waited = now_waited;
        if stalled >= MIN_STALL {
            let until_s = began.elapsed().as_secs_f64();
            stalls.push((until_s - stalled.as_secs_f64(), until_s));
        }
    }
    Some(stalls)
}

/// The run delay of this thread so far. Reads an open file, because a thread does this 500 times a second.
fn waited(counter: &File) -> Option<Duration> {
    let mut bytes = [0; 96];
    let length = counter.read_at(&mut bytes, 0).ok()?;
    procfs::run_delay(std::str::from_utf8(&bytes[..length]).ok()?)
}

/// The share and the longest of the stalls; stalls of several processors that overlap count once.
fn summarize(mut stalls: Vec<Stall>, seconds: f64) -> Stalls {
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
    use super::{StallMeter, Stalls, summarize};
    use std::thread;
    use std::time::{Duration, Instant};

    #[test]
    fn stalls_at_the_same_time_count_once() {
        assert_eq!(
            summarize(
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
        assert_eq!(summarize(Vec::new(), 1.0), none);
    }

    /// What a meter shows while other work keeps its processor busy for half a second.
    fn beside_other_work() -> Stalls {
        let cores = crate::cores::available();
        let meter = StallMeter::start(&cores[..1]);
        let worker = thread::spawn(move || {
            crate::cores::pin_this_thread(&cores[..1]);
            let began = Instant::now();
            while began.elapsed() < Duration::from_millis(500) {}
        });
        worker.join().unwrap();
        meter.finish().expect("this kernel counts run delay")
    }

    /// The kernel counts waiting for other work as run delay. A neighbour may really stall this machine meanwhile, but
    /// not each time.
    #[test]
    fn other_work_is_no_stall_and_a_stopped_process_is() {
        let seen: Vec<Stalls> = (0..4).map(|_| beside_other_work()).collect();
        assert!(seen.iter().any(|stalls| stalls.longest_ms < 400.0), "{seen:?}");

        // A stopped process is not ready to run, as on a processor that does not run.
        let meter = StallMeter::start(&crate::cores::available()[..1]);
        let this = std::process::id();
        let stop = format!("kill -STOP {this}; sleep 0.5; kill -CONT {this}");
        let stopped = std::process::Command::new("sh").args(["-c", &stop]).status();
        assert!(stopped.unwrap().success());
        thread::sleep(Duration::from_millis(50));
        let stalls = meter.finish().expect("this kernel counts run delay");
        assert!(stalls.longest_ms > 450.0 && stalls.share > 0.0, "{stalls:?}");
    }
}
