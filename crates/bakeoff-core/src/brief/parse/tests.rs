//! Briefs that are wrong, each with exactly what a user then reads; and briefs that are right.

use super::{Vocabulary, parse};
use crate::brief::{Brief, Price, Service, Slo, ValueRange, VariantChoice};
use crate::smaa::Evidence;
use proptest::prelude::*;

const RIGHT: &str = r#"name = "order-api"

[load]
peak_rps = 400
slo = { p99_ms = 50 }

[[traffic]]
scenario = "read-item"
share = 60
"#;

const WHOLE: &str = include_str!("../../../../../briefs/order-api.toml");

fn vocabulary() -> Vocabulary {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Vocabulary {
        scenarios: owned(&["create-item", "json", "list-items", "page", "read-item"]),
        contenders: owned(&[
            "node-express",
            "node-fastify",
            "node-fastify@jitless",
            "node-fastify@node26",
            "python-django",
            "python-flask",
            "python-flask@gevent",
        ]),
        needs: owned(&["oauth", "pdf", "postgres", "websocket"]),
    }
}

/// What a user reads of a wrong brief.
fn wrong(text: &str) -> String {
    let errors = parse(text, "b.toml", &vocabulary()).expect_err("the brief is wrong");
    errors
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n\n")
}

/// What a user reads when `from` is replaced by `to` in a brief that is right.
fn changed(from: &str, to: &str) -> String {
    assert!(RIGHT.contains(from), "`{from}` stands in the right brief");
    wrong(&RIGHT.replace(from, to))
}

/// What a user reads when `more` stands at the end of a brief that is right.
fn with(more: &str) -> String {
    wrong(&format!("{RIGHT}{more}"))
}

fn right(text: &str) -> Brief {
    match parse(text, "b.toml", &vocabulary()) {
        Ok(brief) => brief,
        Err(errors) => panic!(
            "{}",
            errors
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n")
        ),
    }
}

#[test]
fn omitted_keys_have_defaults() {
    let brief = right(RIGHT);
    assert_eq!(brief.question, "Which backend for order-api?");
    assert_eq!(
        (brief.load.peak_rps, brief.load.cores, brief.load.memory_mb),
        (400.0, 1, 512.0)
    );
    assert_eq!(
        brief.load.slo,
        Slo {
            p99_ms: 50.0,
            error_rate: 0.001
        }
    );
    assert_eq!(brief.deploy.target, "container");
    assert_eq!(
        brief.deploy.price,
        Price {
            core_hour: 0.04,
            gb_hour: 0.005,
            currency: "USD".to_owned()
        }
    );
    assert!(brief.only.is_empty() && brief.values.is_empty() && brief.preferences == Default::default());
}

#[test]
fn every_section_is_read() {
    let brief = right(&format!(
        r#"{RIGHT}
[preferences]
order = ["speed", "learning-curve"]
ratios = [["speed", "scalability", 1.5, 2.5]]
intervals = {{ speed = [0.1, 0.3] }}

[team]
people = 4
knows = ["JavaScript", "sql"]

[values]
latency_ms_p99 = {{ required = 50, ideal = 5 }}

[deploy]
target = "app-engine"
instance_class = "F1"

[contenders]
only = ["python-flask"]
"#
    ));
    assert_eq!(brief.preferences.order, ["speed", "learning-curve"]);
    assert_eq!(
        brief.preferences.ratios,
        [("speed".to_owned(), "scalability".to_owned(), 1.5, 2.5)]
    );
    assert_eq!(brief.preferences.intervals["speed"], [0.1, 0.3]);
    assert_eq!(brief.team.knows, ["javascript", "sql"]);
    assert_eq!(
        brief.values["latency_ms_p99"],
        ValueRange {
            required: 50.0,
            ideal: 5.0
        }
    );
    assert_eq!(brief.deploy.instance_class.as_deref(), Some("F1"));
    assert_eq!(brief.only, ["python-flask"]);
}

#[test]
fn exact_weights_are_read() {
    let brief = right(&format!(
        "{RIGHT}[preferences]\nweights = {{ speed = 2, architecture = 1.5 }}\n"
    ));
    let weights = brief.preferences.weights.expect("they are stated");
    assert_eq!(
        (weights["speed"], weights["architecture"], weights.len()),
        (2.0, 1.5, 2)
    );
}

#[test]
fn a_syntax_error_stands_where_the_text_stops_being_toml() {
    insta::assert_snapshot!(changed("peak_rps = 400", "peak_rps 400"), @r#"
    error: not TOML: key with no value, expected `=`
      --> b.toml:4:10
      |
    4 | peak_rps 400
      |          ^
    "#);
}

#[test]
fn a_text_that_is_no_brief_at_all() {
    insta::assert_snapshot!(wrong("{\"name\": 1}"), @r#"
    error: not TOML: invalid key-value pair, expected key
      --> b.toml:1:1
      |
    1 | {"name": 1}
      | ^
    "#);
}

#[test]
fn a_key_twice() {
    insta::assert_snapshot!(changed("peak_rps = 400", "peak_rps = 400\npeak_rps = 500"), @r#"
    error: not TOML: duplicate key
      --> b.toml:5:1
      |
    5 | peak_rps = 500
      | ^^^^^^^^
    "#);
}

#[test]
fn an_empty_file_lacks_everything() {
    insta::assert_snapshot!(wrong(""), @r#"
    error: the brief has no `name`
      --> b.toml:1:1
      |
    1 | 
      | ^
    hint: write for example `name = "order-api"`

    error: the brief has no `load`
      --> b.toml:1:1
      |
    1 | 
      | ^
    hint: write for example `[load]`

    error: the brief has no `traffic`
      --> b.toml:1:1
      |
    1 | 
      | ^
    hint: write for example `[[traffic]]` with `scenario = "read-item"` and `share = 60`
    "#);
}

#[test]
fn an_unknown_section() {
    insta::assert_snapshot!(with("[neds]\nmust = []"), @r#"
    error: unknown key of the brief, `neds`
       --> b.toml:10:2
       |
    10 | [neds]
       |  ^^^^
    hint: did you mean `needs`? it may have `name`, `question`, `load`, `traffic`, `team`, `needs`, `deploy`, `preferences`, `contenders`, `values`, `measure`, `verdict`, `database`, `service`
    "#);
}

#[test]
fn an_unknown_key() {
    insta::assert_snapshot!(changed("peak_rps", "peak_rsp"), @r"
    error: unknown key of [load], `peak_rsp`
      --> b.toml:4:1
      |
    4 | peak_rsp = 400
      | ^^^^^^^^
    hint: did you mean `peak_rps`? it may have `peak_rps`, `cores`, `memory_mb`, `slo`, `connections`, `day`
    ");
}

#[test]
fn a_misspelt_scenario() {
    insta::assert_snapshot!(changed("read-item", "read-itm"), @r#"
    error: unknown scenario `read-itm`
      --> b.toml:8:12
      |
    8 | scenario = "read-itm"
      |            ^^^^^^^^^^
    hint: did you mean `read-item`? `bakeoff list scenarios` shows all
    "#);
}

#[test]
fn a_scenario_like_no_other() {
    insta::assert_snapshot!(changed("read-item", "teleport-everything"), @r#"
    error: unknown scenario `teleport-everything`
      --> b.toml:8:12
      |
    8 | scenario = "teleport-everything"
      |            ^^^^^^^^^^^^^^^^^^^^^
    hint: `bakeoff list scenarios` shows all
    "#);
}

#[test]
fn a_scenario_twice() {
    insta::assert_snapshot!(with("[[traffic]]\nscenario = \"read-item\"\nshare = 1"), @r#"
    error: the scenario `read-item` is listed twice
       --> b.toml:11:12
       |
    11 | scenario = "read-item"
       |            ^^^^^^^^^^^
    hint: remove one of the two
    "#);
}

#[test]
fn a_negative_rate() {
    insta::assert_snapshot!(changed("400", "-400"), @r#"
    error: `peak_rps` must be a number above 0 and at most 10000000, not `-400`
      --> b.toml:4:12
      |
    4 | peak_rps = -400
      |            ^^^^
    "#);
}

#[test]
fn a_rate_of_zero() {
    insta::assert_snapshot!(changed("400", "0.0"), @r#"
    error: `peak_rps` must be a number above 0 and at most 10000000, not `0.0`
      --> b.toml:4:12
      |
    4 | peak_rps = 0.0
      |            ^^^
    "#);
}

#[test]
fn a_rate_that_is_no_number() {
    insta::assert_snapshot!(changed("400", "nan"), @r#"
    error: `peak_rps` must be a number above 0 and at most 10000000, not `nan`
      --> b.toml:4:12
      |
    4 | peak_rps = nan
      |            ^^^
    "#);
}

#[test]
fn a_rate_in_quotes() {
    insta::assert_snapshot!(changed("400", "\"400\""), @r#"
    error: `peak_rps` must be a number above 0 and at most 10000000, not `"400"`
      --> b.toml:4:12
      |
    4 | peak_rps = "400"
      |            ^^^^^
    "#);
}

#[test]
fn an_infinite_rate() {
    insta::assert_snapshot!(changed("400", "inf"), @r#"
    error: `peak_rps` must be a number above 0 and at most 10000000, not `inf`
      --> b.toml:4:12
      |
    4 | peak_rps = inf
      |            ^^^
    "#);
}

#[test]
fn no_cores() {
    insta::assert_snapshot!(changed("peak_rps = 400", "peak_rps = 400\ncores = 0"), @r#"
    error: `cores` must be a whole number from 1 to 1024, not `0`
      --> b.toml:5:9
      |
    5 | cores = 0
      |         ^
    "#);
}

#[test]
fn half_a_core() {
    insta::assert_snapshot!(changed("peak_rps = 400", "peak_rps = 400\ncores = 0.5"), @r#"
    error: `cores` must be a whole number from 1 to 1024, not `0.5`
      --> b.toml:5:9
      |
    5 | cores = 0.5
      |         ^^^
    "#);
}

#[test]
fn no_service_level() {
    insta::assert_snapshot!(changed("slo = { p99_ms = 50 }\n", ""), @r#"
    error: [load] has no `slo`
      --> b.toml:3:1
      |
    3 | [load]
      | ^^^^^^
    hint: write for example `slo = { p99_ms = 50, error_rate = 0.001 }`
    "#);
}

#[test]
fn a_service_level_without_p99() {
    insta::assert_snapshot!(changed("{ p99_ms = 50 }", "{ error_rate = 0.01 }"), @r#"
    error: [slo] has no `p99_ms`
      --> b.toml:5:7
      |
    5 | slo = { error_rate = 0.01 }
      |       ^^^^^^^^^^^^^^^^^^^^^
    hint: write for example `p99_ms = 50`
    "#);
}

#[test]
fn an_error_rate_above_one() {
    insta::assert_snapshot!(changed("p99_ms = 50", "p99_ms = 50, error_rate = 1.5"), @r#"
    error: `error_rate` must be a share from 0 to 1, not `1.5`
      --> b.toml:5:35
      |
    5 | slo = { p99_ms = 50, error_rate = 1.5 }
      |                                   ^^^
    "#);
}

#[test]
fn a_negative_share() {
    insta::assert_snapshot!(changed("60", "-60"), @r#"
    error: `share` must be a number of 0 or more, not `-60`
      --> b.toml:9:9
      |
    9 | share = -60
      |         ^^^
    "#);
}

#[test]
fn shares_that_sum_to_zero() {
    insta::assert_snapshot!(changed("60", "0\n[[traffic]]\nscenario = \"json\"\nshare = 0"), @r#"
    error: the shares of the traffic sum to zero
      --> b.toml:9:9
      |
    9 | share = 0
      |         ^
    hint: give at least one scenario a share above 0
    "#);
}

#[test]
fn traffic_with_single_brackets() {
    insta::assert_snapshot!(changed("[[traffic]]", "[traffic]"), @r#"
    error: `traffic` must be a list of `[[traffic]]`, two brackets, one for each scenario, not a table
      --> b.toml:7:1
      |
    7 | [traffic]
      | ^^^^^^^^^
    "#);
}

#[test]
fn traffic_without_a_share() {
    insta::assert_snapshot!(changed("share = 60\n", ""), @r#"
    error: [[traffic]] has no `share`
      --> b.toml:7:1
      |
    7 | [[traffic]]
      | ^^^^^^^^^^^
    hint: write for example `share = 60`
    "#);
}

#[test]
fn empty_traffic() {
    insta::assert_snapshot!(wrong("name = \"x\"\ntraffic = []\n[load]\npeak_rps = 1\nslo = { p99_ms = 1 }\n"), @r#"
    error: `traffic` is empty
      --> b.toml:2:11
      |
    2 | traffic = []
      |           ^^
    hint: write for example `[[traffic]]` with `scenario = "read-item"` and `share = 60`
    "#);
}

#[test]
fn a_name_that_is_no_folder() {
    insta::assert_snapshot!(changed("order-api", "Order API"), @r#"
    error: `name` must be 1 to 60 small letters, digits and hyphens, as it names a folder
      --> b.toml:1:8
      |
    1 | name = "Order API"
      |        ^^^^^^^^^^^
    hint: write for example `name = "order-api"`
    "#);
}

#[test]
fn an_unknown_contender() {
    insta::assert_snapshot!(with("[contenders]\nonly = [\"node-expres\"]"), @r#"
    error: unknown contender `node-expres`
       --> b.toml:11:9
       |
    11 | only = ["node-expres"]
       |         ^^^^^^^^^^^^^
    hint: did you mean `node-express`? `bakeoff list contenders` shows all
    "#);
}

#[test]
fn variants_and_candidates_are_read() {
    /// What stands under `[contenders]`, the candidates of it, and its variants.
    type Form<'f> = (&'f str, &'f [&'f str], &'f [(&'f str, VariantChoice)]);
    let forms: [Form<'_>; 4] = [
        ("only = [\"node-fastify\", \"node-fastify@jitless\"]", &[], &[]),
        (
            "variants = { python-flask = \"all\" }",
            &[],
            &[("python-flask", VariantChoice::All)],
        ),
        (
            "[contenders.variants]\nnode-fastify = [\"node26\"]\npython-flask = \"all\"",
            &[],
            &[
                ("node-fastify", VariantChoice::Named(vec!["node26".to_owned()])),
                ("python-flask", VariantChoice::All),
            ],
        ),
        ("candidates = [\"node-express\"]", &["node-express"], &[]),
    ];
    for (form, candidates, variants) in forms {
        let brief = right(&format!("{RIGHT}[contenders]\n{form}\n"));
        let read: Vec<(&str, VariantChoice)> = brief
            .variants
            .iter()
            .map(|(name, choice)| (name.as_str(), choice.clone()))
            .collect();
        assert_eq!(
            (&brief.candidates[..], &read[..]),
            (&owned(candidates)[..], variants),
            "{form}"
        );
    }
    let named = VariantChoice::Named(vec!["node26".to_owned()]);
    assert!(named.holds("node26") && !named.holds("jitless") && VariantChoice::All.holds("jitless"));
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// A brief that an earlier version stored has neither variants nor candidates.
#[test]
fn a_stored_brief_of_an_earlier_version_is_read() {
    let brief = right(RIGHT);
    let mut stored = serde_json::to_value(&brief).expect("a brief is JSON");
    let fields = stored.as_object_mut().expect("it is an object");
    fields.remove("variants");
    fields.remove("candidates");
    assert_eq!(
        serde_json::from_value::<Brief>(stored).expect("it is read"),
        brief
    );
}

#[test]
fn a_misspelt_variant() {
    insta::assert_snapshot!(with("[contenders]\nonly = [\"node-fastify@jitles\"]"), @r#"
    error: unknown variant `node-fastify@jitles`
       --> b.toml:11:9
       |
    11 | only = ["node-fastify@jitles"]
       |         ^^^^^^^^^^^^^^^^^^^^^
    hint: did you mean `node-fastify@jitless`? `bakeoff list variants` shows all
    "#);
    insta::assert_snapshot!(with("[contenders.variants]\nnode-fastify = [\"uwebsockets\"]"), @r#"
    error: unknown variant `node-fastify@uwebsockets`
       --> b.toml:11:17
       |
    11 | node-fastify = ["uwebsockets"]
       |                 ^^^^^^^^^^^^^
    hint: `node-fastify` has `jitless`, `node26`; `bakeoff list variants` shows all
    "#);
}

#[test]
fn variants_of_nobody() {
    insta::assert_snapshot!(with("[contenders]\nvariants = \"all\""), @r#"
    error: `variants` must name the contenders whose variants are compared
       --> b.toml:11:12
       |
    11 | variants = "all"
       |            ^^^^^
    hint: write for example `variants = { python-flask = "all" }` or `variants = { python-flask = ["gevent"] }`
    "#);
    insta::assert_snapshot!(with("[contenders.variants]\nnode-express = \"all\""), @r#"
    error: `node-express` has no variants
       --> b.toml:11:1
       |
    11 | node-express = "all"
       | ^^^^^^^^^^^^
    hint: `bakeoff list variants` shows all
    "#);
    insta::assert_snapshot!(with("[contenders.variants]\npython-flask = \"gevent\""), @r#"
    error: the variants of `python-flask` must be `"all"` or a list of names
       --> b.toml:11:16
       |
    11 | python-flask = "gevent"
       |                ^^^^^^^^
    hint: write for example `variants = { python-flask = "all" }` or `variants = { python-flask = ["gevent"] }`
    "#);
}

#[test]
fn a_candidate_or_a_variant_outside_the_field() {
    let more = "[contenders]\nonly = [\"python-flask\"]\ncandidates = [\"node-express\"]\nvariants = { node-fastify = \"all\" }";
    insta::assert_snapshot!(with(more), @r#"
    error: `node-express` is not in `only`, so it is not compared
       --> b.toml:12:15
       |
    12 | candidates = ["node-express"]
       |               ^^^^^^^^^^^^^^
    hint: add `node-express` to `only`

    error: `node-fastify` is not in `only`, so it is not compared
       --> b.toml:13:14
       |
    13 | variants = { node-fastify = "all" }
       |              ^^^^^^^^^^^^
    hint: add `node-fastify` to `only`
    "#);
}

#[test]
fn no_contender() {
    insta::assert_snapshot!(with("[contenders]\nonly = []"), @r#"
    error: `only` names no contender
       --> b.toml:11:8
       |
    11 | only = []
       |        ^^
    hint: leave it out to compare all
    "#);
}

#[test]
fn an_unknown_need() {
    insta::assert_snapshot!(with("[needs]\nmust = [\"postgrse\"]"), @r#"
    error: unknown need `postgrse`
       --> b.toml:11:9
       |
    11 | must = ["postgrse"]
       |         ^^^^^^^^^^
    hint: did you mean `postgres`? known are `oauth`, `pdf`, `postgres`, `websocket`
    "#);
}

#[test]
fn a_need_that_is_both() {
    insta::assert_snapshot!(with("[needs]\nmust = [\"pdf\"]\nwant = [\"oauth\", \"pdf\"]"), @r#"
    error: the need `pdf` is listed twice
       --> b.toml:12:18
       |
    12 | want = ["oauth", "pdf"]
       |                  ^^^^^
    hint: remove one of the two
    "#);
}

#[test]
fn a_need_without_quotes_in_its_list() {
    insta::assert_snapshot!(with("[needs]\nmust = [\"pdf\", 3]"), @r#"
    error: each entry of `must` must be a text in quotes, not `3`
       --> b.toml:11:16
       |
    11 | must = ["pdf", 3]
       |                ^
    "#);
}

#[test]
fn an_unknown_criterion() {
    insta::assert_snapshot!(with("[preferences]\norder = [\"sped\"]"), @r#"
    error: unknown criterion `sped`
       --> b.toml:11:10
       |
    11 | order = ["sped"]
       |          ^^^^^^
    hint: did you mean `speed`? the six are `speed`, `scalability`, `universality`, `extensibility`, `architecture`, `learning-curve`
    "#);
}

#[test]
fn a_criterion_twice() {
    insta::assert_snapshot!(with("[preferences]\norder = [\"speed\", \"architecture\", \"speed\"]"), @r#"
    error: the criterion `speed` is listed twice
       --> b.toml:11:35
       |
    11 | order = ["speed", "architecture", "speed"]
       |                                   ^^^^^^^
    hint: remove one of the two
    "#);
}

#[test]
fn weights_beside_an_order() {
    insta::assert_snapshot!(with("[preferences]\norder = [\"speed\"]\nweights = { speed = 1 }"), @r#"
    error: `order` beside `weights`, which are exact and leave nothing open
       --> b.toml:11:1
       |
    11 | order = ["speed"]
       | ^^^^^
    hint: remove `weights` or `order`
    "#);
}

#[test]
fn weights_that_sum_to_zero() {
    insta::assert_snapshot!(with("[preferences]\nweights = { speed = 0 }"), @r#"
    error: the weights sum to zero
       --> b.toml:11:11
       |
    11 | weights = { speed = 0 }
       |           ^^^^^^^^^^^^^
    hint: give at least one criterion a weight above 0
    "#);
}

#[test]
fn a_ratio_with_its_ends_exchanged() {
    insta::assert_snapshot!(with("[preferences]\nratios = [[\"speed\", \"scalability\", 2.5, 1.5]]"), @r#"
    error: the lower end 2.5 is above the upper end 1.5
       --> b.toml:11:36
       |
    11 | ratios = [["speed", "scalability", 2.5, 1.5]]
       |                                    ^^^
    hint: write `1.5, 2.5`
    "#);
}

#[test]
fn a_ratio_that_is_short() {
    insta::assert_snapshot!(with("[preferences]\nratios = [[\"speed\", 2.5]]"), @r#"
    error: each entry of `ratios` must be two criteria and two numbers, as `["speed", "scalability", 1.5, 2.5]`, not a list
       --> b.toml:11:11
       |
    11 | ratios = [["speed", 2.5]]
       |           ^^^^^^^^^^^^^^
    "#);
}

#[test]
fn intervals_that_no_weights_fit() {
    insta::assert_snapshot!(with("[preferences]\nintervals = { speed = [0.6, 0.7], architecture = [0.5, 0.6] }"), @r#"
    error: the lower ends of the intervals sum to 1.1, and the shares to 1
       --> b.toml:11:13
       |
    11 | intervals = { speed = [0.6, 0.7], architecture = [0.5, 0.6] }
       |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn an_interval_above_the_whole() {
    insta::assert_snapshot!(with("[preferences]\nintervals = { speed = [2, 3] }"), @r#"
    error: `speed` must be a share of the whole, from 0 to 1, not `2`
       --> b.toml:11:24
       |
    11 | intervals = { speed = [2, 3] }
       |                        ^

    error: `speed` must be a share of the whole, from 0 to 1, not `3`
       --> b.toml:11:27
       |
    11 | intervals = { speed = [2, 3] }
       |                           ^
    "#);
}

#[test]
fn an_unknown_metric() {
    insta::assert_snapshot!(with("[values]\nlatency_p99 = { required = 50, ideal = 5 }"), @r#"
    error: unknown metric `latency_p99`
       --> b.toml:11:1
       |
    11 | latency_p99 = { required = 50, ideal = 5 }
       | ^^^^^^^^^^^
    hint: did you mean `latency_ms_p99`? `bakeoff list metrics` shows all
    "#);
}

#[test]
fn an_ideal_equal_to_the_required_value() {
    insta::assert_snapshot!(with("[values]\nlatency_ms_p99 = { required = 50, ideal = 50 }"), @r#"
    error: `ideal` must be below `required` (50), as of `latency_ms_p99` less is better
       --> b.toml:11:43
       |
    11 | latency_ms_p99 = { required = 50, ideal = 50 }
       |                                           ^^
    hint: `required` is where the value is 0, `ideal` where it is 1
    "#);
}

#[test]
fn an_ideal_worse_than_the_required_value() {
    insta::assert_snapshot!(with("[values]\nneeds_covered = { required = 0.5, ideal = 0.25 }"), @r#"
    error: `ideal` must be above `required` (0.5), as of `needs_covered` more is better
       --> b.toml:11:43
       |
    11 | needs_covered = { required = 0.5, ideal = 0.25 }
       |                                           ^^^^
    hint: `required` is where the value is 0, `ideal` where it is 1
    "#);
}

#[test]
fn a_value_that_has_no_logarithm() {
    insta::assert_snapshot!(with("[values]\nlatency_ms_p99 = { required = 50, ideal = 0 }"), @r#"
    error: `ideal` must be a number above 0, as this metric's scale is one of ratios, not `0`
       --> b.toml:11:43
       |
    11 | latency_ms_p99 = { required = 50, ideal = 0 }
       |                                           ^
    "#);
}

#[test]
fn an_unknown_target() {
    insta::assert_snapshot!(with("[deploy]\ntarget = \"containr\""), @r#"
    error: unknown target `containr`
       --> b.toml:11:10
       |
    11 | target = "containr"
       |          ^^^^^^^^^^
    hint: did you mean `container`? known are `container`, `app-engine`, `cloud-run`, `functions`, `edge`, `browser`, `desktop`, `mobile`
    "#);
}

#[test]
fn an_instance_class_of_nothing() {
    insta::assert_snapshot!(with("[deploy]\ninstance_class = \"F1\""), @r#"
    error: `instance_class` has no meaning for the target `container`
       --> b.toml:11:18
       |
    11 | instance_class = "F1"
       |                  ^^^^
    hint: it belongs to `target = "app-engine"`
    "#);
}

const DAY: &str = "day = [1, 1, 1, 1, 1, 2, 3, 5, 7, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 7, 4, 2]";

/// A brief for Cloud Run with another line in `[load]`, and more at its end.
fn for_cloud_run(load: &str, more: &str) -> String {
    let with_load = RIGHT.replace("peak_rps = 400", &format!("peak_rps = 400\n{load}"));
    format!("{with_load}[deploy]\ntarget = \"cloud-run\"\n{more}")
}

#[test]
fn a_brief_for_cloud_run_has_a_day_a_size_and_prices_of_its_own() {
    let brief = right(&for_cloud_run(
        DAY,
        "vcpu = 2\nmemory_mb = 1024\ninstance_class = \"F2\"\n\
         price = { vcpu_second = 0.00002, gib_second = 0.000002, million_requests = 0.3, currency = \"EUR\" }\n",
    ));
    assert_eq!(brief.load.day.map(|day| day.shares()[9]), Some(9.0));
    assert_eq!(
        (brief.deploy.vcpu, brief.deploy.memory_mb),
        (Some(2.0), Some(1024.0))
    );
    assert_eq!(brief.deploy.instance_class.as_deref(), Some("F2"));
    assert_eq!(brief.deploy.own_price.million_requests, Some(0.3));
    assert_eq!(brief.deploy.own_price.f1_hour, None);
    assert_eq!(
        (brief.deploy.price.core_hour, brief.deploy.price.currency.as_str()),
        (0.04, "EUR")
    );
    assert!(brief.deploy.is_serverless());
    let plain = right(RIGHT);
    assert!(plain.load.day.is_none() && !plain.deploy.is_serverless());
    let json = serde_json::to_string(&plain).unwrap();
    assert!(!json.contains("\"day\"") && !json.contains("vcpu"), "{json}");
    assert_eq!(serde_json::from_str::<Brief>(&json).unwrap(), plain);
}

#[test]
fn a_day_that_is_none() {
    insta::assert_snapshot!(wrong(&for_cloud_run("day = [1, 2]", "")), @r"
    error: `day` must have 24 shares, one for each hour, not 2
      --> b.toml:5:7
      |
    5 | day = [1, 2]
      |       ^^^^^^
    hint: the first one is the hour after midnight; leave the line out for an assumed day
    ");
    insta::assert_snapshot!(wrong(&for_cloud_run(&DAY.replace("7, 4, 2", "7, -4, \"2\""), "")), @r#"
    error: each share of `day` must be a number of 0 or more, not `-4`
      --> b.toml:5:74
      |
    5 | day = [1, 1, 1, 1, 1, 2, 3, 5, 7, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 7, -4, "2"]
      |                                                                          ^^

    error: each share of `day` must be a number of 0 or more, not `"2"`
      --> b.toml:5:78
      |
    5 | day = [1, 1, 1, 1, 1, 2, 3, 5, 7, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 7, -4, "2"]
      |                                                                              ^^^
    "#);
    insta::assert_snapshot!(wrong(&for_cloud_run(&format!("day = {:?}", [0; 24]), "")), @r"
    error: `day` has no load: every share is 0
      --> b.toml:5:7
      |
    5 | day = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
      |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    hint: give the busiest hour a share above 0
    ");
    insta::assert_snapshot!(changed("peak_rps = 400", &format!("peak_rps = 400\n{DAY}")), @r#"
    error: `day` has no meaning for the target `container`
      --> b.toml:5:7
      |
    5 | day = [1, 1, 1, 1, 1, 2, 3, 5, 7, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 7, 4, 2]
      |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    hint: it belongs to `[deploy] target = "app-engine"` or `"cloud-run"`, whose instances follow the load
    "#);
}

#[test]
fn sizes_and_prices_of_another_target() {
    insta::assert_snapshot!(with("[deploy]\nvcpu = 1\nprice = { f1_hour = 0.05 }"), @r#"
    error: `vcpu` has no meaning for the target `container`
       --> b.toml:11:8
       |
    11 | vcpu = 1
       |        ^
    hint: it belongs to `target = "cloud-run"` and `target = "app-engine"`

    error: `f1_hour` has no meaning for the target `container`
       --> b.toml:12:21
       |
    12 | price = { f1_hour = 0.05 }
       |                     ^^^^
    hint: it belongs to `target = "cloud-run"` and `target = "app-engine"`
    "#);
    insta::assert_snapshot!(wrong(&for_cloud_run("", "vcpu = 9\nprice = { vcpu_second = 0.00002 }")), @r"
    error: `vcpu` must be a number from 0.08 to 8, not `9`
       --> b.toml:13:8
       |
    13 | vcpu = 9
       |        ^

    error: [price] has no `gib_second`
       --> b.toml:14:9
       |
    14 | price = { vcpu_second = 0.00002 }
       |         ^^^^^^^^^^^^^^^^^^^^^^^^^
    hint: write for example `gib_second = 0.4`

    error: [price] has no `million_requests`
       --> b.toml:14:9
       |
    14 | price = { vcpu_second = 0.00002 }
       |         ^^^^^^^^^^^^^^^^^^^^^^^^^
    hint: write for example `million_requests = 0.4`
    ");
}

#[test]
fn a_price_without_memory() {
    insta::assert_snapshot!(with("[deploy]\nprice = { core_hour = 0.04, currency = \"usd\" }"), @r#"
    error: [price] has no `gb_hour`
       --> b.toml:11:9
       |
    11 | price = { core_hour = 0.04, currency = "usd" }
       |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    hint: write for example `gb_hour = 0.005`

    error: `currency` must be a code of three capital letters, not `usd`
       --> b.toml:11:40
       |
    11 | price = { core_hour = 0.04, currency = "usd" }
       |                                        ^^^^^
    hint: write for example `currency = "EUR"`
    "#);
}

#[test]
fn every_mistake_at_once() {
    insta::assert_snapshot!(wrong("name = \"x\"\n[load]\npeak_rps = -1\ncores = 0\nslo = { p99_ms = 0 }\n[[traffic]]\nscenario = \"jso\"\nshare = 1\n"), @r#"
    error: `peak_rps` must be a number above 0 and at most 10000000, not `-1`
      --> b.toml:3:12
      |
    3 | peak_rps = -1
      |            ^^

    error: `cores` must be a whole number from 1 to 1024, not `0`
      --> b.toml:4:9
      |
    4 | cores = 0
      |         ^

    error: `p99_ms` must be a number above 0 and at most 60000, not `0`
      --> b.toml:5:18
      |
    5 | slo = { p99_ms = 0 }
      |                  ^

    error: unknown scenario `jso`
      --> b.toml:7:12
      |
    7 | scenario = "jso"
      |            ^^^^^
    hint: did you mean `json`? `bakeoff list scenarios` shows all
    "#);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,200}") {
        let _ = parse(&text, "b.toml", &vocabulary());
    }

    /// A brief in which some bytes were overwritten, removed or doubled is read or refused, and every error has a
    /// line that exists.
    #[test]
    fn no_mutation_makes_it_panic(edits in prop::collection::vec((0usize..2000, 0usize..4, "[ -~\n\"\\[\\]{}=.]{0,3}"), 1..6)) {
        let mut text = WHOLE.to_owned();
        for (at, cut, insert) in edits {
            let start = text.floor_char_boundary(at % (text.len() + 1));
            let end = text.floor_char_boundary((start + cut).min(text.len())).max(start);
            text.replace_range(start..end, &insert);
        }
        if let Err(errors) = parse(&text, "b.toml", &vocabulary()) {
            prop_assert!(!errors.is_empty());
            for error in errors {
                let place = error.place.as_ref().expect("every error of a brief has a place");
                prop_assert!(place.line <= text.matches('\n').count() + 1);
                prop_assert!(error.to_string().starts_with("error: "));
            }
        }
    }

    /// Numbers come out as they went in.
    #[test]
    fn a_rate_survives(rate in 0.001f64..1e6) {
        let brief = right(&RIGHT.replace("400", &format!("{rate:?}")));
        prop_assert_eq!(brief.load.peak_rps, rate);
    }
}

const HIRING: &str = r#"
[[measure]]
id = "hiring_weeks"
title = "Time to hire"
unit = "weeks"
criterion = "hiring"
better = "lower"
worst = 20
best = 4
[measure.values]
node-express = { normal = [6, 1.5] }
python-flask = 8
"#;

#[test]
fn a_measure_of_ones_own_is_read() {
    let brief = right(&format!(
        "{RIGHT}{HIRING}\n[preferences]\norder = [\"hiring\", \"speed\"]\n"
    ));
    let own = &brief.measures[0];
    assert_eq!(
        (own.title.as_str(), own.unit.as_str(), own.criterion.as_str()),
        ("Time to hire", "weeks", "hiring")
    );
    assert_eq!(own.evidence("python-flask"), Evidence::Exact(8.0));
    assert_eq!(own.evidence("node-fastify"), Evidence::Missing);
    assert_eq!(brief.criterion_ids().last().map(String::as_str), Some("hiring"));
    assert_eq!(brief.preferences.order, ["hiring", "speed"]);
    let shared = right(&format!(
        "{RIGHT}{}",
        HIRING.replace("\"hiring\"", "\"extensibility\"")
    ));
    assert_eq!(shared.criteria().len(), 6);
}

/// What a user reads when `from` is replaced by `to` in the measure.
fn measure(from: &str, to: &str) -> String {
    assert!(HIRING.contains(from), "`{from}` stands in the measure");
    with(&HIRING.replace(from, to))
}

#[test]
fn each_wrong_measure_is_one_error_at_its_place() {
    insta::assert_snapshot!(measure("best = 4", "best = 20"), @r"
    error: `worst` and `best` are both `20`, so every value would score the same
       --> b.toml:18:8
       |
    18 | best = 20
       |        ^^
    ");
    insta::assert_snapshot!(measure("better = \"lower\"", "better = \"less\""), @r#"
    error: unknown better `less`
       --> b.toml:16:10
       |
    16 | better = "less"
       |          ^^^^^^
    hint: it is one of `lower`, `higher`
    "#);
    insta::assert_snapshot!(measure("normal = [6, 1.5]", "normal = [6, -1]"), @r"
    error: the standard deviation of `normal` must be above 0, not `-1`
       --> b.toml:20:16
       |
    20 | node-express = { normal = [6, -1] }
       |                ^^^^^^^^^^^^^^^^^^^^
    ");
    insta::assert_snapshot!(measure("python-flask = 8", "python-flsk = 8"), @r"
    error: unknown contender `python-flsk`
       --> b.toml:21:1
       |
    21 | python-flsk = 8
       | ^^^^^^^^^^^
    hint: did you mean `python-flask`? `bakeoff list contenders` shows all
    ");
    insta::assert_snapshot!(measure("python-flask = 8", "python-flask = nan"), @r"
    error: a value must be a number, not `NaN`
       --> b.toml:21:16
       |
    21 | python-flask = nan
       |                ^^^
    ");
    insta::assert_snapshot!(measure("\"hiring\"", "\"extensibilty\""), @r#"
    error: `extensibilty` is nearly `extensibility`, one of the six criteria
       --> b.toml:15:13
       |
    15 | criterion = "extensibilty"
       |             ^^^^^^^^^^^^^^
    hint: write `extensibility`, or a name that cannot be taken for it
    "#);
    insta::assert_snapshot!(measure("hiring_weeks", "startup_ms"), @r#"
    error: `startup_ms` is a metric that is measured
       --> b.toml:12:6
       |
    12 | id = "startup_ms"
       |      ^^^^^^^^^^^^
    hint: name the measure otherwise; `[values]` sets the ends of a metric
    "#);
    insta::assert_snapshot!(with(&format!("{HIRING}{HIRING}")), @r#"
    error: the measure `hiring_weeks` is listed twice
       --> b.toml:24:6
       |
    24 | id = "hiring_weeks"
       |      ^^^^^^^^^^^^^^
    hint: remove one of the two
    "#);
}

#[test]
fn thresholds_are_read_and_held_to_probabilities() {
    let verdict = right(&format!("{RIGHT}[verdict]\nseparated = 0.99\n")).verdict;
    assert_eq!((verdict.separated, verdict.pairwise), (0.99, 0.6));
    insta::assert_snapshot!(with("[verdict]\nseparated = 0.3\npbest = 0.6\n"), @r"
    error: `separated` must be a probability from 0.5 to below 1, not `0.3`
       --> b.toml:11:13
       |
    11 | separated = 0.3
       |             ^^^

    error: unknown key of [verdict], `pbest`
       --> b.toml:12:1
       |
    12 | pbest = 0.6
       | ^^^^^
    hint: did you mean `p_best`? it may have `p_best`, `pairwise`, `separated`
    ");
}

#[test]
fn the_scripts_of_an_own_database_run_in_their_order() {
    let brief = right(&format!(
        "{RIGHT}\n[database]\nschema = [\"a.sql\", \"b.sql\"]\nseed = [\"rows.sql\"]\n"
    ));
    let scripts = brief.database.map(|own| own.scripts);
    assert_eq!(scripts.unwrap_or_default(), ["a.sql", "b.sql", "rows.sql"]);
    assert_eq!(right(RIGHT).database, None);
    let missing = with("\n[database]\nseed = [\"rows.sql\"]\n");
    assert!(missing.contains("[database] has no `schema`"), "{missing}");
    let twice = with("\n[database]\nschema = [\"a.sql\"]\nseed = [\"a.sql\"]\n");
    assert!(twice.contains("the script `a.sql` is listed twice"), "{twice}");
    let text = with("\n[database]\nschema = \"a.sql\"\n");
    assert!(
        text.contains("`schema` must be a list of texts in quotes"),
        "{text}"
    );
}

#[test]
fn services_are_commands_and_redis_is_known() {
    let brief = right(&format!(
        "{RIGHT}\n[[service]]\nname = \"redis\"\n[[service]]\nname = \"maria-db\"\n\
         setup = [[\"mariadb-install-db\", \"--datadir={{folder}}\"]]\ncommand = [\"mariadbd\", \"--port={{port}}\"]\n"
    ));
    let [redis, maria] = &brief.services[..] else {
        panic!("{:?}", brief.services);
    };
    assert_eq!(Some(redis), Service::known("redis").as_ref());
    assert_eq!(maria.command, ["mariadbd", "--port={port}"]);
    assert_eq!(
        (maria.setup.len(), &maria.ready, &maria.url),
        (1, &Vec::new(), &None)
    );
    for (section, expected) in [
        ("name = \"mysql\"", "[[service]] has no `command`"),
        ("name = \"My SQL\"\ncommand = [\"x\"]", "must be small letters"),
        (
            "name = \"database\"\ncommand = [\"x\"]",
            "a service that every contender has",
        ),
        (
            "name = \"redis\"\n[[service]]\nname = \"redis\"",
            "the service `redis` is listed twice",
        ),
        (
            "name = \"redis\"\nreset = [\"x\"]",
            "each entry of `reset` must be a list of texts in quotes",
        ),
        ("name = \"redis\"\ncomand = [\"x\"]", "did you mean `command`?"),
    ] {
        let text = with(&format!("[[service]]\n{section}\n"));
        assert!(text.contains(expected), "`{expected}` is not in {text}");
    }
}

#[test]
fn connections_follow_from_the_rate_or_are_set() {
    let load = right(RIGHT).load;
    assert_eq!(
        (
            load.connections,
            load.connections_at(400.0),
            load.connections_at(4_000.0)
        ),
        (None, 40, 400)
    );
    let load = right(&RIGHT.replace("peak_rps = 400", "peak_rps = 400\nconnections = 8")).load;
    assert_eq!(load.connections_at(4_000.0), 8);
    let zero = wrong(&RIGHT.replace("peak_rps = 400", "peak_rps = 400\nconnections = 0"));
    assert!(
        zero.contains("`connections` must be a whole number from 1 to 10000"),
        "{zero}"
    );
}

#[test]
fn names_that_programs_have_fixed_are_read() {
    let own = "\n[database]\nschema = [\"a.sql\"]\n";
    let brief = right(&format!(
        "{RIGHT}{own}name = \"hello_world\"\nuser = \"me\"\npassword = \"se-cret\"\nhost = \"tfb-database\"\nport = 5432\n"
    ));
    let names = brief.database_names();
    assert_eq!(names.name.as_deref(), Some("hello_world"));
    assert_eq!(
        (names.user.as_deref(), names.password.as_deref()),
        (Some("me"), Some("se-cret"))
    );
    assert_eq!(
        (names.host.as_deref(), names.port),
        (Some("tfb-database"), Some(5432))
    );
    assert_eq!(
        brief.fixed_address().as_deref(),
        Some("`name = \"hello_world\"` in [database]")
    );
    let role = right(&format!("{RIGHT}{own}user = \"me\"\n"));
    assert_eq!(role.fixed_address(), None, "a role is no address");
    let redis = right(&format!(
        "{RIGHT}\n[[service]]\nname = \"redis\"\nhost = \"cache\"\nport = 6379\n"
    ));
    assert_eq!(
        redis.fixed_address().as_deref(),
        Some("`host = \"cache\"` of the service `redis`")
    );
    for (written, words) in [
        (
            "name = \"postgres\"",
            "is a name that the lab's PostgreSQL server has already",
        ),
        ("name = \"a\\\"b\"", "letters, digits, `_` and `-`"),
        ("user = \"1a\"", "begin with a letter"),
        ("password = \"a@b\"", "it stands in `DATABASE_URL` too"),
        ("host = \"127.0.0.1\"", "an address needs no word"),
        ("host = \"a..b\"", "must be the name of a host"),
        ("port = 0", "a whole number from 1 to 65535"),
        ("databse = \"x\"", "unknown key"),
    ] {
        let errors = with(&format!("{own}{written}\n"));
        assert!(errors.contains(words), "{written}: {errors}");
    }
}
