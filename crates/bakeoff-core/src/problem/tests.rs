//! Decision problems as users write them, right and wrong.

use super::parse;
use crate::smaa::{Evidence, decide};

const EXAMPLE: &str = r#"alternatives = ["A", "B"]
samples = 400000
seed = 7

[[criterion]]
id = "efficacy"
better = "higher"
worst = 0.0
best = 1.0
clip = false
[criterion.values]
A = { normal = [0.7, 0.1] }
B = { normal = [0.5, 0.05] }

[[criterion]]
id = "safety"
better = "higher"
worst = 0
best = 1
clip = false
[criterion.values]
A = { normal = [0.4, 0.05] }
B = { normal = [0.6, 0.1] }

[[criterion]]
id = "price"
better = "higher"
worst = 0
best = 1
clip = false
[criterion.values]
A = { normal = [0.6, 0.2] }
B = { normal = [0.5, 0.1] }

[preferences]
weights = { efficacy = 0.5, safety = 0.3, price = 0.2 }
"#;

#[test]
fn the_worked_example_is_read_and_decided() {
    let decision = decide(&parse(EXAMPLE, "p.toml").unwrap());
    assert!((decision.p_best(0) - 0.776057760868).abs() < 0.0032);
    assert!((decision.expected_loss[0] - 0.010210313866).abs() < 2e-4);
    assert_eq!(decision.samples, 400_000);
}

#[test]
fn every_form_of_evidence_and_preference_is_read() {
    let text = r#"alternatives = ["a", "b", "c", "d", "e", "f", "g"]
[[criterion]]
id = "ms"
better = "lower"
worst = 100
best = 1
scale = "log"
[criterion.values]
a = 12
b = { lognormal = [2.0, 0.3] }
c = { uniform = [5, 9] }
d = { samples = [3, 4, 5.5] }
f = { beta = [2, 3] }
g = 7.5
[[criterion]]
id = "cost"
better = "lower"
worst = 10
best = 0
[criterion.values]
a = { normal = [3, 1] }
[[criterion]]
id = "team"
better = "higher"
worst = 0
best = 1
[preferences]
order = ["cost"]
ratios = [["cost", "ms", 1.5, 2.5]]
intervals = { team = [0.1, 0.3] }
"#;
    let problem = parse(text, "p.toml").unwrap();
    let evidence = &problem.criteria[0].measures[0].evidence;
    assert_eq!(evidence[0], Evidence::Exact(12.0));
    assert_eq!(evidence[3], Evidence::Samples(vec![3.0, 4.0, 5.5]));
    assert_eq!(evidence[4], Evidence::Missing);
    assert_eq!((problem.samples, problem.seed), (100_000, 1));
    for weights in problem.region.draw(500, 1) {
        let [ms, cost, team] = weights[..] else {
            panic!("{weights:?}")
        };
        assert!(
            cost >= 1.5 * ms - 1e-9 && cost <= 2.5 * ms + 1e-9 && (0.1..=0.3).contains(&team) && cost >= team
        );
    }
}

/// The example with one text replaced, and the line, the column and the message that this gives.
#[track_caller]
fn wrong(from: &str, to: &str, line: usize, message: &str) {
    assert!(EXAMPLE.contains(from), "`{from}` is not in the example");
    let error = parse(&EXAMPLE.replacen(from, to, 1), "p.toml").unwrap_err();
    let place = error.place.as_ref().unwrap();
    assert_eq!((error.message.as_str(), place.line), (message, line));
}

#[test]
fn each_malformed_problem_is_one_error_with_its_line() {
    wrong("[\"A\", \"B\"]", "[]", 1, "there is no alternative");
    wrong(
        "[\"A\", \"B\"]",
        "[\"A\", \"A\"]",
        1,
        "the alternative `A` is listed twice",
    );
    wrong(
        "samples = 400000",
        "samples = 0",
        2,
        "`samples` must be a whole number from 1 to 100000000, not `0`",
    );
    wrong(
        "id = \"safety\"",
        "id = \"efficacy\"",
        16,
        "the criterion `efficacy` is listed twice",
    );
    wrong(
        "best = 1.0",
        "best = 0.0",
        9,
        "`worst` and `best` are both `0`, so every value would score the same",
    );
    wrong(
        "better = \"higher\"",
        "better = \"lower\"",
        9,
        "`better = \"lower\"`, but `best` is `1` and `worst` is `0`",
    );
    wrong(
        "worst = 0.0",
        "worst = nan",
        8,
        "`worst` must be a number, not `NaN`",
    );
    wrong(
        "{ normal = [0.7, 0.1] }",
        "nan",
        12,
        "a value must be a number, not `NaN`",
    );
    wrong(
        "normal = [0.7, 0.1]",
        "normal = [0.7, -0.1]",
        12,
        "the standard deviation of `normal` must be above 0, not `-0.1`",
    );
    wrong(
        "normal = [0.7, 0.1]",
        "beta = [0, 2]",
        12,
        "the `a` of `beta` must be above 0, not `0`",
    );
    wrong(
        "normal = [0.7, 0.1]",
        "uniform = [2, 1]",
        12,
        "`uniform` goes from `2` to `1`: the first must be below the second",
    );
    wrong("normal = [0.7, 0.1]", "samples = []", 12, "`samples` is empty");
    wrong(
        "normal = [0.7, 0.1]",
        "normal = [0.7]",
        12,
        "`normal` needs two numbers and has 1",
    );
    wrong(
        "normal = [0.7, 0.1]",
        "normla = [0.7, 0.1]",
        12,
        "unknown distribution `normla`",
    );
    wrong(
        "B = { normal = [0.5, 0.05] }",
        "C = 1",
        13,
        "unknown alternative `C`",
    );
    wrong(
        "clip = false",
        "scale = \"log\"",
        8,
        "`worst` must be above 0 on a log scale, not `0`",
    );
    wrong(
        "efficacy = 0.5",
        "efficacy = -1",
        36,
        "a weight must be 0 or more, not `-1`",
    );
    wrong(
        "efficacy = 0.5",
        "eficacy = 0.5",
        36,
        "unknown criterion `eficacy`",
    );
    wrong(
        "{ efficacy = 0.5, safety = 0.3, price = 0.2 }",
        "{ efficacy = 0 }",
        36,
        "the weights sum to `0`",
    );
    wrong(
        "weights = { efficacy = 0.5, safety = 0.3, price = 0.2 }",
        "order = [\"saftey\"]",
        36,
        "unknown criterion `saftey`",
    );
    wrong(
        "weights =",
        "order = [\"price\"]\nweights =",
        37,
        "no weights fit all of: `price` before `safety`; weights `efficacy` = 0.5, `safety` = 0.3, `price` = 0.2",
    );
    wrong(
        "weights =",
        "weight =",
        36,
        "unknown field `weight`, expected one of `order`, `weights`, `ratios`, `intervals`",
    );
    wrong(
        "seed = 7",
        "seed = ",
        3,
        "not TOML: string values must be quoted, expected literal string",
    );
}

#[test]
fn an_empty_problem_says_what_is_missing() {
    let error = parse("", "p.toml").unwrap_err();
    assert!(error.message.contains("alternatives"), "{error}");
    let error = parse("alternatives = [\"A\"]", "p.toml").unwrap_err();
    assert_eq!(error.message, "there is no criterion");
}

#[test]
fn errors_of_problems_have_the_form_of_all_errors() {
    let error = parse(&EXAMPLE.replace("price = 0.2", "prize = 0.2"), "p.toml").unwrap_err();
    insta::assert_snapshot!(error.to_string(), @r"
    error: unknown criterion `prize`
       --> p.toml:36:51
       |
    36 | weights = { efficacy = 0.5, safety = 0.3, prize = 0.2 }
       |                                                   ^^^
    hint: did you mean `price`?
    ");
}

/// The example with one text replaced: everything that a user reads.
#[track_caller]
fn read(from: &str, to: &str) -> String {
    assert!(EXAMPLE.contains(from), "`{from}` is not in the example");
    let text = EXAMPLE.replacen(from, to, 1);
    parse(&text, "p.toml").unwrap_err().to_string()
}

#[test]
fn ten_malformed_problems_to_the_letter() {
    insta::assert_snapshot!(read("weights = {", "order = [\"prize\"] # {"), @r#"
    error: unknown criterion `prize`
       --> p.toml:36:10
       |
    36 | order = ["prize"] # { efficacy = 0.5, safety = 0.3, price = 0.2 }
       |          ^^^^^^^
    hint: did you mean `price`?
    "#);
    insta::assert_snapshot!(read("best = 1.0", "best = 0.0"), @r"
    error: `worst` and `best` are both `0`, so every value would score the same
      --> p.toml:9:8
      |
    9 | best = 0.0
      |        ^^^
    ");
    insta::assert_snapshot!(read("normal = [0.7, 0.1]", "beta = [0, 2]"), @r"
    error: the `a` of `beta` must be above 0, not `0`
       --> p.toml:12:5
       |
    12 | A = { beta = [0, 2] }
       |     ^^^^^^^^^^^^^^^^^
    ");
    insta::assert_snapshot!(read("weights =", "order = [\"price\"]\nweights ="), @r"
    error: no weights fit all of: `price` before `safety`; weights `efficacy` = 0.5, `safety` = 0.3, `price` = 0.2
       --> p.toml:37:11
       |
    37 | weights = { efficacy = 0.5, safety = 0.3, price = 0.2 }
       |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    hint: loosen or remove one of them
    ");
    insta::assert_snapshot!(read("{ normal = [0.7, 0.1] }", "nan"), @r"
    error: a value must be a number, not `NaN`
       --> p.toml:12:5
       |
    12 | A = nan
       |     ^^^
    ");
    insta::assert_snapshot!(parse("", "p.toml").unwrap_err().to_string(), @r"
    error: missing field `alternatives`
      --> p.toml:1:1
      |
    1 | 
      | ^
    ");
    insta::assert_snapshot!(read("[\"A\", \"B\"]", "[\"A\", \"A\"]"), @r#"
    error: the alternative `A` is listed twice
      --> p.toml:1:22
      |
    1 | alternatives = ["A", "A"]
      |                      ^^^
    hint: remove one of the two
    "#);
    insta::assert_snapshot!(read("id = \"safety\"", "id = \"efficacy\""), @r#"
    error: the criterion `efficacy` is listed twice
       --> p.toml:16:6
       |
    16 | id = "efficacy"
       |      ^^^^^^^^^^
    "#);
    insta::assert_snapshot!(read("normal = [0.7, 0.1]", "normal = [0.7, -0.1]"), @r"
    error: the standard deviation of `normal` must be above 0, not `-0.1`
       --> p.toml:12:5
       |
    12 | A = { normal = [0.7, -0.1] }
       |     ^^^^^^^^^^^^^^^^^^^^^^^^
    ");
    insta::assert_snapshot!(read("weights = { efficacy = 0.5, safety = 0.3, price = 0.2 }", "intervals = { efficacy = [0.6, 0.9], safety = [0.5, 0.7] }"), @r"
    error: no weights fit all of: `efficacy` between 0.6 and 0.9; `safety` between 0.5 and 0.7
       --> p.toml:36:13
       |
    36 | intervals = { efficacy = [0.6, 0.9], safety = [0.5, 0.7] }
       |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    hint: loosen or remove one of them
    ");
    insta::assert_snapshot!(read("samples = 400000", "samples = 0"), @r"
    error: `samples` must be a whole number from 1 to 100000000, not `0`
      --> p.toml:2:11
      |
    2 | samples = 0
      |           ^
    ");
}
