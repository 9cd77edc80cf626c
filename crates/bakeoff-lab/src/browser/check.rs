//! Runs a contender's validation in a browser and compares it with what the running contender answers. What comes out
//! is kept in the cache.

use super::bodies::{self, RequestBody, refusal};
use super::chromium::Chromium;
use super::kept::keep;
use super::outcome::{BrowserAnswer, BrowserDifference, BrowserOutcome};
use super::serve::PageAnswer;
use super::site::{Ingredients, Site};
use super::subject::BrowserSubject;
use super::visit::{Visit, visit};
use crate::error::LabError;
use crate::event::Event;
use crate::fault::{of_contender, of_lab, of_user};
use crate::lab::Lab;
use crate::prepare::browser::Place;
use crate::prepare::{Prepared, prepare};
use crate::server::{Server, Setup};
use crate::workspace::Workspace;
use bakeoff_core::evidence::{Fault, Stage};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// The visits of a contender that give a time with an interval.
pub const VISITS: usize = 5;

impl Lab<'_> {
    /// Runs the validation of a contender in a browser, compares it with the running contender, and keeps the outcome.
    /// The browser visits it `visits` times, each time with an empty profile. The inner result is the reason why there
    /// is no evidence, in words.
    ///
    /// # Errors
    /// The user interrupted, a service failed, or the cache cannot be written.
    pub fn check_browser(
        &self,
        subject: &BrowserSubject<'_>,
        visits: usize,
    ) -> Result<Result<BrowserOutcome, String>, LabError> {
        let began = Instant::now();
        let outcome = self.visit_all(subject, visits)?;
        if self.interrupted() {
            return Err(LabError::Interrupted);
        }
        if let Ok(outcome) = &outcome {
            keep(self.config.cache, subject, self.config.scenarios, outcome)?;
        }
        self.config.events.event(Event::BrowserVisited {
            contender: subject.contender.title.clone(),
            found: outcome
                .as_ref()
                .map(BrowserOutcome::in_words)
                .map_err(Clone::clone),
            seconds: began.elapsed().as_secs_f64(),
        });
        Ok(outcome)
    }

    fn visit_all(
        &self,
        subject: &BrowserSubject<'_>,
        visits: usize,
    ) -> Result<Result<BrowserOutcome, String>, LabError> {
        let ingredients = (subject.module(), subject.browser);
        let (module, browser) = match ingredients {
            (Ok(module), Ok(browser)) => (module, browser),
            (Err(reason), _) => return Ok(Err(reason)),
            (_, Err(reason)) => return Ok(Err(reason.clone())),
        };
        let scratch = self.new_scratch();
        let visited = self.build_and_visit(subject, module, (browser, visits), &scratch);
        let _ = fs::remove_dir_all(&scratch);
        visited
    }

    fn build_and_visit(
        &self,
        subject: &BrowserSubject<'_>,
        module: &str,
        (browser, visits): (&Chromium, usize),
        scratch: &Path,
    ) -> Result<Result<BrowserOutcome, String>, LabError> {
        let built = fs::create_dir_all(scratch)
            .map_err(|error| of_lab(Stage::Prepare, format!("`{}`: {error}", scratch.display())))
            .and_then(|()| self.prepare_and_build(subject, module, scratch));
        let (prepared, site) = match built {
            Ok(built) => built,
            Err(fault) => return Ok(Err(in_words(&fault))),
        };
        let bodies = bodies::all(subject.served(self.config.scenarios));
        if bodies.is_empty() {
            return Ok(Err("no scenario that it serves has a JSON body".to_owned()));
        }
        self.step(subject, "asking the server");
        let answers = self
            .isolation
            .run_inside(|| self.answers_of_server(&prepared, &bodies))?;
        let answers = match answers {
            Ok(answers) => answers,
            Err(fault) => return Ok(Err(in_words(&fault))),
        };
        self.isolation.run_inside(|| {
            let visited = self.visits(subject, (browser, visits), &site, &bodies, scratch);
            Ok(visited.and_then(|visited| outcome(browser, &site, &bodies, answers, visited)))
        })
    }

    /// Installs the contender, or finds it installed, and makes its site.
    fn prepare_and_build(
        &self,
        subject: &BrowserSubject<'_>,
        module: &str,
        scratch: &Path,
    ) -> Result<(Prepared, Site), Fault> {
        let quiet = |event: Event| {
            if let Event::Preparing { step, .. } = event {
                self.step(subject, &step);
            }
        };
        let place = Place {
            cache: self.config.cache,
            events: &quiet,
            stop: self.config.stop,
        };
        let node = self.config.runtimes.usual("node").ok_or_else(|| {
            let reason = "a page needs npm, which fetches bundler and Pyodide: install Node.js";
            of_user(Stage::Prepare, reason)
        })?;
        let prepared = prepare(
            subject.contender,
            subject.source,
            subject.runtime,
            place.cache,
            place.events,
            place.stop,
        )?;
        let ingredients = Ingredients {
            prepared: &prepared,
            source: subject.source,
            module,
            node,
            place,
        };
        let site = Site::build(ingredients, scratch)?;
        Ok((prepared, site))
    }

    /// What the running contender answers to each body.
    fn answers_of_server(
        &self,
        prepared: &Prepared,
        bodies: &[RequestBody],
    ) -> Result<Result<Vec<BrowserAnswer>, Fault>, LabError> {
        let setup = Setup {
            workers: 1,
            ..Setup::of_the_brief(self)
        };
        let workspace = Arc::new(Workspace::open(self, &prepared.contender)?);
        let answers = Server::start(self, prepared, &workspace, &setup).and_then(|server| {
            self.on_generator_cores(workspace.network(), || {
                let all = bodies.iter().map(|one| bodies::answer(server.target(), one));
                all.collect::<Result<Vec<_>, String>>()
                    .map_err(|reason| of_contender(Stage::Contract, reason))
            })
        });
        Ok(answers)
    }

    /// Several visits, the first of which is about all bodies.
    fn visits(
        &self,
        subject: &BrowserSubject<'_>,
        (browser, times): (&Chromium, usize),
        site: &Site,
        bodies: &[RequestBody],
        scratch: &Path,
    ) -> Result<Vec<Visit>, String> {
        let mut visits = Vec::new();
        for number in 0..times {
            let of = format!("visit {} of {times}", number + 1);
            let mut watch = |step: &str| self.step(subject, &format!("{of}, {step}"));
            watch("opening the page");
            let is_about_answers = number == 0;
            visits.push(visit(
                browser,
                site.visit(bodies, is_about_answers),
                is_about_answers,
                &scratch.join(format!("visit-{number}")),
                self.config.stop,
                &mut watch,
            )?);
        }
        Ok(visits)
    }

    fn step(&self, subject: &BrowserSubject<'_>, step: &str) {
        self.config.events.event(Event::BrowserStep {
            contender: subject.contender.title.clone(),
            step: step.to_owned(),
        });
    }
}

/// The fault with the end of its log, which says what a bundler or an installer found.
fn in_words(fault: &Fault) -> String {
    let log = fault
        .log
        .iter()
        .map(|line| line.trim())
        .filter(|line| !line.is_empty());
    let log: Vec<&str> = log.collect();
    match log.is_empty() {
        true => fault.message.clone(),
        false => format!("{}: {}", fault.message, log.join(" ")),
    }
}

fn outcome(
    browser: &Chromium,
    site: &Site,
    bodies: &[RequestBody],
    of_server: Vec<BrowserAnswer>,
    visits: Vec<Visit>,
) -> Result<BrowserOutcome, String> {
    let first = visits.first().ok_or("there was no visit")?;
    if first.answers.len() != bodies.len() {
        return Err(format!(
            "the page answered {} of {} bodies",
            first.answers.len(),
            bodies.len()
        ));
    }
    let pairs = bodies.iter().zip(of_server).zip(&first.answers);
    let differences = pairs.filter_map(|((one, server), answer)| {
        let browser = of_page(answer);
        (server != browser).then(|| BrowserDifference {
            scenario: one.scenario.clone(),
            case: one.case.clone(),
            body: one.body.clone(),
            server,
            browser,
        })
    });
    let mut sent = first.sent.clone();
    sent.sort_by(|one, other| other.bytes.cmp(&one.bytes).then(one.path.cmp(&other.path)));
    Ok(BrowserOutcome {
        browser: browser.version.clone(),
        engine: site.engine.clone(),
        measured: jiff::Timestamp::now().to_string(),
        bodies: bodies.len(),
        differences: differences.collect(),
        sent,
        visits_ms: visits.iter().map(|visit| visit.first_ms).collect(),
        policy: first.policy.clone(),
    })
}

/// A module returns nothing for a right body, else a problem document.
fn of_page(answer: &PageAnswer) -> BrowserAnswer {
    let problem = match answer {
        PageAnswer::Problem(Value::Null) => return BrowserAnswer::Accepts,
        PageAnswer::Problem(problem) => problem,
        PageAnswer::Threw(message) => {
            return BrowserAnswer::Fails {
                with: message.lines().last().unwrap_or_default().to_owned(),
            };
        }
    };
    match problem["status"].as_u64() {
        Some(status @ (400 | 422)) => refusal(status as u16, Some(problem)),
        _ => BrowserAnswer::Fails {
            with: format!("{problem}, which has no status 400 or 422"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::of_page;
    use crate::browser::outcome::BrowserAnswer;
    use crate::browser::serve::PageAnswer;
    use serde_json::{Value, json};

    #[test]
    fn a_module_returns_nothing_or_a_problem() {
        assert_eq!(of_page(&PageAnswer::Problem(Value::Null)), BrowserAnswer::Accepts);
        let problem = json!({ "status": 422, "errors": [{ "field": "name", "message": "no" }] });
        let refuses = BrowserAnswer::Refuses {
            status: 422,
            fields: vec!["name".to_owned()],
        };
        assert_eq!(of_page(&PageAnswer::Problem(problem)), refuses);
        for broken in [json!(true), json!({ "status": 200 })] {
            assert!(matches!(
                of_page(&PageAnswer::Problem(broken)),
                BrowserAnswer::Fails { .. }
            ));
        }
        let threw = PageAnswer::Threw("Traceback\nValueError: x".to_owned());
        let with = "ValueError: x".to_owned();
        assert_eq!(of_page(&threw), BrowserAnswer::Fails { with });
    }
}
