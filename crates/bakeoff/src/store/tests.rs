//! The store on a disk that is full, where what was written stays and the error says what to do; under a clock that
//! steps back; with launches, also in a store from before there were any.

use super::Store;
use crate::brief_file::BriefFile;
use crate::exit::Exit;
use bakeoff_core::brief::Brief;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{
    Curve, CurveKind, DisturbedAttempt, EndReason, Host, Label, Launch, LaunchEnd, Run, Trial,
};
use bakeoff_core::plan::Plan;
use std::path::Path;

fn run() -> Run {
    Run {
        id: "2026-11-24T090000Z-full".to_owned(),
        version: "0.1.0".to_owned(),
        brief_path: "full.toml".to_owned(),
        brief_text: String::new(),
        brief_sha256: String::new(),
        started: "2026-11-24T09:00:00Z".to_owned(),
        finished: None,
        stop: None,
        host: Host::default(),
        plan: Plan::new(vec!["a".to_owned(), "b".to_owned()], 60.0, 1, vec![28.4]),
        contenders: Vec::new(),
        launches: Vec::new(),
        trials: Vec::new(),
        advice: Vec::new(),
        claims: Vec::new(),
    }
}

/// A trial with a histogram of that size, in bytes.
fn trial(block: u32, bytes: usize) -> Trial {
    Trial {
        curves: vec![Curve {
            label: Label::All,
            kind: CurveKind::Response,
            hdr: vec![7; bytes],
        }],
        ..Trial::new(block, Entrant::contender("a"))
    }
}

fn brief() -> Brief {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../briefs/order-api.toml");
    BriefFile::open(Some(&path)).unwrap().brief
}

#[test]
fn a_clock_that_steps_back_neither_hides_the_newest_run_nor_takes_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let brief = brief();
    let mut store = Store::open(folder.path()).unwrap();
    let first = run();
    store.begin(&first, &brief).unwrap();
    assert_eq!(store.free_id("another").unwrap(), "another");
    let earlier = "2026-11-23T090000Z-full";
    for (id, wanted) in [(earlier, earlier), ("2026-11-23T090000Z-full-2", earlier)] {
        let second = Run {
            id: store.free_id(wanted).unwrap(),
            started: "2026-11-23T09:00:00Z".to_owned(),
            ..run()
        };
        assert_eq!(second.id, id);
        store.begin(&second, &brief).unwrap();
        assert_eq!(store.resolve("latest").unwrap(), id, "the newest began last");
        assert_eq!(store.unfinished(Some(&brief.name)).unwrap().as_deref(), Some(id));
        assert_eq!(
            store.resolve(id).unwrap(),
            id,
            "a whole id is no beginning of others"
        );
    }
}

#[test]
fn a_full_disk_keeps_what_was_stored_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let brief = brief();
    let run = run();
    let mut store = Store::open(folder.path()).unwrap();
    store.begin(&run, &brief).unwrap();
    store.save_trial(&run.id, &trial(0, 1_000)).unwrap();
    // SQLite answers a write beyond this as it answers a disk that has no more room: SQLITE_FULL.
    store
        .connection
        .pragma_update(None, "max_page_count", 40)
        .unwrap();
    let failure = store.save_trial(&run.id, &trial(1, 1_000_000)).unwrap_err();
    assert_eq!(failure.exit, Exit::LabFailed, "{failure}");
    assert!(
        failure.text.contains("full") && failure.text.contains("everything stored so far is kept"),
        "{failure}"
    );
    drop(store);

    let mut store = Store::existing(folder.path()).unwrap();
    let kept = store.load(&run.id).unwrap().run;
    assert_eq!(kept.trials, [trial(0, 1_000)]);
    assert_eq!(store.unfinished(None).unwrap(), Some(run.id.clone()));
    store.save_trial(&run.id, &trial(1, 1_000_000)).unwrap();
    assert_eq!(
        store.load(&run.id).unwrap().run.trials.len(),
        2,
        "with room again the run goes on"
    );
}

#[test]
fn the_repeat_of_a_disturbed_trial_takes_its_place_with_its_histograms() {
    let folder = tempfile::tempdir().unwrap();
    let (brief, run) = (brief(), run());
    let mut store = Store::open(folder.path()).unwrap();
    store.begin(&run, &brief).unwrap();
    store.save_trial(&run.id, &trial(0, 10)).unwrap();
    store.save_trial(&run.id, &trial(1, 10)).unwrap();
    let repeat = Trial {
        first_attempt: Some(DisturbedAttempt {
            at_s: 4.0,
            seconds: 3.0,
            reason: "machine quiet: 40 % stolen".to_owned(),
        }),
        ..trial(1, 20)
    };
    store.replace_trial(&run.id, &repeat).unwrap();
    assert_eq!(store.load(&run.id).unwrap().run.trials, [trial(0, 10), repeat]);
}

/// A launch of the first contender, in the first round.
fn launch(id: u32) -> Launch {
    Launch {
        seconds: 12.5,
        ..Launch::new(id, 0, Entrant::contender("a"))
    }
}

#[test]
fn launches_and_their_ends_are_read_back_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let (brief, run) = (brief(), run());
    let mut store = Store::open(folder.path()).unwrap();
    store.begin(&run, &brief).unwrap();
    for id in 0..12 {
        store.save_launch(&run.id, &launch(id)).unwrap();
    }
    assert!(
        store.save_launch(&run.id, &launch(3)).is_err(),
        "no launch takes the place of another"
    );
    let ended = Launch {
        end: Some(LaunchEnd::new(EndReason::Died, 40.0)),
        ..launch(10)
    };
    store.save_launch_end(&run.id, &ended).unwrap();
    let of_a_launch = Trial {
        launch: Some(10),
        ..trial(0, 10)
    };
    store.save_trial(&run.id, &of_a_launch).unwrap();
    let kept = store.load(&run.id).unwrap().run;
    let expected: Vec<Launch> = (0..12)
        .map(|id| if id == 10 { ended.clone() } else { launch(id) })
        .collect();
    assert_eq!(kept.launches, expected);
    assert_eq!(kept.trials, [of_a_launch]);
    let line = &store.runs().unwrap()[0];
    assert_eq!((line.launches, line.trials), (12, 1));
}

#[test]
fn a_store_from_before_launches_opens_and_takes_them() {
    let folder = tempfile::tempdir().unwrap();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stored/bakeoff.db");
    std::fs::copy(kept, folder.path().join("bakeoff.db")).unwrap();
    let mut store = Store::existing(folder.path()).unwrap();
    let id = store.resolve("latest").unwrap();
    let old = store.load(&id).unwrap().run;
    assert_eq!((old.launches.len(), old.trials.len()), (0, 35));
    assert!(old.trials.iter().all(|trial| trial.launch.is_none()));
    store.save_launch(&id, &launch(0)).unwrap();
    drop(store);
    let again = Store::existing(folder.path()).unwrap();
    assert_eq!(again.load(&id).unwrap().run.launches, [launch(0)]);
}
