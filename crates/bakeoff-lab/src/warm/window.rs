//! The windows of a load at a rate: what the server and its compilers cost, from tick to tick. It drives no load, and
//! does not decide how many windows are enough.

use super::compilers::CompilerTime;
use crate::process::cpu::CpuReading;
use crate::server::Server;
use bakeoff_core::evidence::{WarmPhase, WarmWindow};
use bakeoff_load::Tick;
use std::time::{Duration, Instant};

/// The least work of a window at a rate: requests, or seconds of CPU time where each costs much.
const WINDOW_REQUESTS: u64 = 200;
const WINDOW_CPU_S: f64 = 1.0;

/// How far the time over which CPU time was read may be from that in which the requests were counted, as a share of
/// it. On a busy machine a tick is handled late, and the next one right after it: a window between the two would have
/// the requests of a quarter second and the CPU time of a moment.
const LATENESS: f64 = 0.1;

/// A window with its place among the requests.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Window {
    /// What was seen in it.
    pub(super) seen: WarmWindow,
    /// Correct responses until its end, those between windows included.
    pub(super) requests_until: u64,
}

/// Cuts a load at a rate into windows.
pub(super) struct Cutter<'c> {
    server: &'c Server,
    names: &'static [&'static str],
    phase: WarmPhase,
    /// Time under load and correct responses before this load.
    before: (Duration, u64),
    began: Instant,
    /// The beginning of the current window.
    mark: Option<Mark>,
}

/// The counters at the beginning of a window, and what its quarter seconds showed.
struct Mark {
    at: Instant,
    tick_s: f64,
    cpu: CpuReading,
    compilers: Option<CompilerTime>,
    correct: u64,
    p50s_us: Vec<u64>,
}

impl<'c> Cutter<'c> {
    /// Cuts a load that begins now, after `before`: time under load, and correct responses.
    pub(super) fn new(
        server: &'c Server,
        names: &'static [&'static str],
        phase: WarmPhase,
        before: (Duration, u64),
    ) -> Cutter<'c> {
        Cutter {
            server,
            names,
            phase,
            before,
            began: Instant::now(),
            mark: None,
        }
    }

    /// The window that ends with this tick, if it has seen enough work.
    pub(super) fn window_until(&mut self, tick: &Tick) -> Option<Window> {
        // Ticks of the run-in are negative; the one at 0 ends it.
        if tick.at_s < 0.0 {
            return None;
        }
        let cpu = self.server.cpu();
        let Some(mark) = &mut self.mark else {
            self.mark = Some(self.mark_at(cpu, tick));
            return None;
        };
        mark.p50s_us.push(tick.p50_us);
        let requests = tick.correct_total.saturating_sub(mark.correct);
        let cpu_s = cpu.since_s(&mark.cpu);
        if requests == 0 || (requests < WINDOW_REQUESTS && cpu_s < WINDOW_CPU_S) {
            return None;
        }
        if !is_in_time(mark.at.elapsed().as_secs_f64(), tick.at_s - mark.tick_s) {
            return None;
        }
        let next = self.mark_at(cpu, tick);
        let mut done = self.mark.replace(next)?;
        done.p50s_us.sort_unstable();
        let compilers = self.mark.as_ref().and_then(|mark| mark.compilers.as_ref());
        let seen = WarmWindow {
            at_s: (self.before.0 + self.began.elapsed()).as_secs_f64(),
            cpu_us: cpu_s * 1e6 / requests as f64,
            service_ms_p50: done.p50s_us[done.p50s_us.len() / 2] as f64 / 1e3,
            phase: self.phase,
            requests,
            compiler_share: done
                .compilers
                .zip(compilers)
                .map(|(before, now)| now.share_since(&before, cpu_s)),
        };
        Some(Window {
            seen,
            requests_until: self.before.1 + tick.correct_total,
        })
    }

    fn mark_at(&self, cpu: CpuReading, tick: &Tick) -> Mark {
        Mark {
            at: Instant::now(),
            tick_s: tick.at_s,
            cpu,
            compilers: CompilerTime::read(self.server, self.names),
            correct: tick.correct_total,
            p50s_us: Vec::new(),
        }
    }
}

/// Whether CPU time was read over about the time in which the requests were counted, both in seconds.
fn is_in_time(read_over_s: f64, counted_over_s: f64) -> bool {
    (read_over_s - counted_over_s).abs() <= LATENESS * counted_over_s
}

#[cfg(test)]
mod tests {
    use super::is_in_time;

    #[test]
    fn a_window_ends_with_a_tick_that_was_handled_in_time() {
        assert!(is_in_time(0.25, 0.25));
        assert!(is_in_time(0.27, 0.25));
        // The tick before it came a quarter second late, and this one right after it.
        assert!(!is_in_time(0.01, 0.25));
        assert!(!is_in_time(0.49, 0.25));
        // In a longer window the same lateness matters less.
        assert!(is_in_time(2.6, 2.5));
    }
}
