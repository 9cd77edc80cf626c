//! Host names of a program: a file of the lab takes the place of `/etc/hosts` for the thread that starts it, in a mount
//! namespace of its own, which the program inherits. The machine's own file stays as it is for all others.

use crate::own_mounts;
use nix::mount::{MsFlags, mount};
use std::io;
use std::path::Path;

/// The file that programs read. [hosts(5)]
const FILE: &str = "/etc/hosts";

/// Shows `file` in place of [`FILE`] to the calling thread, for the rest of its life, and to all that it starts.
pub(super) fn show_to_this_thread(file: &Path) -> io::Result<()> {
    let nothing: Option<&str> = None;
    own_mounts::enter()?;
    mount(Some(file), FILE, nothing, MsFlags::MS_BIND, nothing)?;
    Ok(())
}
