//! The fixtures by name: the usual run and the strange ones.

use super::fixture::{Fixture, Stack, field, field_on, order_api, stacks};
use bakeoff_core::evidence::{Fault, FaultAt, Label, Owner, Part, Status, StopReason};
use bakeoff_core::impossible::{Check, ImpossibleValue};
use bakeoff_core::judge::{JudgeOptions, judge};
use bakeoff_core::judgement::Missing;
use bakeoff_core::metric::{Metric, metric};
use bakeoff_core::plan::BudgetRule;
use bakeoff_core::range::Range;
use bakeoff_core::verdict::{Lack, Lacking, LittleEvidence, Outcome, Veto, VetoReason};
use bakeoff_core::words::words;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::OnceLock;

/// Every case, by name; made once.
pub(crate) fn all() -> &'static [(&'static str, Fixture)] {
    static CASES: OnceLock<Vec<(&'static str, Fixture)>> = OnceLock::new();
    CASES.get_or_init(|| {
        vec![
            ("order-api", order_api()),
            ("launches", launches()),
            ("undecided", undecided()),
            ("judged", judged()),
            ("parts", parts()),
            ("small", small()),
            ("slow", slow()),
            ("two", two()),
            ("twelve", twelve()),
            ("all-vetoed", all_vetoed()),
            ("nothing-measured", nothing_measured()),
            ("one-block", field(stacks(), 1)),
            ("interrupted", interrupted()),
            ("hostile", hostile()),
        ]
    })
}

/// The usual run, judged by the core.
pub(crate) fn judged() -> Fixture {
    judged_by_the_core(order_api())
}

/// A reference, a variant and two families, judged by the core.
pub(crate) fn parts() -> Fixture {
    let mut all = stacks();
    all.push(Stack {
        name: "node-fastify@jitless".to_owned(),
        title: "Fastify without V8's compilers".to_owned(),
        family: "node",
        framework: "Fastify 5.4.0".to_owned(),
        factor: 3.0,
    });
    let mut fixture = field(all, 7);
    for record in &mut fixture.run.contenders {
        match record.name.as_str() {
            "node-http" => record.part = Part::Reference,
            "node-fastify" => record.flags = Some(Vec::new()),
            "node-fastify@jitless" => {
                record.variant_of = Some("node-fastify".to_owned());
                record.flags = Some(vec!["--jitless".to_owned()]);
            }
            _ => {}
        }
    }
    judged_by_the_core(fixture)
}

fn judged_by_the_core(mut fixture: Fixture) -> Fixture {
    fixture.judgement = judge(
        &fixture.run,
        &fixture.brief,
        &fixture.brief.preferences,
        &JudgeOptions {
            samples: 500,
            seed: 1,
            only: Vec::new(),
        },
    );
    fixture.words = words(&fixture.run, &fixture.brief, &fixture.judgement);
    fixture
}

/// Three launches of each contender over 15 blocks, and what launches bring with them: one that does not settle, one
/// that does not come back after a rest, one that racing gives no third launch, a value that cannot be true, and a
/// percentile with too few responses.
pub(crate) fn launches() -> Fixture {
    let mut fixture = field(stacks(), 15).with_launches();
    fixture.leave_cold("node-hapi", 1);
    fixture.leave_resting("node-express", 7);
    fixture.drop_from("python-django", 2);
    fixture.die("python-fastapi", 1);
    for (name, metric, why) in [
        ("python-flask", "multicore_speedup", impossible_value()),
        ("python-pyramid", "latency_ms_p999", too_few_responses()),
        ("node-http", "latency_ms_p99", too_few_responses()),
        ("node-hapi", "warmup_s", Missing::NotWarm { launches: 3 }),
        ("python-django", "recovery_s", Missing::DroppedByRacing),
    ] {
        fixture.lose_for(name, metric, &why);
    }
    fixture.run.plan.budget_rule = BudgetRule::FullAnswer;
    fixture
}

/// A speed-up of 2.55 on two processors, as it once was the reason of a verdict.
fn impossible_value() -> Missing {
    Missing::ImpossibleValue(ImpossibleValue {
        check: Check::SpeedUp,
        seen: Range {
            value: 2.55,
            low: 2.4,
            high: 2.7,
        },
        bound: 2.1,
    })
}

fn too_few_responses() -> Missing {
    Missing::TooFewResponses {
        beyond: 7,
        needed: 10,
        missing_requests: 3200,
    }
}

/// Two of five blocks and one launch: too little for an answer.
pub(crate) fn undecided() -> Fixture {
    let mut fixture = field(pair(), 2).with_launches();
    for name in ["node-fastify", "python-fastapi"] {
        fixture.drop_launches(name, 1);
    }
    let verdict = &mut fixture.judgement.verdict;
    verdict.outcome = Outcome::Undecided;
    for name in ["node-fastify", "python-fastapi"] {
        for of in [
            Lacking::Launches { has: 1, needed: 2 },
            Lacking::Blocks { has: 1, needed: 5 },
        ] {
            verdict.lacking.push(Lack {
                contender: name.to_owned(),
                of,
            });
        }
    }
    verdict.decided_in_s = Some(240.0);
    verdict.little_evidence = vec![LittleEvidence {
        criterion: "scalability".to_owned(),
        known: 6,
        of: 22,
    }];
    fixture.words.little_evidence =
        "Less than half of the values have evidence on scalability (6 of 22), so the answer says little about that."
            .to_owned();
    fixture.words.answer = "For `order-api`, the choice is not decided yet: Fastify and FastAPI have 1 of the 2 launches that \
                            an answer needs and 1 of the 5 blocks that an answer needs; about 4 min more of measuring would \
                            bring what is lacking."
        .to_owned();
    fixture.words.because = "the run was interrupted before enough was measured".to_owned();
    fixture.words.unless = "about 4 min more of measuring is spent on what is lacking".to_owned();
    (fixture.run.finished, fixture.run.stop) = (None, Some(StopReason::Interrupted));
    fixture
}

/// Two contenders, two blocks and a few metrics: small enough to read its documents in a test, and blind to metrics
/// that come later.
pub(crate) fn small() -> Fixture {
    let ids = [
        "cpu_us_per_request",
        "latency_ms_p99",
        "connection_kb",
        "platforms_prebuilt",
        "dependencies",
        "blocking_ms_p99",
        "team_known",
    ];
    let on: Vec<&Metric> = ids.into_iter().filter_map(metric).collect();
    let mut fixture = field_on(&on, pair(), 2);
    for record in &mut fixture.run.contenders {
        record
            .observations
            .retain(|seen| ids.contains(&seen.metric.as_str()));
    }
    fixture.judgement.curves.retain(|curve| curve.label == Label::All);
    fixture.lose(
        "python-fastapi",
        "connection_kb",
        "the probe got 512 of 1,000 connections",
    );
    fixture.run = rounded(&fixture.run);
    fixture.judgement = rounded(&fixture.judgement);
    fixture
}

/// The same with four significant digits, so that no machine's last bit gets into a snapshot.
fn rounded<T: Serialize + DeserializeOwned>(document: &T) -> T {
    let mut value = serde_json::to_value(document).expect("a document is JSON");
    round(&mut value);
    serde_json::from_value(value).expect("a rounded document is one too")
}

fn round(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            let short = format!("{:.3e}", number.as_f64().expect("it is one"));
            *value = Value::from(short.parse::<f64>().expect("it is still a number"));
        }
        Value::Array(parts) => parts.iter_mut().for_each(round),
        Value::Object(parts) => parts.values_mut().for_each(round),
        _ => {}
    }
}

/// Everything is so much slower than the brief allows that both ends of the value function lie at one side.
fn slow() -> Fixture {
    let mut slow = stacks();
    for stack in &mut slow {
        stack.factor *= 30.0;
    }
    let mut fixture = field(slow, 5);
    fixture.words.answer = "For `order-api`, Fastify and Express cannot be told apart with this evidence, Fastify being the \
                                      better one in 78 %; evidence that is missing keeps it open, and more of the same would not \
                                      bring it."
        .to_owned();
    fixture
}

/// Two contenders, the smallest field.
pub(crate) fn two() -> Fixture {
    field(pair(), 5)
}

fn pair() -> Vec<Stack> {
    let names = ["node-fastify", "python-fastapi"];
    stacks()
        .into_iter()
        .filter(|stack| names.contains(&stack.name.as_str()))
        .collect()
}

/// Twelve contenders, some with very long names, of families that no one foresaw.
pub(crate) fn twelve() -> Fixture {
    let mut field_of = stacks();
    for (name, title, family) in [
        ("java-spring", "Spring Boot with virtual threads", "java"),
        (
            "java-with-a-name-that-nobody-would-type-twice-in-one-day",
            "An enterprise application server whose title does not end",
            "java",
        ),
        ("go-std", "net/http", "go"),
        ("ruby-rails", "Rails", "ruby"),
    ] {
        field_of.push(Stack {
            name: name.into(),
            title: title.into(),
            family,
            framework: format!("{title} 1.2.3"),
            factor: 0.9,
        });
    }
    field(field_of, 6)
}

/// No contender passes.
pub(crate) fn all_vetoed() -> Fixture {
    let mut fixture = field(stacks(), 5);
    for stack in stacks() {
        let reason = VetoReason::RateNotHeld {
            connections: None,
            asked_rps: 400.0,
            achieved_rps: 212.0,
            missed: 5,
            of: 5,
        };
        fixture.judgement.verdict.vetoes.push(Veto {
            contender: stack.name,
            reason,
        });
    }
    let verdict = &mut fixture.judgement.verdict;
    verdict.outcome = Outcome::None;
    verdict.choice = None;
    verdict.runner_up = None;
    verdict.flips.clear();
    fixture.words.answer = "Nothing here fits: no contender holds 400 requests a second within 50 ms on one core; Node.js comes closest.".to_owned();
    fixture
}

/// A run in which nothing was measured at all.
pub(crate) fn nothing_measured() -> Fixture {
    let mut fixture = field(stacks(), 0);
    let names: Vec<String> = stacks().into_iter().map(|stack| stack.name).collect();
    for name in &names {
        fixture.remove_from_verdict(name);
    }
    let verdict = &mut fixture.judgement.verdict;
    verdict.outcome = Outcome::None;
    (
        verdict.choice,
        verdict.runner_up,
        verdict.second_opinion,
        verdict.noise_floor,
    ) = (None, None, None, None);
    verdict.flips.clear();
    verdict.expected_loss.clear();
    for estimate in &mut fixture.judgement.metrics {
        (estimate.estimate, estimate.score, estimate.missing) = (
            None,
            None,
            Some(Missing::Impossible {
                reason: "nothing ran".to_owned(),
            }),
        );
    }
    fixture.judgement.curves.clear();
    fixture.words.criteria.clear();
    fixture.words.reasons.clear();
    fixture.words.answer = "No answer: nothing was measured.".to_owned();
    (fixture.words.because, fixture.words.unless, fixture.words.beware) = Default::default();
    for record in &mut fixture.run.contenders {
        record.status = Status::Unavailable;
        record.observations.clear();
    }
    (fixture.run.finished, fixture.run.stop) = (None, Some(StopReason::LabFailed("no free port".to_owned())));
    fixture
}

/// A run that was cut off in its third block.
pub(crate) fn interrupted() -> Fixture {
    let mut fixture = field(stacks(), 3);
    fixture.run.trials.truncate(20);
    (fixture.run.finished, fixture.run.stop) = (None, Some(StopReason::Interrupted));
    fixture.run.host = Default::default();
    fixture
}

/// Every text that others wrote tries to break out of its document.
pub(crate) fn hostile() -> Fixture {
    let mut fixture = order_api();
    let evil = "</script></title></textarea>--><script>document.title='broken'</script>\"'`${1}{{ 1 }}\u{202e}\u{1b}[31m\n| # =1+1";
    for record in &mut fixture.run.contenders {
        record.title = format!("{} {evil}", record.name);
        record.remarks = evil.to_owned();
        record.homepage = "javascript:alert(1)".to_owned();
        record.faults.push(Fault {
            owner: Owner::Contender,
            at: FaultAt::probe(&[evil]),
            message: evil.to_owned(),
            log: vec![evil.to_owned(), "x".repeat(4000)],
            obstacle: None,
        });
    }
    fixture.run.brief_text = evil.to_owned();
    fixture.run.brief_path = evil.to_owned();
    fixture.brief.name = evil.to_owned();
    fixture.brief.question = evil.to_owned();
    fixture.words.answer = evil.to_owned();
    for estimate in &mut fixture.judgement.metrics {
        estimate.note = Some(evil.to_owned());
        if estimate.estimate.is_none() {
            estimate.missing = Some(Missing::Impossible {
                reason: evil.to_owned(),
            });
        }
    }
    for curve in &mut fixture.judgement.curves {
        if curve.label == Label::Scenario("read-item".to_owned()) {
            curve.label = Label::Scenario(evil.to_owned());
        }
    }
    fixture
}
