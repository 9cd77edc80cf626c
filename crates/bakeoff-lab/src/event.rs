//! The events of the lab. Screen, log and tests consume the same events and word them themselves; only probes bring the
//! words of their phase, from their row.

use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::Fault;

/// Something that happened in the lab.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The install of a contender, or of a runtime, goes on.
    Preparing {
        /// Its name.
        contender: String,
        /// The step, in a few words.
        step: String,
    },
    /// A runtime was provided for contenders that had none, or only an old one.
    RuntimeProvided {
        /// Its name and version.
        runtime: String,
        /// Where it comes from, after the name in a sentence.
        origin: String,
    },
    /// A runtime could not be provided.
    RuntimeNotProvided {
        /// Its name and release line.
        runtime: String,
        /// Why, in words.
        reason: String,
    },
    /// A contender is installed.
    Prepared {
        /// Its name.
        contender: String,
        /// The duration of the install, in this run or an earlier one, in seconds.
        seconds: f64,
        /// Where the installed folder comes from.
        from: Origin,
    },
    /// Database and upstream start.
    ServicesStarting,
    /// Database and upstream are ready.
    ServicesStarted {
        /// The database's name and origin.
        database: String,
        /// The duration of the start, in seconds.
        seconds: f64,
    },
    /// A contract check begins.
    Checking {
        /// The contender's name.
        contender: String,
    },
    /// A contract check is over.
    Checked {
        /// The contender's name.
        contender: String,
        /// Cases that ran.
        cases: usize,
        /// Cases that failed.
        failures: usize,
    },
    /// The check of a contender's change begins.
    ChangeStarted {
        /// The contender's title.
        contender: String,
        /// The place among the changes, from 1.
        number: usize,
        /// The number of changes.
        of: usize,
        /// The change's title.
        change: String,
    },
    /// The check of a contender's change is over.
    ChangeFinished {
        /// The contender's title.
        contender: String,
        /// The place among the changes, from 1.
        number: usize,
        /// The number of changes.
        of: usize,
        /// The change's title.
        change: String,
        /// Whether it holds.
        holds: bool,
        /// The duration, in seconds.
        seconds: f64,
    },
    /// Running a contender's validation in a browser goes on.
    BrowserStep {
        /// The contender's title.
        contender: String,
        /// What goes on, in a few words.
        step: String,
    },
    /// A contender's validation ran in a browser, or did not.
    BrowserVisited {
        /// The contender's title.
        contender: String,
        /// What was found in words, or why there is no evidence.
        found: Result<String, String>,
        /// The duration, in seconds.
        seconds: f64,
    },
    /// A trial begins.
    TrialStarted {
        /// The block, counted from 0.
        block: u32,
        /// The place within the block, counted from 0.
        position: u32,
        /// Who runs.
        entrant: Entrant,
    },
    /// A phase of a launch, of a trial, or of the end of a launch begins.
    TrialPhase {
        /// Who runs.
        entrant: Entrant,
        /// The phase.
        phase: Phase,
    },
    /// A trial is over.
    TrialFinished {
        /// The block, counted from 0.
        block: u32,
        /// Who ran.
        entrant: Entrant,
        /// Its duration, in seconds.
        seconds: f64,
        /// CPU time per request in µs, if there was a load.
        cpu_us_per_request: Option<f64>,
        /// 99th percentile of the response time in ms, if there was a load.
        latency_ms_p99: Option<f64>,
        /// The number of faults.
        faults: usize,
    },
    /// Something failed.
    FaultFound {
        /// In whose trial or preparation.
        entrant: Entrant,
        /// What failed, and whose fault it is.
        fault: Fault,
    },
}

/// Where an installed folder comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// This run installed it.
    Installed,
    /// An earlier run installed it.
    Cache,
}

/// A phase of a launch, of a trial, or of the end of a launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Database reset and process start.
    Start,
    /// A check of the contract.
    Check,
    /// The warm-up.
    Warm,
    /// A server comes to rest, or rests for the time that a measurement needs.
    Rest,
    /// A server wakes: the burst and the windows that do not count.
    Wake,
    /// The load at the brief's rate.
    Measure,
    /// A probe, with the words of its row.
    Probe(&'static str),
    /// Additional timed starts.
    Starts,
    /// Stopping the server.
    Stop,
}

/// Receives events. Called from several threads.
pub trait EventSink: Sync {
    /// Something happened.
    fn event(&self, event: Event);
}

impl<F: Fn(Event) + Sync> EventSink for F {
    fn event(&self, event: Event) {
        self(event);
    }
}
