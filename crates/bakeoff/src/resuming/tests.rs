//! Which of several unfinished runs goes on, and with which brief.

use super::unfinished;
use crate::brief_file::BriefFile;
use crate::exit::Exit;
use crate::store::Store;
use bakeoff_core::evidence::{Run, StopReason};
use bakeoff_core::fixture::Fixture;
use bakeoff_core::plan::Plan;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder with briefs and a store.
struct Place(TempDir);

impl Place {
    fn new() -> Place {
        Place(tempfile::tempdir().unwrap())
    }

    fn results(&self) -> PathBuf {
        self.0.path().join("results")
    }

    /// Writes the example brief under another name.
    fn brief(&self, name: &str) -> PathBuf {
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../briefs/order-api.toml");
        let text = fs::read_to_string(example).unwrap();
        let path = self.0.path().join(format!("{name}.toml"));
        fs::write(
            &path,
            text.replace("name = \"order-api\"", &format!("name = \"{name}\"")),
        )
        .unwrap();
        path
    }

    /// Begins a run for that brief.
    fn begin(&self, id: &str, brief: &Path, plan: Plan) {
        let file = BriefFile::open(Some(brief)).unwrap();
        let run = Run {
            id: id.to_owned(),
            brief_path: file.shown.clone(),
            brief_text: file.text.clone(),
            brief_sha256: file.sha256.clone(),
            plan,
            trials: Vec::new(),
            ..Fixture::new(&[("node-http", 1.0), ("node-hapi", 1.0)]).run()
        };
        Store::open(&self.results())
            .unwrap()
            .begin(&run, &file.brief)
            .unwrap();
    }
}

fn plan() -> Plan {
    Plan::new(
        vec!["node-http".to_owned(), "node-hapi".to_owned()],
        600.0,
        1,
        vec![1.0],
    )
}

#[test]
fn without_a_brief_the_last_unfinished_run_of_any_brief_goes_on() {
    let place = Place::new();
    let (one, other) = (place.brief("one"), place.brief("other"));
    place.begin("run-1", &one, plan());
    place.begin("run-2", &other, plan());
    place.begin("run-3", &one, plan());
    let goes_on = |brief: Option<&Path>| unfinished(&place.results(), brief).unwrap();
    let last = goes_on(None);
    assert_eq!(
        (last.run.id.as_str(), last.file.brief.name.as_str()),
        ("run-3", "one")
    );
    assert_eq!(goes_on(Some(&other)).run.id, "run-2");
    let mut store = Store::open(&place.results()).unwrap();
    store
        .end("run-3", Some("2026-11-24T09:10:00Z"), &StopReason::PlanDone)
        .unwrap();
    assert_eq!(goes_on(None).run.id, "run-2");
    assert_eq!(goes_on(Some(&one)).run.id, "run-1");
    // The file is gone, and its text is stored.
    fs::remove_file(&other).unwrap();
    assert_eq!(goes_on(None).file.brief.name, "other");
}

#[test]
fn a_changed_brief_an_older_version_and_nothing_to_continue_are_errors() {
    let place = Place::new();
    let brief = place.brief("one");
    let failure = || unfinished(&place.results(), None).err().unwrap();
    assert_eq!(failure().exit, Exit::Usage);
    place.begin("run-1", &brief, plan());
    let mut text = fs::read_to_string(&brief).unwrap();
    text.push_str("# a remark\n");
    fs::write(&brief, text).unwrap();
    assert!(
        failure().text.contains("has changed since the run `run-1` began"),
        "{}",
        failure()
    );
    let old = Plan {
        rounds: Vec::new(),
        ..plan()
    };
    place.begin("run-2", &brief, old);
    let words = "was begun by a version that measured in another way; begin a new run";
    assert!(failure().text.contains(words), "{}", failure());
    assert_eq!(failure().exit, Exit::Usage);
    let mut store = Store::open(&place.results()).unwrap();
    for id in ["run-1", "run-2"] {
        store
            .end(id, Some("2026-11-24T09:10:00Z"), &StopReason::PlanDone)
            .unwrap();
    }
    assert!(failure().text.contains("to continue"), "{}", failure());
}
