//! The gate of the steady state, for a launch after its warm-up and for a trial after it woke: thresholds and words.
//! The core decides what a failed gate does to the figures.

use bakeoff_core::evidence::{Gate, GateOutcome, GateResult, SettledLevel, WakeUp, WarmPhase, WarmUp};
use bakeoff_core::steady::{LEAST_WINDOWS, level, noise_between_moments};

/// From this change on between the last windows and those before them, as a ratio, a launch that did not settle is no
/// evidence; below it is marked.
const STILL_CHANGES: f64 = 1.25;

/// How many standard deviations above the settled level a window may lie after a rest: by chance in 1 of 40.
const COME_BACK_Z: f64 = 2.0;

/// The gate of a launch that warmed up for at most `limit_s`.
pub(super) fn of_launch(warm_up: &WarmUp, limit_s: f64) -> GateResult {
    let (outcome, measured) = match &warm_up.level {
        Some(level) => (
            GateOutcome::Passed,
            format!(
                "settled at {:.0} µs of CPU time a request after {} requests, and held that level after a pause",
                level.cpu_us,
                warm_up.requests.unwrap_or(0)
            ),
        ),
        None => not_settled(warm_up),
    };
    result(
        outcome,
        measured,
        format!("one level of CPU time a request before and after a pause, within {limit_s:.0} s"),
    )
}

/// What is said of a launch that did not settle: the level that it reached, and how much it still changed.
fn not_settled(warm_up: &WarmUp) -> (GateOutcome, String) {
    let at_rate = warm_up
        .windows
        .iter()
        .filter(|window| window.phase != WarmPhase::ClosedLoop);
    let costs: Vec<f64> = at_rate.map(|window| window.cpu_us).collect();
    let half = LEAST_WINDOWS.min(costs.len() / 2);
    let (earlier, last) = (
        &costs[costs.len() - 2 * half..costs.len() - half],
        &costs[costs.len() - half..],
    );
    let Some((earlier, last)) = level(earlier).zip(level(last)) else {
        return (
            GateOutcome::Weak,
            "not warm: its time was over before it had settled".to_owned(),
        );
    };
    let change = last / earlier;
    let outcome = if change.max(1.0 / change) > STILL_CHANGES {
        GateOutcome::Failed
    } else {
        GateOutcome::Weak
    };
    let way = if change < 1.0 { "falling" } else { "rising" };
    let percent = (change - 1.0).abs() * 100.0;
    let words = format!(
        "not warm: {last:.0} µs of CPU time a request at the end, {way} by {percent:.0} % over the last {} windows",
        2 * half
    );
    (outcome, words)
}

/// The dearest window that lies within the noise of a settled level, in µs of CPU time a request. Cheaper is not cold:
/// a server that goes on getting cheaper is found over its trials.
pub(super) fn dearest_us(level: &SettledLevel) -> f64 {
    level.cpu_us * (COME_BACK_Z * noise_between_moments(level.noise)).exp()
}

/// Whether the last two windows lie within the noise of the settled level.
pub(super) fn has_returned(costs_us: &[f64], level: &SettledLevel) -> bool {
    let dearest = dearest_us(level);
    matches!(costs_us, [.., before, last] if *before <= dearest && *last <= dearest)
}

/// The gate of a trial whose server woke from a rest. It never fails here: whether a trial that did not come back
/// counts depends on the launch's other trials, which the core compares.
pub(super) fn of_trial(wake_up: &WakeUp, level: Option<&SettledLevel>) -> GateResult {
    let last = wake_up.windows.last().map_or(0.0, |window| window.cpu_us);
    let rested_s = wake_up.rested_s;
    let (outcome, measured, limit) = match level {
        None => (
            GateOutcome::Weak,
            "not warm: the launch never settled".to_owned(),
            "a settled level".to_owned(),
        ),
        Some(level) => {
            let limit = format!("two windows of at most {:.0} µs", dearest_us(level));
            if wake_up.returned {
                let words =
                    format!("{last:.0} µs of CPU time a request again, after a rest of {rested_s:.0} s");
                (GateOutcome::Passed, words, limit)
            } else {
                let words = format!(
                    "not warm: {last:.0} µs of CPU time a request after a rest of {rested_s:.0} s, settled at {:.0} µs",
                    level.cpu_us
                );
                (GateOutcome::Weak, words, limit)
            }
        }
    };
    result(outcome, measured, limit)
}

fn result(outcome: GateOutcome, measured: String, limit: String) -> GateResult {
    GateResult {
        gate: Gate::SteadyState,
        outcome,
        measured,
        limit,
    }
}

#[cfg(test)]
mod tests {
    use super::{dearest_us, has_returned, of_launch, of_trial};
    use bakeoff_core::evidence::{
        GateOutcome, SettledLevel, WakeUp, WarmClass, WarmPhase, WarmUp, WarmWindow,
    };

    const LEVEL: SettledLevel = SettledLevel {
        cpu_us: 400.0,
        noise: 0.08,
        before_pause_ratio: 1.0,
        rate_rps: 400.0,
    };

    fn window(phase: WarmPhase, cpu_us: f64) -> WarmWindow {
        WarmWindow {
            at_s: 1.0,
            cpu_us,
            service_ms_p50: 1.0,
            phase,
            requests: 200,
            compiler_share: None,
        }
    }

    fn warm_up(costs: &[f64], level: Option<SettledLevel>) -> WarmUp {
        WarmUp {
            class: WarmClass::NoSteadyState,
            windows: costs
                .iter()
                .map(|cost| window(WarmPhase::AtRate, *cost))
                .collect(),
            requests: level.map(|_| 9_000),
            level,
        }
    }

    #[test]
    fn a_launch_passes_when_it_settled_and_tells_how_much_it_still_changes() {
        let gate = |costs: &[f64], level| of_launch(&warm_up(costs, level), 60.0);
        let settled = gate(&[400.0; 12], Some(LEVEL));
        assert_eq!(settled.outcome, GateOutcome::Passed);
        assert!(settled.measured.contains("400 µs") && settled.measured.contains("9000 requests"));
        let falling = gate(&[900.0, 700.0, 500.0, 400.0], None);
        assert_eq!(falling.outcome, GateOutcome::Failed);
        assert!(
            falling.measured.contains("falling by 44 %"),
            "{}",
            falling.measured
        );
        let nearly = gate(&[400.0, 420.0, 450.0, 440.0], None);
        assert_eq!(nearly.outcome, GateOutcome::Weak);
        assert!(nearly.measured.contains("rising by"), "{}", nearly.measured);
        for few in [&[][..], &[400.0]] {
            assert_eq!(gate(few, None).outcome, GateOutcome::Weak);
        }
    }

    #[test]
    fn two_windows_within_the_noise_are_a_return_and_cheaper_ones_too() {
        let dearest = dearest_us(&LEVEL);
        assert!((500.0..530.0).contains(&dearest), "{dearest}");
        assert!(has_returned(&[900.0, 500.0, 420.0], &LEVEL));
        assert!(has_returned(&[200.0, 210.0], &LEVEL));
        assert!(!has_returned(&[400.0, 410.0, 900.0], &LEVEL));
        assert!(!has_returned(&[900.0, 400.0], &LEVEL));
        assert!(!has_returned(&[400.0], &LEVEL));
    }

    #[test]
    fn a_trial_that_did_not_come_back_is_marked() {
        let woke = |returned| WakeUp {
            rested_s: 15.0,
            resting_cores: 0.0,
            paused: false,
            burst_requests: 1_500,
            windows: vec![window(WarmPhase::AtRate, 812.0)],
            returned,
        };
        assert_eq!(of_trial(&woke(true), Some(&LEVEL)).outcome, GateOutcome::Passed);
        let cold = of_trial(&woke(false), Some(&LEVEL));
        assert_eq!(cold.outcome, GateOutcome::Weak);
        assert!(cold.measured.contains("812 µs") && cold.measured.contains("settled at 400 µs"));
        assert_eq!(of_trial(&woke(false), None).outcome, GateOutcome::Weak);
    }
}
