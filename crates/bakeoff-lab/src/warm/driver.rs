//! Drives the loads of a warm-up and of waking, in a closed loop and at a rate, and reads what they cost the server,
//! window by window. It does not decide how much is enough.

use super::compilers::CompilerTime;
use super::window::{Cutter, Window};
use crate::fault::{interrupted, of_lab};
use crate::lab::Lab;
use crate::language::{WarmNeeds, warm_needs};
use crate::prepare::Prepared;
use crate::probe::kit::service_level;
use crate::server::{POOL, Server};
use bakeoff_core::evidence::{Fault, Stage, WarmPhase, WarmWindow};
use bakeoff_load::{Arrivals, Failure, FailureKind, LoadReport, Plan, RequestSpec, Tick};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The fewest clients of a closed loop, and the clients per database connection of the server. With few clients a
/// server opens the rest of its pool and its threads during the load: with 4, its p99.9 was five times as high.
const MIN_CLIENTS: usize = 32;
const CLIENTS_PER_CONNECTION: usize = 2;

/// The timeout of a request in a closed loop, where it waits for those of all other clients.
const CLOSED_TIMEOUT: Duration = Duration::from_secs(10);

/// A load at a rate begins with this much of the same that no window counts: the server accepts its connections in it.
const RUN_IN: Duration = Duration::from_millis(250);

/// How long a load goes on without any correct response: longer than the timeout of any request.
const STUCK: Duration = Duration::from_secs(15);

/// The time after a rest whose cost is kept.
const FIRST: Duration = Duration::from_secs(1);

/// The shortest load that the generator drives.
const SHORTEST: Duration = Duration::from_millis(20);

/// Whether a load at a rate goes on after a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Another window.
    GoOn,
    /// The load ends.
    Enough,
}

/// The end of a closed loop, whichever comes first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quota {
    /// Requests; none: no limit.
    pub(super) calls: Option<u64>,
    /// CPU time of the server, in seconds.
    pub(super) cpu_s: f64,
    /// Time.
    pub(super) time: Duration,
}

/// A closed loop and its cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Closed {
    /// Correct responses.
    pub(super) requests: u64,
    /// CPU time of the server, in seconds.
    pub(super) cpu_s: f64,
    /// CPU time of its compilers ÷ all of it; none where they cannot be told by name.
    pub(super) compiler_share: Option<f64>,
    /// Median service time, in ms; 0 without a response.
    pub(super) service_ms_p50: f64,
    /// Correct responses a second.
    pub(super) carried_rps: f64,
}

/// Drives loads at one server, one after the other.
pub(super) struct Driver<'d> {
    lab: &'d Lab<'d>,
    server: &'d Server,
    needs: &'static WarmNeeds,
    seed: u64,
    /// Loads so far: each has a seed of its own.
    loads: u64,
    /// Correct responses so far.
    requests: u64,
    /// Time under load so far; pauses do not count.
    under_load: Duration,
    /// Windows so far, in order.
    windows: Vec<Window>,
    /// Responses so far that broke the contract.
    wrong: Vec<Failure>,
}

impl<'d> Driver<'d> {
    pub(super) fn new(lab: &'d Lab<'d>, prepared: &Prepared, server: &'d Server, seed: u64) -> Driver<'d> {
        Driver {
            lab,
            server,
            needs: warm_needs(&prepared.contender.runtime.name),
            seed,
            loads: 0,
            requests: 0,
            under_load: Duration::ZERO,
            windows: Vec::new(),
            wrong: Vec::new(),
        }
    }

    pub(super) fn needs(&self) -> &'static WarmNeeds {
        self.needs
    }

    /// Correct responses so far.
    pub(super) fn requests(&self) -> u64 {
        self.requests
    }

    /// Windows so far.
    pub(super) fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// The windows, and the responses that broke the contract.
    pub(super) fn into_parts(self) -> (Vec<Window>, Vec<Failure>) {
        (self.windows, self.wrong)
    }

    /// Clients of a closed loop: more than the pools and threads of the server have places.
    pub(super) fn clients(&self) -> usize {
        let pools = (POOL * self.lab.config.brief.load.cores) as usize;
        (pools * CLIENTS_PER_CONNECTION).max(MIN_CLIENTS)
    }

    /// Adds a window that ends now.
    pub(super) fn add_window(&mut self, seen: WarmWindow) {
        self.windows.push(Window {
            seen: WarmWindow {
                at_s: self.under_load.as_secs_f64(),
                ..seen
            },
            requests_until: self.requests,
        });
    }

    /// Drives `mix` in a closed loop.
    ///
    /// # Errors
    /// No response was correct, the server exited, the generator failed, or the user interrupted.
    pub(super) fn closed(&mut self, mix: &[RequestSpec], quota: Quota) -> Result<Closed, Fault> {
        let (closed, report) = self.closed_loop(mix, quota)?;
        let fair = service_level::timeout(&self.lab.config.brief.load.slo);
        if report.correct == 0 && shows_failure(&report.failures, patience(quota.time), fair) {
            return Err(self.no_response(&report));
        }
        Ok(closed)
    }

    /// The same for a window, in which a slow server need not have responded.
    ///
    /// # Errors
    /// The server exited, the generator failed, or the user interrupted.
    pub(super) fn closed_window(&mut self, mix: &[RequestSpec], quota: Quota) -> Result<Closed, Fault> {
        self.closed_loop(mix, quota).map(|(closed, _)| closed)
    }

    fn closed_loop(&mut self, mix: &[RequestSpec], quota: Quota) -> Result<(Closed, LoadReport), Fault> {
        let plan = Plan {
            arrivals: Arrivals::Closed,
            connections: self.clients(),
            duration: quota.time.max(SHORTEST),
            timeout: patience(quota.time),
            max_requests: quota.calls,
            ..self.plan()
        };
        let (server, names) = (self.server, self.needs.compiler_threads);
        let compilers = CompilerTime::read(server, names);
        let before = server.cpu();
        let report = self.drive(mix, &plan, &mut |_, enough| {
            enough.set_if(server.cpu().since_s(&before) >= quota.cpu_s);
        })?;
        let cpu_s = server.cpu().since_s(&before);
        self.requests += report.correct;
        let closed = Closed {
            requests: report.correct,
            cpu_s,
            compiler_share: compilers
                .zip(CompilerTime::read(server, names))
                .map(|(before, now)| now.share_since(&before, cpu_s)),
            service_ms_p50: report.service.value_at_quantile(0.5) as f64 / 1e3,
            carried_rps: report.achieved_rps,
        };
        Ok((closed, report))
    }

    /// Drives `mix` at a rate in windows, and asks after each whether that is enough. `on_window` gets all windows so
    /// far.
    ///
    /// # Errors
    /// As [`Driver::closed`].
    pub(super) fn at_rate(
        &mut self,
        mix: &[RequestSpec],
        rate: &Rate,
        on_window: &mut dyn FnMut(&[Window]) -> Next,
    ) -> Result<(), Fault> {
        let slo = &self.lab.config.brief.load.slo;
        let plan = Plan {
            arrivals: Arrivals::Poisson { rate_rps: rate.rps },
            connections: self.lab.config.brief.load.connections_at(rate.rps) as usize,
            duration: rate.time.max(SHORTEST),
            warm: RUN_IN,
            timeout: service_level::timeout(slo),
            ..self.plan()
        };
        let mut windows = std::mem::take(&mut self.windows);
        let before = (self.under_load, self.requests);
        let mut cutter = Cutter::new(self.server, self.needs.compiler_threads, rate.phase, before);
        let mut responses = 0;
        let driven = self.drive(mix, &plan, &mut |tick, enough| {
            responses = tick.correct_total;
            if let Some(window) = cutter.window_until(tick) {
                windows.push(window);
                enough.set_if(on_window(&windows) == Next::Enough);
            }
        });
        self.windows = windows;
        let report = driven?;
        self.requests += responses.max(report.correct);
        if self.requests == before.1 && !report.failures.is_empty() {
            return Err(self.no_response(&report));
        }
        Ok(())
    }

    /// Drives `mix` at a rate for a second, from its first connection on; CPU time a request in µs, none without a
    /// correct response.
    ///
    /// # Errors
    /// The server exited, the generator failed, or the user interrupted.
    pub(super) fn first_second(&mut self, mix: &[RequestSpec], rate_rps: f64) -> Result<Option<f64>, Fault> {
        let slo = &self.lab.config.brief.load.slo;
        let plan = Plan {
            arrivals: Arrivals::Poisson { rate_rps },
            connections: self.lab.config.brief.load.connections_at(rate_rps) as usize,
            duration: FIRST,
            timeout: service_level::timeout(slo),
            ..self.plan()
        };
        let before = self.server.cpu();
        let report = self.drive(mix, &plan, &mut |_, _| {})?;
        let cpu_us = self.server.cpu().since_s(&before) * 1e6;
        self.requests += report.correct;
        Ok((report.correct > 0).then(|| cpu_us / report.correct as f64))
    }

    /// The parts of a plan that all loads share.
    fn plan(&self) -> Plan {
        Plan {
            seed: self.seed ^ self.loads.wrapping_add(1).rotate_left(32),
            cores: self.lab.cores.generator.clone(),
            ..Plan::default()
        }
    }

    /// Drives a load, looks after it at each tick, and collects what broke the contract.
    fn drive(
        &mut self,
        mix: &[RequestSpec],
        plan: &Plan,
        on_tick: &mut dyn FnMut(&Tick, &Enough),
    ) -> Result<LoadReport, Fault> {
        let (lab, server) = (self.lab, self.server);
        let began = Instant::now();
        let enough = Enough::default();
        let mut progress = (0, began);
        let mut watch = |tick: &Tick| {
            if tick.correct_total > progress.0 {
                progress = (tick.correct_total, Instant::now());
            }
            let is_over =
                lab.interrupted() || server.process().exited().is_some() || progress.1.elapsed() >= STUCK;
            enough.set_if(is_over);
            if !enough.is_set() {
                on_tick(tick, &enough);
            }
        };
        let report = bakeoff_load::run(server.target(), mix, plan, &mut watch, &enough.0)
            .map_err(|error| of_lab(Stage::WarmUp, error.to_string()))?;
        self.loads += 1;
        self.under_load += began.elapsed();
        if lab.interrupted() {
            return Err(interrupted());
        }
        if server.process().exited().is_some() {
            return Err(server.fault(Stage::WarmUp, "exited while warming up"));
        }
        if progress.1.elapsed() >= STUCK {
            let words = format!("no correct response for {} s while warming up", STUCK.as_secs());
            return Err(server.fault(Stage::WarmUp, &words));
        }
        let wrong = report.failures.iter();
        let wrong = wrong.filter(|failure| failure.kind == FailureKind::Check);
        self.wrong.extend(wrong.cloned());
        Ok(report)
    }

    /// No response was correct, as a fault of the contender: of its contract where responses came.
    fn no_response(&self, report: &LoadReport) -> Fault {
        let first = report.failures.first();
        let (label, example) = first.map_or(("the mix", ""), |failure| {
            (failure.label.as_str(), failure.example.as_str())
        });
        let stage = match first.map(|failure| failure.kind) {
            Some(FailureKind::Check | FailureKind::Status) => Stage::Contract,
            _ => Stage::WarmUp,
        };
        let words = format!("no correct response to `{label}` while warming up: {example}");
        self.server.fault(stage, &words)
    }
}

/// How long a request of a closed loop that lasts for this time may take.
fn patience(time: Duration) -> Duration {
    CLOSED_TIMEOUT.min(time.max(SHORTEST) * 2)
}

/// Whether these failures, beside which no response was correct, are the server's: where the time of a warm-up runs
/// out, a request had less time than is `fair`, and then one that took longer shows nothing.
fn shows_failure(failures: &[Failure], patience: Duration, fair: Duration) -> bool {
    let is_late = |failure: &Failure| failure.kind == FailureKind::Timeout;
    let had_no_time = patience < fair && failures.iter().all(is_late);
    !failures.is_empty() && !had_no_time
}

/// A load at a rate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    /// Requests a second.
    pub(super) rps: f64,
    /// The part of the warm-up to which its windows belong.
    pub(super) phase: WarmPhase,
    /// The longest time.
    pub(super) time: Duration,
}

/// Ends a load.
#[derive(Debug, Default)]
struct Enough(AtomicBool);

impl Enough {
    fn set_if(&self, over: bool) {
        if over {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::{patience, shows_failure};
    use bakeoff_load::{Failure, FailureKind};
    use std::time::Duration;

    #[test]
    fn who_had_no_time_to_respond_is_not_blamed() {
        let failed = |kind| Failure {
            label: "place-order".to_owned(),
            kind,
            count: 32,
            example: String::new(),
        };
        let (short, fair) = (patience(Duration::from_millis(5)), Duration::from_secs(5));
        assert_eq!(short, Duration::from_millis(40));
        let late = [failed(FailureKind::Timeout)];
        assert!(!shows_failure(&late, short, fair));
        assert!(shows_failure(&late, fair, fair));
        assert!(shows_failure(
            &[failed(FailureKind::Timeout), failed(FailureKind::Status)],
            short,
            fair
        ));
        assert!(!shows_failure(&[], fair, fair));
    }
}
