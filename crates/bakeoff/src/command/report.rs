//! `bakeoff report [RUN]`: writes a stored run as a document. The same run and version give the same bytes.

use crate::exit::{Exit, Failure};
use crate::judging::Judged;
use crate::records::{self, Written};
use crate::results::{ARTICLE, ResultsFolder, cannot_make};
use crate::store::Store;
use bakeoff_core::words::words;
use bakeoff_report::{Place, STYLES, Style};
use clap::Args;
use std::path::PathBuf;

/// Write a stored run as HTML, decision record, JSON, CSV, text or article
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff report --format json | jq .verdict\n  bakeoff report latest --format html --output report.html\n  bakeoff report --format adr --directory docs/decisions\n  \
                        bakeoff report --format article     writes article.md and its figures"
)]
pub(crate) struct Report {
    /// The run: its id, the first characters of it, or `latest`
    #[arg(default_value = "latest")]
    run: String,
    /// Output format: html, adr, json, csv, text or article
    #[arg(long, default_value = "text")]
    format: String,
    /// Write to this file instead of stdout; of an article the folder, by default in that of the run
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Form of the decision record, with `--format adr`: madr, nygard or log4brains
    #[arg(long)]
    style: Option<String>,
    /// Add the decision record to this folder under the next free number; it supersedes the last record of the same
    /// brief there
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    directory: Option<PathBuf>,
    #[command(flatten)]
    results: ResultsFolder,
}

impl Report {
    /// Prints or writes the report.
    ///
    /// # Errors
    /// An unknown run or format, or a file that cannot be written.
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
        if self.format == ARTICLE {
            let folder = self.results.write_article(&judged, self.output.as_deref())?;
            println!("{}", folder.join(bakeoff_report::ARTICLE_FILE).display());
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

    /// The form of the record. An option of the record is an error with any other format.
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
                    "`{option}` applies to the decision record, and the format is `{}`",
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
            "it supersedes `{earlier}`, which bakeoff does not edit: mark it as superseded when you accept the new one"
        );
    }
}
