//! What PostgreSQL counted of the work on the contract's tables: exactly, where it has `pg_stat_statements`; else from the
//! counters of the tables, which its sessions tell up to a second late. Deliberately only read here: what too little is,
//! is asked at the gate.

use bakeoff_core::evidence::Precision;
use bakeoff_core::scenario::Work;
use postgres::{Client, Error};

/// Statements that name the contract's tables, apart from those that bring the rows back. Literals stand as `$1` in what
/// is counted, so that this one does not count itself.
const EXACT: &str = r"
    SELECT coalesce(sum(calls), 0)::bigint, coalesce(sum(rows), 0)::bigint
    FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND query ~ '\m(items|users)\M' AND query !~ '\mseed\.items\M'";

/// Scans stand for the statements that read, and rows written for those that write.
const DELAYED: &str = "
    SELECT coalesce(sum(coalesce(seq_scan, 0) + coalesce(idx_scan, 0) + n_tup_ins), 0)::bigint,
           coalesce(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) + n_tup_ins + n_tup_upd), 0)::bigint
    FROM pg_stat_user_tables WHERE schemaname = 'public' AND relname IN ('items', 'users')";

/// How exactly this database can count for us.
pub(super) fn precision(client: &mut Client) -> Precision {
    // In somebody's own server the extension may be there, and we may not be allowed to make it.
    let _ = client.batch_execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
    match client.query_one(EXACT, &[]) {
        Ok(_) => Precision::Exact,
        Err(_) => Precision::Delayed,
    }
}

/// What has been counted so far.
pub(super) fn work(client: &mut Client, precision: Precision) -> Result<Work, Error> {
    let sql = match precision {
        Precision::Exact => EXACT,
        Precision::Delayed => DELAYED,
    };
    let row = client.query_one(sql, &[])?;
    let number = |column| row.try_get::<_, i64>(column).map(|count| count.max(0) as u64);
    Ok(Work {
        statements: number(0)?,
        rows: number(1)?,
    })
}
