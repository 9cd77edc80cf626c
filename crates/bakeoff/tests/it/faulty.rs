//! Contenders with a deliberate fault: a real one of this repository with a few words of its code changed, or a fake
//! one without dependencies.

use crate::program::{Place, repository};
use std::fs;
use std::path::Path;

/// A change of a contender's code: in this file, these words become those.
pub(crate) type Change<'c> = (&'c str, &'c str, &'c str);

/// A copy of a real contender under another name, with its code changed.
pub(crate) fn derive(place: &Place, from: &str, name: &str, changes: &[Change<'_>]) {
    let folder = place.path().join("contenders").join(name);
    copy(&repository().join("contenders").join(from), &folder);
    let manifest = (
        "contender.toml",
        &*format!("name = \"{from}\""),
        &*format!("name = \"{name}\""),
    );
    for (file, words, others) in changes.iter().chain([&manifest]) {
        let path = folder.join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.contains(words),
            "`{file}` of {from} has no `{words}` to change"
        );
        fs::write(&path, text.replace(words, others)).unwrap();
    }
}

/// A contender without dependencies whose server is that JavaScript.
pub(crate) fn fake(place: &Place, name: &str, server: &str) {
    let manifest = format!(
        r#"name = "{name}"
title = "{name}"
family = "node"
language = "javascript"
server = "node:http"
homepage = "https://nodejs.org"
model = {{ concurrency = "event-loop", style = "async" }}

[runtime]
name = "node"
version = ">=20"

[prepare]
commands = []

[start]
command = ["{{node}}", "server.js"]

[source]
files = ["server.js"]
"#
    );
    place.write(&format!("contenders/{name}/contender.toml"), &manifest);
    place.write(&format!("contenders/{name}/server.js"), server);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            if entry.file_name() != "node_modules" {
                copy(&entry.path(), &target);
            }
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
