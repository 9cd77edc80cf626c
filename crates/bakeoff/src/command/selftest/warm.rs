//! `bakeoff selftest --warm NAME,…`: for each contender, servers that were just warmed up as in a run against one that
//! has answered the brief's load for two minutes, in turns. It shows whether a warm-up warms; the lab drives the turns.

mod ratio;
mod table;

use super::example;
use super::statistics::Statistics;
use crate::duration;
use crate::exit::{Exit, Failure};
use crate::field::{Field, chosen};
use crate::interrupt::Interrupt;
use crate::isolation::Isolation;
use crate::lab_place::LabPlace;
use crate::machine::runtimes_for;
use crate::preparing::{Installs, prepare_all};
use crate::progress::Screen;
use bakeoff_lab::{Lab, PairTerms, PairTurn, Prepared};
use clap::Args;
use ratio::{Compared, Finding, figures_of};
use std::path::Path;
use table::Table;

/// Launches of one contender that live at the same time: the old one and a young one.
const AT_A_TIME: usize = 2;

/// Warm servers.
#[derive(Debug, Args)]
pub(crate) struct WarmServers {
    /// Compare servers of these contenders that were just warmed up with servers two minutes old
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', conflicts_with_all = ["only", "statistics", "field"])]
    warm: Vec<String>,
    /// Time for which the old server answers the load before the comparison
    #[arg(long, value_name = "TIME", default_value = "2m", value_parser = duration::seconds, requires = "warm", hide = true)]
    aged: f64,
    /// Leave the warm-up out: the comparison must then find servers that need one
    #[arg(long, requires = "warm", hide = true)]
    without_warm_up: bool,
    #[command(flatten)]
    isolation: Isolation,
}

impl WarmServers {
    /// Measures and prints the table, with `--warm`; `shared` has the options for all tests.
    pub(super) fn run(&self, brief: Option<&Path>, shared: &Statistics) -> Option<Result<Exit, Failure>> {
        (!self.warm.is_empty()).then(|| {
            let interrupt = Interrupt::listen()?;
            let screen = Screen::open();
            let compared = self.compare(brief, shared.seed, &interrupt, &screen);
            screen.close();
            let table = Table(compared?);
            if shared.json {
                println!("{:#}", table.as_json());
            } else {
                println!("{}", table.in_markdown());
            }
            Ok(match table.finding() {
                _ if interrupt.requested() => Exit::Interrupted,
                Finding::Within => Exit::Done,
                Finding::Beyond => Exit::LimitFailed,
                Finding::TooWide => Exit::Undecided,
            })
        })
    }

    fn compare(
        &self,
        brief: Option<&Path>,
        seed: u64,
        interrupt: &Interrupt,
        screen: &Screen,
    ) -> Result<Vec<Compared>, Failure> {
        let file = example::open(brief)?;
        let chosen = chosen::of_names(&file.domain, &self.warm)?;
        let runtimes = runtimes_for(&chosen, screen, interrupt)?;
        let mut field = Field::of(&chosen, &runtimes);
        let prepared = prepare_all(&mut field, Installs::SideBySide, screen, interrupt)?.ready;
        if let Some(missing) = field
            .records
            .iter()
            .find(|record| !prepared.iter().any(|ready| ready.contender.name == record.name))
        {
            let why = missing.faults.first().map_or("", |fault| fault.message.as_str());
            return Err(Failure::lab(
                format!("`{}` cannot run here: {why}", missing.name),
                "`bakeoff doctor` lists what this machine lacks",
            ));
        }
        let place = LabPlace::of_user(&runtimes);
        let lab = place.open(&file, screen, interrupt, self.isolation.choice(), AT_A_TIME)?;
        let terms = PairTerms {
            aged_s: self.aged,
            warms_up: !self.without_warm_up,
            ..PairTerms::standard(seed)
        };
        let mut all = Vec::new();
        for ready in &prepared {
            if interrupt.requested() {
                break;
            }
            let compared = compare_one(&lab, ready, &terms);
            match compared {
                Err(_) if interrupt.requested() => break,
                compared => {
                    let compared = compared?;
                    screen.say(&compared.in_a_line());
                    all.push(compared);
                }
            }
        }
        Ok(all)
    }
}

fn compare_one(lab: &Lab<'_>, ready: &Prepared, terms: &PairTerms) -> Result<Compared, Failure> {
    let name = &ready.contender.name;
    let mut is_enough = |turns: &[PairTurn]| {
        let figures = figures_of(turns);
        figures.iter().all(|figure| figure.finding() != Finding::TooWide)
    };
    let turns = lab.warm_pairs(ready, terms, &mut is_enough).map_err(|fault| {
        Failure::lab(
            format!("`{name}`: {}", fault.message),
            format!("`bakeoff check {name}` shows whether it holds the contract"),
        )
    })?;
    Ok(Compared {
        name: name.clone(),
        runtime: format!("{} {}", ready.runtime.name, ready.runtime.version),
        launches: turns.last().map_or(0, |turn| turn.launch + 1),
        turns: turns.len(),
        figures: figures_of(&turns),
    })
}
