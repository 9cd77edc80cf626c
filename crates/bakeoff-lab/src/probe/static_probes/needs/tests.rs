//! The shipped snapshots hold together, and small ones are read as they say.

use super::super::lock;
use super::closure::{self, Added, Closures, name};
use super::snapshot::{self, Cover, Level, Line, Snapshot};
use super::{known, mean_level, must, note};
use crate::browser::BrowserOutcome;
use crate::change::ChangeOutcome;
use crate::prepare::ContenderSource;
use crate::probe::static_probes::subject::Subject;
use bakeoff_core::brief::{self, Brief, Vocabulary};
use bakeoff_core::contender::{self, Contender};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The longest time since the newest release, in months.
const HEALTHY_MONTHS: u32 = 24;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every shipped contender with its folder, and its variants.
fn shipped() -> Vec<(Contender, PathBuf)> {
    let mut all = Vec::new();
    for folder in fs::read_dir(root().join("contenders")).unwrap().flatten() {
        let Ok(text) = fs::read_to_string(folder.path().join("contender.toml")) else {
            continue;
        };
        let contender = contender::parse(&text, "contender.toml").unwrap();
        for variant in contender.varied() {
            let of = contender
                .variants
                .iter()
                .find(|of| variant.name.ends_with(&of.name));
            let laid_over = of.and_then(|of| of.folder.clone());
            let below = laid_over.map_or_else(|| folder.path(), |below| folder.path().join(below));
            let has_lock = below.join(variant.prepare.lock.as_deref().unwrap()).exists();
            all.push((variant, if has_lock { below } else { folder.path() }));
        }
        all.push((contender, folder.path()));
    }
    assert!(all.len() >= 10);
    all
}

/// A contender of somebody's own: the manifest of one that ships, with other words in it.
fn own(of: &str, changes: &[(&str, &str)]) -> Contender {
    let manifest = root().join("contenders").join(of).join("contender.toml");
    let mut text = fs::read_to_string(manifest).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    contender::parse(&text, "contender.toml").unwrap()
}

fn snapshot(lines: &str) -> Snapshot {
    toml::from_str(&format!(
        "date = \"2026-11-29\"\n[[need]]\nid = \"websocket\"\ntitle = \"sockets\"\nscenario = \"socket\"\n{lines}\n"
    ))
    .unwrap()
}

/// Whole months from one date to a later one; without a day in either date only the months count.
fn months_between(from: &str, to: &str) -> Option<u32> {
    let read = |date: &str| {
        let mut parts = date.split('-').map(str::parse::<u32>);
        Some((
            parts.next()?.ok()? * 12 + parts.next()?.ok()?,
            parts.next().and_then(Result::ok),
        ))
    };
    let ((from, from_day), (to, to_day)) = (read(from)?, read(to)?);
    let unfinished = matches!((from_day, to_day), (Some(from), Some(to)) if to < from);
    to.checked_sub(from)?
        .checked_sub(u32::from(unfinished))
        .or(Some(0))
}

/// What is wrong with a line, if anything is.
fn fault(line: &Line, date: &str) -> Option<&'static str> {
    let is_page = |source: &str| source.starts_with("https://");
    match line {
        Line::BuiltIn { level, .. } if *level != Level::Own => Some("a part of the framework has level 1"),
        Line::BuiltIn { built_in, source, .. } => {
            (built_in.is_empty() || !is_page(source)).then_some("it needs a part and a page")
        }
        Line::Nothing {
            level,
            nothing,
            source,
        } => (*level != Level::Nothing || nothing.is_empty() || source.is_empty())
            .then_some("nothing has level 0, a reason and a source"),
        Line::Package { level, .. } if *level == Level::Nothing => {
            Some("a package of level 0 is `nothing` with a reason")
        }
        Line::Package { level, source, .. } if *level == Level::Own && !is_page(source) => {
            Some("that a package is the organisation's own needs a page")
        }
        Line::Package {
            package,
            version,
            released,
            licence,
            source,
            ..
        } => {
            let texts = [package, version, licence, source];
            let is_healthy = months_between(released, date).is_some_and(|months| months <= HEALTHY_MONTHS);
            (!is_healthy || texts.iter().any(|text| text.is_empty()))
                .then_some("it needs a version, a licence, a source and a release within 24 months")
        }
    }
}

/// The contenders whose lines say the opposite of their manifests.
fn contradictions(snapshot: &Snapshot, contenders: &[Contender]) -> Vec<String> {
    let mut found = Vec::new();
    for need in &snapshot.need {
        for contender in contenders {
            let Some(scenario) = &need.scenario else { continue };
            let serves = !contender.source.not_served.contains(scenario);
            let mut serving = contender.clone();
            serving.source.not_served.clear();
            // The line alone. A variant that does not serve the scenario has its contender's line and no cover.
            let Ok(line) = snapshot.cover(&need.id, &serving).map(|cover| cover.level()) else {
                continue;
            };
            let is_plain = contender.variant_of.is_none();
            if (serves && line == Level::Nothing) || (!serves && is_plain && line > Level::Nothing) {
                found.push(format!("{} of {}", need.id, contender.name));
            }
        }
    }
    found
}

#[test]
fn every_need_has_every_shipped_contender_and_no_line_is_for_nobody() {
    let shipped = shipped();
    let names: BTreeSet<&str> = shipped
        .iter()
        .flat_map(|(contender, _)| [contender.name.as_str(), &contender.family])
        .collect();
    for need in &snapshot::SHIPPED.need {
        for (contender, _) in &shipped {
            let cover = snapshot::SHIPPED.cover(&need.id, contender);
            assert!(cover.is_ok(), "{} of {}", need.id, contender.name);
        }
        for family in ["node", "python", "java"] {
            assert!(need.lines.contains_key(family), "{} of {family}", need.id);
        }
        let unknown = need.lines.keys().find(|name| !names.contains(name.as_str()));
        assert_eq!(unknown, None, "{}", need.id);
    }
}

#[test]
fn every_line_has_its_level_its_source_and_its_date() {
    let date = &snapshot::SHIPPED.date;
    assert!(months_between(date, date).is_some());
    for need in &snapshot::SHIPPED.need {
        for (name, line) in &need.lines {
            assert_eq!(fault(line, date), None, "{} of {name}", need.id);
        }
    }
    let mut ids = known();
    assert!(ids.len() >= 25);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), known().len());
}

#[test]
fn lines_that_are_not_healthy_or_have_a_wrong_level_are_found() {
    let package = |level: &str, released: &str, licence: &str, source: &str| {
        format!(
            "node = {{ level = {level}, package = \"p\", version = \"1\", released = \"{released}\", \
             licence = \"{licence}\", source = \"{source}\" }}"
        )
    };
    let built_in = |level: &str| {
        format!("node = {{ level = {level}, built_in = \"x\", source = \"https://a.example\" }}")
    };
    let fault_of = |line: &str| fault(&snapshot(line).need[0].lines["node"], "2026-11-29");
    assert_eq!(
        fault_of(&package("0.5", "2024-11-29", "MIT", "npm registry")),
        None
    );
    assert_eq!(
        fault_of(&package("1", "2024-12", "MIT", "https://a.example")),
        None
    );
    assert_eq!(fault_of(&built_in("1.0")), None);
    assert!(fault_of(&package("0.5", "2024-10", "MIT", "npm registry")).is_some());
    assert!(fault_of(&package("0.5", "lately", "MIT", "npm registry")).is_some());
    assert!(fault_of(&package("0.5", "2026-01", "", "npm registry")).is_some());
    assert!(fault_of(&package("1", "2026-01", "MIT", "npm registry")).is_some());
    assert!(fault_of(&package("0", "2026-01", "MIT", "npm registry")).is_some());
    assert!(fault_of(&built_in("0.5")).is_some());
    let text = format!(
        "date = \"2026-11-29\"\n[[need]]\nid = \"a\"\ntitle = \"b\"\n{}",
        built_in("0.75")
    );
    assert!(toml::from_str::<Snapshot>(&text).is_err());
}

#[test]
fn only_whole_months_count() {
    for (from, to, expected) in [
        ("2024-11-24", "2026-11-24", Some(24)),
        ("2024-11-25", "2026-11-24", Some(23)),
        ("2024-10", "2026-11-24", Some(25)),
        ("2026-11", "2026-11-24", Some(0)),
        ("2026-11-25", "2026-11-24", Some(0)),
        ("lately", "2026-11-24", None),
    ] {
        assert_eq!(months_between(from, to), expected, "{from}");
    }
}

#[test]
fn the_snapshot_has_every_need_of_the_shipped_briefs() {
    for brief in fs::read_dir(root().join("briefs")).unwrap().flatten() {
        let table: toml::Table = fs::read_to_string(brief.path()).unwrap().parse().unwrap();
        let needs = table["needs"].as_table().unwrap();
        for need in needs.values().flat_map(|list| list.as_array().unwrap()) {
            assert!(
                known().iter().any(|known| Some(known.as_str()) == need.as_str()),
                "{need} of {}",
                brief.path().display()
            );
        }
    }
}

#[test]
fn no_line_says_the_opposite_of_a_manifest() {
    let contenders: Vec<Contender> = shipped().into_iter().map(|(contender, _)| contender).collect();
    assert_eq!(contradictions(&snapshot::SHIPPED, &contenders), [""; 0]);
}

#[test]
fn a_line_that_says_the_opposite_of_a_manifest_is_found() {
    let flask = own("python-flask", &[]);
    let fastapi = own("python-fastapi", &[]);
    let package = "python = { level = 0.5, package = \"w\", version = \"1\", released = \"2026-01\", licence = \"MIT\", \
                   source = \"PyPI\" }";
    let nothing = "python-fastapi = { level = 0, nothing = \"none\", source = \"PyPI\" }";
    let contenders = [flask, fastapi];
    let of = |lines: &str| contradictions(&snapshot(lines), &contenders);
    assert_eq!(of(package), ["websocket of python-flask"]);
    let both = ["websocket of python-flask", "websocket of python-fastapi"];
    assert_eq!(of(&format!("{package}\n{nothing}")), both);
}

#[test]
fn a_contender_of_ones_own_takes_the_line_of_its_family_and_a_variant_that_of_its_contender() {
    let small = snapshot(
        "node = { level = 0.5, package = \"ws\", version = \"8\", released = \"2026-01\", licence = \"MIT\", source = \"npm\" }\n\
         node-fastify = { level = 1, built_in = \"sockets\", with = [\"ws\"], source = \"https://a.example\" }\n\
         \"node-fastify@jitless\" = { level = 0, nothing = \"none\", source = \"https://a.example\" }",
    );
    let words = |contender: &Contender| small.cover("websocket", contender).unwrap().in_words();
    let koa = own("node-http", &[("\"node-http\"", "\"node-koa\"")]);
    assert_eq!(words(&koa), "websocket: ws 8, a package, glued by hand");
    let fastify = own("node-fastify", &[]);
    assert_eq!(words(&fastify), "websocket: sockets with ws, in the framework");
    let variants = fastify.varied();
    let of = |own: &str| {
        variants
            .iter()
            .find(|variant| variant.name.ends_with(own))
            .unwrap()
    };
    assert_eq!(words(of("@node26")), words(&fastify));
    assert_eq!(words(of("@jitless")), "websocket: nothing (none)");
    let silent = own(
        "node-http",
        &[
            ("\"node-http\"", "\"node-koa\""),
            ("not_served = []", "not_served = [\"socket\"]"),
        ],
    );
    let cover = small.cover("websocket", &silent).unwrap();
    assert_eq!((cover.level(), cover.packages()), (Level::Nothing, vec![]));
    assert_eq!(
        cover.in_words(),
        "websocket: nothing (its manifest says that it does not serve `socket`)"
    );
    let java = own("node-http", &[("family = \"node\"", "family = \"java\"")]);
    let unknown = small.cover("websocket", &java).unwrap_err();
    assert_eq!(unknown, "websocket: nothing known for sockets");
    assert_eq!(small.cover("fax", &koa).unwrap_err(), "fax: not in the snapshot");
}

fn brief(must: &[&str], want: &[&str]) -> Brief {
    let text = fs::read_to_string(root().join("briefs/order-api.toml")).unwrap();
    let text = text
        .replace(
            "must = [\"postgres\"]",
            &format!("must = {}", toml::Value::from(must.to_vec())),
        )
        .replace(
            "want = [\"websocket\", \"pdf\", \"oauth\"]",
            &format!("want = {}", toml::Value::from(want.to_vec())),
        );
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let vocabulary = Vocabulary {
        scenarios: owned(&["read-item", "list-items", "create-item"]),
        contenders: Vec::new(),
        needs: known(),
    };
    brief::parse(&text, "brief.toml", &vocabulary).unwrap()
}

#[test]
fn a_required_need_is_covered_by_a_package_and_not_by_one_that_the_stack_cannot_use() {
    let brief = brief(&["postgres", "websocket"], &["pdf"]);
    for (of, covered) in [
        ("node-http", [true, true]),
        ("node-fastify", [true, true]),
        ("python-fastapi", [true, true]),
        ("python-litestar", [true, true]),
        ("python-flask", [true, false]),
        ("python-django", [true, false]),
        ("python-pyramid", [true, false]),
        ("java-http", [true, false]),
        ("java-spring", [true, true]),
    ] {
        let needs = must(&brief, &own(of, &[]));
        let seen: Vec<bool> = needs.iter().map(|need| need.covered).collect();
        assert_eq!(seen, covered, "{of}");
        assert!(needs.iter().all(|need| need.note.is_some()));
    }
    let crystal = own("node-http", &[("family = \"node\"", "family = \"crystal\"")]);
    assert_eq!(must(&brief, &crystal), []);
}

#[test]
fn the_share_is_the_mean_of_the_levels_and_the_note_names_each() {
    let covers = |of: &str| -> Vec<Cover<'static>> {
        super::covers(
            &brief(&["postgres"], &["websocket", "pdf", "oauth"]),
            &own(of, &[]),
        )
        .unwrap()
    };
    assert_eq!(mean_level(&covers("node-http")), 0.5);
    assert_eq!(mean_level(&covers("node-fastify")), 0.875);
    assert_eq!(mean_level(&covers("python-django")), 0.5);
    let text = note(&covers("python-django"));
    for part in [
        "postgres: django.db.backends.postgresql with psycopg, psycopg-binary, in the framework; ",
        "websocket: nothing (under WSGI",
        ", a package, glued by hand",
        &format!("(as of {})", snapshot::SHIPPED.date),
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

const SMALL: &str = r#"
date = "2026-11-29"
platform = "linux-x64"
[bytes.node]
"ws 8" = 10
"deep 1" = 1
"deep 2" = 2
"own 3" = 300
[added.node]
websocket = ["deep 1", "ws 8"]
[added.node-fastify]
websocket = ["deep 2", "own 3"]
"#;

#[test]
fn a_need_adds_what_the_lock_does_not_have() {
    let small: Closures = toml::from_str(SMALL).unwrap();
    let lines = "node = { level = 0.5, package = \"ws\", version = \"8\", released = \"2026-01\", licence = \"MIT\", source = \"npm\" }";
    let needs = snapshot(lines);
    let (koa, fastify) = (
        own("node-http", &[("\"node-http\"", "\"node-koa\"")]),
        own("node-fastify", &[]),
    );
    let added = |contender: &Contender, locked: &[&str]| {
        let locked: Vec<String> = locked.iter().map(|name| (*name).to_owned()).collect();
        let cover = needs.cover("websocket", contender).unwrap();
        // Two needs with the same package install it once.
        small.added(&[cover, cover], contender, &locked).unwrap()
    };
    let of = |packages, bytes, needs: &[&str]| Added {
        packages,
        bytes,
        needs: needs.iter().map(|need| (*need).to_owned()).collect(),
        snapshot: "linux-x64, 2026-11-29".to_owned(),
    };
    let twice = ["websocket", "websocket"];
    assert_eq!(added(&koa, &[]), of(2, 11, &twice));
    assert_eq!(added(&koa, &["deep"]), of(1, 10, &twice));
    assert_eq!(added(&koa, &["ws"]), of(0, 0, &[]));
    assert_eq!(added(&fastify, &["deep"]), of(2, 302, &twice));
    assert_eq!(added(&koa, &[]).beside("2"), " and 2 for websocket, websocket");
    assert_eq!(
        added(&koa, &["ws"]).beside("0"),
        " and none for the brief's needs"
    );
}

#[test]
fn what_the_snapshot_does_not_know_is_no_evidence() {
    let small: Closures = toml::from_str(SMALL).unwrap();
    let needs = snapshot(
        "node = { level = 0.5, package = \"ws\", version = \"8\", released = \"2026-01\", licence = \"MIT\", source = \"npm\" }\n\
         node-http = { level = 1, built_in = \"x\", with = [\"new\"], source = \"https://a.example\" }",
    );
    let http = own("node-http", &[]);
    // The family's list was made for another package.
    let cover = needs.cover("websocket", &http).unwrap();
    assert_eq!(
        small.added(&[cover], &http, &[]).unwrap_err(),
        "the snapshot of 2026-11-29 does not know what installing for websocket adds"
    );
    let unmeasured = SMALL.replace("\"ws 8\" = 10\n", "");
    let small: Closures = toml::from_str(&unmeasured).unwrap();
    let koa = own("node-http", &[("\"node-http\"", "\"node-koa\"")]);
    let cover = needs.cover("websocket", &koa).unwrap();
    assert_eq!(
        small.added(&[cover], &koa, &[]).unwrap_err(),
        "the snapshot of 2026-11-29 does not know the size of ws 8"
    );
}

/// These tests do not ask what changes cost.
static NOT_ASKED: Result<Vec<ChangeOutcome>, String> = Ok(Vec::new());

/// Nor what a browser runs.
static NOT_VISITED: Result<BrowserOutcome, String> = Err(String::new());

fn subject<'s>(contender: &'s Contender, folder: &'s Path, brief: &'s Brief) -> Subject<'s> {
    Subject {
        contender,
        source_dir: folder,
        prepared_dir: folder,
        brief,
        changes: &NOT_ASKED,
        browser: &NOT_VISITED,
    }
}

/// A new pin or a new line without a refreshed snapshot would silently become missing evidence.
#[test]
fn the_snapshot_knows_what_every_need_adds_to_every_shipped_contender() {
    let refresh = "refresh it: python3 crates/bakeoff-lab/data/needs_closure.py";
    let all = brief(&[], &known().iter().map(String::as_str).collect::<Vec<_>>());
    for (contender, folder) in shipped() {
        let subject = subject(&contender, &folder, &all);
        let locked = lock::installed(&subject).unwrap();
        assert!(!locked.is_empty(), "{}", contender.name);
        let added = super::added(&subject, &locked).unwrap_or_else(|why| panic!("{why}; {refresh}"));
        assert!(added.packages > 0 && added.bytes > 0, "{}", contender.name);
        let source = ContenderSource::read(&folder).unwrap();
        let versions = lock::versions(&contender, &source, None);
        let lists = closure::SHIPPED.added.get(&contender.name);
        for package in lists.into_iter().flat_map(|lists| lists.values().flatten()) {
            let has = versions.get(name(package));
            let is_in_lock = has.is_some_and(|version| *package == format!("{} {version}", name(package)));
            assert!(
                !is_in_lock,
                "`{package}` is in the lock of {}; {refresh}",
                contender.name
            );
        }
    }
}

#[test]
fn the_packages_of_the_needs_count_beside_those_of_the_contract() {
    let folder = root().join("contenders/node-fastify");
    let fastify = own("node-fastify", &[]);
    let with_needs = brief(&["postgres"], &["websocket", "pdf", "oauth"]);
    let without = brief(&["postgres"], &["websocket"]);
    let seen = |brief: &Brief| {
        lock::dependencies(&subject(&fastify, &folder, brief))
            .unwrap()
            .remove(0)
    };
    let locked = lock::installed(&subject(&fastify, &folder, &without))
        .unwrap()
        .len();
    assert_eq!(seen(&without).value, locked as f64);
    assert!(seen(&with_needs).value > locked as f64);
    let note = seen(&with_needs).note.unwrap();
    assert!(
        note.starts_with(&format!("{locked} packages of the contract and ")),
        "{note}"
    );
    assert!(note.contains(" for pdf, oauth (the lock file on "), "{note}");
}
