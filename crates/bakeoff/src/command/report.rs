//! `bakeoff report [RUN]`: a stored run as a document. Deliberately the same bytes for the same run and version.

use crate::exit::{Exit, Failure};
use crate::measure::judging::Judged;
use crate::records::{self, Written};
use crate::results::{ResultsFolder, cannot_make};
use crate::store::Store;
use bakeoff_core::words::words;
use bakeoff_report::{Place, STYLES, Style};
use clap::Args;
use std::path::PathBuf;

/// Write a report of a stored run
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff report --format json | jq .verdict\n  bakeoff report latest --format html --output report.html\n  bakeoff report --format adr --directory docs/decisions"
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
    /// The form of the decision record, with `--format adr`: madr, nygard or log4brains
    #[arg(long)]
    style: Option<String>,
    /// Write the decision record into this folder of records, under the next free number; it supersedes the
    /// last one of the same brief there
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    directory: Option<PathBuf>,
    #[command(flatten)]
    results: ResultsFolder,
}

impl Report {
    /// Prints or writes the report.
    ///
    /// # Errors
    /// No such run or format; a file that cannot be written.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let style = self.style()?;
        let store = Store::existing(&self.results.path)?;
        let judged = Judged::stored(&store, &self.run)?;
        let words = words(&judged.run, &judged.brief, &judged.judgement);
        let document = self
            .results
            .document(&judged.run, &judged.judgement, &words, &judged.brief);
        if let Some(folder) = &self.directory {
            tell(&records::add(folder, &document, style)?);
            return Ok(Exit::Done);
        }
        let text = match self.style {
            Some(_) => bakeoff_report::record(&document, style, Place::default())
                .map_err(|error| cannot_make(&self.format, &error))?,
            None => self
                .results
                .render(&self.format, &judged.run, &judged.judgement, &judged.brief)?,
        };
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

    /// The form of the record that was asked for; what belongs to a record is an error without one.
    fn style(&self) -> Result<&'static Style, Failure> {
        let of_a_record = [
            ("--style", self.style.is_some()),
            ("--directory", self.directory.is_some()),
        ];
        let given = of_a_record
            .iter()
            .find(|(_, given)| *given && self.format != "adr");
        if let Some((option, _)) = given {
            return Err(Failure::usage(
                format!(
                    "`{option}` is of the decision record, and the format is `{}`",
                    self.format
                ),
                "add `--format adr`",
            ));
        }
        let word = self.style.as_deref().unwrap_or(STYLES[0].id);
        bakeoff_report::style(word).ok_or_else(|| {
            let words: Vec<&str> = STYLES.iter().map(|style| style.id).collect();
            Failure::usage(
                format!("unknown style `{word}`"),
                format!("one of {}", words.join(", ")),
            )
        })
    }
}

fn tell(written: &Written) {
    println!("{}", written.path.display());
    if let Some(earlier) = &written.supersedes {
        eprintln!(
            "it supersedes `{earlier}`, which was left as it is: say so there when you accept the new one"
        );
    }
}
