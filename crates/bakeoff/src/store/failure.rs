//! The error of a store that cannot be opened, read or written. Does not try again: what was stored is kept, and the
//! user knows the disk.

use crate::exit::Failure;
use std::path::Path;

/// The failure of the store at `path`; `what` is what cannot be done with it.
pub(super) fn failed(path: &Path, what: &str, error: &rusqlite::Error) -> Failure {
    Failure::lab(
        format!("the store `{}` {what}: {error}", path.display()),
        "everything stored so far is kept, and `bakeoff run --resume` goes on from there; is the disk full, or the folder not writable?",
    )
}
