//! What the requests of each scenario cost the database: statements, and those of them that begin or end a transaction.
//! Counted by the database itself while one client sends one request after the other.

use crate::error::LabError;
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::server::{Server, Setup};
use crate::workspace::Workspace;
use bakeoff_core::evidence::Statements;
use bakeoff_load::{Arrivals, LoadReport, Plan};
use std::sync::Arc;
use std::time::Duration;

/// Requests before those that count: drivers prepare a statement after its first uses.
const FIRST: u64 = 20;

/// Requests that count.
const COUNTED: u64 = 100;

/// The longest that the requests of one scenario may take.
const LIMIT: Duration = Duration::from_secs(120);

/// The statements of a scenario's responses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioStatements {
    /// The scenario's id.
    pub scenario: String,
    /// Responses, all of them correct; 0 where the contender does not serve it.
    pub responses: u64,
    /// What the database ran for them.
    pub statements: Statements,
}

/// Starts a server and sends it the requests of each scenario that needs the database.
pub(crate) fn count(lab: &Lab<'_>, prepared: &Prepared) -> Result<Vec<ScenarioStatements>, LabError> {
    let workspace = Arc::new(Workspace::open(lab, &prepared.contender)?);
    let setup = Setup {
        workers: 1,
        ..Setup::of_the_brief(lab)
    };
    let name = &prepared.contender.name;
    let failed = |reason: String| LabError::Statements(format!("{name}: {reason}"));
    let server = Server::start(lab, prepared, &workspace, &setup).map_err(|fault| failed(fault.message))?;
    let source = &prepared.contender.source;
    let mut all = Vec::new();
    let with_database = lab
        .config
        .scenarios
        .values()
        .filter(|scenario| scenario.statements > 0);
    for id in with_database.map(|scenario| &scenario.id) {
        let mut counted = ScenarioStatements {
            scenario: id.clone(),
            responses: 0,
            statements: Statements::default(),
        };
        if !source.lacks(id) {
            server.restore_rows(lab).map_err(|fault| failed(fault.message))?;
            send(lab, &server, id, FIRST, 1).map_err(failed)?;
            let database = workspace.database();
            let cannot =
                || failed("this PostgreSQL does not count statements (`pg_stat_statements`)".to_owned());
            let before = database.statements().ok_or_else(cannot)?;
            let report = send(lab, &server, id, COUNTED, 2).map_err(failed)?;
            if lab.interrupted() {
                return Err(LabError::Interrupted);
            }
            counted.responses = all_correct(id, &report).map_err(failed)?;
            counted.statements = database.statements().ok_or_else(cannot)?.since(before);
        }
        all.push(counted);
    }
    Ok(all)
}

/// The correct responses of a scenario. Statements of wrong ones would count for them.
fn all_correct(scenario: &str, report: &LoadReport) -> Result<u64, String> {
    if report.correct == COUNTED {
        return Ok(COUNTED);
    }
    let example = report.failures.first();
    let example = example.map_or_else(String::new, |failure| format!(": {}", failure.example));
    Err(format!(
        "{} of {COUNTED} responses to `{scenario}` are correct{example}; `bakeoff check` shows why",
        report.correct
    ))
}

/// Another seed draws other requests: the same ones would meet rows that they have changed.
fn send(
    lab: &Lab<'_>,
    server: &Server,
    scenario: &str,
    requests: u64,
    seed: u64,
) -> Result<LoadReport, String> {
    let plan = Plan {
        arrivals: Arrivals::Closed,
        connections: 1,
        duration: LIMIT,
        max_requests: Some(requests),
        seed,
        cores: lab.cores.generator.clone(),
        ..Plan::default()
    };
    let mix = lab.request(scenario)?;
    bakeoff_load::run(server.target(), &mix, &plan, &mut |_| {}, lab.config.stop)
        .map_err(|error| error.to_string())
}
