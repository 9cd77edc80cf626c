//! The store's tables, and the steps that bring an older store up to date. A step never changes after its release, and
//! there are no steps back.

use crate::exit::Failure;
use rusqlite::Connection;
use std::path::Path;

/// Each entry brings the schema from its index to the next version.
const STEPS: &[&str] = &[
    "
    CREATE TABLE run (
        id         TEXT PRIMARY KEY,
        brief_name TEXT NOT NULL,
        started    TEXT NOT NULL,
        finished   TEXT,
        stop       TEXT,
        document   TEXT NOT NULL
    ) STRICT;
    CREATE TABLE contender (
        run      TEXT NOT NULL REFERENCES run (id),
        name     TEXT NOT NULL,
        place    INTEGER NOT NULL,
        document TEXT NOT NULL,
        PRIMARY KEY (run, name)
    ) STRICT;
    CREATE TABLE trial (
        run       TEXT NOT NULL REFERENCES run (id),
        block     INTEGER NOT NULL,
        contender TEXT NOT NULL,
        place     INTEGER NOT NULL,
        document  TEXT NOT NULL,
        PRIMARY KEY (run, block, contender)
    ) STRICT;
    CREATE TABLE histogram (
        run       TEXT NOT NULL,
        block     INTEGER NOT NULL,
        contender TEXT NOT NULL,
        label     TEXT NOT NULL,
        kind      TEXT NOT NULL,
        hdr       BLOB NOT NULL,
        PRIMARY KEY (run, block, contender, label, kind),
        FOREIGN KEY (run, block, contender) REFERENCES trial (run, block, contender)
    ) STRICT;
",
    "
    CREATE TABLE advice (
        run          TEXT NOT NULL REFERENCES run (id),
        after_blocks INTEGER NOT NULL,
        document     TEXT NOT NULL,
        PRIMARY KEY (run, after_blocks)
    ) STRICT;
",
    "
    CREATE TABLE launch (
        run       TEXT NOT NULL REFERENCES run (id),
        id        INTEGER NOT NULL,
        contender TEXT NOT NULL,
        document  TEXT NOT NULL,
        PRIMARY KEY (run, id)
    ) STRICT;
",
];

/// Brings the schema up to date.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), Failure> {
    let version: i64 = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(|error| Failure::store(path, "cannot be read", &error))?;
    let version = usize::try_from(version).unwrap_or(usize::MAX);
    if version > STEPS.len() {
        return Err(Failure::usage(
            format!(
                "the store `{}` has schema {version}, this bakeoff knows {}",
                path.display(),
                STEPS.len()
            ),
            "use the newer bakeoff that wrote it, or another folder with --results",
        ));
    }
    for (index, step) in STEPS.iter().enumerate().skip(version) {
        let forward = || -> rusqlite::Result<()> {
            let transaction = connection.transaction()?;
            transaction.execute_batch(step)?;
            transaction.pragma_update(None, "user_version", (index + 1) as i64)?;
            transaction.commit()
        };
        let mut forward = forward;
        forward().map_err(|error| Failure::store(path, "cannot be brought up to date", &error))?;
    }
    Ok(())
}
