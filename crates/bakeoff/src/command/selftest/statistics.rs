//! `bakeoff selftest --statistics`: fake servers with equal and with known different service times, and how often the
//! comparison of a run finds a difference, between equal and between different servers. It uses the confidence interval
//! and the noise floor of a run.

mod table;

use crate::duration;
use crate::exit::{Exit, Failure};
use crate::interrupt::Interrupt;
use crate::progress::Screen;
use bakeoff_core::plan::TrialBudget;
use bakeoff_core::power::{Compared, Found, Planted, drawn, found_in};
use bakeoff_core::words::number;
use bakeoff_lab::planted::{PlantedField, PlantedServer, UTILISATION, units_in};
use clap::Args;
use std::time::{Duration, Instant};
use table::{Measured, Row, Table};

/// The work of a server with the factor 1.
const SERVICE: Duration = Duration::from_millis(1);

/// Requests of a trial.
const REQUESTS: u64 = 100;

/// Servers that are equal; the others follow them in a block.
const EQUAL: usize = 4;

/// By how much the others do more for each request.
const PLANTED: [f64; 3] = [0.05, 0.10, 0.20];

/// The maximum length in seconds of a run's shortest trial with its load only: a start, a warm-up that does not settle
/// early, the load.
const TRIAL_S: f64 = 3.45;

/// The pool must have at least this multiple of a session's blocks, so that sessions differ.
const TIMES_A_SESSION: usize = 3;

/// How often planted differences are found.
#[derive(Debug, Args)]
pub(crate) struct Statistics {
    /// Measure how often a comparison finds no, 5, 10 and 20 % difference in service time
    #[arg(long)]
    statistics: bool,
    /// Number of sessions for each difference
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    sessions: u32,
    /// Minutes of one session
    #[arg(long, value_name = "M", default_value_t = 5.0)]
    minutes: f64,
    /// Time for measuring the blocks from which sessions are drawn
    #[arg(long, value_name = "TIME", default_value = "8m", value_parser = duration::seconds)]
    measure: f64,
    /// Measure every session instead of drawing it: takes sessions × minutes for each difference
    #[arg(long)]
    anew: bool,
    /// Seed of all random choices: orders, arrivals, draws
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    /// Be a fake server with N units of work per request
    #[arg(long, value_name = "UNITS", hide = true)]
    planted_server: Option<u64>,
}

impl Statistics {
    /// Measures and prints the table, with `--statistics`.
    pub(super) fn run(&self) -> Option<Result<Exit, Failure>> {
        if let Some(units) = self.planted_server {
            return Some(serve(units));
        }
        self.statistics.then(|| {
            let interrupt = Interrupt::listen()?;
            let screen = Screen::open();
            let table = self.table(&interrupt, &screen);
            screen.close();
            let table = table?;
            if self.json {
                println!("{:#}", table.as_json());
            } else {
                println!("{}", table.in_words());
            }
            let exit = if table.holds() {
                Exit::Done
            } else {
                Exit::LimitFailed
            };
            Ok(exit)
        })
    }

    fn table(&self, interrupt: &Interrupt, screen: &Screen) -> Result<Table, Failure> {
        let factors = [1.0; EQUAL].into_iter().chain(PLANTED.map(|more| 1.0 + more));
        let field = self.field(factors.collect(), interrupt)?;
        let (blocks, length) = if self.anew {
            (Vec::new(), 0)
        } else {
            let blocks = self.blocks(&field, self.measure, screen)?;
            (blocks, self.session_length())
        };
        if !self.anew && blocks.len() < length * TIMES_A_SESSION {
            return Err(Failure::usage(
                format!(
                    "{} blocks are too few to draw sessions of {length} from",
                    blocks.len()
                ),
                format!(
                    "at least {} are needed: give --measure more time, or sessions fewer --minutes",
                    length * TIMES_A_SESSION
                ),
            ));
        }
        let mut rows = Vec::new();
        for more in [0.0].into_iter().chain(PLANTED) {
            let place = PLANTED.iter().position(|planted| *planted == more);
            let found = if self.anew {
                self.anew(&field, more, screen)?
            } else {
                self.drawn(&blocks, place, length)
            };
            let ratio = table::ratio(&blocks, 0, place.map_or(1, |place| EQUAL + place));
            rows.push(Row { more, found, ratio });
        }
        let measured = Measured {
            blocks: blocks.len(),
            servers: field.factors.len(),
            equal: EQUAL,
            requests: REQUESTS,
            service_ms: SERVICE.as_secs_f64() * 1e3,
            load_s: REQUESTS as f64 * SERVICE.as_secs_f64() / UTILISATION,
            minutes: self.minutes,
            session_blocks: length,
            run_load_s: TrialBudget::STANDARD.measure_s,
        };
        Ok(Table { rows, measured })
    }

    fn field<'i>(&self, factors: Vec<f64>, interrupt: &'i Interrupt) -> Result<PlantedField<'i>, Failure> {
        let program = std::env::current_exe().map_err(|error| {
            Failure::lab(
                format!("this program's own path: {error}"),
                "start it by its path",
            )
        })?;
        Ok(PlantedField {
            program,
            arguments: ["selftest", "--planted-server"].map(str::to_owned).to_vec(),
            units: units_in(SERVICE),
            service: SERVICE,
            factors,
            requests: REQUESTS,
            seed: self.seed,
            stop: interrupt.flag(),
        })
    }

    /// The blocks that end within `seconds`.
    fn blocks(
        &self,
        field: &PlantedField<'_>,
        seconds: f64,
        screen: &Screen,
    ) -> Result<Vec<Vec<f64>>, Failure> {
        let began = Instant::now();
        let mut blocks: Vec<Vec<f64>> = Vec::new();
        while began.elapsed().as_secs_f64() < seconds {
            let left = number::duration_s((seconds - began.elapsed().as_secs_f64()).max(0.0).round());
            screen.now(&format!(
                "block {} of planted servers, {left} left",
                blocks.len() + 1
            ));
            let block = field.block(blocks.len() as u32).map_err(|fault| {
                if field.stop.load(std::sync::atomic::Ordering::Relaxed) {
                    Failure::interrupted()
                } else {
                    Failure::lab(fault.message, "`bakeoff doctor` lists what this machine lacks")
                }
            })?;
            blocks.push(block);
        }
        Ok(blocks)
    }

    /// Number of blocks of a pair and a twin in the minutes of a session, with the shortest trials of a run.
    fn session_length(&self) -> usize {
        (self.minutes * 60.0 / (3.0 * TRIAL_S)) as usize
    }

    /// Sessions of a planted difference drawn from the blocks, an equal share with each of the equal servers as the one
    /// compared.
    fn drawn(&self, blocks: &[Vec<f64>], place: Option<usize>, length: usize) -> Found {
        let share = |first: usize| {
            let part = self.sessions as usize / EQUAL + usize::from(first < self.sessions as usize % EQUAL);
            let compared = Compared {
                one: first,
                twin: (first + 1) % EQUAL,
                other: place.map_or((first + 2) % EQUAL, |place| EQUAL + place),
            };
            let planted = if place.is_some() {
                Planted::Slower
            } else {
                Planted::Equal
            };
            drawn(
                blocks,
                compared,
                planted,
                part as u32,
                length,
                self.seed ^ first as u64,
            )
        };
        (0..EQUAL).map(share).fold(Found::default(), Found::and)
    }

    /// Sessions of a planted difference, each measured anew: a pair and a twin.
    fn anew(&self, field: &PlantedField<'_>, more: f64, screen: &Screen) -> Result<Found, Failure> {
        let planted = if more > 0.0 {
            Planted::Slower
        } else {
            Planted::Equal
        };
        let compared = Compared {
            one: 0,
            twin: 1,
            other: 2,
        };
        let mut found = Found::default();
        for session in 0..self.sessions {
            let pair = PlantedField {
                factors: vec![1.0, 1.0, 1.0 + more],
                seed: field.seed.wrapping_add(u64::from(session).rotate_left(40)),
                program: field.program.clone(),
                arguments: field.arguments.clone(),
                ..*field
            };
            let blocks = self.blocks(&pair, self.minutes * 60.0, screen)?;
            let session: Vec<&[f64]> = blocks.iter().map(Vec::as_slice).collect();
            found = found.and(found_in(&session, compared, planted));
        }
        Ok(found)
    }
}

/// Is a planted server until it is ended.
fn serve(units: u64) -> Result<Exit, Failure> {
    let server = PlantedServer::start(units).map_err(|error| {
        Failure::lab(
            format!("the planted server: {error}"),
            "is a port of 127.0.0.1 free?",
        )
    })?;
    println!("{}", server.address());
    loop {
        std::thread::park();
    }
}
