//! Prepares the field: installs contenders side by side, or finds them installed, and observes what their folders show.
//! Each install stores how many others ran beside it, because its time is evidence. Starts no server.

use crate::brief_file::BriefFile;
use crate::exit::Failure;
use crate::field::{Field, Runnable};
use crate::interrupt::Interrupt;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{ContenderRecord, Fault, Stage, Status};
use bakeoff_core::words::number::count;
use bakeoff_lab::probe::{STATIC_PROBES, Subject, needs_of_brief, targets_of};
use bakeoff_lab::{
    BrowserOutcome, ChangeOutcome, Event, EventSink, Origin, Prepared, known_changes, prepare as install,
};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

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

/// How installs follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Installs {
    /// As many at the same time as there are processors, at least two: while one unpacks, another downloads.
    SideBySide,
    /// Each after the one before it.
    OneAfterAnother,
}

/// The installed contenders of a field.
#[derive(Debug)]
pub(crate) struct Preparation {
    /// Those that are ready to start, in the order of the field.
    pub(crate) ready: Vec<Prepared>,
    /// How long it took to prepare all of them, in seconds.
    pub(crate) seconds: f64,
    /// The most installs at the same time.
    pub(crate) at_a_time: usize,
}

impl Installs {
    /// The number of installs at the same time, for a field of that size.
    pub(crate) fn at_a_time(self, field: usize) -> usize {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        match self {
            Installs::SideBySide => processors.max(2).min(field.max(1)),
            Installs::OneAfterAnother => 1,
        }
    }
}

impl Preparation {
    /// What preparing took, in a sentence; none where every contender was installed already.
    #[must_use]
    pub(crate) fn in_words(&self) -> Option<String> {
        let installed = self.ready.iter().filter(|ready| ready.from == Origin::Installed);
        let installed = installed.count();
        (installed > 0).then(|| {
            format!(
                "{} installed in {:.1} s, {} at a time",
                count(installed, "contender"),
                self.seconds,
                self.at_a_time
            )
        })
    }
}

/// Prepares the field of a run: installs its contenders.
///
/// # Errors
/// Too few contenders can be installed, or the user interrupted.
pub(crate) fn prepare(
    field: &mut Field,
    watch: &dyn EventSink,
    interrupt: &Interrupt,
) -> Result<Preparation, Failure> {
    let preparation = prepare_all(field, Installs::SideBySide, watch, interrupt)?;
    field.require_enough()?;
    Ok(preparation)
}

/// Installs every contender of the field. One that cannot be installed is a finding in its record, and the others go
/// on.
///
/// # Errors
/// The user interrupted.
pub(crate) fn prepare_all(
    field: &mut Field,
    installs: Installs,
    watch: &dyn EventSink,
    interrupt: &Interrupt,
) -> Result<Preparation, Failure> {
    let began = Instant::now();
    let at_a_time = installs.at_a_time(field.entries.len());
    let outcomes = install_all(&field.entries, at_a_time, watch, interrupt);
    if interrupt.requested() {
        return Err(Failure::interrupted());
    }
    let mut ready = Vec::new();
    for outcome in outcomes {
        match outcome {
            Ok(prepared) => ready.push(prepared),
            Err((name, fault)) => {
                if let Some(record) = field.records.iter_mut().find(|record| record.name == name) {
                    // Packages that do not support the runtime are the machine's lack, and no failure of theirs.
                    record.status = if fault.is_at(Stage::Runtime) {
                        Status::Unavailable
                    } else {
                        Status::PrepareFailed
                    };
                    record.faults.push(fault);
                }
            }
        }
    }
    Ok(Preparation {
        ready,
        seconds: began.elapsed().as_secs_f64(),
        at_a_time,
    })
}

/// A contender that is installed, or its name and why it is not.
type Outcome = Result<Prepared, (String, Fault)>;

/// Installs these contenders, `at_a_time` at once; the outcomes are in their order, and so are the lines that
/// stay on the screen.
fn install_all(
    entries: &[Runnable],
    at_a_time: usize,
    watch: &dyn EventSink,
    interrupt: &Interrupt,
) -> Vec<Outcome> {
    let next = AtomicUsize::new(0);
    let queue = Mutex::new(InOrder::new(entries.len()));
    thread::scope(|scope| {
        for _ in 0..at_a_time {
            scope.spawn(|| {
                while !interrupt.requested() {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(runnable) = entries.get(place) else {
                        return;
                    };
                    let (outcome, events) = install_one(runnable, watch, interrupt);
                    let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
                    queue.end(place, outcome, events, watch);
                }
            });
        }
    });
    let queue = queue.into_inner().unwrap_or_else(PoisonError::into_inner);
    queue.outcomes.into_iter().flatten().collect()
}

/// Installs a contender; returns also the events that wait until the contenders before it have ended.
fn install_one(runnable: &Runnable, watch: &dyn EventSink, interrupt: &Interrupt) -> (Outcome, Vec<Event>) {
    let contender = &runnable.entry.contender;
    let waiting = Mutex::new(Vec::new());
    let sink = |event: Event| match event {
        Event::Preparing { .. } => watch.event(event),
        other => waiting.lock().unwrap_or_else(PoisonError::into_inner).push(other),
    };
    let installed = install(
        contender,
        &runnable.entry.source,
        &runnable.runtime,
        &cache(),
        &sink,
        interrupt.flag(),
    );
    let mut events = waiting.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Err(fault) = &installed {
        events.push(Event::FaultFound {
            entrant: Entrant::contender(&contender.name),
            fault: fault.clone(),
        });
    }
    let outcome = installed.map_err(|fault| (contender.name.clone(), fault));
    (outcome, events)
}

/// Installs that end in any order and are shown in that of the field.
struct InOrder {
    outcomes: Vec<Option<Outcome>>,
    /// Events of each, until they are shown.
    events: Vec<Vec<Event>>,
    /// How many are shown.
    shown: usize,
}

impl InOrder {
    fn new(installs: usize) -> InOrder {
        InOrder {
            outcomes: (0..installs).map(|_| None).collect(),
            events: vec![Vec::new(); installs],
            shown: 0,
        }
    }

    /// Keeps an outcome, and shows the events of all that have no other before them.
    fn end(&mut self, place: usize, outcome: Outcome, events: Vec<Event>, watch: &dyn EventSink) {
        self.outcomes[place] = Some(outcome);
        self.events[place] = events;
        while self.outcomes.get(self.shown).is_some_and(Option::is_some) {
            for event in std::mem::take(&mut self.events[self.shown]) {
                watch.event(event);
            }
            self.shown += 1;
        }
    }
}

/// What is known of the validation of contenders in a browser, by name: an outcome, or why there is none.
pub(crate) type Visited = BTreeMap<String, Result<BrowserOutcome, String>>;

/// Adds to the records what the prepared folders and the data of the program show.
pub(crate) fn observe(field: &mut Field, prepared: &[Prepared], file: &BriefFile, visited: &Visited) {
    for ready in prepared {
        let name = &ready.contender.name;
        let mut entries = field.entries.iter();
        let changes = match entries.find(|runnable| runnable.entry.contender.name == *name) {
            Some(runnable) => changes_of(runnable, file),
            None => Err("it is not in the field".to_owned()),
        };
        let not_visited = || Err("it was not run in a browser here".to_owned());
        let browser = visited.get(name).cloned().unwrap_or_else(not_visited);
        if let Some(record) = field.records.iter_mut().find(|record| record.name == *name) {
            observe_one(record, ready, file, &changes, &browser);
        }
    }
}

/// What the cache has about the changes of a contender.
fn changes_of(runnable: &Runnable, file: &BriefFile) -> Result<Vec<ChangeOutcome>, String> {
    let subject = runnable.change_subject();
    known_changes(&cache(), &subject, &file.domain.changes, &file.domain.scenarios)
}

fn observe_one(
    record: &mut ContenderRecord,
    ready: &Prepared,
    file: &BriefFile,
    changes: &Result<Vec<ChangeOutcome>, String>,
    browser: &Result<BrowserOutcome, String>,
) {
    let brief = &file.brief;
    let subject = Subject {
        contender: &ready.contender,
        source_dir: &ready.folder,
        prepared_dir: &ready.folder,
        brief,
        changes,
        browser,
    };
    for probe in STATIC_PROBES {
        match (probe.observe)(&subject) {
            Ok(observations) => record.observations.extend(observations),
            Err(reason) => {
                let reasons = probe
                    .metrics
                    .iter()
                    .map(|metric| ((*metric).to_owned(), reason.clone().into()));
                record.no_evidence.extend(reasons);
            }
        }
    }
    record.needs = needs_of_brief(brief, &ready.contender);
    record.reach = targets_of(&ready.contender);
}
