//! `bakeoff selftest --running`: fake services that answer after 10, 10 and 12 ms of waiting, measured as services that
//! run already, and how often a run of few blocks tells them apart. It uses the plan, the trials and the judge of a
//! run.

use super::figure::Figure;
use crate::brief_file::BriefFile;
use crate::exit::{Exit, Failure};
use crate::field::running::of_service;
use crate::interrupt::Interrupt;
use crate::measure::running::{RunningBench, measure_running};
use crate::progress::Screen;
use bakeoff_core::evidence::{GateOutcome, GateResult, Run};
use bakeoff_core::judge::JudgeOptions;
use bakeoff_core::plan::Plan;
use bakeoff_core::stop::replay_blocks;
use bakeoff_core::verdict::Outcome;
use bakeoff_core::words::table;
use bakeoff_lab::{RunningService, RunningServices, RunningTerms};
use bakeoff_load::Target;
use bakeoff_load::scripted::{Reaction, ScriptedServer};
use clap::Args;
use serde_json::json;
use std::path::Path;
use std::time::Duration;

/// The services: their names, and how long each waits, in ms.
const PLANTED: [(&str, u64); 3] = [("ten", 10), ("also-ten", 10), ("twelve", 12)];

/// The blocks that are measured, and those that a replay draws from them.
const BLOCKS: (u32, usize) = (9, 5);

/// The length of a load, in seconds.
const LOAD_S: f64 = 0.4;

/// The load before the first block, in seconds.
const RUN_IN_S: f64 = 0.5;

const REPLAYS: u32 = 20;

/// How often it is tried on a busy machine, and the fewest blocks of which no trial was disturbed.
const ATTEMPTS: u32 = 3;
const FEWEST_QUIET: usize = 7;

/// The requests, and how often they are sent.
const BRIEF: &str = "name = \"planted\"\n[load]\npeak_rps = 250\nslo = { p99_ms = 50, error_rate = 0.01 }\n\
                     [[traffic]]\nscenario = \"planted\"\nshare = 1\n";
const SCENARIO: &str = "id = \"planted\"\ntitle = \"Planted\"\nsummary = \"A short wait.\"\ntoken = false\nstatements = 0\n\
                        [request]\nmethod = \"GET\"\npath = \"/\"\n[answer]\nstatus = 200\n";

/// How often a run tells services apart that run already.
#[derive(Debug, Args)]
pub(crate) struct RunningServers {
    /// Measure how often a run tells services apart that run already: 10 ms and 12 ms, and 10 ms and 10 ms; half a
    /// minute
    #[arg(long)]
    running: bool,
}

impl RunningServers {
    /// Measures and prints both figures, with `--running`.
    pub(super) fn run(&self, seed: u64, as_json: bool) -> Option<Result<Exit, Failure>> {
        self.running.then(|| {
            let mut attempt = 1;
            let mut measured = measure(seed)?;
            while !measured.holds() && attempt < ATTEMPTS {
                attempt += 1;
                measured = measure(seed)?;
            }
            if as_json {
                let rows: Vec<_> = measured.figures.iter().map(row_as_json).collect();
                println!("{:#}", json!({ "schema": 1, "ok": measured.holds(), "figures": rows }));
            } else {
                let rows: Vec<Vec<String>> = measured.figures.iter().map(Figure::row).collect();
                let header = ["of 20 replays", "known", "found", "tolerance", ""];
                say!("{}", table::aligned(&header, &rows));
            }
            Ok(match (measured.holds(), measured.quiet_blocks < FEWEST_QUIET) {
                (true, _) => Exit::Done,
                (false, true) => {
                    eprintln!(
                        "too noisy to tell: in {} of {} blocks a trial was disturbed; run it on a quieter machine",
                        BLOCKS.0 as usize - measured.quiet_blocks,
                        BLOCKS.0
                    );
                    Exit::Undecided
                }
                (false, false) => Exit::LimitFailed,
            })
        })
    }
}

fn row_as_json(figure: &Figure) -> serde_json::Value {
    json!({
        "figure": figure.name,
        "planted": figure.planted,
        "reported": figure.reported,
        "below": figure.below,
        "above": figure.above,
        "ok": figure.holds(),
    })
}

/// What was found, and on how quiet a machine.
struct Measured {
    figures: [Figure; 2],
    /// Blocks in which the machine disturbed no trial.
    quiet_blocks: usize,
}

impl Measured {
    fn holds(&self) -> bool {
        self.figures.iter().all(Figure::holds)
    }
}

/// The blocks in which the machine disturbed no trial.
fn quiet_blocks(run: &Run) -> usize {
    let missed = |result: &GateResult| result.outcome == GateOutcome::Failed;
    let is_disturbed = |block: u32| {
        let mut trials = run.trials.iter();
        trials.any(|trial| trial.block == block && trial.gates.iter().any(missed))
    };
    (0..BLOCKS.0).filter(|block| !is_disturbed(*block)).count()
}

/// Measures the services, and replays the runs of each pair.
fn measure(seed: u64) -> Result<Measured, Failure> {
    let interrupt = Interrupt::listen()?;
    let servers = PLANTED
        .map(|(_, ms)| ScriptedServer::start(move |_| Reaction::ok().after(Duration::from_millis(ms))));
    let mut services = Vec::new();
    let mut running = Vec::new();
    for ((name, _), server) in PLANTED.into_iter().zip(servers) {
        let server =
            server.map_err(|error| Failure::lab(format!("a fake service: {error}"), "is a port free?"))?;
        services.push(RunningService {
            name: name.to_owned(),
            target: Target::plain(server.address()),
            watched: None,
        });
        running.push(server);
    }
    let scenario = [("planted.toml".to_owned(), SCENARIO.to_owned())];
    let file = BriefFile::with_scenarios("planted".to_owned(), BRIEF.to_owned(), Path::new("."), &scenario)?;
    let run = run(&file, &services, seed, &interrupt)?;
    let answers = |pair: [&str; 2], equals: &[&str]| {
        let options = JudgeOptions {
            seed,
            only: pair.map(str::to_owned).to_vec(),
            ..JudgeOptions::default()
        };
        let equals: Vec<String> = equals.iter().map(|name| (*name).to_owned()).collect();
        let all = replay_blocks(&run, &file.brief, &options, &equals, BLOCKS.1, REPLAYS);
        all.iter()
            .filter(|(outcome, _)| *outcome == Outcome::Choose)
            .count() as f64
    };
    let [(ten, _), (also_ten, _), (twelve, _)] = PLANTED;
    let figures = [
        Figure {
            below: 2.0,
            ..Figure::near(
                "10 ms and 12 ms told apart",
                "",
                f64::from(REPLAYS),
                answers([ten, twelve], &[ten]),
                0.0,
            )
        },
        Figure {
            above: 1.0,
            ..Figure::near(
                "10 ms and 10 ms told apart",
                "",
                0.0,
                answers([ten, also_ten], &[ten, also_ten]),
                0.0,
            )
        },
    ];
    Ok(Measured {
        figures,
        quiet_blocks: quiet_blocks(&run),
    })
}

fn run(
    file: &BriefFile,
    services: &[RunningService],
    seed: u64,
    interrupt: &Interrupt,
) -> Result<Run, Failure> {
    let names = services.iter().map(|service| service.name.clone()).collect();
    let rate_rps = file.brief.load.peak_rps;
    let mut plan = Plan::of_running(
        names,
        vec!["--running".to_owned()],
        (Some(BLOCKS.0), None),
        seed,
        rate_rps,
    );
    plan.trial.measure_s = LOAD_S;
    plan.launch.warm_max_s = RUN_IN_S;
    let screen = Screen::open();
    let terms = RunningTerms {
        brief: &file.brief,
        scenarios: &file.domain.scenarios,
        services,
        events: &screen,
        stop: interrupt.flag(),
    };
    let mut running = RunningServices::find(terms)
        .map_err(|(name, reason)| Failure::lab(format!("`{name}`: {reason}"), "report this"))?;
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::lab(format!("a temporary folder: {error}"), "is `TMPDIR` writable?"))?;
    let bench = RunningBench {
        file,
        records: services
            .iter()
            .map(|service| of_service(service, &url_of(service), &file.brief))
            .collect(),
        results: folder.path(),
        watch: &screen,
        interrupt,
    };
    let stored = measure_running(&plan, &mut running, bench)?;
    if interrupt.requested() {
        return Err(Failure::interrupted());
    }
    Ok(stored.run)
}

fn url_of(service: &RunningService) -> String {
    format!("http://{}", service.target.address)
}
