//! What a load tells while it runs: a line on the terminal, four times a second, and with `--ndjson` each second as a
//! line of JSON. No line where there is no terminal, because a log of such lines helps nobody.

use bakeoff_load::output::second_line;
use bakeoff_load::{Second, Tick, Watcher};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, stderr};

/// The live line.
pub(crate) struct Live {
    bar: ProgressBar,
    seconds: Seconds,
}

/// Whether each second is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seconds {
    Printed,
    Silent,
}

impl Live {
    /// A line on stderr.
    pub(crate) fn open(seconds: Seconds) -> Live {
        let target = if stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(ProgressStyle::with_template("{msg}").expect("the template is constant and valid"));
        Live { bar, seconds }
    }

    /// Removes the line.
    pub(crate) fn close(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watcher for Live {
    fn tick(&mut self, tick: &Tick) {
        self.bar.set_message(words(tick));
        self.bar.tick();
    }

    fn second(&mut self, second: &Second) {
        if self.seconds == Seconds::Printed {
            self.bar.suspend(|| println!("{}", second_line(second)));
        }
    }
}

fn words(tick: &Tick) -> String {
    let when = if tick.at_s <= 0.0 {
        "warming up".to_owned()
    } else {
        format!("{:.0} s", tick.at_s.floor())
    };
    let millis = |us: u64| us as f64 / 1e3;
    format!(
        "{when} · {:.0}/s sent · {:.0}/s correct · p50 {:.2} ms · p99 {:.2} ms · {} failed",
        tick.sent_rps,
        tick.correct_rps,
        millis(tick.p50_us),
        millis(tick.p99_us),
        tick.failed_total
    )
}

#[cfg(test)]
mod tests {
    use super::words;
    use bakeoff_load::Tick;

    #[test]
    fn the_line_says_what_the_last_interval_was_like() {
        let tick = Tick {
            at_s: 3.25,
            sent_rps: 500.0,
            correct_rps: 496.0,
            failed: 1,
            failed_total: 3,
            correct_total: 1_500,
            p50_us: 310,
            p99_us: 12_040,
        };
        assert_eq!(
            words(&tick),
            "3 s · 500/s sent · 496/s correct · p50 0.31 ms · p99 12.04 ms · 3 failed"
        );
        assert!(words(&Tick { at_s: -1.0, ..tick }).starts_with("warming up · "));
    }
}
