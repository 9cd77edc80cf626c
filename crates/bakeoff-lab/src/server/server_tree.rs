//! The processes of one running server, with the cgroup that contains them. No policy: who kills them and why is
//! decided by the server and its watchdog.

use crate::isolation::Cgroup;
use crate::process::Supervised;

/// The processes of a server; dropping it kills them.
pub(crate) struct ServerTree {
    pub(crate) process: Supervised,
    /// Declared after the process, which must end first: a cgroup can only be removed when it is empty.
    pub(crate) cgroup: Cgroup,
}
