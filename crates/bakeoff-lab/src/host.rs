//! The machine: what it is, for a run's evidence. What it can and cannot do, for a user, is [`doctor`].
//! Deliberately reads and asks, and changes nothing.

mod doctor;
mod stalls;
mod yardstick;

pub use doctor::{Finding, State, doctor};
pub(crate) use stalls::StallMeter;
pub(crate) use yardstick::Yardstick;

use crate::cores::CoreSplit;
use crate::runtime::Runtimes;
use bakeoff_core::evidence::Host;
use std::collections::BTreeMap;
use std::fs;

/// What the machine is; database and isolation are filled in by who finds them.
pub(crate) fn inspect(cores: &CoreSplit) -> Host {
    let numbers = |cores: &[usize]| cores.iter().map(|core| *core as u32).collect();
    Host {
        os: operating_system(),
        cpu: processor(),
        cores: cores.all().len() as u32,
        server_cores: numbers(&cores.server),
        generator_cores: numbers(&cores.generator),
        memory_mb: memory_mb(),
        isolation: None,
        controllers: BTreeMap::new(),
        database: String::new(),
        runtimes: Runtimes::find().versions(),
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

fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .and_then(|line| line.split_once(':'));
    name.map_or_else(
        || std::env::consts::ARCH.to_owned(),
        |(_, name)| name.trim().to_owned(),
    )
}

pub(crate) fn memory_mb() -> u64 {
    let text = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok())
        .map_or(0, |kb| kb / 1024)
}
