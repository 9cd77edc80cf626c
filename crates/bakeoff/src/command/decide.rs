//! `bakeoff decide [RUN|PROBLEM.toml]`: judges a stored run again with other priorities, or a decision problem of the
//! user. It measures nothing and stores nothing.

mod asking;
mod problem;
mod rehearsal;

use crate::exit::{Exit, Failure};
use crate::field::chosen::distinct;
use crate::judging::{exit_of, options_of};
use crate::results::ResultsFolder;
use crate::store::{Store, Stored};
use bakeoff_core::brief::{Brief, Preferences};
use bakeoff_core::diagnostic::nearest;
use bakeoff_core::evidence::Run;
use bakeoff_core::judge::{JudgeOptions, judge};
use clap::Args;
use std::collections::BTreeMap;

/// Judge a stored run again with other priorities, or solve a decision problem of your own
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff decide latest --weights speed=1\n  bakeoff decide --weights speed=2,learning-curve=1\n  \
                        bakeoff decide --order learning-curve,speed\n  bakeoff decide --no-preferences --format json\n  \
                        bakeoff decide latest --ask\n  bakeoff decide latest --rehearse 200"
)]
pub(crate) struct Decide {
    /// The run (its id, the first characters of it, or `latest`), or a TOML file with a decision problem
    #[arg(value_name = "RUN|PROBLEM.toml", default_value = "latest")]
    run: String,
    /// Exact relative weights; criteria not listed get weight 0
    #[arg(long, value_name = "CRITERION=WEIGHT,…", value_delimiter = ',', value_parser = weight)]
    weights: Vec<(String, f64)>,
    /// Criteria in order of importance, the most important first; criteria not listed come last
    #[arg(
        long,
        value_name = "CRITERION,…",
        value_delimiter = ',',
        conflicts_with = "weights"
    )]
    order: Vec<String>,
    /// No priorities: all weightings equally likely
    #[arg(long, conflicts_with_all = ["weights", "order"])]
    no_preferences: bool,
    /// Compare only these contenders, each as a candidate; the others are ignored
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    only: Vec<String>,
    /// Interview you about your priorities and show the verdict after each answer
    #[arg(long, conflicts_with_all = ["weights", "order", "no_preferences", "rehearse"])]
    ask: bool,
    /// Simulate N shorter runs from the stored blocks: how often does an early stop give the same verdict?
    #[arg(long, value_name = "SESSIONS", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rehearse: Option<u32>,
    /// Output format: text or json
    #[arg(long, default_value = "text")]
    format: String,
    #[command(flatten)]
    results: ResultsFolder,
}

impl Decide {
    /// Prints the verdict.
    ///
    /// # Errors
    /// An unknown run, or invalid weights.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        if self.run.ends_with(".toml") {
            return problem::decide(&self.run, self.other_than_the_problem(), &self.format);
        }
        let store = Store::existing(&self.results.path)?;
        let Stored { run, brief } = store.load(&store.resolve(&self.run)?)?;
        let preferences = self
            .preferences(&brief)?
            .unwrap_or_else(|| brief.preferences.clone());
        let options = self.options(&run)?;
        if let Some(sessions) = self.rehearse {
            return rehearsal::rehearse(&run, &brief, &preferences, &options, sessions, &self.format);
        }
        let preferences = if self.ask {
            asking::ask(&run, &brief, &options)?
        } else {
            preferences
        };
        let judgement = judge(&run, &brief, &preferences, &options);
        let exit = exit_of(&run, judgement.verdict.outcome);
        let shown = of_the_judged(run, &options);
        let text = self.results.render(&self.format, &shown, &judgement, &brief)?;
        match self.format.as_str() {
            "text" => say!("{}", text.trim_end()),
            _ => print!("{text}"),
        }
        Ok(exit)
    }

    /// The options of the judge. Refuses the name of a contender that the run does not have.
    fn options(&self, run: &Run) -> Result<JudgeOptions, Failure> {
        let known: Vec<String> = run.contenders.iter().map(|record| record.name.clone()).collect();
        for name in &self.only {
            require_known("contender", name, &known)?;
        }
        distinct("contender", &self.only)?;
        Ok(JudgeOptions {
            only: self.only.clone(),
            ..options_of(run)
        })
    }

    /// An option that applies to stored runs only, if the user gave one.
    fn other_than_the_problem(&self) -> Option<&'static str> {
        let given = [
            (!self.weights.is_empty(), "--weights"),
            (!self.order.is_empty(), "--order"),
            (self.no_preferences, "--no-preferences"),
            (self.ask, "--ask"),
            (self.rehearse.is_some(), "--rehearse"),
            (!self.only.is_empty(), "--only"),
        ];
        given
            .into_iter()
            .find(|(given, _)| *given)
            .map(|(_, option)| option)
    }

    /// The priorities of the command line; `None`: those of the brief.
    fn preferences(&self, brief: &Brief) -> Result<Option<Preferences>, Failure> {
        let known = brief.criterion_ids();
        let weighed: Vec<String> = self.weights.iter().map(|(id, _)| id.clone()).collect();
        for named in [&self.order, &weighed] {
            named
                .iter()
                .try_for_each(|id| require_known("criterion", id, &known))?;
            distinct("criterion", named)?;
        }
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
        let weights: BTreeMap<String, f64> = self.weights.iter().cloned().collect();
        let sum = weights.values().sum::<f64>();
        if !(sum > 0.0 && sum.is_finite()) {
            return Err(Failure::usage(
                format!("the weights sum to {sum}"),
                "give at least one criterion a weight above 0, for example `--weights speed=1`",
            ));
        }
        Ok(Some(Preferences {
            weights: Some(weights),
            ..Preferences::default()
        }))
    }
}

/// The run as documents show it: without the contenders that `options` exclude. The judge sees the whole run, because
/// all of it determines which metrics count.
fn of_the_judged(mut run: Run, options: &JudgeOptions) -> Run {
    run.contenders.retain(|record| options.concern(&record.name));
    run.trials.retain(|trial| options.concern(trial.entrant.name()));
    run.plan.twin_of = run.plan.twin_of.take().filter(|name| options.concern(name));
    run
}

fn require_known(kind: &str, word: &str, known: &[String]) -> Result<(), Failure> {
    if known.iter().any(|id| id == word) {
        return Ok(());
    }
    let near = nearest(word, known.iter().map(String::as_str));
    let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
    Err(Failure::usage(
        format!("unknown {kind} `{word}`"),
        format!("{near}known are {}", known.join(", ")),
    ))
}

fn weight(text: &str) -> Result<(String, f64), String> {
    let (word, number) = text
        .split_once('=')
        .ok_or_else(|| format!("`{text}` is not a weight: write `speed=1`"))?;
    let value: f64 = number
        .trim()
        .parse()
        .map_err(|_| format!("`{number}` is not a number"))?;
    if !value.is_finite() || value < 0.0 {
        return Err(format!("the weight `{number}` must be 0 or greater"));
    }
    Ok((word.trim().to_owned(), value))
}

#[cfg(test)]
mod tests;
