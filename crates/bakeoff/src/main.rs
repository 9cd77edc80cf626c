//! The program: commands, wiring, store and progress. It does not decide, drive load, measure or explain; each of these
//! is a crate of its own.

#[macro_use]
mod output;

mod brief_file;
mod browsers;
mod calendar;
mod changes;
mod command;
mod domain;
mod duration;
mod exit;
mod field;
mod interrupt;
mod interview;
mod isolation;
mod judging;
mod lab_place;
mod machine;
mod measure;
mod openapi;
mod platforms;
mod preparing;
mod progress;
mod records;
mod results;
mod resuming;
mod store;

use clap::Parser;
use command::CommandLine;
use exit::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut exit = CommandLine::parse().run().unwrap_or_else(|failure| {
        complain(&failure);
        failure.exit
    });
    if let Err(why) = output::end() {
        let failure = Failure::lab(
            format!("the output was not written: {why}"),
            "is the disk full? what was measured is kept",
        );
        complain(&failure);
        exit = failure.exit;
    }
    ExitCode::from(exit.code())
}

/// Prints an error, whose lines fit the terminal.
fn complain(failure: &Failure) {
    eprintln!("{}", output::fitted(&failure.text, output::columns_of_errors()));
}
