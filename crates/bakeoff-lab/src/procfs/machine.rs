//! What `/proc` reports about the whole machine: processor time, pressure, load, memory, model. It only reads; the
//! quiet gate decides what is too much.

use super::{MB_PER_PROC_KB, number_after};
use std::fs;

/// Clock ticks a second in `/proc`: Linux reports 100 to programs on every architecture.
pub(crate) const TICKS_PER_S: f64 = 100.0;

/// Time that the kernel counted on some processors.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct ProcessorTime {
    /// Time in which they ran any task, in seconds.
    pub(crate) busy_s: f64,
    /// Time that the hypervisor took away, in seconds.
    pub(crate) steal_s: f64,
}

impl ProcessorTime {
    /// Reads the counters of `cores`; none where `/proc/stat` does not list one of them.
    pub(crate) fn read(cores: &[usize]) -> Option<ProcessorTime> {
        ProcessorTime::parse(&fs::read_to_string("/proc/stat").ok()?, cores)
    }

    fn parse(text: &str, cores: &[usize]) -> Option<ProcessorTime> {
        let mut sum = ProcessorTime::default();
        for core in cores {
            let name = format!("cpu{core} ");
            let line = text.lines().find_map(|line| line.strip_prefix(&name))?;
            let ticks: Vec<f64> = line.split(' ').map_while(|field| field.parse().ok()).collect();
            // The fields are: user nice system idle iowait irq softirq steal.
            let at = |field: usize| ticks.get(field).copied().unwrap_or(0.0) / TICKS_PER_S;
            sum.busy_s += at(0) + at(1) + at(2) + at(5) + at(6);
            sum.steal_s += at(7);
        }
        Some(sum)
    }
}

/// CPU pressure: the share of the last ten seconds in which a task waited for a processor, in percent.
pub(crate) fn cpu_pressure_percent() -> Option<f64> {
    let text = fs::read_to_string("/proc/pressure/cpu").ok()?;
    let some = text.lines().find_map(|line| line.strip_prefix("some avg10="))?;
    some.split(' ').next()?.parse().ok()
}

/// Load average of one minute.
pub(crate) fn load_1m() -> Option<f64> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split(' ').next()?.parse().ok()
}

/// Memory of the machine, in MB; 0 where it is unknown.
pub(crate) fn memory_mb() -> u64 {
    let text = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    number_after(&text, "MemTotal:").map_or(0, |kb| (kb as f64 * MB_PER_PROC_KB) as u64)
}

/// The processor's model, or the architecture where `/proc/cpuinfo` does not name it.
pub(crate) fn processor_model() -> String {
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

#[cfg(test)]
mod tests {
    use super::ProcessorTime;

    #[test]
    fn counters_of_the_given_processors_are_summed() {
        let text =
            "cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 100 0 50 1000 0 0 50 20 0 0\ncpu1 200 0 0 900 5 0 0 0 0 0\n";
        let time = |busy_s, steal_s| Some(ProcessorTime { busy_s, steal_s });
        assert_eq!(ProcessorTime::parse(text, &[0]), time(2.0, 0.2));
        assert_eq!(ProcessorTime::parse(text, &[0, 1]), time(4.0, 0.2));
        assert_eq!(ProcessorTime::parse(text, &[7]), None);
    }
}
