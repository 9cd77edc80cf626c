//! One visit of a browser with an empty profile: starts it, follows what the page reports, and ends it with all of its
//! processes.

use super::chromium::Chromium;
use super::outcome::SentPart;
use super::serve::{Files, PageAnswer, Report, SiteServer};
use crate::fault::LOG_LINES;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

/// The time for a visit, from the start of the browser. Pyodide needs seconds; what hangs must end.
const LIMIT: Duration = Duration::from_secs(90);

/// The polling interval for a report, between looks at the browser and the user's interrupt.
const POLL: Duration = Duration::from_millis(50);

/// What a visit brought.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Visit {
    /// From the start of the navigation to the first result, ms.
    pub(super) first_ms: f64,
    /// What crossed the wire until then.
    pub(super) sent: Vec<SentPart>,
    /// The answers to all bodies; empty where the visit was not about them.
    pub(super) answers: Vec<PageAnswer>,
    /// What a strict content security policy would refuse.
    pub(super) policy: Vec<String>,
}

/// Visits a site once, with the browser's files below `scratch`, which is made and removed. `watch` gets what goes on.
///
/// # Errors
/// Why there is no result, in words.
pub(super) fn visit(
    browser: &Chromium,
    files: Files,
    is_about_answers: bool,
    scratch: &Path,
    stop: &AtomicBool,
    watch: &mut dyn FnMut(&str),
) -> Result<Visit, String> {
    let failed = |what: &str, error: &dyn std::fmt::Display| format!("{what}: {error}");
    fs::create_dir_all(scratch).map_err(|error| failed(&scratch.display().to_string(), &error))?;
    let server = SiteServer::start(files).map_err(|error| failed("the server of the page", &error))?;
    let visited = browser
        .open(&server.url(), scratch)
        .map_err(|error| failed(&browser.version, &error))
        .and_then(|process| {
            let ended = || {
                let lines = process.log().last_lines(LOG_LINES).join(" ");
                process.exited().map(|status| format!("{status} {lines}"))
            };
            follow(&server, is_about_answers, &ended, stop, watch)
        });
    drop(server);
    // Best effort: what is left of the profile lies in a folder that goes with the lab.
    let _ = fs::remove_dir_all(scratch);
    visited.map_err(|reason| format!("{}: {reason}", browser.version))
}

/// Follows the page until its last report. `ended` says how the browser ended, if it has.
fn follow(
    server: &SiteServer,
    is_about_answers: bool,
    ended: &dyn Fn() -> Option<String>,
    stop: &AtomicBool,
    watch: &mut dyn FnMut(&str),
) -> Result<Visit, String> {
    let until = Instant::now() + LIMIT;
    let mut step = "opening the page".to_owned();
    let mut first = None;
    loop {
        match server.report(POLL) {
            Ok(Report::Progress(next)) => {
                watch(&next);
                step = next;
            }
            Ok(Report::First(ms)) => {
                let visit = Visit {
                    first_ms: ms,
                    sent: server.sent(),
                    answers: Vec::new(),
                    policy: Vec::new(),
                };
                if !is_about_answers {
                    return Ok(visit);
                }
                first = Some(visit);
                step = "answering the bodies".to_owned();
                watch(&step);
            }
            Ok(Report::Answers { answers, policy }) => {
                let visit = first.ok_or("the page reported answers before its first result")?;
                return Ok(Visit {
                    answers,
                    policy,
                    ..visit
                });
            }
            Ok(Report::Failed(reason)) => return Err(format!("the page failed at {step}: {reason}")),
            Err(RecvTimeoutError::Disconnected) => return Err("the server of the page ended".to_owned()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if stop.load(Ordering::Relaxed) {
            return Err("interrupted".to_owned());
        }
        if let Some(how) = ended() {
            return Err(format!("it ended at {step}: {how}"));
        }
        if Instant::now() >= until {
            return Err(format!(
                "no result within {} s; it was at {step}",
                LIMIT.as_secs()
            ));
        }
    }
}
