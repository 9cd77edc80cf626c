//! `bakeoff check [NAME…]`: sends every case of the contract to contenders and prints, for each case that fails, the
//! request, the expected and the actual response. It measures nothing; with `--statements` it counts what each scenario
//! costs the database, with `--changes` it checks the contenders after each standard change.

mod changes;

use crate::brief_file::BriefFile;
use crate::exit::{Exit, Failure};
use crate::field::{Field, chosen};
use crate::interrupt::Interrupt;
use crate::isolation::Isolation;
use crate::lab_place::LabPlace;
use crate::machine::runtimes_for;
use crate::preparing::{Installs, prepare_all};
use crate::progress::Screen;
use bakeoff_core::evidence::Status;
use bakeoff_lab::{Checked, LabError, Prepared, Runtimes, ScenarioStatements};
use clap::Args;
use std::path::Path;

/// Check the responses of contenders against the contract
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff check\n  bakeoff check node-fastify node-fastify@jitless\n  bakeoff check --all\n  \
                  bakeoff check --statements   a table of statements per request\n  \
                  bakeoff check node-fastify --changes   what each standard change costs there, and whether it holds\n  \
                  bakeoff check node-fastify --changes=cors,openapi\n\nExit code 1 if a case fails."
)]
pub(crate) struct Check {
    /// The contenders and variants [default: all contenders that this machine can run, without their variants]
    names: Vec<String>,
    /// Count the statements of each scenario's requests, and print them as a table
    #[arg(long)]
    statements: bool,
    /// Apply the patches of the standard changes, all or those of these ids, and check each changed contender
    #[arg(long, value_name = "ID", num_args = 0.., require_equals = true, value_delimiter = ',', conflicts_with = "statements")]
    changes: Option<Vec<String>>,
    /// Every contender and every variant
    #[arg(long, conflicts_with = "names")]
    all: bool,
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
        let chosen = if self.all {
            chosen::everything(&file.domain)
        } else {
            chosen::of_names(&file.domain, &self.names)?
        };
        let screen = Screen::open();
        let runtimes = runtimes_for(&chosen, &screen, &interrupt)?;
        let mut field = Field::of(&chosen, &runtimes);
        if self.statements {
            let outcome = self.count_all(&file, &mut field, &runtimes, &screen, &interrupt);
            screen.close();
            print!("{}", statements_table(&outcome?));
            return Ok(Exit::Done);
        }
        if let Some(ids) = &self.changes {
            let changes = file.domain.changes_of(ids)?;
            let place = LabPlace::of_user(&runtimes);
            let lab = place.open(&file, &screen, &interrupt, self.isolation.choice(), 1)?;
            let outcome = changes::check_all(&lab, &field, &changes);
            screen.close();
            let checked = outcome.map_err(failure)?;
            return Ok(changes::print_all(&checked, print_unready(&field)));
        }
        let outcome = self.check_all(&file, &mut field, &runtimes, &screen, &interrupt);
        screen.close();
        let checked = outcome?;
        let mut exit = print_unready(&field);
        for (name, found) in &checked {
            if !print_one(name, found) {
                exit = Exit::LimitFailed;
            }
        }
        Ok(exit)
    }

    fn count_all(
        &self,
        file: &BriefFile,
        field: &mut Field,
        runtimes: &Runtimes,
        screen: &Screen,
        interrupt: &Interrupt,
    ) -> Result<Counted, Failure> {
        let preparation = prepare_all(field, Installs::SideBySide, screen, interrupt)?;
        let place = LabPlace::of_user(runtimes);
        let lab = place.open(file, screen, interrupt, self.isolation.choice(), 1)?;
        let count = |ready: &Prepared| {
            let counted = lab.count_statements(ready).map_err(failure)?;
            Ok((ready.contender.name.clone(), counted))
        };
        preparation.ready.iter().map(count).collect()
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
            let checked = lab.check(ready).map_err(failure)?;
            all.push((ready.contender.name.clone(), checked));
        }
        Ok(all)
    }
}

/// Prints why contenders are not ready to run.
fn print_unready(field: &Field) -> Exit {
    let mut exit = Exit::Done;
    let records = field.records.iter();
    for record in records.filter(|record| record.status != Status::Ready) {
        record
            .faults
            .iter()
            .for_each(|fault| println!("{}: {}", record.name, fault.message));
        exit = Exit::LimitFailed;
    }
    exit
}

fn failure(error: LabError) -> Failure {
    match error {
        LabError::Interrupted => Failure::interrupted(),
        other => Failure::lab(other, "`bakeoff doctor` lists what this machine lacks"),
    }
}

/// The statements of contenders, by name.
type Counted = Vec<(String, Vec<ScenarioStatements>)>;

/// A Markdown table: a row for each scenario that needs the database, a column for each contender. `3 (2)` are three
/// statements for each response, of which two begin or end a transaction.
fn statements_table(counted: &Counted) -> String {
    let mut table = "| scenario |".to_owned();
    for (name, _) in counted {
        table.push_str(&format!(" {name} |"));
    }
    table.push_str(&format!("\n|---|{}\n", "---|".repeat(counted.len())));
    let scenarios = counted.first().map_or(&[][..], |(_, all)| all);
    for (place, scenario) in scenarios.iter().enumerate() {
        let cells: Vec<String> = counted
            .iter()
            .map(|(_, all)| statements_cell(&all[place]))
            .collect();
        table.push_str(&format!("| `{}` | {} |\n", scenario.scenario, cells.join(" | ")));
    }
    table
}

fn statements_cell(counted: &ScenarioStatements) -> String {
    if counted.responses == 0 {
        return "–".to_owned();
    }
    let of_each = |statements: u64| {
        let text = format!("{:.1}", statements as f64 / counted.responses as f64);
        text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
    };
    let all = of_each(counted.statements.total);
    match counted.statements.transaction_control {
        0 => all,
        control => format!("{all} ({})", of_each(control)),
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
