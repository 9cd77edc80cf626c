//! Orphans of several living trees: each belongs to the tree that it came from, and to no other.

use crate::process::lab_instance::LabInstance;
use crate::process::{Program, Snapshot, Supervised, adopt_orphans_and_raise_limits};
use crate::procfs;
use std::thread;
use std::time::{Duration, Instant};

/// A shell whose grandchild leaves its session, its environment and its parent behind, and sleeps for `seconds`, which
/// tell it from others.
fn leaves_an_orphan(seconds: &str) -> Supervised {
    let script = format!("sleep 0.2; (setsid env -i /bin/sh -c 'sleep {seconds}; :' &); sleep 60");
    Program::new("/bin/sh", "/")
        .arguments(["-c", &script])
        .start(LabInstance::this())
        .unwrap()
}

fn commands(process: &Supervised, at: &Snapshot) -> Vec<String> {
    let members = process.members_at(at).into_iter();
    members.map(|stat| procfs::command_line(stat.pid)).collect()
}

#[test]
fn the_orphans_of_two_trees_are_told_apart() {
    adopt_orphans_and_raise_limits();
    let (older, younger) = (leaves_an_orphan("61.25"), leaves_an_orphan("62.25"));
    let until = Instant::now() + Duration::from_secs(10);
    let has = |commands: &[String], seconds: &str| {
        // The shell that was started has the words in its script as well, behind `setsid`.
        commands
            .iter()
            .any(|command| command.contains(seconds) && !command.contains("setsid"))
    };
    loop {
        let at = Snapshot::read();
        let (of_older, of_younger) = (commands(&older, &at), commands(&younger, &at));
        assert!(!has(&of_older, "62.25"), "{of_older:?}");
        assert!(!has(&of_younger, "61.25"), "{of_younger:?}");
        if has(&of_older, "61.25") && has(&of_younger, "62.25") {
            break;
        }
        assert!(Instant::now() < until, "{of_older:?} {of_younger:?}");
        thread::sleep(Duration::from_millis(5));
    }
    let orphan = younger.members().into_iter();
    let orphan = orphan.filter(|stat| stat.pid != younger.pid()).count();
    drop(older);
    let left = younger.members().into_iter().filter(|stat| !stat.is_zombie());
    assert!(
        left.filter(|stat| stat.pid != younger.pid()).count() >= orphan.min(1),
        "the end of one tree kills nothing of the other"
    );
}
