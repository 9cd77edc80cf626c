//! What people reported of stored results and of folders of decision records: a store that may be read and not written,
//! and folders that are numbered in another way.

use crate::program::Place;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stored/bakeoff.db")
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// A user who may not write what root owns; root itself may write everything.
const NOBODY: u32 = 65_534;

/// Runs a command in a folder that may not be written, as somebody who is not root.
fn run_reading(place: &Place, program: &Path, args: &[&str]) -> (i32, String) {
    let mut command = Command::new(program);
    command.args(args).current_dir(place.path());
    if nix::unistd::geteuid().is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8(text).unwrap(),
    )
}

#[test]
fn a_store_that_may_not_be_written_is_read() {
    let place = Place::new();
    let results = place.path().join("results");
    fs::create_dir(&results).unwrap();
    fs::copy(kept(), results.join("bakeoff.db")).unwrap();
    // Somebody else must reach the program and the folder; the folder of a build may be root's alone.
    let program = place.path().join("bakeoff");
    fs::copy(env!("CARGO_BIN_EXE_bakeoff"), &program).unwrap();
    mode(&program, 0o755);
    mode(&results.join("bakeoff.db"), 0o444);
    mode(&results, 0o555);
    mode(place.path(), 0o755);
    let before = fs::read(results.join("bakeoff.db")).unwrap();
    for args in [
        &["decide", "latest"][..],
        &["list", "runs"],
        &["report", "--format", "csv"],
        &["report", "--format", "text"],
        &["compare", "latest", "latest"],
    ] {
        let (code, text) = run_reading(&place, &program, &[args, &["--results", "results"]].concat());
        assert!(matches!(code, 0 | 1 | 4), "{args:?}: {code} {text}");
        assert!(
            !text.contains("readonly") && !text.contains("error:"),
            "{args:?}: {text}"
        );
    }
    assert_eq!(
        fs::read(results.join("bakeoff.db")).unwrap(),
        before,
        "reading changes nothing"
    );
    assert_eq!(fs::read_dir(&results).unwrap().count(), 1, "and leaves nothing");
    // A store that may not even be read is an error with its path.
    mode(&results.join("bakeoff.db"), 0o000);
    let (code, text) = run_reading(&place, &program, &["list", "runs", "--results", "results"]);
    assert!(code == 3 && text.contains("results/bakeoff.db"), "{code} {text}");
    mode(&results, 0o755);
}

/// Adds the record of the stored run to a folder with these files; the name of the new one.
fn added(files: &[&str]) -> String {
    let place = Place::new();
    fs::create_dir(place.path().join(".bakeoff")).unwrap();
    fs::copy(kept(), place.path().join(".bakeoff/bakeoff.db")).unwrap();
    for file in files {
        place.write(&format!("records/{file}"), "# x\n");
    }
    let said = place.run(&[
        "report",
        "--format",
        "adr",
        "--directory",
        "records",
        "--style",
        "nygard",
    ]);
    assert_eq!(said.code, 0, "{}", said.err);
    let path = said.out.trim().lines().last().unwrap().to_owned();
    let text = place.read(&path);
    let name = path.rsplit('/').next().unwrap().to_owned();
    // The form repeats the number in its heading.
    let number: String = name
        .split('-')
        .find(|part| part.chars().all(|c| c.is_ascii_digit()))
        .unwrap_or_default()
        .to_owned();
    let heading = text
        .lines()
        .find(|line| line.starts_with("# "))
        .unwrap()
        .to_owned();
    if !name.starts_with("20") {
        let expected = format!("# {}. ", number.parse::<u32>().unwrap());
        assert!(heading.starts_with(&expected), "{name}: {heading}");
    }
    name
}

#[test]
fn the_next_record_continues_any_folder() {
    for (files, begins) in [
        (&["001-a.md", "012-b.md"][..], "013-"),
        (&["ADR-0001-a.md", "ADR-0002-b.md"], "ADR-0003-"),
        (&["ADR-0001-a.md", "0004-b.md"], "0005-"),
        (&["A-13-a.md", "A-14-b.md"], "A-15-"),
        (&["0005.md", "0006_x.md", "0007 y.md"], "0008-"),
        (&["9999-a.md", "10000-b.md"], "10001-"),
        (&["0010-z.md", "0011-y.adoc"], "0012-"),
        (&["2024-01-01-a.md", "2025-03-02-b.md"], "20"),
        (&["README.md", "template.md"], "0001-"),
    ] {
        let name = added(files);
        assert!(name.starts_with(begins), "{files:?}: {name}");
    }
    let dated = added(&["2024-01-01-a.md"]);
    assert_eq!(
        dated.split('-').take(3).map(str::len).collect::<Vec<_>>(),
        [4, 2, 2],
        "{dated}"
    );
}
