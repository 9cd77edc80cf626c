//! What every contender's folder has, and what its lock file must not name.

use super::tree::{files, root};
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
    for ending in ["package-lock.json", "requirements.lock"] {
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
        manifests.len() >= 8,
        "the first field has eight contenders, found {}",
        manifests.len()
    );
    for (path, text) in manifests {
        let folder = root().join(Path::new(&path).parent().unwrap());
        let lacking = lacks(&text, |file| folder.join(file).is_file());
        assert_eq!(lacking, None, "`{path}`");
    }
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
