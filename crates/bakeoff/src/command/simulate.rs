//! `bakeoff simulate [RUN]`: App Engine and Cloud Run from a stored run, with another load, target or effort than its
//! report has. It measures nothing, and the same run, options and version give the same numbers.

use crate::exit::{Exit, Failure};
use crate::judging::Judged;
use crate::results::{ResultsFolder, serverless};
use crate::store::Store;
use bakeoff_core::brief::SERVERLESS;
use bakeoff_core::serverless::simulate::Effort;
use bakeoff_core::words::words;
use bakeoff_report::serverless_in_text;
use clap::Args;

/// Simulate a stored run on App Engine and Cloud Run
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff simulate\n  bakeoff simulate latest --target cloud-run --peak-rps 2000\n  bakeoff simulate --every-request --json"
)]
pub(crate) struct Simulate {
    /// The run: its id, the first characters of it, or `latest`
    #[arg(default_value = "latest")]
    run: String,
    /// The target that comes first, app-engine or cloud-run, also for a run with another one
    #[arg(long, value_name = "TARGET")]
    target: Option<String>,
    /// Requests a second in the highest hour, instead of the brief's
    #[arg(long, value_name = "RPS")]
    peak_rps: Option<f64>,
    /// Simulate every request of a day, as long as a hundred instances suffice
    #[arg(long)]
    every_request: bool,
    /// Print the whole table as JSON, with knobs and sizes
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    results: ResultsFolder,
}

impl Simulate {
    /// Prints the table.
    ///
    /// # Errors
    /// An unknown run or target, a rate that is none, or a run whose brief has no such target.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let store = Store::existing(&self.results.path)?;
        let mut judged = Judged::stored(&store, &self.run)?;
        if let Some(target) = &self.target {
            if !SERVERLESS.contains(&target.as_str()) {
                return Err(Failure::usage(
                    format!("unknown target `{target}`"),
                    format!("one of {}", SERVERLESS.join(", ")),
                ));
            }
            judged.brief.deploy.target.clone_from(target);
        }
        if let Some(peak_rps) = self.peak_rps {
            if !(peak_rps > 0.0 && peak_rps <= 1e9) {
                return Err(Failure::usage(
                    format!("`--peak-rps` must be a number above 0 and at most 1000000000, not `{peak_rps}`"),
                    "for example `--peak-rps 2000`".to_owned(),
                ));
            }
            judged.brief.load.peak_rps = peak_rps;
        }
        let effort = if self.every_request {
            Effort::EVERY_REQUEST
        } else {
            Effort::REPORT
        };
        let Judged {
            run,
            judgement,
            brief,
            ..
        } = &judged;
        let Some(table) = serverless(run, judgement, brief, effort) else {
            return Err(Failure::usage(
                format!("the target of this run is `{}`", brief.deploy.target),
                "add `--target app-engine` or `--target cloud-run`".to_owned(),
            ));
        };
        if self.json {
            let text = serde_json::to_string_pretty(&table).map_err(|error| {
                Failure::lab(
                    format!("cannot write JSON: {error}"),
                    "report this with the run's id",
                )
            })?;
            say!("{text}");
            return Ok(Exit::Done);
        }
        let words = words(run, brief, judgement);
        let document = self
            .results
            .document(run, judgement, &words, brief)
            .with_serverless(Some(&table));
        say!("{}", serverless_in_text(&document).trim_end());
        Ok(Exit::Done)
    }
}
