//! The progress display: what runs now, what is left, and when it will end. On a terminal two lines change in place;
//! elsewhere each thing that ended gets a line. It consumes the events of the lab and of the driver, and does not
//! know how anything is measured.

mod place;
mod remaining;
mod wording;

use crate::measure::event::{DriverEvent, RunWatch};
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{Launch, Run};
use bakeoff_core::schedule::{Budget, Step};
use bakeoff_lab::{Event, EventSink};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use place::Place;
use remaining::Remaining;
use std::io::{IsTerminal, stderr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The display of one command.
pub(crate) struct Screen {
    bar: ProgressBar,
    live: Live,
    /// The step that runs, once measuring has begun.
    now: Mutex<Option<Now>>,
    /// The figures of a trial that has ended and is not stored yet.
    ended: Mutex<Option<String>>,
}

/// Where a run is, and since when.
#[derive(Clone)]
struct Now {
    place: Place,
    remaining: Remaining,
    since: Instant,
}

/// Whether stderr is a terminal that can be drawn on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Live {
    Terminal,
    Plain,
    /// As plain, and each phase has a line too.
    Phases,
}

impl Screen {
    /// A display on stderr.
    #[must_use]
    pub(crate) fn open() -> Screen {
        Screen::with(if stderr().is_terminal() {
            Live::Terminal
        } else {
            Live::Plain
        })
    }

    /// A display that prints each phase as a line of its own, for programs that follow a run.
    #[must_use]
    pub(crate) fn with_phases() -> Screen {
        Screen::with(Live::Phases)
    }

    fn with(live: Live) -> Screen {
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
            now: Mutex::new(None),
            ended: Mutex::new(None),
        }
    }

    /// Shows what goes on now, in place of what went on before.
    pub(crate) fn now(&self, text: &str) {
        self.bar.set_message(text.to_owned());
        if self.live == Live::Phases {
            eprintln!("{text}");
        }
    }

    /// Prints a line that stays.
    pub(crate) fn say(&self, text: &str) {
        match self.live {
            Live::Terminal => self.bar.suspend(|| eprintln!("{text}")),
            Live::Plain | Live::Phases => eprintln!("{text}"),
        }
    }

    /// Removes the lines that change in place; so does dropping the display.
    pub(crate) fn close(&self) {
        self.bar.finish_and_clear();
    }

    fn measuring_started(&self, run: &Run) {
        self.bar
            .set_style(style("{spinner} {msg}\n  {wide_bar:.dim} {percent} %"));
        if !run.launches.is_empty() {
            self.say(&wording::goes_on(run));
        }
    }

    /// A step begins: the bar shows the share of the measuring time that is over.
    fn step_begins(&self, step: &Step, run: &Run, left_s: f64) {
        let spent_s = Budget::of(run).spent_s;
        self.bar.set_length((spent_s + left_s).round() as u64);
        self.bar.set_position(spent_s.round() as u64);
        if let Some(place) = Place::of(step, run) {
            *lock(&self.now) = Some(Now {
                place,
                remaining: Remaining::new(left_s),
                since: Instant::now(),
            });
        }
        if let Step::Repeat(scheduled) = step
            && let Some(attempt) = &scheduled.first_attempt
        {
            let entrant = &scheduled.planned.entrant;
            self.say(&format!("repeat    {entrant}, disturbed by {}", attempt.reason));
        }
    }

    fn trial_stored(&self, run: &Run) {
        let figures = lock(&self.ended).take();
        if let (Some(figures), Some(trial)) = (figures, run.trials.last()) {
            self.say(&wording::trial(run, trial, &figures));
        }
    }

    fn say_of_launch(&self, run: &Run, id: u32, words: fn(&Run, &Launch) -> Option<String>) {
        let launch = run.launches.iter().find(|launch| launch.id == id);
        if let Some(text) = launch.and_then(|launch| words(run, launch)) {
            self.say(&text);
        }
    }

    /// The line that changes in place: where the run is, and when it will end.
    fn show_phase(&self, entrant: &Entrant, phase: &str) {
        let Some(Now {
            place,
            remaining,
            since,
        }) = lock(&self.now).clone()
        else {
            return self.now(&format!("{entrant}: {phase}"));
        };
        let left = remaining.words(since.elapsed().as_secs_f64(), &jiff::ZonedDateTime::now());
        self.now(&format!("{place} · {entrant} · {phase} · {left}"));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.close();
    }
}

impl RunWatch for Screen {
    fn driver_event(&self, event: DriverEvent<'_>) {
        match event {
            DriverEvent::MeasuringStarted { run } => self.measuring_started(run),
            DriverEvent::StepBegins { step, run, left_s } => self.step_begins(step, run, left_s),
            DriverEvent::LaunchStored { run, id } => self.say_of_launch(run, id, wording::launch),
            DriverEvent::TrialStored { run } => self.trial_stored(run),
            DriverEvent::LaunchEnded { run, id } => self.say_of_launch(run, id, wording::early_end),
        }
    }
}

impl EventSink for Screen {
    fn event(&self, event: Event) {
        match &event {
            Event::TrialPhase { entrant, phase } => self.show_phase(entrant, wording::phase(*phase)),
            // The line waits until the trial is stored, so that a kill loses nothing that was shown.
            Event::TrialFinished { .. } => *lock(&self.ended) = wording::figures(&event),
            _ => {}
        }
        if let Some(text) = wording::passing(&event) {
            self.now(&text);
        }
        if let Some(text) = wording::lasting(&event) {
            self.say(&text);
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
