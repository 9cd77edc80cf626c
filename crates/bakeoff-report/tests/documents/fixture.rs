//! A plausible run and its judgement, made by code: eight stacks as they might measure, blocks with their noise, faults,
//! cautions, and evidence that is missing. Deliberately synthetic: none of its numbers says anything about a real stack.

use super::histograms;
use super::lottery::{Dice, judge_ranks};
use bakeoff_core::brief::{Brief, Deploy, Load, Needs, Preferences, Price, Slo, Team, Traffic};
use bakeoff_core::criterion::Criterion;
use bakeoff_core::evidence::{
    Caution, ContenderRecord, CurveKind, Environment, Fault, Gate, GateOutcome, GateResult, Host,
    LoadSummary, Observation, Owner, Run, Status, StopReason, Trial,
};
use bakeoff_core::judgement::{
    CriterionScore, Judgement, LatencyCurve, MetricEstimate, WeightSummary, Words,
};
use bakeoff_core::metric::{Better, METRICS, Metric, Reduce, Scale};
use bakeoff_core::plan::Plan;
use bakeoff_core::verdict::{Flip, NoiseFloor, Range, Veto};
use bakeoff_report::Document;
use std::collections::BTreeMap;

/// A case that documents are made from.
pub(crate) struct Fixture {
    pub(crate) run: Run,
    pub(crate) judgement: Judgement,
    pub(crate) brief: Brief,
}

impl Fixture {
    pub(crate) fn document(&self) -> Document<'_> {
        Document {
            run: &self.run,
            judgement: &self.judgement,
            brief: &self.brief,
        }
    }
}

/// What a stack is like: name, title, family, framework, and a factor on the metrics where less is better.
#[derive(Clone)]
pub(crate) struct Stack {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) family: &'static str,
    pub(crate) framework: String,
    pub(crate) factor: f64,
}

/// The founding question's field.
pub(crate) fn stacks() -> Vec<Stack> {
    [
        ("node-http", "Node.js", "node", "", 0.8),
        ("node-express", "Express", "node", "Express 5.1.0", 1.25),
        ("node-fastify", "Fastify", "node", "Fastify 5.4.0", 0.95),
        ("node-hapi", "hapi", "node", "@hapi/hapi 21.4.0", 1.4),
        ("python-flask", "Flask", "python", "Flask 3.1.2", 3.4),
        ("python-django", "Django", "python", "Django 6.0", 5.2),
        ("python-pyramid", "Pyramid", "python", "pyramid 2.1", 3.0),
        ("python-fastapi", "FastAPI", "python", "FastAPI 0.121.3", 3.9),
    ]
    .into_iter()
    .map(|(name, title, family, framework, factor)| Stack {
        name: name.to_owned(),
        title: title.to_owned(),
        family,
        framework: framework.to_owned(),
        factor,
    })
    .collect()
}

/// The usual case: eight stacks, seven blocks, one veto, one that could not be installed, some evidence missing.
pub(crate) fn order_api() -> Fixture {
    let mut fixture = field(stacks(), 7);
    let refused = "cannot hold 400 requests a second within 50 ms: p99 is 212 ms (198 ms to 230 ms)";
    fixture.judgement.verdict.vetoes.push(Veto {
        contender: "python-django".to_owned(),
        reason: refused.to_owned(),
    });
    fixture.remove_from_verdict("python-django");
    fixture.fail("node-hapi");
    fixture.lose(
        "python-flask",
        "connection_kb",
        "the probe got 512 of 1,000 connections before the listen queue was full",
    );
    for name in ["python-flask", "python-pyramid"] {
        fixture.lose(
            name,
            "multicore_speedup",
            "this machine has no second core for servers",
        );
    }
    fixture
}

/// Any stacks, any number of blocks, and no trouble.
pub(crate) fn field(stacks: Vec<Stack>, blocks: u32) -> Fixture {
    let mut dice = Dice::new(7);
    let brief = brief();
    let names: Vec<String> = stacks.iter().map(|stack| stack.name.clone()).collect();
    let mut plan = Plan::new(names.clone(), 290.0, 42);
    plan.twin_of = names.get(1).or(names.first()).cloned();
    let metrics: Vec<MetricEstimate> = stacks
        .iter()
        .flat_map(|stack| {
            METRICS
                .iter()
                .map(|m| estimate(stack, m, blocks, &mut dice))
                .collect::<Vec<_>>()
        })
        .collect();
    let criteria = criteria(&names, &metrics);
    let verdict = judge_ranks(
        &names,
        &criteria,
        noise_floor(plan.twin_of.as_deref().unwrap_or("none")),
    );
    let words = words(&stacks, &verdict);
    let run = run(&stacks, plan, blocks, &metrics, &mut dice);
    let judgement = Judgement {
        metrics,
        criteria,
        weights: weights(),
        verdict,
        curves: curves(&stacks),
        words,
    };
    Fixture {
        run,
        judgement,
        brief,
    }
}

/// The brief of the design, as an example.
pub(crate) fn brief() -> Brief {
    let traffic = [("read-item", 60.0), ("list-items", 25.0), ("create-item", 15.0)];
    Brief {
        name: "order-api".to_owned(),
        question: "Which backend for the order API?".to_owned(),
        load: Load {
            peak_rps: 400.0,
            cores: 1,
            memory_mb: 512.0,
            slo: Slo {
                p99_ms: 50.0,
                error_rate: 0.001,
            },
        },
        traffic: traffic
            .into_iter()
            .map(|(s, share)| Traffic {
                scenario: s.to_owned(),
                share,
            })
            .collect(),
        team: Team {
            people: 4,
            knows: vec!["javascript".to_owned(), "sql".to_owned()],
        },
        needs: Needs {
            must: vec!["postgres".to_owned()],
            want: vec!["websocket".to_owned(), "pdf".to_owned()],
        },
        deploy: Deploy {
            target: "container".to_owned(),
            instance_class: None,
            price: Price {
                core_hour: 0.04,
                gb_hour: 0.005,
                currency: "USD".to_owned(),
            },
        },
        preferences: Preferences {
            order: vec![Criterion::Speed, Criterion::LearningCurve],
            ..Preferences::default()
        },
        only: Vec::new(),
        values: BTreeMap::new(),
    }
}

/// The middle of the field on a metric, in its unit.
fn typical(id: &str) -> f64 {
    match id {
        "cpu_us_per_request" => 410.0,
        "latency_ms_p50" => 1.9,
        "latency_ms_p99" => 11.0,
        "latency_ms_p999" => 31.0,
        "startup_ms" => 320.0,
        "memory_mb_idle" => 58.0,
        "memory_mb_peak" => 96.0,
        "compute_ms" => 9.0,
        "cost_per_million" => 0.0061,
        "multicore_speedup" => 1.8,
        "connection_kb" => 14.0,
        "platforms_prebuilt" => 0.86,
        "targets" => 0.71,
        "needs_covered" => 0.9,
        "dependencies" => 48.0,
        "install_mb" => 31.0,
        "blocking_ms_p99" => 24.0,
        "waiting_rps" => 1900.0,
        "contract_tokens" => 3400.0,
        "cognitive_complexity" => 41.0,
        "api_surface" => 57.0,
        "first_answer_s" => 9.4,
        "team_known" => 1.0,
        _ => 1.0,
    }
}

/// How far a stack's factor reaches into a metric: 1 for what is measured under load, little for what is counted.
fn true_value(stack: &Stack, metric: &Metric) -> f64 {
    let typical = typical(metric.id);
    if metric.id == "team_known" {
        return if stack.family == "node" { 1.0 } else { 0.0 };
    }
    let counted = matches!(metric.reduce, Reduce::Exact);
    let power = if counted { -0.35 } else { 0.8 };
    match (metric.better, metric.unit) {
        (_, "share") => (typical + 0.06 * (stack.factor - 2.0)).clamp(0.0, 1.0),
        (Better::Lower, "packages" | "tokens" | "names" | "points") => {
            (typical * stack.factor.powf(power)).round()
        }
        (Better::Lower, _) => typical * stack.factor.powf(power),
        (Better::Higher, _) => typical / stack.factor.powf(power),
    }
}

fn anchor(metric: &Metric, brief: &Brief) -> (f64, f64) {
    use bakeoff_core::metric::Anchor;
    let load = &brief.load;
    let price = &brief.deploy.price;
    let hour = f64::from(load.cores) * price.core_hour + load.memory_mb / 1024.0 * price.gb_hour;
    let (base, required, ideal) = match metric.anchor {
        Anchor::OfSlo { required, ideal } => (load.slo.p99_ms, required, ideal),
        Anchor::OfPeak { required, ideal } => (load.peak_rps, required, ideal),
        Anchor::OfCpuBudget { required, ideal } => {
            (f64::from(load.cores) / load.peak_rps * 1e6, required, ideal)
        }
        Anchor::OfMemory { required, ideal } => (load.memory_mb, required, ideal),
        Anchor::OfPrice { required, ideal } => (hour / 3600.0 / load.peak_rps * 1e6, required, ideal),
        Anchor::Cores => (1.0, 1.0, 2.0),
        Anchor::Fixed { required, ideal } => (1.0, required, ideal),
    };
    (base * required, base * ideal)
}

fn value_of(x: f64, (required, ideal): (f64, f64), scale: Scale) -> f64 {
    let of = |v: f64| if scale == Scale::Log { v.max(1e-9).ln() } else { v };
    ((of(x) - of(required)) / (of(ideal) - of(required))).clamp(0.0, 1.0)
}

fn estimate(stack: &Stack, metric: &Metric, blocks: u32, dice: &mut Dice) -> MetricEstimate {
    let mid = true_value(stack, metric);
    let anchor = anchor(metric, &brief());
    let once = matches!(metric.reduce, Reduce::Exact);
    let spread = if once { 0.0 } else { 0.05 };
    let by_block: Vec<(u32, f64)> = if once {
        Vec::new()
    } else {
        (0..blocks)
            .map(|b| (b, mid * (1.0 + spread * dice.normal())))
            .collect()
    };
    let value = if once {
        mid
    } else {
        by_block.iter().map(|(_, v)| v).sum::<f64>() / f64::from(blocks.max(1))
    };
    let half = spread * 2.2 / f64::from(blocks.max(1)).sqrt();
    let range = Range {
        value,
        low: value * (1.0 - half),
        high: value * (1.0 + half),
    };
    let score = |x: f64| value_of(x, anchor, metric.scale);
    let (a, b) = (score(range.low), score(range.high));
    let mut cautions = if once { vec![Caution::Once] } else { Vec::new() };
    if blocks < 5 && !once {
        cautions.push(Caution::FewBlocks { blocks });
    }
    if metric.id == "first_answer_s" {
        cautions.push(Caution::NetworkIncluded);
    }
    if metric.id == "latency_ms_p999" && stack.factor > 3.0 {
        cautions.push(Caution::FewSamples { beyond: 7 });
    }
    let none = blocks == 0 && !once;
    MetricEstimate {
        contender: stack.name.clone(),
        metric: metric.id.to_owned(),
        estimate: (!none).then_some(range),
        n: if once { 1 } else { blocks },
        missing: none.then(|| "no trial ended".to_owned()),
        gate: None,
        cautions,
        by_block,
        anchor,
        score: (!none).then_some(Range {
            value: score(value),
            low: a.min(b),
            high: a.max(b),
        }),
        note: once.then(|| "read from the lock file of 2026-11-20".to_owned()),
    }
}

fn criteria(names: &[String], metrics: &[MetricEstimate]) -> Vec<CriterionScore> {
    let mut rows = Vec::new();
    for name in names {
        for criterion in Criterion::ALL {
            let mine = || {
                let of = |e: &&MetricEstimate| {
                    METRICS
                        .iter()
                        .any(|m| m.id == e.metric && m.criterion == criterion)
                };
                metrics.iter().filter(move |e| e.contender == *name).filter(of)
            };
            let n = mine().count().max(1) as f64;
            let mean = |pick: fn(Range) -> f64, lost: f64| {
                mine().map(|e| e.score.map_or(lost, pick)).sum::<f64>() / n
            };
            let (value, low, high) = (
                mean(|r| r.value, 0.5),
                mean(|r| r.low, 0.1),
                mean(|r| r.high, 0.9),
            );
            let score = Range {
                value,
                low: (low - 0.08).max(0.0),
                high: (high + 0.08).min(1.0),
            };
            let missing = mine()
                .filter(|e| e.estimate.is_none())
                .map(|e| e.metric.clone())
                .collect();
            rows.push(CriterionScore {
                contender: name.clone(),
                criterion: criterion.id().to_owned(),
                score,
                missing,
            });
        }
    }
    rows
}

fn weights() -> Vec<WeightSummary> {
    let shares = [
        (0.41, 0.2, 0.78),
        (0.09, 0.0, 0.24),
        (0.08, 0.0, 0.24),
        (0.09, 0.0, 0.24),
        (0.09, 0.0, 0.24),
        (0.24, 0.08, 0.42),
    ];
    let row = |(criterion, (value, low, high)): (Criterion, (f64, f64, f64))| WeightSummary {
        criterion: criterion.id().to_owned(),
        share: Range { value, low, high },
    };
    Criterion::ALL.into_iter().zip(shares).map(row).collect()
}

fn noise_floor(of: &str) -> NoiseFloor {
    let measured = METRICS.iter().filter(|m| m.reduce != Reduce::Exact);
    let ratios = measured
        .map(|m| {
            (
                m.id.to_owned(),
                Range {
                    value: 1.013,
                    low: 0.97,
                    high: 1.058,
                },
            )
        })
        .collect();
    NoiseFloor {
        contender: of.to_owned(),
        ratios,
    }
}

fn words(stacks: &[Stack], verdict: &bakeoff_core::verdict::Verdict) -> Words {
    let title = |name: &Option<String>| {
        stacks
            .iter()
            .find(|s| Some(&s.name) == name.as_ref())
            .map_or("nothing".to_owned(), |s| s.title.clone())
    };
    let first = title(&verdict.choice);
    let p = verdict
        .choice
        .as_ref()
        .and_then(|c| verdict.p_best.get(c))
        .copied()
        .unwrap_or(0.0);
    let sentence = |criterion: Criterion| {
        match criterion {
        Criterion::Speed => "Node.js needs a quarter of Django's processor time for the same answers: 340 µs against 1.5 ms a request.".to_owned(),
        other => format!("On {other}, {first} leads the field by less than what separates two runs of the same program."),
    }
    };
    Words {
        answer: format!(
            "For `order-api`, choose {first}: best in {:.0} % of everything we do not know.",
            p * 100.0
        ),
        because: format!(
            "{first} needs 390 µs of processor time a request where the next needs 440 µs, and its p99 is 11 ms of the 50 ms allowed"
        ),
        unless: "universality counts for more than 41 % of the weight: then FastAPI leads".to_owned(),
        beware: format!(
            "a computing request holds up all others of {first}: their p99 rises from 11 ms to 24 ms"
        ),
        criteria: Criterion::ALL
            .into_iter()
            .map(|c| (c.id().to_owned(), sentence(c)))
            .collect(),
    }
}

fn curves(stacks: &[Stack]) -> Vec<LatencyCurve> {
    let quantiles = [0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995, 0.999];
    let mut curves = Vec::new();
    for stack in stacks {
        for label in ["all", "read-item", "list-items", "create-item"] {
            for (kind, extra) in [(CurveKind::Response, 1.0), (CurveKind::Service, 0.8)] {
                let at = |q: f64| 1.1 * stack.factor * extra * (1.0 + 0.9 * (-(1.0 - q).ln()).powf(1.45));
                let mut points: Vec<(f64, f64)> = quantiles.iter().map(|&q| (q, at(q))).collect();
                points.push((1.0, at(0.9999)));
                curves.push(LatencyCurve {
                    contender: stack.name.clone(),
                    label: label.to_owned(),
                    kind,
                    count: 19_600,
                    points,
                });
            }
        }
    }
    curves
}

/// What is counted once, and what was timed when the contender was prepared.
fn counted(stack: &Stack) -> Vec<Observation> {
    let once = METRICS
        .iter()
        .filter(|m| matches!(m.reduce, Reduce::Exact) || m.id == "first_answer_s");
    once.map(|m| Observation {
        metric: m.id.to_owned(),
        value: true_value(stack, m),
        note: Some("read from the lock file of 2026-11-20".to_owned()),
        cautions: vec![Caution::Once],
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
        title: stack.title.clone(),
        family: stack.family.to_owned(),
        language: language.to_owned(),
        runtime: runtime.to_owned(),
        framework: stack.framework.clone(),
        server: "node:http".to_owned(),
        model: "event loop, async".to_owned(),
        homepage: "https://example.org".to_owned(),
        remarks: "A remark that a reader should know.".to_owned(),
        versions: [("pg", "8.16.3"), ("ajv", "8.17.1")]
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .into(),
        status: Status::Measured,
        not_served: Vec::new(),
        faults: Vec::new(),
        observations: counted(stack),
        no_evidence: BTreeMap::new(),
    }
}

fn run(stacks: &[Stack], plan: Plan, blocks: u32, metrics: &[MetricEstimate], dice: &mut Dice) -> Run {
    let mut trials = Vec::new();
    let mut at_s = 0.0;
    for block in 0..blocks {
        let mut names: Vec<String> = stacks.iter().map(|s| s.name.clone()).collect();
        names.extend(plan.twin_of.as_deref().map(Plan::twin_name));
        dice.shuffle(&mut names);
        for (position, contender) in names.into_iter().enumerate() {
            let seconds = 4.4 + 0.5 * dice.uniform();
            trials.push(trial(
                block,
                position as u32,
                contender,
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
            isolation: "T0".to_owned(),
            database: "PostgreSQL 17.6, the machine's own binaries".to_owned(),
            runtimes: [("node", "22.21.1"), ("python", "3.13.9")].map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
        },
        plan,
        contenders: stacks.iter().map(record).collect(),
        trials,
    }
}

fn trial(
    block: u32,
    position: u32,
    contender: String,
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
    let original = contender.trim_end_matches("~twin");
    let seen: Vec<(&str, f64)> = metrics
        .iter()
        .filter(|e| e.contender == original)
        .filter_map(|e| Some((e.metric.as_str(), e.by_block.iter().find(|(b, _)| *b == block)?.1)))
        .map(|(metric, value)| (metric, value * (1.0 + 0.01 * dice.normal())))
        .collect();
    let median_ms = seen
        .iter()
        .find(|(metric, _)| *metric == "latency_ms_p50")
        .map_or(2.0, |(_, ms)| *ms);
    let in_trial = |metric: &str| !metric.starts_with("latency_ms") && metric != "first_answer_s";
    let observations = seen
        .iter()
        .filter(|(metric, _)| in_trial(metric))
        .map(|(metric, value)| Observation {
            metric: (*metric).to_owned(),
            value: *value,
            note: None,
            cautions: Vec::new(),
        })
        .collect();
    Trial {
        block,
        position,
        contender,
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
        warm_up: None,
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
    }
}

impl Fixture {
    /// A contender that could not be installed: nothing of it is known.
    pub(crate) fn fail(&mut self, name: &str) {
        let fault = Fault {
            owner: Owner::Contender,
            stage: "prepare".to_owned(),
            message: "`npm ci` ended with exit code 1".to_owned(),
            log: vec![
                "npm error code EINTEGRITY".to_owned(),
                "npm error sha512-abc integrity checksum failed </script><script>alert(1)</script>"
                    .to_owned(),
            ],
        };
        for record in self
            .run
            .contenders
            .iter_mut()
            .filter(|record| record.name == name)
        {
            record.status = Status::PrepareFailed;
            record.faults.push(fault.clone());
        }
        self.run.trials.retain(|trial| trial.contender != name);
        for estimate in self
            .judgement
            .metrics
            .iter_mut()
            .filter(|estimate| estimate.contender == name)
        {
            forget(estimate, "it could not be installed");
        }
        self.judgement.curves.retain(|curve| curve.contender != name);
        self.remove_from_verdict(name);
    }

    /// Takes the evidence of one metric away.
    pub(crate) fn lose(&mut self, name: &str, metric: &str, why: &str) {
        for estimate in self
            .judgement
            .metrics
            .iter_mut()
            .filter(|e| e.contender == name && e.metric == metric)
        {
            forget(estimate, why);
        }
    }

    /// Takes a contender out of all probabilities and renormalises none: a fixture, not a judge.
    pub(crate) fn remove_from_verdict(&mut self, name: &str) {
        let verdict = &mut self.judgement.verdict;
        verdict.p_best.remove(name);
        verdict.ranks.remove(name);
        verdict.expected_value.remove(name);
        verdict.central_weights.remove(name);
        verdict.confidence.remove(name);
        verdict.pairwise.remove(name);
        if verdict.choice.as_deref() == Some(name) {
            verdict.choice = verdict.p_best.keys().next().cloned();
        }
    }
}

fn forget(estimate: &mut MetricEstimate, why: &str) {
    estimate.estimate = None;
    estimate.score = None;
    estimate.missing = Some(why.to_owned());
    estimate.by_block.clear();
    estimate.n = 0;
    estimate.cautions.clear();
    estimate.note = None;
}

/// Two changes that would change the choice.
pub(crate) fn flips(winner: &str, contender: &str) -> Vec<Flip> {
    vec![
        Flip::Weight {
            criterion: "universality".to_owned(),
            from: 0.08,
            to: 0.41,
            winner: winner.to_owned(),
        },
        Flip::Measurement {
            contender: contender.to_owned(),
            metric: "latency_ms_p99".to_owned(),
            from: 10.6,
            to: 38.0,
            winner: winner.to_owned(),
        },
    ]
}
