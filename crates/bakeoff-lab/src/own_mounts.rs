//! A mount namespace of the calling thread and of all that it starts from now on. What is mounted there, the rest of
//! the machine does not see. It needs root or `CAP_SYS_ADMIN`.

use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};

/// Enters a new one, for the rest of the thread's life.
///
/// # Errors
/// The kernel's reason; `EPERM` without the right to make one.
pub(crate) fn enter() -> nix::Result<()> {
    let nothing: Option<&str> = None;
    unshare(CloneFlags::CLONE_NEWNS)?;
    // Else what is mounted later would appear in the machine's namespace too.
    let private = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
    mount(nothing, "/", nothing, private, nothing)
}
