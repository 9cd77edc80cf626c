//! Limits of the process that many connections run into.

use crate::error::LoadError;
use rustix::process::{Resource, getrlimit, setrlimit};
use std::io;

/// Raises the limit of open files, within what the process may, so that `connections` fit beside what is open already.
pub(crate) fn allow_open_files(connections: usize) -> Result<(), LoadError> {
    /// Files that a process has open besides.
    const BESIDES: u64 = 64;
    let needed = connections as u64 + BESIDES;
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= needed) {
        return Ok(());
    }
    if limit.maximum.is_some_and(|maximum| maximum < needed) {
        let text = format!("{connections} connections need {needed} open files, and the limit is {limit:?}");
        return Err(LoadError::system("opening connections")(io::Error::other(text)));
    }
    limit.current = Some(needed);
    setrlimit(Resource::Nofile, limit).map_err(LoadError::system("raising the limit of open files"))
}
