//! Memory of a process tree as PSS: a page that several processes share counts once. Not RSS, which counts the shared
//! pages of a forked server once for each worker; where PSS is not readable, RSS replaces it and the result says so.

use crate::procfs::{self, MB_PER_PROC_KB, Stat};

/// Memory of a tree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Memory {
    /// In MB.
    pub(crate) mb: f64,
    /// How shared pages were counted.
    pub(crate) counted: Counted,
}

/// How shared pages were counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    /// Once.
    Pss,
    /// Once for each process, because PSS is not readable.
    Rss,
}

/// The memory of the members now.
pub(crate) fn of(members: &[Stat]) -> Memory {
    let mut total = Memory {
        mb: 0.0,
        counted: Counted::Pss,
    };
    for member in members.iter().filter(|member| !member.is_zombie()) {
        if let Some(kb) = procfs::number_of(member.pid, "smaps_rollup", "Pss:") {
            total.mb += kb as f64 * MB_PER_PROC_KB;
        } else if let Some(kb) = procfs::number_of(member.pid, "status", "VmRSS:") {
            total.mb += kb as f64 * MB_PER_PROC_KB;
            total.counted = Counted::Rss;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::{Counted, of};
    use crate::procfs;

    #[test]
    fn written_memory_is_counted() {
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
