//! What every contender's folder has, and what its lock file must not name.

use super::tree::{files, root};
use bakeoff_core::contender::{self, Contender};
use std::path::Path;

/// What in a lock file would tie it to the place that its packages came from.
fn origin_in(lock: &str) -> Option<&'static str> {
    let origins = [
        "\"resolved\"",
        "http://",
        "--index-url",
        "--find-links",
        "--extra-index-url",
    ];
    origins.into_iter().find(|origin| lock.contains(origin))
}

/// What a contender's folder lacks beside this manifest.
fn lacks(manifest: &str, has_file: impl Fn(&str) -> bool) -> Option<&'static str> {
    let lock = manifest
        .lines()
        .find_map(|line| line.strip_prefix("lock = "))
        .and_then(|lock| lock.split('"').nth(1));
    if !has_file("README.md") {
        Some("a README")
    } else if !lock.is_some_and(has_file) {
        Some("the lock file that the manifest names")
    } else {
        None
    }
}

#[test]
fn lock_files_name_no_host() {
    for ending in [
        "package-lock.json",
        "requirements.lock",
        "requirements-test.lock",
        "maven.lock",
    ] {
        let locks = files("contenders", &[ending]);
        assert!(!locks.is_empty(), "no `{ending}` found");
        for (path, text) in locks {
            let origin = origin_in(&text);
            assert_eq!(origin, None, "`{path}` names where its packages came from");
        }
    }
}

#[test]
fn every_contender_has_a_manifest_a_lock_and_a_readme() {
    let manifests = files("contenders", &["contender.toml"]);
    assert!(
        manifests.len() >= 12,
        "the repository ships twelve contenders, found {}",
        manifests.len()
    );
    for (path, text) in manifests {
        let folder = root().join(Path::new(&path).parent().unwrap());
        let lacking = lacks(&text, |file| folder.join(file).is_file());
        assert_eq!(lacking, None, "`{path}`");
    }
}

/// Whether the remarks of a manifest say something of the database driver that it declares.
fn remarks_name_the_driver(contender: &Contender) -> bool {
    let driver = contender.data.driver.as_deref();
    let mut words = contender.remarks.split(|sign: char| !sign.is_alphanumeric());
    driver.is_some_and(|driver| words.any(|word| word == driver))
}

/// The rule for drivers' defaults in `contenders/README.md` needs remarks that say how the driver is set.
#[test]
fn the_remarks_of_every_contender_say_how_its_driver_is_set() {
    for (path, text) in files("contenders", &["contender.toml"]) {
        let contender = contender::parse(&text, &path).unwrap();
        assert!(
            remarks_name_the_driver(&contender),
            "`{path}`: the remarks say nothing of the driver: {}",
            contender.remarks
        );
    }
}

#[test]
fn remarks_that_leave_the_driver_out_are_found() {
    let (_, text) = files("contenders", &["node-http/contender.toml"]).remove(0);
    let mut contender = contender::parse(&text, "contender.toml").unwrap();
    assert!(remarks_name_the_driver(&contender));
    contender.remarks = "pgbouncer is not used".to_owned();
    assert!(!remarks_name_the_driver(&contender));
}

#[test]
fn a_lock_with_an_origin_and_a_folder_that_lacks_a_file_are_found() {
    assert_eq!(origin_in("flask==3.1.0 --hash=sha256:1\n"), None);
    assert_eq!(
        origin_in("--index-url https://x\nflask==3.1.0"),
        Some("--index-url")
    );
    assert!(origin_in("{\"resolved\": \"x\"}").is_some());
    let manifest = "name = \"a\"\nlock = \"a.lock\"\n";
    assert_eq!(lacks(manifest, |_| true), None);
    assert_eq!(lacks(manifest, |file| file == "a.lock"), Some("a README"));
    assert!(lacks(manifest, |file| file == "README.md").is_some());
    assert!(lacks("name = \"a\"", |_| true).is_some());
}
