//! Opening what a run needs: the lab, and the session that collects its evidence, new or gone on with. Deliberately no measuring.

use crate::brief_file::BriefFile;
use crate::command::run::Run as RunCommand;
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::isolation::Isolation;
use crate::measure::field::Field;
use crate::measure::preparing::{cache, interrupted};
use crate::measure::session::{Session, now, run_id};
use crate::progress::Screen;
use crate::store::Store;
use bakeoff_core::evidence::{ContenderRecord, Run};
use bakeoff_lab::{Bounds, Config, Lab, LabError};
use std::path::PathBuf;

/// A lab with its cache's path, which must outlive it.
pub(crate) struct LabPlace {
    cache: PathBuf,
}

impl LabPlace {
    /// The cache of this user.
    #[must_use]
    pub(crate) fn of_user() -> LabPlace {
        LabPlace { cache: cache() }
    }

    /// Opens the lab for a brief: ends what an earlier bakeoff left, and starts database and upstream.
    ///
    /// # Errors
    /// What could not be started, or an interrupt.
    pub(crate) fn open<'a>(
        &'a self,
        file: &'a BriefFile,
        screen: &'a Screen,
        interrupt: &'a Interrupt,
        isolation: Isolation,
    ) -> Result<Lab<'a>, Failure> {
        let config = Config {
            brief: &file.brief,
            scenarios: &file.domain.scenarios,
            cache: &self.cache,
            watch: screen,
            stop: interrupt.flag(),
            bounds: Bounds::here(),
            isolation: isolation.choice,
        };
        Lab::open(config).map_err(|error| match error {
            LabError::Interrupted => interrupted(),
            other => Failure::lab(other, "`bakeoff doctor` tells what this machine lacks"),
        })
    }
}

/// A new run of the field, or the last one of this brief that did not finish.
///
/// # Errors
/// Nothing to go on with, a brief that has changed since, or a store that cannot be written.
pub(crate) fn open_session(
    command: &RunCommand,
    file: &BriefFile,
    field: &Field,
    lab: &Lab<'_>,
) -> Result<Session, Failure> {
    let store = Store::open(&command.results().path)?;
    if command.resumes() {
        go_on(store, file)
    } else {
        begin(store, command, file, field, lab)
    }
}

fn go_on(store: Store, file: &BriefFile) -> Result<Session, Failure> {
    let name = &file.brief.name;
    let id = store.unfinished(name)?.ok_or_else(|| {
        Failure::usage(
            format!("no run of `{name}` to go on with"),
            "leave out --resume to begin one; `bakeoff list runs` shows all",
        )
    })?;
    let session = Session::resume(store, &id)?;
    if session.run().brief_sha256 != file.sha256 {
        return Err(Failure::usage(
            format!("`{}` has changed since the run `{id}` began", file.shown),
            "evidence for two briefs does not mix: leave out --resume, or bring the brief back to what it was",
        ));
    }
    Ok(session)
}

fn begin(
    store: Store,
    command: &RunCommand,
    file: &BriefFile,
    field: &Field,
    lab: &Lab<'_>,
) -> Result<Session, Failure> {
    let run = Run {
        id: store.free_id(&run_id(&file.brief.name))?,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        brief_path: file.shown.clone(),
        brief_text: file.text.clone(),
        brief_sha256: file.sha256.clone(),
        started: now(),
        finished: None,
        stop: None,
        host: lab.host().clone(),
        plan: command.measuring().plan(field),
        contenders: field
            .records
            .iter()
            .map(|record| with_obstacles(record, file, lab))
            .collect(),
        trials: Vec::new(),
        advice: Vec::new(),
    };
    Session::begin(store, run, file.brief.clone())
}

/// A contender's record with the metrics that cannot be had of it here, each with the reason.
fn with_obstacles(record: &ContenderRecord, file: &BriefFile, lab: &Lab<'_>) -> ContenderRecord {
    let mut record = record.clone();
    if let Some(entry) = file.domain.contenders.get(&record.name) {
        record.no_evidence.extend(lab.no_evidence(&entry.contender));
    }
    record
}
