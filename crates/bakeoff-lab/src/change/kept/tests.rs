//! What is kept is found again while nothing that it depends on changes.

use super::{keep, known};
use crate::change::{ChangeOutcome, ChangeSize, ChangeState, ChangeSubject, Patches};
use crate::prepare::{ContenderSource, SourceFile};
use crate::runtime::Runtime;
use bakeoff_core::contender;
use bakeoff_core::scenario::{Change, parse_change};
use semver::Version;
use std::collections::BTreeMap;
use std::path::Path;

const MANIFEST: &str = r#"
name = "x"
title = "X"
family = "python"
language = "python"
server = "x"
homepage = "https://example.org"
model = { concurrency = "threads", style = "sync" }
[runtime]
name = "python"
version = ">=3.11"
[prepare]
commands = []
[start]
command = ["{python}", "app.py"]
[source]
files = ["app.py"]
"#;

fn change(id: &str) -> Change {
    let text = format!("id = \"{id}\"\ntitle = \"T\"\nsummary = \"S\"\nopenapi = true\n");
    parse_change(&text, "c.toml").expect("it is right")
}

fn changes() -> BTreeMap<String, Change> {
    let pair = |id: &str| (id.to_owned(), change(id));
    BTreeMap::from([pair("cors"), pair("openapi")])
}

/// What is known of a contender with these patches after `outcome` was kept for all changes of `kept_for`.
fn check(
    cache: &Path,
    files: &[(&str, &str)],
    python: u64,
    keeps: Option<&ChangeState>,
) -> Result<usize, String> {
    let whole = ContenderSource::new(files.iter().map(|(path, text)| SourceFile {
        path: (*path).into(),
        bytes: (*text).into(),
    }));
    let contender = contender::parse(MANIFEST, "contender.toml").expect("it is right");
    let runtime = Runtime {
        name: "python".to_owned(),
        program: "/usr/bin/python3".into(),
        version: Version::new(3, python, 0),
    };
    let subject = ChangeSubject {
        contender: &contender,
        source: &whole.without(&[Patches::FOLDER]),
        patches: &Patches::among(&whole, "contenders/x"),
        runtime: &runtime,
    };
    let (changes, scenarios) = (changes(), BTreeMap::new());
    if let Some(state) = keeps {
        for change in changes.values() {
            let outcome = ChangeOutcome {
                id: change.id.clone(),
                title: change.title.clone(),
                size: Some(ChangeSize::default()),
                state: state.clone(),
            };
            keep(cache, &subject, change, &scenarios, &outcome).expect("the cache can be written");
        }
    }
    known(cache, &subject, &changes, &scenarios).map(|outcomes| outcomes.len())
}

#[test]
fn what_was_kept_holds_until_a_patch_a_file_or_the_runtime_changes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let cache = folder.path();
    let files = [
        ("app.py", "a"),
        ("changes/cors.patch", ""),
        ("changes/openapi.patch", ""),
    ];
    let unchecked = "its changes have not been checked as they are now: a run without `--skip-changes` \
                     does it, and so does `bakeoff check x --changes`";
    assert_eq!(check(cache, &files, 13, None), Err(unchecked.to_owned()));
    let here = ChangeState::NotChecked {
        reason: "no network".to_owned(),
    };
    assert_eq!(check(cache, &files, 13, Some(&here)), Err(unchecked.to_owned()));
    let holds = ChangeState::Holds { cases: 7 };
    assert_eq!(check(cache, &files, 13, Some(&holds)), Ok(2));
    assert_eq!(check(cache, &files, 13, None), Ok(2));
    assert!(check(cache, &files, 12, None).is_err(), "another runtime");
    let other = [("app.py", "b"), files[1], files[2]];
    assert!(check(cache, &other, 13, None).is_err(), "another file");
    let other = [files[0], ("changes/cors.patch", "x"), files[2]];
    assert!(check(cache, &other, 13, None).is_err(), "another patch");
}

#[test]
fn patches_that_are_not_there_are_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let none = check(folder.path(), &[("app.py", "a")], 13, None);
    let expected = "its folder has no `changes`, the patches for the standard changes";
    assert_eq!(none, Err(expected.to_owned()));
    let one = [("app.py", "a"), ("changes/cors.patch", "")];
    let expected = "its folder `changes` lacks `openapi.patch`";
    assert_eq!(check(folder.path(), &one, 13, None), Err(expected.to_owned()));
}
