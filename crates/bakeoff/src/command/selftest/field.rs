//! `bakeoff selftest --field N --of NAME`: N copies of one contender under other names, and one that is dearer by real
//! work, through a whole run; then the procedure of the run is replayed on its launches, dealt anew to the names. It
//! measures how often equal contenders get a verdict that separates them; the core replays.

mod calibration;
mod copies;
mod table;

use super::example;
use super::statistics::Statistics;
use crate::command::measuring::plan_of;
use crate::duration;
use crate::exit::{Exit, Failure};
use crate::field::{Field, chosen};
use crate::interrupt::Interrupt;
use crate::judging::options_of;
use crate::machine::runtimes_for;
use crate::measure::{Bench, measure};
use crate::preparing::{Installs, Visited, observe, prepare_all};
use crate::progress::Screen;
use crate::results::ResultsFolder;
use crate::store::{Store, Stored};
use bakeoff_core::brief::Brief;
use bakeoff_core::evidence::StopReason;
use bakeoff_core::plan::Plan;
use bakeoff_core::stop::{Cast, replay};
use bakeoff_lab::{ExtraWork, TierChoice};
use calibration::{Site, bytes_for};
use clap::Args;
use copies::Copies;
use std::path::{Path, PathBuf};
use table::{CPU, Table};

/// By how much the dearer copy costs more CPU time for each request.
const DEARER: f64 = 0.20;

/// A field of copies.
#[derive(Debug, Args)]
pub(crate) struct FieldOfCopies {
    /// Measure N copies of one contender and a dearer one, and replay how often a verdict separates equals
    #[arg(long, value_name = "N", requires = "of", conflicts_with_all = ["only", "statistics"], value_parser = clap::value_parser!(u32).range(2..=12))]
    field: Option<u32>,
    /// The contender that is copied
    #[arg(long, value_name = "NAME", requires = "field")]
    of: Option<String>,
    /// Number of replays
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000), requires = "field")]
    replays: u32,
    /// Time for measuring the field [default: a full answer]
    #[arg(long, value_name = "TIME", value_parser = duration::seconds, requires = "field")]
    field_budget: Option<f64>,
    /// Replay the field that was measured last, instead of measuring one
    #[arg(long, requires = "field")]
    stored: bool,
    #[command(flatten)]
    results: ResultsFolder,
}

impl FieldOfCopies {
    /// Measures, replays and prints the table, with `--field`; `shared` has the options for all tests.
    pub(super) fn run(&self, brief: Option<&Path>, shared: &Statistics) -> Option<Result<Exit, Failure>> {
        let (count, of) = self.field.zip(self.of.as_deref())?;
        Some(self.run_with(&Copies::new(of, count), brief, shared))
    }

    fn run_with(&self, copies: &Copies, brief: Option<&Path>, shared: &Statistics) -> Result<Exit, Failure> {
        let stored = if self.stored {
            self.last(copies)?
        } else {
            self.measure(copies, brief, shared.seed)?
        };
        if stored.run.stop == Some(StopReason::Interrupted) {
            return Ok(Exit::Interrupted);
        }
        if stored.run.stop != Some(StopReason::PlanDone) {
            eprintln!("the field was not measured to its end: replays stop where its evidence does");
        }
        let table = self.table(copies, &stored);
        if shared.json {
            println!("{:#}", table.as_json());
        } else {
            println!("{}", table.in_markdown());
        }
        Ok(if table.holds() {
            Exit::Done
        } else {
            Exit::LimitFailed
        })
    }

    /// The folder of these runs: beside the user's own, because no command can go on with them.
    fn folder(&self) -> PathBuf {
        self.results.path.join("selftest")
    }

    fn last(&self, copies: &Copies) -> Result<Stored, Failure> {
        let store = Store::existing(&self.folder())?;
        let stored = store.load(&store.resolve("latest")?)?;
        if stored.run.plan.contenders == copies.all() {
            Ok(stored)
        } else {
            Err(Failure::usage(
                format!("the last field was {}", stored.run.plan.contenders.join(", ")),
                "replay that one, or measure anew without --stored",
            ))
        }
    }

    /// Measures the field: every launch of the plan, so that a replay has all that it may demand.
    fn measure(&self, copies: &Copies, brief: Option<&Path>, seed: u64) -> Result<Stored, Failure> {
        let interrupt = Interrupt::listen()?;
        let mut file = example::open(brief)?;
        let screen = Screen::open();
        let chosen = chosen::of_names(&file.domain, std::slice::from_ref(&copies.of))?;
        let runtimes = runtimes_for(&chosen, &screen, &interrupt)?;
        let mut field = Field::of(&chosen, &runtimes);
        let preparation = prepare_all(&mut field, Installs::SideBySide, &screen, &interrupt)?;
        let [original] = preparation.ready.as_slice() else {
            return Err(copies.not_prepared(&field.records));
        };
        observe(&mut field, &preparation.ready, &file, &Visited::new());
        let folder = tempfile::tempdir().map_err(|error| cannot_write(&error))?;
        let extra_work = ExtraWork::in_folder(folder.path()).map_err(|error| cannot_write(&error))?;
        let site = Site {
            file: &file,
            runtimes: &runtimes,
            screen: &screen,
            interrupt: &interrupt,
        };
        let bytes = bytes_for(DEARER, copies, original, &extra_work, &site)?;
        copies.enter(&mut file.domain);
        let records = copies.records(&field.records[0]);
        let prepared = copies.prepared(original, &extra_work, bytes)?;
        let plan = self.plan(copies, &file.brief, seed);
        let bench = Bench {
            file: &file,
            records: &records,
            prepared: &prepared,
            runtimes: &runtimes,
            isolation: TierChoice::Best,
            results: &self.folder(),
            watch: &screen,
            interrupt: &interrupt,
        };
        measure(&plan, None, &bench)
    }

    /// A plan of which every round runs, and whose twin is one of the equal copies.
    fn plan(&self, copies: &Copies, brief: &Brief, seed: u64) -> Plan {
        let mut plans = (seed..).map(|seed| plan_of(copies.all(), self.field_budget, seed, brief));
        let of_equals = |plan: &Plan| plan.twin_of.as_deref() != Some(copies.dearer.as_str());
        let plan = plans
            .find(of_equals)
            .expect("one seed in several draws another twin");
        let blocks = plan.blocks_of_a_launch();
        plan.with_blocks(blocks)
    }

    fn table(&self, copies: &Copies, stored: &Stored) -> Table {
        let Stored { run, brief } = stored;
        let options = options_of(run);
        let play = |cast: &Cast| replay(run, brief, &brief.preferences, &options, cast, CPU, self.replays);
        let twin_of = run.plan.twin_of.as_deref();
        Table::new(
            copies,
            stored,
            &play(&copies.equals_only()),
            &play(&copies.with_dearer(twin_of)),
        )
    }
}

fn cannot_write(error: &std::io::Error) -> Failure {
    Failure::lab(format!("a temporary folder: {error}"), "is the disk full?")
}
