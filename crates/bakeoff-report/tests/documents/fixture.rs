//! A plausible run and its judgement, made by code: eight stacks as they might measure, blocks with their noise,
//! faults, cautions, and missing evidence. It is synthetic: its numbers describe no real stack.

use super::conclusions::{criteria, curves, noise_floor, weights, words};
use super::evidence::run;
use super::lottery::{Dice, judge_ranks};
use super::values::estimate;
use bakeoff_core::brief::{Brief, Deploy, Load, Needs, Preferences, Price, Slo, Team, Thresholds, Traffic};
use bakeoff_core::evidence::{Fault, Owner, Run, Stage, Status};
use bakeoff_core::judgement::{Judgement, MetricEstimate, Missing};
use bakeoff_core::metric::{METRICS, Metric};
use bakeoff_core::plan::Plan;
use bakeoff_core::range::Range;
use bakeoff_core::verdict::{BriefLimit, Flip, Veto, VetoReason};
use bakeoff_core::words::Words;
use bakeoff_report::Document;
use std::collections::BTreeMap;
use std::path::Path;

/// A case that documents are made from.
pub(crate) struct Fixture {
    pub(crate) run: Run,
    pub(crate) judgement: Judgement,
    pub(crate) words: Words,
    pub(crate) brief: Brief,
}

impl Fixture {
    pub(crate) fn document(&self) -> Document<'_> {
        Document::new(
            &self.run,
            &self.judgement,
            &self.words,
            &self.brief,
            Path::new(".bakeoff"),
        )
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
    fixture.judgement.verdict.vetoes.push(Veto {
        contender: "python-django".to_owned(),
        reason: VetoReason::OverLimit {
            connections: None,
            limit: BriefLimit::ResponseTime,
            asked: 50.0,
            seen: Range {
                value: 212.0,
                low: 198.0,
                high: 230.0,
            },
        },
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
    let names: Vec<String> = stacks.iter().map(|stack| stack.name.clone()).collect();
    let mut fixture = field_on(&METRICS.iter().collect::<Vec<_>>(), stacks, blocks);
    let processes = METRICS
        .iter()
        .filter(|metric| metric.id.starts_with("usl_processes"));
    for (name, metric) in names
        .iter()
        .flat_map(|name| processes.clone().map(move |metric| (name, metric)))
    {
        fixture.lose(name, metric.id, "needs 3 processors, and this machine has 2");
    }
    fixture
}

/// The same on some of the metrics only.
pub(crate) fn field_on(on: &[&Metric], stacks: Vec<Stack>, blocks: u32) -> Fixture {
    let mut dice = Dice::new(7);
    let brief = brief();
    let names: Vec<String> = stacks.iter().map(|stack| stack.name.clone()).collect();
    let mut plan = Plan::new(names.clone(), 290.0, 42, vec![28.4]);
    plan.twin_of = names.get(1).or(names.first()).cloned();
    let metrics: Vec<MetricEstimate> = stacks
        .iter()
        .flat_map(|stack| {
            on.iter()
                .map(|m| estimate(stack, m, blocks, &mut dice))
                .collect::<Vec<_>>()
        })
        .collect();
    let criteria = criteria(&names, &metrics);
    let verdict = judge_ranks(
        &names,
        &criteria,
        noise_floor(on, plan.twin_of.as_deref().unwrap_or("none")),
    );
    let words = words(&stacks, &verdict);
    let run = run(&stacks, plan, blocks, &metrics, &mut dice);
    let judgement = Judgement {
        metrics,
        criteria,
        weights: weights(),
        verdict,
        curves: curves(&stacks),
        margins: Vec::new(),
        variants: Vec::new(),
        compiled: Vec::new(),
        contradiction: None,
    };
    Fixture {
        run,
        judgement,
        words,
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
            connections: None,
            day: None,
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
            vcpu: None,
            memory_mb: None,
            own_price: Default::default(),
            price: Price {
                core_hour: 0.04,
                gb_hour: 0.005,
                currency: "USD".to_owned(),
            },
        },
        preferences: Preferences {
            order: vec!["speed".to_owned(), "learning-curve".to_owned()],
            ..Preferences::default()
        },
        only: Vec::new(),
        also: Vec::new(),
        candidates: Vec::new(),
        variants: BTreeMap::new(),
        values: BTreeMap::new(),
        measures: Vec::new(),
        verdict: Thresholds::default(),
        database: None,
        services: Vec::new(),
    }
}

impl Fixture {
    /// A contender that could not be installed: it has no evidence.
    pub(crate) fn fail(&mut self, name: &str) {
        let fault = Fault {
            owner: Owner::Contender,
            at: Stage::Prepare.into(),
            message: "`npm ci` ended with exit code 1".to_owned(),
            obstacle: None,
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
        self.run.trials.retain(|trial| !trial.entrant.is_contender(name));
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

    /// The same for a typed reason.
    pub(crate) fn lose_for(&mut self, name: &str, metric: &str, why: &Missing) {
        self.lose(name, metric, "");
        let metrics = self.judgement.metrics.iter_mut();
        for estimate in metrics.filter(|e| e.contender == name && e.metric == metric) {
            estimate.missing = Some(why.clone());
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
    estimate.missing = Some(Missing::Impossible {
        reason: why.to_owned(),
    });
    estimate.by_block.clear();
    estimate.by_launch.clear();
    (estimate.n, estimate.launches, estimate.degrees) = (0, 0, None);
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
