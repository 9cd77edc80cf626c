//! The contract of App Engine and Cloud Run, emulated on this machine: a contender is started as an instance would be,
//! its start is timed, requests come, SIGTERM comes with requests in flight. What it breaks is named. It deploys
//! nothing, and it measures no server of a run.

mod findings;
mod instance;
mod read_only;

use crate::error::LabError;
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::workspace::Workspace;
use bakeoff_core::evidence::{Fault, PlatformCheck, Unfit};
use bakeoff_core::serverless::target::Target;
use bakeoff_load::{Arrivals, LoadReport, Plan};
use instance::{Instance, Start};
use nix::sys::signal::Signal;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// Starts of a check.
const STARTS: usize = 3;

/// The load: at most this many requests a second, since a quarter of a processor is not to be filled.
const MOST_RPS: f64 = 20.0;

/// The load before SIGTERM, and all of it.
const BEFORE: Duration = Duration::from_millis(1_500);
const WHOLE: Duration = Duration::from_millis(2_000);

/// The polling interval of one that stops.
const POLL: Duration = Duration::from_millis(5);

/// Connections of the load, and how long a request may take.
const CONNECTIONS: usize = 4;
const TIMEOUT: Duration = Duration::from_secs(2);

impl Lab<'_> {
    /// Starts a contender as an instance of a platform would be, and says what it breaks.
    ///
    /// # Errors
    /// The user interrupted, or a service of the lab failed.
    pub fn check_platform(&self, prepared: &Prepared, on: &Target) -> Result<PlatformCheck, LabError> {
        self.isolation.run_inside(|| {
            let workspace = Arc::new(Workspace::open(self, &prepared.contender)?);
            let mut check = PlatformCheck {
                platform: on.platform,
                size: on.size.clone(),
                vcpu: on.vcpu,
                memory_mb: on.memory_mb,
                start_ms: Vec::new(),
                stop_ms: None,
                used_mb: None,
                unfit: Vec::new(),
                not_emulated: Vec::new(),
            };
            for _ in 0..STARTS {
                let goes_on = self.start_once(prepared, &workspace, on, &mut check);
                if self.interrupted() {
                    return Err(LabError::Interrupted);
                }
                if !goes_on {
                    break;
                }
            }
            Ok(check)
        })
    }

    /// One start, the last one with load and SIGTERM; whether another one follows.
    fn start_once(
        &self,
        prepared: &Prepared,
        workspace: &Arc<Workspace>,
        on: &Target,
        check: &mut PlatformCheck,
    ) -> bool {
        let instance = match Instance::start(self, prepared, workspace, on) {
            Ok(instance) => instance,
            Err(fault) => return self.was_not_tried(&fault, check),
        };
        check.not_emulated = findings::not_emulated(&instance.held);
        let started = instance.wait(self);
        match started {
            Start::Interrupted => return false,
            Start::Ready(took) if instance.held.processors => {
                check.start_ms.push(took.as_secs_f64() * 1e3);
            }
            Start::Ready(_) => {}
            Start::Exited(status) => {
                check.unfit.push(findings::of_an_exit(&instance, on, &status));
                return false;
            }
            Start::Silent => {
                check.unfit.push(findings::of_silence(&instance));
                return false;
            }
        }
        let is_last = check.start_ms.len() >= STARTS || !instance.held.processors;
        if is_last {
            self.load_and_stop(prepared, &instance, on, check);
        }
        !is_last
    }

    fn was_not_tried(&self, fault: &Fault, check: &mut PlatformCheck) -> bool {
        check
            .not_emulated
            .push(format!("it was not started: {}", fault.message));
        false
    }

    /// Requests come; then SIGTERM, with requests in flight.
    fn load_and_stop(
        &self,
        prepared: &Prepared,
        instance: &Instance,
        on: &Target,
        check: &mut PlatformCheck,
    ) {
        let process = &instance.tree.process;
        let peak = process.peak_memory();
        let allowed = Duration::from_secs_f64(on.stop_s);
        let (report, used_mb, stopped) = thread::scope(|scope| {
            let load = scope.spawn(|| self.send_requests(prepared, instance));
            thread::sleep(BEFORE);
            let used_mb = peak.mb(&process.members());
            let stopped = stop(instance, allowed);
            (load.join().ok().flatten(), used_mb, stopped)
        });
        check.used_mb = Some(used_mb);
        check
            .unfit
            .extend(findings::of_requests(instance, on, used_mb, report.as_ref()));
        match stopped {
            // What the kernel ended at its limit of memory did not stop.
            Some(_) if instance.tree.cgroup.limit_events().killed > 0 => {}
            Some(took) => check.stop_ms = Some(took.as_secs_f64() * 1e3),
            None => check.unfit.push(Unfit::StopsTooSlowly {
                allowed_s: on.stop_s,
                took_s: None,
            }),
        }
    }

    /// The brief's mix at a low rate; none where the contender does not serve it.
    fn send_requests(&self, prepared: &Prepared, instance: &Instance) -> Option<LoadReport> {
        let load = &self.config.brief.load;
        let plan = Plan {
            arrivals: Arrivals::Poisson {
                rate_rps: load.peak_rps.min(MOST_RPS),
            },
            connections: CONNECTIONS,
            warm: Duration::ZERO,
            duration: WHOLE,
            timeout: TIMEOUT,
            seed: 1,
            cores: self.cores.generator.clone(),
            ..Plan::default()
        };
        let mix = self.mix(prepared).ok()?;
        bakeoff_load::run(&instance.target, &mix, &plan, &mut |_| {}, self.config.stop).ok()
    }
}

/// Sends SIGTERM; the time until it ended, none where it did not in `allowed`.
fn stop(instance: &Instance, allowed: Duration) -> Option<Duration> {
    let process = &instance.tree.process;
    let signalled = Instant::now();
    process.signal(process.pid(), Signal::SIGTERM);
    while signalled.elapsed() < allowed {
        if process.exited().is_some() {
            return Some(signalled.elapsed());
        }
        thread::sleep(POLL);
    }
    None
}
