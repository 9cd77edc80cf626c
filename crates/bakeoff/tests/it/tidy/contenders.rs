//! What every contender's folder has, and what its lock file must not name.

use super::tree::{files, root};
use std::path::Path;

#[test]
fn lock_files_name_no_host() {
    for ending in ["package-lock.json", "requirements.lock"] {
        let locks = files("contenders", &[ending]);
        assert!(!locks.is_empty(), "no `{ending}` found");
        for (path, text) in locks {
            for host_like in [
                "\"resolved\"",
                "http://",
                "--index-url",
                "--find-links",
                "--extra-index-url",
            ] {
                assert!(
                    !text.contains(host_like),
                    "`{path}` names where it came from: `{host_like}`"
                );
            }
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
        assert!(
            folder.join("README.md").is_file(),
            "`{path}` has no README beside it"
        );
        let lock = text
            .lines()
            .find_map(|line| line.strip_prefix("lock = "))
            .map(|lock| lock.split('"').nth(1).unwrap_or("").to_owned());
        assert!(
            lock.is_some_and(|lock| folder.join(lock).is_file()),
            "`{path}` names no lock file that is there"
        );
    }
}
