//! The rows of a brief's own database: its scripts run once, what they leave is kept in a schema of the lab, and before
//! each load the tables are filled from there again. It knows PostgreSQL's catalog and no table by name.

use super::restoring::Restoring;
use crate::error::LabError;
use postgres::{Client, Error};
use std::fmt::Write;

/// The schema with the kept rows.
pub(super) const KEPT: &str = "bakeoff_kept";

/// The tables that hold rows of their own, each with the columns that can be written, in the order of their names. Not
/// those of extensions, nor partitions, whose rows are those of their table.
const TABLES: &str = "
    SELECT format('%I.%I', n.nspname, c.relname), c.oid,
           (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
           EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'bakeoff_kept') AND n.nspname !~ '^pg_'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY n.nspname, c.relname";

/// Which table refers to which other one.
const REFERENCES: &str = "
    SELECT conrelid, confrelid FROM pg_constraint WHERE contype = 'f' AND conrelid <> confrelid";

/// Where each sequence stands.
const SEQUENCES: &str = "
    SELECT format('%I.%I', schemaname, sequencename), coalesce(last_value, start_value), last_value IS NOT NULL
    FROM pg_sequences WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'bakeoff_kept')
    ORDER BY schemaname, sequencename";

/// Views whose rows are stored.
const STORED_VIEWS: &str = "
    SELECT format('%I.%I', schemaname, matviewname) FROM pg_matviews ORDER BY schemaname, matviewname";

/// A script of the brief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// Its file, as the user wrote it.
    pub file: String,
    /// SQL.
    pub sql: String,
}

/// A table, by its quoted name.
struct Table {
    name: String,
    oid: u32,
    columns: String,
    has_triggers: bool,
}

/// Runs the scripts in an empty database and keeps what they leave; the statements that restore it.
pub(super) fn create(client: &mut Client, scripts: &[Script]) -> Result<Restoring, LabError> {
    for Script { file, sql } in scripts {
        client
            .batch_execute(sql)
            .map_err(|error| of_script(file, sql, &error))?;
    }
    let restoring = keep(client).map_err(|error| because("cannot keep the brief's rows", &error))?;
    // Now, and not before the first load.
    let restored = restoring.run(client);
    restored.map_err(|error| because("cannot restore the brief's rows before each load", &error))?;
    Ok(restoring)
}

fn because(what: &str, error: &Error) -> LabError {
    let reason = error
        .as_db_error()
        .map_or_else(|| error.to_string(), |found| found.message().to_owned());
    LabError::Database(format!("{what}: {reason}"))
}

/// What is wrong in a script, with the line.
fn of_script(file: &str, sql: &str, error: &Error) -> LabError {
    let Some(found) = error.as_db_error() else {
        return LabError::Database(format!("`{file}`: {error}"));
    };
    let line = match found.position() {
        Some(postgres::error::ErrorPosition::Original(at)) => {
            let before = sql.chars().take(*at as usize);
            format!(":{}", 1 + before.filter(|c| *c == '\n').count())
        }
        _ => String::new(),
    };
    let hint = found.hint().map_or_else(String::new, |hint| format!(" ({hint})"));
    LabError::Database(format!("`{file}{line}`: {}{hint}", found.message()))
}

fn keep(client: &mut Client) -> Result<Restoring, Error> {
    let tables = in_order_of_references(client)?;
    if tables.is_empty() {
        return Ok(Restoring::default());
    }
    let mut restore = String::from("SET lock_timeout = '5s';\n");
    client.batch_execute(&format!("CREATE SCHEMA {KEPT}"))?;
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    let names = names.join(", ");
    let mut line = |text: String| {
        let _ = writeln!(restore, "{text};");
    };
    line("BEGIN".to_owned());
    line("SET CONSTRAINTS ALL DEFERRED".to_owned());
    line(format!("TRUNCATE {names}"));
    for (at, table) in tables.iter().enumerate() {
        let Table { name, columns, .. } = table;
        client.batch_execute(&format!(
            "CREATE TABLE {KEPT}.t{at} AS SELECT {columns} FROM {name}"
        ))?;
        // The user's own triggers ran when the scripts did.
        let triggers = |what: &str| format!("ALTER TABLE {name} {what} TRIGGER USER");
        if table.has_triggers {
            line(triggers("DISABLE"));
        }
        line(format!(
            "INSERT INTO {name} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {KEPT}.t{at}"
        ));
        if table.has_triggers {
            line(triggers("ENABLE"));
        }
    }
    for row in client.query(SEQUENCES, &[])? {
        let (name, value, is_called): (String, i64, bool) = (row.get(0), row.get(1), row.get(2));
        line(format!(
            "SELECT setval('{}', {value}, {is_called})",
            name.replace('\'', "''")
        ));
    }
    for row in client.query(STORED_VIEWS, &[])? {
        line(format!("REFRESH MATERIALIZED VIEW {}", row.get::<_, String>(0)));
    }
    line("COMMIT".to_owned());
    Ok(Restoring {
        statements: restore,
        vacuum: format!("VACUUM ANALYZE {names}"),
    })
}

/// The tables, each behind those that it refers to. Those that refer to each other in a circle come last: their
/// constraints must be deferrable.
fn in_order_of_references(client: &mut Client) -> Result<Vec<Table>, Error> {
    let rows = client.query(TABLES, &[])?;
    let table = |row: &postgres::Row| {
        let columns: Option<String> = row.get(2);
        Some(Table {
            name: row.get(0),
            oid: row.get(1),
            columns: columns?,
            has_triggers: row.get(3),
        })
    };
    let mut left: Vec<Table> = rows.iter().filter_map(table).collect();
    let references: Vec<(u32, u32)> = client
        .query(REFERENCES, &[])?
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let waits = |table: &Table| {
            let mut of_it = references.iter().filter(|(from, _)| *from == table.oid);
            of_it.any(|(_, to)| left.iter().any(|other| other.oid == *to))
        };
        let next = left.iter().position(|table| !waits(table)).unwrap_or(0);
        ordered.push(left.remove(next));
    }
    Ok(ordered)
}
