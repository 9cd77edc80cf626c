//! The ratio of a just warmed server to an old one, from pairs of turns, with its interval and what follows from it.
//! Pure.

use bakeoff_core::range::Range;
use bakeoff_lab::{PairTurn, TurnCost};

/// The ratios within which a just warmed server is as good as an old one: of CPU time and the median, and of the 99th
/// percentile, which a few requests decide.
const TOLERANCE: f64 = 1.15;
const TOLERANCE_P99: f64 = 1.5;

/// The normal quantile of a 95 % interval.
const Z: f64 = 1.959_964;

/// What an interval shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Finding {
    /// All of it is within the tolerance.
    Within,
    /// It reaches from within the tolerance to beyond it.
    TooWide,
    /// All of it is beyond the tolerance.
    Beyond,
}

/// One contender and what its turns show.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Compared {
    /// Its name.
    pub(super) name: String,
    /// Its runtime with the version.
    pub(super) runtime: String,
    /// Just warmed launches.
    pub(super) launches: u32,
    /// Turns of each.
    pub(super) turns: usize,
    /// Its figures.
    pub(super) figures: Vec<Figure>,
}

/// One figure of one contender.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    /// Its name.
    pub(super) name: &'static str,
    /// Just warmed ÷ old.
    pub(super) ratio: Range,
    /// The largest ratio that is within the tolerance; the smallest is its inverse.
    pub(super) tolerance: f64,
}

impl Figure {
    /// What its interval shows.
    pub(super) fn finding(&self) -> Finding {
        let within = |ratio: f64| ratio <= self.tolerance && ratio >= 1.0 / self.tolerance;
        if within(self.ratio.low) && within(self.ratio.high) {
            Finding::Within
        } else if self.ratio.low > self.tolerance || self.ratio.high < 1.0 / self.tolerance {
            Finding::Beyond
        } else {
            Finding::TooWide
        }
    }
}

/// A figure's name, what it is of a turn, and its tolerance.
type Row = (&'static str, fn(&TurnCost) -> f64, f64);

/// The figures of these turns; none without a turn.
pub(super) fn figures_of(turns: &[PairTurn]) -> Vec<Figure> {
    let rows: [Row; 3] = [
        ("CPU time a request", |cost| cost.cpu_us, TOLERANCE),
        ("p50", |cost| cost.p50_ms, TOLERANCE),
        ("p99", |cost| cost.p99_ms, TOLERANCE_P99),
    ];
    rows.into_iter()
        .filter_map(|(name, of, tolerance)| {
            let logs: Vec<f64> = turns
                .iter()
                .map(|turn| (of(&turn.warmed) / of(&turn.aged)).ln())
                .filter(|log| log.is_finite())
                .collect();
            Some(Figure {
                name,
                ratio: centre(&logs)?,
                tolerance,
            })
        })
        .collect()
}

/// The centre of paired differences of logarithms as a ratio, with its 95 % interval: the median of the means of all
/// pairs of them [Hodges & Lehmann, Annals of Mathematical Statistics 1963], and the interval of the signed-rank test
/// by its normal approximation. A turn that a neighbour on the machine disturbed hardly moves it.
fn centre(logs: &[f64]) -> Option<Range> {
    let n = logs.len() as f64;
    let mut means: Vec<f64> = Vec::new();
    for (at, one) in logs.iter().enumerate() {
        means.extend(logs[at..].iter().map(|other| f64::midpoint(*one, *other)));
    }
    means.sort_by(f64::total_cmp);
    let last = means.len().checked_sub(1)?;
    let spread = Z * (n * (n + 1.0) * (2.0 * n + 1.0) / 24.0).sqrt();
    let outside = (n * (n + 1.0) / 4.0 - spread).floor().max(1.0) as usize - 1;
    Some(Range {
        low: means[outside].exp(),
        value: f64::midpoint(means[last / 2], means[last.div_ceil(2)]).exp(),
        high: means[last - outside].exp(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Figure, Finding, centre, figures_of};
    use bakeoff_core::range::Range;
    use bakeoff_lab::{PairTurn, TurnCost};

    fn figure(low: f64, high: f64) -> Finding {
        let figure = Figure {
            name: "x",
            ratio: Range {
                low,
                value: f64::midpoint(low, high),
                high,
            },
            tolerance: 1.15,
        };
        figure.finding()
    }

    #[test]
    fn an_interval_is_within_beyond_or_too_wide() {
        assert_eq!(figure(0.95, 1.10), Finding::Within);
        assert_eq!(figure(1.20, 1.40), Finding::Beyond);
        assert_eq!(figure(0.50, 0.80), Finding::Beyond);
        assert_eq!(figure(1.00, 1.30), Finding::TooWide);
        assert_eq!(figure(0.80, 1.00), Finding::TooWide);
        assert_eq!(figure(0.80, 1.30), Finding::TooWide);
    }

    #[test]
    fn the_centre_is_between_its_ends_and_one_disturbed_turn_hardly_moves_it() {
        let quiet: Vec<f64> = (0..16).map(|at| 0.02 * f64::from(at % 4) - 0.03).collect();
        let range = centre(&quiet).unwrap();
        assert!(range.low < range.value && range.value < range.high, "{range:?}");
        assert!(
            (0.98..1.02).contains(&range.value) && range.high < 1.03,
            "{range:?}"
        );
        let mut disturbed = quiet;
        disturbed[3] = 1.5;
        let moved = centre(&disturbed).unwrap();
        assert!((moved.value - range.value).abs() < 0.01, "{moved:?}");
        assert_eq!(centre(&[]), None);
        let single = centre(&[0.0]).unwrap();
        assert_eq!((single.low, single.value, single.high), (1.0, 1.0, 1.0));
    }

    #[test]
    fn a_server_ten_times_dearer_is_beyond() {
        let cost = |cpu_us: f64, p99_ms: f64| TurnCost {
            cpu_us,
            p50_ms: 1.0,
            p99_ms,
        };
        let turn = |at: u32| PairTurn {
            launch: 0,
            aged: cost(400.0 + f64::from(at), 5.0),
            warmed: cost(4_000.0, 6.0),
        };
        let figures = figures_of(&(0..8).map(turn).collect::<Vec<_>>());
        let found: Vec<Finding> = figures.iter().map(Figure::finding).collect();
        assert_eq!(found, [Finding::Beyond, Finding::Within, Finding::Within]);
        assert_eq!(figures_of(&[]), []);
    }
}
