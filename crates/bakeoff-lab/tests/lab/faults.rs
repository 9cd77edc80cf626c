//! Real contenders with one planted fault each: the check finds it by the cases that must fail, and no other case
//! fails. A fault is an edit of the source; the copies share the installed packages of their contender.

use crate::bench::Bench;
use crate::shipped::{self, packages};
use bakeoff_lab::{Config, Lab, Prepared, ResourceLimits};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Instant;

/// Enough for every fault here, so that a check takes about a second.
const SCENARIOS: [&str; 4] = ["health", "json", "read-item", "place-order"];

/// The scenario and the name of a case.
type Case = (String, String);

/// In this file, these words become those.
type Edit = (&'static str, &'static str, &'static str);

struct Fault {
    /// After "a contender that".
    what: &'static str,
    edits: &'static [Edit],
    found_by: FoundBy,
}

enum FoundBy {
    /// The cases of these names, in every scenario that has them.
    Cases(&'static [&'static str]),
    /// Every case with a response, by a rule with these words.
    EveryResponse(&'static str),
}

const ENDED: &str = "a token that has ended is refused";
const UNSIGNED: &str = "a token that is not signed is refused";
/// Every flawed token, and none.
const UNAUTHENTICATED: [&str; 7] = [
    "a request without a token is refused",
    ENDED,
    "a token that has no end is refused",
    "a token that names no user is refused",
    "a token that was signed with another key is refused",
    UNSIGNED,
    "a token that is malformed is refused",
];
const LOGGED: &str = "every request has its line, and every line its fields";
const LOCKED: &str = "an order waits for another one that holds the row, and then sees its stock";
/// The cases that count the lines of an order.
const STORED: [&str; 2] = [
    "an order is stored with its line, and the stock is smaller by its quantity",
    "all that is in stock can be ordered, and nothing after it",
];
const METHOD: &str = "another method is refused by name";

const NODE_HTTP: [Fault; 8] = [
    Fault {
        what: "skips authentication",
        edits: &[(
            "app.js",
            "await authenticate(req);",
            "await authenticate(req).catch(() => null);",
        )],
        found_by: FoundBy::Cases(&UNAUTHENTICATED),
    },
    Fault {
        what: "takes a token that has ended",
        edits: &[(
            "auth.js",
            "requiredClaims:",
            "clockTolerance: '5m', requiredClaims:",
        )],
        // The log then names a user for a request without a valid token.
        found_by: FoundBy::Cases(&[ENDED, LOGGED]),
    },
    Fault {
        what: "takes a token without a signature",
        edits: &[
            (
                "auth.js",
                "import { jwtVerify,",
                "import { UnsecuredJWT, jwtVerify,",
            ),
            (
                "auth.js",
                "await jwtVerify(token, key, RULES);",
                "await jwtVerify(token, key, RULES).catch(() => UnsecuredJWT.decode(token));",
            ),
        ],
        found_by: FoundBy::Cases(&[UNSIGNED, LOGGED]),
    },
    Fault {
        what: "writes no line of the access log",
        edits: &[("access-log.js", "if (!res.headersSent) return;", "return;")],
        found_by: FoundBy::Cases(&[LOGGED]),
    },
    Fault {
        what: "does not lock the row",
        edits: &[("orders.js", " FOR UPDATE", "")],
        found_by: FoundBy::Cases(&[LOCKED]),
    },
    Fault {
        what: "forgets the line of an order",
        edits: &[(
            "orders.js",
            "  await client.query({ ...INSERT_LINE, values: [id, item_id, quantity, price_cents] });\n",
            "",
        )],
        found_by: FoundBy::Cases(&STORED),
    },
    Fault {
        what: "leaves out a security header",
        edits: &[("message.js", "  ['Referrer-Policy', 'no-referrer'],\n", "")],
        found_by: FoundBy::EveryResponse("the header `referrer-policy`"),
    },
    Fault {
        what: "answers another method by 404",
        edits: &[("app.js", "new Problem(405, {", "new Problem(404, {")],
        found_by: FoundBy::Cases(&[METHOD]),
    },
];

const FLASK: [Fault; 8] = [
    Fault {
        what: "skips authentication",
        edits: &[("shop/tokens.py", "        abort(401)\n", "        return\n")],
        found_by: FoundBy::Cases(&UNAUTHENTICATED),
    },
    Fault {
        what: "takes a token that has ended",
        edits: &[(
            "shop/tokens.py",
            "            options={",
            "            leeway=300,\n            options={",
        )],
        found_by: FoundBy::Cases(&[ENDED, LOGGED]),
    },
    Fault {
        what: "takes a token without a signature",
        // PyJWT itself never takes `none`, also where `algorithms` allows it.
        edits: &[(
            "shop/tokens.py",
            "options={\"require\"",
            "options={\"verify_signature\": jwt.get_unverified_header(authorization.token)[\"alg\"] != \"none\", \"require\"",
        )],
        found_by: FoundBy::Cases(&[UNSIGNED, LOGGED]),
    },
    Fault {
        what: "writes no line of the access log",
        edits: &[("shop/access_log.py", "    app.after_request(log_when_sent)\n", "")],
        found_by: FoundBy::Cases(&[LOGGED]),
    },
    Fault {
        what: "does not lock the row",
        edits: &[("shop/orders.py", " FOR UPDATE", "")],
        found_by: FoundBy::Cases(&[LOCKED]),
    },
    Fault {
        what: "forgets the line of an order",
        edits: &[(
            "shop/orders.py",
            "VALUES (%(id)s, %(item_id)s, %(quantity)s, %(price_cents)s)",
            "SELECT id, %(item_id)s, %(quantity)s, %(price_cents)s FROM orders WHERE id = %(id)s AND false",
        )],
        found_by: FoundBy::Cases(&STORED),
    },
    Fault {
        what: "leaves out a security header",
        edits: &[(
            "shop/headers.py",
            "    \"Referrer-Policy\": \"same-origin\",\n",
            "",
        )],
        found_by: FoundBy::EveryResponse("the header `referrer-policy`"),
    },
    Fault {
        what: "answers another method by 404",
        edits: &[(
            "shop/problems.py",
            "problem(error.code)",
            "problem(404 if error.code == 405 else error.code)",
        )],
        found_by: FoundBy::Cases(&[METHOD]),
    },
];

#[test]
fn each_fault_planted_in_a_contender_without_a_framework_is_found() {
    check_each("node-http", &NODE_HTTP);
}

#[test]
fn each_fault_planted_in_flask_is_found() {
    check_each("python-flask", &FLASK);
}

fn check_each(name: &str, faults: &[Fault]) {
    let mut bench = Bench::new(&[("json", 1.0)], 100.0);
    bench
        .scenarios
        .retain(|scenario, _| SCENARIOS.contains(&scenario.as_str()));
    let config = Config {
        limits: ResourceLimits::for_this_machine(1),
        ..bench.config()
    };
    let lab = Lab::open(config).unwrap();
    let prepared = shipped::named(name).prepare().unwrap();
    let untouched = outcomes(&lab, &prepared, &[]);
    let broken: Vec<_> = untouched
        .iter()
        .filter(|(_, failure)| failure.is_some())
        .collect();
    assert!(broken.is_empty(), "{name}: {broken:#?}");
    let cases: BTreeSet<Case> = untouched.into_iter().map(|(case, _)| case).collect();
    for fault in faults {
        let began = Instant::now();
        let outcomes = outcomes(&lab, &prepared, fault.edits);
        let failed = outcomes.iter().filter(|(_, failure)| failure.is_some());
        let failed: BTreeSet<Case> = failed.map(|(case, _)| case.clone()).collect();
        let what = fault.what;
        assert_eq!(
            failed,
            expected(fault, &cases),
            "{name} that {what}: {outcomes:#?}"
        );
        if let FoundBy::EveryResponse(words) = fault.found_by {
            let named = |failure: &Option<String>| failure.as_ref().is_none_or(|text| text.contains(words));
            assert!(
                outcomes.iter().all(|(_, failure)| named(failure)),
                "{outcomes:#?}"
            );
        }
        let seconds = began.elapsed().as_secs_f64();
        println!(
            "{name} that {what}: {} of {} cases fail, {seconds:.1} s",
            failed.len(),
            cases.len()
        );
    }
}

/// The cases that must find a fault; each name must exist.
fn expected(fault: &Fault, cases: &BTreeSet<Case>) -> BTreeSet<Case> {
    let all = cases.iter();
    match fault.found_by {
        FoundBy::EveryResponse(_) => all.filter(|(_, name)| name != LOGGED).cloned().collect(),
        FoundBy::Cases(names) => {
            for wanted in names {
                let exists = cases.iter().any(|(_, name)| name == wanted);
                assert!(exists, "the contract has no case `{wanted}`");
            }
            all.filter(|(_, name)| names.contains(&name.as_str()))
                .cloned()
                .collect()
        }
    }
}

/// Every case with its failure, of a copy of the contender with these edits.
fn outcomes(lab: &Lab<'_>, prepared: &Prepared, edits: &[Edit]) -> Vec<(Case, Option<String>)> {
    let copy = tempfile::tempdir().unwrap();
    write_copy(&prepared.contender.name, edits, copy.path());
    let packages = packages(prepared);
    symlink(prepared.folder.join(packages), copy.path().join(packages)).unwrap();
    let edited = Prepared {
        folder: copy.path().to_owned(),
        ..prepared.clone()
    };
    let checked = lab.check(&edited).unwrap();
    assert_eq!(checked.fault, None);
    let cases = checked.cases.into_iter();
    let outcome = |case: bakeoff_lab::contract::case::CaseResult| {
        (
            (case.scenario, case.case),
            case.failure.map(|failure| failure.to_string()),
        )
    };
    cases.map(outcome).collect()
}

fn write_copy(name: &str, edits: &[Edit], folder: &Path) {
    shipped::named(name).write_to(folder);
    for (file, words, others) in edits {
        let path = folder.join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(
            text.matches(words).count(),
            1,
            "`{file}` of {name} must have `{words}` once, to plant a fault there"
        );
        fs::write(&path, text.replace(words, others)).unwrap();
    }
}
