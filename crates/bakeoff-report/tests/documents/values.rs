//! The true value of each stack and metric, and an estimate of it, for fixtures. It is synthetic and simple: the core
//! makes real estimates and tests them.

use super::fixture::{Stack, brief};
use super::lottery::Dice;
use bakeoff_core::brief::Brief;
use bakeoff_core::evidence::Caution;
use bakeoff_core::judgement::{MetricEstimate, Missing};
use bakeoff_core::metric::{Anchor, Better, Metric, Reduce, Scale};
use bakeoff_core::range::Range;

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
        "rate_rps_slo" => 1700.0,
        "warmup_s" => 1.2,
        "warmup_requests" => 9_000.0,
        "after_rest_ratio" => 1.4,
        "usl_contention" => 0.31,
        "usl_coherency" => 0.0013,
        "usl_peak" => 23.0,
        "overload_goodput" => 0.94,
        "recovery_s" => 0.62,
        "routes_cost" => 1.06,
        "plumbing_tokens" => 1500.0,
        "platforms_prebuilt" => 0.86,
        "targets" => 0.71,
        "browser_share" => 0.97,
        "browser_kb" => 120.0,
        "browser_ms" => 180.0,
        "needs_covered" => 0.9,
        "dependencies" => 48.0,
        "install_mb" => 31.0,
        "blocking_ms_p99" => 24.0,
        "waiting_rps" => 1900.0,
        "slow_client_ms_p99" => 14.0,
        "stream_mb_growth" => 9.0,
        "drain_lost" => 3.0,
        "crash_recovery_ms" => 340.0,
        "crash_lost" => 5.0,
        "socket_fanout_ms_p99" => 74.0,
        "change_tokens" => 130.0,
        "change_files" => 2.5,
        "contract_tokens" => 3400.0,
        "cognitive_complexity" => 41.0,
        "complexity_of_hardest" => 4.0,
        "api_surface" => 57.0,
        "names_to_learn" => 110.0,
        "first_answer_s" => 9.4,
        "team_known" => 1.0,
        _ => 1.0,
    }
}

/// How far a stack's factor reaches into a metric: 1 for what is measured under load, little for what is counted.
pub(crate) fn true_value(stack: &Stack, metric: &Metric) -> f64 {
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

pub(crate) fn estimate(stack: &Stack, metric: &Metric, blocks: u32, dice: &mut Dice) -> MetricEstimate {
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
        launches: 0,
        degrees: None,
        by_launch: Vec::new(),
        missing: none.then(|| Missing::Impossible {
            reason: "no trial ended".to_owned(),
        }),
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
