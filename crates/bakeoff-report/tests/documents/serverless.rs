//! The section "App Engine and Cloud Run": it stands in page, summary and `results.json` where the brief's target is
//! one of them, and nowhere else.

use crate::fixture::order_api;
use bakeoff_core::evidence::{PlatformCheck, Unfit};
use bakeoff_core::lookup::Lookup;
use bakeoff_core::serverless::platform::Platform;
use bakeoff_core::serverless::simulate::Effort;
use bakeoff_core::serverless::table::of_run;
use bakeoff_report::{format, serverless_in_text};

#[test]
fn the_section_stands_where_the_brief_s_target_has_an_autoscaler() {
    let plain = order_api();
    for id in ["html", "text", "json"] {
        let text = (format(id).unwrap().render)(&plain.document()).unwrap();
        assert!(
            !text.contains("Cloud Run") && !text.contains("\"serverless\""),
            "{id}"
        );
    }
    let mut case = order_api();
    case.brief.deploy.target = "app-engine".to_owned();
    case.brief.load.peak_rps = 1.0;
    // One contender: each has some dozen simulations.
    case.run.contenders.retain(|record| record.name == "node-fastify");
    case.run.contenders[0].platforms.push(PlatformCheck {
        platform: Platform::AppEngine,
        size: "F1".to_owned(),
        vcpu: 0.25,
        memory_mb: 384.0,
        start_ms: vec![900.0, 1_000.0, 1_100.0],
        stop_ms: None,
        used_mb: Some(90.0),
        unfit: vec![Unfit::IgnoresPort { port: 8123 }],
        not_emulated: vec!["a file system that <cannot> be written".to_owned()],
    });
    let facts = Lookup {
        run: &case.run,
        judgement: &case.judgement,
        brief: &case.brief,
    };
    let table = of_run(&facts, Effort::DAY).unwrap();
    let document = plain.document().with_serverless(Some(&table));
    // The page keeps a number and its unit on one line.
    let page = (format("html").unwrap().render)(&document)
        .unwrap()
        .replace('\u{a0}', " ");
    for words in [
        "<section id=\"serverless\">",
        "App Engine, F1",
        "Cloud Run, 1 vCPU, 512 MB",
        "does not fit",
        "ignores the environment variable PORT",
        "&#60;cannot&#62; be written",
        "https://cloud.google.com/run/pricing (read 2026-",
        "Simulated, not run at the provider",
        "Emulated on this machine",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let text = serverless_in_text(&document);
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(
        text.contains("does not fit: it ignores the environment variable PORT"),
        "{text}"
    );
    let json = (format("json").unwrap().render)(&document).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let target = &json["serverless"]["targets"][0];
    assert_eq!(target["target"]["platform"], "app-engine");
    assert_eq!(target["rows"][0]["unfit"][0]["kind"], "ignores-port");
    assert!(target["rows"][0]["simulation"]["month"]["value"].is_number());
}
