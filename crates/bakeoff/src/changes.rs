//! Checks the standard changes of a field before a run: those of which nothing is kept, side by side. That takes
//! minutes once, and nothing after it, until a contender, a patch or the contract changes. The lab applies and checks.

use crate::brief_file::BriefFile;
use crate::domain::Domain;
use crate::exit::Failure;
use crate::field::{Field, Runnable};
use crate::interrupt::Interrupt;
use crate::lab_place::LabPlace;
use crate::preparing::{Installs, cache};
use bakeoff_core::scenario::Change;
use bakeoff_core::words::number::{count, duration_s};
use bakeoff_lab::{
    ChangeOutcome, ChangeState, Event, EventSink, Lab, LabError, Runtimes, TierChoice, unknown_changes,
};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

/// What checking a change takes beside another one, in seconds: its start and about 110 cases, and where it brings
/// packages their install, which takes most of it.
const TYPICAL_S: f64 = 8.0;

/// The changes of contenders of which nothing is known yet.
pub(crate) struct Unknown<'u> {
    all: Vec<(&'u Runnable, Vec<&'u Change>)>,
}

impl<'u> Unknown<'u> {
    /// Those of the contenders that are ready.
    #[must_use]
    pub(crate) fn of(field: &'u Field, domain: &'u Domain) -> Unknown<'u> {
        let ready = field.ready();
        let runs = |runnable: &&Runnable| ready.contains(&runnable.entry.contender.name);
        let cache = cache();
        let of_one = |runnable: &'u Runnable| {
            let subject = runnable.change_subject();
            (
                runnable,
                unknown_changes(&cache, &subject, &domain.changes, &domain.scenarios),
            )
        };
        let all = field.entries.iter().filter(runs).map(of_one);
        Unknown {
            all: all.filter(|(_, changes)| !changes.is_empty()).collect(),
        }
    }

    /// How many there are and whose, in words; none where there are none.
    #[must_use]
    pub(crate) fn counted(&self) -> Option<String> {
        (!self.all.is_empty()).then(|| {
            format!(
                "{} of {}",
                count(self.len(), "standard change"),
                count(self.all.len(), "contender")
            )
        })
    }

    /// How many there are.
    fn len(&self) -> usize {
        self.all.iter().map(|(_, changes)| changes.len()).sum()
    }

    /// What checking them will take, in a sentence; none where there is nothing to check.
    #[must_use]
    pub(crate) fn in_words(&self) -> Option<String> {
        let at_a_time = Installs::SideBySide.at_a_time(self.all.len());
        let longest_s = (self.len() as f64 * TYPICAL_S / at_a_time as f64).ceil();
        self.counted().map(|changes| {
            format!(
                "{changes}, never checked: that comes first, once, and takes about {}; `--skip-changes` leaves it out",
                duration_s(longest_s)
            )
        })
    }

    /// Checks them, as many contenders at the same time as there are processors, and keeps the outcomes. One that does
    /// not hold is checked again alone: what it failed at may be the company.
    ///
    /// # Errors
    /// The lab does not open, a service failed, or the user interrupted; what was checked until then is kept.
    pub(crate) fn check(
        &self,
        file: &BriefFile,
        runtimes: &Runtimes,
        isolation: TierChoice,
        events: &dyn EventSink,
        interrupt: &Interrupt,
    ) -> Result<Option<String>, Failure> {
        let Some(changes) = self.counted() else {
            return Ok(None);
        };
        let began = Instant::now();
        let at_a_time = Installs::SideBySide.at_a_time(self.all.len());
        let calm = |event: Event| {
            if !matches!(event, Event::ChangeFinished { .. }) {
                events.event(event);
            }
        };
        let place = LabPlace::of_user(runtimes);
        let lab = place.open(file, &calm, interrupt, isolation, at_a_time)?;
        let broken = self
            .check_side_by_side(&lab, at_a_time)
            .map_err(Failure::of_lab)?;
        let mut failing = 0;
        for (runnable, changes) in broken {
            let again = lab.check_changes(&runnable.change_subject(), &changes);
            failing += again
                .map_err(Failure::of_lab)?
                .iter()
                .filter(|one| is_broken(one))
                .count();
        }
        let (cache, domain) = (cache(), &file.domain);
        let left = self.all.iter().map(|(runnable, _)| {
            let subject = runnable.change_subject();
            unknown_changes(&cache, &subject, &domain.changes, &domain.scenarios).len()
        });
        let left: usize = left.sum();
        let mut outcome = format!("{} hold", self.len() - failing - left);
        if failing > 0 {
            outcome.push_str(&format!(
                ", {failing} do not: the report and `bakeoff check NAME --changes` say why"
            ));
        }
        if left > 0 {
            outcome.push_str(&format!(
                "; {left} cannot be checked here, as without the package registry, and have no value"
            ));
        }
        Ok(Some(format!(
            "{changes} checked in {}, {at_a_time} at a time; {outcome}",
            duration_s(began.elapsed().as_secs_f64().round())
        )))
    }

    /// Checks all; returns those that do not hold.
    fn check_side_by_side(
        &self,
        lab: &Lab<'_>,
        at_a_time: usize,
    ) -> Result<Vec<(&'u Runnable, Vec<&'u Change>)>, LabError> {
        let next = AtomicUsize::new(0);
        let found = Mutex::new(Vec::new());
        let work = || {
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some((runnable, changes)) = self.all.get(place) else {
                    return;
                };
                let outcomes = lab.check_changes(&runnable.change_subject(), changes);
                let is_lacking = |one: &ChangeOutcome| matches!(one.state, ChangeState::NotChecked { .. });
                let goes_on = outcomes
                    .as_ref()
                    .is_ok_and(|outcomes| !outcomes.iter().any(is_lacking));
                let broken = outcomes.map(|outcomes| (*runnable, broken_of(changes, &outcomes)));
                found.lock().unwrap_or_else(PoisonError::into_inner).push(broken);
                if !goes_on {
                    // What this machine lacks, as the network, the other contenders lack too.
                    next.store(self.all.len(), Ordering::Relaxed);
                }
            }
        };
        thread::scope(|scope| {
            for _ in 0..at_a_time {
                scope.spawn(work);
            }
        });
        let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        let broken: Result<Vec<_>, LabError> = found.into_iter().collect();
        Ok(broken?
            .into_iter()
            .filter(|(_, changes)| !changes.is_empty())
            .collect())
    }
}

/// Those of the changes that do not hold.
fn broken_of<'c>(changes: &[&'c Change], outcomes: &[ChangeOutcome]) -> Vec<&'c Change> {
    let pairs = changes.iter().zip(outcomes);
    let broken = pairs.filter(|(_, outcome)| is_broken(outcome));
    broken.map(|(change, _)| *change).collect()
}

fn is_broken(outcome: &ChangeOutcome) -> bool {
    matches!(outcome.state, ChangeState::Broken { .. })
}
