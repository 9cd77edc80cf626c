//! Explains metrics and criteria from the table of metrics. Deliberately without sentences of its own about any one metric.

use crate::brief::{Brief, ValueRange};
use crate::criterion::Criterion;
use crate::metric::{Anchor, Better, METRICS, Metric, Reduce, Repeatability, Scale};
use crate::value;

pub(super) fn paragraph(metric: &Metric, brief: Option<&Brief>) -> String {
    let better = match metric.better {
        Better::Lower => "Less is better",
        Better::Higher => "More is better",
    };
    format!(
        "{} (metric of {}): {}, in {}\n{} {better}.\n{} {}\nHow it is had: {}; {}.{}",
        metric.id,
        metric.criterion,
        metric.title,
        metric.unit,
        metric.sentence,
        value_function(metric, brief),
        match metric.scale {
            Scale::Log => "Between them ratios count, beyond them nothing.",
            Scale::Linear => "Between them differences count, beyond them nothing.",
        },
        metric.source,
        match metric.reduce {
            Reduce::ResponseQuantile(_) =>
                "the quantile is taken of the histograms of all blocks merged, percentiles are never averaged",
            Reduce::MeanOfBlocks =>
                "blocks are averaged on the same scale, the interval is a bootstrap over blocks",
            Reduce::Exact => "counted or read once, exactly",
        },
        repeatability(metric),
    )
}

/// How far tries of it lie apart, which counts where blocks are few.
fn repeatability(metric: &Metric) -> String {
    let factor = metric.repeatability.factor();
    let apart = match (metric.repeatability, metric.scale) {
        (Repeatability::Exact, _) => return String::new(),
        (Repeatability::OfCount(_), _) => format!("{} × the root of their number", digits(factor)),
        (Repeatability::OnScale(_), Scale::Log) => format!("a factor of {}", digits(factor.exp())),
        (Repeatability::OnScale(_), Scale::Linear) => format!("{} {}", digits(factor), metric.unit),
    };
    format!(
        "\nTries of the same contender lay {apart} apart (one standard deviation), which counts for the blocks that are missing to five."
    )
}

pub(super) fn criterion(criterion: Criterion) -> String {
    let metrics: Vec<String> = METRICS
        .iter()
        .filter(|metric| metric.criterion == criterion)
        .map(|metric| format!("`{}` ({})", metric.id, metric.title.to_lowercase()))
        .collect();
    let timed = match criterion {
        Criterion::LearningCurve => {
            "\nNo human was timed: these are measures of the code and of the installation."
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

/// Where the value is 0 and where 1: in the unit under a brief, else as multiples of what a brief says.
fn value_function(metric: &Metric, brief: Option<&Brief>) -> String {
    match (brief, metric.anchor) {
        (Some(brief), anchor) if !matches!(anchor, Anchor::Cores) || brief.values.contains_key(metric.id) => {
            let whose = if brief.values.contains_key(metric.id) {
                "sets"
            } else {
                "gives"
            };
            let ValueRange { required, ideal } = value::range(metric, brief, brief.load.cores);
            let unit = if metric.unit == "currency" {
                &brief.deploy.price.currency
            } else {
                metric.unit
            };
            format!(
                "`{}` {whose} value 0 at {} {unit} and value 1 at {} {unit}.",
                brief.name,
                digits(required),
                digits(ideal)
            )
        }
        (_, anchor) => by_default(anchor, metric.unit),
    }
}

fn by_default(anchor: Anchor, unit: &str) -> String {
    let multiples = |required: f64, ideal: f64, of: &str| {
        format!(
            "Value 0 stands at {} × {of}, value 1 at {} × that.",
            digits(required),
            digits(ideal)
        )
    };
    match anchor {
        Anchor::OfSlo { required, ideal } => multiples(required, ideal, "the brief's `load.slo.p99_ms`"),
        Anchor::OfPeak { required, ideal } => multiples(required, ideal, "the brief's `load.peak_rps`"),
        Anchor::OfMemory { required, ideal } => multiples(required, ideal, "the brief's `load.memory_mb`"),
        Anchor::OfCpuBudget { required, ideal } => multiples(
            required,
            ideal,
            "the processor time that a request may take (`load.cores` ÷ `load.peak_rps`)",
        ),
        Anchor::OfPrice { required, ideal } => multiples(
            required,
            ideal,
            "the price of a million requests on an instance that runs at its peak",
        ),
        Anchor::Cores => {
            "Value 0 stands at 1, value 1 at the number of processors that were used.".to_owned()
        }
        Anchor::Fixed { required, ideal } => {
            format!(
                "Value 0 stands at {} {unit}, value 1 at {} {unit}.",
                digits(required),
                digits(ideal)
            )
        }
    }
}

/// Three significant digits, without zeros at the end.
fn digits(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let decimals = (2 - value.abs().log10().floor() as i32).max(0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}
