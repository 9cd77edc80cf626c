//! What `/proc` says of a process. Deliberately only reading: a process that is gone is `None`, never an
//! error.

use std::fs;

/// The parts of `/proc/PID/stat` that the lab needs.
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
    /// CPU time of children that ended and were waited for, in clock ticks.
    pub(crate) children_ticks: u64,
    /// When it started, in clock ticks since boot.
    pub(crate) start_ticks: u64,
}

impl Stat {
    /// Whether it has ended and only waits to be reaped.
    pub(crate) fn is_zombie(&self) -> bool {
        matches!(self.state, b'Z' | b'X')
    }

    fn parse(text: &str) -> Option<Stat> {
        let pid = text.split(' ').next()?.parse().ok()?;
        // The name stands in parentheses and may itself hold blanks and parentheses.
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

/// What the kernel says of a process now.
pub(crate) fn stat(pid: i32) -> Option<Stat> {
    Stat::parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// All processes that can be seen.
pub(crate) fn all() -> Vec<Stat> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(stat)
        .collect()
}

/// The value of a variable in the environment that a process was started with.
pub(crate) fn variable(pid: i32, name: &str) -> Option<String> {
    let environment = fs::read(format!("/proc/{pid}/environ")).ok()?;
    environment
        .split(|&byte| byte == 0)
        .find_map(|entry| entry.strip_prefix(name.as_bytes())?.strip_prefix(b"="))
        .map(|value| String::from_utf8_lossy(value).into_owned())
}

/// The command line of a process, cut where it is long.
pub(crate) fn command_line(pid: i32) -> String {
    const LONGEST: usize = 120;
    let bytes = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).replace('\0', " ");
    text.trim_end().chars().take(LONGEST).collect()
}

/// The number that identifies the pid namespace of a process.
pub(crate) fn pid_namespace(pid: &str) -> Option<u64> {
    let link = fs::read_link(format!("/proc/{pid}/ns/pid")).ok()?;
    link.to_str()?
        .trim_start_matches("pid:[")
        .trim_end_matches(']')
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::{Stat, stat};

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
    fn this_process_is_found_and_a_process_that_is_not_is_none() {
        let own = stat(std::process::id() as i32).unwrap();
        assert!(own.start_ticks > 0 && !own.is_zombie());
        assert_eq!(stat(-1), None);
    }
}
