//! `bakeoff contender`: a contender of the user's own, from a template to its lock file. It measures nothing.

mod lock;
mod new;

use crate::exit::{Exit, Failure};
use clap::{Args, Subcommand};

/// Make a contender of your own, or the lock file of one
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  bakeoff contender new mine --template express\n  bakeoff contender lock mine"
)]
pub(crate) struct ContenderCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Write a folder with a small service that runs, to be replaced by yours
    New(new::New),
    /// Write the lock file of a contender, from the packages that it names
    Lock(lock::Lock),
}

impl ContenderCommand {
    /// Executes it.
    ///
    /// # Errors
    /// The failure, with its exit code.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        match &self.what {
            What::New(args) => args.run(),
            What::Lock(args) => args.run(),
        }
    }
}
