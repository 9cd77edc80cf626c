//! Latency histograms as a trial stores them, for fixtures: a plausible long tail of few responses, so that a case is
//! made in milliseconds.

use super::lottery::Dice;
use bakeoff_core::evidence::{Curve, CurveKind, Label};
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer, V2DeflateSerializer};

/// Answers in each histogram.
const ANSWERS: usize = 2800;

/// Response and service times of all requests and of one scenario; `median_ms` is about the median of the response
/// times.
pub(crate) fn curves(median_ms: f64, dice: &mut Dice) -> Vec<Curve> {
    let mut curves = Vec::new();
    for (label, factor) in [("all", 1.0), ("read-item", 0.8)] {
        for (kind, service) in [(CurveKind::Response, 1.0), (CurveKind::Service, 0.85)] {
            let hdr = histogram(median_ms * factor * service, dice);
            curves.push(Curve {
                label: Label::from(label.to_owned()),
                kind,
                hdr,
            });
        }
    }
    curves
}

fn histogram(median_ms: f64, dice: &mut Dice) -> Vec<u8> {
    let mut histogram = Histogram::<u64>::new_with_bounds(1, 60_000_000, 3).expect("the bounds are right");
    for _ in 0..ANSWERS {
        let tail = -dice.uniform().max(1e-9).ln();
        let us = median_ms * 1000.0 * (0.55 + 0.45 * tail.powf(1.45));
        histogram.saturating_record(us as u64);
    }
    let mut bytes = Vec::new();
    V2DeflateSerializer::new()
        .serialize(&histogram, &mut bytes)
        .expect("a vector takes all bytes");
    bytes
}
