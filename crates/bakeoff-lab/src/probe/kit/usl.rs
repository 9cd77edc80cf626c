//! Observations from a fit of the Universal Scalability Law, the same over clients and over processes. It measures
//! nothing.

use bakeoff_core::evidence::{Caution, Detail, Observation, Point};
use bakeoff_core::range::Range;
use bakeoff_core::usl::Fit;

/// Contention, coherency and peak, in this order, under the ids of `metrics`, each with its interval. The first has the
/// measured rates, the last the fitted curve up to `most`; each has `note` and `cautions`.
pub(crate) fn usl_observations(
    metrics: [&str; 3],
    points: &[(f64, f64)],
    fit: &Fit,
    most: f64,
    note: &str,
    cautions: &[Caution],
) -> Vec<Observation> {
    let of = |metric: &str, range: Range, points: Vec<Point>| Observation {
        note: Some(note.to_owned()),
        cautions: cautions.to_vec(),
        detail: Some(Detail {
            interval: Some((range.low, range.high)),
            points,
        }),
        ..Observation::new(metric, range.value)
    };
    let measured = points.iter().map(|(x, y)| Point {
        x: *x,
        y: *y,
        range: None,
    });
    let [contention, coherency, peak] = metrics;
    vec![
        of(contention, fit.contention, measured.collect()),
        of(coherency, fit.coherency, Vec::new()),
        of(peak, fit.peak, fit.curve(most)),
    ]
}
