//! What every probe of a running contender uses: its context, the reasons for no evidence, and loads. A probe decides
//! what to do with them; nothing here is a metric.

mod busy;
pub(super) mod capacity;
pub(super) mod collatz;
pub(crate) mod other_status;
pub(crate) mod service_level;
pub(super) mod usl;

use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::server::{Server, Setup};
use crate::workspace::Workspace;
use bakeoff_core::evidence::{Capacity, Fault, FaultAt, Obstacle, Stage};
use bakeoff_core::plan::TrialBudget;
use bakeoff_core::scenario::player;
use bakeoff_load::{Arrivals, LoadReport, Plan, RequestSpec};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

/// How long a server may take to become idle before a probe goes on.
pub(super) const IDLE_LIMIT: Duration = Duration::from_secs(1);

/// Light requests, the scenario `json`: their rate in 1/s and their connections.
const LIGHT_RPS: f64 = 200.0;
const LIGHT_CONNECTIONS: usize = 16;

/// The interval at which a pausing probe checks the user's interrupt.
const POLL: Duration = Duration::from_millis(5);

/// The input of a probe.
pub(crate) struct Context<'c> {
    /// The lab.
    pub(crate) lab: &'c Lab<'c>,
    /// The contender.
    pub(crate) prepared: &'c Prepared,
    /// Its running server, warm.
    pub(crate) server: &'c Server,
    /// The lengths of the trial's parts.
    pub(crate) shape: &'c TrialBudget,
    /// The trial's seed.
    pub(crate) seed: u64,
    /// The throughput of a closed loop, measured once per trial by the first probe that needs it.
    pub(crate) capacity: OnceLock<Result<Capacity, String>>,
}

impl<'c> Context<'c> {
    /// The context of a probe on a launch's server.
    pub(crate) fn new(
        lab: &'c Lab<'c>,
        prepared: &'c Prepared,
        server: &'c Server,
        shape: &'c TrialBudget,
        seed: u64,
    ) -> Context<'c> {
        Context {
            lab,
            prepared,
            server,
            shape,
            seed,
            capacity: OnceLock::new(),
        }
    }

    /// The throughput of a closed loop, if a probe has measured it.
    pub(crate) fn measured_capacity(&self) -> Option<Capacity> {
        self.capacity.get()?.as_ref().ok().copied()
    }

    /// The same context with a server of the probe's own.
    pub(super) fn with_server(&self, server: &'c Server) -> Context<'c> {
        Context::new(self.lab, self.prepared, server, self.shape, self.seed)
    }

    /// Starts a server of the probe's own, in the workspace of the context's or, where that has a network of its own,
    /// in another one, in which the calling thread is afterwards.
    pub(super) fn start(&self, setup: &Setup) -> Result<Server, Fault> {
        let workspace =
            Workspace::of_another_server(self.server.workspace(), self.lab, &self.prepared.contender)?;
        Server::start(self.lab, self.prepared, &workspace, setup)
    }

    /// The time of a probe that grows with the load: `least` in a trial of the standard length, and `share` of each
    /// further second.
    pub(super) fn time(&self, least: Duration, share: f64) -> Duration {
        let further_s = self.shape.measure_s - TrialBudget::STANDARD.measure_s;
        least + Duration::from_secs_f64((further_s * share).max(0.0))
    }

    /// The brief's mix, with the rows as they were seeded: a fast contender has changed more of them in the load
    /// before, and would meet cheaper requests.
    pub(super) fn fresh_mix(&self) -> Result<Vec<RequestSpec>, String> {
        let mix = self.lab.whole_mix();
        if mix.iter().any(|request| request.method != "GET") {
            let restored = self.server.restore_rows(self.lab);
            restored.map_err(|fault| fault.message)?;
        }
        Ok(mix)
    }

    /// The computing request: that of the scenario which plays it, else the shipped one of size `n`.
    pub(super) fn computing(&self, n: u64) -> Result<RequestSpec, String> {
        let scenarios = self.lab.config.scenarios;
        match player(scenarios, "compute").filter(|scenario| scenario.plays.is_some()) {
            Some(own) => Ok(self.lab.request(&own.id)?.remove(0)),
            None => Ok(collatz::request(n)),
        }
    }

    /// Drives a load at the server; the user's interrupt ends it.
    pub(super) fn drive(&self, mix: &[RequestSpec], plan: &Plan) -> Result<LoadReport, String> {
        drive(self.lab, self.server, mix, plan)
    }

    /// Drives light requests for `time` at an even rate, independent of the server's responses; each times out after
    /// `timeout`.
    pub(super) fn drive_light_requests(
        &self,
        time: Duration,
        timeout: Duration,
    ) -> Result<LoadReport, String> {
        let plan = Plan {
            arrivals: Arrivals::Constant { rate_rps: LIGHT_RPS },
            connections: LIGHT_CONNECTIONS,
            duration: time,
            warm: Duration::from_millis(100),
            timeout,
            seed: self.seed,
            cores: self.lab.cores.generator.clone(),
            ..Plan::default()
        };
        self.drive(&self.lab.request("json")?, &plan)
    }

    /// Drives a load at `server` and does `work` at the same time.
    pub(super) fn drive_while<T: Send>(
        &self,
        server: &Server,
        mix: &[RequestSpec],
        plan: &Plan,
        work: impl FnOnce() -> T,
    ) -> Result<(LoadReport, T), String> {
        thread::scope(|scope| {
            let load = scope.spawn(|| drive(self.lab, server, mix, plan));
            let done = work();
            let report = load.join().map_err(|_| "the load panicked".to_owned())??;
            Ok((report, done))
        })
    }

    /// Waits for `span`, or until the user interrupts.
    pub(super) fn pause(&self, span: Duration) {
        let until = Instant::now() + span;
        while !self.lab.interrupted() {
            match until.checked_duration_since(Instant::now()) {
                Some(left) if !left.is_zero() => thread::sleep(left.min(POLL)),
                _ => return,
            }
        }
    }
}

fn drive(lab: &Lab<'_>, server: &Server, mix: &[RequestSpec], plan: &Plan) -> Result<LoadReport, String> {
    bakeoff_load::run(server.target(), mix, plan, &mut |_| {}, lab.config.stop)
        .map_err(|error| error.to_string())
}

/// Why a load had no correct response, in words.
pub(super) fn first_failure(report: &LoadReport) -> String {
    report.failures.first().map_or_else(
        || "no response to any request in time".to_owned(),
        |failure| format!("{}: {}", failure.kind, failure.example),
    )
}

/// Why a probe has no evidence.
#[derive(Debug)]
pub(crate) enum NoEvidence {
    /// In words; about the trial's server, or about none.
    Reason(String),
    /// What keeps the probe from observing this contender at all.
    Obstacle(Obstacle),
    /// About a server of the probe's own, with its log.
    OwnServer(Fault),
}

impl NoEvidence {
    /// About a server of the probe's own: the limit for which it was stopped, else `reason`.
    pub(super) fn of(server: &Server, reason: &str) -> NoEvidence {
        // A trial puts the probe's metrics in place of the stage.
        NoEvidence::OwnServer(
            server
                .limit_violation()
                .unwrap_or_else(|| server.fault(Stage::Load, reason)),
        )
    }

    /// The fault for those metrics, in a trial with that server.
    pub(crate) fn fault(self, metrics: &[&str], trial_server: &Server) -> Fault {
        let at = FaultAt::probe(metrics);
        match self {
            NoEvidence::Reason(reason) => trial_server.fault(at, &reason),
            NoEvidence::Obstacle(obstacle) => Fault {
                obstacle: Some(obstacle.clone()),
                ..trial_server.fault(at, &obstacle.to_string())
            },
            NoEvidence::OwnServer(fault) => Fault { at, ..fault },
        }
    }

    pub(super) fn into_reason(self) -> String {
        match self {
            NoEvidence::Reason(reason) => reason,
            NoEvidence::Obstacle(obstacle) => obstacle.to_string(),
            NoEvidence::OwnServer(fault) => fault.message,
        }
    }
}

impl From<String> for NoEvidence {
    fn from(reason: String) -> NoEvidence {
        NoEvidence::Reason(reason)
    }
}

impl From<&str> for NoEvidence {
    fn from(reason: &str) -> NoEvidence {
        NoEvidence::Reason(reason.to_owned())
    }
}

impl From<Obstacle> for NoEvidence {
    fn from(obstacle: Obstacle) -> NoEvidence {
        NoEvidence::Obstacle(obstacle)
    }
}

impl From<Fault> for NoEvidence {
    fn from(fault: Fault) -> NoEvidence {
        NoEvidence::OwnServer(fault)
    }
}
