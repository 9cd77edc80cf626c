//! The reader of `/proc`: one process here, the whole machine in [`machine`], sockets in [`sockets`], threads by name
//! in [`threads`]. It only reads, and a process that has ended is `None`, never an error. By hand rather than with a
//! crate, because [`stat`] runs for every process of the machine twice a second during a load and parses six fields
//! instead of fifty.

pub(crate) mod machine;
pub(crate) mod sockets;
pub(crate) mod threads;

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

/// MB in a `kB` of `/proc`: the kernel counts 1,024 bytes, this program's MB has 10⁶.
pub(crate) const MB_PER_PROC_KB: f64 = 1_024.0 / 1e6;

/// The fields of `/proc/PID/stat` that the lab needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stat {
    /// The process.
    pub(crate) pid: i32,
    /// Its parent.
    pub(crate) parent: i32,
    /// Its process group.
    pub(crate) group: i32,
    /// `R`, `S`, `Z`, …
    pub(crate) state: u8,
    /// CPU time of reaped children, in clock ticks.
    pub(crate) children_ticks: u64,
    /// When it started, in clock ticks since boot.
    pub(crate) start_ticks: u64,
}

impl Stat {
    /// Whether a signal has stopped it.
    pub(crate) fn is_stopped(&self) -> bool {
        self.state == b'T'
    }

    /// Whether it has ended and its parent has not reaped it.
    pub(crate) fn is_zombie(&self) -> bool {
        matches!(self.state, b'Z' | b'X')
    }

    fn parse(text: &str) -> Option<Stat> {
        let pid = text.split(' ').next()?.parse().ok()?;
        // The name stands in parentheses and may itself contain blanks and parentheses, so the fields start at the
        // last.
        let rest: Vec<&str> = text.get(text.rfind(')')? + 2..)?.split(' ').collect();
        let number = |field: usize| rest.get(field - 3)?.trim().parse::<u64>().ok();
        Some(Stat {
            pid,
            state: *rest.first()?.as_bytes().first()?,
            parent: rest.get(1)?.parse().ok()?,
            group: rest.get(2)?.parse().ok()?,
            children_ticks: number(16)? + number(17)?,
            start_ticks: number(22)?,
        })
    }
}

/// The state of a process now.
pub(crate) fn stat(pid: i32) -> Option<Stat> {
    Stat::parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// All visible processes.
pub(crate) fn all() -> Vec<Stat> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(stat)
        .collect()
}

/// The value of a variable in the environment with which a process was started.
pub(crate) fn variable(pid: i32, name: &str) -> Option<String> {
    let environment = fs::read(format!("/proc/{pid}/environ")).ok()?;
    environment
        .split(|&byte| byte == 0)
        .find_map(|entry| entry.strip_prefix(name.as_bytes())?.strip_prefix(b"="))
        .map(|value| String::from_utf8_lossy(value).into_owned())
}

/// The paths of a process's cgroups, one for each hierarchy.
pub(crate) fn cgroups(pid: i32) -> Vec<String> {
    let text = fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap_or_default();
    // A line is `NUMBER:CONTROLLERS:PATH`.
    let paths = text.lines().filter_map(|line| line.splitn(3, ':').nth(2));
    paths.map(str::to_owned).collect()
}

/// The inodes of the pipes that a process holds; none without permission to read them.
pub(crate) fn pipes_held_by(pid: i32) -> BTreeSet<u64> {
    inodes(pid, "pipe:[").unwrap_or_default()
}

/// The inodes of a process's open files whose links begin with `kind`; none without permission to read them.
fn inodes(pid: i32, kind: &str) -> Option<BTreeSet<u64>> {
    let entries = fs::read_dir(format!("/proc/{pid}/fd")).ok()?;
    let number = |entry: fs::DirEntry| {
        let link = fs::read_link(entry.path()).ok()?;
        link.to_str()?.strip_prefix(kind)?.strip_suffix(']')?.parse().ok()
    };
    Some(entries.filter_map(Result::ok).filter_map(number).collect())
}

/// The command line of a process, shortened.
pub(crate) fn command_line(pid: i32) -> String {
    const MAX_CHARS: usize = 120;
    let bytes = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).replace('\0', " ");
    text.trim_end().chars().take(MAX_CHARS).collect()
}

/// The number of the pid namespace of a process.
pub(crate) fn pid_namespace(pid: &str) -> Option<u64> {
    let link = fs::read_link(format!("/proc/{pid}/ns/pid")).ok()?;
    link.to_str()?
        .trim_start_matches("pid:[")
        .trim_end_matches(']')
        .parse()
        .ok()
}

/// The first number after `name` at the start of a line; works for the key-value files of `/proc` and of cgroups.
pub(crate) fn number_after(text: &str, name: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_whitespace().next()?.parse().ok()
}

/// The number after `name` in one file of a process.
pub(crate) fn number_of(pid: i32, file: &str, name: &str) -> Option<u64> {
    number_after(&fs::read_to_string(format!("/proc/{pid}/{file}")).ok()?, name)
}

/// The second field of a `schedstat` file: how long a thread was ready and waited for a processor so far.
pub(crate) fn run_delay(schedstat: &str) -> Option<Duration> {
    let ns = schedstat.split(' ').nth(1)?.parse().ok()?;
    Some(Duration::from_nanos(ns))
}

/// The threads of a process, each with its run delay so far.
pub(crate) fn run_delay_by_thread(pid: i32) -> Vec<(i32, Duration)> {
    let threads = fs::read_dir(format!("/proc/{pid}/task"))
        .into_iter()
        .flatten()
        .flatten();
    let of_thread = |thread: fs::DirEntry| {
        let number = thread.file_name().to_str()?.parse().ok()?;
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        Some((number, run_delay(&text)?))
    };
    threads.filter_map(of_thread).collect()
}

#[cfg(test)]
mod tests {
    use super::{Stat, number_after, run_delay, stat};
    use std::time::Duration;

    #[test]
    fn a_name_with_blanks_and_parentheses_does_not_shift_the_fields() {
        let text =
            "42 (a b) c) S 7 40 40 0 -1 4194560 0 0 0 0 1 2 30 12 20 0 1 0 987 0 0 18446744073709551615\n";
        let expected = Stat {
            pid: 42,
            parent: 7,
            group: 40,
            state: b'S',
            children_ticks: 42,
            start_ticks: 987,
        };
        assert_eq!(Stat::parse(text), Some(expected));
    }

    #[test]
    fn numbers_are_found_by_their_name_with_and_without_a_unit() {
        assert_eq!(number_after("Name: x\nVmRSS:\t  2048 kB\n", "VmRSS:"), Some(2048));
        assert_eq!(
            number_after("nr_periods 4\nthrottled_usec 250\n", "throttled_usec "),
            Some(250)
        );
        assert_eq!(number_after("7\n", ""), Some(7));
        assert_eq!(number_after("VmRSS: none\n", "VmRSS:"), None);
        assert_eq!(run_delay("10 2000 3\n"), Some(Duration::from_nanos(2_000)));
    }

    #[test]
    fn this_process_is_found_and_a_missing_one_is_none() {
        let own = stat(std::process::id() as i32).unwrap();
        assert!(own.start_ticks > 0 && !own.is_zombie());
        assert_eq!(stat(-1), None);
    }
}
