//! `bakeoff prepare`: installs contenders, so that a run needs no network. It measures only the time of the install.

use crate::domain::Domain;
use crate::exit::{Exit, Failure};
use crate::field::Field;
use crate::interrupt::Interrupt;
use crate::preparing::{cache, prepare_all};
use crate::progress::Screen;
use bakeoff_core::evidence::ContenderRecord;
use bakeoff_lab::{Origin, Runtimes};
use clap::Args;
use std::path::Path;

/// Install contenders, so that a run needs no network
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  bakeoff prepare\n  bakeoff prepare node-fastify python-fastapi")]
pub(crate) struct Prepare {
    /// The contenders [default: all that this machine can run]
    names: Vec<String>,
}

impl Prepare {
    /// Installs them.
    ///
    /// # Errors
    /// An unknown name, or an interrupt.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let interrupt = Interrupt::listen()?;
        let domain = Domain::open(Path::new("."))?;
        let runtimes = Runtimes::find();
        let mut field = Field::of(&domain, &self.names, &runtimes)?;
        let screen = Screen::open();
        let prepared = prepare_all(&mut field, &runtimes, &screen, &interrupt);
        screen.close();
        for ready in prepared? {
            let from = if ready.from == Origin::Cache {
                "already installed"
            } else {
                "installed"
            };
            println!("{}  {from}, {:.1} s", ready.contender.name, ready.install_s);
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
        println!("cache: {}", cache().display());
        Ok(if faulty.is_empty() {
            Exit::Done
        } else {
            Exit::LimitFailed
        })
    }
}
