//! What people reported of decision tools, on `bakeoff decide`: names that stand twice, numbers that are none, ties,
//! samples that were drawn together, and errors that led astray.

use crate::program::{Place, Said};
use serde_json::Value;
use std::path::Path;

fn problem(text: &str) -> Said {
    let place = Place::new();
    place.write("problem.toml", text);
    place.run(&["decide", "problem.toml", "--format", "json"])
}

/// A problem of one criterion.
fn one(head: &str, ends: &str, values: &str) -> Said {
    problem(&format!(
        "alternatives = [\"a\", \"b\"]\n{head}\n[[criterion]]\nid = \"x\"\n{ends}\nvalues = {{ {values} }}\n"
    ))
}

fn is_finite(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Number(number) => number.as_f64().is_some_and(f64::is_finite),
        Value::Array(list) => list.iter().all(is_finite),
        Value::Object(object) => object.iter().all(|(key, value)| {
            // Who is never the best has no weights under which it is.
            let may_be_missing = key == "central_weights" || key == "confidence";
            may_be_missing || is_finite(value)
        }),
        _ => true,
    }
}

#[test]
fn numbers_that_are_none_never_decide() {
    let higher = "better = \"higher\"\nworst = 0\nbest = 1";
    let open = "better = \"lower\"\nworst = 1000\nbest = 1\nclip = false";
    let far = "better = \"higher\"\nworst = -1e308\nbest = 1e308";
    for (ends, values, first) in [
        (far, "a = 1e308, b = -1e308", Some(1.0)),
        (far, "a = { uniform = [-1e308, 1e308] }, b = -1e308", Some(1.0)),
        (
            far,
            "a = { samples = [1e308, 1e308, 1e308] }, b = { normal = [-1e308, 1e307] }",
            Some(1.0),
        ),
        (open, "a = { lognormal = [2, 800] }, b = 10", None),
        (
            "better = \"higher\"\nworst = 0\nbest = 1e-300\nclip = false",
            "a = 1e308, b = 0",
            None,
        ),
        (higher, "a = { normal = [0.5, 1e-320] }, b = 0.4", Some(1.0)),
        (higher, "a = { beta = [1e-9, 1e-9] }, b = -1", Some(1.0)),
        (
            higher,
            "a = { uniform = [0.5, 0.5000000000000001] }, b = 0.4",
            Some(1.0),
        ),
        (higher, "a = { lognormal = [700, 300] }, b = 0", Some(1.0)),
        (higher, "a = nan, b = 1", None),
        (higher, "a = inf, b = 1", None),
        (higher, "a = { normal = [0, inf] }, b = 1", None),
    ] {
        let said = one("", ends, values);
        let Some(expected) = first else {
            assert_eq!(said.code, 2, "{values}: {}{}", said.out, said.err);
            assert!(said.err.contains("problem.toml:"), "{}", said.err);
            continue;
        };
        let json = said.json();
        assert_eq!(said.code, 0, "{values}: {}", said.err);
        assert!(is_finite(&json), "{values}: {json:#}");
        let p_best = json["rank_acceptability"]["a"][0].as_f64().unwrap();
        assert!((p_best - expected).abs() < 0.51, "{values}: {p_best}");
        let sum = p_best + json["rank_acceptability"]["b"][0].as_f64().unwrap();
        assert!(
            (sum - 1.0).abs() < 1e-9,
            "{values}: the first places sum to {sum}"
        );
    }
}

#[test]
fn exact_ties_share_the_first_place() {
    let ends = "better = \"higher\"\nworst = 0\nbest = 1";
    for values in [
        "a = 0.5, b = 0.5",
        "a = { samples = [1, 2] }, b = 7",
        "a = 1e300, b = 1",
    ] {
        let json = one("", ends, values).json();
        for name in ["a", "b"] {
            assert_eq!(json["rank_acceptability"][name][0], 0.5, "{values}");
            assert_eq!(json["expected_loss"][name], 0.0, "{values}");
        }
    }
}

#[test]
fn samples_that_were_drawn_together_are_judged_together() {
    let ends = "better = \"higher\"\nworst = 0\nbest = 1";
    let values =
        "a = { samples = [0.342, 0.262, 0.438, 0.293] }, b = { samples = [0.352, 0.272, 0.448, 0.303] }";
    let best = |head: &str| {
        one(head, ends, values).json()["rank_acceptability"]["b"][0]
            .as_f64()
            .unwrap()
    };
    assert_eq!(best("joint = true"), 1.0);
    let apart = best("joint = false");
    assert!((0.5..0.7).contains(&apart), "{apart}");
    assert_eq!(best(""), apart);
    for (values, words) in [
        (
            "a = { samples = [1, 2] }, b = { samples = [1, 2, 3] }",
            "these are 3 samples, and those before are 2",
        ),
        ("a = 1, b = 2", "there are none"),
    ] {
        let said = one("joint = true", ends, values);
        assert_eq!(said.code, 2);
        assert!(said.err.contains(words), "{}", said.err);
    }
    // Beside them, what was not drawn together stays independent, and over several criteria a place is one world.
    let two = problem(
        "alternatives = [\"a\", \"b\"]\njoint = true\n\
         [[criterion]]\nid = \"x\"\nbetter = \"higher\"\nworst = 0\nbest = 1\n\
         values = { a = { samples = [0, 1] }, b = 0.5 }\n\
         [[criterion]]\nid = \"y\"\nbetter = \"higher\"\nworst = 0\nbest = 1\n\
         values = { a = { samples = [1, 0] }, b = 0.5 }\n\
         [preferences]\nweights = { x = 1, y = 1 }\n",
    );
    // In each world `a` has 0 and 1 on the two, which is as much as `b` has.
    assert_eq!(two.json()["rank_acceptability"]["a"][0], 0.5, "{}", two.err);
}

fn stored() -> Place {
    let place = Place::new();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stored/bakeoff.db");
    std::fs::create_dir(place.path().join(".bakeoff")).unwrap();
    std::fs::copy(kept, place.path().join(".bakeoff/bakeoff.db")).unwrap();
    place
}

#[test]
fn a_name_that_stands_twice_is_an_error_wherever_it_stands() {
    let place = stored();
    for options in [
        &["--order", "speed,speed"][..],
        &["--order", "speed,extensibility,speed"],
        &["--weights", "speed=1,speed=2"],
        &["--only", "node-http,node-http"],
    ] {
        let said = place.run(&[&["decide", "latest"], options].concat());
        assert_eq!(said.code, 2, "{options:?}: {}", said.out);
        assert!(said.err.contains("is listed twice"), "{}", said.err);
    }
    place.brief("order-api.toml");
    let said = place.run(&["plan", "order-api.toml", "--only", "node-http,node-http"]);
    assert!(
        said.code == 2 && said.err.contains("the contender `node-http` is listed twice"),
        "{said:?}"
    );
    let infinite = place.run(&["decide", "latest", "--weights", "speed=1e308,extensibility=1e308"]);
    assert!(
        infinite.code == 2 && infinite.err.contains("the weights sum to inf"),
        "{infinite:?}"
    );
}

#[test]
fn one_contender_is_the_only_one_judged() {
    let said = stored().run(&["decide", "latest", "--only", "node-http"]);
    let words = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("it is the only one judged") || said.code != 0,
        "{}",
        said.out
    );
    assert!(!words.contains("of 1 contender"), "{}", said.out);
}

#[test]
fn errors_of_a_problem_say_what_to_write() {
    let text = |better: &str, best: &str, values: &str| {
        format!(
            "alternatives = [\"node.js\", \"b\"]\n[[criterion]]\nid = \"x\"\nbetter = {better}\nworst = 0\nbest = {best}\n\
             [criterion.values]\n{values}\n"
        )
    };
    for (document, words, way_out) in [
        (
            text("\"higher\"", "1", "node.js = 1"),
            "`node.js` is several keys in TOML",
            "`\"node.js\" = …`",
        ),
        (
            text("\"higher\"", "1", "node.j = 1"),
            "unknown alternative `node`",
            "",
        ),
        (
            text("\"min\"", "1", ""),
            "`better` is `lower` or `higher`, not `min`",
            "",
        ),
        (
            text("\"highr\"", "1", ""),
            "`better` is `lower` or `higher`, not `highr`",
            "did you mean `higher`?",
        ),
        (
            text("\"higher\"", "99999999999999999999", ""),
            "`best` is a whole number that is too large",
            "99999999999999999999.0",
        ),
        (
            text("\"higher\"", "\"1\"", ""),
            "`best` must be a number, not the text \"1\"",
            "",
        ),
        (text("1", "1", ""), "`better` must be", ""),
    ] {
        let said = problem(&document);
        assert_eq!(said.code, 2, "{document}");
        assert!(
            said.err.lines().next().unwrap().contains(words),
            "{words}: {}",
            said.err
        );
        assert!(said.err.contains(way_out), "{}", said.err);
        for inner in ["i128", "f64", "unknown variant", "invalid type"] {
            assert!(!said.err.contains(inner), "{inner}: {}", said.err);
        }
    }
}
