//! The way of a launch to its first trial: the whole contract on a server of its own, a workspace, the start, idle
//! memory, the contract's cases of the mix, the warm-up. `LaunchRun::run` is its table of contents. A launch never
//! fails as a whole: faults are part of its result.

use crate::contract::case::broken_contract;
use crate::event::{Event, Phase};
use crate::lab::Lab;
use crate::language::start_facts;
use crate::prepare::Prepared;
use crate::process::memory::{Counted, Memory};
use crate::server::{Server, Setup};
use crate::trial::gates;
use crate::warm::{self, WarmTerms};
use crate::workspace::{Workspace, reassign_faults_if_a_service_ended};
use bakeoff_core::evidence::{Caution, Fault, Gate, Launch, Observation, Stage};
use bakeoff_core::schedule::ScheduledLaunch;
use std::sync::Arc;

/// What a launch left before its first trial.
pub(super) struct Launched {
    /// The evidence.
    pub(super) launch: Launch,
    /// Its server, warm; none when it did not come so far.
    pub(super) server: Option<Server>,
}

/// Launches a contender; `at_s` is the start, in seconds since measuring began.
pub(super) fn run(lab: &Lab<'_>, prepared: &Prepared, scheduled: &ScheduledLaunch, at_s: f64) -> Launched {
    let planned = &scheduled.planned;
    let mut run = LaunchRun {
        lab,
        prepared,
        scheduled,
        launch: Launch {
            at_s,
            ..Launch::new(scheduled.id, planned.round, planned.entrant.clone())
        },
        workspace: None,
    };
    let outcome = lab.on_generator_cores(None, || run.run());
    let server = outcome
        .map_err(|fault| run.launch.faults.push(fault))
        .ok()
        .filter(|server| server.process().exited().is_none());
    let LaunchRun {
        mut launch,
        workspace,
        ..
    } = run;
    let services = workspace.as_ref().map_or(&lab.services, |own| own.services(lab));
    reassign_faults_if_a_service_ended(services, &mut launch.faults, "during the launch");
    Launched { launch, server }
}

/// A launch while it runs.
struct LaunchRun<'l> {
    lab: &'l Lab<'l>,
    prepared: &'l Prepared,
    scheduled: &'l ScheduledLaunch,
    launch: Launch,
    /// That of its latest server; none before it has one.
    workspace: Option<Arc<Workspace>>,
}

impl LaunchRun<'_> {
    fn run(&mut self) -> Result<Server, Fault> {
        if self.checks_the_whole_contract() {
            self.check_contract()?;
        }
        let server = self.start()?;
        let outcome = self.run_phases(&server);
        // In front of the other faults: they are consequences of the stop.
        self.launch.faults.splice(0..0, server.limit_violation());
        outcome.map(|()| server)
    }

    fn start(&mut self) -> Result<Server, Fault> {
        self.phase(Phase::Start);
        let server = self.start_server()?;
        let printed = server.process().log().text();
        self.launch.runtime_facts = start_facts(&self.prepared.runtime.name, &printed);
        let startup_s = server.startup().as_secs_f64();
        self.observe("startup_ms", startup_s * 1e3);
        if !self.launch.entrant.is_twin() {
            let cautions = if self.prepared.without_network {
                Vec::new()
            } else {
                vec![Caution::NetworkIncluded]
            };
            self.launch.observations.push(Observation {
                note: Some(format!("{}, then started", self.prepared.install_note())),
                cautions,
                ..Observation::new("first_answer_s", self.prepared.install_s + startup_s)
            });
        }
        Ok(server)
    }

    /// A server in a workspace of its own.
    fn start_server(&mut self) -> Result<Server, Fault> {
        let workspace = Arc::new(Workspace::create(self.lab, &self.prepared.contender)?);
        self.workspace = Some(Arc::clone(&workspace));
        let setup = Setup::of_the_brief(self.lab);
        Server::start(self.lab, self.prepared, &workspace, &setup)
    }

    fn run_phases(&mut self, server: &Server) -> Result<(), Fault> {
        let idle = memory_observation("memory_mb_idle", server.process().memory());
        self.launch.observations.push(idle);
        self.check_mix(server)?;
        self.warm_up(server)
    }

    /// A contender's first launch: the whole contract takes too long for each.
    fn checks_the_whole_contract(&self) -> bool {
        self.scheduled.is_first && !self.launch.entrant.is_twin()
    }

    /// The whole contract, on a server of its own: uploads, downloads and sockets would leave more memory in the
    /// first launch's server than the brief's mix leaves in those of later launches.
    fn check_contract(&mut self) -> Result<(), Fault> {
        self.phase(Phase::Check);
        let server = self.start_server()?;
        let cases = self.lab.check_contract(self.prepared, &server);
        self.launch.gates.push(gates::contract(&cases));
        self.launch.faults.splice(0..0, server.limit_violation());
        server.kill();
        broken_contract(&cases).map_or(Ok(()), Err)
    }

    /// The cases of the brief's mix, in every launch.
    fn check_mix(&mut self, server: &Server) -> Result<(), Fault> {
        self.phase(Phase::Check);
        let cases = self.lab.check_mix(server);
        let broken = broken_contract(&cases);
        if broken.is_some() || !self.checks_the_whole_contract() {
            self.launch.gates.retain(|result| result.gate != Gate::Contract);
            self.launch.gates.push(gates::contract(&cases));
        }
        broken.map_or(Ok(()), Err)
    }

    fn warm_up(&mut self, server: &Server) -> Result<(), Fault> {
        self.phase(Phase::Warm);
        let terms = WarmTerms {
            seed: self.scheduled.planned.seed,
            budget: self.scheduled.budget,
            is_first: self.scheduled.is_first,
        };
        let warmed = warm::up(self.lab, self.prepared, server, &terms)?;
        self.launch.warm_up = Some(warmed.warm_up);
        self.launch.observations.extend(warmed.observations);
        self.launch.gates.push(warmed.gate);
        gates::wrong_responses(warmed.wrong.iter(), "while warming up", &mut self.launch.gates);
        if let Some(failure) = warmed.wrong.first() {
            let words = format!(
                "wrong responses to `{}` while warming up: {}",
                failure.label, failure.example
            );
            self.launch.faults.push(server.fault(Stage::Contract, &words));
        }
        Ok(())
    }

    fn observe(&mut self, metric: &str, value: f64) {
        self.launch.observations.push(Observation::new(metric, value));
    }

    fn phase(&self, phase: Phase) {
        self.lab.config.events.event(Event::TrialPhase {
            entrant: self.launch.entrant.clone(),
            phase,
        });
    }
}

/// Memory as an observation, with a caution where shared pages count once for each process.
fn memory_observation(metric: &str, memory: Memory) -> Observation {
    let reached = "shared pages count once for each process, because the kernel does not report PSS";
    let caution = Caution::Partial {
        reached: reached.to_owned(),
    };
    let cautions = if memory.counted == Counted::Rss {
        vec![caution]
    } else {
        Vec::new()
    };
    Observation {
        cautions,
        ..Observation::new(metric, memory.mb)
    }
}
