//! Measures: prepares, starts, watches and stops contenders and their services, holds them to the contract, and turns
//! trials into evidence. The only crate that starts processes. It does not judge, store or print: it returns evidence,
//! and emits [`Event`]s.
//!
//! # Entry points
//!
//! [`prepare()`] installs a contender, [`Lab::open`] starts the services, [`Lab::check`] holds a contender to the
//! contract, [`Lab::check_changes`] does so after each standard change, [`Lab::check_browser`] runs its validation in a
//! browser, [`Fleet`] launches, measures and retires contenders, [`Lab::probe`] runs one probe alone, and [`doctor`]
//! describes the machine.
//!
//! # The way of a launch and its trials
//!
//! `fleet` → `fleet/launch` (`LaunchRun::run` is the table of contents): `workspace` → `server` (start, wait for
//! `health`) → `contract` → `warm` → `bakeoff_core::evidence::Launch`. Then it rests (`fleet/resident`, `fleet/rest`),
//! and for each trial it wakes: `trial` (`TrialRun::run`): `warm` → `trial/load` → `probe/running`, one row each →
//! `bakeoff_core::evidence::Trial`. In the end `fleet/retire`: the probes that end a server, and the stop.
//!
//! # Map
//!
//! Every module uses only modules above it in this list, so that no two know each other:
//!
//! | room | what is in it |
//! |---|---|
//! | `error`, `event`, `fault`, `cores` | the lab's errors and events, builders of faults, the division of processors |
//! | `loopback_server`, `own_mounts` | an HTTP server of the lab; mounts that only a thread and its processes see |
//! | `token` | bearer tokens |
//! | `procfs` | the only reader of `/proc`: processes, the machine, sockets |
//! | `process` | supervised processes: tree, log, CPU time, memory, idleness, pause, what a killed lab left |
//! | `limits`, `isolation` | what a server may use; cgroups and the network namespace |
//! | `server_tree`, `watchdog` | the processes and the cgroup of a server, and the thread that watches all of them |
//! | `runtime`, `support` | where runtimes are and what they say of themselves; how long each is supported |
//! | `language`, `prepare`, `runtimes` | one row per language, installs, the runtimes here and which is taken |
//! | `service` | PostgreSQL, with a database for each launch, and the upstream |
//! | `host` | the machine: description, yardstick, stalls, `doctor` |
//! | `lab`, `workspace` | the context of a run; a launch's own folder and database |
//! | `contract` | the cases of the scenarios, those derived from them, the access log, scenarios for the generator |
//! | `server` | a running contender from its start until its exit |
//! | `requests` | the brief's mix and the contract's cases for a server |
//! | `change` | what is known of a contender's changes: `outcome` above the probes that read it, the check below |
//! | `browser` | a contender's own validation in a browser, in the same way: `outcome` above, the visits below |
//! | `probe` | `static_probes` read or count once, `running` need a server, `kit` is what running probes share |
//! | `warm` | how a launch becomes warm, and how it wakes from a rest |
//! | `fleet/resident`, `trial` | a launch that lives, at rest or awake; one trial with its gates |
//! | `fleet` | all launches that live: launch, trial, retirement |
//! | `platform` | the contract of App Engine and Cloud Run, emulated: start under a quota, PORT, file system, stop |
//! | `statements` | what the requests of each scenario cost the database |
//! | `perform` | the operations of a lab beside them |
//! | `running` | services that run already: check, load, and nothing else |
//! | `warm_pair` | an old launch and just warmed ones in turns, for `bakeoff selftest` |
//! | `planted`, `extra_work` | fake servers with known work, and real ones with more work, for `bakeoff selftest` |
//!
//! # Invariants
//!
//! - Dropping a value ends what it started: [`Lab`], [`Fleet`], `Server`, `Supervised`, `Cgroup` and the services hold
//!   no process that outlives them. A killed lab's processes and folders are removed by the next one
//!   (`process::leftovers`).
//! - At most one launch is awake: `fleet::resident::Awake` borrows the launches that live, and only it has a server.
//! - Every process belongs to one tree at most (`process::roots`), also one that escaped.
//! - The `Watchdog` watches every server from its start until its exit, also one that a probe starts.
//! - A fault belongs to the contender only if neither the lab, the database nor another program caused it.
//! - Every feature that needs privileges is optional: T0 needs none.
//! - Nothing here depends on the name of a contender or a language outside of its row.

mod browser;
mod change;
pub mod contract;
mod cores;
mod error;
mod event;
mod extra_work;
mod fault;
mod fleet;
mod host;
mod isolation;
mod lab;
mod language;
mod limits;
mod loopback_server;
mod own_mounts;
mod perform;
pub mod planted;
mod platform;
pub mod prepare;
pub mod probe;
mod process;
mod procfs;
mod requests;
mod running;
mod runtime;
mod runtimes;
mod server;
mod server_tree;
mod service;
mod statements;
mod support;
mod token;
mod trial;
mod warm;
mod warm_pair;
mod watchdog;
mod workspace;

pub use browser::{
    BROWSER_VISITS, BrowserAnswer, BrowserDifference, BrowserOutcome, BrowserSubject, Chromium, SentPart,
    known_browser,
};
pub use change::{
    ChangeOutcome, ChangeSize, ChangeState, ChangeSubject, Patches, known_changes, unknown_changes,
};
pub use cores::CoreSplit;
pub use error::LabError;
pub use event::{Event, EventSink, Origin, Phase};
pub use extra_work::ExtraWork;
pub use fleet::Fleet;
pub use host::{Finding, State, doctor};
pub use isolation::TierChoice;
pub use lab::{Config, Lab};
pub use limits::ResourceLimits;
pub use perform::Checked;
pub use prepare::{ContenderSource, Kept, Prepared, Providing, SourceFile};
pub use prepare::{Locked, kept_in, make_lock, prepare, prune};
pub use running::{RunningService, RunningServices, RunningTerms, unknown_from_outside};
pub use runtime::Runtime;
pub use runtimes::{Found, Runtimes, Unavailable};
pub use service::{Script, ServiceSpec};
pub use statements::ScenarioStatements;
pub use support::{Standing, support_of};
pub use warm_pair::{IsEnough, PairTerms, PairTurn, TurnCost};
