//! Every word has its paragraph, and the paragraph says what the tables say.

use super::{absence, caution, explain, words};
use crate::brief::{self, Brief, Vocabulary};
use crate::evidence::{Caution, Fault, Gate, GateOutcome, GateResult, Owner, Stage, Status};
use crate::impossible::{Check, ImpossibleTrials, ImpossibleValue};
use crate::judgement::Missing;
use crate::range::Range;
use crate::scenario::{self, Scenario};
use crate::verdict::{Outcome, Unmeasured};

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
fn every_word_has_one_paragraph() {
    let scenarios = scenarios();
    let words = words(&scenarios);
    for (at, word) in words.iter().enumerate() {
        let paragraph = explain(word, &scenarios, Some(&order_api())).expect("every word is explained");
        assert!(paragraph.starts_with(word.as_str()), "{paragraph}");
        assert!(!words[..at].contains(word), "`{word}` stands twice");
    }
}

#[test]
fn a_metric_without_a_brief_explains_its_rule() {
    insta::assert_snapshot!(explain("latency_ms_p99", &[], None).expect("it is known"), @r"
    latency_ms_p99 (metric of speed): 99th percentile response time, in ms
    99 of 100 responses arrived within this time, counted from the instant at which the request was due. Less is better.
    Score 0 is at 1 × the brief's `load.slo.p99_ms`, score 1 at 0.1 × that. In between the score is linear in the logarithm, so ratios count; outside it stays at 0 or 1.
    How it is measured: open loop, from the intended instant (G. Tene, wrk2); the percentile is taken from the merged histograms of all trials, since percentiles must not be averaged; at least ten responses from three trials must lie beyond it.
    In earlier experiments it varied from launch to launch by a factor of 1.53, and from block to block of a launch by a factor of 1.53 (one standard deviation). With fewer than five launches or blocks, that counts for the missing ones.
    ");
}

#[test]
fn a_metric_with_a_brief_gives_its_ends() {
    insta::assert_snapshot!(explain("cpu_us_per_request", &[], Some(&order_api())).expect("it is known"), @r"
    cpu_us_per_request (metric of speed): CPU time per request, in µs
    CPU time of the contender's whole process tree per correct response, at the brief's rate. Less is better.
    `order-api` gives score 0 at 2,500 µs and score 1 at 125 µs. In between the score is linear in the logarithm, so ratios count; outside it stays at 0 or 1.
    How it is measured: the kernel's per-process CPU clocks, over everything the contender started; the mean over launches of the means of their blocks, on the same scale, with an interval from the differences between launches and between blocks.
    In earlier experiments it varied from launch to launch by a factor of 1.05, and from block to block of a launch by a factor of 1.22 (one standard deviation). With fewer than five launches or blocks, that counts for the missing ones.
    ");
}

#[test]
fn a_scenario_gives_its_share_of_the_traffic() {
    insta::assert_snapshot!(explain("read-item", &scenarios(), Some(&order_api())).expect("it is known"), @r"
    read-item (scenario): Read one item
    One row from PostgreSQL by its primary key, as JSON. The ids are spread over the table, so that no cache of one row answers for the database.
    The load sends `GET /items/{id}`; a correct response takes 1 SQL statement in the database; its contract has 8 cases.
    In `order-api` it is 60 % of the traffic.
    ");
}

#[test]
fn a_criterion_lists_its_metrics() {
    insta::assert_snapshot!(explain("Learning curve", &[], None).expect("it is known"), @r"
    learning-curve (criterion): How much is there to read, write and know before it works?
    Its metrics: `contract_tokens` (source code size), `complexity_of_hardest` (complexity of the hardest functions), `names_to_learn` (names to learn), `first_answer_s` (time from install to first response), `team_known` (languages known to the team).
    No person was timed: these metrics describe the code and the installation.
    ");
}

#[test]
fn case_and_punctuation_do_not_count() {
    assert_eq!(explain("P(best)", &[], None), explain("p-best", &[], None));
    assert!(explain("noise floor", &[], None).is_some());
    assert_eq!(explain("p-worst", &[], None), None);
}

#[test]
fn every_gate_is_explained_in_its_order() {
    let ids: Vec<String> = Gate::ALL
        .iter()
        .map(|gate| serde_json::to_string(gate).expect("a word"))
        .collect();
    let explained: Vec<String> = Gate::ALL
        .iter()
        .map(|gate| format!("\"{}\"", gate.id()))
        .collect();
    assert_eq!(ids, explained);
}

fn impossible_trials() -> ImpossibleTrials {
    ImpossibleTrials {
        check: Check::Goodput,
        trials: 1,
        blocks: vec![0],
        of: 6,
        worst: 1.2,
        bound: 1.05,
    }
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
        Caution::FewLaunches { launches: 2 },
        Caution::NotWarm { still_changed: 0.3 },
        Caution::NotBackFromRest { trials: 1 },
        Caution::StillWarmingUp {
            ratio: 0.5,
            trials: 1,
        },
        Caution::SlowsDownLate {
            ratio: 2.0,
            trials: 1,
        },
        Caution::DisturbedByAnother { trials: 1 },
        Caution::TwinsApart { factor: 1.5 },
        Caution::NetworkIncluded,
        Caution::Partial {
            reached: String::new(),
        },
        Caution::Repeated {
            reason: String::new(),
        },
        Caution::RuntimeEnded {
            runtime: String::new(),
            ended: String::new(),
        },
        Caution::FrameworkEnded {
            framework: String::new(),
            ended: String::new(),
        },
        Caution::RuntimeOlderThanWanted {
            runtime: String::new(),
            wanted: String::new(),
        },
        Caution::ImpossibleTrials(impossible_trials()),
    ];
    let ids: Vec<&str> = cautions.iter().map(Caution::id).collect();
    let explained: Vec<&str> = caution::CAUTIONS.iter().map(|entry| entry.word).collect();
    assert_eq!(ids, explained);
}

/// A reason of each kind.
fn reasons_for_no_evidence() -> Vec<Missing> {
    let gate = GateResult {
        gate: Gate::Quiet,
        outcome: GateOutcome::Failed,
        measured: String::new(),
        limit: String::new(),
    };
    vec![
        Missing::NotMeasured(Unmeasured {
            status: Status::Failed,
            fault: None,
        }),
        Missing::Impossible {
            reason: String::new(),
        },
        Missing::NeedsProcessors { needed: 3, has: 2 },
        Missing::NotServed {
            scenario: String::new(),
        },
        Missing::OneProcess,
        Missing::Gate {
            gate,
            missed: 1,
            of: 1,
        },
        Missing::ProbeFailed {
            message: String::new(),
        },
        Missing::NoTrial {
            fault: Fault::new(Owner::Contender, Stage::Start, ""),
        },
        Missing::NoTurn,
        Missing::DroppedByRacing,
        Missing::EarlierVersion,
        Missing::TooFewResponses {
            beyond: 1,
            needed: 10,
            missing_requests: 900,
        },
        Missing::TooFewTrials { trials: 1, needed: 3 },
        Missing::NotWarm { launches: 1 },
        Missing::ImpossibleValue(ImpossibleValue {
            check: Check::SpeedUp,
            seen: Range {
                value: 3.0,
                low: 2.9,
                high: 3.1,
            },
            bound: 2.1,
        }),
        Missing::ImpossibleTrials(impossible_trials()),
        Missing::NotStated,
    ]
}

#[test]
fn every_reason_for_no_evidence_is_explained() {
    let reasons = reasons_for_no_evidence();
    for reason in &reasons {
        assert!(explain(reason.id(), &[], None).is_some(), "{}", reason.id());
    }
    for entry in absence::REASONS {
        assert!(
            reasons.iter().any(|reason| reason.id() == entry.word),
            "{} is no reason",
            entry.word
        );
    }
}

#[test]
fn every_check_is_explained_under_its_word_in_documents() {
    for check in Check::ALL {
        assert_eq!(
            serde_json::to_string(&check).expect("a word"),
            format!("\"{}\"", check.id())
        );
        let paragraph = explain(check.id(), &[], None).expect("every check is explained");
        assert!(
            paragraph.starts_with(&format!("{} (check)", check.id())),
            "{paragraph}"
        );
    }
}

#[test]
fn every_answer_is_explained() {
    let all = [
        Outcome::Choose,
        Outcome::KeepBoth,
        Outcome::None,
        Outcome::Undecided,
    ];
    for outcome in all {
        let word = serde_json::to_string(&outcome).expect("a word");
        assert!(explain(word.trim_matches('"'), &[], None).is_some(), "{word}");
    }
}

#[test]
fn stated_measures_are_explained_with_their_numbers() {
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
    Less is better. Score 0 is at 20 weeks, score 1 at 4 weeks; between them differences count.
    Where it comes from: the brief states it for `a`; other contenders have no evidence of it.
    ");
    insta::assert_snapshot!(explain("hiring", &[], Some(&brief)).unwrap(), @r"
    hiring (criterion of `order-api`): What the brief states of Time to hire.
    Its measures: `hiring_weeks`.
    ");
    assert_eq!(explain("hiring", &[], None), None);
}

#[test]
fn thresholds_are_explained_as_the_brief_sets_them() {
    let mut brief = crate::fixture::brief();
    brief.verdict.separated = 0.99;
    insta::assert_snapshot!(explain("thresholds", &[], Some(&brief)).unwrap(), @r"
    thresholds (verdict)
    What a contender must reach to be chosen; if it misses one of them, the answer is to keep both. They check three different things. `p_best` falls with every similar contender in the field. `pairwise` does not depend on the number of contenders. `separated` looks at the evidence alone, with average priorities, and checks whether it separates the best two.
    `order-api` requires that the leader is the best of all in 50 % of simulations (`p_best`), beats each other one in 60 % (`pairwise`), and is ahead of the next in 99 % with average priorities (`separated`).
    ");
    assert!(
        explain("choose", &[], None)
            .unwrap()
            .contains("ahead of the next in 95 %")
    );
}
