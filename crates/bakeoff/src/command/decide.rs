//! `bakeoff decide [RUN|PROBLEM.toml]`: a stored run judged again, under other priorities, or a decision problem of the user's own. Deliberately measures nothing
//! and stores nothing.

mod problem;

use crate::exit::{Exit, Failure};
use crate::measure::judging::{Judged, exit_of};
use crate::results::{ResultsFolder, render};
use crate::store::Store;
use bakeoff_core::brief::Preferences;
use bakeoff_core::criterion::Criterion;
use bakeoff_core::diagnostic::nearest;
use clap::Args;
use std::collections::BTreeMap;

/// Judge again: a stored run under other priorities, or a decision problem of your own; measures nothing
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff decide latest --weights speed=1\n  bakeoff decide --weights speed=2,learning-curve=1\n  \
                        bakeoff decide --order learning-curve,speed\n  bakeoff decide --no-preferences --format json"
)]
pub(crate) struct Decide {
    /// The run (its id, the beginning of it, or `latest`), or a file that ends in .toml
    #[arg(value_name = "RUN|PROBLEM.toml", default_value = "latest")]
    run: String,
    /// Exact relative weights; a criterion that is not named has none
    #[arg(long, value_name = "CRITERION=WEIGHT,…", value_delimiter = ',', value_parser = weight)]
    weights: Vec<(Criterion, f64)>,
    /// Criteria from the most important on; the others come after them
    #[arg(long, value_name = "CRITERION,…", value_delimiter = ',', value_parser = criterion, conflicts_with = "weights")]
    order: Vec<Criterion>,
    /// Nothing is said: every weighting is as likely
    #[arg(long, conflicts_with_all = ["weights", "order"])]
    no_preferences: bool,
    /// text or json
    #[arg(long, default_value = "text")]
    format: String,
    #[command(flatten)]
    results: ResultsFolder,
}

impl Decide {
    /// Prints the verdict.
    ///
    /// # Errors
    /// No such run; weights that are none.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let preferences = self.preferences()?;
        if self.run.ends_with(".toml") {
            return problem::decide(&self.run, preferences.as_ref(), &self.format);
        }
        let store = Store::existing(&self.results.path)?;
        let judged = Judged::stored_under(&store, &self.run, preferences)?;
        print!(
            "{}",
            render(&self.format, &judged.run, &judged.judgement, &judged.brief)?
        );
        Ok(exit_of(&judged.judgement))
    }

    /// What the command line says; none: the brief's own.
    fn preferences(&self) -> Result<Option<Preferences>, Failure> {
        if self.no_preferences {
            return Ok(Some(Preferences::default()));
        }
        if !self.order.is_empty() {
            return Ok(Some(Preferences {
                order: self.order.clone(),
                ..Preferences::default()
            }));
        }
        if self.weights.is_empty() {
            return Ok(None);
        }
        let weights: BTreeMap<Criterion, f64> = self.weights.iter().copied().collect();
        if weights.values().sum::<f64>() <= 0.0 {
            return Err(Failure::usage(
                "the weights sum to zero",
                "give at least one criterion a weight above 0, as in `--weights speed=1`",
            ));
        }
        Ok(Some(Preferences {
            weights: Some(weights),
            ..Preferences::default()
        }))
    }
}

fn criterion(word: &str) -> Result<Criterion, String> {
    Criterion::from_id(word).ok_or_else(|| {
        let ids = Criterion::ALL.map(Criterion::id);
        let near = nearest(word, ids).map_or_else(String::new, |near| format!("did you mean `{near}`? "));
        format!(
            "unknown criterion `{word}`; {near}the criteria are {}",
            ids.join(", ")
        )
    })
}

fn weight(text: &str) -> Result<(Criterion, f64), String> {
    let (word, number) = text
        .split_once('=')
        .ok_or_else(|| format!("`{text}` is no weight: write `speed=1`"))?;
    let value: f64 = number
        .trim()
        .parse()
        .map_err(|_| format!("`{number}` is no number"))?;
    if !value.is_finite() || value < 0.0 {
        return Err(format!("the weight `{number}` must be a number from 0 up"));
    }
    Ok((criterion(word.trim())?, value))
}
