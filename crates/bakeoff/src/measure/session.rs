//! The collector: the one place where evidence becomes part of a run and of the store. Append-only: no trial changes
//! after it was added; only the repeat of a disturbed trial takes its place.

use crate::brief_file::BriefFile;
use crate::exit::Failure;
use crate::judging::options_of;
use crate::store::{Store, Stored};
use bakeoff_core::brief::Brief;
use bakeoff_core::evidence::{Caution, ContenderRecord, Run, StopReason, Trial};
use bakeoff_core::plan::Plan;
use bakeoff_core::schedule;
use bakeoff_core::stop::advise;
use bakeoff_lab::Lab;
use jiff::Timestamp;
use std::path::Path;

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

    /// Computes what more blocks are worth, and keeps it as evidence of why the run went on or stopped.
    ///
    /// # Errors
    /// The store cannot be written.
    pub(crate) fn take_advice(&mut self) -> Result<(), Failure> {
        let options = options_of(&self.run);
        let advice = advise(&self.run, &self.brief, &self.brief.preferences, &options);
        self.store.save_advice(&self.run.id, &advice)?;
        self.run.advice.push(advice);
        Ok(())
    }

    /// Adds a trial that ended, to the store first. A repeat replaces the disturbed trial, which is the last one.
    ///
    /// # Errors
    /// The store cannot be written; the trial is not part of the run then.
    pub(crate) fn add(&mut self, mut trial: Trial) -> Result<(), Failure> {
        if let Some(attempt) = &trial.first_attempt {
            let reached = format!(
                "measured a second time, because the first was disturbed: {}",
                attempt.reason
            );
            trial.cautions.push(Caution::Partial { reached });
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
        let trials = self.trials_of(&record.name);
        // An interrupted session has set the status too, and a later trial may change it.
        let status = if trials.is_empty() {
            record.status
        } else {
            schedule::status_after(&trials)
        };
        ContenderRecord {
            status,
            ..record.clone()
        }
    }

    fn trials_of(&self, name: &str) -> Vec<&Trial> {
        self.run
            .trials
            .iter()
            .filter(|trial| trial.entrant.is_contender(name))
            .collect()
    }
}

/// A run of which nothing has run.
#[must_use]
pub(super) fn new_run(plan: &Plan, file: &BriefFile, records: &[ContenderRecord], lab: &Lab<'_>) -> Run {
    // A metric that no trial can observe here has its reason in the record.
    let with_obstacles = |record: &ContenderRecord| {
        let mut record = record.clone();
        if let Some(entry) = file.domain.contenders.get(&record.name) {
            record.no_evidence.extend(lab.no_evidence(&entry.contender));
        }
        record
    };
    Run {
        id: run_id(&file.brief.name),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        brief_path: file.shown.clone(),
        brief_text: file.text.clone(),
        brief_sha256: file.sha256.clone(),
        started: now(),
        finished: None,
        stop: None,
        host: lab.host().clone(),
        plan: plan.clone(),
        contenders: records.iter().map(with_obstacles).collect(),
        trials: Vec::new(),
        advice: Vec::new(),
    }
}

/// The last run of a brief that did not finish.
///
/// # Errors
/// There is none, or the brief has changed since.
pub(crate) fn unfinished(results: &Path, file: &BriefFile) -> Result<Run, Failure> {
    let store = Store::open(results)?;
    let name = &file.brief.name;
    let id = store.unfinished(name)?.ok_or_else(|| {
        Failure::usage(
            format!("no run of `{name}` to continue"),
            "run without --resume to begin one; `bakeoff list runs` shows all",
        )
    })?;
    let run = store.load(&id)?.run;
    if run.brief_sha256 != file.sha256 {
        return Err(Failure::usage(
            format!("`{}` has changed since the run `{id}` began", file.shown),
            "evidence of two briefs must not mix: run without --resume, or restore the brief",
        ));
    }
    Ok(run)
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
