//! The open files of the process: enough of them for the connections, and a private table for each thread of the load.

use crate::error::LoadError;
use rustix::process::{Resource, getrlimit, setrlimit};

/// Raises the soft limit of open files so that `connections` fit beside the files that are open already.
///
/// # Errors
/// The hard limit is too low.
pub(crate) fn allow_open_files(connections: usize) -> Result<(), LoadError> {
    /// Room for the files that a process has open anyway.
    const BESIDES: u64 = 64;
    let needed = connections as u64 + BESIDES;
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= needed) {
        return Ok(());
    }
    if limit.maximum.is_some_and(|maximum| maximum < needed) {
        return Err(LoadError::OpenFiles {
            connections,
            needed,
            limit: limit.maximum.unwrap_or(u64::MAX),
        });
    }
    limit.current = Some(needed);
    setrlimit(Resource::Nofile, limit).map_err(LoadError::system("raising the limit of open files"))
}

/// Gives the calling thread a private table of open files, which begins with the three standard streams and nothing
/// else: files of other threads are neither visible in it nor held open by it.
///
/// With a shared table, the kernel counts the users of a socket up and down with atomic operations on every system
/// call; a private one spares that, about 3 % of the cost of a request. Where the kernel refuses, the shared table
/// stays.
///
/// From here on the thread must only use files that it opens itself, and close them itself.
#[expect(unsafe_code, reason = "no safe interface has `close_range`")]
pub(crate) fn use_private_file_table() {
    const FIRST: libc::c_uint = 3;
    const LAST: libc::c_uint = libc::c_uint::MAX;
    // SAFETY: with CLOSE_RANGE_UNSHARE only this thread's new table loses the files, and the caller uses none of them.
    unsafe { libc::syscall(libc::SYS_close_range, FIRST, LAST, libc::CLOSE_RANGE_UNSHARE) };
}

#[cfg(test)]
mod tests {
    use super::use_private_file_table;
    use std::fs::File;
    use std::io::Read;

    #[test]
    fn other_threads_keep_their_files() {
        let mut mine = File::open("/proc/self/stat").unwrap();
        std::thread::spawn(|| {
            use_private_file_table();
            let open = std::fs::read_dir("/proc/thread-self/fd").unwrap().count();
            assert!(open <= 4, "the standard streams and this folder, not {open}");
        })
        .join()
        .unwrap();
        assert!(mine.read(&mut [0; 16]).unwrap() > 0);
    }
}
