//! `browser_share`, `browser_kb` and `browser_ms`: how far a contender's own validation runs in a browser, and what
//! that costs. The visits themselves run elsewhere, and are kept.

use super::subject::{Subject, counted};
use crate::browser::BrowserOutcome;
use bakeoff_core::evidence::Observation;
use bakeoff_core::words::number::{count, list};

/// The number of differences that the note lists.
const MAX_LISTED: usize = 12;

/// The number of parts that the note lists, the largest first.
const MAX_PARTS: usize = 4;

pub(super) fn observe(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    let outcome = subject.browser.as_ref().map_err(Clone::clone)?;
    let share = counted(
        "browser_share",
        outcome.share(),
        share_note(outcome, &subject.contender.name),
    );
    let kb = counted(
        "browser_kb",
        outcome.sent_bytes() as f64 / 1e3,
        size_note(outcome),
    );
    // One figure of all visits: they follow each other, and what the machine did meanwhile is in each of them.
    let time = outcome
        .median_ms()
        .map(|ms| counted("browser_ms", ms, time_note(outcome)));
    Ok([share, kb].into_iter().chain(time).collect())
}

/// What was compared, every difference by name, and what a strict policy would refuse.
fn share_note(outcome: &BrowserOutcome, name: &str) -> String {
    let BrowserOutcome {
        browser,
        engine,
        bodies,
        differences,
        policy,
        ..
    } = outcome;
    let mut note = format!(
        "{} of {bodies} request bodies, of the contract's cases and derived from them, get the same answer from its \
         server and from its own module in {browser}, {engine}",
        bodies - differences.len()
    );
    let listed: Vec<String> = differences
        .iter()
        .take(MAX_LISTED)
        .map(ToString::to_string)
        .collect();
    if !listed.is_empty() {
        note.push_str(&format!("; they differ on {}", listed.join("; on ")));
    }
    if differences.len() > MAX_LISTED {
        let more = differences.len() - MAX_LISTED;
        note.push_str(&format!(
            "; and on {more} more, which `bakeoff check {name} --browser` lists"
        ));
    }
    if !policy.is_empty() {
        note.push_str(&format!(
            "; a content security policy with `script-src 'self' 'wasm-unsafe-eval'` would refuse: {}",
            policy.join(", ")
        ));
    }
    note
}

/// The largest parts of what crossed the wire.
fn size_note(outcome: &BrowserOutcome) -> String {
    let part = |part: &crate::browser::SentPart| format!("{} {:.1} KB", part.path, part.bytes as f64 / 1e3);
    let largest: Vec<String> = outcome.sent.iter().take(MAX_PARTS).map(part).collect();
    format!(
        "bodies of {} up to the first result, gzip level 6 unless the file is a zip archive already; {}: {}",
        count(outcome.sent.len(), "response"),
        if outcome.sent.len() > MAX_PARTS {
            "the largest"
        } else {
            "all of them"
        },
        list(&largest.iter().map(String::as_str).collect::<Vec<_>>())
    )
}

fn time_note(outcome: &BrowserOutcome) -> String {
    let day = outcome.measured.split('T').next().unwrap_or_default();
    let visits: Vec<String> = outcome.visits_ms.iter().map(|ms| format!("{ms:.0}")).collect();
    format!(
        "the median of {} ({} ms) to {}, {}, on {day}, each with an empty profile; everything comes over the loopback \
         address, so no time of a network is in it",
        count(outcome.visits_ms.len(), "visit"),
        list(&visits),
        outcome.browser,
        outcome.engine
    )
}

#[cfg(test)]
mod tests {
    use super::{share_note, size_note, time_note};
    use crate::browser::{BrowserAnswer, BrowserDifference, BrowserOutcome, SentPart};

    fn outcome(differences: usize) -> BrowserOutcome {
        let difference = |at: usize| BrowserDifference {
            scenario: "create-item".to_owned(),
            case: format!("case {at}"),
            body: "{}".to_owned(),
            server: BrowserAnswer::Accepts,
            browser: BrowserAnswer::Refuses {
                status: 400,
                fields: Vec::new(),
            },
        };
        BrowserOutcome {
            browser: "Chromium 143".to_owned(),
            engine: "Pyodide 314.0.7".to_owned(),
            measured: "2026-12-01T10:00:00Z".to_owned(),
            bodies: 60,
            differences: (0..differences).map(difference).collect(),
            sent: [("/pyodide.wasm", 3_000_000), ("/", 500)]
                .map(|(path, bytes)| SentPart {
                    path: path.to_owned(),
                    bytes,
                })
                .into(),
            visits_ms: vec![2_000.0, 2_100.0],
            policy: Vec::new(),
        }
    }

    #[test]
    fn each_note_names_what_was_found() {
        let same = share_note(&outcome(0), "python-flask");
        assert!(
            same.starts_with("60 of 60 request bodies") && same.ends_with("Chromium 143, Pyodide 314.0.7")
        );
        let two = share_note(&outcome(2), "python-flask");
        assert!(two.contains("58 of 60"), "{two}");
        assert!(
            two.contains("on `create-item`, case 1: the server accepts it, the browser refuses it (400)"),
            "{two}"
        );
        let many = share_note(&outcome(15), "python-flask");
        assert!(
            many.contains("and on 3 more, which `bakeoff check python-flask --browser` lists"),
            "{many}"
        );
        let policy = BrowserOutcome {
            policy: vec!["script-src eval".to_owned()],
            ..outcome(0)
        };
        assert!(share_note(&policy, "x").ends_with("would refuse: script-src eval"));
        assert!(size_note(&outcome(0)).ends_with("all of them: /pyodide.wasm 3000.0 KB and / 0.5 KB"));
        let note = time_note(&outcome(0));
        let said =
            "the median of 2 visits (2000 and 2100 ms) to Chromium 143, Pyodide 314.0.7, on 2026-12-01";
        assert!(note.starts_with(said), "{note}");
    }
}
