//! `bakeoff check --browser`: the validation of each contender in a browser, with every request body on which it
//! differs from the running contender. The lab visits and compares; this file prints.

use crate::exit::Exit;
use crate::field::Field;
use bakeoff_lab::{BROWSER_VISITS, BrowserOutcome, Chromium, Lab, LabError};

/// What was found of contenders, by name.
pub(super) type Found = Vec<(String, Result<BrowserOutcome, String>)>;

/// Visits every contender of the field, also those that are known.
///
/// # Errors
/// The user interrupted, or a service failed.
pub(super) fn check_all(lab: &Lab<'_>, field: &Field) -> Result<Found, LabError> {
    let browser = Chromium::find();
    let mut all = Vec::new();
    for runnable in &field.entries {
        let found = lab.check_browser(&runnable.browser_subject(&browser), BROWSER_VISITS)?;
        all.push((runnable.entry.contender.name.clone(), found));
    }
    Ok(all)
}

/// Prints all of them; `exit` stands unless one has no evidence. A difference is a finding, and no failure.
pub(super) fn print_all(all: &Found, mut exit: Exit) -> Exit {
    for (name, found) in all {
        match found {
            Ok(outcome) => in_lines(name, outcome).iter().for_each(|line| println!("{line}")),
            Err(reason) => {
                println!("{name}: no evidence: {reason}");
                exit = Exit::LimitFailed;
            }
        }
    }
    exit
}

/// A line for the contender, and one for each difference, with its body.
fn in_lines(name: &str, outcome: &BrowserOutcome) -> Vec<String> {
    let BrowserOutcome {
        browser,
        engine,
        differences,
        sent,
        visits_ms,
        policy,
        ..
    } = outcome;
    let visits: Vec<String> = visits_ms.iter().map(|ms| format!("{ms:.0}")).collect();
    let mut lines = vec![
        format!("{name}: {}, in {browser}, {engine}", outcome.in_words()),
        format!("  visits: {} ms", visits.join(", ")),
    ];
    lines.extend(differences.iter().flat_map(|one| {
        [
            format!("  they differ on {one}"),
            format!("    {}", one.body.escape_debug()),
        ]
    }));
    lines.extend(
        policy
            .iter()
            .map(|one| format!("  a strict content security policy would refuse {one}")),
    );
    let parts = sent
        .iter()
        .map(|part| format!("  {:8.1} KB {}", part.bytes as f64 / 1e3, part.path));
    lines.extend(parts);
    lines
}

#[cfg(test)]
mod tests {
    use super::in_lines;
    use bakeoff_lab::{BrowserAnswer, BrowserDifference, BrowserOutcome, SentPart};

    #[test]
    fn a_difference_has_its_case_both_answers_and_the_body() {
        let outcome = BrowserOutcome {
            browser: "Chromium 143".to_owned(),
            engine: "bundled by esbuild 0.28.2".to_owned(),
            measured: "2026-12-01T10:00:00Z".to_owned(),
            bodies: 40,
            differences: vec![BrowserDifference {
                scenario: "create-item".to_owned(),
                case: "a byte order mark before it".to_owned(),
                body: "\u{feff}{}".to_owned(),
                server: BrowserAnswer::Accepts,
                browser: BrowserAnswer::Refuses {
                    status: 400,
                    fields: Vec::new(),
                },
            }],
            sent: vec![SentPart {
                path: "/page.js".to_owned(),
                bytes: 41_234,
            }],
            visits_ms: vec![61.2, 58.9, 60.4],
            policy: vec!["script-src eval".to_owned()],
        };
        assert_eq!(
            in_lines("node-x", &outcome),
            [
                "node-x: 39 of 40 request bodies get the server's answer, 41.2 KB, first result after 60 ms, in Chromium 143, bundled by esbuild 0.28.2",
                "  visits: 61, 59, 60 ms",
                "  they differ on `create-item`, a byte order mark before it: the server accepts it, the browser refuses it (400)",
                "    \\u{feff}{}",
                "  a strict content security policy would refuse script-src eval",
                "      41.2 KB /page.js",
            ]
        );
    }
}
