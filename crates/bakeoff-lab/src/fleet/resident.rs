//! A launch that lives. At rest it shows only how it rests; only [`Awake`] has its server. It measures nothing, and
//! does not choose when it wakes.

use super::rest;
use crate::fault::{LOG_LINES, of_contender, of_lab, with_log};
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::process::Snapshot;
use crate::process::cpu::CpuReading;
use crate::server::Server;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{EndReason, Fault, Gate, GateResult, Launch, LaunchEnd, SettledLevel, Stage};
use bakeoff_core::plan::LaunchBudget;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How long a paused server may take to respond after it goes on. It may have missed timers meanwhile, and a healthy
/// one needs a fraction of this.
const RESPONSE_LIMIT: Duration = Duration::from_secs(5);

/// A launch between its trials; dropping it kills its server.
pub(crate) struct Resident<'f> {
    entrant: Entrant,
    prepared: &'f Prepared,
    server: Server,
    /// The level on which it settled.
    level: Option<SettledLevel>,
    /// The contract's gate of the launch.
    contract: Option<GateResult>,
    budget: LaunchBudget,
    rest: Rest,
    /// How often the database had been restarted when it began.
    service_restarts: u32,
    /// Whether it once did not come to rest by itself.
    restless: bool,
    /// Why it must end, when that has been found.
    end: Option<(EndReason, Vec<Fault>)>,
}

/// A rest while it lasts.
struct Rest {
    since: Instant,
    /// CPU time is counted from here on.
    counted_since: Instant,
    cpu: CpuReading,
    /// The living processes at its beginning.
    processes: BTreeSet<(i32, u64)>,
    paused: bool,
}

impl Rest {
    fn begin(server: &Server, paused: bool) -> Rest {
        let now = Instant::now();
        Rest {
            since: now,
            counted_since: now,
            cpu: server.cpu(),
            processes: server.living(),
            paused,
        }
    }
}

/// How a launch rested before it woke.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rested {
    /// For how long, in seconds.
    pub(crate) seconds: f64,
    /// The share of one processor that it used.
    pub(crate) cores: f64,
    /// Whether it was paused.
    pub(crate) paused: bool,
}

impl<'f> Resident<'f> {
    /// A launch that is warm; it comes to rest now.
    pub(super) fn at_rest(
        lab: &Lab<'_>,
        prepared: &'f Prepared,
        launch: &Launch,
        budget: LaunchBudget,
        server: Server,
    ) -> Resident<'f> {
        let rest = Rest::begin(&server, false);
        let contract = launch.gates.iter().find(|result| result.gate == Gate::Contract);
        let mut resident = Resident {
            entrant: launch.entrant.clone(),
            prepared,
            service_restarts: server.workspace().services(lab).restarts(),
            server,
            level: launch.warm_up.as_ref().and_then(|warm_up| warm_up.level),
            contract: contract.cloned(),
            budget,
            rest,
            restless: false,
            end: None,
        };
        resident.come_to_rest(lab);
        resident
    }

    /// Whose launch it is.
    pub(super) fn entrant(&self) -> &Entrant {
        &self.entrant
    }

    /// How much longer it must rest before its first trial.
    pub(super) fn rest_left(&self) -> Duration {
        if !self.is_alive() {
            return Duration::ZERO;
        }
        Duration::from_secs_f64(self.budget.rest_s).saturating_sub(self.rest.since.elapsed())
    }

    /// Its CPU time so far, by the processes of this instant.
    pub(super) fn cpu_at(&self, at: &Snapshot) -> CpuReading {
        self.server.cpu_at(at)
    }

    /// Pauses it in the midst of its rest, because it works. Its rest is counted anew from here on.
    pub(super) fn pause_now(&mut self) {
        self.restless = true;
        if self.is_alive() && !self.rest.paused {
            self.pause();
            self.rest.counted_since = Instant::now();
            self.rest.cpu = self.server.cpu();
        }
    }

    /// Its end, when its server has ended, was stopped for a limit, or cannot rest, or when the database has ended,
    /// which takes what had become warm with it; none while it lives.
    pub(super) fn end(&mut self, lab: &Lab<'_>, at_s: f64) -> Option<LaunchEnd> {
        let services = self.server.workspace().services(lab);
        let ended = services.ended(LOG_LINES);
        let fault = if let Some(ended) = ended {
            let words = format!(
                "{}ended while the launch lived, which lost its connections",
                ended.what
            );
            with_log(of_lab(ended.stage, words), ended.log)
        } else if services.restarts() != self.service_restarts {
            of_lab(
                Stage::Database,
                "ended while the launch lived, which lost its connections",
            )
        } else if self.end.is_some() {
            return self.noted_end(at_s);
        } else if self.is_alive() {
            return None;
        } else {
            self.exit("ended while it rested")
        };
        Some(end_with(EndReason::Died, vec![fault], at_s))
    }

    /// The end that has been noted, if any.
    pub(super) fn noted_end(&mut self, at_s: f64) -> Option<LaunchEnd> {
        let (reason, faults) = self.end.take()?;
        Some(end_with(reason, faults, at_s))
    }

    /// Wakes it.
    pub(super) fn wake(&mut self) -> Awake<'_, 'f> {
        let used_s = self.server.cpu().since_s(&self.rest.cpu);
        let rested = Rested {
            seconds: self.rest.since.elapsed().as_secs_f64(),
            cores: used_s / self.rest.counted_since.elapsed().as_secs_f64().max(1e-9),
            paused: self.rest.paused,
        };
        self.server.set_rests(false);
        if self.rest.paused {
            self.server.resume();
        }
        Awake {
            resident: self,
            rested,
        }
    }

    /// Stops it by SIGTERM, and kills it when it does not stop in time.
    ///
    /// # Errors
    /// It did not stop in time.
    pub(super) fn stop(self) -> Result<(), Fault> {
        self.server.stop_idle()
    }

    fn come_to_rest(&mut self, lab: &Lab<'_>) {
        let patience = if self.restless {
            rest::LITTLE_PATIENCE
        } else {
            rest::PATIENCE
        };
        let rests = rest::is_reached(&self.server, patience, lab.config.stop);
        self.restless |= !rests;
        self.server.set_rests(true);
        self.rest = Rest::begin(&self.server, false);
        if !rests && !lab.interrupted() {
            self.pause();
        }
    }

    /// Pauses its server, or notes that it cannot be paused.
    fn pause(&mut self) {
        self.rest.paused = self.server.pause();
        if !self.rest.paused && self.is_alive() {
            let words = "uses the processor at rest, and cannot be paused";
            self.end = Some((
                EndReason::DoesNotRest,
                vec![self.server.fault(Stage::Rest, words)],
            ));
        }
    }

    fn is_alive(&self) -> bool {
        self.server.process().exited().is_none()
    }

    /// The exit of its server as a fault: the limit for which it was stopped, else these words.
    fn exit(&self, words: &str) -> Fault {
        let limit = self.server.limit_violation();
        limit.unwrap_or_else(|| self.server.fault(Stage::Rest, words))
    }
}

/// A launch that is awake. It borrows the launches that live, so that no second one can be awake.
pub(crate) struct Awake<'r, 'f> {
    resident: &'r mut Resident<'f>,
    rested: Rested,
}

impl<'f> Awake<'_, 'f> {
    /// Whose launch it is.
    pub(crate) fn entrant(&self) -> &Entrant {
        &self.resident.entrant
    }

    /// The contender.
    pub(crate) fn prepared(&self) -> &'f Prepared {
        self.resident.prepared
    }

    /// Its server: where it listens, its processes, CPU time and cgroup.
    pub(crate) fn server(&self) -> &Server {
        &self.resident.server
    }

    /// The level on which it settled; none where it did not.
    pub(crate) fn level(&self) -> Option<SettledLevel> {
        self.resident.level
    }

    /// The contract's gate of the launch.
    pub(crate) fn contract(&self) -> Option<&GateResult> {
        self.resident.contract.as_ref()
    }

    /// The time of the launch's parts.
    pub(crate) fn budget(&self) -> LaunchBudget {
        self.resident.budget
    }

    /// How it rested before.
    pub(crate) fn rested(&self) -> Rested {
        self.rested
    }

    /// Notes that the launch must end, when it does not serve any more as it did before its rest: its server has ended,
    /// has replaced processes, or does not respond after a pause. Only in the lab's network.
    ///
    /// # Errors
    /// What happened to it.
    pub(crate) fn check_after_rest(&mut self) -> Result<(), Fault> {
        let Some(fault) = self.harm_of_rest() else {
            return Ok(());
        };
        let reason = if self.rested.paused {
            EndReason::DoesNotRest
        } else {
            EndReason::Died
        };
        self.resident.end = Some((reason, vec![fault.clone()]));
        Err(fault)
    }

    fn harm_of_rest(&self) -> Option<Fault> {
        let server = self.server();
        let Rested { seconds, paused, .. } = self.rested;
        let restlessness = if paused {
            "uses the processor at rest, and does not survive a pause: "
        } else {
            ""
        };
        if server.process().exited().is_some() {
            let words = format!("{restlessness}ended after a rest of {seconds:.0} s");
            return Some(self.resident.exit(&words));
        }
        if let Some((replaced, before)) = self.replaced() {
            let words = format!(
                "{restlessness}replaced {replaced} of its {before} processes after a rest of {seconds:.0} s, though \
                 none of them had failed: what had become warm is lost"
            );
            return Some(server.fault(Stage::Rest, &words));
        }
        if !paused {
            return None;
        }
        let (kind, reason) = server.health().ask(server.target(), RESPONSE_LIMIT).err()?;
        let words = format!("{restlessness}`{}`: {kind}: {reason}", server.health());
        Some(with_log(
            of_contender(Stage::Rest, words),
            server.process().log().last_lines(LOG_LINES),
        ))
    }

    /// How many of the processes that lived before the rest it has replaced since, and how many there were.
    fn replaced(&self) -> Option<(usize, usize)> {
        let before = &self.resident.rest.processes;
        let now = self.server().living();
        let replaced = before
            .difference(&now)
            .count()
            .min(now.difference(before).count());
        (replaced > 0).then_some((replaced, before.len()))
    }

    /// Lets it come to rest, unless its end has been noted. A server that ended meanwhile has a fault in the trial.
    pub(super) fn come_to_rest(self, lab: &Lab<'_>) {
        let resident = self.resident;
        if resident.end.is_some() {
            return;
        }
        if resident.is_alive() {
            resident.come_to_rest(lab);
        } else {
            resident.end = Some((EndReason::Died, Vec::new()));
        }
    }
}

fn end_with(reason: EndReason, faults: Vec<Fault>, at_s: f64) -> LaunchEnd {
    LaunchEnd {
        faults,
        ..LaunchEnd::new(reason, at_s)
    }
}
