//! `bakeoff run [BRIEF]`: the table of contents of the product. Each line of [`Run::run`] is a stage: it takes the
//! document before it, adds one, and changes nothing behind it. Does no work of its own.

mod outcome;
mod running;

use crate::brief_file::BriefFile;
use crate::browsers::Visits;
use crate::changes::Unknown;
use crate::command::measuring::Measuring;
use crate::command::plan::{left_out_in_words, plan_in_words};
use crate::exit::{Exit, Failure};
use crate::field::{Field, chosen};
use crate::interrupt::Interrupt;
use crate::isolation::Isolation;
use crate::judging::judge;
use crate::machine;
use crate::measure::{Bench, measure};
use crate::platforms;
use crate::preparing::{Visited, observe, prepare};
use crate::progress::Screen;
use crate::results::ResultsFolder;
use crate::resuming::{Unfinished, unfinished};
use crate::store::Stored;
use bakeoff_core::evidence::Run as Evidence;
use bakeoff_core::plan::Plan;
use bakeoff_core::schedule::left_out;
use bakeoff_lab::{Prepared, Runtimes};
use clap::Args;
use running::RunningOptions;

/// Measure the contenders, decide, and write the report
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff run briefs/order-api.toml\n  bakeoff run --budget 20m --only node-fastify,python-fastapi\n  \
                        bakeoff run --resume        continue the last unfinished run here\n  \
                        bakeoff run --tiers node-fastify        what V8's compilers are worth for this brief\n  \
                        bakeoff run --starts java-spring        what a prepared start is worth: start-up and warm-up\n  \
                        bakeoff run --url a=http://localhost:9001 --url b=http://localhost:9002 --openapi api.yaml\n\nResults go to .bakeoff/: the store, and runs/latest/ with report.html, \
                        decision.md, results.json, results.csv."
)]
pub(crate) struct Run {
    #[command(flatten)]
    measuring: Measuring,
    /// Continue the last unfinished run here, or the last one of BRIEF, with its contenders, budget, seed and isolation
    #[arg(long)]
    resume: bool,
    /// Do not check the standard changes of contenders that were never checked; what they cost then has no value
    #[arg(long)]
    skip_changes: bool,
    /// Do not run the validation of contenders in a browser that never ran there; what it needs then has no value
    #[arg(long)]
    skip_browser: bool,
    /// Show the plan and exit
    #[arg(long)]
    dry_run: bool,
    /// Print each phase of launches and trials as a line: for tests, which kill a run in one of them
    #[arg(long, hide = true)]
    phases: bool,
    #[command(flatten)]
    isolation: Isolation,
    #[command(flatten)]
    results: ResultsFolder,
    #[command(flatten)]
    running: RunningOptions,
}

impl Run {
    /// From the brief to the report.
    ///
    /// # Errors
    /// What ended the run before its report, with its exit code; the evidence is kept.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        if self.running.are_given() {
            return self.run_services();
        }
        let interrupt = Interrupt::listen()?;
        let (file, resumed) = self.begin_or_resume()?;
        if self.dry_run {
            let field = self.field(&file, &machine::runtimes(&file.domain), resumed.as_ref())?;
            let plan = self.plan(&field, &file, resumed.as_ref());
            say!("{}", plan_in_words(&file, &field, &plan));
            return Ok(Exit::Done);
        }
        let screen = self.screen();
        let runtimes = self.runtimes(&file, resumed.as_ref(), &screen, &interrupt)?;
        let mut field = self.field(&file, &runtimes, resumed.as_ref())?;
        let preparation = prepare(&mut field, &screen, &interrupt)?;
        if let Some(words) = preparation.in_words() {
            screen.say(&format!("prepared  {words}"));
        }
        if !self.skip_changes && resumed.is_none() {
            self.check_changes(&field, &file, &runtimes, &screen, &interrupt)?;
        }
        let visited = self.visit_browser(&field, &file, &runtimes, resumed.as_ref(), &screen, &interrupt)?;
        observe(&mut field, &preparation.ready, &file, &visited);
        if resumed.is_none() {
            self.check_platform(
                &mut field,
                &preparation.ready,
                &file,
                &runtimes,
                &screen,
                &interrupt,
            )?;
        }
        let plan = self.plan(&field, &file, resumed.as_ref());
        for line in left_out_in_words(&left_out(&plan)) {
            screen.say(&format!("budget    {line}"));
        }
        let bench = Bench {
            file: &file,
            records: &field.records,
            prepared: &preparation.ready,
            runtimes: &runtimes,
            isolation: self.isolation.choice_for(resumed.as_ref()),
            results: &self.results.path,
            watch: &screen,
            interrupt: &interrupt,
        };
        let Stored { run, brief } = measure(&plan, resumed.as_ref(), &bench)?;
        drop(screen);
        let judgement = judge(&run, &brief);
        outcome::report(&self.results, &run, &judgement, &brief)
    }

    fn screen(&self) -> Screen {
        if self.phases {
            Screen::with_phases()
        } else {
            Screen::open()
        }
    }

    /// The same for services that run already.
    fn run_services(&self) -> Result<Exit, Failure> {
        let interrupt = Interrupt::listen()?;
        let services = self.running.open(self.measuring.brief.as_deref())?;
        let plan = services.plan(&self.measuring);
        if self.dry_run {
            say!("{}", services.in_words(&plan));
            return Ok(Exit::Done);
        }
        let screen = self.screen();
        let Stored { run, brief } = services.measure(&plan, &self.results.path, &screen, &interrupt)?;
        drop(screen);
        let judgement = judge(&run, &brief);
        outcome::report(&self.results, &run, &judgement, &brief)
    }

    /// The brief, and with --resume the unfinished run that goes on.
    fn begin_or_resume(&self) -> Result<(BriefFile, Option<Evidence>), Failure> {
        let brief = self.measuring.brief.as_deref();
        if !self.resume {
            return Ok((BriefFile::open(brief)?, None));
        }
        let Unfinished { run, file } = unfinished(&self.results.path, brief)?;
        eprintln!(
            "continuing the run {} of `{}`, begun {}",
            run.id, file.shown, run.started
        );
        Ok((file, Some(run)))
    }

    /// The runtimes of this machine, with what bakeoff provides; a run that goes on keeps those that it began with.
    fn runtimes(
        &self,
        file: &BriefFile,
        resumed: Option<&Evidence>,
        screen: &Screen,
        interrupt: &Interrupt,
    ) -> Result<Runtimes, Failure> {
        if resumed.is_some() {
            return Ok(machine::runtimes(&file.domain));
        }
        let chosen = chosen::of_run(&file.domain, &file.brief, &self.measuring.names(&file.domain)?)?;
        machine::runtimes_for(&chosen, screen, interrupt)
    }

    /// Checks the standard changes that were never checked, so that what they cost has a value.
    fn check_changes(
        &self,
        field: &Field,
        file: &BriefFile,
        runtimes: &Runtimes,
        screen: &Screen,
        interrupt: &Interrupt,
    ) -> Result<(), Failure> {
        let unknown = Unknown::of(field, &file.domain);
        if let Some(words) = unknown.in_words() {
            screen.say(&format!("changes   {words}"));
        }
        let checked = unknown.check(file, runtimes, self.isolation.choice(), screen, interrupt)?;
        if let Some(words) = checked {
            screen.say(&format!("changes   {words}"));
        }
        Ok(())
    }

    /// Runs the validation of contenders in a browser where nothing is known of that, alone, before any trial.
    fn visit_browser(
        &self,
        field: &Field,
        file: &BriefFile,
        runtimes: &Runtimes,
        resumed: Option<&Evidence>,
        screen: &Screen,
        interrupt: &Interrupt,
    ) -> Result<Visited, Failure> {
        let visits = Visits::of(field, &file.domain);
        if self.skip_browser || resumed.is_some() {
            return Ok(visits.without_a_visit());
        }
        if let Some(words) = visits.in_words() {
            screen.say(&format!("browser   {words}"));
        }
        visits.make(file, runtimes, self.isolation.choice(), screen, interrupt)
    }

    /// Starts each contender as an instance of the brief's platform would be, where that is App Engine or Cloud Run.
    fn check_platform(
        &self,
        field: &mut Field,
        ready: &[Prepared],
        file: &BriefFile,
        runtimes: &Runtimes,
        screen: &Screen,
        interrupt: &Interrupt,
    ) -> Result<(), Failure> {
        let choice = self.isolation.choice();
        let checked = platforms::check(field, ready, file, runtimes, choice, screen, interrupt)?;
        if let Some(words) = checked {
            screen.say(&format!("platform  {words}"));
        }
        Ok(())
    }

    /// The contenders that run: those of the command line or the brief, or all of a run that goes on.
    fn field(
        &self,
        file: &BriefFile,
        runtimes: &Runtimes,
        resumed: Option<&Evidence>,
    ) -> Result<Field, Failure> {
        let mut field = match resumed {
            Some(run) => Field::whole(&file.domain, run, runtimes)?,
            None => Field::choose(
                &file.domain,
                &file.brief,
                &self.measuring.names(&file.domain)?,
                runtimes,
            )?,
        };
        field.require_enough()?;
        field.say_what_is_not_served(&file.domain, &file.brief);
        Ok(field)
    }

    fn plan(&self, field: &Field, file: &BriefFile, resumed: Option<&Evidence>) -> Plan {
        resumed.map_or_else(|| self.measuring.plan(field, file), |run| run.plan.clone())
    }
}
