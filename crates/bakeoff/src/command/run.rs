//! `bakeoff run [BRIEF]`: the table of contents of the product. Each line is a stage: it takes the document before it, adds one, and
//! changes nothing behind it. It does no work of its own.

use crate::brief_file::BriefFile;
use crate::command::plan;
use crate::duration;
use crate::exit::{Exit, Failure};
use crate::interrupt::Interrupt;
use crate::isolation::Isolation;
use crate::measure::blocks::measure_blocks;
use crate::measure::field::Field;
use crate::measure::judging::{Judged, exit_of};
use crate::measure::opening::{LabPlace, open_session};
use crate::measure::preparing::{observe, prepare_all};
use crate::progress::Screen;
use crate::results::ResultsFolder;
use bakeoff_core::evidence::StopReason;
use bakeoff_core::plan::Plan;
use bakeoff_lab::Runtimes;
use clap::Args;
use std::path::PathBuf;

/// Measure the contenders, decide, and write the report
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff run briefs/order-api.toml\n  bakeoff run --budget 20m --only node-fastify,python-fastapi\n  \
                        bakeoff run --resume        continue after an interrupt\n\nResults go to .bakeoff/: the store, and runs/latest/ with report.html, \
                        decision.md, results.json, results.csv."
)]
pub(crate) struct Run {
    #[command(flatten)]
    measuring: Measuring,
    /// Continue the last unfinished run of this brief
    #[arg(long)]
    resume: bool,
    /// Show the plan and exit
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    isolation: Isolation,
    #[command(flatten)]
    results: ResultsFolder,
}

/// What is measured, and for how long.
#[derive(Debug, Clone, Args)]
pub(crate) struct Measuring {
    /// The brief [default: bakeoff.toml]
    pub(crate) brief: Option<PathBuf>,
    /// Maximum time for measuring, for example 90s, 5m or 1h30m
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = duration::seconds)]
    pub(crate) budget: f64,
    /// Divide the time into N blocks and run all of them, even if the verdict is clear earlier
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) blocks: Option<u32>,
    /// Measure only these contenders
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Seed of all random choices: the order of the trials, the requests and their times
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
}

impl Measuring {
    /// The plan for the contenders of a field that can run.
    #[must_use]
    pub(crate) fn plan(&self, field: &Field) -> Plan {
        let plan = Plan::new(field.ready(), self.budget, self.seed);
        match self.blocks {
            Some(count) => plan.with_blocks(count),
            None => plan,
        }
    }
}

impl Run {
    /// From the brief to the report.
    ///
    /// # Errors
    /// What ended the run before its report, with its exit code; the evidence is kept.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let interrupt = Interrupt::listen()?;
        let file = BriefFile::open(self.measuring.brief.as_deref())?;
        let runtimes = Runtimes::find();
        let mut field = Field::choose(&file.domain, &file.brief, &self.measuring.only, &runtimes)?;
        Field::require_two(&field.records)?;
        if self.dry_run {
            println!("{}", plan::in_words(&file, &field, &self.measuring.plan(&field)));
            return Ok(Exit::Done);
        }
        let screen = Screen::open();
        let judged = self.measure(&interrupt, &file, &runtimes, &mut field, &screen);
        screen.close();
        self.conclude(&judged?)
    }

    /// From the field to the judgement.
    fn measure(
        &self,
        interrupt: &Interrupt,
        file: &BriefFile,
        runtimes: &Runtimes,
        field: &mut Field,
        screen: &Screen,
    ) -> Result<Judged, Failure> {
        let prepared = prepare_all(field, runtimes, screen, interrupt)?;
        Field::require_two(&field.records)?;
        observe(&mut field.records, &prepared, &file.brief);
        let place = LabPlace::of_user();
        let lab = place.open(file, screen, interrupt, self.isolation)?;
        let mut session = open_session(self, file, field, &lab)?;
        let stop = measure_blocks(&lab, &prepared, &mut session, screen, interrupt)?;
        drop(lab);
        let (run, brief) = session.end(stop)?;
        Ok(Judged::new(run, brief))
    }

    /// The documents of the run, and the summary on stdout.
    fn conclude(&self, judged: &Judged) -> Result<Exit, Failure> {
        let folder = self
            .results
            .write(&judged.run, &judged.judgement, &judged.brief)?;
        print!(
            "{}",
            self.results
                .render("text", &judged.run, &judged.judgement, &judged.brief)?
        );
        eprintln!("report: {}", folder.join("report.html").display());
        match &judged.run.stop {
            Some(StopReason::Interrupted) => {
                eprintln!(
                    "interrupted: all finished trials are kept; `bakeoff run --resume` with the same brief continues from here"
                );
                Ok(Exit::Interrupted)
            }
            Some(StopReason::LabFailed(reason)) => {
                eprintln!(
                    "error: {reason}\nhint: all finished trials are kept; `bakeoff doctor` lists what this machine lacks, `bakeoff run --resume` continues"
                );
                Ok(Exit::LabFailed)
            }
            _ => Ok(exit_of(&judged.judgement)),
        }
    }

    /// Whether an unfinished run is to go on.
    #[must_use]
    pub(crate) fn resumes(&self) -> bool {
        self.resume
    }

    /// What is measured, and for how long.
    #[must_use]
    pub(crate) fn measuring(&self) -> &Measuring {
        &self.measuring
    }

    /// Where results are kept.
    #[must_use]
    pub(crate) fn results(&self) -> &ResultsFolder {
        &self.results
    }
}
