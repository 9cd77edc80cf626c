//! Standard changes of a real contender: one that holds, one that breaks its case, one that does not apply, and one for
//! which there is nothing to do.

use crate::bench::{Bench, RUNTIMES, repository};
use bakeoff_core::contender::{self, Contender};
use bakeoff_core::scenario::{Change, parse_change};
use bakeoff_lab::{
    ChangeOutcome, ChangeState, ChangeSubject, Config, ContenderSource, Event, Lab, LabError, Patches,
    ResourceLimits, SourceFile, known_changes,
};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

const ADD_ENDPOINT: &str = include_str!("changes/add-endpoint.patch");

/// The scenarios whose cases must hold after each change; all of them would take minutes.
const STILL_CHECKED: [&str; 4] = ["health", "json", "read-item", "list-items"];

const NOTHING: &str = r#"
id = "nothing"
title = "Nothing to do"
summary = "The service is healthy."
[[case]]
name = "is healthy twice"
[[case.step]]
method = "GET"
path = "/health"
times = 2
expect = { status = 200, with_headers = ["content-type"], without_headers = ["retry-after"] }
"#;

fn shipped(id: &str) -> Change {
    let path = repository("scenarios/changes").join(format!("{id}.toml"));
    parse_change(&std::fs::read_to_string(path).unwrap(), "change.toml").unwrap()
}

/// Flask as it ships, with these patches in place of its own.
fn flask(patches: &[(&str, &str)]) -> (Contender, ContenderSource, Patches) {
    let folder = repository("contenders").join("python-flask");
    let text = std::fs::read_to_string(folder.join("contender.toml")).unwrap();
    let contender = contender::parse(&text, "contender.toml").unwrap();
    let source = ContenderSource::read(&folder)
        .unwrap()
        .without(&[Patches::FOLDER]);
    let file = |(id, text): &(&str, &str)| SourceFile {
        path: format!("{}/{id}.patch", Patches::FOLDER),
        bytes: text.as_bytes().to_vec(),
    };
    let patches = Patches::among(
        &ContenderSource::new(patches.iter().map(file)),
        "contenders/python-flask",
    );
    (contender, source, patches)
}

fn bench() -> Bench {
    let mut bench = Bench::new(&[("read-item", 1.0)], 100.0);
    bench
        .scenarios
        .retain(|id, _| STILL_CHECKED.contains(&id.as_str()));
    bench
}

fn config(bench: &Bench) -> Config<'_> {
    Config {
        limits: ResourceLimits::for_this_machine(1),
        launches: 1,
        ..bench.config()
    }
}

#[test]
fn a_change_holds_or_says_what_it_breaks_and_what_is_known_is_kept() {
    let stale = ADD_ENDPOINT.replace("class PageFilter(Schema):", "class Page(Schema):");
    let (contender, source, patches) = flask(&[
        ("add-endpoint", ADD_ENDPOINT),
        ("cors", ""),
        ("multipart", &stale),
        ("nothing", "\n"),
    ]);
    let nothing = parse_change(NOTHING, "nothing.toml").unwrap();
    let changes = ["add-endpoint", "cors", "multipart"].map(shipped);
    let changes: BTreeMap<String, Change> = changes
        .into_iter()
        .chain([nothing])
        .map(|change| (change.id.clone(), change))
        .collect();
    let bench = bench();
    let subject = ChangeSubject {
        contender: &contender,
        source: &source,
        patches: &patches,
        runtime: RUNTIMES.choose(&contender, &source).unwrap(),
    };
    let known = || known_changes(&bench.cache, &subject, &changes, &bench.scenarios);
    assert!(
        known()
            .unwrap_err()
            .contains("`bakeoff check python-flask --changes`")
    );
    let lab = Lab::open(config(&bench)).unwrap();
    let all: Vec<&Change> = changes.values().collect();
    let outcomes = lab.check_changes(&subject, &all).unwrap();
    drop(lab);
    let [add_endpoint, cors, multipart, nothing] = &outcomes[..] else {
        panic!("{outcomes:#?}");
    };
    check_holds(add_endpoint);
    let size = add_endpoint.size.as_ref().unwrap();
    assert_eq!(size.files, 2);
    assert!((60..140).contains(&size.tokens), "{size:?}");
    check_holds(nothing);
    assert_eq!(nothing.size, Some(bakeoff_lab::ChangeSize::default()));
    check_broken(
        cors,
        "`cors`, a preflight is granted",
        "access-control-allow-origin",
    );
    check_broken(
        multipart,
        "`contenders/python-flask/changes/multipart.patch:36`: hunk 1 of 1 of `shop/schemas.py` does not apply",
        "",
    );
    assert_eq!(known(), Ok(outcomes.clone()));
    let events = bench.record.0.lock().unwrap();
    // No change adds a package, so the copies use those of the original.
    let installs = events
        .iter()
        .filter(|(_, event)| matches!(event, Event::Preparing { step, .. } if step.ends_with("pip install")));
    assert!(installs.count() <= 1, "{events:#?}");
    let begun = events.iter().filter_map(|(_, event)| match event {
        Event::ChangeStarted { number, of, .. } => Some((*number, *of)),
        _ => None,
    });
    assert_eq!(begun.collect::<Vec<_>>(), [(1, 4), (2, 4), (3, 4), (4, 4)]);
}

#[track_caller]
fn check_holds(outcome: &ChangeOutcome) {
    assert!(outcome.state.holds(), "{outcome:#?}");
}

#[track_caller]
fn check_broken(outcome: &ChangeOutcome, why: &str, detail: &str) {
    let ChangeState::Broken { reason, details } = &outcome.state else {
        panic!("{outcome:#?}");
    };
    assert!(reason.contains(why), "{outcome:#?}");
    assert!(details.join("\n").contains(detail), "{outcome:#?}");
}

#[test]
fn an_interrupt_ends_the_checks_and_keeps_nothing() {
    let (contender, source, patches) = flask(&[("cors", "")]);
    let bench = bench();
    let subject = ChangeSubject {
        contender: &contender,
        source: &source,
        patches: &patches,
        runtime: RUNTIMES.choose(&contender, &source).unwrap(),
    };
    let changes = BTreeMap::from([("cors".to_owned(), shipped("cors"))]);
    let lab = Lab::open(config(&bench)).unwrap();
    bench.stop.store(true, Ordering::Relaxed);
    let all: Vec<&Change> = changes.values().collect();
    assert_eq!(lab.check_changes(&subject, &all), Err(LabError::Interrupted));
    assert!(known_changes(&bench.cache, &subject, &changes, &bench.scenarios).is_err());
}
