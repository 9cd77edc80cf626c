//! Runs whose truth is planted, and claims about it: the answer follows the truth, and mirrors when the sides do.

use super::{Answer, Claim, Fits, Lack, Names, Verdict, parse, settle};
use crate::evidence::{Extent, Reach, Run, Runs, Trial};
use crate::fixture::{Fixture, brief};
use crate::judge::{JudgeOptions, judge};
use proptest::prelude::*;

fn names() -> Names {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Names {
        contenders: owned(&["n1", "n2", "p1", "p2", "node-fastify@jitless"]),
        families: owned(&["node", "python", "java"]),
    }
}

const HEAD: &str = "id = \"c\"\nsentence = \"s\"\nreading = \"r\"\nsettle = \"run it\"\n";

fn claim(test: &str) -> Claim {
    parse(
        &format!("{HEAD}[[test]]\nabout = \"a\"\n{test}\n"),
        "c.toml",
        Some(&names()),
    )
    .unwrap()
}

fn families(one: &str, is: &str, other: &str) -> Claim {
    claim(&format!(
        "metric = \"cpu_us_per_request\"\nof = {{ family = \"{one}\" }}\nis = \"{is}\"\nthan = {{ family = \"{other}\" }}"
    ))
}

/// Two Node.js and two Python stacks with these factors on every cost.
fn run(factors: [f64; 4]) -> Run {
    let [n1, n2, p1, p2] = factors;
    let mut run = Fixture::new(&[("n1", n1), ("n2", n2), ("p1", p1), ("p2", p2)])
        .launches(3)
        .run();
    for record in &mut run.contenders {
        let family = if record.name.starts_with('p') {
            "python"
        } else {
            "node"
        };
        record.family = family.to_owned();
    }
    run
}

fn answer(claim: &Claim, run: &Run) -> Answer {
    answers(&[claim], run).remove(0)
}

fn answers(claims: &[&Claim], run: &Run) -> Vec<Answer> {
    let brief = brief();
    let options = JudgeOptions {
        samples: 200,
        seed: 1,
        only: Vec::new(),
    };
    let judgement = judge(run, &brief, &brief.preferences, &options);
    claims
        .iter()
        .map(|claim| settle(claim, run, &brief, &judgement))
        .collect()
}

fn verdict(claim: &Claim, factors: [f64; 4]) -> Verdict {
    answer(claim, &run(factors)).verdict
}

#[test]
fn the_answer_follows_the_planted_truth_and_flips_with_it() {
    let slower = families("python", "higher", "node");
    assert_eq!(verdict(&slower, [1.0, 1.1, 4.0, 5.0]), Verdict::Supported);
    assert_eq!(verdict(&slower, [4.0, 5.0, 1.0, 1.1]), Verdict::Refuted);
    assert_eq!(verdict(&slower, [1.0, 1.01, 1.02, 1.0]), Verdict::NotSeparable);
    // One stack that is beyond doubt the other way round refutes a general sentence.
    assert_eq!(verdict(&slower, [1.0, 4.0, 2.0, 9.0]), Verdict::Refuted);
    // Most pairs apart and none the other way round support it.
    assert_eq!(verdict(&slower, [1.0, 1.1, 1.1, 9.0]), Verdict::NotSeparable);
    assert_eq!(verdict(&slower, [0.3, 1.0, 1.05, 4.0]), Verdict::Supported);
}

#[test]
fn every_pair_has_its_numbers() {
    let found = answer(&families("python", "higher", "node"), &run([1.0, 1.1, 4.0, 5.0]));
    let pairs = &found.tests[0].pairs;
    assert_eq!(pairs.len(), 4);
    for pair in pairs {
        let range = pair.change.range;
        assert!(range.low < range.value && range.value < range.high && range.low > 1.0);
        assert_eq!((pair.of.launches, pair.fits), (3, Fits::Holds));
        assert!(pair.of.value.low < pair.of.value.value, "{pair:?}");
    }
}

#[test]
fn a_value_of_the_claim_is_compared_with_each_stack() {
    let within = |ms: f64| {
        claim(&format!(
            "metric = \"startup_ms\"\nof = {{ family = \"node\" }}\nis = \"lower\"\nthan = {{ value = {ms:.1} }}"
        ))
    };
    let factors = [1.0, 1.1, 4.0, 4.0];
    // Planted: 400 ms and 440 ms.
    assert_eq!(verdict(&within(1000.0), factors), Verdict::Supported);
    assert_eq!(verdict(&within(200.0), factors), Verdict::Refuted);
    assert_eq!(verdict(&within(420.0), factors), Verdict::NotSeparable);
}

#[test]
fn what_was_measured_too_little_settles_nothing() {
    let slower = families("python", "higher", "node");
    let mut run = run([1.0, 1.1, 4.0, 5.0]);
    let needed = Extent {
        launches: 2,
        blocks: 5,
    };
    // All of one stack but its first launch is taken away: its pairs are left out, and the others still tell.
    let launches = run.launches.iter();
    let firsts: Vec<u32> = launches
        .filter(|launch| launch.round == 0)
        .map(|launch| launch.id)
        .collect();
    let is_first = |trial: &Trial| trial.launch.is_some_and(|launch| firsts.contains(&launch));
    run.trials
        .retain(|trial| trial.entrant.name() != "p2" || is_first(trial));
    let found = answer(&slower, &run);
    assert_eq!(found.verdict, Verdict::Supported);
    assert_eq!(found.tests[0].pairs.len(), 2);
    let [
        Lack::TooLittle {
            contender,
            has,
            needed: of_answer,
        },
    ] = &found.tests[0].lacks[..]
    else {
        panic!("{:?}", found.tests[0].lacks);
    };
    assert_eq!((contender.as_str(), *of_answer), ("p2", needed));
    assert!(has.launches == 1 && has.blocks >= 1, "{has:?}");
    // Nobody has two launches: nothing is settled.
    run.trials.retain(is_first);
    let found = answer(&slower, &run);
    assert_eq!(found.verdict, Verdict::NotTested);
    assert_eq!(found.tests[0].lacks.len(), 4);
}

#[test]
fn what_is_missing_is_said_and_leaves_the_claim_untested() {
    let run = run([1.0, 1.1, 4.0, 5.0]);
    let java = answer(&families("node", "higher", "java"), &run);
    assert_eq!(java.verdict, Verdict::NotTested);
    assert_eq!(
        java.tests[0].lacks,
        [Lack::NoFamily {
            family: "java".into()
        }]
    );
    let jitless = claim(
        "metric = \"compute_ms\"\nof = { contenders = [\"node-fastify@jitless\"] }\nis = \"higher\"\nthan = { family = \"node\" }",
    );
    let jitless = answer(&jitless, &run);
    assert_eq!(jitless.verdict, Verdict::NotTested);
    assert!(matches!(jitless.tests[0].lacks[..], [Lack::NoContender { .. }]));
    let processes = claim(
        "metric = \"usl_processes_contention\"\nof = { family = \"node\" }\nis = \"lower\"\nthan = { value = 1.0 }",
    );
    let processes = answer(&processes, &run);
    assert_eq!(processes.verdict, Verdict::NotTested);
    assert_eq!(processes.tests[0].lacks.len(), 2);
    let no_test = parse(HEAD, "c.toml", Some(&names())).unwrap();
    assert_eq!(answer(&no_test, &run).verdict, Verdict::NotTested);
}

#[test]
fn what_is_documented_is_read_from_the_run() {
    let mut run = run([1.0; 4]);
    let documented = claim("target = \"browser\"\nof = { family = \"python\" }\nis = \"no\"");
    assert_eq!(answer(&documented, &run).verdict, Verdict::NotTested);
    for (runs, expected) in [
        (Runs::No, Verdict::Supported),
        (Runs::Yes, Verdict::Refuted),
        (Runs::Partial, Verdict::NotSeparable),
    ] {
        for record in &mut run.contenders {
            record.reach = vec![Reach {
                target: "browser".into(),
                title: "a browser".into(),
                runs,
                remark: "so it is".into(),
                source: "https://example.org".into(),
                looked_up: "2026-11-24".into(),
            }];
        }
        assert_eq!(answer(&documented, &run).verdict, expected);
    }
}

/// The claims about the browser as they ship, on a run in which the validations of both families have these shares
/// there, and Python's costs a hundred times the bytes.
fn about_the_browser(node: f64, python: f64) -> Vec<Answer> {
    let mut run = run([1.0; 4]);
    for record in &mut run.contenders {
        let is_python = record.family == "python";
        for seen in &mut record.observations {
            match seen.metric.as_str() {
                "browser_share" => seen.value = if is_python { python } else { node },
                "browser_kb" if is_python => seen.value *= 100.0,
                _ => {}
            }
        }
    }
    let ledger = [
        include_str!("../../../../claims/one-language.toml"),
        include_str!("../../../../claims/javascript-browser.toml"),
    ];
    let claims = ledger.map(|text| parse(text, "c.toml", None).unwrap());
    answers(&claims.each_ref(), &run)
}

#[test]
fn what_runs_in_a_browser_settles_the_claims_about_it() {
    use Verdict::{Refuted, Supported};
    let verdicts = |node, python| -> Vec<Verdict> {
        let answers = about_the_browser(node, python).into_iter();
        answers.map(|answer| answer.verdict).collect()
    };
    assert_eq!(verdicts(0.99, 0.99), [Supported, Refuted]);
    assert_eq!(verdicts(0.99, 0.5), [Supported, Supported]);
    assert_eq!(verdicts(0.5, 0.99), [Refuted, Refuted]);
    let both = about_the_browser(0.99, 0.99);
    let bytes = &both[1].tests[1];
    assert_eq!(bytes.verdict, Supported, "{bytes:#?}");
    assert_eq!(bytes.pairs.len(), 4);
    let mut unvisited = run([1.0; 4]);
    for record in &mut unvisited.contenders {
        record
            .observations
            .retain(|seen| !seen.metric.starts_with("browser_"));
    }
    let one_language = &parse(
        include_str!("../../../../claims/one-language.toml"),
        "c.toml",
        None,
    )
    .unwrap();
    assert_eq!(answer(one_language, &unvisited).verdict, Verdict::NotTested);
}

#[test]
fn several_tests_must_all_hold_and_those_beside_decide_nothing() {
    use Verdict::{NotSeparable, NotTested, Refuted, Supported};
    assert_eq!(Verdict::of_all([Supported, Supported]), Supported);
    assert_eq!(Verdict::of_all([Supported, NotTested, Refuted]), Refuted);
    assert_eq!(Verdict::of_all([Supported, NotSeparable, NotTested]), NotTested);
    assert_eq!(Verdict::of_all([Supported, NotSeparable]), NotSeparable);
    assert_eq!(Verdict::of_all([]), NotTested);
    let beside = "role = \"shows\"\nmetric = \"startup_ms\"\nof = { family = \"node\" }\nis = \"higher\"\nthan = { family = \"python\" }";
    let text = format!(
        "{HEAD}[[test]]\nabout = \"a\"\nmetric = \"startup_ms\"\nof = {{ family = \"node\" }}\nis = \"lower\"\nthan = {{ family = \"python\" }}\n[[test]]\nabout = \"b\"\n{beside}\n"
    );
    let claim = parse(&text, "c.toml", Some(&names())).unwrap();
    let found = answer(&claim, &run([1.0, 1.1, 4.0, 5.0]));
    assert_eq!(found.verdict, Supported);
    assert_eq!(found.tests[1].verdict, Refuted);
}

fn error(text: &str) -> String {
    parse(text, "claims/c.toml", Some(&names()))
        .unwrap_err()
        .to_string()
}

#[test]
fn a_bad_file_names_the_line_and_the_nearest_right_word() {
    let rule = |metric: &str, family: &str, is: &str| {
        format!(
            "{HEAD}[[test]]\nabout = \"a\"\nmetric = \"{metric}\"\nof = {{ family = \"{family}\" }}\nis = \"{is}\"\nthan = {{ value = 1.0 }}\n"
        )
    };
    for (text, line, hint) in [
        (
            rule("cpu_us_per_requst", "node", "higher"),
            "claims/c.toml:7:10",
            "did you mean `cpu_us_per_request`? `bakeoff list metrics` shows all",
        ),
        (
            rule("startup_ms", "nod", "higher"),
            "claims/c.toml:8:17",
            "did you mean `node`?",
        ),
        (
            rule("startup_ms", "node", "highr"),
            "claims/c.toml:9:6",
            "did you mean `higher`?",
        ),
        (
            format!(
                "{HEAD}[[test]]\nabout = \"a\"\nmetric = \"startup_ms\"\nof = {{ contenders = [\"n3\"] }}\nis = \"lower\"\nthan = {{ value = 1.0 }}\n"
            ),
            "claims/c.toml:8:22",
            "did you mean `n1`?",
        ),
        (
            format!(
                "{HEAD}[[test]]\nabout = \"a\"\nrole = \"decide\"\nmetric = \"startup_ms\"\nof = {{ family = \"node\" }}\nis = \"lower\"\nthan = {{ value = 1.0 }}\n"
            ),
            "claims/c.toml:7:8",
            "did you mean `decides`?",
        ),
        (
            format!(
                "{HEAD}[[test]]\nabout = \"a\"\ntarget = \"browsr\"\nof = {{ family = \"node\" }}\nis = \"yes\"\n"
            ),
            "claims/c.toml:7:10",
            "did you mean `browser`?",
        ),
        (
            format!("{HEAD}limit = \"x\"\n"),
            "claims/c.toml:5:1",
            "did you mean `limits`?",
        ),
    ] {
        let error = error(&text);
        assert!(error.contains(line) && error.contains(hint), "{error}");
    }
    let incomplete = error(&format!(
        "{HEAD}[[test]]\nabout = \"a\"\nmetric = \"startup_ms\"\nof = {{ family = \"node\" }}\nis = \"lower\"\n"
    ));
    assert!(incomplete.contains("needs `than`"), "{incomplete}");
    assert!(
        error("id = \"c\"\nsentence = \"\"\nreading = \"r\"\nsettle = \"s\"\n")
            .contains("`sentence` is empty")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    /// A sentence and its mirror: what supports one refutes the other, and what tells nothing tells nothing of both.
    #[test]
    fn mirrored_sentences_get_mirrored_answers(factors in [0.3..5.0_f64, 0.3..5.0_f64, 0.3..5.0_f64, 0.3..5.0_f64]) {
        let run = run(factors);
        let sentences = [
            families("python", "higher", "node"),
            families("node", "higher", "python"),
            families("python", "lower", "node"),
        ];
        let [one, swapped, negated] = &answers(&sentences.each_ref(), &run)[..] else {
            return Err(TestCaseError::fail("three sentences have three answers"));
        };
        prop_assert_eq!(swapped.verdict, negated.verdict);
        match one.verdict {
            Verdict::Supported => prop_assert_eq!(swapped.verdict, Verdict::Refuted),
            Verdict::Refuted => prop_assert_ne!(swapped.verdict, Verdict::NotTested),
            Verdict::NotSeparable => prop_assert_ne!(swapped.verdict, Verdict::Supported),
            Verdict::NotTested => prop_assert!(false),
        }
        let ratios = |answer: &Answer| -> Vec<f64> {
            let mut ratios: Vec<f64> = answer.tests[0].pairs.iter().map(|pair| pair.change.range.value.ln().abs()).collect();
            ratios.sort_by(f64::total_cmp);
            ratios
        };
        for (a, b) in ratios(one).into_iter().zip(ratios(swapped)) {
            prop_assert!((a - b).abs() < 1e-9);
        }
    }
}
