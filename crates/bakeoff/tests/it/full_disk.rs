//! A results folder on a really full file system: acknowledged launches and trials stay, the error has a hint, and with
//! free space the run continues. It needs the right to mount; a test of the store covers SQLite's own limit without
//! that right.

use crate::killed::{BRIEF, said, stored};
use crate::program::{Place, has_ended, left_behind_by};
use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::thread;
use std::time::Duration;

/// Room for the store and the documents of a run, in KB.
const ROOM_KB: u32 = 8 * 1024;

/// As the run that is killed, and longer, so that there is something left to go on with.
const LONGER: [&str; 9] = [
    "run",
    "killed.toml",
    "--only",
    "node-http,node-fastify",
    "--budget=14s",
    "--time-share",
    "0.05",
    "--skip-changes",
    "--skip-browser",
];

#[test]
fn a_full_disk_ends_the_run_and_loses_nothing_that_was_acknowledged() {
    // The mounts of a thread of its own are nobody else's, and go with it.
    let test = thread::spawn(|| {
        let alone = unshare(CloneFlags::CLONE_NEWNS)
            .and_then(|()| remount(Path::new("/"), MsFlags::MS_REC | MsFlags::MS_PRIVATE, None));
        match alone {
            Ok(()) => fill_and_make_room(),
            Err(errno) => println!("not asked: this user may not mount a file system ({errno})"),
        }
    });
    test.join().unwrap();
}

fn remount(at: &Path, flags: MsFlags, kb: Option<u32>) -> nix::Result<()> {
    let size = kb.map(|kb| format!("size={kb}k"));
    mount(
        Some("tmpfs"),
        at,
        size.as_ref().map(|_| "tmpfs"),
        flags,
        size.as_deref(),
    )
}

fn fill_and_make_room() {
    let place = Place::new();
    place.write("killed.toml", BRIEF);
    let results = place.path().join(".bakeoff");
    fs::create_dir(&results).unwrap();
    remount(&results, MsFlags::empty(), Some(ROOM_KB)).unwrap();

    let mut child = place.start(&LONGER, "first.log");
    while said(&place.read("first.log")).is_empty() {
        assert_eq!(child.try_wait().unwrap(), None, "{}", place.read("first.log"));
        thread::sleep(Duration::from_millis(5));
    }
    let ballast = results.join("ballast");
    fill(&ballast);
    let code = child.wait().unwrap().code();
    let log = place.read("first.log");
    println!("{log}");
    assert_eq!(code, Some(3), "{log}");
    for words in ["cannot be written", "disk is full", "--resume", "is kept"] {
        assert!(log.contains(words), "the error does not say `{words}`:\n{log}");
    }
    assert_eq!(left_behind_by(child.id()), Vec::<String>::new());
    let said = said(&log);

    fs::remove_file(ballast).unwrap();
    let kept = stored(&place).expect("the run is in the store");
    assert!(said.is_subset(&kept), "said {said:?}, stored {kept:?}");
    let resumed = place.run(&["run", "--resume"]);
    assert!(has_ended(Some(resumed.code)), "{}", resumed.err);
    let all = stored(&place).unwrap();
    println!(
        "{} launches and trials said, {} kept, {} in the end",
        said.len(),
        kept.len(),
        all.len()
    );
    assert!(all.is_superset(&kept) && all.len() > kept.len());
    assert!(results.join("runs/latest/report.html").is_file());
}

/// Takes the last byte that is left.
fn fill(ballast: &Path) {
    let mut file = fs::File::create(ballast).unwrap();
    for size in [64 * 1024, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
}
