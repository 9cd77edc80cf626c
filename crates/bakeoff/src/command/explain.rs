//! `bakeoff explain WORD`: a paragraph for each word that the program uses. The core generates it from its tables, so
//! no explanation differs from the computation.

use crate::brief_file::{BriefFile, DEFAULT};
use crate::domain::Domain;
use crate::exit::{Exit, Failure};
use bakeoff_core::diagnostic::nearest;
use bakeoff_core::explain::{explain, words};
use bakeoff_core::scenario::Scenario;
use clap::Args;
use std::path::{Path, PathBuf};

/// Explain a metric, criterion, scenario, caution or verdict
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff explain latency_ms_p99 --brief briefs/order-api.toml\n  bakeoff explain keep-both"
)]
pub(crate) struct Explain {
    /// The word; without one, list all words
    word: Option<String>,
    /// Explain with the scores of this brief [default: bakeoff.toml, if it exists]
    #[arg(long, value_name = "BRIEF")]
    brief: Option<PathBuf>,
}

impl Explain {
    /// Prints the paragraph.
    ///
    /// # Errors
    /// An unknown word, or an invalid brief.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let here = Path::new(DEFAULT);
        let path = self.brief.as_deref().or(here.is_file().then_some(here));
        let opened = path.map(|path| BriefFile::open(Some(path))).transpose()?;
        let (domain, brief) = match opened {
            Some(file) => (file.domain, Some(file.brief)),
            None => (Domain::open(Path::new("."))?, None),
        };
        let scenarios: Vec<Scenario> = domain.scenarios.into_values().collect();
        let Some(word) = &self.word else {
            say!("{}", words(&scenarios).join("\n"));
            return Ok(Exit::Done);
        };
        let paragraph = explain(word, &scenarios, brief.as_ref()).ok_or_else(|| unknown(word, &scenarios))?;
        say!("{paragraph}");
        Ok(Exit::Done)
    }
}

fn unknown(word: &str, scenarios: &[Scenario]) -> Failure {
    let known = words(scenarios);
    let near = nearest(word, known.iter().map(String::as_str));
    let hint = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
    Failure::usage(
        format!("no explanation of `{word}`"),
        format!("{hint}`bakeoff explain` lists all words"),
    )
}
