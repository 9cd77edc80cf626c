//! A decision problem of the user's own: alternatives, criteria and evidence from elsewhere, judged by the same core. Deliberately its own priorities only: those of
//! the file.

use crate::exit::{Exit, Failure};
use crate::table;
use bakeoff_core::brief::Preferences;
use bakeoff_core::problem;
use bakeoff_core::smaa::{Decision, decide as weigh, monte_carlo_error};
use std::fs;

/// Judges the problem of a file and prints what came of it.
pub(super) fn decide(path: &str, preferences: Option<&Preferences>, format: &str) -> Result<Exit, Failure> {
    if preferences.is_some() {
        let message = format!(
            "`{path}` states its own priorities: --weights, --order and --no-preferences are for stored runs"
        );
        return Err(Failure::usage(
            message,
            "write them under [preferences] of the file",
        ));
    }
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::usage(
            format!("cannot read `{path}`: {error}"),
            "name a stored run, or a TOML file with a decision problem",
        )
    })?;
    let decision = weigh(&problem::parse(&text, path)?);
    match format {
        "json" => println!("{}", decision.to_json().trim_end()),
        "text" => println!("{}", in_words(&decision)),
        other => {
            return Err(Failure::usage(
                format!("unknown format `{other}` for a decision problem"),
                "one of text, json",
            ));
        }
    }
    Ok(Exit::Done)
}

/// The decision for a reader: a row an alternative, the greatest expected value first.
fn in_words(decision: &Decision) -> String {
    let rows: Vec<Vec<String>> = decision
        .order()
        .into_iter()
        .map(|place| row(decision, place))
        .collect();
    let mut header = vec!["alternative", "best in", "value", "95 %", "loss if chosen"];
    header.extend(decision.criteria.iter().map(String::as_str));
    format!(
        "{}\n\nThe last {} columns are the central weights: the mean priorities of those for whom the alternative is the best.\n{} samples, ± {:.3}",
        table::aligned(&header, &rows),
        decision.criteria.len(),
        decision.samples,
        monte_carlo_error(decision.samples)
    )
}

fn row(decision: &Decision, place: usize) -> Vec<String> {
    let value = decision.expected_value[place];
    let mut cells = vec![
        decision.alternatives[place].clone(),
        format!("{:.1} %", decision.p_best(place) * 100.0),
        format!("{:.3}", value.value),
        format!("{:.3} to {:.3}", value.low, value.high),
        format!("{:.4}", decision.expected_loss[place]),
    ];
    match &decision.central_weights[place] {
        Some(weights) => cells.extend(weights.iter().map(|weight| format!("{:.0} %", weight * 100.0))),
        None => cells.extend(decision.criteria.iter().map(|_| "never".to_owned())),
    }
    cells
}
