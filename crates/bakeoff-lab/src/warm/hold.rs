//! A server that is called often enough, at the brief's rate: windows until one level holds, a pause, and windows until
//! the same level holds again. What the level means for the launch is decided elsewhere.

use super::deadline::Deadline;
use super::driver::{Driver, Next, Rate};
use super::window::Window;
use crate::fault::interrupted;
use crate::lab::Lab;
use bakeoff_core::evidence::{Fault, SettledLevel, WarmPhase};
use bakeoff_core::steady::{
    LEAST_WINDOWS, NOISE_BEFOREHAND, level, most_windows, noise_of, settled_from, windows_needed,
};
use bakeoff_load::RequestSpec;
use std::thread;
use std::time::{Duration, Instant};

/// How often a pause looks for an interrupt.
const POLL: Duration = Duration::from_millis(50);

/// A level that held before and after a pause.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Held {
    /// The place of its first window among all windows of the driver.
    pub(super) from: usize,
    /// The level.
    pub(super) level: SettledLevel,
}

/// The terms of a hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct HoldTerms {
    /// Requests a second.
    pub(super) rate_rps: f64,
    /// The pause after each stretch of windows.
    pub(super) pause: Duration,
    /// When to give up.
    pub(super) deadline: Deadline,
}

/// Drives `mix` at the rate until a level holds before and after a pause; none when the time is over first.
///
/// # Errors
/// As [`Driver::closed`].
pub(super) fn until_it_holds(
    lab: &Lab<'_>,
    driver: &mut Driver<'_>,
    mix: &[RequestSpec],
    terms: &HoldTerms,
) -> Result<Option<Held>, Fault> {
    let first = driver.windows().len();
    let mut pauses: Vec<usize> = Vec::new();
    loop {
        let start = driver.windows().len() - first;
        let is_after_pause = !pauses.is_empty();
        let rate = Rate {
            rps: terms.rate_rps,
            phase: if is_after_pause {
                WarmPhase::AfterPause
            } else {
                WarmPhase::AtRate
            },
            time: terms.deadline.left(),
        };
        driver.at_rate(mix, &rate, &mut |windows| {
            let stretch = costs(&windows[first + start..]);
            if stretch_is_over(&stretch, is_after_pause) {
                Next::Enough
            } else {
                Next::GoOn
            }
        })?;
        let all = costs(&driver.windows()[first..]);
        if let Some(held) = pauses
            .last()
            .and_then(|pause| held_over(&all, *pause, terms.rate_rps))
        {
            return Ok(Some(Held {
                from: first + held.from,
                ..held
            }));
        }
        // Without a window in it the next stretch would have none either: no response comes any more.
        if terms.deadline.is_over() || all.len() == start {
            return Ok(None);
        }
        rest(lab, terms.pause)?;
        pauses.push(all.len());
    }
}

/// Whether a stretch without a pause has come to one level, or is so long that a pause will tell more. Its noise is
/// known beforehand, or comes from its own windows when a pause was before them.
fn stretch_is_over(stretch: &[f64], is_after_pause: bool) -> bool {
    let noise = if is_after_pause {
        noise_of(stretch)
    } else {
        NOISE_BEFOREHAND
    };
    settled_from(stretch, noise).is_some() || stretch.len() >= most_windows()
}

/// The level that held before and after the pause at that place; none where it did not.
fn held_over(costs: &[f64], pause: usize, rate_rps: f64) -> Option<Held> {
    let after = &costs[pause..];
    let noise = noise_of(after);
    let from = settled_from(costs, noise)?;
    if from + LEAST_WINDOWS > pause || after.len() < windows_needed(noise) {
        return None;
    }
    let cpu_us = level(after)?;
    Some(Held {
        from,
        level: SettledLevel {
            cpu_us,
            noise,
            before_pause_ratio: level(&costs[from..pause])? / cpu_us,
            rate_rps,
        },
    })
}

fn costs(windows: &[Window]) -> Vec<f64> {
    windows.iter().map(|window| window.seen.cpu_us).collect()
}

/// Leaves the server alone.
fn rest(lab: &Lab<'_>, pause: Duration) -> Result<(), Fault> {
    let until = Instant::now() + pause;
    while Instant::now() < until {
        if lab.interrupted() {
            return Err(interrupted());
        }
        thread::sleep(POLL.min(until.saturating_duration_since(Instant::now())));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{held_over, stretch_is_over};

    fn windows(levels: &[(usize, f64)]) -> Vec<f64> {
        let wobble = [1.0, 1.04, 0.97, 1.02, 0.95, 1.01, 0.98];
        levels
            .iter()
            .flat_map(|&(count, level)| std::iter::repeat_n(level, count))
            .enumerate()
            .map(|(at, level)| level * wobble[at % wobble.len()])
            .collect()
    }

    #[test]
    fn a_level_holds_only_when_it_is_the_same_before_and_after_the_pause() {
        let held = held_over(&windows(&[(2, 900.0), (13, 400.0)]), 8, 400.0).unwrap();
        assert_eq!(held.from, 2);
        assert!((380.0..420.0).contains(&held.level.cpu_us), "{held:?}");
        assert!((0.93..1.07).contains(&held.level.before_pause_ratio), "{held:?}");
        assert!(held.level.noise < 0.1, "{held:?}");
        // It jumped in the pause.
        assert_eq!(held_over(&windows(&[(8, 900.0), (7, 400.0)]), 8, 400.0), None);
        // It jumped after it, and the new level is young.
        assert_eq!(held_over(&windows(&[(10, 900.0), (5, 400.0)]), 8, 400.0), None);
        // Too few windows before the pause, and after it.
        assert_eq!(held_over(&windows(&[(11, 400.0)]), 5, 400.0), None);
        assert_eq!(held_over(&windows(&[(12, 400.0)]), 8, 400.0), None);
    }

    #[test]
    fn a_stretch_ends_on_one_level_or_when_it_is_long() {
        assert!(!stretch_is_over(&windows(&[(5, 400.0)]), false));
        assert!(stretch_is_over(&windows(&[(6, 400.0)]), false));
        assert!(!stretch_is_over(&windows(&[(5, 900.0), (3, 400.0)]), false));
        assert!(!stretch_is_over(&windows(&[(5, 900.0), (3, 400.0)]), true));
        let falling: Vec<f64> = (0..16).map(|at| 3_000.0 * 0.8_f64.powi(at)).collect();
        assert!(!stretch_is_over(&falling[..15], false) && stretch_is_over(&falling, false));
        assert!(!stretch_is_over(&falling[..15], true));
    }
}
