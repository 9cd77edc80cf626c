//! The launches of a run that live: at most one is awake, the others rest. A fleet starts, wakes, measures and retires
//! them; it does not choose whose turn it is.

mod disturbance;
mod launch;
pub(crate) mod resident;
mod rest;
mod retire;

use crate::error::LabError;
use crate::event::{Event, Phase};
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::trial;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{EndReason, Fault, Launch, LaunchEnd, Stage, Trial};
use bakeoff_core::schedule::{ScheduledLaunch, ScheduledRetirement, ScheduledTrial};
use disturbance::{Resting, RestingCounters};
use resident::Resident;
use std::collections::BTreeMap;
use std::time::Instant;

/// The launches that live; dropping it ends all of them.
pub struct Fleet<'f> {
    lab: &'f Lab<'f>,
    prepared: &'f [Prepared],
    /// By id. Only one can be awake: waking borrows the map.
    residents: BTreeMap<u32, Resident<'f>>,
}

impl<'f> Fleet<'f> {
    /// A fleet without launches, for these installed contenders.
    #[must_use]
    pub fn new(lab: &'f Lab<'f>, prepared: &'f [Prepared]) -> Fleet<'f> {
        Fleet {
            lab,
            prepared,
            residents: BTreeMap::new(),
        }
    }

    /// Starts a contender, checks the contract, warms it up and lets it come to rest; `at_s` is the start, in seconds
    /// since measuring began. What goes wrong is part of the launch.
    ///
    /// # Errors
    /// The user interrupted, and nothing of the launch counts; or the contender is not installed.
    pub fn launch(&mut self, scheduled: &ScheduledLaunch, at_s: f64) -> Result<Launch, LabError> {
        let prepared = self.prepared_of(&scheduled.planned.entrant)?;
        let began = Instant::now();
        let others = RestingCounters::read(&self.residents, scheduled.id);
        let launched = launch::run(self.lab, prepared, scheduled, at_s);
        let mut launch = launched.launch;
        if let Some(server) = launched.server {
            self.phase(&launch.entrant, Phase::Rest);
            let resident = Resident::at_rest(self.lab, prepared, &launch, scheduled.budget, server);
            self.residents.insert(launch.id, resident);
        } else {
            launch.end = Some(LaunchEnd::new(
                EndReason::NeverReady,
                at_s + began.elapsed().as_secs_f64(),
            ));
        }
        if let Err(error) = self.check_interrupt(&launch.faults) {
            self.residents.remove(&launch.id);
            return Err(error);
        }
        let others = others.until_now(&self.residents, launch.id);
        if let Some(failed) = others.failed_check(|id| self.name_of(id)) {
            disturbance::replace(&mut launch.gates, failed);
        }
        self.pause_disturbers(&others);
        launch.seconds = began.elapsed().as_secs_f64();
        self.tell_faults(&launch.entrant, &launch.faults);
        Ok(launch)
    }

    /// Wakes a launch, measures a trial, and lets the launch come to rest. What goes wrong is part of the trial; the
    /// end of a launch that did not survive it comes from [`Fleet::ended_at_rest`].
    ///
    /// # Errors
    /// The user interrupted, and nothing of the trial counts; or the launch does not live.
    pub fn trial(&mut self, scheduled: &ScheduledTrial, at_s: f64) -> Result<Trial, LabError> {
        let (lab, id) = (self.lab, scheduled.launch);
        let began = Instant::now();
        if scheduled.is_first_of_launch {
            self.rest_long_enough(id)?;
        }
        let others = RestingCounters::read(&self.residents, id);
        let resident = self.residents.get_mut(&id).ok_or(LabError::NoLaunch(id))?;
        let mut awake = resident.wake();
        let mut trial = trial::run(lab, &mut awake, scheduled, at_s);
        lab.config.events.event(Event::TrialPhase {
            entrant: trial.entrant.clone(),
            phase: Phase::Rest,
        });
        awake.come_to_rest(lab);
        self.check_interrupt(&trial.faults)?;
        let others = others.until_now(&self.residents, id);
        trial.environment.resting_cores = others.all_cores();
        if let Some(failed) = others.failed_check(|id| self.name_of(id)) {
            disturbance::replace(&mut trial.gates, failed);
        }
        self.pause_disturbers(&others);
        trial.seconds = began.elapsed().as_secs_f64();
        Ok(trial)
    }

    /// Runs the due probes that end a server, and stops it. A launch that has ended by itself has no probes.
    ///
    /// # Errors
    /// The user interrupted; or the launch does not live.
    pub fn retire(&mut self, scheduled: &ScheduledRetirement, at_s: f64) -> Result<LaunchEnd, LabError> {
        let id = scheduled.launch;
        let began = Instant::now();
        let resident = self.residents.remove(&id).ok_or(LabError::NoLaunch(id))?;
        let entrant = resident.entrant().clone();
        let mut end = retire::run(self.lab, resident, scheduled, at_s);
        self.check_interrupt(&end.faults)?;
        end.seconds = began.elapsed().as_secs_f64();
        self.tell_faults(&entrant, &end.faults);
        Ok(end)
    }

    /// The launches that have ended since the last call though nobody retired them, each with its end: their servers
    /// ended, were stopped for a limit, or cannot rest.
    pub fn ended_at_rest(&mut self, at_s: f64) -> Vec<(u32, LaunchEnd)> {
        let lab = self.lab;
        let ends = self
            .residents
            .iter_mut()
            .filter_map(|(id, resident)| Some((*id, resident.entrant().clone(), resident.end(lab, at_s)?)));
        let ends: Vec<(u32, Entrant, LaunchEnd)> = ends.collect();
        for (id, entrant, end) in &ends {
            self.residents.remove(id);
            self.tell_faults(entrant, &end.faults);
        }
        ends.into_iter().map(|(id, _, end)| (id, end)).collect()
    }

    /// Lets a launch rest for as long as its first trial needs.
    fn rest_long_enough(&self, id: u32) -> Result<(), LabError> {
        let resident = self.residents.get(&id).ok_or(LabError::NoLaunch(id))?;
        let left = resident.rest_left();
        if !left.is_zero() {
            self.phase(resident.entrant(), Phase::Rest);
            rest::pause(left, self.lab.config.stop);
        }
        self.check_interrupt(&[])
    }

    /// Pauses the launches that worked while they should have rested.
    fn pause_disturbers(&mut self, others: &Resting) {
        for id in others.disturbers() {
            if let Some(resident) = self.residents.get_mut(&id) {
                resident.pause_now();
            }
        }
    }

    fn prepared_of(&self, entrant: &Entrant) -> Result<&'f Prepared, LabError> {
        let mut prepared = self.prepared.iter();
        prepared
            .find(|prepared| prepared.contender.name == entrant.name())
            .ok_or_else(|| LabError::NotInstalled(entrant.name().to_owned()))
    }

    fn name_of(&self, id: u32) -> String {
        self.residents
            .get(&id)
            .map_or_else(String::new, |resident| resident.entrant().to_string())
    }

    fn check_interrupt(&self, faults: &[Fault]) -> Result<(), LabError> {
        let in_a_fault = faults.iter().any(|fault| fault.is_at(Stage::Interrupted));
        if self.lab.interrupted() || in_a_fault {
            Err(LabError::Interrupted)
        } else {
            Ok(())
        }
    }

    fn phase(&self, entrant: &Entrant, phase: Phase) {
        self.lab.config.events.event(Event::TrialPhase {
            entrant: entrant.clone(),
            phase,
        });
    }

    fn tell_faults(&self, entrant: &Entrant, faults: &[Fault]) {
        for fault in faults {
            self.lab.config.events.event(Event::FaultFound {
                entrant: entrant.clone(),
                fault: fault.clone(),
            });
        }
    }
}
