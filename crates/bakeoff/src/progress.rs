//! The progress display: what runs now, what is left, and when it will end. On a terminal two lines change in place;
//! elsewhere each thing that ended gets a line. It consumes the events of the lab and of the driver, and does not
//! know how anything is measured.

mod remaining;
mod wording;

use crate::measure::event::{DriverEvent, RunWatch};
use bakeoff_core::entrant::Entrant;
use bakeoff_core::plan::Plan;
use bakeoff_lab::{Event, EventSink};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use remaining::Remaining;
use std::io::{IsTerminal, stderr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The display of one command.
pub(crate) struct Screen {
    bar: ProgressBar,
    live: Live,
    remaining: Mutex<Option<Remaining>>,
    /// The line of a trial that has ended and is not stored yet.
    ended: Mutex<Option<String>>,
}

/// Whether stderr is a terminal that can be drawn on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Live {
    Terminal,
    Plain,
}

impl Screen {
    /// A display on stderr.
    #[must_use]
    pub(crate) fn open() -> Screen {
        let live = if stderr().is_terminal() {
            Live::Terminal
        } else {
            Live::Plain
        };
        let target = if live == Live::Terminal {
            ProgressDrawTarget::stderr_with_hz(8)
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(style("{spinner} {msg}"));
        if live == Live::Terminal {
            bar.enable_steady_tick(Duration::from_millis(125));
        }
        Screen {
            bar,
            live,
            remaining: Mutex::new(None),
            ended: Mutex::new(None),
        }
    }

    /// Shows what goes on now, in place of what went on before.
    pub(crate) fn now(&self, text: &str) {
        self.bar.set_message(text.to_owned());
    }

    /// Prints a line that stays.
    pub(crate) fn say(&self, text: &str) {
        match self.live {
            Live::Terminal => self.bar.suspend(|| eprintln!("{text}")),
            Live::Plain => eprintln!("{text}"),
        }
    }

    /// Removes the lines that change in place; so does dropping the display.
    pub(crate) fn close(&self) {
        self.bar.finish_and_clear();
    }

    /// The measuring begins: `done` trials of the plan are stored already, and took `spent_s` seconds.
    fn measuring_started(&self, plan: &Plan, done: usize, spent_s: f64) {
        let trials: usize = plan.blocks.iter().map(|block| block.trials.len()).sum();
        self.bar
            .set_style(style("{spinner} {msg}\n  {wide_bar:.dim} {pos}/{len} trials"));
        self.bar.set_length(trials as u64);
        self.bar.set_position(done as u64);
        *self.lock() = Some(Remaining::new(plan, done, spent_s));
    }

    fn trial_repeats(&self, entrant: &Entrant, reason: &str) {
        self.bar.inc_length(1);
        if let Some(remaining) = self.lock().as_mut() {
            remaining.add_trial();
        }
        self.say(&format!("repeat    {entrant}, disturbed by {reason}"));
    }

    fn trial_stored(&self) {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(text) = ended {
            self.say(&text);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Remaining>> {
        self.remaining.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The line that changes in place: where the run is, and when it will end.
    fn show_trial(&self, block: u32, entrant: &Entrant, phase: &str) {
        let Some(remaining) = self.lock().clone() else {
            return self.now(&format!("{entrant}: {phase}"));
        };
        let left = remaining.words(jiff::ZonedDateTime::now());
        self.now(&format!(
            "block {} of {} · {entrant} · {phase} · {left}",
            block + 1,
            remaining.blocks()
        ));
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.close();
    }
}

impl RunWatch for Screen {
    fn driver_event(&self, event: DriverEvent<'_>) {
        match event {
            DriverEvent::MeasuringStarted {
                plan,
                trials,
                spent_s,
            } => self.measuring_started(plan, trials, spent_s),
            DriverEvent::TrialRepeats { entrant, reason } => self.trial_repeats(entrant, reason),
            DriverEvent::TrialStored => self.trial_stored(),
        }
    }
}

impl EventSink for Screen {
    fn event(&self, event: Event) {
        match &event {
            Event::TrialPhase { entrant, phase } => {
                let block = self.lock().as_ref().map_or(0, Remaining::block);
                self.show_trial(block, entrant, wording::phase(*phase));
            }
            Event::TrialStarted { block, entrant, .. } => {
                if let Some(remaining) = self.lock().as_mut() {
                    remaining.started(*block);
                }
                self.show_trial(*block, entrant, "reset");
            }
            Event::TrialFinished { seconds, .. } => {
                self.bar.inc(1);
                if let Some(remaining) = self.lock().as_mut() {
                    remaining.finished(*seconds);
                }
            }
            _ => {}
        }
        if let Some(text) = wording::passing(&event) {
            self.now(&text);
        }
        match (wording::lasting(&event), &event) {
            // The line waits until the trial is stored, so that a kill loses nothing that was shown.
            (Some(text), Event::TrialFinished { .. }) => {
                *self.ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
            }
            (Some(text), _) => self.say(&text),
            (None, _) => {}
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
