//! The program: commands, wiring, store and progress. What it deliberately does not do: decide, drive, measure or explain; each of these is
//! a crate of its own.

#[macro_use]
mod output;

mod brief_file;
mod command;
mod domain;
mod duration;
mod exit;
mod interrupt;
mod interview;
mod isolation;
mod measure;
mod progress;
mod records;
mod results;
mod store;
mod table;

use clap::Parser;
use command::Command;
use exit::{Exit, Failure};
use std::process::ExitCode;

/// Measure before you choose: from a brief of the backend to be built to a measured verdict.
#[derive(Debug, Parser)]
#[command(name = "bakeoff", version, after_help = Exit::HELP, subcommand_required = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let mut exit = Cli::parse().command.run().unwrap_or_else(|failure| {
        eprintln!("{failure}");
        failure.exit
    });
    if let Err(why) = output::end() {
        let failure = Failure::lab(
            format!("the output was not written: {why}"),
            "is the disk full? what was measured is kept",
        );
        eprintln!("{failure}");
        exit = failure.exit;
    }
    ExitCode::from(exit.code())
}
