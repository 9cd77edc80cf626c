//! One trial of a launch: wake, load, probes. `TrialRun::run` is its table of contents. It neither starts nor stops the
//! server, and does not let it rest. A trial never fails as a whole: faults are part of its result.

mod database_use;
pub(crate) mod gates;
mod load;
mod machine;
mod marks;
pub(crate) mod outside;
mod summary;

use crate::event::{Event, EventSink, Phase};
use crate::fleet::resident::Awake;
use crate::lab::Lab;
use crate::probe::RunningProbe;
use crate::probe::due::{at, due, run_all};
use crate::probe::kit::Context;
use crate::server::Server;
use crate::warm::{self, WakeTerms};
use crate::workspace::reassign_faults_if_a_service_ended;
use bakeoff_core::evidence::{Fault, Stage, Trial};
use bakeoff_core::plan::PlannedTrial;
use bakeoff_core::schedule::ScheduledTrial;
use bakeoff_load::Failure;
use std::sync::Arc;
use std::time::Instant;

/// Runs one trial of a launch that has just woken; `at_s` is the trial's start, in seconds since measuring began.
pub(crate) fn run(lab: &Lab<'_>, awake: &mut Awake<'_, '_>, scheduled: &ScheduledTrial, at_s: f64) -> Trial {
    let events = lab.config.events;
    let planned = &scheduled.planned;
    events.event(Event::TrialStarted {
        block: planned.block,
        position: planned.position,
        entrant: planned.entrant.clone(),
    });
    let began = Instant::now();
    let mut run = TrialRun {
        lab,
        awake,
        scheduled,
        trial: empty(planned, at_s),
    };
    run.trial.launch = Some(scheduled.launch);
    if !planned.entrant.is_twin() {
        run.trial.slots = scheduled.budget.slots;
    }
    let workspace = Arc::clone(run.server().workspace());
    if let Err(fault) = lab.on_generator_cores(workspace.network(), || run.run()) {
        run.trial.faults.push(fault);
    }
    let mut trial = run.trial;
    reassign_faults_if_a_service_ended(workspace.services(lab), &mut trial.faults, "during the trial");
    trial.gates.sort_by_key(|result| result.gate);
    trial.seconds = began.elapsed().as_secs_f64();
    announce(events, &trial);
    trial
}

/// Tells what a trial that is over found, and its figures.
fn announce(events: &dyn EventSink, trial: &Trial) {
    for fault in &trial.faults {
        events.event(Event::FaultFound {
            entrant: trial.entrant.clone(),
            fault: fault.clone(),
        });
    }
    events.event(Event::TrialFinished {
        block: trial.block,
        entrant: trial.entrant.clone(),
        seconds: trial.seconds,
        cpu_us_per_request: value_of(trial, "cpu_us_per_request"),
        latency_ms_p99: summary::response_ms_p99(trial),
        faults: trial.faults.len(),
    });
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
struct TrialRun<'t, 'r, 'f> {
    lab: &'t Lab<'t>,
    awake: &'t mut Awake<'r, 'f>,
    scheduled: &'t ScheduledTrial,
    trial: Trial,
}

impl TrialRun<'_, '_, '_> {
    fn run(&mut self) -> Result<(), Fault> {
        // The contract was checked in the launch; what a load finds is added to the trial's own gate.
        self.trial.gates.extend(self.awake.contract().cloned());
        let outcome = self.run_phases();
        // In front of the other faults: they are consequences of the stop.
        let limit = self.server().limit_violation();
        self.trial.faults.splice(0..0, limit);
        outcome
    }

    fn run_phases(&mut self) -> Result<(), Fault> {
        self.phase(Phase::Wake);
        self.awake.check_after_rest()?;
        self.observe_first_second()?;
        let woken = self.wake();
        // Some masters replace their workers, and some servers end, a moment after they went on.
        if woken.is_ok() || self.awake.rested().paused {
            self.awake.check_after_rest()?;
        }
        woken?;
        self.measure()?;
        self.run_probes();
        Ok(())
    }

    /// What the first second after a rest costs, once a launch.
    fn observe_first_second(&mut self) -> Result<(), Fault> {
        let (lab, prepared, seed) = (self.lab, self.awake.prepared(), self.scheduled.planned.seed);
        if let Some(level) = self.awake.level().filter(|_| self.scheduled.is_first_of_launch) {
            let observed = warm::first_second_after_rest(lab, prepared, self.server(), seed, &level)?;
            self.trial.observations.extend(observed);
        }
        Ok(())
    }

    fn wake(&mut self) -> Result<(), Fault> {
        let rested = self.awake.rested();
        let terms = WakeTerms {
            seed: self.scheduled.planned.seed,
            budget: self.awake.budget(),
            level: self.awake.level(),
            rested_s: rested.seconds,
            resting_cores: rested.cores,
            paused: rested.paused,
        };
        let woken = warm::wake(self.lab, self.awake.prepared(), self.server(), &terms)?;
        self.trial.wake_up = Some(woken.wake_up);
        self.trial.gates.push(woken.gate);
        self.find_wrong_responses(&woken.wrong);
        Ok(())
    }

    fn find_wrong_responses(&mut self, wrong: &[Failure]) {
        gates::wrong_responses(wrong.iter(), "while waking", &mut self.trial.gates);
        if let Some(failure) = wrong.first() {
            let words = format!(
                "wrong responses to `{}` while waking: {}",
                failure.label, failure.example
            );
            let fault = self.server().fault(Stage::Contract, &words);
            self.trial.faults.push(fault);
        }
    }

    fn measure(&mut self) -> Result<(), Fault> {
        self.phase(Phase::Measure);
        let (seed, seconds) = (self.scheduled.planned.seed, self.scheduled.budget.measure_s);
        load::at_the_briefs_rate(self.lab, self.awake.server(), seed, seconds, &mut self.trial)
    }

    /// Runs the probe that the run is about, which is a part of the trial as its load is, and then every other one that
    /// is due; none for the twin, which has the load only.
    fn run_probes(&mut self) {
        let (lab, contender) = (self.lab, &self.awake.prepared().contender);
        let (processors, scenarios) = (lab.cores.all().len(), lab.config.scenarios);
        let each = self.scheduled.budget.each;
        let each = each.filter(|_| !self.scheduled.planned.entrant.is_twin());
        let each = each.and_then(|place| at(place, processors, contender, scenarios));
        let mut probes = due(self.trial.slots, processors, contender, scenarios, false);
        probes.retain(|probe| each.is_none_or(|each| each.name != probe.name));
        if let Some(each) = each {
            self.run_these(&[each]);
        }
        if !probes.is_empty() {
            let began = Instant::now();
            self.run_these(&probes);
            self.trial.probes_s = began.elapsed().as_secs_f64();
        }
    }

    fn run_these(&mut self, probes: &[&'static RunningProbe]) {
        let (lab, server, prepared) = (self.lab, self.awake.server(), self.awake.prepared());
        let (budget, seed) = (&self.scheduled.budget, self.scheduled.planned.seed);
        let context = Context::new(lab, prepared, server, budget, seed);
        let (observations, faults) = run_all(probes, &context, |probe| self.phase(Phase::Probe(probe.phase)));
        if let Some(capacity) = context.measured_capacity() {
            self.trial.capacity = Some(capacity);
        }
        self.trial.observations.extend(observations);
        self.trial.faults.extend(faults);
    }

    fn server(&self) -> &Server {
        self.awake.server()
    }

    fn phase(&self, phase: Phase) {
        self.lab.config.events.event(Event::TrialPhase {
            entrant: self.scheduled.planned.entrant.clone(),
            phase,
        });
    }
}
