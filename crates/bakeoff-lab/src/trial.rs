//! One trial of a contender: reset, start, check, warm up, load, probes, stop. `TrialRun::run` is its table of
//! contents. A trial never fails as a whole: faults are part of its result.

mod database_use;
mod gates;
mod load;
mod machine;
mod steady_state;
mod summary;
mod warm_up;

use crate::contract::case::broken_contract;
use crate::cores::pin_this_thread;
use crate::error::LabError;
use crate::event::{Event, Phase};
use crate::fault::{LOG_LINES, of_lab, with_log};
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::probe::kit::Context;
use crate::probe::running::scheduled;
use crate::probe::{RunningProbe, ServerUse};
use crate::server::Server;
use bakeoff_core::evidence::{Caution, Fault, FaultAt, Observation, Owner, Stage, Trial};
use bakeoff_core::plan::{PlannedTrial, TrialBudget};
use std::thread;
use std::time::Instant;

/// Runs one trial; `at_s` is its start, in seconds since measuring began.
pub(crate) fn run(
    lab: &Lab<'_>,
    prepared: &Prepared,
    planned: &PlannedTrial,
    shape: &TrialBudget,
    at_s: f64,
) -> Trial {
    let events = lab.config.events;
    let entrant = &planned.entrant;
    events.event(Event::TrialStarted {
        block: planned.block,
        position: planned.position,
        entrant: entrant.clone(),
    });
    let began = Instant::now();
    let mut run = TrialRun {
        lab,
        prepared,
        planned,
        shape,
        trial: empty(planned, at_s),
    };
    if !entrant.is_twin() {
        run.trial.slots = shape.slots;
    }
    if let Err(fault) = on_generator_cores(lab, || run.run()) {
        run.trial.faults.push(fault);
    }
    run.reassign_fault_if_database_died();
    let mut trial = run.trial;
    trial.seconds = began.elapsed().as_secs_f64();
    for fault in &trial.faults {
        events.event(Event::FaultFound {
            entrant: entrant.clone(),
            fault: fault.clone(),
        });
    }
    events.event(Event::TrialFinished {
        block: planned.block,
        entrant: entrant.clone(),
        seconds: trial.seconds,
        cpu_us_per_request: value_of(&trial, "cpu_us_per_request"),
        latency_ms_p99: summary::response_ms_p99(&trial),
        faults: trial.faults.len(),
    });
    trial
}

/// Does the work on a thread that avoids the server's processors and is in the lab's network; its own threads inherit
/// both.
fn on_generator_cores<T: Send>(
    lab: &Lab<'_>,
    work: impl FnOnce() -> Result<T, Fault> + Send,
) -> Result<T, Fault> {
    thread::scope(|scope| {
        let worker = scope.spawn(|| {
            pin_this_thread(&lab.cores.generator);
            lab.isolation
                .enter()
                .map_err(|reason| of_lab(Stage::Isolation, reason))?;
            work()
        });
        worker
            .join()
            .unwrap_or_else(|_| Err(of_lab(Stage::Trial, "the trial's thread panicked")))
    })
}

fn empty(planned: &PlannedTrial, at_s: f64) -> Trial {
    Trial {
        position: planned.position,
        at_s,
        ..Trial::new(planned.block, planned.entrant.clone())
    }
}

fn value_of(trial: &Trial, metric: &str) -> Option<f64> {
    trial
        .observations
        .iter()
        .find(|observation| observation.metric == metric)
        .map(|observation| observation.value)
}

/// A trial while it runs.
struct TrialRun<'t> {
    lab: &'t Lab<'t>,
    prepared: &'t Prepared,
    planned: &'t PlannedTrial,
    shape: &'t TrialBudget,
    trial: Trial,
}

impl TrialRun<'_> {
    fn run(&mut self) -> Result<(), Fault> {
        self.reset()?;
        let server = self.start()?;
        let outcome = self.run_phases(&server);
        // In front of the other faults: they are consequences of the stop.
        self.trial.faults.splice(0..0, server.limit_violation());
        outcome?;
        self.phase(Phase::Stop);
        server.kill();
        self.run_extra_starts()
    }

    /// All phases of a running server.
    fn run_phases(&mut self, server: &Server) -> Result<(), Fault> {
        self.observe_idle_memory(server);
        self.check(server)?;
        self.warm_up(server)?;
        self.observe_warm_up(server);
        self.measure(server)?;
        self.run_probes(server);
        Ok(())
    }

    fn reset(&mut self) -> Result<(), Fault> {
        self.phase(Phase::Start);
        self.lab.empty_scratch();
        self.lab
            .services
            .reset(self.lab.config.stop)
            .map_err(|error| self.database_fault(&error))
    }

    /// Without a database, what the contender did is not its fault: replaces its faults with one of the lab.
    fn reassign_fault_if_database_died(&mut self) {
        if self.lab.services.database_has_ended() {
            self.trial.faults.retain(|fault| fault.owner != Owner::Contender);
            let fault = of_lab(Stage::Database, "ended during the trial");
            self.trial
                .faults
                .push(with_log(fault, self.lab.services.database_log(LOG_LINES)));
        }
    }

    fn database_fault(&self, error: &LabError) -> Fault {
        with_log(
            of_lab(Stage::Database, error.to_string()),
            self.lab.services.database_log(LOG_LINES),
        )
    }

    fn start(&mut self) -> Result<Server, Fault> {
        let workers = self.lab.config.brief.load.cores;
        let server = Server::start(self.lab, self.prepared, workers, &self.lab.cores.server)?;
        let startup_ms = server.startup().as_secs_f64() * 1e3;
        self.observe("startup_ms", startup_ms);
        if !self.planned.entrant.is_twin() {
            self.trial.observations.push(Observation {
                note: Some(format!(
                    "installed {} in {:.1} s, then started",
                    self.prepared.installed, self.prepared.install_s
                )),
                cautions: vec![Caution::NetworkIncluded],
                ..Observation::new("first_answer_s", self.prepared.install_s + startup_ms / 1e3)
            });
        }
        Ok(server)
    }

    fn observe_idle_memory(&mut self, server: &Server) {
        self.trial.observations.push(load::memory_observation(
            "memory_mb_idle",
            server.process().memory(),
        ));
    }

    /// The whole contract in the first block, the cases of the mix in later ones: the whole takes too long for each.
    fn check(&mut self, server: &Server) -> Result<(), Fault> {
        self.phase(Phase::Check);
        let cases = if self.planned.block == 0 && !self.planned.entrant.is_twin() {
            self.lab.check_contract(self.prepared, server)
        } else {
            self.lab.check_mix(server)
        };
        self.trial.gates.push(gates::contract(&cases));
        broken_contract(&cases).map_or(Ok(()), Err)
    }

    fn warm_up(&mut self, server: &Server) -> Result<(), Fault> {
        self.phase(Phase::Warm);
        let warmed = warm_up::until_settled(
            self.lab,
            self.prepared,
            server,
            self.planned.seed,
            self.shape.warm_max_s,
        )?;
        self.trial.warm_up = Some(warmed.warm_up);
        gates::wrong_responses(warmed.wrong.iter(), "while warming up", &mut self.trial.gates);
        if let Some(failure) = warmed.wrong.first() {
            let words = format!(
                "wrong responses to `{}` while warming up: {}",
                failure.label, failure.example
            );
            self.trial.faults.push(server.fault(Stage::Contract, &words));
        }
        // Check and warm-up wrote rows; every contender's load must find the same.
        self.lab
            .services
            .restore_rows(self.lab.config.stop)
            .map_err(|error| self.database_fault(&error))
    }

    /// The time from starting the process to its steady state: the start, and the load until the last level began.
    fn observe_warm_up(&mut self, server: &Server) {
        let windows = self.trial.warm_up.iter().flat_map(|warm_up| &warm_up.windows);
        let (ends_s, cpu_us): (Vec<f64>, Vec<f64>) =
            windows.map(|window| (window.at_s, window.cpu_us)).unzip();
        if let Some(settled) = steady_state::settled_from(&cpu_us) {
            let under_load_s = settled.checked_sub(1).map_or(0.0, |before| ends_s[before]);
            self.observe("warmup_s", server.startup().as_secs_f64() + under_load_s);
        }
    }

    fn measure(&mut self, server: &Server) -> Result<(), Fault> {
        self.phase(Phase::Measure);
        load::at_the_briefs_rate(
            self.lab,
            server,
            self.planned.seed,
            self.shape.measure_s,
            &mut self.trial,
        )
    }

    /// Runs every scheduled probe. A failed probe leaves its reason, and the others go on.
    fn run_probes(&mut self, server: &Server) {
        let began = Instant::now();
        let context = Context::new(self.lab, self.prepared, server, self.shape, self.planned.seed);
        let mut skipped: Vec<&str> = Vec::new();
        for probe in self.scheduled_probes() {
            if self.lab.interrupted() {
                return;
            }
            if probe.server == ServerUse::TrialServer && server.process().exited().is_some() {
                skipped.extend(probe.metrics);
                continue;
            }
            self.phase(Phase::Probe(probe.phase));
            match (probe.observe)(&context) {
                Ok(observations) => self.trial.observations.extend(observations),
                Err(why) => self.trial.faults.push(why.fault(probe.metrics, server)),
            }
            self.trial.probes_s = began.elapsed().as_secs_f64();
            self.trial.capacity = context.measured_capacity();
        }
        if !skipped.is_empty() {
            let fault = server.fault(
                FaultAt::probe(&skipped),
                "the server had exited before this probe",
            );
            self.trial.faults.push(fault);
        }
    }

    /// The additional starts of the plan, each timed to its first correct response and stopped while idle.
    fn run_extra_starts(&mut self) -> Result<(), Fault> {
        if self.planned.entrant.is_twin() {
            return Ok(());
        }
        for _ in 0..self.shape.extra_starts {
            self.phase(Phase::Starts);
            let server = Server::start(
                self.lab,
                self.prepared,
                self.lab.config.brief.load.cores,
                &self.lab.cores.server,
            )?;
            self.observe("startup_ms", server.startup().as_secs_f64() * 1e3);
            server.stop_idle()?;
        }
        Ok(())
    }

    /// The scheduled probes that can observe this contender here; none for the twin, which has the load only.
    fn scheduled_probes(&self) -> Vec<&'static RunningProbe> {
        let processors = self.lab.cores.all().len();
        let able = |probe: &&RunningProbe| probe.obstacle(processors, &self.prepared.contender).is_none();
        let probes = scheduled(self.trial.slots, processors).into_iter();
        probes.filter(able).collect()
    }

    fn observe(&mut self, metric: &str, value: f64) {
        self.trial.observations.push(Observation::new(metric, value));
    }

    fn phase(&self, phase: Phase) {
        self.lab.config.events.event(Event::TrialPhase {
            entrant: self.planned.entrant.clone(),
            phase,
        });
    }
}
