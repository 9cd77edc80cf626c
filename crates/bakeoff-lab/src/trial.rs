//! One contender's turn within a block: reset, start, check, warm, measure, probe, stop. Read `Turn::take`
//! as its table of contents. Deliberately never fails as a whole: what goes wrong is part of what it leaves.

mod database;
mod environment;
mod gates;
mod measure;
mod steady;
mod summary;
mod warm;

use crate::cores::pin_this_thread;
use crate::event::{Event, Phase};
use crate::fault::{LOG_LINES, of_lab, with_log};
use crate::lab::{Lab, LabError, broken_contract};
use crate::prepare::Prepared;
use crate::probe::{self, Asks, Context, TrialProbe};
use crate::server::Server;
use bakeoff_core::evidence::{Caution, Fault, FaultAt, Observation, Owner, Stage, Trial};
use bakeoff_core::plan::{PlannedTrial, TrialBudget};
use std::sync::OnceLock;
use std::thread;
use std::time::Instant;

/// One turn; `at_s` is its distance from the start of the measuring, in seconds.
pub(crate) fn run(
    lab: &Lab<'_>,
    prepared: &Prepared,
    planned: &PlannedTrial,
    shape: &TrialBudget,
    at_s: f64,
) -> Trial {
    let watch = lab.config.watch;
    let entrant = &planned.entrant;
    watch.event(Event::TrialStarted {
        block: planned.block,
        position: planned.position,
        entrant: entrant.clone(),
    });
    let began = Instant::now();
    let mut turn = Turn {
        lab,
        prepared,
        planned,
        shape,
        trial: empty(planned, at_s),
    };
    if !entrant.is_twin() {
        turn.trial.slots = shape.slots;
    }
    if let Err(fault) = on_generator_cores(lab, || turn.take()) {
        turn.trial.faults.push(fault);
    }
    turn.own_up_to_a_dead_database();
    let mut trial = turn.trial;
    trial.seconds = began.elapsed().as_secs_f64();
    for fault in &trial.faults {
        watch.event(Event::FaultFound {
            entrant: entrant.clone(),
            fault: fault.clone(),
        });
    }
    watch.event(Event::TrialFinished {
        block: planned.block,
        entrant: entrant.clone(),
        seconds: trial.seconds,
        cpu_us_per_request: value_of(&trial, "cpu_us_per_request"),
        latency_ms_p99: summary::response_ms_p99(&trial),
        faults: trial.faults.len(),
    });
    trial
}

/// Does the work on a thread that keeps off the server's processors and is where the lab's network is, and so do the threads that it starts.
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

/// A turn while it goes on.
struct Turn<'t> {
    lab: &'t Lab<'t>,
    prepared: &'t Prepared,
    planned: &'t PlannedTrial,
    shape: &'t TrialBudget,
    trial: Trial,
}

impl Turn<'_> {
    fn take(&mut self) -> Result<(), Fault> {
        self.reset()?;
        let server = self.start()?;
        let outcome = self.put_to_work(&server);
        // What comes of its end is told after the reason.
        self.trial.faults.splice(0..0, server.excess());
        outcome?;
        self.phase(Phase::Stop);
        server.end();
        self.start_again()
    }

    /// Everything that is asked of a server that runs.
    fn put_to_work(&mut self, server: &Server) -> Result<(), Fault> {
        self.idle(server);
        self.check(server)?;
        self.warm(server)?;
        self.warmed_up(server);
        self.measure(server)?;
        self.probe(server);
        Ok(())
    }

    fn reset(&mut self) -> Result<(), Fault> {
        self.phase(Phase::Start);
        self.lab.empty_scratch();
        self.lab
            .services
            .reset(self.lab.config.stop)
            .map_err(|error| self.of_database(&error))
    }

    /// When the database has ended, what the contender did without it is not its fault.
    fn own_up_to_a_dead_database(&mut self) {
        if self.lab.services.database_has_ended() {
            self.trial.faults.retain(|fault| fault.owner != Owner::Contender);
            let fault = of_lab(Stage::Database, "ended during the trial");
            self.trial
                .faults
                .push(with_log(fault, self.lab.services.database_log(LOG_LINES)));
        }
    }

    fn of_database(&self, error: &LabError) -> Fault {
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
                metric: "first_answer_s".to_owned(),
                value: self.prepared.install_s + startup_ms / 1e3,
                note: Some(format!(
                    "installed {} in {:.1} s, then started",
                    self.prepared.installed, self.prepared.install_s
                )),
                cautions: vec![Caution::NetworkIncluded],
                detail: None,
            });
        }
        Ok(server)
    }

    fn idle(&mut self, server: &Server) {
        self.trial
            .observations
            .push(measure::memory("memory_mb_idle", server.process().memory()));
    }

    /// The whole contract in the first block, and the cases of the mix in every later one.
    fn check(&mut self, server: &Server) -> Result<(), Fault> {
        self.phase(Phase::Check);
        let cases = if self.planned.block == 0 && !self.planned.entrant.is_twin() {
            self.lab.ask_all(self.prepared, server)
        } else {
            self.lab.ask_mix(server)
        };
        self.trial.gates.push(gates::contract(&cases));
        broken_contract(&cases).map_or(Ok(()), Err)
    }

    fn warm(&mut self, server: &Server) -> Result<(), Fault> {
        self.phase(Phase::Warm);
        let warmed = warm::until_settled(
            self.lab,
            self.prepared,
            server,
            self.planned.seed,
            self.shape.warm_max_s,
        )?;
        self.trial.warm_up = Some(warmed.warm_up);
        gates::wrong_answers(warmed.wrong.iter(), "while warming up", &mut self.trial);
        if let Some(failure) = warmed.wrong.first() {
            let words = format!(
                "wrong answers to `{}` while warming up: {}",
                failure.label, failure.example
            );
            self.trial.faults.push(server.fault(Stage::Contract, &words));
        }
        // The check and the warm-up have written; the load finds the rows that every contender's load finds.
        self.lab
            .services
            .restore_rows(self.lab.config.stop)
            .map_err(|error| self.of_database(&error))
    }

    /// From starting the process to its steady state: the start, and the time under load until its last level began.
    fn warmed_up(&mut self, server: &Server) {
        let windows = self.trial.warm_up.iter().flat_map(|warm_up| &warm_up.windows);
        let (ends_s, cpu_us): (Vec<f64>, Vec<f64>) =
            windows.map(|window| (window.at_s, window.cpu_us)).unzip();
        if let Some(settled) = steady::settled_from(&cpu_us) {
            let under_load_s = settled.checked_sub(1).map_or(0.0, |before| ends_s[before]);
            self.observe("warmup_s", server.startup().as_secs_f64() + under_load_s);
        }
    }

    fn measure(&mut self, server: &Server) -> Result<(), Fault> {
        self.phase(Phase::Measure);
        measure::at_the_briefs_rate(
            self.lab,
            server,
            self.planned.seed,
            self.shape.measure_s,
            &mut self.trial,
        )
    }

    /// Every probe whose turn it is. One that fails leaves its reason and the others go on.
    fn probe(&mut self, server: &Server) {
        let began = Instant::now();
        let context = Context {
            lab: self.lab,
            prepared: self.prepared,
            server,
            shape: self.shape,
            seed: self.planned.seed,
            capacity: OnceLock::new(),
        };
        let mut unasked: Vec<&str> = Vec::new();
        for probe in self.due() {
            if self.lab.interrupted() {
                return;
            }
            if probe.asks == Asks::TheTrials && server.process().exited().is_some() {
                unasked.extend(probe.metrics);
                continue;
            }
            self.phase(probe.phase);
            match (probe.observe)(&context) {
                Ok(observations) => self.trial.observations.extend(observations),
                Err(why) => self.trial.faults.push(why.fault(probe.metrics, server)),
            }
            self.trial.probes_s = began.elapsed().as_secs_f64();
        }
        if !unasked.is_empty() {
            let fault = server.fault(FaultAt::probe(&unasked), "its server had ended before");
            self.trial.faults.push(fault);
        }
    }

    /// The further starts of the plan, each timed to its first correct answer and stopped with nothing to do.
    fn start_again(&mut self) -> Result<(), Fault> {
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

    /// The probes whose turn it is and that can observe this contender here; the twin has the load only.
    fn due(&self) -> Vec<&'static TrialProbe> {
        let able = |probe: &&TrialProbe| probe.obstacle(self.lab, &self.prepared.contender).is_none();
        let due = probe::whose_turn(self.trial.slots, self.lab.cores.all().len()).into_iter();
        due.filter(able).collect()
    }

    fn observe(&mut self, metric: &str, value: f64) {
        self.trial.observations.push(Observation {
            metric: metric.to_owned(),
            value,
            note: None,
            cautions: Vec::new(),
            detail: None,
        });
    }

    fn phase(&self, phase: Phase) {
        self.lab.config.watch.event(Event::TrialPhase {
            entrant: self.planned.entrant.clone(),
            phase,
        });
    }
}
