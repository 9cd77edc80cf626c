//! `bakeoff compare RUN_A RUN_B`: prints what changed between two stored runs, with confidence intervals. It measures
//! nothing; the core compares.

mod within;

use crate::exit::{Exit, Failure};
use crate::judging::Judged;
use crate::results::ResultsFolder;
use crate::store::Store;
use bakeoff_core::compare::{Answer, Change, Comparison, Direction, Pair, repeats};
use bakeoff_core::metric::{Scale, metric};
use bakeoff_core::range::Range;
use bakeoff_core::verdict::Outcome;
use bakeoff_core::words::number::{Quantity, UNKNOWN, with_interval};
use bakeoff_core::words::table;
use clap::Args;
use serde_json::json;
use std::path::Path;

/// Show what changed between two stored runs, with confidence intervals
#[derive(Debug, Args)]
#[command(
    after_help = "A figure has changed if its confidence interval (95 % for all figures together) excludes zero change, and if the change is larger\n\
                        than the difference between the twins. Exit code 1 if a figure became worse.\n\nExamples:\n  bakeoff compare 2026-11-24T0901 latest\n  bakeoff compare 2026-11-24T0901 latest --json | jq .overlapping\n  bakeoff compare latest --within             how much the blocks of one run differ"
)]
pub(crate) struct Compare {
    /// The earlier run: its id, the first characters of it, or `latest`
    #[arg(value_name = "RUN_A")]
    before: String,
    /// The later run
    #[arg(value_name = "RUN_B", default_value = "latest")]
    after: String,
    /// Show all figures, not only those that changed or whose intervals do not overlap
    #[arg(long)]
    all: bool,
    /// Show how much the blocks of RUN_A differ for each metric, instead of comparing two runs
    #[arg(long, conflicts_with_all = ["after", "all"])]
    within: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    results: ResultsFolder,
}

/// Refuses a file, such as the figures of one load: what one load shows has no interval.
fn require_no_file(word: &str) -> Result<(), Failure> {
    if !Path::new(word).is_file() {
        return Ok(());
    }
    Err(Failure::usage(
        format!("`{word}` is a file, and stored runs are compared"),
        "one load of each has no interval: `bakeoff run --url a=… --url b=…` measures two services in turns and compares them; \
         `bakeoff list runs` shows the stored runs",
    ))
}

impl Compare {
    /// Prints the comparison.
    ///
    /// # Errors
    /// An unknown run.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        for word in [&self.before, &self.after] {
            require_no_file(word)?;
        }
        let store = Store::existing(&self.results.path)?;
        let before = Judged::stored(&store, &self.before)?;
        if self.within {
            return self.within(&before);
        }
        let after = Judged::stored(&store, &self.after)?;
        let comparison = Comparison::new((&before.run, &before.judgement), (&after.run, &after.judgement));
        if comparison.pairs.is_empty() {
            return Err(Failure::usage(
                "the two runs have no figure in common",
                "compare runs of the same contenders; `bakeoff list runs` shows all",
            ));
        }
        if self.json {
            println!("{:#}", as_json(&comparison));
        } else {
            self.print(&comparison);
        }
        let regressed = !comparison.changed(Direction::Worse).is_empty();
        Ok(if regressed { Exit::LimitFailed } else { Exit::Done })
    }

    fn within(&self, judged: &Judged) -> Result<Exit, Failure> {
        let all = repeats(&judged.judgement);
        if all.is_empty() {
            return Err(Failure::usage(
                "the run has no contender with two blocks",
                "a longer `--budget` gives more blocks",
            ));
        }
        if self.json {
            println!("{:#}", json!(all));
        } else {
            within::print(&judged.run.id, &all);
        }
        Ok(Exit::Done)
    }

    fn print(&self, comparison: &Comparison) {
        say!("before  {}", in_words(&comparison.before));
        say!("after   {}\n", in_words(&comparison.after));
        let shown = |pair: &&Pair| self.all || !pair.overlap || pair.went() != Direction::Same;
        let rows: Vec<Vec<String>> = comparison.pairs.iter().filter(shown).map(row).collect();
        if !rows.is_empty() {
            let header = ["contender", "metric", "before", "after", "change", ""];
            say!("{}\n", table::aligned(&header, &rows));
        }
        let count = |direction| comparison.changed(direction).len();
        say!(
            "changed: {} worse, {} better, of {} figures that both runs have",
            count(Direction::Worse),
            count(Direction::Better),
            comparison.pairs.len()
        );
        say!(
            "the 95 % intervals of {} of {} figures overlap ({:.1} %)",
            comparison.overlapping(),
            comparison.pairs.len(),
            overlap_percent(comparison)
        );
        if let Some(machine) = &comparison.machine {
            say!(
                "the machine needed {:.2} ms before and {:.2} ms after for the same work (× {:.2}); a time that changed by less has not changed",
                machine.before_ms,
                machine.after_ms,
                machine.times_as_slow()
            );
        }
        let same = if comparison.same_outcome() {
            "the same"
        } else {
            "different"
        };
        say!("the verdict is {same}");
    }
}

fn overlap_percent(comparison: &Comparison) -> f64 {
    comparison.overlapping() as f64 * 100.0 / comparison.pairs.len().max(1) as f64
}

fn as_json(comparison: &Comparison) -> serde_json::Value {
    json!({
        "before": comparison.before,
        "after": comparison.after,
        "same_outcome": comparison.same_outcome(),
        "machine": comparison.machine,
        "figures": comparison.pairs.len(),
        "overlapping": comparison.overlapping(),
        "worse": comparison.changed(Direction::Worse).len(),
        "better": comparison.changed(Direction::Better).len(),
        "pairs": comparison.pairs,
    })
}

fn in_words(answer: &Answer) -> String {
    let choice = answer.choice.as_deref().unwrap_or("");
    let outcome = match answer.outcome {
        Outcome::Choose => format!("choose `{choice}`"),
        Outcome::KeepBoth => format!("keep both, `{choice}` slightly ahead"),
        Outcome::None => "none fits".to_owned(),
        Outcome::Undecided => "not decided yet".to_owned(),
    };
    format!("{}, bakeoff {}: {outcome}", answer.run, answer.version)
}

fn row(pair: &Pair) -> Vec<String> {
    let unit = metric(&pair.metric).map_or("", |metric| metric.unit);
    let went = match pair.went() {
        Direction::Worse => "worse",
        Direction::Better => "better",
        Direction::Same if !pair.overlap => "apart",
        Direction::Same => "",
    };
    vec![
        pair.contender.clone(),
        pair.metric.clone(),
        figure(&pair.before, unit),
        figure(&pair.after, unit),
        pair.change
            .as_ref()
            .map_or_else(|| UNKNOWN.to_owned(), |moved| change(moved, unit)),
        went.to_owned(),
    ]
}

/// A ratio on a log scale, a difference on a linear one.
fn change(change: &Change, unit: &str) -> String {
    match change.scale {
        Scale::Log => figure(&change.range, "×"),
        Scale::Linear => Quantity::new(change.range.value, unit).difference(),
    }
}

/// A value with its unit, and with its interval where it has one.
fn figure(range: &Range, unit: &str) -> String {
    let in_table = |value| Quantity::new(value, unit).in_table();
    if range.low == range.high {
        return in_table(range.value);
    }
    with_interval(range.value, (range.low, range.high), in_table)
}

#[cfg(test)]
mod tests {
    use super::figure;
    use bakeoff_core::range::Range;

    #[test]
    fn a_figure_has_its_interval_if_it_has_one() {
        let range = Range {
            value: 1.2345,
            low: 0.0456,
            high: 1234.5,
        };
        assert_eq!(figure(&range, "ms"), "1.23 ms (0.0456 ms to 1,230 ms)");
        let once = Range {
            value: 0.0,
            low: 0.0,
            high: 0.0,
        };
        assert_eq!(figure(&once, "ms"), "0 ms");
    }
}
