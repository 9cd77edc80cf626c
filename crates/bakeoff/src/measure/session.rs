//! The collector: the one place where evidence becomes part of a run and of the store. Deliberately append-only: a trial is added once and never touched
//! again.

use crate::exit::Failure;
use crate::measure::pace::Taken;
use crate::measure::standing;
use crate::store::{Store, Stored};
use bakeoff_core::brief::Brief;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{Advice, ContenderRecord, Run, Status, StopReason, Trial};
use bakeoff_core::judge::JudgeOptions;
use bakeoff_core::plan::{PlannedBlock, PlannedTrial, Turns};
use bakeoff_core::stop::advise;
use jiff::Timestamp;

/// A run while it is measured.
pub(crate) struct Session {
    store: Store,
    run: Run,
    brief: Brief,
}

impl Session {
    /// Begins a new run.
    ///
    /// # Errors
    /// The store cannot be written.
    pub(crate) fn begin(mut store: Store, run: Run, brief: Brief) -> Result<Session, Failure> {
        store.begin(&run, &brief)?;
        Ok(Session { store, run, brief })
    }

    /// Goes on with a stored run.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) fn resume(store: Store, id: &str) -> Result<Session, Failure> {
        let Stored { run, brief } = store.load(id)?;
        Ok(Session { store, run, brief })
    }

    /// The run as it is.
    #[must_use]
    pub(crate) fn run(&self) -> &Run {
        &self.run
    }

    /// Seconds that stored trials took.
    #[must_use]
    pub(crate) fn measured_s(&self) -> f64 {
        self.run.trials.iter().map(|trial| trial.seconds).sum()
    }

    /// Whether a planned trial is stored.
    #[must_use]
    pub(crate) fn has(&self, planned: &PlannedTrial) -> bool {
        self.run
            .trials
            .iter()
            .any(|trial| trial.block == planned.block && trial.entrant == planned.entrant)
    }

    /// Whether nothing of a block is left to run.
    #[must_use]
    pub(crate) fn has_ended(&self, block: &PlannedBlock) -> bool {
        let began = self.run.trials.iter().any(|trial| trial.block == block.index);
        let is_left = |trial: &PlannedTrial| !self.has(trial) && self.gets_a_turn(&trial.entrant);
        began && !block.trials.iter().any(is_left)
    }

    /// The probes of a block that has begun, so that the trials that are left get the same.
    #[must_use]
    pub(crate) fn turns(&self, block: &PlannedBlock) -> Option<Turns> {
        let of_a_contender = |trial: &&Trial| !trial.entrant.is_twin();
        let stored = self.run.trials.iter().filter(|trial| trial.block == block.index);
        stored.filter(of_a_contender).map(|trial| trial.turns).next()
    }

    /// What the stored trials of a block took.
    #[must_use]
    pub(crate) fn taken(&self, block: &PlannedBlock) -> Taken {
        let stored = || self.run.trials.iter().filter(|trial| trial.block == block.index);
        Taken {
            block_s: stored().map(|trial| trial.seconds).sum(),
            probes_s: stored().map(|trial| trial.probes_s).sum(),
            turns: self.turns(block).unwrap_or(Turns::NONE),
            trials: stored().filter(|trial| trial.probes_s > 0.0).count() as u32,
        }
    }

    /// Whether a contender, or a twin, gets another turn.
    #[must_use]
    pub(crate) fn gets_a_turn(&self, entrant: &Entrant) -> bool {
        let contender = Entrant::contender(entrant.name());
        let ready = self.run.contenders.iter().any(|record| {
            record.name == entrant.name() && matches!(record.status, Status::Ready | Status::Measured)
        });
        ready
            && standing::gets_a_turn(&self.trials_of(entrant))
            && standing::gets_a_turn(&self.trials_of(&contender))
    }

    /// Asks the core what to measure next and whether to stop, and keeps its advice as evidence.
    ///
    /// # Errors
    /// The store cannot be written.
    pub(crate) fn take_advice(&mut self) -> Result<Advice, Failure> {
        let options = JudgeOptions {
            seed: self.run.plan.seed,
            ..JudgeOptions::default()
        };
        let advice = advise(&self.run, &self.brief, &self.brief.preferences, &options);
        self.store.save_advice(&self.run.id, &advice)?;
        self.run.advice.push(advice.clone());
        Ok(advice)
    }

    /// How many contenders may still run.
    #[must_use]
    pub(crate) fn in_the_field(&self) -> usize {
        self.run
            .contenders
            .iter()
            .filter(|record| self.gets_a_turn(&Entrant::contender(&record.name)))
            .count()
    }

    /// Adds a trial that ended, to the store first.
    ///
    /// # Errors
    /// The store cannot be written; the trial is not part of the run then.
    pub(crate) fn add(&mut self, trial: Trial) -> Result<(), Failure> {
        self.store.save_trial(&self.run.id, &trial)?;
        self.run.trials.push(trial);
        Ok(())
    }

    /// Ends the measuring: each contender's record says where it stands, and the run why it stopped.
    ///
    /// # Errors
    /// The store cannot be written.
    pub(crate) fn end(mut self, stop: StopReason) -> Result<(Run, Brief), Failure> {
        let records: Vec<ContenderRecord> = self
            .run
            .contenders
            .iter()
            .map(|record| self.settled(record))
            .collect();
        for record in &records {
            self.store.save_contender(&self.run.id, record)?;
        }
        self.run.contenders = records;
        if !matches!(stop, StopReason::Interrupted | StopReason::LabFailed(_)) {
            self.run.finished = Some(now());
        }
        self.store
            .end(&self.run.id, self.run.finished.as_deref(), &stop)?;
        // What is judged is what is stored, so that a report made later says the same to the last digit.
        let Stored { run, brief } = self.store.load(&self.run.id)?;
        Ok((run, brief))
    }

    fn settled(&self, record: &ContenderRecord) -> ContenderRecord {
        let trials = self.trials_of(&Entrant::contender(&record.name));
        let was_ready = matches!(record.status, Status::Ready | Status::Measured);
        let status = if was_ready && !trials.is_empty() {
            standing::status(&trials)
        } else {
            record.status
        };
        ContenderRecord {
            status,
            ..record.clone()
        }
    }

    fn trials_of(&self, entrant: &Entrant) -> Vec<&Trial> {
        self.run
            .trials
            .iter()
            .filter(|trial| trial.entrant == *entrant)
            .collect()
    }
}

/// This instant, RFC 3339 in UTC with whole seconds.
#[must_use]
pub(crate) fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A run's id: when it began and for which brief.
#[must_use]
pub(crate) fn run_id(brief: &str) -> String {
    let word: String = brief
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    format!("{}-{word}", Timestamp::now().strftime("%Y-%m-%dT%H%M%SZ"))
}

#[cfg(test)]
mod tests;
