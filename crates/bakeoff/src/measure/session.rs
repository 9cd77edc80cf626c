//! The collector: the one place where evidence becomes part of a run and of the store, of the store first. Append-only:
//! no launch and no trial changes after it was added; a launch gets an end, and the repeat of a disturbed trial takes
//! its place.

use crate::brief_file::BriefFile;
use crate::exit::Failure;
use crate::judging::options_of;
use crate::store::{Store, Stored};
use bakeoff_core::brief::Brief;
use bakeoff_core::evidence::{
    Caution, ContenderRecord, EndReason, Host, Launch, LaunchEnd, Run, StopReason, Trial,
};
use bakeoff_core::plan::Plan;
use bakeoff_core::schedule;
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
    pub(crate) fn begin(mut store: Store, run: Run, brief: &Brief) -> Result<Session, Failure> {
        // Another run may have begun in the same second.
        let run = Run {
            id: store.free_id(&run.id)?,
            ..run
        };
        store.begin(&run, brief)?;
        let brief = brief.clone();
        Ok(Session { store, run, brief })
    }

    /// Goes on with a stored run. Launches that lived when its last session ended get an end: a kill took their
    /// servers.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub(crate) fn resume(store: Store, id: &str) -> Result<Session, Failure> {
        let Stored { run, brief } = store.load(id)?;
        let mut session = Session { store, run, brief };
        session.end_living_launches()?;
        Ok(session)
    }

    /// The run as it is.
    #[must_use]
    pub(crate) fn run(&self) -> &Run {
        &self.run
    }

    /// Computes what more measuring is worth, and keeps it as evidence of why the run went on or stopped.
    ///
    /// # Errors
    /// The store cannot be written.
    pub(crate) fn take_advice(&mut self) -> Result<(), Failure> {
        let options = options_of(&self.run);
        let advice = advise(&self.run, &self.brief, &self.brief.preferences, &options);
        self.store.save_advice(&self.run.id, &advice)?;
        // As in the store: after the same block, the later advice stands.
        self.run
            .advice
            .retain(|earlier| earlier.after_blocks != advice.after_blocks);
        self.run.advice.push(advice);
        Ok(())
    }

    /// Adds a launch that came to rest, or ended before, to the store first.
    ///
    /// # Errors
    /// The store cannot be written; the launch is not part of the run then.
    pub(crate) fn add_launch(&mut self, launch: Launch) -> Result<(), Failure> {
        self.store.save_launch(&self.run.id, &launch)?;
        self.run.launches.push(launch);
        self.run.stop = None;
        Ok(())
    }

    /// Gives a launch its end, in the store first. Of a launch that has ended, the first end stands.
    ///
    /// # Errors
    /// The store cannot be written; the launch lives then.
    pub(crate) fn end_launch(&mut self, id: u32, end: LaunchEnd) -> Result<(), Failure> {
        let mut launches = self.run.launches.iter_mut();
        let Some(launch) = launches.find(|launch| launch.id == id && launch.is_alive()) else {
            return Ok(());
        };
        let ended = Launch {
            end: Some(end),
            ..launch.clone()
        };
        self.store.save_launch_end(&self.run.id, &ended)?;
        *launch = ended;
        Ok(())
    }

    /// The servers of a session end with it, and nobody is to blame.
    fn end_living_launches(&mut self) -> Result<(), Failure> {
        let at_s = schedule::elapsed_s(&self.run);
        let living = self.run.launches.iter().filter(|launch| launch.is_alive());
        let living: Vec<u32> = living.map(|launch| launch.id).collect();
        living
            .into_iter()
            .try_for_each(|id| self.end_launch(id, LaunchEnd::new(EndReason::SessionEnded, at_s)))
    }

    /// Adds a trial that ended, to the store first. A repeat replaces the disturbed trial, which is the last one.
    ///
    /// # Errors
    /// The store cannot be written; the trial is not part of the run then.
    pub(crate) fn add(&mut self, mut trial: Trial) -> Result<(), Failure> {
        if let Some(attempt) = &trial.first_attempt {
            let reason = attempt.reason.clone();
            trial.cautions.push(Caution::Repeated { reason });
            self.store.replace_trial(&self.run.id, &trial)?;
            self.run.trials.pop();
        } else {
            self.store.save_trial(&self.run.id, &trial)?;
        }
        self.run.trials.push(trial);
        // The reason why an earlier session ended is out of date.
        self.run.stop = None;
        Ok(())
    }

    /// Ends the measuring: sets the status of each contender and the reason why the run stopped.
    ///
    /// # Errors
    /// The store cannot be written.
    pub(crate) fn end(mut self, stop: StopReason) -> Result<Stored, Failure> {
        self.end_living_launches()?;
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
        // The judge gets the run as stored, so that a report made later is the same to the last digit.
        self.store.load(&self.run.id)
    }

    fn settled(&self, record: &ContenderRecord) -> ContenderRecord {
        // An interrupted session has set the status too, and a later trial may change it.
        let status = schedule::status_after(&self.run, &record.name);
        ContenderRecord {
            status: status.unwrap_or(record.status),
            ..record.clone()
        }
    }
}

/// A run of which nothing has run.
#[must_use]
pub(super) fn new_run(plan: &Plan, file: &BriefFile, records: Vec<ContenderRecord>, host: &Host) -> Run {
    Run {
        id: run_id(&file.brief.name),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        brief_path: file.shown.clone(),
        brief_text: file.text.clone(),
        brief_sha256: file.sha256.clone(),
        started: now(),
        finished: None,
        stop: None,
        host: host.clone(),
        plan: plan.clone(),
        contenders: records,
        launches: Vec::new(),
        trials: Vec::new(),
        advice: Vec::new(),
        claims: file.domain.own_claims.clone(),
    }
}

/// This instant, RFC 3339 in UTC with whole seconds.
fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A run's id: when it began and for which brief.
fn run_id(brief: &str) -> String {
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
