//! The description of the machine for a run's evidence. [`doctor`] tells a user what the machine can do. Both read and
//! change nothing that lasts.

mod doctor;
mod stalls;
mod yardstick;

pub use doctor::{Finding, State, doctor};
pub(crate) use stalls::StallMeter;
pub(crate) use yardstick::Yardstick;

use crate::cores::CoreSplit;
use crate::procfs::machine;
use crate::runtimes::Runtimes;
use bakeoff_core::evidence::Host;
use std::collections::BTreeMap;
use std::fs;

/// The machine with its usual runtimes; the caller adds database and isolation.
pub(crate) fn inspect(cores: &CoreSplit, runtimes: &Runtimes) -> Host {
    Host {
        runtimes: runtimes.versions(),
        ..machine_alone(cores)
    }
}

/// The machine, without a word of its runtimes.
pub(crate) fn machine_alone(cores: &CoreSplit) -> Host {
    let numbers = |cores: &[usize]| cores.iter().map(|core| *core as u32).collect();
    Host {
        os: operating_system(),
        cpu: machine::processor_model(),
        cores: cores.all().len() as u32,
        server_cores: numbers(&cores.server),
        generator_cores: numbers(&cores.generator),
        memory_mb: machine::memory_mb(),
        isolation: None,
        controllers: BTreeMap::new(),
        database: String::new(),
        runtimes: BTreeMap::new(),
    }
}

fn operating_system() -> String {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))
        .map(|name| name.trim_matches('"').to_owned());
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!(
        "{}, kernel {}",
        name.unwrap_or_else(|| std::env::consts::OS.to_owned()),
        kernel.trim()
    )
}
