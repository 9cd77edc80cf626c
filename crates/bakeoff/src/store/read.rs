//! Reading runs back. Whole runs only: scores, verdicts and reports are computed from a [`Run`].

use super::Store;
use super::document::{Header, RunLine, Stored};
use crate::exit::Failure;
use bakeoff_core::diagnostic::nearest;
use bakeoff_core::evidence::{ContenderRecord, Curve, Label, Run, StopReason, Trial};
use rusqlite::{OptionalExtension, Row};
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::thread;

impl Store {
    /// All runs, the newest first, in the order in which they began: their clocks do not matter.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn runs(&self) -> Result<Vec<RunLine>, Failure> {
        let read = || -> rusqlite::Result<Vec<RunLine>> {
            let mut statement = self.connection.prepare(
                "SELECT id, brief_name, started, finished, (SELECT count(*) FROM trial WHERE trial.run = run.id),
                 (SELECT count(*) FROM launch WHERE launch.run = run.id)
                 FROM run ORDER BY rowid DESC",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(RunLine {
                    id: row.get(0)?,
                    brief: row.get(1)?,
                    started: row.get(2)?,
                    finished: row.get(3)?,
                    trials: row.get(4)?,
                    launches: row.get(5)?,
                })
            })?;
            rows.collect()
        };
        read().map_err(|error| Failure::store(&self.path, "cannot be read", &error))
    }

    /// The id that a word of the user means: an id, the beginning of exactly one, or `latest`.
    ///
    /// # Errors
    /// No such run, or more than one.
    pub(crate) fn resolve(&self, word: &str) -> Result<String, Failure> {
        let runs = self.runs()?;
        if word == "latest" {
            return runs
                .first()
                .map(|run| run.id.clone())
                .ok_or_else(|| no_runs(&self.path.display().to_string()));
        }
        if runs.iter().any(|run| run.id == word) {
            return Ok(word.to_owned());
        }
        let meant: Vec<&RunLine> = runs.iter().filter(|run| run.id.starts_with(word)).collect();
        match meant.as_slice() {
            [one] => Ok(one.id.clone()),
            [] => {
                let near = nearest(word, runs.iter().map(|run| run.id.as_str()).chain(["latest"]));
                let hint = near.map_or_else(String::new, |id| format!("did you mean `{id}`? "));
                Err(Failure::usage(
                    format!("no run `{word}`"),
                    format!("{hint}`bakeoff list runs` shows all"),
                ))
            }
            several => Err(Failure::usage(
                format!("`{word}` begins {} runs", several.len()),
                "give more of the id; `bakeoff list runs` shows all",
            )),
        }
    }

    /// `wanted`, or the same with a number when a run has it already, as when the clock has stepped back.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn free_id(&self, wanted: &str) -> Result<String, Failure> {
        let taken: Vec<String> = self.runs()?.into_iter().map(|run| run.id).collect();
        let numbered = (2_u32..).map(|number| format!("{wanted}-{number}"));
        let mut ids = std::iter::once(wanted.to_owned()).chain(numbered);
        Ok(ids
            .find(|id| !taken.contains(id))
            .expect("there are more numbers than runs"))
    }

    /// The newest run that has not finished, of the brief of that name or of any.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn unfinished(&self, brief_name: Option<&str>) -> Result<Option<String>, Failure> {
        let is_meant = |run: &RunLine| brief_name.is_none_or(|name| run.brief == name);
        Ok(self
            .runs()?
            .into_iter()
            .find(|run| run.finished.is_none() && is_meant(run))
            .map(|run| run.id))
    }

    /// A whole run.
    ///
    /// # Errors
    /// No such run, or a stored document that this version cannot read.
    pub(crate) fn load(&self, id: &str) -> Result<Stored, Failure> {
        self.read_run(id)
            .map_err(|error| Failure::store(&self.path, "cannot be read", &error))?
            .ok_or_else(|| Failure::usage(format!("no run `{id}`"), "`bakeoff list runs` shows all"))
    }

    /// Reads in one transaction, so that a run that goes on meanwhile is read as it was at one instant.
    fn read_run(&self, id: &str) -> rusqlite::Result<Option<Stored>> {
        let _instant = self.connection.unchecked_transaction()?;
        let found = self
            .connection
            .query_row(
                "SELECT document, started, finished, stop FROM run WHERE id = ?1",
                [id],
                |row| {
                    let header: Header = document(row, 0)?;
                    let stop: Option<String> = row.get(3)?;
                    let stop: Option<StopReason> = stop.and_then(|text| serde_json::from_str(&text).ok());
                    Ok((
                        header,
                        row.get::<_, String>(1)?,
                        row.get::<_, Option<String>>(2)?,
                        stop,
                    ))
                },
            )
            .optional()?;
        let Some((header, started, finished, stop)) = found else {
            return Ok(None);
        };
        let run = Run {
            id: id.to_owned(),
            version: header.version,
            brief_path: header.brief_path,
            brief_text: header.brief_text,
            brief_sha256: header.brief_sha256,
            started,
            finished,
            stop,
            host: header.host,
            plan: header.plan,
            contenders: self.contenders(id)?,
            launches: self.documents("SELECT document FROM launch WHERE run = ?1 ORDER BY id", id)?,
            trials: self.read_trials(id)?,
            advice: self.documents(
                "SELECT document FROM advice WHERE run = ?1 ORDER BY after_blocks",
                id,
            )?,
            claims: header.claims,
        };
        Ok(Some(Stored {
            run,
            brief: header.brief,
        }))
    }

    /// The field, in its order.
    fn contenders(&self, id: &str) -> rusqlite::Result<Vec<ContenderRecord>> {
        let records = self.documents("SELECT document FROM contender WHERE run = ?1 ORDER BY place", id)?;
        Ok(records.into_iter().map(ContenderRecord::upgraded).collect())
    }

    /// The trials with their histograms. Texts become trials on another thread while the histograms are read.
    fn read_trials(&self, id: &str) -> rusqlite::Result<Vec<Trial>> {
        let texts = self.trial_texts(id)?;
        let parse = |texts: &[String]| -> rusqlite::Result<Vec<Trial>> {
            texts.iter().map(|text| from_json(text)).collect()
        };
        let (first, second) = texts.split_at(texts.len() / 3);
        let (first, second, curves) = thread::scope(|scope| {
            let second = scope.spawn(|| parse(second));
            let curves = self.curves(id);
            let first = parse(first);
            let second = second.join();
            let second = second.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            (first, second, curves)
        });
        let mut curves = curves?;
        let with_curves = |trial: Trial| {
            let own = curves.remove(&(trial.block, trial.entrant.id()));
            Trial {
                curves: own.unwrap_or_default(),
                ..trial
            }
        };
        Ok(first?.into_iter().chain(second?).map(with_curves).collect())
    }

    /// The documents of the trials, in the order in which they ended. Sorted here: SQLite would write them to a file to
    /// sort them.
    fn trial_texts(&self, id: &str) -> rusqlite::Result<Vec<String>> {
        let mut statement = self
            .connection
            .prepare("SELECT place, document FROM trial WHERE run = ?1")?;
        let rows = statement.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut placed: Vec<(i64, String)> = rows.collect::<rusqlite::Result<_>>()?;
        placed.sort_by_key(|(place, _)| *place);
        Ok(placed.into_iter().map(|(_, text)| text).collect())
    }

    /// The histograms of a run by block and contender.
    fn curves(&self, id: &str) -> rusqlite::Result<HashMap<(u32, String), Vec<Curve>>> {
        let mut statement = self.connection.prepare(
            "SELECT block, contender, label, kind, hdr FROM histogram WHERE run = ?1 ORDER BY block, contender, label, kind",
        )?;
        let mut rows = statement.query([id])?;
        let mut curves: HashMap<(u32, String), Vec<Curve>> = HashMap::new();
        while let Some(row) = rows.next()? {
            curves.entry((row.get(0)?, row.get(1)?)).or_default().push(Curve {
                label: Label::from(row.get::<_, String>(2)?),
                kind: document(row, 3)?,
                hdr: row.get(4)?,
            });
        }
        Ok(curves)
    }

    fn documents<T: DeserializeOwned>(&self, sql: &str, id: &str) -> rusqlite::Result<Vec<T>> {
        let mut statement = self.connection.prepare(sql)?;
        let rows = statement.query_map([id], |row| document(row, 0))?;
        rows.collect()
    }
}

/// A JSON document of a column.
fn document<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    from_json(row.get_ref(column)?.as_str()?)
}

fn from_json<T: DeserializeOwned>(text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
    })
}

fn no_runs(path: &str) -> Failure {
    Failure::usage(format!("no runs in `{path}`"), "`bakeoff run BRIEF` measures one")
}
