//! The commands, one file each. This file lists them and does no work of its own.

mod cache;
mod check;
mod claims;
mod compare;
mod completions;
mod contender;
mod decide;
mod doctor;
mod explain;
mod init;
mod list;
mod load;
mod measuring;
mod plan;
mod prepare;
mod report;
mod run;
mod selftest;
mod simulate;

use crate::exit::{Exit, Failure};
use clap::{CommandFactory, Parser, Subcommand};

/// Measure before you choose: describe the backend that you want to build, and get a measured verdict on the stacks for
/// it.
#[derive(Debug, Parser)]
#[command(name = "bakeoff", version, after_help = Exit::HELP, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

impl CommandLine {
    /// Executes the command.
    ///
    /// # Errors
    /// The failure, with its exit code.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        self.command.run()
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one of it in a process")]
enum Command {
    /// Write a brief, by interview or from a template
    Init(init::Init),
    /// Measure the contenders, decide, and write the report
    Run(run::Run),
    /// Show what `run` would measure, and for how long
    Plan(plan::Plan),
    /// List contenders, scenarios, metrics, claims, runs or the runtimes of this machine
    List(list::List),
    /// Install contenders, so that a run needs no network
    Prepare(prepare::Prepare),
    /// Make a contender of your own, or the lock file of one
    Contender(contender::ContenderCommand),
    /// Check the responses of contenders against the contract
    Check(check::Check),
    /// Judge a stored run again with other priorities, or solve a decision problem of your own
    Decide(decide::Decide),
    /// Show what changed between two stored runs, with confidence intervals
    Compare(compare::Compare),
    /// Show what people say about the stacks of a stored run, and whether the run supports it
    Claims(claims::Claims),
    /// Write a stored run as HTML, decision record, JSON, CSV, text or article
    Report(report::Report),
    /// Simulate a stored run on App Engine and Cloud Run
    Simulate(simulate::Simulate),
    /// Explain a metric, criterion, scenario, caution or verdict
    Explain(explain::Explain),
    /// Send load to a URL with the load generator alone
    Load(load::Load),
    /// Measure fake servers with known results and compare
    Selftest(selftest::Selftest),
    /// Show what is kept for the next run, or remove what was not used for long
    Cache(cache::Cache),
    /// List what this machine can and cannot do
    Doctor(doctor::Doctor),
    /// Print shell completions, or the man page
    Completions(completions::Completions),
}

impl Command {
    fn run(&self) -> Result<Exit, Failure> {
        match self {
            Command::Init(args) => args.run(),
            Command::Run(args) => args.run(),
            Command::Plan(args) => args.run(),
            Command::List(args) => args.run(),
            Command::Prepare(args) => args.run(),
            Command::Contender(args) => args.run(),
            Command::Check(args) => args.run(),
            Command::Decide(args) => args.run(),
            Command::Compare(args) => args.run(),
            Command::Claims(args) => args.run(),
            Command::Report(args) => args.run(),
            Command::Simulate(args) => args.run(),
            Command::Explain(args) => args.run(),
            Command::Load(args) => args.run(),
            Command::Selftest(args) => args.run(),
            Command::Cache(args) => args.run(),
            Command::Doctor(args) => args.run(),
            Command::Completions(args) => args.run(CommandLine::command()),
        }
    }
}
