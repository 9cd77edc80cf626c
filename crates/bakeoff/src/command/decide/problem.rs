//! A decision problem of the user: alternatives, criteria and evidence from a file, judged by the same core. It takes
//! the priorities of the file and no others.

use crate::exit::{Exit, Failure};
use bakeoff_core::problem;
use bakeoff_core::smaa::decide as weigh;
use bakeoff_core::words::decision as decision_in_words;
use std::fs;

/// Judges the problem of a file and prints the result.
pub(super) fn decide(path: &str, option: Option<&str>, format: &str) -> Result<Exit, Failure> {
    if let Some(option) = option {
        let message = format!("`{path}` states its own priorities: {option} applies to stored runs");
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
        "text" => say!("{}", decision_in_words(&decision).trim_end()),
        other => {
            return Err(Failure::usage(
                format!("unknown format `{other}` for a decision problem"),
                "one of text, json",
            ));
        }
    }
    Ok(Exit::Done)
}
