//! Installs: once, also with two installers at the same time; a failure has an owner.

use crate::bench::{Bench, fake_manifest};
use bakeoff_core::contender::{Contender, Variant, VariantStart};
use bakeoff_core::evidence::{Fault, FaultAt, Owner, Stage};
use bakeoff_lab::{ContenderSource, Origin, SourceFile};
use std::fs;
use std::thread;

fn with_command(script: &str) -> Contender {
    let mut contender = fake_manifest("good");
    contender.prepare.commands = vec![["sh", "-c", script].map(str::to_owned).to_vec()];
    contender
}

fn source() -> ContenderSource {
    ContenderSource::new([SourceFile {
        path: "server.py".to_owned(),
        bytes: b"pass".to_vec(),
    }])
}

#[track_caller]
fn check_fault(script: &str, owner: Owner, log: &str) -> Fault {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let fault = bench.prepare(&with_command(script), &source()).unwrap_err();
    assert_eq!(
        (fault.owner, &fault.at),
        (owner, &FaultAt::Stage(Stage::Prepare)),
        "{fault:#?}"
    );
    assert!(fault.log.iter().any(|line| line.contains(log)), "{fault:#?}");
    fault
}

#[test]
fn a_failed_install_has_its_owner() {
    let fault = check_fault(
        "echo no such version; exit 4",
        Owner::Contender,
        "no such version",
    );
    assert!(fault.message.contains("exit status: 4"), "{fault:#?}");
    check_fault(
        "echo 'npm error code ENOTFOUND' >&2; exit 1",
        Owner::User,
        "ENOTFOUND",
    );
}

#[test]
fn two_concurrent_installs_install_once() {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let tally = bench.cache.join("tally");
    let contender = with_command(&format!("echo installed >> {}", tally.display()));
    let origins: Vec<Origin> = thread::scope(|scope| {
        let askers: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| bench.prepare(&contender, &source()).unwrap().from))
            .collect();
        askers.into_iter().map(|asker| asker.join().unwrap()).collect()
    });
    assert_eq!(fs::read_to_string(tally).unwrap(), "installed\n");
    assert_eq!(
        origins
            .iter()
            .filter(|origin| **origin == Origin::Installed)
            .count(),
        1
    );
}

#[test]
fn a_failed_install_is_retried() {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let ready = bench.cache.join("ready");
    let contender = with_command(&format!("test -e {}", ready.display()));
    assert!(bench.prepare(&contender, &source()).is_err());
    fs::write(ready, "").unwrap();
    assert_eq!(
        bench.prepare(&contender, &source()).unwrap().from,
        Origin::Installed
    );
    assert_eq!(bench.prepare(&contender, &source()).unwrap().from, Origin::Cache);
}

#[test]
fn variants_that_differ_in_their_start_alone_share_one_install() {
    let bench = Bench::new(&[("json", 1.0)], 100.0);
    let mut contender = with_command("true");
    contender.variants = vec![Variant {
        name: "optimised".to_owned(),
        start: VariantStart {
            flags: vec!["-O".to_owned()],
            ..VariantStart::default()
        },
        ..Variant::default()
    }];
    let base = bench.prepare(&contender, &source()).unwrap();
    let variant = bench.prepare(&contender.varied()[0], &source()).unwrap();
    assert_eq!((variant.from, &variant.folder), (Origin::Cache, &base.folder));
    assert_eq!(variant.contender.name, "fake-good@optimised");
    let folder = variant.folder.display().to_string();
    assert!(!folder.contains('@'), "{folder}");
    let other = ContenderSource::new([SourceFile {
        path: "server.py".to_owned(),
        bytes: b"pass # another".to_vec(),
    }]);
    let with_other_files = bench.prepare(&contender.varied()[0], &other).unwrap();
    assert_eq!(with_other_files.from, Origin::Installed);
    assert_ne!(with_other_files.folder, base.folder);
}
