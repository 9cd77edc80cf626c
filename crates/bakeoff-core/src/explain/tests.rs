//! Every word has its paragraph, and the paragraph says what the tables say.

use super::{caution, explain, gate, words};
use crate::brief::{self, Brief, Vocabulary};
use crate::evidence::{Caution, Gate};
use crate::scenario::{self, Scenario};

fn scenarios() -> Vec<Scenario> {
    let text = include_str!("../../../../scenarios/read-item.toml");
    vec![scenario::parse(text, "read-item.toml").expect("it ships with the program")]
}

fn order_api() -> Brief {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let vocabulary = Vocabulary {
        scenarios: owned(&["read-item", "list-items", "create-item"]),
        contenders: Vec::new(),
        needs: owned(&["postgres", "websocket", "pdf", "oauth"]),
    };
    let text = include_str!("../../../../briefs/order-api.toml");
    brief::parse(text, "order-api.toml", &vocabulary).expect("it ships with the program")
}

#[test]
fn every_word_has_a_paragraph_and_stands_once() {
    let scenarios = scenarios();
    let words = words(&scenarios);
    for (at, word) in words.iter().enumerate() {
        let paragraph = explain(word, &scenarios, Some(&order_api())).expect("every word is explained");
        assert!(paragraph.starts_with(word.as_str()), "{paragraph}");
        assert!(!words[..at].contains(word), "`{word}` stands twice");
    }
}

#[test]
fn a_metric_without_a_brief_tells_its_rule() {
    insta::assert_snapshot!(explain("latency_ms_p99", &[], None).expect("it is known"), @r#"
    latency_ms_p99 (metric of speed): 99th percentile response time, in ms
    99 of 100 answers came within this time of the instant at which the request was due. Less is better.
    Value 0 stands at 1 × the brief's `load.slo.p99_ms`, value 1 at 0.1 × that. Between them ratios count, beyond them nothing.
    How it is had: open loop, from the intended instant (G. Tene, wrk2); the quantile is taken of the histograms of all blocks merged, percentiles are never averaged.
    Tries of the same contender lay a factor of 1.82 apart (one standard deviation), which counts for the blocks that are missing to five.
    "#);
}

#[test]
fn a_metric_under_a_brief_tells_its_ends() {
    insta::assert_snapshot!(explain("cpu_us_per_request", &[], Some(&order_api())).expect("it is known"), @r#"
    cpu_us_per_request (metric of speed): CPU time a request, in µs
    Processor time of the contender's whole process tree for each correct answer, at the brief's rate. Less is better.
    `order-api` gives value 0 at 2500 µs and value 1 at 125 µs. Between them ratios count, beyond them nothing.
    How it is had: the kernel's per-process CPU clocks, over everything the contender started; blocks are averaged on the same scale, the interval is a bootstrap over blocks.
    Tries of the same contender lay a factor of 1.26 apart (one standard deviation), which counts for the blocks that are missing to five.
    "#);
}

#[test]
fn a_scenario_tells_its_share() {
    insta::assert_snapshot!(explain("read-item", &scenarios(), Some(&order_api())).expect("it is known"), @r#"
    read-item (scenario): Read one item
    One row from PostgreSQL by its primary key, as JSON. The ids are spread over the table, so that no cache of one row answers for the database.
    The load sends `GET /items/{id}`; a correct answer costs one statement in the database; its contract has 7 cases.
    For `order-api` it is 60 % of the traffic.
    "#);
}

#[test]
fn a_criterion_tells_its_metrics() {
    insta::assert_snapshot!(explain("Learning curve", &[], None).expect("it is known"), @r#"
    learning-curve (criterion): How much is there to read, to write and to know before it works?
    Its metrics: `contract_tokens` (source of the contract), `cognitive_complexity` (cognitive complexity), `api_surface` (names to learn), `first_answer_s` (from nothing to the first answer), `team_known` (known to the team).
    No human was timed: these are measures of the code and of the installation.
    "#);
}

#[test]
fn case_and_punctuation_do_not_count() {
    assert_eq!(explain("P(best)", &[], None), explain("p-best", &[], None));
    assert!(explain("noise floor", &[], None).is_some());
    assert_eq!(explain("p-worst", &[], None), None);
}

#[test]
fn every_gate_is_explained_in_its_order() {
    let gates = [
        Gate::Contract,
        Gate::ErrorRate,
        Gate::Generator,
        Gate::RateHeld,
        Gate::SteadyState,
        Gate::Quiet,
        Gate::Twins,
    ];
    let ids: Vec<String> = gates
        .iter()
        .map(|gate| serde_json::to_string(gate).expect("a word"))
        .collect();
    let explained: Vec<String> = gate::GATES
        .iter()
        .map(|entry| format!("\"{}\"", entry.word))
        .collect();
    assert_eq!(ids, explained);
}

#[test]
fn every_caution_is_explained() {
    let cautions = [
        Caution::GeneratorBusy { cpu_share: 0.9 },
        Caution::GeneratorLate { lag_ms_p99: 1.0 },
        Caution::Steal { share: 0.1 },
        Caution::RunDelay { share: 0.1 },
        Caution::NoSteadyState,
        Caution::SharedCores,
        Caution::FewSamples { beyond: 3 },
        Caution::Once,
        Caution::FewBlocks { blocks: 2 },
        Caution::NetworkIncluded,
        Caution::Partial {
            reached: String::new(),
        },
    ];
    let ids: Vec<&str> = cautions.iter().map(Caution::id).collect();
    let explained: Vec<&str> = caution::CAUTIONS.iter().map(|entry| entry.word).collect();
    assert_eq!(ids, explained);
}

#[test]
fn what_a_brief_states_is_explained_with_its_numbers() {
    let mut brief = crate::fixture::brief();
    brief.measures = vec![crate::brief::OwnMeasure {
        id: "hiring_weeks".to_owned(),
        title: "Time to hire".to_owned(),
        unit: "weeks".to_owned(),
        criterion: "hiring".to_owned(),
        better: crate::metric::Better::Lower,
        worst: 20.0,
        best: 4.0,
        scale: crate::metric::Scale::Linear,
        ends: crate::value::Ends::Clipped,
        values: [("a".to_owned(), crate::smaa::Evidence::Exact(6.0))].into(),
    }];
    insta::assert_snapshot!(explain("hiring_weeks", &[], Some(&brief)).unwrap(), @r"
    hiring_weeks (measure of hiring, stated by `order-api`): Time to hire
    Less is better. Value 0 stands at 20 weeks, value 1 at 4 weeks; between them differences count.
    How it is had: the brief states it for `a`; any other contender has no evidence of it.
    ");
    insta::assert_snapshot!(explain("hiring", &[], Some(&brief)).unwrap(), @r"
    hiring (criterion of `order-api`): What the brief states of Time to hire.
    Its measures: `hiring_weeks`.
    ");
    assert_eq!(explain("hiring", &[], None), None);
}

#[test]
fn thresholds_are_told_as_the_brief_sets_them() {
    let mut brief = crate::fixture::brief();
    brief.verdict.separated = 0.99;
    insta::assert_snapshot!(explain("thresholds", &[], Some(&brief)).unwrap(), @r"
    thresholds (verdict)
    What it takes to be chosen; where one is missed, both are kept. The three are about different things: `p_best` falls with every near copy in the field, `pairwise` does not care how many compete, and `separated` asks of the evidence alone, priorities settled, whether it tells the best two apart.
    `order-api` asks that the leader is the best of all in 50 % (`p_best`), beats each other one in 60 % (`pairwise`), and is ahead of the next in 99 % when priorities are settled at their mean (`separated`).
    ");
    assert!(
        explain("choose", &[], None)
            .unwrap()
            .contains("ahead of the next in 95 %")
    );
}
