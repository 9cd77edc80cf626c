//! Memory of a process tree as if it were alone on the machine. A page that several of its processes share counts once;
//! a page of a program or library counts whole, also while another server has the same one in memory: PSS would divide
//! it among them, and a server would look smaller the more servers of its runtime live beside it. Where the kernel does
//! not report PSS, RSS replaces it and the result says so.

use crate::procfs::{self, MB_PER_PROC_KB, Stat};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

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
    Once,
    /// Once for each process, because PSS is not readable.
    Rss,
}

/// The memory of the members now.
pub(crate) fn of(members: &[Stat]) -> Memory {
    let mut counted = Counted::Once;
    let mut kb = 0;
    // Processes of one program have the same files in memory; the largest set is that of all of them.
    let mut files_kb: BTreeMap<PathBuf, u64> = BTreeMap::new();
    for member in members.iter().filter(|member| !member.is_zombie()) {
        match written_kb(member.pid) {
            Some(written_kb) => {
                kb += written_kb;
                let program = fs::read_link(format!("/proc/{}/exe", member.pid)).unwrap_or_default();
                let of_process = procfs::number_of(member.pid, "status", "RssFile:").unwrap_or(0);
                let of_program = files_kb.entry(program).or_default();
                *of_program = of_process.max(*of_program);
            }
            None => {
                // Nothing of a process that has just ended.
                if let Some(rss_kb) = procfs::number_of(member.pid, "status", "VmRSS:") {
                    kb += rss_kb;
                    counted = Counted::Rss;
                }
            }
        }
    }
    Memory {
        mb: (kb + files_kb.values().sum::<u64>()) as f64 * MB_PER_PROC_KB,
        counted,
    }
}

/// The peak memory of a tree from one instant on. The kernel keeps the peak of each process, so nothing runs beside the
/// work that is watched: a reading of all pages locks the memory of a server for 2 ms. A process that began and ended
/// in between is not counted.
#[derive(Debug)]
pub(crate) struct Peak {
    before_mb: f64,
    /// Whether the kernel keeps the peaks from that instant on, and not from each process's start.
    counts: bool,
}

impl Peak {
    /// From now on.
    pub(crate) fn start(members: &[Stat]) -> Peak {
        Peak {
            before_mb: of(members).mb,
            counts: members
                .iter()
                .filter(|member| !member.is_zombie())
                .all(|member| fs::write(format!("/proc/{}/clear_refs", member.pid), FORGET_PEAK).is_ok()),
        }
    }

    /// The peak until now, in MB, given the members now: what they use, and by how much each has used more. Where the
    /// kernel does not keep peaks from an instant on, the larger of both ends.
    pub(crate) fn mb(&self, members: &[Stat]) -> f64 {
        let now_mb = of(members).mb;
        let above_kb = |member: &Stat| {
            let kb = |name| procfs::number_of(member.pid, "status", name);
            Some(kb("VmHWM:")?.saturating_sub(kb("VmRSS:")?))
        };
        let above_kb: u64 = if self.counts {
            members.iter().filter_map(above_kb).sum()
        } else {
            0
        };
        self.before_mb.max(now_mb + above_kb as f64 * MB_PER_PROC_KB)
    }
}

/// What sets the peak of a process back to what it uses now, by proc(5).
const FORGET_PEAK: &str = "5";

/// The process's share of pages that no file holds, which only a process and those that it forked can share.
fn written_kb(pid: i32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let share = |name| procfs::number_after(&rollup, name);
    Some(share("Pss_Anon:")? + share("Pss_Shmem:")?)
}

#[cfg(test)]
mod tests {
    use super::{Counted, Peak, of};
    use crate::procfs::{self, MB_PER_PROC_KB};
    use std::process::Command;
    use std::thread;
    use std::time::Duration;

    #[test]
    fn written_memory_is_counted() {
        let own = [procfs::stat(std::process::id() as i32).unwrap()];
        let before = of(&own);
        let block = std::hint::black_box(vec![7_u8; 64 << 20]);
        let after = of(&own);
        assert_eq!(before.counted, Counted::Once);
        assert!(
            after.mb - before.mb > 50.0,
            "{} to {} with {} bytes",
            before.mb,
            after.mb,
            block.len()
        );
        assert_eq!(of(&[]).mb, 0.0);
    }

    #[test]
    fn a_peak_between_two_readings_is_found_and_an_earlier_one_is_forgotten() {
        // Blocks of this size are mapped on their own and given back when they are dropped.
        let use_mb = |mb: usize| drop(std::hint::black_box(vec![7_u8; mb * 1_000_000]));
        let own = [procfs::stat(std::process::id() as i32).unwrap()];
        use_mb(400);
        let before_mb = of(&own).mb;
        let peak = Peak::start(&own);
        use_mb(200);
        let growth_mb = peak.mb(&own) - before_mb;
        assert!((150.0..350.0).contains(&growth_mb), "{growth_mb}");
        let unreadable = Peak {
            before_mb: 7_000.0,
            counts: false,
        };
        assert_eq!(unreadable.mb(&own), 7_000.0);
    }

    #[test]
    fn a_program_counts_whole_beside_another_process_of_it_and_once_for_a_tree() {
        let start = || Command::new("sleep").arg("60").spawn().unwrap();
        let (mut first, mut second) = (start(), start());
        let stats = [&first, &second].map(|child| procfs::stat(child.id() as i32).unwrap());
        let files = || stats.map(|stat| procfs::number_of(stat.pid, "status", "RssFile:").unwrap());
        // Until their libraries are in memory.
        let mut before = [0; 2];
        while before.contains(&0) || before != files() {
            before = files();
            thread::sleep(Duration::from_millis(50));
        }
        let files_kb = before[0];
        let (one, both) = (of(&stats[..1]), of(&stats));
        for child in [&mut first, &mut second] {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let files_mb = files_kb as f64 * MB_PER_PROC_KB;
        assert!(
            files_mb > 0.0 && one.mb >= files_mb,
            "{one:?} with files of {files_mb} MB"
        );
        assert!(both.mb < one.mb + files_mb, "{both:?} beside {one:?}");
    }
}
