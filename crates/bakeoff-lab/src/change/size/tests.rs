//! What counts as the cost of a patch.

use super::{Revision, size};
use crate::change::ChangeSize;
use crate::prepare::{ContenderSource, SourceFile};
use bakeoff_core::contender::{self, Contender};
use semver::Version;

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
tool = "python"
lock = "requirements.lock"
[start]
command = ["{python}", "app.py"]
[source]
files = ["app.py"]
"#;

fn manifest() -> Contender {
    contender::parse(MANIFEST, "contender.toml").expect("it is right")
}

fn source(files: &[(&str, &str)]) -> ContenderSource {
    ContenderSource::new(files.iter().map(|(path, text)| SourceFile {
        path: (*path).into(),
        bytes: (*text).into(),
    }))
}

const LOCK: &str = "flask==3.1.3 --hash=sha256:00\n";

#[test]
fn tokens_files_and_packages_of_a_patch_are_counted_and_its_lock_is_not() {
    let before = source(&[
        ("app.py", "a = 1\n"),
        ("old.py", "b\n"),
        ("requirements.in", "flask\n"),
        ("requirements.lock", LOCK),
        ("same.py", "c\n"),
    ]);
    let after = source(&[
        ("app.py", "a = 2  # two\n"),
        ("new.py", "f(x)\n"),
        ("requirements.in", "flask\nflask-cors\n"),
        (
            "requirements.lock",
            &format!("{LOCK}flask-cors==6.0.1 --hash=sha256:01\n"),
        ),
        ("same.py", "c\n"),
    ]);
    let manifest = manifest();
    let of = |source| Revision {
        contender: &manifest,
        source,
    };
    let runtime = Version::new(3, 13, 0);
    let found = size(of(&before), of(&after), &runtime);
    // app.py 1 for 2, new.py four, old.py one, requirements.in one.
    let expected = ChangeSize {
        tokens: 2 + 4 + 1 + 1,
        files: 4,
        packages: vec!["flask-cors".to_owned()],
    };
    assert_eq!(found, expected);
    assert_eq!(
        found.in_words(),
        "8 tokens in 4 files, adds 1 package (flask-cors)"
    );
    let nothing = size(of(&before), of(&before), &runtime);
    assert_eq!(nothing, ChangeSize::default());
    assert_eq!(nothing.in_words(), "0 tokens in 0 files");
}
