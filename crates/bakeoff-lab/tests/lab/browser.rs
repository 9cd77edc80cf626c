//! Two real contenders in a real Chromium: what their validation says there is compared with their own servers, and a
//! module that says something else is found out by name.

use crate::bench::Bench;
use crate::shipped::{self, Shipped};
use bakeoff_lab::{
    BrowserAnswer, BrowserOutcome, BrowserSubject, Chromium, Config, ContenderSource, Event, Lab,
    ResourceLimits, SourceFile, known_browser,
};

/// The bodies that the contract's cases and what is derived from them have at least.
const LEAST_BODIES: usize = 60;

/// A run makes more of them, for the interval; the shape needs two of what is quick, and one of what is not.
const VISITS: usize = 2;

/// A module for Fastify that finds nothing wrong with one scenario, and fails in another one.
const PLANTED: &str = "
import { check as right } from './right.js';
export function check(scenario, body) {
  if (scenario === 'compute') return null;
  if (scenario === 'login') throw new Error('planted');
  return right(scenario, body);
}
";

fn bench() -> Bench {
    let mut bench = Bench::new(&[("json", 1.0)], 100.0);
    bench.cache = shipped::cache();
    bench
}

fn config(bench: &Bench) -> Config<'_> {
    Config {
        limits: ResourceLimits::for_this_machine(1),
        launches: 1,
        runtimes: shipped::runtimes(),
        ..bench.config()
    }
}

fn subject<'s>(one: &'s Shipped, browser: &'s Result<Chromium, String>) -> BrowserSubject<'s> {
    BrowserSubject {
        contender: &one.contender,
        source: &one.source,
        runtime: shipped::runtimes().choose(&one.contender, &one.source).unwrap(),
        browser,
    }
}

/// The shape of every outcome: shares, sizes and times that can be true, and no difference without its case.
#[track_caller]
fn check_shape(outcome: &BrowserOutcome) {
    assert!(outcome.bodies >= LEAST_BODIES, "{outcome:#?}");
    assert!((0.5..=1.0).contains(&outcome.share()), "{outcome:#?}");
    assert!(
        outcome.visits_ms.iter().all(|ms| (1.0..90_000.0).contains(ms)),
        "{outcome:#?}"
    );
    assert!(outcome.browser.contains("Chrom"), "{outcome:#?}");
    for one in &outcome.differences {
        assert_ne!(one.server, one.browser);
        assert!(!one.case.is_empty() && !one.scenario.is_empty(), "{one:#?}");
    }
    // Only the database knows which items there are: no module can say it, in any language.
    let unknown = outcome
        .differences
        .iter()
        .find(|one| one.case == "an unknown item is named");
    let unknown = unknown.expect("it is listed");
    assert_eq!(unknown.browser, BrowserAnswer::Accepts);
    assert_eq!(
        unknown.to_string(),
        "`place-order`, an unknown item is named: the server refuses item_id (422), the browser accepts it"
    );
}

#[test]
fn the_validation_of_fastify_and_fastapi_runs_in_a_real_chromium() {
    let bench = bench();
    let lab = Lab::open(config(&bench)).unwrap();
    let browser = Chromium::find();
    let visit = |name: &str, visits: usize| {
        let one = shipped::named(name);
        let found = lab.check_browser(&subject(&one, &browser), visits).unwrap();
        let outcome = found.unwrap_or_else(|why| panic!("{name}: {why}"));
        check_shape(&outcome);
        assert_eq!(outcome.visits_ms.len(), visits);
        println!("{name}: {}\n{:#?}", outcome.in_words(), outcome.differences);
        let known = known_browser(&bench.cache, &subject(&one, &browser), &bench.scenarios);
        assert_eq!(known, Ok(Some(outcome.clone())));
        outcome
    };
    let fastify = visit("node-fastify", VISITS);
    let fastapi = visit("python-fastapi", 1);
    assert!(fastify.engine.contains("esbuild") && fastapi.engine.contains("Pyodide"));
    // An engine weighs more than a script: at least its own WebAssembly and the standard library.
    assert!(fastify.sent_bytes() > 10_000, "{:#?}", fastify.sent);
    assert!(
        fastapi.sent_bytes() > 10 * fastify.sent_bytes(),
        "{:#?}",
        fastapi.sent
    );
    let parts: Vec<&str> = fastapi.sent.iter().map(|part| part.path.as_str()).collect();
    for expected in [
        "/pyodide/pyodide.asm.wasm",
        "/pyodide/python_stdlib.zip",
        "/app/browser.py",
    ] {
        assert!(parts.contains(&expected), "{parts:?}");
    }
    // ajv compiles schemas with `new Function`.
    assert!(
        fastify.policy.iter().any(|one| one.contains("eval")),
        "{:?}",
        fastify.policy
    );
    let events = bench.record.0.lock().unwrap();
    let saw = |wanted: &str| {
        events
            .iter()
            .any(|(_, event)| matches!(event, Event::BrowserStep { step, .. } if step.contains(wanted)))
    };
    assert!(saw("visit 1 of 1, loading Python") && saw("visit 2 of 2, opening the page"));
}

#[test]
fn what_a_module_says_otherwise_is_listed_and_what_cannot_run_says_why() {
    let mut one = shipped::named("node-fastify");
    let own = one.source.get("browser.js").unwrap().to_vec();
    let file = |path: &str, bytes: Vec<u8>| SourceFile {
        path: path.to_owned(),
        bytes,
    };
    let planted = [file("browser.js", PLANTED.into()), file("right.js", own)];
    one.source = one.source.with(&ContenderSource::new(planted));
    let bench = bench();
    let lab = Lab::open(config(&bench)).unwrap();
    let browser = Chromium::find();
    let outcome = lab
        .check_browser(&subject(&one, &browser), VISITS)
        .unwrap()
        .unwrap();
    let of = |scenario: &str, case: &str| {
        let mut all = outcome.differences.iter();
        let found = all.find(|one| one.scenario == scenario && one.case == case);
        found.map(|one| &one.browser)
    };
    assert_eq!(of("compute", "out of range"), Some(&BrowserAnswer::Accepts));
    assert_eq!(of("compute", "the longest chain below 1000"), None);
    let with = "planted".to_owned();
    assert_eq!(
        of("login", "a wrong password"),
        Some(&BrowserAnswer::Fails { with })
    );
    assert_eq!(of("create-item", "null is no string"), None);

    // What the bundler cannot read is no evidence, with its words.
    let broken = file("browser.js", b"import './nowhere.js';".to_vec());
    one.source = one.source.with(&ContenderSource::new([broken]));
    let why = lab
        .check_browser(&subject(&one, &browser), VISITS)
        .unwrap()
        .unwrap_err();
    assert!(why.contains("nowhere.js"), "{why}");

    let java = shipped::named("java-spring");
    let none = Err("no Chromium on this machine: install one".to_owned());
    let why = |one: &Shipped, browser: &Result<Chromium, String>| {
        let subject = BrowserSubject {
            contender: &one.contender,
            source: &one.source,
            runtime: shipped::runtimes()
                .get(&shipped::named("node-fastify").contender.runtime)
                .unwrap(),
            browser,
        };
        known_browser(&bench.cache, &subject, &bench.scenarios).unwrap_err()
    };
    assert!(why(&java, &browser).starts_with("Java does not run in a browser without a compiler"));
    assert_eq!(why(&one, &none), none.clone().unwrap_err());
}
