//! What the lab tells while it works. Deliberately without words for a reader: a screen, a log or a page
//! makes its own.

use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::Fault;

/// Something that happened in the lab.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A contender is being installed.
    Preparing {
        /// Its name.
        contender: String,
        /// What is being done, in a few words.
        step: String,
    },
    /// A contender is installed.
    Prepared {
        /// Its name.
        contender: String,
        /// How long the install took, whenever that was, in seconds.
        seconds: f64,
        /// Where the installed folder comes from.
        from: Origin,
    },
    /// Database and upstream are being started.
    ServicesStarting,
    /// Database and upstream answer.
    ServicesStarted {
        /// The database, as it names itself, and where it comes from.
        database: String,
        /// How long it took, in seconds.
        seconds: f64,
    },
    /// A contender is being held to the contract.
    Checking {
        /// Its name.
        contender: String,
    },
    /// A contender has been held to the contract.
    Checked {
        /// Its name.
        contender: String,
        /// How many cases ran.
        cases: usize,
        /// How many did not hold.
        failures: usize,
    },
    /// A contender's turn begins.
    TrialStarted {
        /// The block, counted from 0.
        block: u32,
        /// The place within the block, counted from 0.
        position: u32,
        /// Who runs.
        entrant: Entrant,
    },
    /// A part of the turn begins.
    TrialPhase {
        /// Who runs.
        entrant: Entrant,
        /// Which part.
        phase: Phase,
    },
    /// A contender's turn is over.
    TrialFinished {
        /// The block, counted from 0.
        block: u32,
        /// Who runs.
        entrant: Entrant,
        /// How long it took, in seconds.
        seconds: f64,
        /// CPU time a request in µs, when there was a load.
        cpu_us_per_request: Option<f64>,
        /// 99th percentile of the response time in ms, when there was a load.
        latency_ms_p99: Option<f64>,
        /// How many faults were found.
        faults: usize,
    },
    /// Something failed, and whose it is.
    FaultFound {
        /// In whose trial or preparation.
        entrant: Entrant,
        /// What.
        fault: Fault,
    },
}

/// Where an installed folder comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It was installed now.
    Installed,
    /// An earlier run had installed it.
    Cache,
}

/// A part of a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Database reset and process start.
    Start,
    /// A short check of the contract.
    Check,
    /// On the way to the steady state.
    Warm,
    /// The load at the brief's rate.
    Measure,
    /// Pure computing.
    Compute,
    /// Light requests beside a computing one.
    Blocking,
    /// Requests that wait.
    Waiting,
    /// Idle connections.
    Connections,
    /// All cores against one.
    Multicore,
    /// More and more processes.
    Processes,
    /// More and more clients.
    Concurrency,
    /// The search for the highest rate.
    HighestRate,
    /// Twice what it can do, and after.
    Overload,
    /// Clients that drip.
    SlowClients,
    /// Large bodies.
    Streams,
    /// A message to many.
    Fanout,
    /// Told to stop under load.
    Drain,
    /// A worker killed under load.
    Crash,
    /// Many routes.
    Routes,
    /// Additional timed starts.
    Starts,
    /// Stopping.
    Stop,
}

/// Who is told what happens. Called from several threads.
pub trait Watch: Sync {
    /// Something happened.
    fn event(&self, event: Event);
}

impl<F: Fn(Event) + Sync> Watch for F {
    fn event(&self, event: Event) {
        self(event);
    }
}
