//! `bakeoff prepare`: installs contenders, so that a run needs no network. It measures only the time of the install.

use crate::brief_file::beside;
use crate::changes::Unknown;
use crate::domain::Domain;
use crate::exit::{Exit, Failure};
use crate::field::{Field, chosen};
use crate::interrupt::Interrupt;
use crate::machine::runtimes_for;
use crate::preparing::{Installs, cache, prepare_all};
use crate::progress::Screen;
use bakeoff_core::evidence::ContenderRecord;
use bakeoff_lab::Origin;
use clap::Args;
use std::path::PathBuf;

/// Install contenders, so that a run needs no network
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff prepare\n  bakeoff prepare node-fastify python-fastapi\n  \
                  bakeoff prepare --one-after-another    to compare the times of both ways"
)]
pub(crate) struct Prepare {
    /// The contenders and variants [default: all contenders that this machine can run, without their variants]
    names: Vec<String>,
    /// Every contender and every variant
    #[arg(long, conflicts_with = "names")]
    all: bool,
    /// With the contenders beside this brief
    #[arg(long, value_name = "BRIEF")]
    brief: Option<PathBuf>,
    /// Install each contender after the one before it, instead of as many at the same time as there are processors
    #[arg(long)]
    one_after_another: bool,
}

impl Prepare {
    /// Installs them.
    ///
    /// # Errors
    /// An unknown name, or an interrupt.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let interrupt = Interrupt::listen()?;
        let domain = Domain::open(beside(self.brief.as_deref()))?;
        let chosen = if self.all {
            chosen::everything(&domain)?
        } else {
            chosen::of_names(&domain, &self.names)?
        };
        let screen = Screen::open();
        let runtimes = runtimes_for(&chosen, &screen, &interrupt)?;
        let mut field = Field::of(&chosen, &runtimes);
        let installs = if self.one_after_another {
            Installs::OneAfterAnother
        } else {
            Installs::SideBySide
        };
        let preparation = prepare_all(&mut field, installs, &screen, &interrupt);
        screen.close();
        let preparation = preparation?;
        for ready in &preparation.ready {
            let from = if ready.from == Origin::Cache {
                "already installed"
            } else {
                "installed"
            };
            let (name, runtime) = (&ready.contender.name, &ready.runtime);
            let (version, seconds) = (&runtime.version, ready.install_s);
            println!("{name}  {from} on {} {version}, {seconds:.1} s", runtime.name);
        }
        let faulty: Vec<&ContenderRecord> = field
            .records
            .iter()
            .filter(|record| !record.faults.is_empty())
            .collect();
        for record in &faulty {
            for fault in &record.faults {
                println!("{}  {}", record.name, fault.message);
                fault.log.iter().for_each(|line| println!("    {line}"));
            }
        }
        if let Some(words) = preparation.in_words() {
            println!("{words}");
        }
        if let Some(changes) = Unknown::of(&field, &domain).counted() {
            println!("{changes}, never checked: the next run does it, or `bakeoff check --changes`");
        }
        println!("cache: {}", cache().display());
        Ok(if faulty.is_empty() {
            Exit::Done
        } else {
            Exit::LimitFailed
        })
    }
}
