//! What a process tree takes of the machine, coarsely and cheaply: to protect the machine, not to compare. Deliberately not PSS
//! ([`super::memory`]): reading that costs the kernel a walk over all pages.

use super::procfs::Stat;
use std::fs;
use std::path::Path;

/// What a tree takes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Usage {
    /// Processes that live.
    pub(crate) processes: usize,
    /// Resident memory, pages that processes share counted in each, in MB of 2^20 bytes.
    pub(crate) memory_mb: f64,
    /// Written to disk by the processes that live, or held in the folder, whichever is more, in MB.
    pub(crate) disk_mb: f64,
}

const MB: f64 = 1_048_576.0;

/// What the members take now, and the files in `folder`.
pub(crate) fn of(members: &[Stat], folder: &Path) -> Usage {
    let alive = members.iter().filter(|member| !member.is_zombie());
    let mut usage = Usage::default();
    let mut written = 0;
    for member in alive {
        usage.processes += 1;
        usage.memory_mb += field(member.pid, "status", "VmRSS:").unwrap_or(0) as f64 / 1_024.0;
        // Pages that were made dirty, whether they have reached the disk or not; those of a temporary file system are not among them.
        written += field(member.pid, "io", "write_bytes:").unwrap_or(0);
    }
    usage.disk_mb = written.max(bytes_below(folder)) as f64 / MB;
    usage
}

fn field(pid: i32, file: &str, name: &str) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/{file}")).ok()?;
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_whitespace().next()?.parse().ok()
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
    use crate::process::procfs;
    use std::fs;

    #[test]
    fn a_process_and_its_files_are_counted() {
        let own = [procfs::stat(std::process::id() as i32).unwrap()];
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("below")).unwrap();
        fs::write(folder.path().join("below/file"), vec![7; 3 << 20]).unwrap();
        let usage = of(&own, folder.path());
        assert_eq!(usage.processes, 1);
        assert!(usage.memory_mb > 1.0 && usage.disk_mb >= 3.0, "{usage:?}");
        assert_eq!(of(&[], folder.path()).disk_mb, 3.0);
    }
}
