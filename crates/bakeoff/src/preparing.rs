//! Prepares the field: installs each contender, or finds it installed, and observes what its folder shows. One
//! contender after the other, because the time of an install is evidence. Starts no server.

use crate::exit::Failure;
use crate::field::Field;
use crate::interrupt::Interrupt;
use bakeoff_core::brief::Brief;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{ContenderRecord, Status};
use bakeoff_lab::probe::{STATIC_PROBES, Subject, needs_of_brief};
use bakeoff_lab::{Event, EventSink, Prepared, Runtimes, prepare as install};
use std::path::{Path, PathBuf};

/// The folder of prepared contenders, for all runs of this user.
#[must_use]
pub(crate) fn cache() -> PathBuf {
    let set = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    set("BAKEOFF_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|base| base.join("bakeoff")))
        .or_else(|| set("HOME").map(|home| home.join(".cache/bakeoff")))
        .unwrap_or_else(|| std::env::temp_dir().join("bakeoff-cache"))
}

/// Prepares the field of a run: installs its contenders and observes what their folders show.
///
/// # Errors
/// Too few contenders can be installed, or the user interrupted.
pub(crate) fn prepare(
    field: &mut Field,
    runtimes: &Runtimes,
    brief: &Brief,
    watch: &dyn EventSink,
    interrupt: &Interrupt,
) -> Result<Vec<Prepared>, Failure> {
    let prepared = prepare_all(field, runtimes, watch, interrupt)?;
    field.require_enough()?;
    observe(&mut field.records, &prepared, brief);
    Ok(prepared)
}

/// Installs every contender of the field. One that cannot be installed is a finding in its record, and the others go
/// on.
///
/// # Errors
/// The user interrupted.
pub(crate) fn prepare_all(
    field: &mut Field,
    runtimes: &Runtimes,
    watch: &dyn EventSink,
    interrupt: &Interrupt,
) -> Result<Vec<Prepared>, Failure> {
    let mut prepared = Vec::new();
    for entry in &field.entries {
        let Some(record) = field
            .records
            .iter_mut()
            .find(|record| record.name == entry.contender.name)
        else {
            continue;
        };
        let Ok(runtime) = runtimes.get(&entry.contender.runtime) else {
            continue;
        };
        let outcome = install(
            &entry.contender,
            &entry.source,
            runtime,
            &cache(),
            watch,
            interrupt.flag(),
        );
        if interrupt.requested() {
            return Err(Failure::interrupted());
        }
        match outcome {
            Ok(ready) => prepared.push(ready),
            Err(fault) => {
                watch.event(Event::FaultFound {
                    entrant: Entrant::contender(&record.name),
                    fault: fault.clone(),
                });
                record.status = Status::PrepareFailed;
                record.faults.push(fault);
            }
        }
    }
    Ok(prepared)
}

/// Adds to the records what the prepared folders and the data of the program show.
fn observe(records: &mut [ContenderRecord], prepared: &[Prepared], brief: &Brief) {
    for ready in prepared {
        if let Some(record) = records
            .iter_mut()
            .find(|record| record.name == ready.contender.name)
        {
            observe_one(record, ready, &ready.folder, brief);
        }
    }
}

fn observe_one(record: &mut ContenderRecord, ready: &Prepared, folder: &Path, brief: &Brief) {
    let subject = Subject {
        contender: &ready.contender,
        source_dir: folder,
        prepared_dir: folder,
        brief,
    };
    for probe in STATIC_PROBES {
        match (probe.observe)(&subject) {
            Ok(observations) => record.observations.extend(observations),
            Err(reason) => {
                let reasons = probe
                    .metrics
                    .iter()
                    .map(|metric| ((*metric).to_owned(), reason.clone()));
                record.no_evidence.extend(reasons);
            }
        }
    }
    record.needs = needs_of_brief(brief, &ready.contender.family);
}
