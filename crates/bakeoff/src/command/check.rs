//! `bakeoff check [NAME…]`: sends every case of the contract to contenders and prints, for each case that fails, the
//! request, the expected and the actual response. It measures nothing; with `--statements` it counts what each scenario
//! costs the database, with `--changes` it checks the contenders after each standard change, with `--browser` it runs
//! their validation in a browser.

mod browser;
mod changes;

use crate::brief_file::{BriefFile, DEFAULT};
use crate::domain::Domain;
use crate::exit::{Exit, Failure};
use crate::field::{Field, chosen};
use crate::interrupt::Interrupt;
use crate::isolation::Isolation;
use crate::lab_place::LabPlace;
use crate::machine::runtimes_for;
use crate::preparing::{Installs, prepare_all};
use crate::progress::Screen;
use bakeoff_core::evidence::{Fault, Status};
use bakeoff_lab::{Checked, Prepared, Runtimes, ScenarioStatements};
use clap::Args;
use std::path::{Path, PathBuf};

/// Check the responses of contenders against the contract
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff check\n  bakeoff check node-fastify node-fastify@jitless\n  bakeoff check --all\n  \
                  bakeoff check --statements   a table of SQL statements per response\n  \
                  bakeoff check node-fastify --changes   what each standard change costs there, and whether it holds\n  \
                  bakeoff check node-fastify --changes=cors,openapi\n  \
                  bakeoff check node-fastify --browser   its validation in a browser, against the running contender\n  \
                  bakeoff check --brief rooms.toml rooms-koa   your own service, against what its brief asks for\n\nExit code 1 if a case fails."
)]
pub(crate) struct Check {
    /// The contenders and variants [default: all contenders that this machine can run, without their variants]
    names: Vec<String>,
    /// Count the SQL statements of each scenario's responses, and print a Markdown table
    #[arg(long)]
    statements: bool,
    /// Apply the patches of the standard changes, all or those of these ids, and check each changed contender
    #[arg(long, value_name = "ID", num_args = 0.., require_equals = true, value_delimiter = ',', conflicts_with = "statements")]
    changes: Option<Vec<String>>,
    /// Run the validation of each contender in a headless Chromium, and list where it differs from its server
    #[arg(long, conflicts_with_all = ["statements", "changes"])]
    browser: bool,
    /// Every contender and every variant
    #[arg(long, conflicts_with = "names")]
    all: bool,
    /// Ask only for what concerns this brief, with its own tables and rows [default for contenders of your own:
    /// bakeoff.toml, if it exists]
    #[arg(long, value_name = "BRIEF", conflicts_with_all = ["statements", "changes"])]
    brief: Option<PathBuf>,
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
        let file = match self.brief_of_names()? {
            Some(path) => BriefFile::open(Some(&path))?,
            None => without_brief()?,
        };
        let chosen = if self.all {
            chosen::everything(&file.domain)?
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
            let missing = not_ready(&field);
            missing.iter().for_each(|line| eprintln!("{line}"));
            return Ok(exit_of(missing.is_empty()));
        }
        if let Some(ids) = &self.changes {
            let changes = file.domain.changes_of(ids)?;
            let place = LabPlace::of_user(&runtimes);
            let lab = place.open(&file, &screen, &interrupt, self.isolation.choice(), 1)?;
            let outcome = changes::check_all(&lab, &field, &changes);
            screen.close();
            let checked = outcome.map_err(Failure::of_lab)?;
            let missing = not_ready(&field);
            missing.iter().for_each(|line| println!("{line}"));
            return Ok(changes::print_all(&checked, exit_of(missing.is_empty())));
        }
        if self.browser {
            let place = LabPlace::of_user(&runtimes);
            let lab = place.open(&file, &screen, &interrupt, self.isolation.choice(), 1)?;
            let outcome = browser::check_all(&lab, &field);
            screen.close();
            let found = outcome.map_err(Failure::of_lab)?;
            let missing = not_ready(&field);
            missing.iter().for_each(|line| println!("{line}"));
            return Ok(browser::print_all(&found, exit_of(missing.is_empty())));
        }
        let outcome = self.check_all(&file, &mut field, &runtimes, &screen, &interrupt);
        screen.close();
        let checked = outcome?;
        let missing = not_ready(&field);
        missing.iter().for_each(|line| println!("{line}"));
        let mut passed = missing.is_empty();
        for (name, found) in &checked {
            passed &= print_one(name, found);
        }
        Ok(exit_of(passed))
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
            let counted = lab.count_statements(ready).map_err(Failure::of_lab)?;
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
            let checked = lab.check(ready).map_err(Failure::of_lab)?;
            all.push((ready.contender.name.clone(), checked));
        }
        Ok(all)
    }
}

impl Check {
    /// The brief whose scenarios are asked: the named one, else `bakeoff.toml` here where all names are contenders of
    /// the user's own, which serve what that brief has and not the shipped contract.
    fn brief_of_names(&self) -> Result<Option<PathBuf>, Failure> {
        let here = PathBuf::from(DEFAULT);
        let is_about_cases = !self.statements && self.changes.is_none();
        if self.brief.is_some() || !is_about_cases || self.names.is_empty() || !here.is_file() {
            return Ok(self.brief.clone());
        }
        let domain = Domain::open(Path::new("."))?;
        let are_own = self.names.iter().all(|name| domain.folder_of(name).is_some());
        Ok(are_own.then_some(here))
    }
}

/// The whole contract, and every scenario of the folders here: what each contender says that it serves.
fn without_brief() -> Result<BriefFile, Failure> {
    let mut file = BriefFile::of("the contract".to_owned(), NO_BRIEF.to_owned(), Path::new("."))?;
    for entry in file.domain.contenders.values_mut() {
        entry.contender.source.asked_at_most = None;
    }
    Ok(file)
}

fn exit_of(passed: bool) -> Exit {
    if passed { Exit::Done } else { Exit::LimitFailed }
}

/// A line for each fault of a contender that cannot be started here, or is not installed, and the last lines of its
/// log.
fn not_ready(field: &Field) -> Vec<String> {
    let records = field.records.iter();
    let missing = records.filter(|record| record.status != Status::Ready);
    let lines = |name: &str, fault: &Fault| -> Vec<String> {
        let log = fault.log.iter().map(|line| format!("    {line}"));
        [format!("{name}: {}", fault.message)]
            .into_iter()
            .chain(log)
            .collect()
    };
    missing
        .flat_map(|record| {
            record
                .faults
                .iter()
                .flat_map(move |fault| lines(&record.name, fault))
        })
        .collect()
}

/// The statements of contenders, by name.
type Counted = Vec<(String, Vec<ScenarioStatements>)>;

/// A Markdown table: a row for each contender, a column for each scenario that needs the database. `3 (2)` are three
/// statements for each response, of which two begin or end a transaction.
fn statements_table(counted: &Counted) -> String {
    let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let scenarios = counted.first().map_or(&[][..], |(_, all)| all);
    let header = scenarios.iter().map(|one| format!("`{}`", one.scenario));
    let header: Vec<String> = std::iter::once("contender".to_owned()).chain(header).collect();
    let mut table = row(&header) + &format!("|{}\n", "---|".repeat(header.len()));
    for (name, all) in counted {
        let cells = all.iter().map(statements_cell);
        let cells: Vec<String> = std::iter::once(name.clone()).chain(cells).collect();
        table.push_str(&row(&cells));
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
    // The same case fails in many scenarios for one reason: the first shows it, and the others are named.
    let mut shown: Vec<&str> = Vec::new();
    for (case, failure) in &failed {
        if shown.contains(&case.case.as_str()) {
            continue;
        }
        shown.push(&case.case);
        println!("  {}: {}", case.scenario, case.case);
        failure
            .to_string()
            .lines()
            .for_each(|line| println!("    {line}"));
        let alike = failed.iter().filter(|(other, _)| other.case == case.case).skip(1);
        let alike: Vec<&str> = alike.map(|(other, _)| other.scenario.as_str()).collect();
        if !alike.is_empty() {
            println!("    and the same case of {}", alike.join(", "));
        }
    }
    failed.is_empty()
}

#[cfg(test)]
mod tests {
    use super::{Counted, statements_table};
    use bakeoff_core::evidence::Statements;
    use bakeoff_lab::ScenarioStatements;

    fn counted(scenario: &str, responses: u64, total: u64, transaction_control: u64) -> ScenarioStatements {
        ScenarioStatements {
            scenario: scenario.to_owned(),
            responses,
            statements: Statements {
                total,
                transaction_control,
            },
        }
    }

    #[test]
    fn statements_are_a_table_of_contenders_and_scenarios() {
        let all: Counted = vec![
            (
                "node-http".to_owned(),
                vec![counted("page", 0, 0, 0), counted("read-item", 100, 100, 0)],
            ),
            (
                "python-pyramid".to_owned(),
                vec![counted("page", 100, 150, 0), counted("read-item", 100, 300, 200)],
            ),
        ];
        insta::assert_snapshot!(statements_table(&all), @r"
        | contender | `page` | `read-item` |
        |---|---|---|
        | node-http | – | 1 |
        | python-pyramid | 1.5 | 3 (2) |
        ");
    }
}
