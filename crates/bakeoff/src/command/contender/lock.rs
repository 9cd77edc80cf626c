//! `bakeoff contender lock NAME`: writes the lock file that a manifest names, by the tool of its language. The lab runs
//! the tool.

use crate::brief_file::beside;
use crate::domain::Domain;
use crate::exit::{Exit, Failure};
use crate::field::chosen;
use crate::interrupt::Interrupt;
use crate::machine::runtimes_for;
use crate::preparing::cache;
use crate::progress::Screen;
use bakeoff_core::evidence::{Fault, Stage};
use bakeoff_lab::{Providing, make_lock};
use clap::Args;
use std::path::PathBuf;

/// Write the lock file of a contender, from the packages that it names
#[derive(Debug, Args)]
#[command(
    after_help = "npm writes package-lock.json from package.json; uv writes every version with its hashes from \
                  requirements.in or requirements.txt, and \
                  beside it wheels.toml: the platforms for which the packages are built.\n\nExamples:\n  bakeoff contender lock mine"
)]
pub(crate) struct Lock {
    /// The contender
    name: String,
    /// With the contenders beside this brief
    #[arg(long, value_name = "BRIEF")]
    brief: Option<PathBuf>,
}

impl Lock {
    /// Writes it.
    ///
    /// # Errors
    /// An unknown name, a contender inside the program, a missing tool, or an interrupt.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let interrupt = Interrupt::listen()?;
        let domain = Domain::open(beside(self.brief.as_deref()))?;
        let name = &self.name;
        let chosen = chosen::of_names(&domain, std::slice::from_ref(name))?;
        let Some(folder) = domain.folder_of(name) else {
            return Err(Failure::usage(
                format!("`{name}` is no contender of yours: it is inside the program, with its lock file"),
                "`bakeoff contender new` makes one of your own",
            ));
        };
        let screen = Screen::open();
        let locked = runtimes_for(&chosen, &screen, &interrupt).and_then(|runtimes| {
            let contender = &chosen[0].entry.contender;
            let runtime = runtimes
                .get(&contender.runtime)
                .map_err(|missing| Failure::lab(format!("{name}: {missing}"), missing.how_to_install))?;
            let cache = cache();
            let how = Providing {
                cache: &cache,
                events: &screen,
                stop: interrupt.flag(),
            };
            make_lock(contender, folder, runtime, &how).map_err(|fault| failed(name, &fault))
        });
        screen.close();
        let locked = locked?;
        println!("{}", locked.lock.display());
        match locked.wheels {
            Some(Ok(wheels)) => println!("{}", wheels.display()),
            Some(Err(fault)) if fault.is_at(Stage::Interrupted) => return Err(Failure::interrupted()),
            Some(Err(fault)) => eprintln!(
                "note: nobody knows for which platforms the packages are built, so `platforms_prebuilt` has no \
                 evidence: {}{}",
                fault.message,
                log_of(&fault)
            ),
            None => {}
        }
        Ok(Exit::Done)
    }
}

fn failed(name: &str, fault: &Fault) -> Failure {
    if fault.is_at(Stage::Interrupted) {
        return Failure::interrupted();
    }
    Failure::lab(
        format!("{name}: {}{}", fault.message, log_of(fault)),
        "nothing was written; mend the list of packages, and run the same command again",
    )
}

fn log_of(fault: &Fault) -> String {
    fault.log.iter().map(|line| format!("\n    {line}")).collect()
}
