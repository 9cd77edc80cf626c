//! What a lab does with a contender beside the launches of a run: hold it to the contract, run one probe alone. The
//! context that these operations need is in `lab.rs`, the launches are in `fleet.rs`.

use crate::contract::case::CaseResult;
use crate::error::LabError;
use crate::event::Event;
use crate::fault::of_user;
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::probe::{self, RUNNING_PROBES};
use crate::server::{Server, Setup};
use crate::statements::{self, ScenarioStatements};
use crate::workspace::Workspace;
use bakeoff_core::contender::Contender;
use bakeoff_core::evidence::{Fault, Observation, Obstacle, Stage};
use bakeoff_core::plan::TrialBudget;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The outcome of a contract check.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// Every case that ran.
    pub cases: Vec<CaseResult>,
    /// Why no or not all cases ran.
    pub fault: Option<Fault>,
}

impl Checked {
    /// No case ran.
    fn none_for(fault: Fault) -> Checked {
        Checked {
            cases: Vec::new(),
            fault: Some(fault),
        }
    }
}

impl Lab<'_> {
    /// The metrics of which no trial of this contender can give evidence on this machine, each with the reason.
    #[must_use]
    pub fn no_evidence(&self, contender: &Contender) -> BTreeMap<String, Obstacle> {
        let mut reasons = BTreeMap::new();
        for probe in RUNNING_PROBES {
            if let Some(reason) = probe.obstacle(self.cores.all().len(), contender, self.config.scenarios) {
                reasons.extend(
                    probe
                        .metrics
                        .iter()
                        .map(|metric| ((*metric).to_owned(), reason.clone())),
                );
            }
        }
        reasons
    }

    /// Holds a contender to the whole contract.
    ///
    /// # Errors
    /// The user interrupted, or a service failed.
    pub fn check(&self, prepared: &Prepared) -> Result<Checked, LabError> {
        let name = &prepared.contender.name;
        self.config.events.event(Event::Checking {
            contender: name.clone(),
        });
        let checked = self.isolation.run_inside(|| self.start_and_check(prepared))?;
        if self.interrupted() {
            return Err(LabError::Interrupted);
        }
        if checked.fault.is_some() {
            return Ok(checked);
        }
        let failures = checked.cases.iter().filter(|case| case.failure.is_some()).count();
        self.config.events.event(Event::Checked {
            contender: name.clone(),
            cases: checked.cases.len(),
            failures,
        });
        Ok(checked)
    }

    fn start_and_check(&self, prepared: &Prepared) -> Result<Checked, LabError> {
        let setup = Setup {
            workers: 1,
            ..Setup::of_the_brief(self)
        };
        let workspace = match Workspace::open(self, &prepared.contender) {
            // It concerns this contender alone.
            Err(LabError::Isolation(reason)) => {
                return Ok(Checked::none_for(of_user(Stage::Isolation, reason)));
            }
            opened => Arc::new(opened?),
        };
        Ok(match Server::start(self, prepared, &workspace, &setup) {
            Err(fault) => Checked::none_for(fault),
            Ok(server) => {
                let cases = self.check_contract(prepared, &server);
                let fault = server.limit_violation();
                Checked { cases, fault }
            }
        })
    }

    /// What each scenario's requests cost the database, statement by statement, on a server that is started for it.
    ///
    /// # Errors
    /// The user interrupted, the server does not start, or the database cannot count.
    pub fn count_statements(&self, prepared: &Prepared) -> Result<Vec<ScenarioStatements>, LabError> {
        self.isolation.run_inside(|| statements::count(self, prepared))
    }

    /// The result of `work`, which gets the URL of a database with the contract's tables and rows. Each call has a
    /// database of its own, which is dropped afterwards. For programs that the lab does not start, such as the tests
    /// that a contender ships.
    ///
    /// # Errors
    /// The database failed, or the user interrupted.
    pub fn with_database<T: Send>(&self, work: impl FnOnce(&str) -> T + Send) -> Result<T, LabError> {
        self.isolation.run_inside(|| {
            let database = self.services.database(self.config.stop)?;
            Ok(work(database.url()))
        })
    }

    /// One probe of a running contender outside of any trial, on a server that is started for it.
    ///
    /// # Errors
    /// Why there is no evidence: no such probe, an obstacle, or what failed.
    pub fn probe(
        &self,
        prepared: &Prepared,
        name: &str,
        shape: &TrialBudget,
        seed: u64,
    ) -> Result<Vec<Observation>, String> {
        let run = || Ok(probe::run_alone(self, prepared, name, shape, seed));
        self.isolation
            .run_inside(run)
            .unwrap_or_else(|error: LabError| Err(error.to_string()))
    }
}
