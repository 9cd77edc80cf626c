//! Runs the validation of a field's contenders in a browser before a run: of those of which nothing is kept, one after
//! the other, because it is timed. That takes a minute or two once, and nothing after it, until a contender, the
//! contract, the browser or the machine changes. The lab serves, visits and compares.

use crate::brief_file::BriefFile;
use crate::domain::Domain;
use crate::exit::Failure;
use crate::field::{Field, Runnable};
use crate::interrupt::Interrupt;
use crate::lab_place::LabPlace;
use crate::preparing::{Visited, cache};
use bakeoff_core::words::number::{count, duration_s};
use bakeoff_lab::{BROWSER_VISITS, Chromium, EventSink, Runtimes, TierChoice, known_browser};

/// What the visits of a contender take that a bundler makes one script of, and of one that brings an engine of its own,
/// in seconds: starting the server, and five starts of the browser.
const TYPICAL_S: (f64, f64) = (10.0, 30.0);

/// The contenders of a field in the browser of this machine: those that are known, and those to visit.
pub(crate) struct Visits<'v> {
    browser: Result<Chromium, String>,
    visited: Visited,
    unknown: Vec<&'v Runnable>,
}

impl<'v> Visits<'v> {
    /// Those of the contenders that are ready. Looks into the cache, and starts no browser but for its version.
    pub(crate) fn of(field: &'v Field, domain: &Domain) -> Visits<'v> {
        let ready = field.ready();
        let mut visits = Visits {
            browser: Chromium::find(),
            visited: Visited::default(),
            unknown: Vec::new(),
        };
        let cache = cache();
        for runnable in &field.entries {
            let name = &runnable.entry.contender.name;
            if !ready.contains(name) {
                continue;
            }
            let subject = runnable.browser_subject(&visits.browser);
            let known = match known_browser(&cache, &subject, &domain.scenarios) {
                Ok(Some(outcome)) => Ok(outcome),
                Ok(None) => {
                    visits.unknown.push(runnable);
                    continue;
                }
                Err(reason) => Err(reason),
            };
            visits.visited.insert(name.clone(), known);
        }
        visits
    }

    /// What visiting will take, in a sentence; none where there is nothing to visit.
    pub(crate) fn in_words(&self) -> Option<String> {
        let brings_an_engine = |runnable: &&&Runnable| {
            let browser = runnable.entry.contender.browser.as_ref();
            browser.is_some_and(|browser| !browser.packages.is_empty())
        };
        let heavy = self.unknown.iter().filter(brings_an_engine).count();
        let light = self.unknown.len() - heavy;
        let seconds = light as f64 * TYPICAL_S.0 + heavy as f64 * TYPICAL_S.1;
        (!self.unknown.is_empty()).then(|| {
            format!(
                "the validation of {}, never run in this browser: that comes first, once, and takes about {}; \
                 `--skip-browser` leaves it out",
                count(self.unknown.len(), "contender"),
                duration_s(seconds)
            )
        })
    }

    /// What is known without a visit.
    pub(crate) fn without_a_visit(self) -> Visited {
        let mut visited = self.visited;
        for runnable in self.unknown {
            let name = &runnable.entry.contender.name;
            let reason = format!(
                "its validation has not been run in this browser as it is now: a run without `--skip-browser` does it, \
                 and so does `bakeoff check {name} --browser`"
            );
            visited.insert(name.clone(), Err(reason));
        }
        visited
    }

    /// Visits the unknown ones, one after the other.
    ///
    /// # Errors
    /// The lab does not open, a service failed, or the user interrupted; what was found until then is kept.
    pub(crate) fn make(
        self,
        file: &BriefFile,
        runtimes: &Runtimes,
        isolation: TierChoice,
        events: &dyn EventSink,
        interrupt: &Interrupt,
    ) -> Result<Visited, Failure> {
        let mut visited = self.visited;
        if self.unknown.is_empty() {
            return Ok(visited);
        }
        let place = LabPlace::of_user(runtimes);
        let lab = place.open(file, events, interrupt, isolation, 1)?;
        for runnable in self.unknown {
            let subject = runnable.browser_subject(&self.browser);
            let found = lab
                .check_browser(&subject, BROWSER_VISITS)
                .map_err(Failure::of_lab)?;
            let name = runnable.entry.contender.name.clone();
            visited.insert(name, found);
        }
        Ok(visited)
    }
}
