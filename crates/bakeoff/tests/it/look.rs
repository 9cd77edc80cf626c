//! Opens the report in a headless browser, wide and phone-sized: nothing overlaps or overflows, every chart has curves,
//! and its line of values follows pointer and arrow keys. The page inspects itself; the browser prints the findings.

use std::fs;
use std::path::Path;
use std::process::Command;

const WIDTHS: [(&str, u32); 2] = [("wide", 1280), ("phone", 390)];

/// Opens the report of that many contenders at both widths and checks its findings about itself.
pub(crate) fn at_the_report(report: &Path, contenders: usize, scratch: &Path) {
    let page = fs::read_to_string(report).unwrap();
    println!("the report of {contenders} contenders has {} bytes", page.len());
    let most = 200_000 + 75_000 * contenders;
    assert!(page.len() < most, "the report has {} bytes", page.len());
    for (name, width) in WIDTHS {
        let seen = open(&page, width, name, scratch);
        let found = seen
            .split("data-selfcheck=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        let found = found.unwrap_or_else(|| panic!("the {name} page did not inspect itself"));
        let found = found.replace("&quot;", "\"");
        let finding: serde_json::Value =
            serde_json::from_str(&found).unwrap_or_else(|error| panic!("{error}: {found}"));
        assert!(
            finding["charts"].as_u64().unwrap_or(0) >= 1,
            "the {name} page has no chart: {finding}"
        );
        for problem in ["overflow", "overlap", "undrawn", "unread", "errors"] {
            assert_eq!(
                finding[problem].as_array().map(Vec::len),
                Some(0),
                "the {name} page: {problem}: {finding}"
            );
        }
    }
}

/// The page's document after the browser rendered it at that width. A headless window cannot be as narrow as a phone,
/// so the page stands in a frame of that width.
fn open(page: &str, width: u32, name: &str, scratch: &Path) -> String {
    let checked = scratch.join(format!("{name}.html"));
    fs::write(
        &checked,
        page.replacen(
            "</body>",
            &format!("<script>{}</script></body>", bakeoff_report::SELFCHECK_JS),
            1,
        ),
    )
    .unwrap();
    let frame = scratch.join(format!("{name}-frame.html"));
    let shell = format!(
        "<!doctype html><html><body style=\"margin:0\"><iframe id=\"page\" style=\"border:0;width:{width}px;height:2000px\" src=\"{name}.html\"></iframe>\
         <script>const tell = () => {{ const seen = document.getElementById('page').contentDocument?.documentElement.dataset.selfcheck; \
         if (seen) document.documentElement.dataset.selfcheck = seen; else setTimeout(tell, 50); }}; tell();</script></body></html>"
    );
    fs::write(&frame, shell).unwrap();
    let chromium = std::env::var("BAKEOFF_CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
    let profile = scratch.join(format!("{name}-profile"));
    let output = Command::new(&chromium)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
        ])
        .args([
            "--disable-component-update",
            "--disable-sync",
            "--allow-file-access-from-files",
            "--virtual-time-budget=15000",
        ])
        .arg(format!("--window-size={},2000", width.max(500)))
        .arg(format!("--user-data-dir={}", profile.display()))
        .args(["--dump-dom", &format!("file://{}", frame.display())])
        .output()
        .unwrap_or_else(|error| panic!("cannot start `{chromium}`: {error}; ./check installs one"));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
