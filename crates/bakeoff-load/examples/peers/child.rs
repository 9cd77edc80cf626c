//! A client as a process on core 0: its output, CPU time and memory.

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use std::process::{Command, Stdio};
use std::thread::{sleep, spawn};
use std::time::Duration;

/// The result of a process.
pub(crate) struct Ran {
    pub(crate) printed: String,
    /// CPU time, user and system.
    pub(crate) cpu_s: f64,
    /// The peak of its resident memory.
    pub(crate) peak_kb: u64,
}

/// Runs a command on core 0 and waits for it.
pub(crate) fn run(command: &[String]) -> Result<Ran, String> {
    let before = children_cpu_s()?;
    let mut child = Command::new("taskset")
        .args(["-c", "0"])
        .args(command)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| format!("taskset: {e}"))?;
    let mut output = child.stdout.take().ok_or("no output")?;
    let reader = spawn(move || std::io::read_to_string(&mut output));
    let mut peak_kb = 0;
    while child.try_wait().map_err(|e| e.to_string())?.is_none() {
        peak_kb = peak_kb.max(peak_of(child.id()));
        sleep(Duration::from_millis(50));
    }
    let printed = reader
        .join()
        .map_err(|_| "the reader ended")?
        .map_err(|e| format!("{}: {e}", command[0]))?;
    Ok(Ran {
        printed,
        cpu_s: children_cpu_s()? - before,
        peak_kb,
    })
}

fn children_cpu_s() -> Result<f64, String> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|e| e.to_string())?;
    let seconds = |time: TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    Ok(seconds(usage.user_time()) + seconds(usage.system_time()))
}

/// The peak of the resident size, from the kernel; 0 when the process has just ended.
fn peak_of(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok())
        .unwrap_or(0)
}
