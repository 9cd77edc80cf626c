//! The raw evidence of a run, for fixtures: records, trials with their noise, histograms, a machine that is not always
//! quiet.

use super::fixture::Stack;
use super::histograms;
use super::lottery::Dice;
use super::values::true_value;
use bakeoff_core::contender::{Access, Class, Data, Http, Parser, Work};
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{
    Advice, Caution, ContenderRecord, Detail, Environment, Gate, GateOutcome, GateResult, Host, LoadSummary,
    Next, Observation, Part, Point, Run, Status, StopReason, Tier, Trial, WarmClass, WarmPhase, WarmUp,
    WarmWindow,
};
use bakeoff_core::judgement::MetricEstimate;
use bakeoff_core::metric::{Exposure, METRICS, Reduce, metric};
use bakeoff_core::plan::{Plan, ProbeSlots, Probes};
use std::collections::BTreeMap;

/// What is counted once, and what was timed when the contender was prepared.
fn counted(stack: &Stack) -> Vec<Observation> {
    let once = METRICS
        .iter()
        .filter(|m| matches!(m.reduce, Reduce::Exact) || m.exposure == Exposure::InstallTime);
    once.map(|m| Observation {
        metric: m.id.to_owned(),
        value: true_value(stack, m),
        note: Some("read from the lock file of 2026-11-20".to_owned()),
        cautions: vec![Caution::Once],
        detail: None,
    })
    .collect()
}

fn record(stack: &Stack) -> ContenderRecord {
    let (language, runtime) = match stack.family {
        "node" => ("javascript", "node 22.21.1"),
        "python" => ("python", "python 3.13.9"),
        _ => ("java", "java 25.0.1"),
    };
    ContenderRecord {
        name: stack.name.clone(),
        variant_of: None,
        part: Part::Candidate,
        title: stack.title.clone(),
        family: stack.family.to_owned(),
        language: language.to_owned(),
        runtime: runtime.to_owned(),
        framework: stack.framework.clone(),
        server: "node:http".to_owned(),
        model: "event loop, async".to_owned(),
        homepage: "https://example.org".to_owned(),
        remarks: "A remark that a reader should know.".to_owned(),
        work: work(stack),
        versions: [("pg", "8.16.3"), ("ajv", "8.17.1")]
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .into(),
        support: Vec::new(),
        status: Status::Measured,
        running: None,
        not_served: Vec::new(),
        faults: Vec::new(),
        observations: counted(stack),
        needs: Vec::new(),
        platforms: Vec::new(),
        reach: Vec::new(),
        flags: None,
        no_evidence: BTreeMap::new(),
    }
}

/// What the founding field would declare; other stacks declare nothing.
fn work(stack: &Stack) -> Work {
    let parser = match stack.family {
        "node" => Parser::Native,
        "python" if stack.name == "python-fastapi" => Parser::Native,
        "python" => Parser::Interpreted,
        _ => return Work::default(),
    };
    let access = if stack.name == "python-django" {
        Access::Orm
    } else {
        Access::Raw
    };
    Work {
        class: Some(if stack.framework.is_empty() {
            Class::Platform
        } else {
            Class::Micro
        }),
        data: Data {
            access: Some(access),
            ..Data::default()
        },
        http: Http {
            parser: Some(parser),
            ..Http::default()
        },
    }
}

pub(crate) fn run(
    stacks: &[Stack],
    plan: Plan,
    blocks: u32,
    metrics: &[MetricEstimate],
    dice: &mut Dice,
) -> Run {
    let mut trials = Vec::new();
    let mut at_s = 0.0;
    for block in 0..blocks {
        let names = stacks.iter().map(|stack| Entrant::contender(&stack.name));
        let mut entrants: Vec<Entrant> = names.chain(plan.twin()).collect();
        dice.shuffle(&mut entrants);
        for (position, entrant) in entrants.into_iter().enumerate() {
            let seconds = 4.4 + 0.5 * dice.uniform();
            trials.push(trial(
                block,
                position as u32,
                entrant,
                at_s,
                seconds,
                metrics,
                dice,
            ));
            at_s += seconds + 0.1;
        }
    }
    Run {
        id: "2026-11-24T090102Z-order-api".to_owned(),
        version: "0.1.0".to_owned(),
        brief_path: "briefs/order-api.toml".to_owned(),
        brief_text: "name = \"order-api\"\nquestion = \"Which backend for the order API?\"\n\n[load]\npeak_rps = 400\n".to_owned(),
        brief_sha256: "9f2c".repeat(16),
        started: "2026-11-24T09:01:02Z".to_owned(),
        finished: Some("2026-11-24T09:06:01Z".to_owned()),
        stop: Some(StopReason::BudgetSpent),
        host: Host {
            os: "Linux 6.12.43".to_owned(),
            cpu: "AMD EPYC 7B13".to_owned(),
            cores: 2,
            server_cores: vec![0],
            generator_cores: vec![1],
            memory_mb: 24_061,
            isolation: Some(Tier::T0),
            controllers: BTreeMap::new(),
            database: "PostgreSQL 17.6, the machine's own binaries".to_owned(),
            runtimes: [("node", "22.21.1"), ("python", "3.13.9")].map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
        },
        plan,
        contenders: stacks.iter().map(record).collect(),
        launches: Vec::new(),
        trials,
        advice: advice(),
        claims: Vec::new(),
    }
}

/// What was advised after the last two blocks.
fn advice() -> Vec<Advice> {
    let after = |after_blocks, next, value| {
        Advice {
        after_blocks,
        after_rounds: 0,
        next,
        probes: Probes::Due,
        dropped: Vec::new(),
        why: None,
        rounds: 0,
        reason: "the leader is ahead of the next in 97 %; 4 blocks more would take 160 s and be worth 0.0001 of value, where that time is worth 0.00011".to_owned(),
        expected_loss: 0.0004,
        blocks: 4,
        seconds: 160.0,
        value,
        price: 0.000_11,
    }
    };
    vec![after(5, Next::GoOn, 0.000_2), after(6, Next::Stop, 0.000_1)]
}

fn warm_up(seen: &[(&str, f64)], dice: &mut Dice) -> WarmUp {
    let settled = seen
        .iter()
        .find(|(metric, _)| *metric == "cpu_us_per_request")
        .map_or(500.0, |(_, us)| *us);
    let window = |i: u32| {
        let cpu_us = settled * (1.0 + 2.5 * (-f64::from(i) / 2.0).exp());
        WarmWindow {
            at_s: f64::from(i + 1) * 0.1,
            cpu_us: cpu_us * (1.0 + 0.03 * dice.normal()),
            service_ms_p50: 1.0,
            phase: WarmPhase::ClosedLoop,
            requests: 0,
            compiler_share: None,
        }
    };
    WarmUp {
        class: WarmClass::Warm,
        windows: (0..12).map(window).collect(),
        requests: None,
        level: None,
    }
}

/// The points behind the values of which the page has drawings.
fn behind(metric: &str, value: f64) -> Option<Detail> {
    let levels = [1.0_f64, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];
    let rate = |n: f64| 400.0 * n / (1.0 + 0.2 * (n - 1.0) + 0.001 * n * (n - 1.0));
    let point = |x: f64, y: f64, range: Option<(f64, f64)>| Point { x, y, range };
    let points: Vec<Point> = match metric {
        "usl_contention" => levels
            .map(|n| point(n, rate(n) * (1.0 + value / 100.0), None))
            .into(),
        "usl_peak" => levels
            .map(|n| point(n, rate(n), Some((rate(n) * 0.95, rate(n) * 1.05))))
            .into(),
        "multicore_speedup" => vec![point(1.0, 300.0, None), point(2.0, 300.0 * value, None)],
        "connection_kb" => [0.0, 1_000.0, 2_500.0, 5_000.0, 10_000.0]
            .map(|n| point(n, 60.0 + n * value / 1024.0, None))
            .into(),
        "recovery_s" => (0..26)
            .map(|bin| {
                let at_s = (f64::from(bin) * 100.0 - 250.0) / 1e3;
                let late = (0.0..value).contains(&(at_s - 0.5)) || (0.0..0.5).contains(&at_s);
                point(at_s, if late { 240.0 } else { 2.0 }, None)
            })
            .collect(),
        _ => return None,
    };
    Some(Detail {
        interval: None,
        points,
    })
}

fn trial(
    block: u32,
    position: u32,
    entrant: Entrant,
    at_s: f64,
    seconds: f64,
    metrics: &[MetricEstimate],
    dice: &mut Dice,
) -> Trial {
    let steal = (0.012 * dice.normal()).abs() + if block == 3 { 0.03 } else { 0.0 };
    let weak = steal > 0.03;
    let gate = |gate: Gate, outcome: GateOutcome, measured: &str| GateResult {
        gate,
        outcome,
        measured: measured.to_owned(),
        limit: "as the brief says".to_owned(),
    };
    let quiet = if weak {
        GateOutcome::Weak
    } else {
        GateOutcome::Passed
    };
    let seen: Vec<(&str, f64)> = metrics
        .iter()
        .filter(|e| e.contender == entrant.name())
        .filter_map(|e| Some((e.metric.as_str(), e.by_block.iter().find(|(b, _)| *b == block)?.1)))
        .map(|(metric, value)| (metric, value * (1.0 + 0.01 * dice.normal())))
        .collect();
    let median_ms = seen
        .iter()
        .find(|(metric, _)| *metric == "latency_ms_p50")
        .map_or(2.0, |(_, ms)| *ms);
    let at_install = |id: &str| metric(id).is_some_and(|row| row.exposure == Exposure::InstallTime);
    let in_trial = |id: &str| !id.starts_with("latency_ms") && !at_install(id);
    let observations = seen
        .iter()
        .filter(|(metric, _)| in_trial(metric))
        .map(|(metric, value)| Observation {
            metric: (*metric).to_owned(),
            value: *value,
            note: None,
            cautions: Vec::new(),
            detail: behind(metric, *value),
        })
        .collect();
    Trial {
        block,
        position,
        entrant,
        at_s,
        seconds,
        observations,
        curves: histograms::curves(median_ms, dice),
        load: Some(LoadSummary {
            planned: 2800,
            correct: 2800,
            seconds: 7.0,
            offered_rps: 400.0,
            achieved_rps: 399.1,
            ..LoadSummary::default()
        }),
        capacity: None,
        launch: None,
        wake_up: None,
        warm_up: Some(warm_up(&seen, dice)),
        gates: vec![
            gate(Gate::Contract, GateOutcome::Passed, "all cases"),
            gate(Gate::ErrorRate, GateOutcome::Passed, "0 %"),
            gate(Gate::Generator, GateOutcome::Passed, "41 % of a processor"),
            gate(Gate::RateHeld, GateOutcome::Passed, "399 of 400/s"),
            gate(Gate::SteadyState, GateOutcome::Passed, "settled after 0.8 s"),
            gate(Gate::Quiet, quiet, &format!("steal {:.1} %", steal * 100.0)),
        ],
        cautions: if weak {
            vec![Caution::Steal { share: steal }]
        } else {
            Vec::new()
        },
        faults: Vec::new(),
        environment: Environment {
            steal_share: Some(steal),
            server_run_delay_share: Some((0.02 * dice.normal()).abs()),
            ..Environment::default()
        },
        slots: ProbeSlots::NONE,
        first_attempt: None,
        probes_s: 0.0,
    }
}
