//! The commands, one file each. Deliberately only their names and where they go.

mod check;
mod compare;
mod completions;
mod decide;
mod doctor;
mod explain;
mod init;
mod list;
mod load;
pub(crate) mod plan;
mod prepare;
mod report;
pub(crate) mod run;
mod selftest;

use crate::exit::{Exit, Failure};
use clap::Subcommand;

/// What the program can be asked to do.
#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one of it in a process")]
pub(crate) enum Command {
    /// Write a brief: asks, or takes a template
    Init(init::Init),
    /// Prepare, check, measure, decide and report
    Run(run::Run),
    /// Show what `run` would do, and how long it takes
    Plan(plan::Plan),
    /// List contenders, scenarios, metrics or runs
    List(list::List),
    /// Install contenders, so that a run needs no network
    Prepare(prepare::Prepare),
    /// Verify contenders against the contract
    Check(check::Check),
    /// Judge again: a stored run under other priorities, or a decision problem of your own
    Decide(decide::Decide),
    /// What changed between two stored runs, with intervals; exit 1 on a regression
    Compare(compare::Compare),
    /// Write a report of a stored run
    Report(report::Report),
    /// Explain a metric, criterion, scenario, caution or word of the verdict
    Explain(explain::Explain),
    /// Drive load at a URL: the generator alone
    Load(load::Load),
    /// Prove the instrument on servers whose behaviour is known exactly
    Selftest(selftest::Selftest),
    /// Tell what this machine can and cannot do
    Doctor(doctor::Doctor),
    /// Print shell completions, or the man page
    Completions(completions::Completions),
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    /// What went wrong, with the exit code it deserves.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        match self {
            Command::Init(args) => args.run(),
            Command::Run(args) => args.run(),
            Command::Plan(args) => args.run(),
            Command::List(args) => args.run(),
            Command::Prepare(args) => args.run(),
            Command::Check(args) => args.run(),
            Command::Decide(args) => args.run(),
            Command::Compare(args) => args.run(),
            Command::Report(args) => args.run(),
            Command::Explain(args) => args.run(),
            Command::Load(args) => args.run(),
            Command::Selftest(args) => args.run(),
            Command::Doctor(args) => args.run(),
            Command::Completions(args) => args.run(),
        }
    }
}
