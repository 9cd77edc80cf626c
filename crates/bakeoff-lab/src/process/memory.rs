//! Memory of a process tree as PSS: a page that several processes share counts once. Deliberately not RSS,
//! which counts a forked server's shared pages once for each worker; where PSS may not be read, RSS stands in
//! and says so.

use super::procfs::Stat;
use std::fs;

/// Memory of a tree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Memory {
    /// In MB of 2^20 bytes.
    pub(crate) mb: f64,
    /// How shared pages were counted.
    pub(crate) counted: Counted,
}

/// How shared pages were counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    /// Once.
    Pss,
    /// In each process anew, because the kernel did not let us read PSS.
    Rss,
}

/// What the members hold now.
pub(crate) fn of(members: &[Stat]) -> Memory {
    let mut total = Memory {
        mb: 0.0,
        counted: Counted::Pss,
    };
    for member in members.iter().filter(|member| !member.is_zombie()) {
        if let Some(kb) = field_kb(member.pid, "smaps_rollup", "Pss:") {
            total.mb += kb / 1024.0;
        } else if let Some(kb) = field_kb(member.pid, "status", "VmRSS:") {
            total.mb += kb / 1024.0;
            total.counted = Counted::Rss;
        }
    }
    total
}

fn field_kb(pid: i32, file: &str, field: &str) -> Option<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/{file}")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(field))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Counted, of};
    use crate::process::procfs;

    #[test]
    fn a_megabyte_that_is_written_to_is_seen() {
        let own = [procfs::stat(std::process::id() as i32).unwrap()];
        let before = of(&own);
        let block = std::hint::black_box(vec![7_u8; 64 << 20]);
        let after = of(&own);
        assert_eq!(before.counted, Counted::Pss);
        assert!(
            after.mb - before.mb > 50.0,
            "{} to {} with {} bytes",
            before.mb,
            after.mb,
            block.len()
        );
        assert_eq!(of(&[]).mb, 0.0);
    }
}
