//! Which runtime a contender takes on machines that differ, and the reason it gets where it takes none.

use super::{Found, Runtimes, newest_of};
use crate::prepare::{ContenderSource, SourceFile};
use crate::runtime::Runtime;
use bakeoff_core::contender::{self, Contender};
use jiff::civil::date;
use semver::Version;

/// A machine with these versions of Node.js, found in this order.
fn machine(versions: &[&str]) -> Runtimes {
    let found = versions.iter().map(|version| Found {
        name: "node".to_owned(),
        program: format!("/opt/node-{version}").into(),
        place: "PATH".to_owned(),
        provided: None,
        outcome: Ok(Runtime {
            name: "node".to_owned(),
            program: format!("/opt/node-{version}").into(),
            version: Version::parse(version).unwrap(),
        }),
    });
    Runtimes {
        found: found.collect(),
        ..Runtimes::none(date(2026, 11, 28))
    }
}

fn wanted(name: &str, version: &str) -> contender::Runtime {
    contender::Runtime::of(name, version)
}

/// A contender that needs this version, with a package that supports that one.
fn contender(version: &str, engines: &str) -> (Contender, ContenderSource) {
    let manifest = format!(
        r#"
name = "node-x"
title = "X"
family = "node"
language = "javascript"
server = "node:http"
homepage = "https://example.org"
model = {{ concurrency = "event-loop", style = "async" }}
[runtime]
name = "node"
version = "{version}"
[prepare]
tool = "npm"
lock = "package-lock.json"
[start]
command = ["{{node}}", "server.js"]
[source]
files = ["server.js"]
"#
    );
    let lock = format!(
        r#"{{ "lockfileVersion": 3, "packages": {{ "node_modules/x": {{ "version": "1.2.3", "engines": {{ "node": "{engines}" }} }} }} }}"#
    );
    let source = ContenderSource::new([SourceFile {
        path: "package-lock.json".to_owned(),
        bytes: lock.into_bytes(),
    }]);
    (contender::parse(&manifest, "contender.toml").unwrap(), source)
}

fn chosen(runtimes: &Runtimes, version: &str, engines: &str) -> Result<String, String> {
    let (contender, source) = contender(version, engines);
    match runtimes.choose(&contender, &source) {
        Ok(runtime) => Ok(runtime.version.to_string()),
        Err(unavailable) => Err(unavailable.to_string()),
    }
}

#[test]
fn the_newest_supported_one_that_manifest_and_packages_allow_is_taken() {
    let machine = machine(&["20.20.2", "22.23.3", "24.22.3"]);
    let check = |version: &str, engines: &str, expected: &str| {
        assert_eq!(chosen(&machine, version, engines).as_deref(), Ok(expected));
    };
    check(">=20", ">=18", "24.22.3");
    check(">=20, <24", ">=18", "22.23.3");
    check(">=20", "20 || 22", "22.23.3");
    check(">=20", "^20", "20.20.2");
}

#[test]
fn an_ended_one_is_taken_where_no_other_is_here() {
    let machine = machine(&["18.1.0", "20.20.2"]);
    assert_eq!(chosen(&machine, ">=18", ">=18").as_deref(), Ok("20.20.2"));
}

#[test]
fn packages_that_do_not_support_what_is_here_are_the_reason() {
    let mut machine = machine(&["20.20.2"]);
    assert_eq!(
        chosen(&machine, ">=20", ">=22").unwrap_err(),
        "needs node >=20: x 1.2.3 needs node >=22; only 20.20.2 is on this machine"
    );
    let key = ("node".to_owned(), "24".to_owned());
    let reason = "the package registry is unreachable".to_owned();
    machine.not_provided.insert(key, reason);
    assert_eq!(
        chosen(&machine, ">=20", ">=22").unwrap_err(),
        "needs node >=20: x 1.2.3 needs node >=22; only 20.20.2 is on this machine; \
         bakeoff could not provide Node.js 24: the package registry is unreachable"
    );
    assert_eq!(chosen(&machine, ">=20", ">=20").as_deref(), Ok("20.20.2"));
}

#[test]
fn a_missing_or_old_runtime_has_an_install_hint() {
    let old = machine(&["18.1.0"]);
    assert!(old.get(&wanted("node", ">=18")).is_ok());
    let unavailable = old.get(&wanted("node", ">=20")).unwrap_err();
    assert_eq!(
        unavailable.to_string(),
        "needs node >=20: only 18.1.0 is on this machine"
    );
    let missing = old.get(&wanted("python", ">=3.11")).unwrap_err();
    assert_eq!(
        missing.to_string(),
        "needs python >=3.11: no `python` is on this machine"
    );
    assert!(missing.how_to_install.contains("python.org"));
    assert!(missing.how_to_install.contains("provide Python 3.14"));
    let bun = old.get(&wanted("bun", ">=1")).unwrap_err().how_to_install;
    assert!(bun.contains("bun.com") && bun.contains("provide Bun 1 from the npm registry"));
    assert_eq!(
        old.get(&wanted("crystal", ">=1")).unwrap_err().how_to_install,
        "install `crystal`"
    );
}

#[test]
fn another_build_and_a_pre_release_are_never_taken() {
    let machine = machine(&["22.1.0", "24.22.3+other", "27.0.0-nightly"]);
    assert_eq!(machine.usual("node").unwrap().version, Version::new(22, 1, 0));
    assert_eq!(chosen(&machine, ">=20", "*").as_deref(), Ok("22.1.0"));
}

#[test]
fn a_line_is_provided_where_what_is_here_is_old_or_does_not_fit() {
    let lacking = |machine: &Runtimes, version: &str, engines: &str| {
        let (contender, source) = contender(version, engines);
        machine.lacking(&contender, &source).map(|(_, line)| line)
    };
    let old = machine(&["20.20.2"]);
    assert_eq!(lacking(&old, ">=20", ">=20").as_deref(), Some("24"));
    assert_eq!(lacking(&old, "^26", ">=20").as_deref(), Some("26"));
    assert_eq!(lacking(&old, ">=20", ">=26").as_deref(), Some("26"));
    assert_eq!(lacking(&old, "^20", ">=20"), None, "no line of the table fits");
    let living = machine(&["20.20.2", "22.1.0"]);
    assert_eq!(lacking(&living, ">=20", ">=20"), None);
    assert_eq!(lacking(&living, ">=24", ">=20").as_deref(), Some("24"));
    let none = machine(&[]);
    assert_eq!(lacking(&none, ">=20", ">=20").as_deref(), Some("24"));
}

#[test]
fn a_run_that_goes_on_needs_the_version_that_it_began_with() {
    let machine = machine(&["20.20.2", "24.22.3"]);
    let same = machine.same("node", "20.20.2").unwrap();
    assert_eq!(same.version, Version::new(20, 20, 2));
    let gone = machine.same("node", "22.1.0").unwrap_err();
    assert_eq!(
        gone.to_string(),
        "needs node 22.1.0, on which it was measured before: only 20.20.2 and 24.22.3 are on this machine"
    );
}

#[test]
fn each_that_is_not_the_usual_one_has_its_reason() {
    let machine = machine(&["20.20.2", "24.22.3"]);
    let why = |at: usize| machine.why_not(machine.found()[at].outcome.as_ref().unwrap());
    assert_eq!(why(0).as_deref(), Some("past its end of life"));
    assert_eq!(why(1), None);
    assert_eq!(machine.versions()["node"], "24.22.3");
}

#[test]
fn a_line_has_a_version_that_no_release_exceeds() {
    assert_eq!(newest_of("24"), Version::new(24, 9_999, 9_999));
    assert_eq!(newest_of("3.14"), Version::new(3, 14, 9_999));
}

#[test]
fn a_variant_with_another_version_takes_another_runtime() {
    let machine = machine(&["24.22.3", "22.23.3"]);
    let (mut contender, source) = contender(">=22", ">=20");
    let variant = "name = \"old\"\nruntime.version = \"<23\"";
    contender.variants = vec![toml::from_str(variant).unwrap()];
    let version = |of: &Contender| machine.choose(of, &source).unwrap().version.to_string();
    assert_eq!(version(&contender), "24.22.3");
    assert_eq!(version(&contender.varied()[0]), "22.23.3");
}

#[test]
fn the_way_out_names_a_line_that_fits() {
    let way_out = |version: &str| {
        let missing = machine(&["20.20.2"]).get(&wanted("node", version)).unwrap_err();
        missing.how_to_install
    };
    assert!(
        way_out(">=22").contains("provide Node.js 24 "),
        "{}",
        way_out(">=22")
    );
    assert!(
        way_out(">=26, <27").contains("provide Node.js 26 "),
        "{}",
        way_out(">=26, <27")
    );
    assert!(!way_out(">=99").contains("provide"), "{}", way_out(">=99"));
}
