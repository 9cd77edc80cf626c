//! Whether a series of windows has settled: change points split it into stretches of one level each, and it has settled
//! when the last stretch is long enough [after Barrett et al., OOPSLA 2017]. Pure. No fixed number of discarded
//! seconds.

use bakeoff_core::evidence::WarmClass;

/// The fewest windows of the last stretch.
pub(super) const MIN_WINDOWS: usize = 4;

/// Levels closer together than this share are one level.
const SAME_LEVEL: f64 = 0.05;

/// The least noise between windows, as a share: clocks and scheduling are never finer.
const MIN_NOISE: f64 = 0.02;

/// The class of the series; `NoSteadyState` when its last stretch is shorter than [`MIN_WINDOWS`].
pub(super) fn class(values: &[f64]) -> WarmClass {
    let logs: Vec<f64> = values
        .iter()
        .map(|value| value.max(f64::MIN_POSITIVE).ln())
        .collect();
    let starts = stretches(&logs);
    let Some(&last) = starts.last() else {
        return WarmClass::NoSteadyState;
    };
    if logs.len() - last < MIN_WINDOWS {
        return WarmClass::NoSteadyState;
    }
    // The first stretch can be one cold window, so the first and the last level decide the direction.
    let first_end = starts.get(1).copied().unwrap_or(logs.len());
    let change = mean(&logs[last..]) - mean(&logs[..first_end]);
    match change {
        change if change < -SAME_LEVEL => WarmClass::Warm,
        change if change > SAME_LEVEL => WarmClass::SlowingDown,
        _ => WarmClass::Flat,
    }
}

/// The index of the window in which the last stretch begins; none when the series has not settled.
pub(super) fn settled_from(values: &[f64]) -> Option<usize> {
    let logs: Vec<f64> = values
        .iter()
        .map(|value| value.max(f64::MIN_POSITIVE).ln())
        .collect();
    let last = *stretches(&logs).last()?;
    (logs.len() - last >= MIN_WINDOWS).then_some(last)
}

/// The indices at which stretches of one level begin; empty for an empty series.
///
/// Optimal partitioning: the split with the least squared error plus `3 σ² ln n` for each change point, where `σ` is
/// estimated from the differences of neighbours, which a few jumps do not inflate
/// [Jackson et al., IEEE Signal Processing Letters 2005; Killick et al., JASA 2012].
fn stretches(logs: &[f64]) -> Vec<usize> {
    let n = logs.len();
    if n == 0 {
        return Vec::new();
    }
    let penalty = 3.0 * noise(logs).powi(2) * (n as f64).ln();
    let cost = Squares::new(logs);
    let mut best = vec![0.0; n + 1];
    let mut from = vec![0; n + 1];
    best[0] = -penalty;
    for end in 1..=n {
        let of = |start: usize| best[start] + cost.of(start, end) + penalty;
        let start = (0..end).min_by(|&a, &b| of(a).total_cmp(&of(b))).unwrap_or(0);
        (best[end], from[end]) = (of(start), start);
    }
    let mut starts = vec![from[n]];
    while let Some(&start) = starts.last().filter(|start| **start > 0) {
        starts.push(from[start]);
    }
    starts.reverse();
    starts
}

/// The noise of a series around its levels: the median of the absolute differences of neighbours, scaled to a
/// standard deviation of normal noise (0.6745 √2).
fn noise(logs: &[f64]) -> f64 {
    let mut steps: Vec<f64> = logs.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    steps.sort_by(f64::total_cmp);
    let median = steps.get(steps.len() / 2).copied().unwrap_or(0.0);
    (median / 0.953_9).max(MIN_NOISE)
}

/// Squared errors of stretches around their means, from running sums.
struct Squares {
    sums: Vec<f64>,
    squares: Vec<f64>,
}

impl Squares {
    fn new(logs: &[f64]) -> Squares {
        let running = |term: fn(f64) -> f64| {
            let sums = logs.iter().scan(0.0, |sum, &log| {
                *sum += term(log);
                Some(*sum)
            });
            std::iter::once(0.0).chain(sums).collect()
        };
        Squares {
            sums: running(|log| log),
            squares: running(|log| log * log),
        }
    }

    fn of(&self, start: usize, end: usize) -> f64 {
        let sum = self.sums[end] - self.sums[start];
        (self.squares[end] - self.squares[start] - sum * sum / (end - start) as f64).max(0.0)
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::{class, settled_from, stretches};
    use bakeoff_core::evidence::WarmClass;

    /// Levels as pairs of windows and value, with deterministic noise of `share`.
    fn planted(levels: &[(usize, f64)], share: f64) -> Vec<f64> {
        let mut state = 88_172_645_463_325_252_u64;
        let mut noise = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1_u64 << 53) as f64 * 2.0 - 1.0
        };
        levels
            .iter()
            .flat_map(|&(count, level)| std::iter::repeat_n(level, count))
            .map(|level| level * (1.0 + share * noise()))
            .collect()
    }

    #[test]
    fn known_levels_are_found_where_they_begin() {
        let logs = |levels: &[(usize, f64)]| -> Vec<f64> {
            planted(levels, 0.03).into_iter().map(f64::ln).collect()
        };
        assert_eq!(stretches(&logs(&[(8, 100.0)])), [0]);
        assert_eq!(stretches(&logs(&[(2, 300.0), (3, 180.0), (8, 100.0)])), [0, 2, 5]);
        assert_eq!(stretches(&logs(&[(6, 100.0), (6, 150.0)])), [0, 6]);
        assert_eq!(stretches(&[]), Vec::<usize>::new());
        assert_eq!(stretches(&[1.0]), [0]);
    }

    #[test]
    fn a_series_settles_where_its_last_level_begins() {
        assert_eq!(settled_from(&planted(&[(3, 200.0), (6, 100.0)], 0.02)), Some(3));
        assert_eq!(settled_from(&planted(&[(6, 100.0)], 0.02)), Some(0));
        assert_eq!(settled_from(&planted(&[(6, 200.0), (2, 100.0)], 0.02)), None);
        assert_eq!(settled_from(&[]), None);
    }

    #[test]
    fn the_class_is_the_direction_of_the_change() {
        let check = |levels: &[(usize, f64)], share: f64, wanted: WarmClass| {
            assert_eq!(class(&planted(levels, share)), wanted, "{levels:?}");
        };
        check(&[(1, 400.0), (2, 200.0), (6, 100.0)], 0.03, WarmClass::Warm);
        check(&[(8, 100.0)], 0.03, WarmClass::Flat);
        check(&[(8, 100.0)], 0.15, WarmClass::Flat);
        check(&[(4, 100.0), (6, 140.0)], 0.03, WarmClass::SlowingDown);
        check(&[(6, 200.0), (2, 100.0)], 0.03, WarmClass::NoSteadyState);
        check(&[(3, 100.0)], 0.0, WarmClass::NoSteadyState);
        check(&[], 0.0, WarmClass::NoSteadyState);
    }
}
