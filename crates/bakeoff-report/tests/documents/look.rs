//! Opens every fixture's page in a headless browser, wide, half as wide and on a phone: nothing overflows, overlaps or
//! is cut, every chart has curves, its line of values follows pointer and keyboard, nothing is loaded. Needs Chromium:
//! `BAKEOFF_CHROMIUM`, else `chromium` of the path.

use crate::cases;
use serde_json::Value;
use std::fs;
use std::process::Command;

const WIDTHS: [u32; 3] = [1280, 700, 390];

#[test]
fn at_every_page_at_every_width() {
    let folder = std::env::temp_dir().join(format!("bakeoff-look-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a scratch folder");
    let html = bakeoff_report::format("html").expect("the format is in the table");
    let mut frames = String::new();
    for (name, fixture) in cases::all() {
        let page = (html.render)(&fixture.document()).expect("the page can be made");
        let script = bakeoff_report::SELFCHECK_JS;
        fs::write(
            folder.join(format!("{name}.html")),
            format!("{page}<script>{script}</script>"),
        )
        .expect("a page");
        for width in WIDTHS {
            frames.push_str(&format!(
                "<iframe src=\"{name}.html\" width={width} height=900></iframe>"
            ));
        }
    }
    fs::write(
        folder.join("frames.html"),
        format!("<!doctype html><title>frames</title>{frames}<script>{TELL}</script>"),
    )
    .expect("the frames");
    let seen = open(&folder.join("frames.html"), &folder.join("profile"));
    let findings: Vec<Value> = seen
        .iter()
        .map(|text| serde_json::from_str(text).expect("a finding is JSON"))
        .collect();
    fs::remove_dir_all(&folder).expect("the scratch folder goes away");
    assert_eq!(
        findings.len(),
        cases::all().len() * WIDTHS.len(),
        "a page did not look at itself"
    );
    for (finding, (name, width)) in findings.iter().zip(places()) {
        for problem in [
            "overflow", "cut", "overlap", "undrawn", "unread", "broken", "loads", "errors",
        ] {
            assert_eq!(
                finding[problem],
                Value::Array(Vec::new()),
                "{name} at {width}: {problem}"
            );
        }
        // Latency of two kinds and the warm-up, or the launches of each contender; the charts of probes where a trial
        // has their points.
        let charts = match name {
            "nothing-measured" => 0..=0,
            "launches" => 14..=14,
            _ => 3..=8,
        };
        let drawn = finding["charts"].as_u64().unwrap_or(u64::MAX);
        assert!(charts.contains(&drawn), "{name} at {width}: {drawn} charts");
    }
}

/// Cases and widths in the order of the frames.
fn places() -> impl Iterator<Item = (&'static str, u32)> {
    cases::all()
        .iter()
        .flat_map(|(name, _)| WIDTHS.map(|width| (*name, width)))
}

/// Gathers what the pages in the frames saw.
const TELL: &str = "addEventListener('load', () => { \
    const seen = [...document.querySelectorAll('iframe')].map((f) => f.contentDocument.documentElement.dataset.selfcheck ?? ''); \
    document.body.replaceChildren(...seen.map((text) => { const p = document.createElement('pre'); p.textContent = text; return p; })); });";

fn open(page: &std::path::Path, profile: &std::path::Path) -> Vec<String> {
    let chromium = std::env::var("BAKEOFF_CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
    let output = Command::new(&chromium)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ])
        .args([
            "--allow-file-access-from-files",
            "--window-size=1280,900",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap_or_else(|error| {
            panic!("cannot start `{chromium}`: {error}; install Chromium or name it in BAKEOFF_CHROMIUM")
        });
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    let parts = dom
        .split("<pre>")
        .skip(1)
        .filter_map(|part| part.split("</pre>").next());
    parts
        .map(|text| {
            text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")
        })
        .collect()
}
