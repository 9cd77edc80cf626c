//! Whether a series of windows has settled on one level: change points split it into stretches of one level each
//! [after Barrett et al., OOPSLA 2017], with a noise that the caller knows. Pure. The noise never comes from the series
//! itself while it may fall: there a fall by ten looks like noise, and everything like one level.

use crate::evidence::WarmClass;

/// The noise of a window of at least 200 requests before anything is known of this server here: the standard deviation
/// around its level, as a share. Two hundred requests of a mix whose costs differ by their mean give 7 %; the machine
/// adds to that.
pub const NOISE_BEFOREHAND: f64 = 0.10;

/// How many windows the noise that is known beforehand is worth, when it is combined with what windows show.
const WORTH_OF_BEFOREHAND: f64 = 4.0;

/// The largest noise that windows are believed to have: on a virtual machine with neighbours, 2 s pieces of one settled
/// server scatter by 20 to 25 % (`docs/method.md`). What scatters more has no level.
pub const LARGEST_NOISE: f64 = 0.30;

/// The change of level that must show: windows are needed until half of them differ from the other half by less.
const VISIBLE_CHANGE: f64 = 0.25;

/// The fewest and the most windows of a level.
pub const LEAST_WINDOWS: usize = 6;
const MOST_WINDOWS: usize = 16;

/// Levels closer together than this share are one level, and a trend smaller than this is none.
const SAME_LEVEL: f64 = 0.05;

/// The normal quantile beyond which a series has a trend: by chance in 1 of 100 one-sided.
const TREND_Z: f64 = 2.33;

/// The squared normal quantile beyond which a change of level is one, however long the series is: by chance in
/// 1 of 1,000. The usual penalty of 3 ln n is smaller for the few trials of a launch.
const CERTAIN: f64 = 10.8;

/// How many values must lie on a new level before it counts as one.
const CONFIRMED: usize = 2;

/// By how much two minutes of this machine differ, as a share: its neighbours come and go, and no counter shows them.
const BETWEEN_MOMENTS: f64 = 0.10;

/// The noise of windows that were measured after a pause, combined with what is known beforehand, as a moderated
/// variance [Smyth, Statistical Applications in Genetics 2004]. A jump that no noise explains is none: only the windows
/// after the last one count.
#[must_use]
pub fn noise_of(after_pause: &[f64]) -> f64 {
    let logs = logs(after_pause);
    let starts = stretches(&logs, penalty(LARGEST_NOISE, logs.len()));
    let level = &logs[starts.last().copied().unwrap_or(0)..];
    let beforehand = NOISE_BEFOREHAND.powi(2) * WORTH_OF_BEFOREHAND;
    let squares = Squares::new(level).of(0, level.len());
    let degrees = WORTH_OF_BEFOREHAND + (level.len().max(1) - 1) as f64;
    ((beforehand + squares) / degrees).sqrt().min(LARGEST_NOISE)
}

/// How many windows of one level the test needs at this noise: the means of two halves of n windows differ by chance
/// with the standard deviation 2 × noise / √n, and two of these must be less than the change that must show.
#[must_use]
pub fn windows_needed(noise: f64) -> usize {
    let needed = (4.0 * noise / VISIBLE_CHANGE).powi(2).ceil() as usize;
    needed.clamp(LEAST_WINDOWS, MOST_WINDOWS)
}

/// The most windows that [`windows_needed`] asks for.
#[must_use]
pub const fn most_windows() -> usize {
    MOST_WINDOWS
}

/// The index of the window in which the last level begins; none when it has not settled: the last level is shorter than
/// the test needs, or its last windows have a trend.
#[must_use]
pub fn settled_from(values: &[f64], noise: f64) -> Option<usize> {
    let logs = logs(values);
    let last = *stretches(&logs, penalty(noise, logs.len())).last()?;
    let needed = windows_needed(noise);
    let level = &logs[last..];
    let recent = &level[level.len().saturating_sub(2 * needed)..];
    (level.len() >= needed && !has_trend(recent)).then_some(last)
}

/// The class of the series; `NoSteadyState` when it has not settled.
#[must_use]
pub fn class(values: &[f64], noise: f64) -> WarmClass {
    let Some(last) = settled_from(values, noise) else {
        return WarmClass::NoSteadyState;
    };
    let logs = logs(values);
    let starts = stretches(&logs, penalty(noise, logs.len()));
    // The first stretch can be one cold window, so the first and the last level decide the direction.
    let first_end = starts.get(1).copied().unwrap_or(logs.len());
    let change = mean(&logs[last..]) - mean(&logs[..first_end]);
    match change {
        change if change < -SAME_LEVEL => WarmClass::Warm,
        change if change > SAME_LEVEL => WarmClass::SlowingDown,
        _ => WarmClass::Flat,
    }
}

/// The level of windows: their geometric mean, which a single slow one hardly moves; none without a window. A window
/// that is not above 0 was not measured: its time was read too late.
#[must_use]
pub fn level(values: &[f64]) -> Option<f64> {
    let measured: Vec<f64> = values.iter().copied().filter(|value| *value > 0.0).collect();
    (!measured.is_empty()).then(|| mean(&logs(&measured)).exp())
}

/// The noise of a level that is compared with one of another minute: the machine's neighbours differ too.
#[must_use]
pub fn noise_between_moments(noise: f64) -> f64 {
    noise.hypot(BETWEEN_MOMENTS)
}

/// The place at which a series of few values changes its level for good; none where it keeps it. Few values need more
/// than the usual penalty, and every value after the change must lie off the level before it, at least two of them:
/// else a single disturbance would be a change.
#[must_use]
pub fn changed_for_good(values: &[f64], noise: f64) -> Option<usize> {
    let logs = logs(values);
    let squares = Squares::new(&logs);
    let n = logs.len();
    let gain = |at: usize| squares.of(0, n) - squares.of(0, at) - squares.of(at, n);
    let stays_off = |at: &usize| {
        let before = mean(&logs[..*at]);
        let off = |log: &f64, way: f64| (log - before) * way > noise;
        logs[*at..].iter().all(|log| off(log, 1.0)) || logs[*at..].iter().all(|log| off(log, -1.0))
    };
    let last = n.checked_sub(CONFIRMED)?;
    let best = (1..=last)
        .filter(stays_off)
        .max_by(|&a, &b| gain(a).total_cmp(&gain(b)))?;
    let certain = (CERTAIN * noise.powi(2)).max(penalty(noise, n));
    (gain(best) > certain).then_some(best)
}

/// Whether the values rise or fall steadily and by more than what is one level [Mann, Econometrica 1945]. It needs no
/// noise, so it also sees a slow fall that change points take for noise.
fn has_trend(logs: &[f64]) -> bool {
    let n = logs.len() as f64;
    let (first, second) = logs.split_at(logs.len() / 2);
    if first.is_empty() || (mean(second) - mean(first)).abs() <= SAME_LEVEL {
        return false;
    }
    let mut rising = 0.0_f64;
    for (at, earlier) in logs.iter().enumerate() {
        for later in &logs[at + 1..] {
            rising += match later.total_cmp(earlier) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.0,
                std::cmp::Ordering::Less => -1.0,
            };
        }
    }
    let deviation = (n * (n - 1.0) * (2.0 * n + 5.0) / 18.0).sqrt();
    (rising.abs() - 1.0) / deviation > TREND_Z
}

/// The price of a change point: `3 σ² ln n` [Jackson et al., IEEE Signal Processing Letters 2005; Killick et al., JASA
/// 2012].
fn penalty(noise: f64, values: usize) -> f64 {
    3.0 * noise.powi(2) * (values.max(2) as f64).ln()
}

/// The indices at which stretches of one level begin, the first included; empty for an empty series. The split with
/// the least squared error plus the penalty for each change point.
fn stretches(logs: &[f64], penalty: f64) -> Vec<usize> {
    let n = logs.len();
    if n == 0 {
        return Vec::new();
    }
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

/// Squared errors of stretches around their means, from running sums.
struct Squares {
    sums: Vec<f64>,
    squares: Vec<f64>,
}

impl Squares {
    fn new(logs: &[f64]) -> Squares {
        // Around the mean of all, so that the squares do not cancel.
        let centre = mean(logs);
        let running = |term: fn(f64) -> f64| {
            let sums = logs.iter().scan(0.0, |sum, &log| {
                *sum += term(log - centre);
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
        if start >= end {
            return 0.0;
        }
        let sum = self.sums[end] - self.sums[start];
        (self.squares[end] - self.squares[start] - sum * sum / (end - start) as f64).max(0.0)
    }
}

fn logs(values: &[f64]) -> Vec<f64> {
    values
        .iter()
        .map(|value| value.max(f64::MIN_POSITIVE).ln())
        .collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

#[cfg(test)]
mod tests;
