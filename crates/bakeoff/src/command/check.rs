//! `bakeoff check [NAME…]`: sends every case of the contract to contenders and prints, for each case that fails, the
//! request, the expected and the actual response. It measures nothing.

use crate::brief_file::BriefFile;
use crate::exit::{Exit, Failure};
use crate::field::Field;
use crate::interrupt::Interrupt;
use crate::isolation::Isolation;
use crate::lab_place::LabPlace;
use crate::machine::runtimes_for;
use crate::preparing::{Installs, prepare_all};
use crate::progress::Screen;
use bakeoff_core::evidence::Status;
use bakeoff_lab::{Checked, LabError, Runtimes};
use clap::Args;
use std::path::Path;

/// Check the responses of contenders against the contract
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff check\n  bakeoff check node-fastify\n\nExit code 1 if a case fails."
)]
pub(crate) struct Check {
    /// The contenders [default: all that this machine can run]
    names: Vec<String>,
    #[command(flatten)]
    isolation: Isolation,
}

/// The contract needs no brief of the user; the lab reads its number of cores from one.
const NO_BRIEF: &str = "name = \"check\"\n[load]\npeak_rps = 1\nslo = { p99_ms = 1000 }\n[[traffic]]\nscenario = \"health\"\nshare = 1\n";

impl Check {
    /// Runs every case.
    ///
    /// # Errors
    /// An unknown name, a service that does not start, or an interrupt.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let interrupt = Interrupt::listen()?;
        let file = BriefFile::of("the contract".to_owned(), NO_BRIEF.to_owned(), Path::new("."))?;
        let screen = Screen::open();
        let runtimes = runtimes_for(&file.domain, &self.names, &screen, &interrupt)?;
        let mut field = Field::of(&file.domain, &self.names, &runtimes)?;
        let outcome = self.check_all(&file, &mut field, &runtimes, &screen, &interrupt);
        screen.close();
        let checked = outcome?;
        let mut exit = Exit::Done;
        for record in field
            .records
            .iter()
            .filter(|record| record.status != Status::Ready)
        {
            record
                .faults
                .iter()
                .for_each(|fault| println!("{}: {}", record.name, fault.message));
            exit = Exit::LimitFailed;
        }
        for (name, found) in &checked {
            if !print_one(name, found) {
                exit = Exit::LimitFailed;
            }
        }
        Ok(exit)
    }

    fn check_all(
        &self,
        file: &BriefFile,
        field: &mut Field,
        runtimes: &Runtimes,
        screen: &Screen,
        interrupt: &Interrupt,
    ) -> Result<Vec<(String, Checked)>, Failure> {
        let preparation = prepare_all(field, Installs::SideBySide, screen, interrupt)?;
        let place = LabPlace::of_user(runtimes);
        let lab = place.open(file, screen, interrupt, self.isolation.choice(), 1)?;
        let mut all = Vec::new();
        for ready in &preparation.ready {
            let checked = lab.check(ready).map_err(|error| match error {
                LabError::Interrupted => Failure::interrupted(),
                other => Failure::lab(other, "`bakeoff doctor` lists what this machine lacks"),
            })?;
            all.push((ready.contender.name.clone(), checked));
        }
        Ok(all)
    }
}

/// Prints the result of one contender. True if it fulfils the contract.
fn print_one(name: &str, found: &Checked) -> bool {
    if let Some(fault) = &found.fault {
        println!("{name}: {}", fault.message);
        fault.log.iter().for_each(|line| println!("    {line}"));
        return false;
    }
    let failed: Vec<_> = found
        .cases
        .iter()
        .filter_map(|case| case.failure.as_ref().map(|failure| (case, failure)))
        .collect();
    println!(
        "{name}: {} of {} cases pass",
        found.cases.len() - failed.len(),
        found.cases.len()
    );
    for (case, failure) in &failed {
        println!("  {}: {}", case.scenario, case.case);
        failure
            .to_string()
            .lines()
            .for_each(|line| println!("    {line}"));
    }
    failed.is_empty()
}
