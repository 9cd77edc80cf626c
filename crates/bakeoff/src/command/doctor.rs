//! `bakeoff doctor`: lists what this machine can and cannot do. It changes nothing.

use crate::exit::{Exit, Failure};
use crate::machine;
use crate::preparing::cache;
use bakeoff_core::words::table;
use bakeoff_lab::{Finding, State, doctor};
use clap::Args;
use serde_json::json;

/// List what this machine can and cannot do
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff doctor\n  bakeoff doctor --json\n\nExit code 1 if something is missing."
)]
pub(crate) struct Doctor {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Doctor {
    /// Prints the findings.
    ///
    /// # Errors
    /// None.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let findings = doctor(&machine::known_runtimes(), &cache());
        if self.json {
            let rows: Vec<_> = findings
                .iter()
                .map(|found| json!({ "topic": found.topic, "state": word(found.state), "sentence": found.sentence, "way_out": found.way_out }))
                .collect();
            println!("{:#}", serde_json::Value::from(rows));
        } else {
            print_words(&findings);
        }
        let missing = findings.iter().any(|found| found.state == State::Missing);
        Ok(if missing { Exit::LimitFailed } else { Exit::Done })
    }
}

fn print_words(findings: &[Finding]) {
    let rows: Vec<Vec<String>> = findings
        .iter()
        .map(|found| {
            vec![
                found.topic.to_owned(),
                word(found.state).to_owned(),
                found.sentence.clone(),
            ]
        })
        .collect();
    say!("{}", table::aligned(&["topic", "state", "finding"], &rows));
    for found in findings.iter().filter(|found| !found.way_out.is_empty()) {
        say!("hint: {}: {}", found.topic, found.way_out);
    }
}

const fn word(state: State) -> &'static str {
    match state {
        State::Good => "good",
        State::Limited => "limited",
        State::Missing => "missing",
    }
}
