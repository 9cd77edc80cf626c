//! How many bytes a server must hash before each request, so that a request costs a given share of CPU time more. It is
//! measured as a run measures: two launches side by side, asked in turns, one of them with work.

use super::copies::{Copies, named};
use super::table::CPU;
use crate::brief_file::BriefFile;
use crate::command::measuring::plan_of;
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::lab_place::LabPlace;
use crate::progress::Screen;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::Trial;
use bakeoff_core::plan::{Plan, PlannedLaunch, PlannedTrial};
use bakeoff_core::schedule::{ScheduledLaunch, ScheduledTrial};
use bakeoff_lab::{ExtraWork, Fleet, Prepared, Runtimes, TierChoice};

/// The bytes of the server with work: much more than is wanted, so that noise matters little.
const BYTES: u64 = 256 * 1024;

/// Trials of each server.
const TRIALS: u32 = 6;

/// The fewest of them that must have a figure.
const FEWEST: usize = 3;

/// The least that the work must add, as a share, for a measurement of it.
const LEAST: f64 = 0.05;

/// Where and for what it is measured.
pub(super) struct Site<'s> {
    pub(super) file: &'s BriefFile,
    pub(super) runtimes: &'s Runtimes,
    pub(super) screen: &'s Screen,
    pub(super) interrupt: &'s Interrupt,
}

/// The bytes that make a request of this contender cost `more` CPU time, as a share.
///
/// # Errors
/// Its servers take no work, a launch fails, the lab cannot go on, or the user interrupted.
pub(super) fn bytes_for(
    more: f64,
    copies: &Copies,
    original: &Prepared,
    extra_work: &ExtraWork,
    site: &Site<'_>,
) -> Result<u64, Failure> {
    let names = ["plain", "with-work"].map(|suffix| format!("{}-{suffix}", copies.of));
    let prepared = [
        named(original, &names[0]),
        copies.with_work(original, &names[1], extra_work, BYTES)?,
    ];
    let place = LabPlace::of_user(site.runtimes);
    let lab = place.open(
        site.file,
        site.screen,
        site.interrupt,
        TierChoice::Best,
        prepared.len(),
    )?;
    let plan = plan_of(names.to_vec(), None, 1, &site.file.brief);
    let mut fleet = Fleet::new(&lab, &prepared);
    let mut clock = Clock::default();
    for (id, name) in (0..).zip(&names) {
        let scheduled = launch(&plan, id, name);
        let launch = fleet.launch(&scheduled, clock.now_s).map_err(Failure::of_lab)?;
        clock.now_s += launch.seconds;
        if let Some(fault) = launch.faults.first() {
            return Err(cannot_calibrate(&fault.message));
        }
    }
    let mut ratios = Vec::new();
    for block in 0..TRIALS {
        let mut figures = [None; 2];
        // In turns, the first of a block alternating, so that a drift of the machine meets both.
        for position in 0..2 {
            let id = (block + position) % 2;
            let scheduled = trial(&plan, id, &names[id as usize], (block, position));
            let trial = fleet.trial(&scheduled, clock.now_s).map_err(Failure::of_lab)?;
            clock.now_s += trial.seconds;
            figures[id as usize] = cpu_us(&trial);
        }
        if let [Some(plain), Some(with_work)] = figures {
            ratios.push(with_work / plain);
        }
    }
    bytes_from(&ratios, more, site.screen)
}

/// The bytes, when [`BYTES`] cost as much as these ratios say.
fn bytes_from(ratios: &[f64], more: f64, screen: &Screen) -> Result<u64, Failure> {
    if ratios.len() < FEWEST {
        return Err(cannot_calibrate("too few trials have a figure"));
    }
    let ratio = (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp();
    let added = ratio - 1.0;
    if added < LEAST {
        return Err(cannot_calibrate("work before each request costs it nothing"));
    }
    let bytes = (BYTES as f64 * more / added).round();
    screen.say(&format!(
        "work      hashing {BYTES} bytes costs a request {:.0} % more CPU time; the dearer copy hashes {bytes:.0}",
        added * 100.0
    ));
    Ok(bytes as u64)
}

/// The measuring time so far.
#[derive(Default)]
struct Clock {
    now_s: f64,
}

fn launch(plan: &Plan, id: u32, name: &str) -> ScheduledLaunch {
    ScheduledLaunch {
        id,
        planned: PlannedLaunch {
            round: 0,
            entrant: Entrant::contender(name),
            seed: plan.seed,
        },
        budget: plan.launch,
        is_first: false,
    }
}

fn trial(plan: &Plan, launch: u32, name: &str, (block, position): (u32, u32)) -> ScheduledTrial {
    ScheduledTrial {
        planned: PlannedTrial {
            block,
            position,
            entrant: Entrant::contender(name),
            seed: plan.seed.wrapping_add(u64::from(block)),
        },
        launch,
        is_first_of_launch: false,
        budget: plan.trial.load_only(),
        first_attempt: None,
    }
}

fn cpu_us(trial: &Trial) -> Option<f64> {
    let mut observations = trial.observations.iter();
    let seen = observations.find(|observation| observation.metric == CPU)?;
    Some(seen.value)
}

fn cannot_calibrate(reason: &str) -> Failure {
    Failure::lab(
        format!("the dearer copy's work cannot be measured: {reason}"),
        "run it again on a quieter machine, or with another contender",
    )
}
