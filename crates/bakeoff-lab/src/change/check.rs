//! Checks the changes of a contender: applies each patch to a copy, installs and starts the copy, and holds it to the
//! change's cases and to those of the contract. What comes out is kept in the cache.

use super::apply::apply;
use super::kept::keep;
use super::outcome::{ChangeOutcome, ChangeSize, ChangeState};
use super::size::{Revision, size};
use super::subject::ChangeSubject;
use crate::contract::case::{CaseResult, Expected, Mismatch, broken_contract};
use crate::contract::subject::Subject;
use crate::contract::{Extent, check, check_access_log, check_change};
use crate::error::LabError;
use crate::event::{Event, EventSink};
use crate::lab::Lab;
use crate::prepare::{ContenderSource, Prepared, prepare, prepare_copy};
use crate::probe::running::openapi::{NO_DOCUMENT, describable, description};
use crate::server::{Server, Setup};
use crate::workspace::Workspace;
use bakeoff_core::contender::{self, Contender};
use bakeoff_core::evidence::{Fault, Owner};
use bakeoff_core::scenario::{Change, Scenario};
use bakeoff_load::Target;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// The manifest in a contender's folder.
const MANIFEST: &str = "contender.toml";

/// A contender after a change.
struct Changed {
    contender: Contender,
    source: ContenderSource,
    size: ChangeSize,
}

impl Lab<'_> {
    /// Checks changes of a contender, one after the other, and keeps what is known of each.
    ///
    /// # Errors
    /// The user interrupted, a service failed, or the cache cannot be written.
    pub fn check_changes(
        &self,
        subject: &ChangeSubject<'_>,
        changes: &[&Change],
    ) -> Result<Vec<ChangeOutcome>, LabError> {
        let mut outcomes = Vec::new();
        for (at, change) in changes.iter().enumerate() {
            let (contender, number, of) = (subject.contender.title.clone(), at + 1, changes.len());
            self.config.events.event(Event::ChangeStarted {
                contender: contender.clone(),
                number,
                of,
                change: change.title.clone(),
            });
            let began = Instant::now();
            // The contender has no value without all of its changes: after one that cannot be checked here, none is
            // tried.
            let lacking = outcomes.iter().find_map(|one: &ChangeOutcome| match &one.state {
                state @ ChangeState::NotChecked { .. } => Some(state.clone()),
                _ => None,
            });
            let outcome = match lacking {
                Some(state) => ChangeOutcome::new(change, None, state),
                None => self.check_change(subject, change)?,
            };
            if self.interrupted() {
                return Err(LabError::Interrupted);
            }
            keep(
                self.config.cache,
                subject,
                change,
                self.config.scenarios,
                &outcome,
            )?;
            self.config.events.event(Event::ChangeFinished {
                contender,
                number,
                of,
                change: change.title.clone(),
                holds: outcome.state.holds(),
                seconds: began.elapsed().as_secs_f64(),
            });
            outcomes.push(outcome);
        }
        Ok(outcomes)
    }

    fn check_change(&self, subject: &ChangeSubject<'_>, change: &Change) -> Result<ChangeOutcome, LabError> {
        let outcome = |size, state| ChangeOutcome::new(change, size, state);
        let Some(patch) = subject.patches.text(&change.id) else {
            return Ok(outcome(None, ChangeState::Missing));
        };
        let changed = match Changed::by(&patch, &subject.patches.file_of(&change.id), subject) {
            Ok(changed) => changed,
            Err(reason) => return Ok(outcome(None, broken(reason))),
        };
        // That the copy was installed is not the reader's matter: the change has a line of its own.
        let events = |event: Event| {
            if !matches!(event, Event::Prepared { .. }) {
                self.config.events.event(event);
            }
        };
        let Changed {
            contender,
            source,
            size,
        } = changed;
        // A copy is of no use after its check, so it has no place in the cache.
        let scratch = self.new_scratch();
        let prepared = self.prepare_changed(subject, (&contender, &source), &scratch, &events);
        let state = match prepared {
            Ok(prepared) => self
                .isolation
                .run_inside(|| self.start_changed(&prepared, change)),
            Err(fault) => Ok(state_of(fault)),
        };
        let _ = fs::remove_dir_all(&scratch);
        let state = state?;
        Ok(outcome(Some(size), state))
    }

    /// Installs the contender, or finds it installed, and its changed copy beside it. Without a change it is the copy.
    fn prepare_changed(
        &self,
        subject: &ChangeSubject<'_>,
        changed: (&Contender, &ContenderSource),
        scratch: &Path,
        events: &dyn EventSink,
    ) -> Result<Prepared, Fault> {
        let (cache, stop) = (self.config.cache, self.config.stop);
        let original = prepare(
            subject.contender,
            subject.source,
            subject.runtime,
            cache,
            events,
            stop,
        )?;
        if changed.1 == subject.source {
            return Ok(original);
        }
        prepare_copy(changed, &original, subject.source, scratch, events, stop)
    }

    /// Starts the changed contender as a check of the contract does, and runs all cases.
    fn start_changed(&self, prepared: &Prepared, change: &Change) -> Result<ChangeState, LabError> {
        let setup = Setup {
            workers: 1,
            ..Setup::of_the_brief(self)
        };
        let workspace = Arc::new(Workspace::open(self, &prepared.contender)?);
        let database = workspace.database();
        change.sql.iter().try_for_each(|sql| database.execute(sql))?;
        let outcome = Server::start(self, prepared, &workspace, &setup)
            .and_then(|server| self.run_cases(prepared, &server, change));
        Ok(match outcome {
            Ok(cases) => state_of_cases(&cases),
            Err(fault) => state_of(fault),
        })
    }

    /// The change's own cases, then the listed ones of the contract on restored rows, and the access log of both.
    fn run_cases(
        &self,
        prepared: &Prepared,
        server: &Server,
        change: &Change,
    ) -> Result<Vec<CaseResult>, Fault> {
        let stop = self.config.stop;
        let subject = Subject::new(
            server.target(),
            server.workspace().services(self).upstream(),
            server.workspace(),
        );
        let mut cases = check_change(&subject, change, stop);
        if change.openapi {
            cases.push(self.openapi_case(prepared, server, change));
        }
        server.restore_rows(self)?;
        let source = &prepared.contender.source;
        let holds_still =
            |scenario: &&Scenario| !source.lacks(&scenario.id) && !change.leaves_out.contains(&scenario.id);
        let scenarios = self.config.scenarios.values().filter(holds_still);
        let subject = subject.without_fields(&change.adds_fields);
        cases.extend(check(&subject, scenarios, Extent::Listed, stop));
        cases.push(check_access_log(&subject));
        match server.limit_violation() {
            Some(violation) => Err(violation),
            None => Ok(cases),
        }
    }

    /// Whether the contender's own document describes every scenario, read without a token.
    fn openapi_case(&self, prepared: &Prepared, server: &Server, change: &Change) -> CaseResult {
        let target = Target {
            headers: Vec::new(),
            ..server.target().clone()
        };
        let broken = |path: &str, received: String| Mismatch {
            sent: format!("GET {path}, without a token"),
            expected: Expected::Rule("an OpenAPI document that describes every scenario".to_owned()),
            received,
        };
        let failure = match description(&target, &describable(self, prepared)) {
            Err(reason) => Some(broken("the document", reason)),
            Ok(found) => match found.path {
                None => Some(broken("the document", NO_DOCUMENT.to_owned())),
                Some(_) if found.wrong.is_empty() => None,
                Some(path) => Some(broken(path, found.wrong.join("; "))),
            },
        };
        CaseResult {
            scenario: change.id.clone(),
            case: "the document describes every scenario".to_owned(),
            failure,
        }
    }
}

impl Changed {
    /// The contender after a patch, which a reader finds at `file`.
    ///
    /// # Errors
    /// Why the patch does not apply, in words.
    fn by(patch: &str, file: &str, subject: &ChangeSubject<'_>) -> Result<Changed, String> {
        let source = apply(patch, file, subject.source)?;
        let contender = manifest_after(&source, file, subject)?;
        let before = Revision {
            contender: subject.contender,
            source: subject.source,
        };
        let after = Revision {
            contender: &contender,
            source: &source,
        };
        let size = size(before, after, &subject.runtime.version);
        Ok(Changed {
            contender,
            source,
            size,
        })
    }
}

/// The manifest, which the patch may have changed too; of a variant with the variant's keys laid over it.
fn manifest_after(
    source: &ContenderSource,
    file: &str,
    subject: &ChangeSubject<'_>,
) -> Result<Contender, String> {
    let text = match source.get(MANIFEST) {
        Some(text) if subject.source.get(MANIFEST) != Some(text) => String::from_utf8_lossy(text),
        _ => return Ok(subject.contender.clone()),
    };
    let shown = format!("{MANIFEST} after {file}");
    let contender = contender::parse(&text, &shown).map_err(|error| error.to_string())?;
    if subject.contender.variant_of.is_none() {
        return Ok(contender);
    }
    let name = &subject.contender.name;
    let mut variants = contender.varied().into_iter();
    variants
        .find(|variant| variant.name == *name)
        .ok_or_else(|| format!("`{file}` removes the variant `{name}`"))
}

fn broken(reason: String) -> ChangeState {
    ChangeState::Broken {
        reason,
        details: Vec::new(),
    }
}

/// Whose fault it is decides: only the contender's is a finding.
fn state_of(fault: Fault) -> ChangeState {
    match fault.owner {
        Owner::Contender => ChangeState::Broken {
            reason: fault.message,
            details: fault.log,
        },
        Owner::Lab | Owner::User => ChangeState::NotChecked {
            reason: fault.message,
        },
    }
}

fn state_of_cases(cases: &[CaseResult]) -> ChangeState {
    let Some(fault) = broken_contract(cases) else {
        return ChangeState::Holds { cases: cases.len() };
    };
    let in_lines = |case: &CaseResult| {
        let failure = case.failure.as_ref()?.to_string();
        let lines = failure.lines().map(|line| format!("  {line}"));
        let head = format!("{}: {}", case.scenario, case.case);
        Some(std::iter::once(head).chain(lines).collect::<Vec<String>>())
    };
    ChangeState::Broken {
        reason: fault.message,
        details: cases.iter().filter_map(in_lines).flatten().collect(),
    }
}
