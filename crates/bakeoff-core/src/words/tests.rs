//! Sentences about runs with planted truth.

use super::{Words, words};
use crate::brief::{Brief, OwnMeasure, Preferences};
use crate::contender::{Access, Parser};
use crate::criterion::Criterion;
use crate::entrant::Entrant;
use crate::evidence::{Part, Run, Status, StopReason, Support, SupportedPart, Trial};
use crate::fixture::{Fixture, brief};
use crate::judge::{JudgeOptions, judge};
use crate::metric::{Better, Scale, metric};
use crate::smaa::Evidence;
use crate::value::Ends;

fn said(run: &Run, brief: &Brief, preferences: &Preferences) -> Words {
    let judgement = judge(run, brief, preferences, &JudgeOptions::default());
    words(run, brief, &judgement)
}

fn answer(run: &Run) -> String {
    said(run, &brief(), &Preferences::default()).answer
}

#[test]
fn every_sentence_carries_its_numbers() {
    let mut run = Fixture::new(&[("fast", 1.0), ("slow", 1.8), ("gone", 1.0)])
        .twin_of("fast")
        .run();
    run.contenders[2].status = Status::PrepareFailed;
    run.trials.retain(|trial| !trial.entrant.is_contender("gone"));
    let words = said(&run, &brief(), &Preferences::default());
    let criteria: Vec<String> = words
        .criteria
        .iter()
        .map(|(id, finding)| format!("[{id}] {finding}"))
        .collect();
    insta::assert_snapshot!(format!(
        "{}\nbecause {}\nunless {}\nbeware {}\n{}\n{}",
        words.answer,
        words.because,
        words.unless,
        words.beware,
        criteria.join("\n"),
        words.reasons.join("\n")
    ), @r"
    For `order-api`, choose FAST: it is >99 % likely to be the best choice, given measurement noise, missing data and the priorities you left open.
    because it scores higher than SLOW on scalability (0.72 against 0.40; cost of many routes 1.1 × against 2 ×) and speed (0.70 against 0.48; memory under load 69 MB against 130 MB)
    unless several things changed at once: no other weight of one criterion and no other value of one measurement would change the choice
    beware the weakest point of FAST is cost of a million requests: 0.0099 USD (score 0.47; 0.0295 USD scores 0 and 0.00295 USD scores 1)
    [speed] FAST scores highest (0.70 of 1), SLOW lowest (0.48). The largest difference is memory under load: 69 MB (FAST) against 130 MB (SLOW). 4 of 30 values are missing.
    [scalability] FAST scores highest (0.72 of 1), SLOW lowest (0.40). The largest difference is cost of many routes: 1.1 × (FAST) against 2 × (SLOW). 6 of 28 values are missing.
    [universality] The contenders do not differ in platforms that need no compiler, deployment targets, validation shared with the browser, size of the validation in the browser and first validation in the browser.
    [extensibility] FAST scores highest (0.74 of 1), SLOW lowest (0.62). The largest difference is dependencies: 40 packages (FAST) against 72 packages (SLOW). 4 of 10 values are missing.
    [architecture] FAST scores highest (0.65 of 1), SLOW lowest (0.50). The largest difference is requests lost in a crash: 6 requests (FAST) against 11 requests (SLOW).
    [learning-curve] FAST scores highest (0.66 of 1), SLOW lowest (0.46). The largest difference is source code size: 3,000 tokens (FAST) against 5,400 tokens (SLOW).
    FAST has the highest expected score, 0.72 (0.64 to 0.81) on a scale from 0 to 1; SLOW is next with 0.55 (0.43 to 0.71). The main reason: it scores higher than SLOW on scalability (0.72 against 0.40; cost of many routes 1.1 × against 2 ×) and speed (0.70 against 0.48; memory under load 69 MB against 130 MB).
    FAST is the best of 2 in >99 % of simulations and beats SLOW in >99 %. On average over all simulations, choosing FAST costs <0.001 points of score compared with the best choice. The 20,000 simulations are accurate to ±0.69 percentage points.
    No other weight of a single criterion would change the choice.
    With average priorities FAST leads SLOW by 0.17; the standard error is 0.0018 from measurement noise and <0.001 from missing data, so FAST is ahead with a probability of >99 %. Another block takes 29 s and would raise the expected score of the choice by <0.001.
    Even if strengths could not make up for weaknesses, FAST would be the best choice (>99 %).
    FAST ran twice in every block to show the noise. The second run compared with the first: CPU time per request × 0.99 (0.95 to 1.02) and 99th percentile response time × 1.02 (0.98 to 1.07). Smaller differences count as noise.
    GONE is out: not measured: it could not be installed.
    ");
}

#[test]
fn the_answer_names_the_outcome() {
    let equal = answer(&Fixture::new(&[("one", 1.0), ("other", 1.0), ("slow", 2.0)]).run());
    assert!(
        equal.contains("cannot be told apart with this evidence"),
        "{equal}"
    );
    let only_one = answer(&Fixture::new(&[("good", 1.0), ("heavy", 8.0)]).run());
    assert_eq!(
        only_one,
        "For `order-api`, choose GOOD: it is the only one of 2 contenders that meets the brief."
    );
    let none = answer(&Fixture::new(&[("heavy", 8.0), ("heavier", 12.0)]).run());
    assert!(
        none.starts_with(
            "No contender meets `order-api` (400 requests/s, p99 within 50 ms, on 1 core); HEAVY comes closest: memory"
        ),
        "{none}"
    );
    let mut empty = Fixture::new(&[("a", 1.0), ("b", 1.0)]).run();
    empty.trials.clear();
    for record in &mut empty.contenders {
        record.status = Status::Ready;
    }
    assert_eq!(
        answer(&empty),
        "For `order-api`, the choice is not decided yet: A and B were not measured; `bakeoff plan` says how long a full answer takes."
    );
    for record in &mut empty.contenders {
        record.status = Status::PrepareFailed;
    }
    assert_eq!(
        answer(&empty),
        "Nothing was measured for `order-api`, so there is no answer."
    );
}

#[test]
fn a_verdict_that_is_not_decided_says_what_is_lacking_and_how_long_it_takes() {
    let mut run = Fixture::new(&[("a", 1.0), ("b", 2.0), ("c", 2.1)])
        .blocks(3)
        .run();
    run.stop = Some(StopReason::BudgetSpent);
    let words = said(&run, &brief(), &Preferences::default());
    assert_eq!(
        words.answer,
        "For `order-api`, the choice is not decided yet: A, B and C have 3 of the 5 blocks that an answer needs; about 30 s more of measuring would bring what is lacking."
    );
    assert!(
        words
            .because
            .starts_with("the budget ended before enough was measured; so far A leads"),
        "{}",
        words.because
    );
    assert_eq!(
        words.unless,
        "about 30 s more of measuring is spent on what is lacking"
    );
    run.trials
        .retain(|trial| trial.entrant.is_contender("a") || trial.block == 0);
    let words = said(&run, &brief(), &Preferences::default());
    assert!(
        words.answer.contains(
            "A has 3 of the 5 blocks that an answer needs; B and C have 1 of the 2 launches and 1 of the 5 blocks that an answer needs;"
        ),
        "{}",
        words.answer
    );
}

#[test]
fn equal_contenders_share_the_first_place() {
    let mut run = Fixture::new(&[("one", 1.0), ("slow", 2.0)]).run();
    let mut copy = run.contenders[0].clone();
    (copy.name, copy.title) = ("copy".to_owned(), "COPY".to_owned());
    run.contenders.push(copy);
    let copies: Vec<Trial> = run
        .trials
        .iter()
        .filter(|trial| trial.entrant.is_contender("one"))
        .map(|trial| Trial {
            entrant: Entrant::contender("copy"),
            ..trial.clone()
        })
        .collect();
    run.trials.extend(copies);
    let words = said(&run, &brief(), &Preferences::default());
    assert_eq!(
        words.answer,
        "For `order-api`, COPY and ONE share the first place: nothing tells them apart, so take the one that your team knows better."
    );
    assert_eq!(words.because, "COPY and ONE have the same expected score");
    assert!(
        words
            .reasons
            .iter()
            .any(|reason| reason.starts_with("COPY and ONE have the same expected score, ")),
        "{:?}",
        words.reasons
    );
    assert!(
        words.reasons.iter().all(|reason| !reason.contains("leads")),
        "{:?}",
        words.reasons
    );
    for record in &mut run.contenders {
        let known = if record.name == "one" { 1.0 } else { 0.0 };
        for seen in record
            .observations
            .iter_mut()
            .filter(|seen| seen.metric == "team_known")
        {
            seen.value = known;
        }
    }
    let mut asked = brief();
    asked.team.knows = vec!["javascript".to_owned()];
    let apart = said(&run, &asked, &Preferences::default()).answer;
    assert!(!apart.contains("share the first place"), "{apart}");
}

#[test]
fn a_criterion_of_which_little_is_known_is_named() {
    let mut run = Fixture::new(&[("a", 1.0), ("b", 2.0)]).run();
    for trial in &mut run.trials {
        trial.observations.retain(|seen| {
            metric(&seen.metric).is_none_or(|metric| metric.criterion != Criterion::Architecture)
                || seen.metric == "drain_lost"
        });
    }
    let words = said(&run, &brief(), &Preferences::default());
    assert!(
        words
            .little_evidence
            .starts_with("Less than half of the values have evidence on architecture (2 of "),
        "{}",
        words.little_evidence
    );
    let whole = said(
        &Fixture::new(&[("a", 1.0), ("b", 2.0)]).run(),
        &brief(),
        &Preferences::default(),
    );
    assert_eq!(whole.little_evidence, "");
}

#[test]
fn a_value_that_cannot_be_true_is_the_labs_fault() {
    let mut run = Fixture::new(&[("a", 1.0), ("b", 2.0)]).run();
    for trial in run
        .trials
        .iter_mut()
        .filter(|trial| trial.entrant.is_contender("a"))
    {
        for seen in trial
            .observations
            .iter_mut()
            .filter(|seen| seen.metric == "multicore_speedup")
        {
            seen.value *= 1.5;
        }
    }
    let reasons = said(&run, &brief(), &Preferences::default()).reasons;
    assert!(
        reasons.iter().any(|reason| {
            reason.starts_with("The speed-up on all cores of A cannot be true: the speed-up is 2.8")
                && reason.contains("2.10 × is the most that is possible; this is a fault of the lab")
        }),
        "{reasons:?}"
    );
}

#[test]
fn contradictory_priorities_are_the_first_reason() {
    let preferences = Preferences {
        order: vec!["speed".to_owned(), "scalability".to_owned()],
        intervals: [("scalability".to_owned(), [0.6, 0.9])].into_iter().collect(),
        ..Preferences::default()
    };
    let run = Fixture::new(&[("a", 1.0), ("b", 1.1)]).run();
    let reasons = said(&run, &brief(), &preferences).reasons;
    assert!(reasons[0].starts_with("The priorities contradict each other"));
}

#[test]
fn thresholds_that_are_missed_are_a_reason() {
    let run = Fixture::new(&[("one", 1.0), ("other", 1.0), ("slow", 2.0)]).run();
    let reasons = said(&run, &brief(), &Preferences::default()).reasons;
    assert!(
        reasons.iter().any(|reason| reason.contains("less than 95 %")),
        "{reasons:?}"
    );
}

#[test]
fn stated_measures_are_part_of_the_sentences() {
    let run = Fixture::new(&[("a", 1.0), ("b", 1.3)]).run();
    let mut asked = brief();
    asked.measures = vec![OwnMeasure {
        id: "hiring_weeks".to_owned(),
        title: "Time to hire".to_owned(),
        unit: "weeks".to_owned(),
        criterion: "hiring".to_owned(),
        better: Better::Lower,
        worst: 20.0,
        best: 4.0,
        scale: Scale::Linear,
        ends: Ends::Clipped,
        values: [("a", 18.0), ("b", 5.0)]
            .map(|(name, weeks)| (name.to_owned(), Evidence::Exact(weeks)))
            .into_iter()
            .collect(),
    }];
    let hiring_first = Preferences {
        intervals: [("hiring".to_owned(), [0.6, 0.9])].into_iter().collect(),
        ..Preferences::default()
    };
    let words = said(&run, &asked, &hiring_first);
    assert!(
        words
            .because
            .contains("hiring (0.94 against 0.12; time to hire 5 weeks against 18 weeks)"),
        "{}",
        words.because
    );
    assert_eq!(
        words
            .criteria
            .last()
            .map(|(id, finding)| (id.as_str(), finding.as_str())),
        Some((
            "hiring",
            "B scores highest (0.94 of 1), A lowest (0.12). The largest difference is time to hire: 5 weeks (B) against 18 weeks (A)."
        ))
    );
}

#[test]
fn the_answer_begins_with_the_family() {
    let mut run = Fixture::new(&[("fast", 1.0), ("slow", 1.8)]).run();
    assert_eq!(said(&run, &brief(), &Preferences::default()).family, "");
    run.contenders[1].family = "python".to_owned();
    let words = said(&run, &brief(), &Preferences::default());
    assert_eq!(
        words.family,
        "Node.js rather than Python: >99 % (1 of 1 Node.js stack and 1 of 1 Python stack meet the brief)."
    );
    assert!(
        words
            .both_levels()
            .starts_with("Node.js rather than Python: >99 % (1 of 1 Node.js stack and 1 of 1 Python stack meet the brief). For `order-api`, choose FAST"),
        "{}",
        words.both_levels()
    );
    assert!(
        words.reasons[0].starts_with("By family: Node.js has the best one in >99 % of simulations"),
        "{:?}",
        words.reasons
    );
}

#[test]
fn a_family_that_fails_is_named_and_an_open_verdict_names_none() {
    let mut run = Fixture::new(&[("good", 1.0), ("heavy", 8.0), ("heavier", 9.0)]).run();
    for record in &mut run.contenders[1..] {
        record.family = "python".to_owned();
    }
    let family = |run: &Run| said(run, &brief(), &Preferences::default()).family;
    assert_eq!(
        family(&run),
        "Node.js rather than Python: none of the 2 Python stacks meets the brief."
    );
    run.trials.retain(|trial| trial.block < 2);
    assert_eq!(family(&run), "", "not decided yet");
    let mut none = Fixture::new(&[("heavy", 8.0), ("heavier", 9.0)]).run();
    none.contenders[1].family = "python".to_owned();
    assert_eq!(family(&none), "", "nobody fits");
}

#[test]
fn sentences_that_compare_different_work_say_so() {
    let mut run = Fixture::new(&[("fast", 1.0), ("slow", 1.8)]).run();
    run.contenders[0].work.data.access = Some(Access::Raw);
    let undeclared = said(&run, &brief(), &Preferences::default());
    assert_eq!(undeclared.work, "");
    let all = |words: &Words| format!("{words:?}");
    assert!(!all(&undeclared).contains("same work"), "{undeclared:?}");

    run.contenders[1].work.data.access = Some(Access::Orm);
    let words = said(&run, &brief(), &Preferences::default());
    assert_eq!(
        words.work,
        "FAST and SLOW do not do the same work (raw SQL against an ORM), so a part of what separates them is not the frameworks'."
    );
    let says = "raw SQL against an ORM: not the same work";
    assert!(words.because.ends_with(&format!("; {says}")), "{}", words.because);
    let of = |id: &str| &words.criteria.iter().find(|(known, _)| known == id).unwrap().1;
    assert!(of("speed").contains(says), "{}", of("speed"));
    assert!(
        !of("learning-curve").contains(says),
        "no load: {}",
        of("learning-curve")
    );

    for record in &mut run.contenders {
        record.work.data.access = Some(Access::Raw);
        record.work.http.parser = Some(Parser::Native);
    }
    let equal = said(&run, &brief(), &Preferences::default());
    assert!(!all(&equal).contains("same work"), "{equal:?}");
}

#[test]
fn a_reference_is_no_candidate_and_has_its_sentence() {
    let mut run = Fixture::new(&[("bare", 0.9), ("fast", 1.0), ("heavy", 8.0)]).run();
    run.contenders[0].part = Part::Reference;
    let words = said(&run, &brief(), &Preferences::default());
    assert_eq!(
        words.answer,
        "For `order-api`, choose FAST: it is the only one of 2 contenders that meets the brief."
    );
    let about: Vec<&String> = words
        .reasons
        .iter()
        .filter(|reason| reason.starts_with("BARE"))
        .collect();
    assert!(
        matches!(&about[..], [only] if only.starts_with("BARE is a reference and no candidate: it shows what Node.js does without a framework, and scores 0.7")),
        "{about:?}"
    );
    for (id, finding) in &words.criteria {
        assert!(!finding.contains("BARE"), "{id}: {finding}");
    }
    run.contenders[0].status = Status::PrepareFailed;
    run.trials.retain(|trial| !trial.entrant.is_contender("bare"));
    let reasons = said(&run, &brief(), &Preferences::default()).reasons;
    assert!(
        reasons.contains(&"The reference BARE was not measured: it could not be installed.".to_owned()),
        "{reasons:?}"
    );
}

#[test]
fn a_variant_is_compared_with_its_contender() {
    let mut run = Fixture::new(&[("fast", 1.0), ("tuned", 0.9), ("slow", 2.0)]).run();
    run.contenders[1].variant_of = Some("fast".to_owned());
    let reasons = said(&run, &brief(), &Preferences::default()).reasons;
    assert!(
        !reasons.iter().any(|reason| reason.starts_with("The start of")),
        "{reasons:?}"
    );
    let flags = |flag: &str| Some(vec![flag.to_owned()]);
    run.contenders[0].flags = flags("-Xlog:gc+init");
    run.contenders[1].flags = flags("-XX:AOTCache=app.aot");
    let reasons = said(&run, &brief(), &Preferences::default()).reasons;
    let start = reasons
        .iter()
        .find(|reason| reason.starts_with("The start of FAST, and that of TUNED: start-up time "))
        .unwrap_or_else(|| panic!("{reasons:?}"));
    for part in ["; warm-up time ", "; requests to warm up ", ", × 0.", " to "] {
        assert!(start.contains(part), "{part} in {start}");
    }
    let sentence = reasons
        .iter()
        .find(|reason| reason.starts_with("TUNED compared with FAST: CPU time per request × 0."))
        .unwrap_or_else(|| panic!("{reasons:?}"));
    assert!(
        sentence.contains("99th percentile response time × 0."),
        "{sentence}"
    );
}

#[test]
fn runtimes_past_their_end_are_named_once_with_all_that_ran_on_them() {
    let node = |ends: &str, older_than: Option<&str>| Support {
        part: SupportedPart::Runtime,
        what: "Node.js 20.20.2".to_owned(),
        line: Some("20".to_owned()),
        active_until: None,
        ends: Some(ends.to_owned()),
        older_than: older_than.map(str::to_owned),
        source: None,
        not_provided: Some("Node.js 24: the package registry is unreachable".to_owned()),
        table: "2026-11-28".to_owned(),
    };
    let mut run = Fixture::new(&[("a", 1.0), ("b", 1.3), ("c", 1.6)]).run();
    run.started = "2026-11-28T09:00:00Z".to_owned();
    for record in &mut run.contenders[..2] {
        record.support = vec![node("2026-04-30", Some("22"))];
    }
    let lifetimes = |run: &Run| said(run, &brief(), &Preferences::default()).lifetimes;
    assert_eq!(
        lifetimes(&run),
        "A and B ran on Node.js 20.20.2, past its end of life since 2026-04-30. No newer one was provided: Node.js 24: the package registry is unreachable."
    );
    run.started = "2026-04-30T09:00:00Z".to_owned();
    assert!(
        lifetimes(&run).starts_with("A and B ran on Node.js 20.20.2, older than the wanted 22."),
        "{}",
        lifetimes(&run)
    );
    for record in &mut run.contenders {
        record.support.clear();
    }
    assert_eq!(lifetimes(&run), "");
}

#[test]
fn a_compiled_language_is_compared_with_the_best_of_each_other_family_in_one_sentence() {
    let mut run = Fixture::new(&[("fast", 1.0), ("flask", 1.4), ("jvm", 0.5)]).run();
    run.contenders[1].family = "python".to_owned();
    let none = said(&run, &brief(), &Preferences::default()).reasons;
    let begins = "Compiled against interpreted: JVM beside ";
    assert!(!none.iter().any(|reason| reason.starts_with(begins)), "{none:?}");
    run.contenders[2].family = "java".to_owned();
    run.contenders[0].work.data.access = Some(Access::Orm);
    run.contenders[2].work.data.access = Some(Access::Raw);
    let reasons = said(&run, &brief(), &Preferences::default()).reasons;
    let about: Vec<&String> = reasons
        .iter()
        .filter(|reason| reason.starts_with(begins))
        .collect();
    let [only] = &about[..] else { panic!("{reasons:?}") };
    let order = [
        "FAST (the best Node.js stack): CPU time per request × 0.",
        "raw SQL against an ORM: not the same work",
        "FLASK (the best Python stack): CPU time per request × 0.",
    ];
    let places: Vec<Option<usize>> = order.iter().map(|words| only.find(words)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{only}");
    assert!(only.contains(" to 0."), "each ratio has its interval: {only}");
}
