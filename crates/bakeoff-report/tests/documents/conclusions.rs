//! The rest of a judgement for fixtures: scores, weights, words, curves. The sentences are fixed, so that a snapshot
//! changes only when a document does.

use super::fixture::Stack;
use bakeoff_core::criterion::Criterion;
use bakeoff_core::evidence::{CurveKind, Label};
use bakeoff_core::judgement::{CriterionScore, LatencyCurve, MetricEstimate, WeightSummary};
use bakeoff_core::metric::{METRICS, Metric, Reduce};
use bakeoff_core::range::Range;
use bakeoff_core::verdict::{NoiseFloor, Verdict};
use bakeoff_core::words::Words;

pub(crate) fn criteria(names: &[String], metrics: &[MetricEstimate]) -> Vec<CriterionScore> {
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

pub(crate) fn weights() -> Vec<WeightSummary> {
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

pub(crate) fn noise_floor(on: &[&Metric], of: &str) -> NoiseFloor {
    let measured = on.iter().filter(|m| m.reduce != Reduce::Exact);
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
        gate: None,
        predicted: std::collections::BTreeMap::new(),
        widened: std::collections::BTreeMap::new(),
    }
}

pub(crate) fn words(stacks: &[Stack], verdict: &Verdict) -> Words {
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
        family: String::new(),
        answer: format!(
            "For `order-api`, choose {first}: it is {:.0} % likely to be the best choice, given measurement noise, missing data and the priorities you left open.",
            p * 100.0
        ),
        because: format!(
            "{first} needs 390 µs of processor time a request where the next needs 440 µs, and its p99 is 11 ms of the 50 ms allowed"
        ),
        unless: "universality counts for more than 41 % of the weight: then FastAPI leads".to_owned(),
        beware: format!(
            "a computing request holds up all others of {first}: their p99 rises from 11 ms to 24 ms"
        ),
        little_evidence: String::new(),
        second_opinion: String::new(),
        work: String::new(),
        lifetimes: String::new(),
        running: String::new(),
        criteria: Criterion::ALL
            .into_iter()
            .map(|c| (c.id().to_owned(), sentence(c)))
            .collect(),
        reasons: vec!["it is ahead on speed in 71 % of the draws".to_owned()],
    }
}

pub(crate) fn curves(stacks: &[Stack]) -> Vec<LatencyCurve> {
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
                    label: Label::from(label.to_owned()),
                    kind,
                    count: 19_600,
                    points,
                });
            }
        }
    }
    curves
}
