//! Explains metrics and criteria from the table of metrics. It has no sentence of its own about any single metric.

use crate::brief::{Brief, ValueRange, anchors};
use crate::criterion::Criterion;
use crate::metric::{Anchor, Better, METRICS, Metric, Reduce, Repeatability, Scale};
use crate::words::number::Quantity;

pub(super) fn paragraph(metric: &Metric, brief: Option<&Brief>) -> String {
    let better = match metric.better {
        Better::Lower => "Less is better",
        Better::Higher => "More is better",
    };
    format!(
        "{} (metric of {}): {}, in {}\n{} {better}.\n{} {}\nHow it is measured: {}; {}.{}",
        metric.id,
        metric.criterion,
        metric.title,
        metric.unit,
        metric.sentence,
        value_function(metric, brief),
        match metric.scale {
            Scale::Log =>
                "In between the score is linear in the logarithm, so ratios count; outside it stays at 0 or 1.",
            Scale::Linear => "In between the score is linear; outside it stays at 0 or 1.",
        },
        metric.source,
        match metric.reduce {
            Reduce::ResponseQuantile(_) =>
                "the percentile is taken from the merged histograms of all trials, since percentiles must not be averaged; at least ten responses from three trials must lie beyond it",
            Reduce::MeanOfBlocks =>
                "the mean over launches of the means of their blocks, on the same scale, with an interval from the differences between launches and between blocks",
            Reduce::Exact => "counted or read once, exactly",
        },
        repeatability(metric),
    )
}

/// How much the metric varies from launch to launch and from block to block, which counts where these are few.
fn repeatability(metric: &Metric) -> String {
    let varied = |deviation: f64| match (metric.repeatability, metric.scale) {
        (Repeatability::OfCount(_), _) => format!("{} × the square root of the count", plain(deviation)),
        (_, Scale::Log) => format!("a factor of {}", plain(deviation.exp())),
        (_, Scale::Linear) => Quantity::new(deviation, metric.unit).as_set(),
    };
    if metric.repeatability == Repeatability::Exact {
        return String::new();
    }
    let of_blocks = metric
        .levels
        .block
        .map(|block| format!(", and from block to block of a launch by {}", varied(block)))
        .unwrap_or_default();
    format!(
        "\nIn earlier experiments it varied from launch to launch by {}{of_blocks} (one standard deviation). With fewer than five launches or blocks, that counts for the missing ones.",
        varied(metric.levels.launch)
    )
}

pub(super) fn criterion(criterion: Criterion) -> String {
    let metrics: Vec<String> = METRICS
        .iter()
        .filter(|metric| metric.criterion == criterion && !metric.is_of_earlier_versions())
        .map(|metric| format!("`{}` ({})", metric.id, metric.title.to_lowercase()))
        .collect();
    let timed = match criterion {
        Criterion::LearningCurve => {
            "\nNo person was timed: these metrics describe the code and the installation."
        }
        _ => "",
    };
    format!(
        "{} (criterion): {}\nIts metrics: {}.{timed}",
        criterion.id(),
        criterion.sentence(),
        metrics.join(", ")
    )
}

/// Where the score is 0 and where 1: in the unit under a brief, else as multiples of what a brief states.
fn value_function(metric: &Metric, brief: Option<&Brief>) -> String {
    match (brief, metric.anchor) {
        (Some(brief), anchor) if !matches!(anchor, Anchor::Cores) || brief.values.contains_key(metric.id) => {
            let sets = brief.values.contains_key(metric.id);
            let verb = if sets { "sets" } else { "gives" };
            let ValueRange { required, ideal } = anchors::ends(metric, brief, brief.load.cores);
            let [zero, one] =
                [required, ideal].map(|end| Quantity::new(end, brief.unit_of(metric.id)).as_set());
            format!("`{}` {verb} score 0 at {zero} and score 1 at {one}.", brief.name)
        }
        (_, anchor) => by_default(anchor, metric.unit),
    }
}

fn by_default(anchor: Anchor, unit: &str) -> String {
    let multiples = |required: f64, ideal: f64, of: &str| {
        format!(
            "Score 0 is at {} × {of}, score 1 at {} × that.",
            plain(required),
            plain(ideal)
        )
    };
    match anchor {
        Anchor::OfSlo { required, ideal } => multiples(required, ideal, "the brief's `load.slo.p99_ms`"),
        Anchor::OfPeak { required, ideal } => multiples(required, ideal, "the brief's `load.peak_rps`"),
        Anchor::OfMemory { required, ideal } => multiples(required, ideal, "the brief's `load.memory_mb`"),
        Anchor::OfCpuBudget { required, ideal } => multiples(
            required,
            ideal,
            "the CPU time that one request may take (`load.cores` ÷ `load.peak_rps`)",
        ),
        Anchor::OfPrice { required, ideal } => multiples(
            required,
            ideal,
            "the price of a million requests on an instance that runs at its peak rate",
        ),
        Anchor::Cores => "Score 0 is at 1, score 1 at the number of processors used.".to_owned(),
        Anchor::Fixed { required, ideal } => {
            let [zero, one] = [required, ideal].map(|end| Quantity::new(end, unit).as_set());
            format!("Score 0 is at {zero}, score 1 at {one}.")
        }
    }
}

/// A factor of the tables, without a unit.
fn plain(factor: f64) -> String {
    Quantity::new(factor, "").as_set()
}
