//! The database's own count of a load, compared with what its correct responses need at least: it detects a contender
//! that serves data without querying the database. A contender may query more than it needs.

use crate::fault::of_contender;
use crate::lab::Lab;
use crate::server::Server;
use bakeoff_core::evidence::{
    DatabaseCount, Fault, Gate, GateOutcome, GateResult, Precision, Stage, Statements, Trial,
};
use bakeoff_core::scenario::{Scenario, Work};
use bakeoff_load::LoadReport;
use std::collections::BTreeMap;

/// The share of the needed work that may be missing.
const MISSING_SHARE: f64 = 0.01;

/// How late the counters of the tables may be, in seconds: a session reports them at most once a second.
const DELAY_S: f64 = 1.1;

/// The count before a load. The database is the launch's own, so nobody else adds to it.
pub(super) struct CountBefore {
    work: Option<Work>,
    statements: Option<Statements>,
}

impl CountBefore {
    /// Reads it now; none when the database has ended, which the trial reports.
    pub(super) fn read(server: &Server) -> CountBefore {
        let database = server.workspace().database();
        CountBefore {
            work: database.work(),
            statements: database.statements(),
        }
    }

    /// The increase since then beside what the load needed; none when no request of the mix needs the database.
    pub(super) fn until_now(
        self,
        lab: &Lab<'_>,
        server: &Server,
        report: &LoadReport,
    ) -> Option<DatabaseCount> {
        let before = self.work?;
        let database = server.workspace().database();
        let all = self
            .statements
            .zip(database.statements())
            .map(|(before, now)| now.since(before));
        let now = database.work()?;
        let (answers, needed) = needed(report, lab.config.scenarios);
        (needed.statements > 0).then_some(DatabaseCount {
            answers,
            needed,
            counted: Work {
                statements: now.statements.saturating_sub(before.statements),
                rows: now.rows.saturating_sub(before.rows),
            },
            precision: database.precision(),
            all,
        })
    }
}

/// The correct responses that needed the database, and the work that they needed at least. The database counts from the
/// load's first request on, so those of the run-in are in both; their mix is that of the measured time.
fn needed(report: &LoadReport, scenarios: &BTreeMap<String, Scenario>) -> (u64, Work) {
    let of_all = report.correct_with_warm_up() as f64 / report.correct.max(1) as f64;
    let (mut answers, mut sum) = (0, Work::default());
    for kind in &report.by_label {
        let least = scenarios
            .get(&kind.label)
            .map(|scenario| scenario.database)
            .unwrap_or_default();
        let correct = (kind.correct as f64 * of_all).round() as u64;
        answers += if least.statements > 0 { correct } else { 0 };
        sum.statements += correct * least.statements;
        sum.rows += correct * least.rows;
    }
    (answers, sum)
}

/// Fails the contract gate and returns the fault when the database did less than the responses need. Each of `sessions`
/// may have one open statement that the database has not counted yet.
pub(super) fn judge(count: &DatabaseCount, seconds: f64, sessions: u32, trial: &mut Trial) -> Option<Fault> {
    if !falls_short(count, seconds, sessions) {
        return None;
    }
    let contract = trial.gates.iter_mut().find(|gate| gate.gate == Gate::Contract);
    if let Some(gate) = contract {
        *gate = GateResult {
            gate: Gate::Contract,
            outcome: GateOutcome::Failed,
            measured: count.to_string(),
            limit: "every response from the database".to_owned(),
        };
    }
    let message = format!("serves data without querying the database: {count}");
    Some(of_contender(Stage::Contract, message))
}

fn falls_short(count: &DatabaseCount, seconds: f64, sessions: u32) -> bool {
    let late = match count.precision {
        Precision::Exact => 0.0,
        Precision::Delayed => (DELAY_S / seconds.max(DELAY_S)).min(1.0),
    };
    let answers = count.answers.max(1) as f64;
    let short = |needed: u64, counted: u64| {
        let open = f64::from(sessions) * needed as f64 / answers;
        counted as f64 + open < needed as f64 * (1.0 - MISSING_SHARE - late)
    };
    short(count.needed.statements, count.counted.statements) || short(count.needed.rows, count.counted.rows)
}

#[cfg(test)]
mod tests {
    use super::falls_short;
    use bakeoff_core::evidence::{DatabaseCount, Precision};
    use bakeoff_core::scenario::Work;

    #[track_caller]
    fn check(counted: (u64, u64), precision: Precision, short: bool) {
        let count = DatabaseCount {
            answers: 1_000,
            needed: Work {
                statements: 1_000,
                rows: 6_000,
            },
            counted: Work {
                statements: counted.0,
                rows: counted.1,
            },
            precision,
            all: None,
        };
        assert_eq!(falls_short(&count, 2.2, 10), short, "{count}");
    }

    #[test]
    fn missing_work_beyond_open_statements_and_delay_falls_short() {
        check((1_000, 6_000), Precision::Exact, false);
        check((3_000, 90_000), Precision::Exact, false);
        check((981, 5_890), Precision::Exact, false);
        check((979, 6_000), Precision::Exact, true);
        check((1_000, 5_870), Precision::Exact, true);
        check((500, 3_000), Precision::Delayed, false);
        check((470, 2_900), Precision::Delayed, true);
        check((0, 0), Precision::Delayed, true);
    }
}
