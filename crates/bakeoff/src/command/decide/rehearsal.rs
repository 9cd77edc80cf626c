//! `bakeoff decide RUN --rehearse N`: draws N sessions from the blocks of a stored run, and counts how often an early
//! stop gives the verdict of all blocks. It measures nothing.

use crate::exit::{Exit, Failure};
use bakeoff_core::brief::{Brief, Preferences};
use bakeoff_core::evidence::Run;
use bakeoff_core::judge::JudgeOptions;
use bakeoff_core::stop::{Rehearsal, rehearse as play};
use bakeoff_core::verdict::Outcome;
use bakeoff_core::words::table::aligned;

/// Plays the sessions and prints the result.
pub(super) fn rehearse(
    run: &Run,
    brief: &Brief,
    preferences: &Preferences,
    options: &JudgeOptions,
    sessions: u32,
    format: &str,
) -> Result<Exit, Failure> {
    if run.trials.is_empty() {
        return Err(Failure::usage(
            format!("the run `{}` has no block to draw from", run.id),
            "`bakeoff list runs` shows all runs",
        ));
    }
    let rehearsal = play(run, brief, preferences, options, sessions);
    match format {
        "json" => println!("{}", to_json(&rehearsal)?),
        "text" => say!("{}", in_words(run, &rehearsal).trim_end()),
        other => {
            return Err(Failure::usage(
                format!("unknown format `{other}` for a rehearsal"),
                "one of text, json",
            ));
        }
    }
    Ok(Exit::Done)
}

fn to_json(rehearsal: &Rehearsal) -> Result<String, Failure> {
    serde_json::to_string_pretty(rehearsal).map_err(|error| {
        Failure::lab(
            format!("cannot make the document: {error}"),
            "report this with the run's id",
        )
    })
}

fn in_words(run: &Run, rehearsal: &Rehearsal) -> String {
    let sessions = rehearsal.sessions.len();
    let part = |count: usize| {
        let percent = 100.0 * count as f64 / sessions.max(1) as f64;
        format!("{count} of {sessions} ({percent:.1} %)")
    };
    let mut stops: Vec<u32> = rehearsal
        .sessions
        .iter()
        .map(|session| session.measured)
        .collect();
    stops.sort_unstable();
    let at = |quantile: f64| stops[((stops.len() - 1) as f64 * quantile).round() as usize];
    let mean = f64::from(rehearsal.measured()) / sessions.max(1) as f64;
    let blocks = rehearsal.blocks;
    let rows = vec![
        vec![
            "the verdict of all blocks".to_owned(),
            verdict(rehearsal.outcome, rehearsal.choice.as_deref()),
        ],
        vec![
            "sessions with the same choice".to_owned(),
            part(rehearsal.same_choice()),
        ],
        vec![
            "sessions with the same choice and answer".to_owned(),
            part(rehearsal.same_verdict()),
        ],
        vec![
            "blocks measured before the stop, mean".to_owned(),
            format!(
                "{mean:.1} of {blocks} ({:.0} %)",
                100.0 * mean / f64::from(blocks.max(1))
            ),
        ],
        vec![
            "blocks before the stop, tenth to ninetieth of a hundred".to_owned(),
            format!("{} to {}", at(0.1), at(0.9)),
        ],
    ];
    let head = format!(
        "{}: {sessions} sessions of {blocks} blocks, drawn with replacement",
        run.id
    );
    format!("{}\n", aligned(&[&head, ""], &rows))
}

fn verdict(outcome: Outcome, choice: Option<&str>) -> String {
    match (outcome, choice) {
        (Outcome::Choose, Some(choice)) => format!("choose {choice}"),
        (Outcome::KeepBoth, Some(choice)) => format!("keep both, {choice} ahead"),
        (Outcome::Undecided, _) => "not decided yet".to_owned(),
        _ => "none fits".to_owned(),
    }
}
