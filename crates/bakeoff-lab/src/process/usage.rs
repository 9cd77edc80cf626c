//! What a process tree uses of the machine, coarse and cheap: for the watchdog, not for comparisons. RSS instead of PSS
//! ([`super::memory`]), because the kernel walks all pages of a process to report PSS.

use crate::procfs::{self, MB_PER_PROC_KB, Stat};
use std::fs;
use std::path::Path;

/// What a tree uses.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Usage {
    /// Living processes.
    pub(crate) processes: usize,
    /// Resident memory, shared pages counted once for each process, in MB.
    pub(crate) memory_mb: f64,
    /// The larger of what the living processes wrote to disk and what the folder holds, in MB.
    pub(crate) disk_mb: f64,
}

const BYTES_PER_MB: f64 = 1e6;

/// What the members and the files in `folder` use now.
pub(crate) fn of(members: &[Stat], folder: &Path) -> Usage {
    let alive = members.iter().filter(|member| !member.is_zombie());
    let mut usage = Usage::default();
    let mut written = 0;
    for member in alive {
        usage.processes += 1;
        let kb = procfs::number_of(member.pid, "status", "VmRSS:").unwrap_or(0);
        usage.memory_mb += kb as f64 * MB_PER_PROC_KB;
        // Counts dirtied pages before they reach the disk, but not those of a `tmpfs`; hence the folder as well.
        written += procfs::number_of(member.pid, "io", "write_bytes:").unwrap_or(0);
    }
    usage.disk_mb = written.max(bytes_below(folder)) as f64 / BYTES_PER_MB;
    usage
}

/// The bytes of all files below a folder, links not followed.
fn bytes_below(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    let of = |entry: fs::DirEntry| match entry.metadata() {
        Ok(data) if data.is_dir() => bytes_below(&entry.path()),
        Ok(data) => data.len(),
        Err(_) => 0,
    };
    entries.filter_map(Result::ok).map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::procfs;
    use std::fs;

    #[test]
    fn a_process_and_its_files_are_counted() {
        let own = [procfs::stat(std::process::id() as i32).unwrap()];
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("below")).unwrap();
        fs::write(folder.path().join("below/file"), vec![7; 3_000_000]).unwrap();
        let usage = of(&own, folder.path());
        assert_eq!(usage.processes, 1);
        assert!(usage.memory_mb > 1.0 && usage.disk_mb >= 3.0, "{usage:?}");
        assert_eq!(of(&[], folder.path()).disk_mb, 3.0);
    }
}
