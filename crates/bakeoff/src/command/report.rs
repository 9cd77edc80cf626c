//! `bakeoff report [RUN]`: a stored run as a document. Deliberately the same bytes for the same run and version.

use crate::exit::{Exit, Failure};
use crate::measure::judging::Judged;
use crate::results::ResultsFolder;
use crate::store::Store;
use clap::Args;
use std::path::PathBuf;

/// Write a report of a stored run
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff report --format json | jq .verdict\n  bakeoff report latest --format html --output report.html"
)]
pub(crate) struct Report {
    /// The run: its id, the beginning of it, or `latest`
    #[arg(default_value = "latest")]
    run: String,
    /// html, adr, json, csv or text
    #[arg(long, default_value = "text")]
    format: String,
    /// The file to write, in place of stdout
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    results: ResultsFolder,
}

impl Report {
    /// Prints or writes the report.
    ///
    /// # Errors
    /// No such run or format; a file that cannot be written.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let store = Store::existing(&self.results.path)?;
        let judged = Judged::stored(&store, &self.run)?;
        let text = self
            .results
            .render(&self.format, &judged.run, &judged.judgement, &judged.brief)?;
        match &self.output {
            None => print!("{text}"),
            Some(path) => std::fs::write(path, text).map_err(|error| {
                Failure::lab(
                    format!("cannot write `{}`: {error}", path.display()),
                    "name a file in a folder that is yours to write",
                )
            })?,
        }
        Ok(Exit::Done)
    }
}
