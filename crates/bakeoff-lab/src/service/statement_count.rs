//! PostgreSQL's own count of the work on the contract's tables: exact with `pg_stat_statements`, else from the counters
//! of the tables, which sessions report up to a second late. It only reads; the contract gate decides what is too
//! little.

use bakeoff_core::evidence::{Precision, Statements};
use bakeoff_core::scenario::Work;
use postgres::{Client, Error};

/// Whose tables a database has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowsOf {
    /// Those of the contract.
    Contract,
    /// Those of the brief's own scripts.
    Brief,
}

/// Statements on the contract's tables, without those that restore the rows. The counter stores literals as `$1`, so
/// this statement does not match itself.
const ON_THE_CONTRACTS_TABLES: &str = r"
    SELECT coalesce(sum(calls), 0)::bigint, coalesce(sum(rows), 0)::bigint
    FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND query ~ '\m(items|users|orders|order_lines)\M' AND query !~ '\mseed\.items\M'";

/// Statements on any table, since a view, a function or another name may stand for one.
const OF_A_BRIEF: &str = r"
    SELECT coalesce(sum(calls), 0)::bigint, coalesce(sum(rows), 0)::bigint
    FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND query !~* '^\s*(begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|set|show|reset|discard)\M'
      AND query !~ 'pg_stat_|\mbakeoff_kept\M|lock_timeout|^TRUNCATE |^ALTER TABLE |^SELECT setval|^REFRESH |^VACUUM'";

/// All statements but the lab's own: those that restore rows and those that count.
const ALL: &str = r"
    SELECT coalesce(sum(calls), 0)::bigint,
           coalesce(sum(calls) FILTER (WHERE query ~* '^\s*(begin|start\s+transaction|commit|end|rollback|abort|savepoint|release)\M'), 0)::bigint
    FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND query !~ 'pg_stat_|\mseed\.items\M|\mbakeoff_kept\M|lock_timeout|^TRUNCATE |^ALTER TABLE |^SELECT setval|^REFRESH |^VACUUM'";

/// Scans stand for reading statements, and written rows for writing ones.
const DELAYED: &str = "
    SELECT coalesce(sum(coalesce(seq_scan, 0) + coalesce(idx_scan, 0) + n_tup_ins), 0)::bigint,
           coalesce(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) + n_tup_ins + n_tup_upd), 0)::bigint
    FROM pg_stat_user_tables WHERE schemaname NOT IN ('seed', 'bakeoff_kept')";

/// How exactly this database counts.
pub(super) fn precision(client: &mut Client, rows: RowsOf) -> Precision {
    // Best effort: in the user's server the lab may lack the right to create it, and it may exist already.
    let _ = client.batch_execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
    match client.query_one(exact(rows), &[]) {
        Ok(_) => Precision::Exact,
        Err(_) => Precision::Delayed,
    }
}

fn exact(rows: RowsOf) -> &'static str {
    match rows {
        RowsOf::Contract => ON_THE_CONTRACTS_TABLES,
        RowsOf::Brief => OF_A_BRIEF,
    }
}

/// All statements so far, without those of the lab; none where this database cannot count them.
pub(super) fn all(client: &mut Client, precision: Precision) -> Option<Statements> {
    if precision != Precision::Exact {
        return None;
    }
    let row = client.query_one(ALL, &[]).ok()?;
    let number = |column| {
        row.try_get::<_, i64>(column)
            .ok()
            .map(|count| count.max(0) as u64)
    };
    Some(Statements {
        total: number(0)?,
        transaction_control: number(1)?,
    })
}

/// The work so far.
pub(super) fn work(client: &mut Client, precision: Precision, rows: RowsOf) -> Result<Work, Error> {
    let sql = match precision {
        Precision::Exact => exact(rows),
        Precision::Delayed => DELAYED,
    };
    let row = client.query_one(sql, &[])?;
    let number = |column| row.try_get::<_, i64>(column).map(|count| count.max(0) as u64);
    Ok(Work {
        statements: number(0)?,
        rows: number(1)?,
    })
}
