//! Who started a process: the mark in its environment by which it is found again, also by another bakeoff
//! after this one was killed. Deliberately without state on disk, which could be lost or lie; for who clears the mark there is [`super::hidden`].

use super::procfs;
use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

/// The environment variable that marks everything the lab starts, and what that starts: `OWNER/SERIAL`.
pub(crate) const MARK: &str = "BAKEOFF_RUN";

/// A process of bakeoff, told apart from later ones with the same number and from those of other containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owner {
    namespace: u64,
    pid: i32,
    start_ticks: u64,
}

impl Owner {
    /// This process.
    pub(crate) fn this() -> Owner {
        let pid = std::process::id() as i32;
        Owner {
            namespace: procfs::pid_namespace("self").unwrap_or(0),
            pid,
            start_ticks: procfs::stat(pid).map_or(0, |stat| stat.start_ticks),
        }
    }

    /// A mark that no other process tree of this owner carries.
    pub(crate) fn next_mark(self) -> String {
        static SERIAL: AtomicU64 = AtomicU64::new(1);
        format!("{self}/{}", SERIAL.fetch_add(1, Ordering::Relaxed))
    }

    /// The owner that a mark names.
    pub(crate) fn of_mark(mark: &str) -> Option<Owner> {
        mark.split('/').next()?.parse().ok()
    }

    /// Whether it has started that process, directly or not, as far as its mark tells.
    pub(crate) fn has_started(self, pid: i32) -> bool {
        procfs::variable(pid, MARK).and_then(|mark| Owner::of_mark(&mark)) == Some(self)
    }

    /// Whether it is certain that the owner is gone. An owner of another pid namespace cannot be seen from
    /// here, so it is taken to be alive.
    pub(crate) fn is_dead(self) -> bool {
        procfs::pid_namespace("self") == Some(self.namespace)
            && procfs::stat(self.pid)
                .is_none_or(|stat| stat.is_zombie() || stat.start_ticks != self.start_ticks)
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.namespace, self.pid, self.start_ticks)
    }
}

impl FromStr for Owner {
    type Err = ();

    fn from_str(text: &str) -> Result<Owner, ()> {
        let mut parts = text.split('-');
        let mut next = || parts.next().ok_or(());
        let owner = Owner {
            namespace: next()?.parse().map_err(drop)?,
            pid: next()?.parse().map_err(drop)?,
            start_ticks: next()?.parse().map_err(drop)?,
        };
        if parts.next().is_some() {
            Err(())
        } else {
            Ok(owner)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Owner;

    #[test]
    fn a_mark_names_its_owner_and_no_two_are_alike() {
        let owner = Owner::this();
        let (one, two) = (owner.next_mark(), owner.next_mark());
        assert_ne!(one, two);
        assert_eq!(Owner::of_mark(&one), Some(owner));
        assert_eq!(Owner::of_mark("nonsense"), None);
        assert_eq!(Owner::of_mark("1-2-3-4/5"), None);
    }

    #[test]
    fn only_a_process_that_is_certainly_gone_is_dead() {
        let this = Owner::this();
        assert!(!this.is_dead());
        assert!(
            Owner {
                start_ticks: this.start_ticks + 1,
                ..this
            }
            .is_dead()
        );
        assert!(
            !Owner {
                namespace: this.namespace + 1,
                start_ticks: 0,
                ..this
            }
            .is_dead()
        );
    }
}
