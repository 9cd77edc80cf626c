//! Patches of several files, and those that do not apply, each with what its author then reads.

use super::apply;
use crate::prepare::{ContenderSource, SourceFile};

const FILE: &str = "contenders/x/changes/cors.patch";

const APP: &str = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n";

const PATCH: &str = "\
diff --git a/app.js b/app.js
index 1111111..2222222 100644
--- a/app.js
+++ b/app.js
@@ -1,3 +1,4 @@
 one
+one and a half
 two
 three
@@ -7,3 +8,2 @@ seven
 seven
-eight
 nine
diff --git a/lib/new.js b/lib/new.js
new file mode 100644
index 0000000..3333333
--- /dev/null
+++ b/lib/new.js
@@ -0,0 +1,2 @@
+first
+second
diff --git a/old.js b/old.js
deleted file mode 100644
index 4444444..0000000
--- a/old.js
+++ /dev/null
@@ -1 +0,0 @@
-gone
";

fn source(files: &[(&str, &str)]) -> ContenderSource {
    ContenderSource::new(files.iter().map(|(path, text)| SourceFile {
        path: (*path).into(),
        bytes: (*text).into(),
    }))
}

fn contender() -> ContenderSource {
    source(&[("app.js", APP), ("kept.js", "kept\n"), ("old.js", "gone\n")])
}

#[test]
fn files_are_changed_added_and_deleted() {
    let changed = APP
        .replace("one\n", "one\none and a half\n")
        .replace("eight\n", "");
    let expected = source(&[
        ("app.js", &changed),
        ("kept.js", "kept\n"),
        ("lib/new.js", "first\nsecond\n"),
    ]);
    assert_eq!(apply(PATCH, FILE, &contender()), Ok(expected));
}

#[test]
fn an_empty_patch_changes_nothing() {
    for empty in ["", "\n"] {
        assert_eq!(apply(empty, FILE, &contender()), Ok(contender()));
    }
}

#[test]
fn lines_that_moved_are_found() {
    let moved = source(&[("app.js", &format!("zero\n{APP}")), ("old.js", "gone\n")]);
    let after = apply(PATCH, FILE, &moved).expect("the hunks apply one line below");
    let text = String::from_utf8_lossy(after.get("app.js").expect("it stays")).into_owned();
    assert!(text.starts_with("zero\none\none and a half\n") && !text.contains("eight"));
}

#[track_caller]
fn check(patch: &str, source: &ContenderSource, expected: &str) {
    assert_eq!(apply(patch, FILE, source), Err(expected.to_owned()));
}

#[test]
fn a_patch_that_does_not_apply_names_its_file_and_the_hunk() {
    let other = source(&[("app.js", &APP.replace("eight", "acht")), ("old.js", "gone\n")]);
    check(
        PATCH,
        &other,
        "`contenders/x/changes/cors.patch:10`: hunk 2 of 2 of `app.js` does not apply: the contender's file has no \
         such lines",
    );
    check(
        PATCH,
        &source(&[("app.js", APP)]),
        "`contenders/x/changes/cors.patch` changes `old.js`, which the contender does not have: `git diff \
         --relative`, run in the contender's folder, prints the right paths",
    );
    let with_new = contender().with(&source(&[("lib/new.js", "mine\n")]));
    check(
        PATCH,
        &with_new,
        "`contenders/x/changes/cors.patch` adds `lib/new.js`, which the contender has already",
    );
}

#[test]
fn what_is_no_git_diff_is_refused() {
    let plain = "--- app.js\n+++ app.js\n@@ -1 +1 @@\n-one\n+uno\n";
    let said = apply(plain, FILE, &contender()).expect_err("it has no line `diff --git`");
    assert!(
        said.starts_with("`contenders/x/changes/cors.patch` is no patch as `git diff` prints it: "),
        "{said}"
    );
}

#[test]
fn a_head_that_counts_too_few_lines_is_refused() {
    let short = PATCH.replace("@@ -1,3 +1,4 @@", "@@ -1,2 +1,3 @@");
    assert!(apply(&short, FILE, &contender()).is_err());
}
