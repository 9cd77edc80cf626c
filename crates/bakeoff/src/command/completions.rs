//! `bakeoff completions`: prints shell completions and the man page, from the same definitions as the command line.

use crate::exit::{Exit, Failure};
use clap::{Args, ValueEnum};
use clap_complete::Shell;
use std::io;

/// Print shell completions, or the man page
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff completions bash > /etc/bash_completion.d/bakeoff\n  bakeoff completions man | man -l -"
)]
pub(crate) struct Completions {
    /// A shell, or `man` for the man page
    kind: Kind,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
    Man,
}

impl Completions {
    /// Prints those of `command`.
    ///
    /// # Errors
    /// A failure to write stdout.
    pub(crate) fn run(&self, mut command: clap::Command) -> Result<Exit, Failure> {
        let shell = match self.kind {
            Kind::Bash => Shell::Bash,
            Kind::Elvish => Shell::Elvish,
            Kind::Fish => Shell::Fish,
            Kind::Powershell => Shell::PowerShell,
            Kind::Zsh => Shell::Zsh,
            Kind::Man => return man(command),
        };
        clap_complete::generate(shell, &mut command, "bakeoff", &mut io::stdout());
        Ok(Exit::Done)
    }
}

fn man(command: clap::Command) -> Result<Exit, Failure> {
    clap_mangen::Man::new(command)
        .render(&mut io::stdout())
        .map_err(|error| {
            Failure::lab(
                format!("cannot write the man page: {error}"),
                "is stdout still open?",
            )
        })?;
    Ok(Exit::Done)
}
